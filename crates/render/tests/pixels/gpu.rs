//! The adapter that all tests share, and drawing to targets of any format on it.

use std::sync::{Mutex, MutexGuard, OnceLock};

use reelscope_media::{ColorInfo, Frame, Geometry};
use reelscope_render::{Draw, Look, Renderer, RgbaImage, device_description, headless_device};
use wgpu::TextureFormat;

use crate::picture::Picture;

/// The device, for one test at a time: software adapters take all cores for one of them anyway.
pub(crate) fn device() -> MutexGuard<'static, (wgpu::Device, wgpu::Queue)> {
    static DEVICE: OnceLock<Mutex<(wgpu::Device, wgpu::Queue)>> = OnceLock::new();
    DEVICE
        .get_or_init(|| {
            let (device, queue, info) = headless_device().unwrap_or_else(|error| panic!("{error}"));
            eprintln!("rendering with {} ({})", info.name, info.backend);
            Mutex::new((device, queue))
        })
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A renderer on the same adapter but on a device of its own, whose textures are at most `side`
/// pixels long, and normalised where they have 16 bits if `normalised` and the adapter can.
pub(crate) fn renderer_with(side: Option<u32>, normalised: bool) -> Renderer {
    let info = device().0.adapter_info();
    let backends = wgpu::Backends::from(info.backend);
    let descriptor = wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle_from_env()
    };
    let adapters = wgpu::Instance::new(descriptor).enumerate_adapters(backends);
    let adapter = pollster::block_on(adapters)
        .into_iter()
        .find(|adapter| adapter.get_info().name == info.name)
        .unwrap();
    let mut description = device_description(&adapter);
    if let Some(side) = side {
        description.required_limits.max_texture_dimension_2d = side;
    }
    if !normalised {
        description.required_features = wgpu::Features::empty();
    }
    let (device, queue) = pollster::block_on(adapter.request_device(&description)).unwrap();
    Renderer::new(&device, &queue, TextureFormat::Rgba8Unorm).unwrap()
}

/// Renderers for plain 8-bit targets on the adapter that all tests share and on one of OpenGL, which
/// has other limits and another shader compiler.
pub(crate) fn renderers() -> [Renderer; 2] {
    static GL: OnceLock<(wgpu::Device, wgpu::Queue)> = OnceLock::new();
    let (device, queue) = GL.get_or_init(gl_device);
    let gl = Renderer::new(device, queue, TextureFormat::Rgba8Unorm).unwrap();
    [renderer(), gl]
}

fn gl_device() -> (wgpu::Device, wgpu::Queue) {
    let backends = wgpu::Backends::GL;
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapter = pollster::block_on(instance.enumerate_adapters(backends))
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("these tests need an OpenGL adapter: Mesa's EGL will do"));
    let descriptor = wgpu::DeviceDescriptor {
        required_limits: wgpu::Limits::downlevel_webgl2_defaults()
            .using_resolution(adapter.limits()),
        ..<_>::default()
    };
    pollster::block_on(adapter.request_device(&descriptor)).unwrap()
}

/// Renders at 1:1 without dithering.
pub(crate) fn render_exactly(
    renderer: &mut Renderer,
    picture: &Picture,
    color: ColorInfo,
    look: &Look,
) -> Vec<[u8; 4]> {
    let look = Look {
        dither: false,
        ..*look
    };
    let size = (picture.width, picture.height);
    let image = render_frame(renderer, &picture.frame(0), color, size, &look);
    image.pixels.as_chunks().0.to_vec()
}

/// A renderer for plain 8-bit targets.
pub(crate) fn renderer() -> Renderer {
    renderer_for(TextureFormat::Rgba8Unorm)
}

pub(crate) fn renderer_for(format: TextureFormat) -> Renderer {
    let device = device();
    Renderer::new(&device.0, &device.1, format).unwrap()
}

/// Renders without turning and at a size of choice.
pub(crate) fn render(
    renderer: &mut Renderer,
    picture: &Picture,
    color: ColorInfo,
    size: (u32, u32),
) -> RgbaImage {
    render_frame(renderer, &picture.frame(0), color, size, &Look::default())
}

/// Renders a frame in a look.
pub(crate) fn render_frame(
    renderer: &mut Renderer,
    frame: &Frame,
    color: ColorInfo,
    size: (u32, u32),
    look: &Look,
) -> RgbaImage {
    renderer
        .render_image(frame, color, &Geometry::default(), None, Some(size), look)
        .unwrap()
}

/// Draws onto a target that was filled with `background` before, and gives the target's bytes,
/// four per pixel.
pub(crate) fn paint(
    draw: &Draw,
    format: TextureFormat,
    (width, height): (u32, u32),
    background: wgpu::Color,
) -> Vec<[u8; 4]> {
    let guard = device();
    let (device, queue) = &*guard;
    let target = device.create_texture(&wgpu::TextureDescriptor {
        label: None,
        size: wgpu::Extent3d {
            width,
            height,
            depth_or_array_layers: 1,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    });
    let row = (width * 4).next_multiple_of(256);
    let rows = device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: u64::from(row * height),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let mut encoder = device.create_command_encoder(&<_>::default());
    {
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &target.create_view(&<_>::default()),
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(background),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..<_>::default()
        });
        draw.paint(&mut pass);
    }
    encoder.copy_texture_to_buffer(
        target.as_image_copy(),
        wgpu::TexelCopyBufferInfo {
            buffer: &rows,
            layout: wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(row),
                rows_per_image: None,
            },
        },
        target.size(),
    );
    queue.submit([encoder.finish()]);
    rows.map_async(wgpu::MapMode::Read, .., |outcome| outcome.unwrap());
    device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    let view = rows.get_mapped_range(..).unwrap();
    view.chunks(row as usize)
        .flat_map(|padded| padded[..width as usize * 4].as_chunks().0)
        .copied()
        .collect()
}
