//! Measuring on the GPU: the picture's own shader with a compute stage behind it, and its counts on
//! their way back.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use wgpu::util::DeviceExt;

use super::meter::Meter;
use super::{Basis, COUNTS, ScopeArea, Scopes};
use crate::error::catch;
use crate::pipelines::{PARAMS, Pipelines, layout, module, stage_entry};
use crate::uniform::uniform;
use crate::variant::{Output, Variant};
use crate::{Look, Placement, RenderError, Renderer, VideoTexture};

/// Pixels that are counted at most, so that no measurement holds up the pictures.
const MOST: u64 = 1 << 21;
/// The same where the GPU is a program on the CPU.
const MOST_IN_SOFTWARE: u64 = 1 << 18;
/// Pixels on a side of the square that one group of the shader counts.
const GROUP: u32 = 16;
/// Bytes of all counts.
const BYTES: u64 = COUNTS as u64 * 4;

/// True if compute shaders run on a device, with what measuring needs.
pub(crate) fn computes(device: &wgpu::Device) -> bool {
    let limits = device.limits();
    limits.max_compute_invocations_per_workgroup >= GROUP * GROUP
        && limits.max_storage_buffers_per_shader_stage >= 1
        && limits.max_storage_buffer_binding_size >= BYTES
}

/// Pipelines that count, as far as they were needed.
#[derive(Debug)]
pub(crate) struct Counter {
    layout: wgpu::BindGroupLayout,
    made: HashMap<Variant, wgpu::ComputePipeline>,
}

impl Counter {
    fn new(device: &wgpu::Device) -> Self {
        let counts = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only: false },
            has_dynamic_offset: false,
            min_binding_size: None,
        };
        let stages = wgpu::ShaderStages::COMPUTE;
        let entries = [
            stage_entry(0, PARAMS, stages),
            stage_entry(1, counts, stages),
        ];
        Self {
            layout: layout(device, "scopes", &entries),
            made: HashMap::new(),
        }
    }
}

/// A measurement on its way.
#[derive(Debug)]
pub struct Measuring {
    device: wgpu::Device,
    counts: wgpu::Buffer,
    done: Receiver<bool>,
    meter: Meter,
}

impl Measuring {
    /// What was measured, once it is there. Never waits.
    ///
    /// # Errors
    /// [`RenderError::Unfinished`], [`RenderError::ReadBack`] if the GPU fails.
    pub fn try_read(&self) -> Option<Result<Scopes, RenderError>> {
        if let Err(source) = self.device.poll(wgpu::PollType::Poll) {
            return Some(Err(RenderError::Unfinished { source }));
        }
        match self.done.try_recv() {
            Err(TryRecvError::Empty) => None,
            Ok(true) => Some(self.read().ok_or(RenderError::ReadBack)),
            Ok(false) | Err(TryRecvError::Disconnected) => Some(Err(RenderError::ReadBack)),
        }
    }

    fn read(&self) -> Option<Scopes> {
        let view = self.counts.get_mapped_range(..).ok()?;
        let (words, _) = view.as_chunks();
        let counts = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
        Some(Scopes::new(&self.meter, counts))
    }
}

impl Renderer {
    /// True if the device can measure pictures.
    pub fn can_measure(&self) -> bool {
        computes(&self.device)
    }

    /// Begins to measure a part of a picture in a look. `None` if the device cannot, or if the
    /// region has no pixels.
    ///
    /// # Errors
    /// [`RenderError::Driver`] if the driver cannot compile the shader, [`RenderError::Gpu`] if the
    /// GPU refuses.
    pub fn measure(
        &mut self,
        texture: &VideoTexture,
        look: &Look,
        area: &ScopeArea,
    ) -> Result<Option<Measuring>, RenderError> {
        if !self.can_measure() {
            return Ok(None);
        }
        let most = match self.device.adapter_info().device_type {
            wgpu::DeviceType::Cpu => MOST_IN_SOFTWARE,
            _ => MOST,
        };
        let (width, height) = texture.size();
        let about = (texture.format, (width, height), texture.color);
        let Some(meter) = Meter::new(about, texture.value_range, look, area, most) else {
            return Ok(None);
        };
        let placement = Placement::filling(width, height);
        let conversion = texture.conversion(&meter.look);
        // As if drawn one to one, where no pixel is filtered.
        let target = (wgpu::TextureFormat::Rgba16Uint, Output::Straight);
        let variant = Variant::new(texture, &placement, &meter.look, &conversion, target);
        let pipeline = self.pipelines.counting(&self.device, variant)?;
        let words = uniform(texture, &placement, &meter.look, &conversion);
        let measuring = catch(&self.device, || {
            self.dispatch(texture, &pipeline, words.as_flattened(), meter)
        });
        measuring.map(Some).map_err(|source| RenderError::Gpu {
            width,
            height,
            source,
        })
    }

