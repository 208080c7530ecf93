//! WebP, BMP and GIF with the `image` crate: 8-bit pictures, of animations the first.

use std::io::Cursor;

use bytes::Bytes;
use image::{ColorType, ImageDecoder, ImageFormat, ImageReader, Limits};
use reelscope_media::{Chroma, ColorInfo, Frame, Layout, PixelFormat};

use super::{damaged, grey};
use crate::DecodeError;
use crate::limits::{MAX_FRAME_BYTES, MAX_SIDE, check_size};

/// WebP, RFC 9649.
pub(super) fn webp(bytes: &[u8]) -> Result<Frame, DecodeError> {
    decode(bytes, ImageFormat::WebP)
}

/// Windows bitmaps; run-length coded and palettes too.
pub(super) fn bmp(bytes: &[u8]) -> Result<Frame, DecodeError> {
    decode(bytes, ImageFormat::Bmp)
}

/// GIF, the first picture on its screen.
pub(super) fn gif(bytes: &[u8]) -> Result<Frame, DecodeError> {
    decode(bytes, ImageFormat::Gif)
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<Frame, DecodeError> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_FRAME_BYTES as u64);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let (layout, color) = match decoder.color_type() {
        ColorType::L8 => (Layout::Planar(Chroma::Mono), grey()),
        ColorType::Rgb8 => (Layout::Rgb, ColorInfo::default()),
        ColorType::Rgba8 => (Layout::Rgba, ColorInfo::default()),
        other => return Err(damaged(format!("its pixels are {other:?}"))),
    };
    let format = PixelFormat {
        layout,
        depth: 8,
        high_bits: false,
    };
    let size = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
    if size > MAX_FRAME_BYTES {
        return Err(damaged("it is too large"));
    }
    let mut pixels = vec![0; size];
    decoder.read_image(&mut pixels).map_err(damaged)?;
    Frame::from_packed(format, width, height, Bytes::from(pixels), color).map_err(damaged)
}
