//! An image that is fetched from the GPU while others go on: nobody waits for it.

use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use super::RgbaImage;
use super::strip::Strip;
use crate::variant::Output;
use crate::{Look, Placement, RenderError, Renderer, VideoTexture};

/// An image on its way from the GPU. It comes along whenever the device is polled or given work.
#[derive(Debug)]
pub struct ImageLater {
    strip: Strip,
    rows: wgpu::Buffer,
    mapped: Receiver<Result<(), wgpu::BufferAsyncError>>,
}

impl Renderer {
    /// Starts to render what a placement shows on its target into an image of the target's size, with
    /// straight alpha, undithered.
    ///
    /// # Errors
    /// As [`Renderer::prepare`]; [`RenderError::ImageTooLarge`] if the image does not fit into one
    /// texture, [`RenderError::Gpu`] if the GPU has no room for it.
    pub fn image_later(
        &mut self,
        texture: &VideoTexture,
        placement: &Placement,
        look: &Look,
    ) -> Result<ImageLater, RenderError> {
        let [width, height] = placement.target;
        let limits = self.device.limits();
        let strip = Strip {
            x: 0,
            y: 0,
            width,
            height,
        };
        let bytes = u64::from(super::strip::padded_row::<u8>(width)) * u64::from(height);
        let side = limits.max_texture_dimension_2d;
        if width > side || height > side || bytes > limits.max_buffer_size {
            return Err(RenderError::ImageTooLarge { width, height });
        }
        if width == 0 || height == 0 {
            return Err(RenderError::Empty { width, height });
        }
        let look = Look {
            dither: false,
            ..*look
        };
        let format = wgpu::TextureFormat::Rgba8Unorm;
        let draw = self.draw(texture, placement, &look, format, Output::Straight)?;
        let rows = strip.rendered::<u8>(&self.device, &self.queue, &draw)?;
        let (sender, mapped) = sync_channel(1);
        rows.map_async(wgpu::MapMode::Read, .., move |outcome| {
            // Nobody listens any more if the image is not wanted any more.
            let _ = sender.send(outcome);
        });
        Ok(ImageLater {
            strip,
            rows,
            mapped,
        })
    }
}

impl ImageLater {
    /// The image, if it has come. Call it again until it has; never after that.
    ///
    /// # Errors
    /// [`RenderError::ReadBack`] if the GPU was lost.
    pub fn try_take(&self, renderer: &Renderer) -> Result<Option<RgbaImage>, RenderError> {
        // Looks once and does not wait; whether work is done is what the channel says.
        let _ = renderer.device.poll(wgpu::PollType::Poll);
        match self.mapped.try_recv() {
            Ok(Ok(())) => {}
            Err(TryRecvError::Empty) => return Ok(None),
            Ok(Err(_)) | Err(TryRecvError::Disconnected) => return Err(RenderError::ReadBack),
        }
        let (width, height) = (self.strip.width, self.strip.height);
        let mut image = RgbaImage {
            width,
            height,
            pixels: vec![0; width as usize * height as usize * 4],
        };
        self.strip.copy::<u8>(&self.rows, &mut image)?;
        Ok(Some(image))
    }
}
