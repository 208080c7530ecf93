//! A part of an image on the GPU, and its way into memory.

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use super::RgbaImage;
use crate::error::catch;
use crate::variant::Output;
use crate::{Draw, RenderError};

/// Longer than any picture takes, even in software, and short of for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// The type of an image's values.
pub(super) trait Value: Copy + Default {
    /// What they are rendered to.
    const FORMAT: wgpu::TextureFormat;
    const OUTPUT: Output;

    /// Takes values from the bytes that the GPU has written.
    fn copy(values: &mut [Self], bytes: &[u8]);
}

impl Value for u8 {
    const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
    const OUTPUT: Output = Output::Straight;

    fn copy(values: &mut [Self], bytes: &[u8]) {
        values.copy_from_slice(bytes);
    }
}

impl Value for u16 {
    // Every adapter draws to these; few draw to normalised ones.
    const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Uint;
    const OUTPUT: Output = Output::Words;

    fn copy(values: &mut [Self], bytes: &[u8]) {
        for (value, bytes) in values.iter_mut().zip(bytes.as_chunks().0) {
            *value = Self::from_le_bytes(*bytes);
        }
    }
}

/// A rectangle of an image, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Strip {
    /// Draws, and copies the rows to where the CPU can read them once the GPU is done.
    pub(super) fn rendered<T: Value>(
        self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        draw: &Draw,
    ) -> Result<wgpu::Buffer, RenderError> {
        catch(device, || {
            let target = self.target(device, T::FORMAT);
            let row = padded_row::<T>(self.width);
            let rows = device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("image rows"),
                size: u64::from(row) * u64::from(self.height),
                usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
                mapped_at_creation: false,
            });
            let mut encoder = device.create_command_encoder(&<_>::default());
            draw.paint(&mut pass(&mut encoder, &target));
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
            rows
        })
        .map_err(|source| RenderError::Gpu {
            width: self.width,
            height: self.height,
            source,
        })
    }

    fn target(self, device: &wgpu::Device, format: wgpu::TextureFormat) -> wgpu::Texture {
        device.create_texture(&wgpu::TextureDescriptor {
            label: Some("image"),
            size: wgpu::Extent3d {
                width: self.width,
                height: self.height,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        })
    }

    /// Waits for the rows and puts them where they belong.
    pub(super) fn read<T: Value>(
        self,
        device: &wgpu::Device,
        rows: &wgpu::Buffer,
        image: &mut RgbaImage<T>,
    ) -> Result<(), RenderError> {
        let receiver = map(rows);
        let wait = wgpu::PollType::Wait {
            submission_index: None,
            timeout: Some(PATIENCE),
        };
        device
            .poll(wait)
            .map_err(|source| RenderError::Unfinished { source })?;
        // Where other threads wait for the same device, one of them may be the one that answers.
        let mapped = receiver
            .recv_timeout(PATIENCE)
            .is_ok_and(|outcome| outcome.is_ok());
        if !mapped {
            return Err(RenderError::ReadBack);
        }
        self.copy(rows, image)
    }

    /// Puts rows that can be read where they belong.
    pub(super) fn copy<T: Value>(
        self,
        rows: &wgpu::Buffer,
        image: &mut RgbaImage<T>,
    ) -> Result<(), RenderError> {
        let view = rows
            .get_mapped_range(..)
            .map_err(|_| RenderError::ReadBack)?;
        let (start, values) = (self.x as usize * 4, self.width as usize * 4);
        let into = image.pixels.chunks_exact_mut(image.width as usize * 4);
        let from = view.chunks(padded_row::<T>(self.width) as usize);
        for (row, padded) in into.skip(self.y as usize).zip(from) {
            let bytes = padded.get(..values * size_of::<T>());
            if let (Some(target), Some(bytes)) = (row.get_mut(start..start + values), bytes) {
                T::copy(target, bytes);
            }
        }
        Ok(())
    }
}

/// Says once when rows can be read, or that they cannot.
pub(super) type Mapped = Receiver<Result<(), wgpu::BufferAsyncError>>;

/// Asks for rows to be made readable.
pub(super) fn map(rows: &wgpu::Buffer) -> Mapped {
    let (sender, receiver) = sync_channel(1);
    rows.map_async(wgpu::MapMode::Read, .., move |outcome| {
        // Nobody listens any more only if the image was given up.
        let _ = sender.send(outcome);
    });
    receiver
}

/// Bytes from row to row where wgpu copies a texture of this width to memory.
pub(super) fn padded_row<T>(width: u32) -> u32 {
    (width * 4 * size_of::<T>() as u32).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT)
}

/// A pass over a target of its own, that starts with nothing on it.
pub(crate) fn pass<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    target: &wgpu::Texture,
) -> wgpu::RenderPass<'a> {
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("image"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: &target.create_view(&<_>::default()),
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations {
                load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                store: wgpu::StoreOp::Store,
            },
        })],
        ..<_>::default()
    })
}
