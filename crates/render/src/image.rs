//! Rendering without a window: one frame to an image in memory.

use std::time::Duration;

use reelscope_media::{ColorInfo, Frame, Geometry, Ratio};

use crate::error::catch;
use crate::placement::aperture;
use crate::variant::Output;
use crate::{Look, Placement, RenderError, Renderer};

/// An image in memory, sRGB-encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RgbaImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Rows of red, green, blue and straight alpha, 8 bits each, tightly packed.
    pub pixels: Vec<u8>,
}

const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
const BYTES_PER_PIXEL: u32 = 4;

/// Longer than any picture takes, even in software, and short of for ever.
const PATIENCE: Duration = Duration::from_secs(60);

impl Renderer {
    /// Renders one frame upright, as its track's geometry says, into an image of `size`, or of the
    /// size at which it is to be shown ([`Geometry::display_size`] of its clean aperture).
    /// `pixel_aspect` is the bitstream's, used where the container states none. The renderer's own
    /// target format does not matter. Waits for the GPU, so it is not for a thread with a window.
    ///
    /// # Errors
    /// As [`Renderer::upload`]; [`RenderError::TooLarge`], [`RenderError::Empty`] if the image
    /// cannot be; [`RenderError::Unfinished`], [`RenderError::ReadBack`] if the GPU fails.
    pub fn render_image(
        &mut self,
        frame: &Frame,
        stated: ColorInfo,
        geometry: &Geometry,
        pixel_aspect: Option<Ratio>,
        size: Option<(u32, u32)>,
        look: &Look,
    ) -> Result<RgbaImage, RenderError> {
        let part = aperture(geometry.clean_aperture, frame.width(), frame.height());
        let [_, _, part_width, part_height] = part;
        let (width, height) =
            size.unwrap_or_else(|| geometry.display_size(part_width, part_height, pixel_aspect));
        self.check_image(width, height)?;
        let texture = self.upload(None, frame, stated)?;
        let mut placement = Placement::filling(width, height);
        placement.orientation = geometry.orientation;
        placement.aperture = Some(part);

        let draw = self.draw(&texture, &placement, look, FORMAT, Output::Straight)?;
        let rows = catch(&self.device, || {
            let target = self.image_target(width, height);
            let rows = self.rows_for(width, height);
            let mut encoder = self.device.create_command_encoder(&<_>::default());
            draw.paint(&mut pass(&mut encoder, &target));
            encoder.copy_texture_to_buffer(
                target.as_image_copy(),
                wgpu::TexelCopyBufferInfo {
                    buffer: &rows,
                    layout: wgpu::TexelCopyBufferLayout {
                        offset: 0,
                        bytes_per_row: Some(padded_row(width)),
                        rows_per_image: None,
                    },
                },
                target.size(),
            );
            self.queue.submit([encoder.finish()]);
            rows
        })
        .map_err(|source| RenderError::Gpu {
            width,
            height,
            source,
        })?;
        let pixels = self.read_rows(&rows, width)?;
        Ok(RgbaImage {
            width,
            height,
            pixels,
        })
    }

    fn check_image(&self, width: u32, height: u32) -> Result<(), RenderError> {
        if width == 0 || height == 0 {
            return Err(RenderError::Empty { width, height });
        }
        let limits = self.device.limits();
        let limit = limits.max_texture_dimension_2d;
        let bytes = u64::from(padded_row(width.min(limit))) * u64::from(height);
        if width > limit || height > limit || bytes > limits.max_buffer_size {
            return Err(RenderError::TooLarge {
                width,
                height,
                limit,
            });
        }
        Ok(())
    }

    fn image_target(&self, width: u32, height: u32) -> wgpu::Texture {
        self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("image"),
            size: wgpu::Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: FORMAT,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        })
    }

    /// Memory that the CPU can read, for the rows of an image.
    fn rows_for(&self, width: u32, height: u32) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("image rows"),
            size: u64::from(padded_row(width)) * u64::from(height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        })
    }

    /// Waits for the rows and packs them tightly.
    fn read_rows(&self, rows: &wgpu::Buffer, width: u32) -> Result<Vec<u8>, RenderError> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        rows.map_async(wgpu::MapMode::Read, .., move |outcome| {
            // Nobody listens any more only if the wait below was given up.
            let _ = sender.send(outcome);
        });
        let wait = wgpu::PollType::Wait {
            submission_index: None,
            timeout: Some(PATIENCE),
        };
        self.device
            .poll(wait)
            .map_err(|source| RenderError::Unfinished { source })?;
        // Where other threads wait for the same device, one of them may be the one that answers.
        let mapped = receiver
            .recv_timeout(PATIENCE)
            .is_ok_and(|outcome| outcome.is_ok());
        let view = rows
            .get_mapped_range(..)
            .ok()
            .filter(|_| mapped)
            .ok_or(RenderError::ReadBack)?;
        let row = width as usize * BYTES_PER_PIXEL as usize;
        Ok(view
            .chunks(padded_row(width) as usize)
            .filter_map(|padded| padded.get(..row))
            .flatten()
            .copied()
            .collect())
    }
}

/// Bytes from row to row where wgpu copies a texture of this width to memory.
fn padded_row(width: u32) -> u32 {
    (width * BYTES_PER_PIXEL).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT)
}

fn pass<'a>(encoder: &'a mut wgpu::CommandEncoder, target: &wgpu::Texture) -> wgpu::RenderPass<'a> {
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
