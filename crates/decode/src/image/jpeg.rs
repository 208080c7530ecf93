//! JPEG with zune-jpeg.

use reelscope_media::{Chroma, ColorInfo, Frame, Layout, Matrix, PixelFormat, Range};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{damaged, srgb};
use crate::DecodeError;
use crate::limits::{MAX_SIDE, check_size};

/// JPEG (ITU-T T.81). Grey stays grey and YCbCr stays YCbCr, with chroma brought to full size;
/// everything else becomes RGB.
pub(super) fn decode(bytes: &[u8]) -> Result<Frame, DecodeError> {
    let side = MAX_SIDE as usize;
    let options = DecoderOptions::default()
        .set_max_width(side)
        .set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let output = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => ColorSpace::Luma,
        Some(ColorSpace::YCbCr) => ColorSpace::YCbCr,
        _ => ColorSpace::RGB,
    };
    decoder.set_options(options.jpeg_set_out_colorspace(output));
    let (width, height) = decoder
        .dimensions()
        .ok_or_else(|| damaged("it has no size"))?;
    let (width, height) = (
        u32::try_from(width).map_err(damaged)?,
        u32::try_from(height).map_err(damaged)?,
    );
    check_size(width, height)?;
    let pixels = decoder.decode().map_err(damaged)?;
    let (format, packed) = match output {
        ColorSpace::Luma => (PixelFormat::planar(Chroma::Mono, 8), pixels),
        ColorSpace::YCbCr => (PixelFormat::planar(Chroma::Yuv444, 8), separate(&pixels)),
        _ => (
            PixelFormat {
                layout: Layout::Rgb,
                depth: 8,
                high_bits: false,
            },
            pixels,
        ),
    };
    let color = match output {
        ColorSpace::RGB => srgb(),
        // JFIF (ITU-T T.871 §6.2) has the matrix of BT.601 at full range.
        _ => ColorInfo {
            range: Range::Full,
            matrix: Matrix::BT470BG,
            ..ColorInfo::default()
        },
    };
    Frame::from_packed(format, width, height, packed.into(), color).map_err(damaged)
}

/// Three planes from interleaved triples.
fn separate(pixels: &[u8]) -> Vec<u8> {
    let mut planes = Vec::with_capacity(pixels.len());
    for plane in 0..3 {
        planes.extend(pixels.iter().skip(plane).step_by(3));
    }
    planes
}
