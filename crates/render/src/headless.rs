//! Devices and renderers where there is no window.

use crate::{RenderError, Renderer};

impl Renderer {
    /// A renderer without a window, for [`Renderer::render_image`], on a [`headless_device`].
    ///
    /// # Errors
    /// As [`headless_device`] and [`Renderer::new`].
    pub fn headless() -> Result<Self, RenderError> {
        let (device, queue, _) = headless_device()?;
        Self::new(&device, &queue, wgpu::TextureFormat::Rgba8Unorm)
    }
}

/// A device without a surface: of the best hardware adapter, else of a software one. Environment
/// variables of wgpu narrow the choice (`WGPU_BACKEND=gl`). Waits for the driver.
///
/// # Errors
/// [`RenderError::NoAdapter`] if there is none at all, [`RenderError::NoDevice`] if none can be used.
pub fn headless_device() -> Result<(wgpu::Device, wgpu::Queue, wgpu::AdapterInfo), RenderError> {
    let everything = wgpu::InstanceDescriptor::new_without_display_handle_from_env().backends;
    let last_resort = wgpu::Backends::GL;
    match pollster::block_on(device_of(everything - last_resort)) {
        // Looking for GL displays takes time and makes some drivers print to stderr.
        Err(RenderError::NoAdapter) => pollster::block_on(device_of(everything & last_resort)),
        outcome => outcome,
    }
}

async fn device_of(
    backends: wgpu::Backends,
) -> Result<(wgpu::Device, wgpu::Queue, wgpu::AdapterInfo), RenderError> {
    let descriptor = wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle_from_env()
    };
    let mut adapters = wgpu::Instance::new(descriptor)
        .enumerate_adapters(backends)
        .await;
    adapters.sort_by_key(rank);
    let mut error = RenderError::NoAdapter;
    for adapter in adapters {
        let info = adapter.get_info();
        match adapter.request_device(&device_description(&adapter)).await {
            Ok((device, queue)) => return Ok((device, queue, info)),
            Err(source) => {
                error = RenderError::NoDevice {
                    adapter: info.name,
                    source,
                }
            }
        }
    }
    Err(error)
}

/// Hardware before software.
fn rank(adapter: &wgpu::Adapter) -> u8 {
    match adapter.get_info().device_type {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    }
}

/// What a [`Renderer`]'s device is to have of an adapter: no more than the smallest adapters have, but
/// for the sizes of pictures, normalised textures for their 16-bit words, and compute shaders where
/// there are such, to measure pictures.
pub fn device_description(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
    let limits = adapter.limits();
    wgpu::DeviceDescriptor {
        label: Some("reelscope"),
        required_features: adapter.features() & wgpu::Features::TEXTURE_FORMAT_16BIT_NORM,
        required_limits: wgpu::Limits {
            max_buffer_size: limits.max_buffer_size,
            ..basic_limits(adapter).using_resolution(limits)
        },
        ..<_>::default()
    }
}

/// The least that adapters have, with compute shaders or without.
fn basic_limits(adapter: &wgpu::Adapter) -> wgpu::Limits {
    let flags = adapter.get_downlevel_capabilities().flags;
    let with_compute = wgpu::Limits::downlevel_defaults().using_resolution(adapter.limits());
    let fits = with_compute.check_limits(&adapter.limits());
    if flags.contains(wgpu::DownlevelFlags::COMPUTE_SHADERS) && fits {
        with_compute
    } else {
        wgpu::Limits::downlevel_webgl2_defaults()
    }
}
