//! Pipelines and their layouts; each form of the shader is compiled when first needed.

use std::collections::HashMap;

use crate::RenderError;
use crate::error::catch;
use crate::scopes::{Counter, computes};
use crate::texture::{MAX_PLANES, Texels};
use crate::variant::Variant;

/// The shader, and the pipelines made of it so far.
#[derive(Debug)]
pub(crate) struct Pipelines {
    /// In the forms in which planes have been read so far.
    shaders: HashMap<Texels, wgpu::ShaderModule>,
    /// Bind group 0.
    pub(crate) planes: PlaneLayouts,
    /// Bind group 1.
    pub(crate) params: wgpu::BindGroupLayout,
    made: HashMap<(Variant, wgpu::TextureFormat), wgpu::RenderPipeline>,
    /// What measures pictures, made when first needed.
    pub(crate) counter: Option<Counter>,
}

/// Layouts of the bind group that planes are in.
#[derive(Debug)]
pub(crate) struct PlaneLayouts([[wgpu::BindGroupLayout; 2]; 2]);

impl PlaneLayouts {
    fn new(device: &wgpu::Device) -> Self {
        Self([false, true].map(|tiled| {
            [false, true].map(|normalised| {
                let texels = Texels { tiled, normalised };
                let planes: Vec<_> = (0..)
                    .take(MAX_PLANES)
                    .map(|binding| stage_entry(binding, plane(texels), stages(device)))
                    .collect();
                layout(device, "planes", &planes)
            })
        }))
    }

    pub(crate) fn of(&self, texels: Texels) -> &wgpu::BindGroupLayout {
        let Self([whole, tiled]) = self;
        let [integer, normalised] = if texels.tiled { tiled } else { whole };
        if texels.normalised {
            normalised
        } else {
            integer
        }
    }
}

impl Pipelines {
    pub(crate) fn new(device: &wgpu::Device) -> Result<Self, RenderError> {
        catch(device, || Self {
            shaders: HashMap::new(),
            planes: PlaneLayouts::new(device),
            params: layout(device, "params", &[stage_entry(0, PARAMS, stages(device))]),
            made: HashMap::new(),
            counter: None,
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
        let failed = |source| RenderError::Driver { source };
        let shader = match self.shaders.get(&variant.texels) {
            Some(shader) => shader.clone(),
            None => catch(device, || module(device, variant.texels, "")).map_err(failed)?,
        };
        let pipeline =
            catch(device, || self.make(device, &shader, variant, target)).map_err(failed)?;
        self.shaders.insert(variant.texels, shader);
        self.made.insert((variant, target), pipeline.clone());
        Ok(pipeline)
    }

    fn make(
        &self,
        device: &wgpu::Device,
        shader: &wgpu::ShaderModule,
        variant: Variant,
        target: wgpu::TextureFormat,
    ) -> wgpu::RenderPipeline {
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("video"),
            bind_group_layouts: &[Some(self.planes.of(variant.texels)), Some(&self.params)],
            immediate_size: 0,
        });
        let constants = variant.constants();
        let over = wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING;
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
                entry_point: Some(variant.entry_point()),
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

/// The shader for planes that lie in textures of this kind: how they are read, all the rest, and
/// what comes `behind` it.
pub(crate) fn module(device: &wgpu::Device, texels: Texels, behind: &str) -> wgpu::ShaderModule {
    let planes = if texels.tiled {
        include_str!("tiled_planes.wgsl")
    } else {
        include_str!("whole_planes.wgsl")
    };
    let (value, words) = if texels.normalised {
        ("f32", WORDS_OF_SHARES)
    } else {
        ("u32", WORDS)
    };
    let planes = planes.replace("TEXEL", value);
    let source = [
        &planes,
        words,
        include_str!("shader.wgsl"),
        include_str!("shader/display.wgsl"),
        behind,
    ]
    .concat();
    device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("video"),
        source: wgpu::ShaderSource::Wgsl(source.into()),
    })
}

/// The stages that read planes: where the device computes, pictures are measured too.
fn stages(device: &wgpu::Device) -> wgpu::ShaderStages {
    if computes(device) {
        wgpu::ShaderStages::FRAGMENT | wgpu::ShaderStages::COMPUTE
    } else {
        wgpu::ShaderStages::FRAGMENT
    }
}

/// Code values of texels.
const WORDS: &str = "fn words(texel: vec4<u32>) -> vec4<u32> { return texel; }\n";
/// The same where they are shares of the largest one: single precision tells all words apart.
const WORDS_OF_SHARES: &str =
    "fn words(texel: vec4<f32>) -> vec4<u32> { return vec4<u32>(texel * 65535.0 + 0.5); }\n";

fn plane(texels: Texels) -> wgpu::BindingType {
    wgpu::BindingType::Texture {
        sample_type: texels.sample_type(),
        view_dimension: texels.dimension(),
        multisampled: false,
    }
}

/// A uniform buffer.
pub(crate) const PARAMS: wgpu::BindingType = wgpu::BindingType::Buffer {
    ty: wgpu::BufferBindingType::Uniform,
    has_dynamic_offset: false,
    min_binding_size: None,
};

/// An entry of a layout, for these stages.
pub(crate) fn stage_entry(
    binding: u32,
    ty: wgpu::BindingType,
    visibility: wgpu::ShaderStages,
) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility,
        ty,
        count: None,
    }
}

/// The layout of a bind group.
pub(crate) fn layout(
    device: &wgpu::Device,
    label: &str,
    entries: &[wgpu::BindGroupLayoutEntry],
) -> wgpu::BindGroupLayout {
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some(label),
        entries,
    })
}
