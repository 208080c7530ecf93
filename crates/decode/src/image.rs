//! Still pictures: JPEG and PNG, one sample one frame. FFmpeg comes first for JPEG, because it keeps
//! the chroma planes as they are in the file.

use std::io::Cursor;

use bytes::Bytes;
use reelscope_media::{
    Chroma, Codec, CodecConfig, ColorInfo, Frame, Layout, Matrix, PixelFormat, Primaries, Range,
    Transfer,
};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::limits::{MAX_FRAME_BYTES, MAX_SIDE, check_size};
use crate::{DecodeEnv, DecodeError, Decoder, DecoderEntry, EncodedSample, FrameSender, Pushed};

pub(crate) const ENTRY: DecoderEntry = DecoderEntry {
    name: NAME,
    accepts: |codec| matches!(codec, Codec::Jpeg | Codec::Png),
    open,
};

const NAME: &str = "image";

struct Still {
    codec: Codec,
    frames: FrameSender,
}

fn open(
    config: &CodecConfig,
    _: &DecodeEnv,
    frames: FrameSender,
) -> Result<Box<dyn Decoder>, DecodeError> {
    Ok(Box::new(Still {
        codec: config.codec,
        frames,
    }))
}

impl Decoder for Still {
    fn push(&mut self, sample: EncodedSample) -> Result<Pushed, DecodeError> {
        let generation = self.frames.generation();
        let frame = match self.codec {
            Codec::Png => png(&sample.bytes)?,
            _ => jpeg(&sample.bytes)?,
        };
        self.frames.send(generation, sample.id, frame);
        Ok(Pushed::Given)
    }

    fn flush(&mut self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn reset(&mut self) {}

    fn describe(&self) -> String {
        match self.codec {
            Codec::Png => "png".to_owned(),
            _ => "zune-jpeg".to_owned(),
        }
    }
}

fn damaged(reason: impl ToString) -> DecodeError {
    DecodeError::Damaged {
        engine: NAME,
        reason: reason.to_string(),
    }
}

/// JPEG (ITU-T T.81). Grey stays grey and YCbCr stays YCbCr, with chroma brought to full size;
/// everything else becomes RGB.
fn jpeg(bytes: &[u8]) -> Result<Frame, DecodeError> {
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

/// PNG (W3C PNG §11): grey and RGB, with alpha where there is some, palettes resolved; 16-bit
/// values little-endian.
fn png(bytes: &[u8]) -> Result<Frame, DecodeError> {
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
            pixels = without_alpha(&pixels, usize::from(depth) / 8);
            (Layout::Planar(Chroma::Mono), grey())
        }
        png::ColorType::Rgba => (Layout::Rgba, srgb()),
        png::ColorType::Rgb | png::ColorType::Indexed => (Layout::Rgb, srgb()),
    };
    let format = PixelFormat {
        layout,
        depth,
        high_bits: false,
    };
    Frame::from_packed(format, info.width, info.height, Bytes::from(pixels), color).map_err(damaged)
}

/// The grey values of grey and alpha pairs.
fn without_alpha(pairs: &[u8], bytes: usize) -> Vec<u8> {
    pairs
        .chunks_exact(2 * bytes)
        .flat_map(|pair| pair.iter().take(bytes).copied())
        .collect()
}

fn srgb() -> ColorInfo {
    ColorInfo {
        range: Range::Full,
        matrix: Matrix::IDENTITY,
        primaries: Primaries::BT709,
        transfer: Transfer::SRGB,
        ..ColorInfo::default()
    }
}

fn grey() -> ColorInfo {
    ColorInfo {
        matrix: Matrix::UNSPECIFIED,
        ..srgb()
    }
}
