//! PNG, with 16-bit values where the file has them.

use std::io::Cursor;

use bytes::Bytes;
use reelscope_media::{Chroma, ColorInfo, Frame, Layout, PixelFormat};

use super::{damaged, grey};
use crate::DecodeError;
use crate::limits::{MAX_FRAME_BYTES, check_size};

/// PNG (W3C PNG §11): grey and RGB, with alpha where there is some, palettes resolved; 16-bit
/// values little-endian.
pub(super) fn decode(bytes: &[u8]) -> Result<Frame, DecodeError> {
    let limits = png::Limits {
        bytes: MAX_FRAME_BYTES,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    let info = decoder.read_header_info().map_err(damaged)?;
    check_size(info.width, info.height)?;
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader
        .output_buffer_size()
        .filter(|size| *size <= MAX_FRAME_BYTES);
    let mut pixels = vec![0; size.ok_or_else(|| damaged("it is too large"))?];
    let info = reader.next_frame(&mut pixels).map_err(damaged)?;
    pixels.truncate(info.buffer_size());
    let depth = if info.bit_depth == png::BitDepth::Sixteen {
        16
    } else {
        8
    };
    if depth == 16 {
        for value in pixels.chunks_exact_mut(2) {
            value.reverse();
        }
    }
    let (layout, color) = match info.color_type {
        png::ColorType::Grayscale => (Layout::Planar(Chroma::Mono), grey()),
        png::ColorType::GrayscaleAlpha => {
            pixels = with_colours(&pixels, usize::from(depth) / 8);
            (Layout::Rgba, ColorInfo::default())
        }
        png::ColorType::Rgba => (Layout::Rgba, ColorInfo::default()),
        png::ColorType::Rgb | png::ColorType::Indexed => (Layout::Rgb, ColorInfo::default()),
    };
    let format = PixelFormat {
        layout,
        depth,
        high_bits: false,
    };
    let (width, height) = (info.width, info.height);
    let mut frame =
        Frame::from_packed(format, width, height, Bytes::from(pixels), color).map_err(damaged)?;
    frame.measure_values();
    Ok(frame)
}

/// Grey and alpha pairs as R, G, B and alpha.
fn with_colours(pairs: &[u8], bytes: usize) -> Vec<u8> {
    pairs
        .chunks_exact(2 * bytes)
        .flat_map(|pair| {
            let (grey, alpha) = pair.split_at(bytes);
            [grey, grey, grey, alpha].concat()
        })
        .collect()
}
