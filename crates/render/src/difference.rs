//! The difference of two pictures: each is drawn by itself as it is shown, then both are held against
//! each other.

use wgpu::util::DeviceExt;

use crate::error::catch;
use crate::pipelines::{PARAMS, layout, stage_entry};
use crate::variant::Output;
use crate::{Draw, Look, Placement, RenderError, Renderer, VideoTexture};

/// What the two pictures are drawn to: finer steps than 8 bits have, so that a gain shows no steps
/// that are not in the pictures.
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;

/// Where both are read.
const FRAGMENT: wgpu::ShaderStages = wgpu::ShaderStages::FRAGMENT;

/// A picture, where it goes, and how it looks.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The picture.
    pub texture: &'a VideoTexture,
    /// Where it goes.
    pub placement: &'a Placement,
    /// How it looks.
    pub look: &'a Look,
}

/// What draws differences.
#[derive(Debug)]
pub(crate) struct Differences {
    pictures: wgpu::BindGroupLayout,
    params: wgpu::BindGroupLayout,
    pipeline: wgpu::RenderPipeline,
}

impl Differences {
    fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Result<Self, RenderError> {
        catch(device, || Self::made(device, target))
            .map_err(|source| RenderError::Driver { source })
    }

    fn made(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let picture = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: false },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let pictures = layout(
            device,
            "two pictures",
            &[0, 1].map(|binding| stage_entry(binding, picture, FRAGMENT)),
        );
        let params = layout(device, "difference", &[stage_entry(0, PARAMS, FRAGMENT)]);
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("difference"),
            source: wgpu::ShaderSource::Wgsl(include_str!("difference.wgsl").into()),
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("difference"),
            bind_group_layouts: &[Some(&pictures), Some(&params)],
            immediate_size: 0,
        });
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("difference"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &shader,
                entry_point: Some("cover"),
                compilation_options: <_>::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &shader,
                entry_point: Some("difference"),
                compilation_options: <_>::default(),
                targets: &[Some(target.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self {
            pictures,
            params,
            pipeline,
        }
    }
}

impl Renderer {
    /// Makes ready to draw how far two pictures are from each other: |A − B| times `gain`, for red,
    /// green and blue each, of the encoded values (R'G'B', sRGB) that would be on screen; black where
    /// they are equal. It covers the pixels that A's placement covers; where B does not, A is compared
    /// with black. What B's placement says of the target is ignored: it is A's.
    ///
    /// # Errors
    /// [`RenderError::Driver`] if the driver cannot compile a shader, [`RenderError::Gpu`] if there is
    /// no memory for what both are drawn to.
    pub fn prepare_difference(
        &mut self,
        one: Side<'_>,
        other: Side<'_>,
        gain: f32,
    ) -> Result<Draw, RenderError> {
        let target = one.placement.target;
        let Some(covered) = one.placement.covered() else {
            // Nothing is seen of it, and the draw says so.
            return self.prepare(one.texture, one.placement, one.look);
        };
        let pictures = [
            self.drawn_apart(one, covered)?,
            self.drawn_apart(other, covered)?,
        ];
        let device = self.device.clone();
        let differences = match self.differences.take() {
            Some(differences) => differences,
            None => Differences::new(&device, self.target)?,
        };
        let [x, y, ..] = covered;
        let linear = f32::from(u8::from(self.target.is_srgb()));
        let words = [x as f32, y as f32, gain, linear];
        let params = device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("difference"),
            contents: bytemuck::cast_slice(&words),
            usage: wgpu::BufferUsages::UNIFORM,
        });
        let [a, b] = &pictures;
        let bind = |binding, view| wgpu::BindGroupEntry {
            binding,
            resource: wgpu::BindingResource::TextureView(view),
        };
        let draw = Draw {
            scissor: Some(covered),
            target,
            pipeline: differences.pipeline.clone(),
            planes: device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("two pictures"),
                layout: &differences.pictures,
                entries: &[bind(0, a), bind(1, b)],
            }),
            params: device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("difference"),
                layout: &differences.params,
                entries: &[wgpu::BindGroupEntry {
                    binding: 0,
                    resource: params.as_entire_binding(),
                }],
            }),
        };
        self.differences = Some(differences);
        Ok(draw)
    }

    /// Draws a picture to a target of its own, that holds an area `[x, y, width, height]`.
    fn drawn_apart(
        &mut self,
        side: Side<'_>,
        [x, y, width, height]: [u32; 4],
    ) -> Result<wgpu::TextureView, RenderError> {
        let mut placement = *side.placement;
        placement.target = [width, height];
        placement.clip = [0, 0, width, height];
        placement.viewport[0] -= x as f32;
        placement.viewport[1] -= y as f32;
        let draw = self.draw(side.texture, &placement, side.look, FORMAT, Output::Encoded)?;
        catch(&self.device, || {
            let target = self.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("one of two pictures"),
                size: wgpu::Extent3d {
                    width,
                    height,
                    depth_or_array_layers: 1,
                },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: FORMAT,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                    | wgpu::TextureUsages::TEXTURE_BINDING,
                view_formats: &[],
            });
            let mut encoder = self.device.create_command_encoder(&<_>::default());
            draw.paint(&mut crate::image::pass(&mut encoder, &target));
            self.queue.submit([encoder.finish()]);
            target.create_view(&<_>::default())
        })
        .map_err(|source| RenderError::Gpu {
            width,
            height,
            source,
        })
    }
}
