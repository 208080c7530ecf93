//! Rendering without a window: one frame to an image in memory.

mod pending;
mod strip;

use reelscope_media::{ColorInfo, Frame, Geometry, Ratio};

use crate::placement::aperture;
use crate::{Look, Placement, RenderError, Renderer, VideoTexture};

pub use pending::PendingImage;
pub(crate) use strip::pass;
use strip::{Strip, Value};

/// An image in memory, sRGB-encoded, of 8 bits per value, or of 16 as `RgbaImage<u16>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RgbaImage<T = u8> {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Rows of red, green, blue and straight alpha, tightly packed. The largest value of the type is
    /// white.
    pub pixels: Vec<T>,
}

impl<T: Copy + Default> RgbaImage<T> {
    /// An image with nothing in it.
    fn blank(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            pixels: vec![T::default(); width as usize * height as usize * 4],
        }
    }
}

/// Most pixels of an image, 16384 × 16384: as many as a picture has that any codec allows.
pub(crate) const MAX_IMAGE_PIXELS: u64 = 1 << 28;

/// Most bytes that are rendered at once, so that the GPU needs little memory for large images.
const STRIP_BYTES: u64 = 64 << 20;

impl Renderer {
    /// Renders one frame upright, as its track's geometry says, into an image of `size`, or of the
    /// size at which it is to be shown ([`Geometry::display_size`] of its clean aperture).
    /// `pixel_aspect` is the bitstream's, used where the container states none. The renderer's own
    /// target format does not matter, nor does the adapter's largest texture. Waits for the GPU, so
    /// it is not for a thread with a window.
    ///
    /// # Errors
    /// As [`Renderer::upload`]; [`RenderError::ImageTooLarge`], [`RenderError::Empty`] if the image
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
        self.render(frame, stated, geometry, pixel_aspect, size, look)
    }

    /// [`Renderer::render_image`] with 16 bits per value: the same colours, rounded to 65536 steps
    /// instead of 256.
    ///
    /// # Errors
    /// As [`Renderer::render_image`].
    pub fn render_image_16(
        &mut self,
        frame: &Frame,
        stated: ColorInfo,
        geometry: &Geometry,
        pixel_aspect: Option<Ratio>,
        size: Option<(u32, u32)>,
        look: &Look,
    ) -> Result<RgbaImage<u16>, RenderError> {
        self.render(frame, stated, geometry, pixel_aspect, size, look)
    }

    fn render<T: Value>(
        &mut self,
        frame: &Frame,
        stated: ColorInfo,
        geometry: &Geometry,
        pixel_aspect: Option<Ratio>,
        size: Option<(u32, u32)>,
        look: &Look,
    ) -> Result<RgbaImage<T>, RenderError> {
        let part = aperture(geometry.clean_aperture, frame.width(), frame.height());
        let [_, _, part_width, part_height] = part;
        let (width, height) =
            size.unwrap_or_else(|| geometry.display_size(part_width, part_height, pixel_aspect));
        if width == 0 || height == 0 {
            return Err(RenderError::Empty { width, height });
        }
        if u64::from(width) * u64::from(height) > MAX_IMAGE_PIXELS {
            return Err(RenderError::ImageTooLarge { width, height });
        }
        let texture = self.upload(None, frame, stated)?;
        let mut image = RgbaImage::blank(width, height);
        let mut placement = Placement::filling(width, height);
        placement.orientation = geometry.orientation;
        placement.aperture = Some(part);
        for strip in self.strips::<T>(width, height) {
            self.fill(&mut image, strip, &texture, placement, look)?;
        }
        Ok(image)
    }

    /// Parts of an image that can be rendered at once.
    fn strips<T: Value>(&self, width: u32, height: u32) -> impl Iterator<Item = Strip> + use<T> {
        let limits = self.device.limits();
        let side = limits.max_texture_dimension_2d.max(1);
        let strip_width = width.min(side);
        let bytes = STRIP_BYTES.min(limits.max_buffer_size);
        let rows = bytes / u64::from(strip::padded_row::<T>(strip_width));
        // Patterns, such as that of dithering, repeat every 8 rows and are to go on across strips.
        let strip_height = u32::try_from(rows).unwrap_or(side).min(side) / 8 * 8;
        let strip_height = strip_height.max(1);
        let steps = |length: u32, step: u32| {
            (0..length)
                .step_by(step as usize)
                .map(move |start| (start, step.min(length - start)))
        };
        steps(height, strip_height).flat_map(move |(y, height)| {
            steps(width, strip_width).map(move |(x, width)| Strip {
                x,
                y,
                width,
                height,
            })
        })
    }

    /// Renders a part of an image.
    fn fill<T: Value>(
        &mut self,
        image: &mut RgbaImage<T>,
        strip: Strip,
        texture: &VideoTexture,
        mut placement: Placement,
        look: &Look,
    ) -> Result<(), RenderError> {
        placement.target = [strip.width, strip.height];
        placement.viewport[0] = -(strip.x as f32);
        placement.viewport[1] = -(strip.y as f32);
        let draw = self.draw(texture, &placement, look, T::FORMAT, T::OUTPUT)?;
        let rows = strip.rendered::<T>(&self.device, &self.queue, &draw)?;
        strip.read(&self.device, &rows, image)
    }

    /// Starts to render an image of one strip, and says when its rows can be read.
    fn start_strip(
        &mut self,
        strip: Strip,
        texture: &VideoTexture,
        placement: &Placement,
        look: &Look,
    ) -> Result<(wgpu::Buffer, strip::Mapped), RenderError> {
        let draw = self.draw(texture, placement, look, u8::FORMAT, u8::OUTPUT)?;
        let rows = strip.rendered::<u8>(&self.device, &self.queue, &draw)?;
        let mapped = strip::map(&rows);
        Ok((rows, mapped))
    }
}
