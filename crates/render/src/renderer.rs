//! The pipeline, and draws made with it.

use reelscope_media::{ColorInfo, Frame};
use wgpu::util::DeviceExt;

use crate::error::catch;
use crate::texture::MAX_PLANES;
use crate::uniform::{Output, uniform};
use crate::{Placement, RenderError, VideoTexture};

/// Draws pictures to targets of one format. It belongs to whoever owns the device; all its methods
/// but [`Renderer::render_image`] return at once.
#[derive(Debug)]
pub struct Renderer {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    shader: wgpu::ShaderModule,
    planes_layout: wgpu::BindGroupLayout,
    params_layout: wgpu::BindGroupLayout,
    pipeline: wgpu::RenderPipeline,
    output: Output,
    /// Stores images instead of blending pictures; made when first needed.
    pub(crate) image_pipeline: Option<wgpu::RenderPipeline>,
}

/// A picture ready to be drawn, once or many times. It keeps all it needs alive, but shows what its
/// texture holds when the GPU draws: reusing the texture for another frame changes it.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Covered pixels of the target; `None` if there are none.
    scissor: Option<[u32; 4]>,
    target: [u32; 2],
    pipeline: wgpu::RenderPipeline,
    planes: wgpu::BindGroup,
    params: wgpu::BindGroup,
}

impl Draw {
    /// Draws into a pass that has one colour attachment of the renderer's target format and the
    /// placement's target size, no depth and one sample per pixel. Leaves its own viewport, scissor,
    /// pipeline and bind groups 0 and 1 set.
    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>) {
        let Some([x, y, width, height]) = self.scissor else {
            return;
        };
        let [target_width, target_height] = self.target;
        pass.set_viewport(
            0.0,
            0.0,
            target_width as f32,
            target_height as f32,
            0.0,
            1.0,
        );
        pass.set_scissor_rect(x, y, width, height);
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.planes, &[]);
        pass.set_bind_group(1, &self.params, &[]);
        pass.draw(0..3, 0..1);
    }
}

impl Renderer {
    /// A renderer for targets of one format: 8-bit or floating point, taking R'G'B' if the format
    /// is plain and encoding linear light itself if it is `…Srgb`.
    ///
    /// # Errors
    /// [`RenderError::Target`] if colours cannot be blended into that format,
    /// [`RenderError::Driver`] if the driver fails.
    pub fn new(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        target: wgpu::TextureFormat,
    ) -> Result<Self, RenderError> {
        let features = target.guaranteed_format_features(device.features());
        let needed = wgpu::TextureFormatFeatureFlags::BLENDABLE;
        if !features.flags.contains(needed) {
            return Err(RenderError::Target { format: target });
        }
        catch(device, || Self::create(device, queue, target))
            .map_err(|source| RenderError::Driver { source })
    }

    fn create(device: &wgpu::Device, queue: &wgpu::Queue, target: wgpu::TextureFormat) -> Self {
        let shader = device.create_shader_module(wgpu::include_wgsl!("shader.wgsl"));
        let planes = (0..)
            .take(MAX_PLANES)
            .map(|binding| entry(binding, PLANE))
            .collect::<Vec<_>>();
        let planes_layout = layout(device, "planes", &planes);
        let params_layout = layout(device, "params", &[entry(0, PARAMS)]);
        let blend = Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING);
        let layouts = [&planes_layout, &params_layout];
        let pipeline = pipeline(device, &shader, layouts, target, blend);
        let output = if target.is_srgb() {
            Output::Linear
        } else {
            Output::Encoded
        };
        Self {
            device: device.clone(),
            queue: queue.clone(),
            shader,
            planes_layout,
            params_layout,
            pipeline,
            output,
            image_pipeline: None,
        }
    }

    /// Puts a frame's planes on the GPU as they are, into the textures of `reuse` where those have
    /// the right shape. `stated` is what container and bitstream say of the colours; the rest is
    /// guessed as [`resolved_color`](crate::resolved_color) tells.
    ///
    /// # Errors
    /// If the adapter cannot take the picture: [`RenderError::TooLarge`], [`RenderError::Gpu`]; or
    /// if its shape is impossible. `reuse` is gone then.
    pub fn upload(
        &self,
        reuse: Option<VideoTexture>,
        frame: &Frame,
        stated: ColorInfo,
    ) -> Result<VideoTexture, RenderError> {
        let layout = &self.planes_layout;
        VideoTexture::upload(&self.device, &self.queue, layout, reuse, frame, stated)
    }

    /// Makes ready to draw a picture at a place.
    pub fn prepare(&self, texture: &VideoTexture, placement: &Placement) -> Draw {
        self.draw(texture, placement, &self.pipeline, self.output)
    }

    pub(crate) fn draw(
        &self,
        texture: &VideoTexture,
        placement: &Placement,
        pipeline: &wgpu::RenderPipeline,
        output: Output,
    ) -> Draw {
        let words = uniform(texture, placement, output);
        let params = self
            .device
            .create_buffer_init(&wgpu::util::BufferInitDescriptor {
                label: Some("params"),
                contents: bytemuck::cast_slice(words.as_flattened()),
                usage: wgpu::BufferUsages::UNIFORM,
            });
        let params = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("params"),
            layout: &self.params_layout,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: params.as_entire_binding(),
            }],
        });
        Draw {
            scissor: placement.covered(),
            target: placement.target,
            pipeline: pipeline.clone(),
            planes: texture.bind_group.clone(),
            params,
        }
    }

    /// A pipeline like the renderer's own for another target and without blending.
    pub(crate) fn storing_pipeline(&self, target: wgpu::TextureFormat) -> wgpu::RenderPipeline {
        let layouts = [&self.planes_layout, &self.params_layout];
        pipeline(&self.device, &self.shader, layouts, target, None)
    }
}

const PLANE: wgpu::BindingType = wgpu::BindingType::Texture {
    sample_type: wgpu::TextureSampleType::Uint,
    view_dimension: wgpu::TextureViewDimension::D2,
    multisampled: false,
};

const PARAMS: wgpu::BindingType = wgpu::BindingType::Buffer {
    ty: wgpu::BufferBindingType::Uniform,
    has_dynamic_offset: false,
    min_binding_size: None,
};

fn entry(binding: u32, ty: wgpu::BindingType) -> wgpu::BindGroupLayoutEntry {
    let visibility = wgpu::ShaderStages::FRAGMENT;
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility,
        ty,
        count: None,
    }
}

fn layout(
    device: &wgpu::Device,
    label: &str,
    entries: &[wgpu::BindGroupLayoutEntry],
) -> wgpu::BindGroupLayout {
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some(label),
        entries,
    })
}

fn pipeline(
    device: &wgpu::Device,
    shader: &wgpu::ShaderModule,
    layouts: [&wgpu::BindGroupLayout; 2],
    target: wgpu::TextureFormat,
    blend: Option<wgpu::BlendState>,
) -> wgpu::RenderPipeline {
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("video"),
        bind_group_layouts: &layouts.map(Some),
        immediate_size: 0,
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("video"),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: shader,
            entry_point: Some("cover"),
            compilation_options: <_>::default(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: shader,
            entry_point: Some("shade"),
            compilation_options: <_>::default(),
            targets: &[Some(wgpu::ColorTargetState {
                format: target,
                blend,
                write_mask: wgpu::ColorWrites::ALL,
            })],
        }),
        multiview_mask: None,
        cache: None,
    })
}
