//! A small image that the GPU works at while the window goes on.

use std::sync::mpsc::TryRecvError;

use super::RgbaImage;
use super::strip::{Mapped, Strip};
use crate::{Look, Placement, RenderError, Renderer, VideoTexture};

/// Most pixels of the sides: what is larger is [`Renderer::render_image`]'s work.
const MOST_SIDE: u32 = 1_024;

/// An image that is on its way. Dropping it costs nothing.
#[derive(Debug)]
pub struct PendingImage {
    device: wgpu::Device,
    rows: wgpu::Buffer,
    strip: Strip,
    mapped: Mapped,
}

impl Renderer {
    /// Starts to render a picture into an image as large as the placement's target, at most 1024
    /// pixels wide and high, and does not wait for it.
    ///
    /// # Errors
    /// [`RenderError::Empty`], [`RenderError::ImageTooLarge`] if the image cannot be;
    /// [`RenderError::Driver`], [`RenderError::Gpu`] if the GPU refuses.
    pub fn start_image(
        &mut self,
        texture: &VideoTexture,
        placement: &Placement,
        look: &Look,
    ) -> Result<PendingImage, RenderError> {
        let [width, height] = placement.target;
        if width == 0 || height == 0 {
            return Err(RenderError::Empty { width, height });
        }
        if width.max(height) > MOST_SIDE {
            return Err(RenderError::ImageTooLarge { width, height });
        }
        let strip = Strip {
            x: 0,
            y: 0,
            width,
            height,
        };
        let (rows, mapped) = self.start_strip(strip, texture, placement, look)?;
        Ok(PendingImage {
            device: self.device.clone(),
            rows,
            strip,
            mapped,
        })
    }
}

impl PendingImage {
    /// The image, once the GPU is done with it. Never waits.
    ///
    /// # Errors
    /// [`RenderError::Unfinished`], [`RenderError::ReadBack`] if the GPU fails.
    pub fn try_take(&self) -> Option<Result<RgbaImage, RenderError>> {
        if let Err(source) = self.device.poll(wgpu::PollType::Poll) {
            return Some(Err(RenderError::Unfinished { source }));
        }
        match self.mapped.try_recv() {
            Err(TryRecvError::Empty) => None,
            Ok(Ok(())) => {
                let mut image = RgbaImage::blank(self.strip.width, self.strip.height);
                Some(self.strip.copy(&self.rows, &mut image).map(|()| image))
            }
            Ok(Err(_)) | Err(TryRecvError::Disconnected) => Some(Err(RenderError::ReadBack)),
        }
    }
}