    fn dispatch(
        &self,
        texture: &VideoTexture,
        pipeline: &wgpu::ComputePipeline,
        words: &[u32],
        meter: Meter,
    ) -> Measuring {
        let device = &self.device;
        let uniform = |words: &[u32]| {
            device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
                label: Some("scopes"),
                contents: bytemuck::cast_slice(words),
                usage: wgpu::BufferUsages::UNIFORM,
            })
        };
        let counts = |usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("scopes"),
                size: BYTES,
                usage,
                mapped_at_creation: false,
            })
        };
        let (params, numbers) = (uniform(words), uniform(numbers(&meter).as_flattened()));
        // New buffers are zero.
        let counting = counts(wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC);
        let counted = counts(wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ);
        let group = |index, buffers: &[&wgpu::Buffer]| {
            let entries: Vec<_> = (0..)
                .zip(buffers)
                .map(|(binding, buffer)| wgpu::BindGroupEntry {
                    binding,
                    resource: buffer.as_entire_binding(),
                })
                .collect();
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("scopes"),
                layout: &pipeline.get_bind_group_layout(index),
                entries: &entries,
            })
        };
        let mut encoder = device.create_command_encoder(&<_>::default());
        {
            let mut pass = encoder.begin_compute_pass(&<_>::default());
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &texture.bind_group, &[]);
            pass.set_bind_group(1, &group(1, &[&params]), &[]);
            pass.set_bind_group(2, &group(2, &[&numbers, &counting]), &[]);
            let [columns, rows] = meter.counted().map(|side| side.div_ceil(GROUP));
            pass.dispatch_workgroups(columns, rows, 1);
        }
        encoder.copy_buffer_to_buffer(&counting, 0, &counted, 0, BYTES);
        self.queue.submit([encoder.finish()]);
        let (sender, done) = sync_channel(1);
        counted.map_async(wgpu::MapMode::Read, .., move |outcome| {
            // Nobody listens any more if something else is measured by now.
            let _ = sender.send(outcome.is_ok());
        });
        Measuring {
            device: device.clone(),
            counts: counted,
            done,
            meter,
        }
    }
}

impl Pipelines {
    /// The pipeline that counts pixels of a variant.
    fn counting(
        &mut self,
        device: &wgpu::Device,
        variant: Variant,
    ) -> Result<wgpu::ComputePipeline, RenderError> {
        let counter = self.counter.get_or_insert_with(|| Counter::new(device));
        if let Some(pipeline) = counter.made.get(&variant) {
            return Ok(pipeline.clone());
        }
        let made = catch(device, || {
            let shader = module(device, variant.texels, include_str!("../scopes.wgsl"));
            let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some("scopes"),
                bind_group_layouts: &[
                    Some(self.planes.of(variant.texels)),
                    Some(&self.params),
                    Some(&counter.layout),
                ],
                immediate_size: 0,
            });
            let constants = variant.constants();
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some("scopes"),
                layout: Some(&layout),
                module: &shader,
                entry_point: Some("measure"),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants: &constants,
                    ..<_>::default()
                },
                cache: None,
            })
        });
        let pipeline = made.map_err(|source| RenderError::Driver { source })?;
        counter.made.insert(variant, pipeline.clone());
        Ok(pipeline)
    }
}

/// Flags of `struct Meter` in `scopes.wgsl`.
const DISPLAYED: u32 = 1;
const ALONG_Y: u32 = 2;
const BACKWARDS: u32 = 4;

/// The words of `struct Meter` in `scopes.wgsl`.
fn numbers(meter: &Meter) -> [[u32; 4]; 6] {
    let [x, y, _, _] = meter.region;
    let [columns, rows] = meter.counted();
    let flags = [
        (meter.basis == Basis::Displayed, DISPLAYED),
        (meter.along_y, ALONG_Y),
        (meter.backwards, BACKWARDS),
    ];
    let set = flags.into_iter().filter(|(is_set, _)| *is_set);
    let flags = set.fold(0, |flags, (_, flag)| flags | flag);
    let floats = |row: [f64; 4]| row.map(|value| (value as f32).to_bits());
    let [luma, cb, cr] = meter
        .components()
        .map(|[red, green, blue]| floats([red, green, blue, 0.0]));
    let scale = meter.scale;
    [
        [x, y, columns, rows],
        [meter.step, flags, meter.columns(), 0],
        luma,
        cb,
        cr,
        floats([
            scale.white - scale.black,
            scale.black + meter.half_code,
            super::meter::MIDDLE + meter.half_code,
            meter.chroma_gain(),
        ]),
    ]
}
