//! JPEG with zune-jpeg.

use reelscope_media::{Chroma, ColorInfo, Frame, Layout, Matrix, PixelFormat, Range};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::damaged;
use crate::DecodeError;
use crate::limits::{MAX_SIDE, check_size};

/// JPEG (ITU-T T.81). Grey stays grey and YCbCr stays YCbCr, with chroma brought to full size;
/// everything else becomes RGB.
pub(super) fn decode(bytes: &[u8]) -> Result<Frame, DecodeError> {
    check_whole(bytes, super::NAME)?;
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
        ColorSpace::RGB => ColorInfo::default(),
        // JFIF (ITU-T T.871 §6.2) has the matrix of BT.601 at full range.
        _ => ColorInfo {
            range: Range::Full,
            matrix: Matrix::BT470BG,
            ..ColorInfo::default()
        },
    };
    Frame::from_packed(format, width, height, packed.into(), color).map_err(damaged)
}

/// Refuses a picture that ends before its last line: decoders fill up the rest and say nothing. One
/// that lacks the end marker alone is whole: there are cameras that leave it out.
///
/// # Errors
/// [`DecodeError::Damaged`] by `engine` if it is cut off.
pub(crate) fn check_whole(bytes: &[u8], engine: &'static str) -> Result<(), DecodeError> {
    const SOI: [u8; 2] = [0xff, 0xd8];
    const EOI: [u8; 2] = [0xff, 0xd9];
    if !bytes.starts_with(&SOI) {
        return Ok(());
    }
    let is_whole = match scan(bytes) {
        // The end marker of a picture inside the headers does not count.
        Some(scan) => scan.windows(2).rev().any(|pair| pair == EOI) || fills_all_lines(bytes),
        None => bytes.ends_with(&EOI),
    };
    if is_whole {
        return Ok(());
    }
    Err(DecodeError::Damaged {
        engine,
        reason: format!("the JPEG is cut off after {} bytes", bytes.len()),
    })
}

/// What comes after the header of the first scan (ITU-T T.81 §B.2). `None` if the headers end before.
fn scan(bytes: &[u8]) -> Option<&[u8]> {
    const SOS: u8 = 0xda;
    let mut rest = bytes.get(2..)?;
    loop {
        let start = rest.iter().position(|byte| *byte == 0xff)?;
        rest = rest.get(start..)?;
        let code = rest.iter().position(|byte| *byte != 0xff)?;
        let (marker, after) = rest.get(code..)?.split_first()?;
        rest = after;
        // Stuffing, TEM, RST, SOI, EOI: no segment follows.
        if matches!(*marker, 0x00 | 0x01 | 0xd0..=0xd9) {
            continue;
        }
        let length = u16::from_be_bytes(*rest.first_chunk()?);
        rest = rest.get(usize::from(length.max(2))..)?;
        if *marker == SOS {
            return Some(rest);
        }
    }
}

/// True if there is data for all lines, or if that cannot be told.
fn fills_all_lines(bytes: &[u8]) -> bool {
    const DHT: [u8; 2] = [0xff, 0xc4];
    // Pictures of videos may leave out tables that everybody knows; the strict decoder does not.
    if !bytes.windows(2).any(|pair| pair == DHT) {
        return true;
    }
    let side = MAX_SIDE as usize;
    let options = DecoderOptions::default()
        .set_max_width(side)
        .set_max_height(side)
        .set_strict_mode(true);
    let decoded = JpegDecoder::new_with_options(ZCursor::new(bytes), options).decode();
    matches!(decoded, Ok(_) | Err(DecodeErrors::Unsupported(_)))
}

/// Three planes from interleaved triples.
fn separate(pixels: &[u8]) -> Vec<u8> {
    let mut planes = Vec::with_capacity(pixels.len());
    for plane in 0..3 {
        planes.extend(pixels.iter().skip(plane).step_by(3));
    }
    planes
}
