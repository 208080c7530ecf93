//! The renderer, and draws made with it.

use reelscope_media::{ColorInfo, Frame};
use wgpu::util::DeviceExt;

use crate::difference::Differences;
use crate::pipelines::Pipelines;
use crate::uniform::uniform;
use crate::variant::{Output, Variant};
use crate::{Look, Placement, RenderError, VideoTexture};

/// Draws pictures to targets of one format. It belongs to whoever owns the device. None of its
/// methods but [`Renderer::render_image`] waits for the GPU; [`Renderer::prepare`] compiles a form of
/// the shader when one is first needed, a handful in a program's life.
#[derive(Debug)]
pub struct Renderer {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    pub(crate) pipelines: Pipelines,
    /// Made when first needed.
    pub(crate) differences: Option<Differences>,
    pub(crate) target: wgpu::TextureFormat,
}

/// A picture ready to be drawn, once or many times. It keeps all it needs alive, but shows what its
/// texture holds when the GPU draws: reusing the texture for another frame changes it.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Covered pixels of the target; `None` if there are none.
    pub(crate) scissor: Option<[u32; 4]>,
    pub(crate) target: [u32; 2],
    pub(crate) pipeline: wgpu::RenderPipeline,
    pub(crate) planes: wgpu::BindGroup,
    pub(crate) params: wgpu::BindGroup,
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
        if !features
            .flags
            .contains(wgpu::TextureFormatFeatureFlags::BLENDABLE)
        {
            return Err(RenderError::Target { format: target });
        }
        let pipelines = Pipelines::new(device)?;
        Ok(Self {
            device: device.clone(),
            queue: queue.clone(),
            pipelines,
            differences: None,
            target,
        })
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
        let layouts = &self.pipelines.planes;
        VideoTexture::upload(&self.device, &self.queue, layouts, reuse, frame, stated)
    }

    /// Makes ready to draw a picture at a place.
    ///
    /// # Errors
    /// [`RenderError::Driver`] if the driver cannot compile the shader in the form that is needed.
    pub fn prepare(
        &mut self,
        texture: &VideoTexture,
        placement: &Placement,
        look: &Look,
    ) -> Result<Draw, RenderError> {
        let output = if self.target.is_srgb() {
            Output::Linear
        } else {
            Output::Encoded
        };
        self.draw(texture, placement, look, self.target, output)
    }

    pub(crate) fn draw(
        &mut self,
        texture: &VideoTexture,
        placement: &Placement,
        look: &Look,
        target: wgpu::TextureFormat,
        output: Output,
    ) -> Result<Draw, RenderError> {
        let conversion = texture.conversion(look);
        let variant = Variant::new(texture, placement, look, &conversion, (target, output));
        let pipeline = self.pipelines.get(&self.device, variant, target)?;
        let words = uniform(texture, placement, look, &conversion);
        let params = self
            .device
            .create_buffer_init(&wgpu::util::BufferInitDescriptor {
                label: Some("params"),
                contents: bytemuck::cast_slice(words.as_flattened()),
                usage: wgpu::BufferUsages::UNIFORM,
            });
        let params = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("params"),
            layout: &self.pipelines.params,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: params.as_entire_binding(),
            }],
        });
        Ok(Draw {
            scissor: placement.covered(),
            target: placement.target,
            pipeline,
            planes: texture.bind_group.clone(),
            params,
        })
    }
}
