//! Pipelines and their layouts; each form of the shader is compiled when first needed.

use std::collections::HashMap;

use crate::RenderError;
use crate::error::catch;
use crate::texture::MAX_PLANES;
use crate::variant::Variant;

const SHADER: &str = concat!(
    include_str!("shader.wgsl"),
    "\n",
    include_str!("shader/display.wgsl")
);

/// The shader, and the pipelines made of it so far.
#[derive(Debug)]
pub(crate) struct Pipelines {
    shader: wgpu::ShaderModule,
    /// Bind group 0.
    pub(crate) planes: wgpu::BindGroupLayout,
    /// Bind group 1.
    pub(crate) params: wgpu::BindGroupLayout,
    made: HashMap<(Variant, wgpu::TextureFormat), wgpu::RenderPipeline>,
}

impl Pipelines {
    pub(crate) fn new(device: &wgpu::Device) -> Result<Self, RenderError> {
        catch(device, || {
            let planes: Vec<_> = (0..)
                .take(MAX_PLANES)
                .map(|binding| entry(binding, PLANE))
                .collect();
            Self {
                shader: device.create_shader_module(wgpu::ShaderModuleDescriptor {
                    label: Some("video"),
                    source: wgpu::ShaderSource::Wgsl(SHADER.into()),
                }),
                planes: layout(device, "planes", &planes),
                params: layout(device, "params", &[entry(0, PARAMS)]),
                made: HashMap::new(),
            }
        })
        .map_err(|source| RenderError::Driver { source })
    }

    /// The pipeline of a variant for a target.
    pub(crate) fn get(
        &mut self,
        device: &wgpu::Device,
        variant: Variant,
        target: wgpu::TextureFormat,
    ) -> Result<wgpu::RenderPipeline, RenderError> {
        if let Some(pipeline) = self.made.get(&(variant, target)) {
            return Ok(pipeline.clone());
        }
        let pipeline = catch(device, || self.make(device, variant, target))
            .map_err(|source| RenderError::Driver { source })?;
        self.made.insert((variant, target), pipeline.clone());
        Ok(pipeline)
    }

    fn make(
        &self,
        device: &wgpu::Device,
        variant: Variant,
        target: wgpu::TextureFormat,
    ) -> wgpu::RenderPipeline {
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("video"),
            bind_group_layouts: &[Some(&self.planes), Some(&self.params)],
            immediate_size: 0,
        });
        let constants = variant.constants();
        let over = wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING;
        device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("video"),
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module: &self.shader,
                entry_point: Some("cover"),
                compilation_options: <_>::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &self.shader,
                entry_point: Some("shade"),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants: &constants,
                    ..<_>::default()
                },
                targets: &[Some(wgpu::ColorTargetState {
                    format: target,
                    blend: variant.blends().then_some(over),
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        })
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
