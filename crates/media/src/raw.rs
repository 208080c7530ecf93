//! Formats of uncoded pictures as loggers name them by number, and how they are written down in a
//! codec configuration. The pixels themselves are the decoder's business.

mod numbers;

use bytes::Bytes;

use crate::{
    BayerPattern, Chroma, Codec, CodecConfig, ColorInfo, Framing, Layout, Matrix, Packing,
    PixelFormat, Primaries, Range, Transfer,
};

/// Size and layout of an uncoded picture, tightly packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RawFormat {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// How its values lie.
    pub layout: RawLayout,
}

/// How the values of an uncoded picture lie. Chroma of odd sizes rounds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RawLayout {
    /// 8-bit planes Y, Cb, Cr (or Y alone) of ITU-R BT.709.
    Planar(Chroma, Range),
    /// 8-bit plane Y, then a 4:2:0 plane of Cb, Cr pairs; ITU-R BT.601 in limited range.
    Nv12,
    /// Y, Cb, Y, Cr for every two pixels, 8 bits each; ITU-R BT.601 in limited range.
    Yuy2,
    /// 8-bit values behind a colour filter mosaic.
    Bayer(BayerPattern),
    /// Pixel after pixel, value after value.
    Interleaved(ColorModel, ValueType),
}

/// Which values a pixel has, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColorModel {
    /// One value: a shade of grey or a measurement.
    L,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
    /// Blue, green, red.
    Bgr,
    /// Blue, green, red, alpha.
    Bgra,
}

/// The type of a value; little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Unsigned, 8 bits.
    U8,
    /// Signed, 8 bits.
    I8,
    /// Unsigned, 16 bits.
    U16,
    /// Signed, 16 bits.
    I16,
    /// Unsigned, 32 bits.
    U32,
    /// Signed, 32 bits.
    I32,
    /// Unsigned, 64 bits.
    U64,
    /// Signed, 64 bits.
    I64,
    /// IEEE 754 half precision.
    F16,
    /// IEEE 754 single precision.
    F32,
    /// IEEE 754 double precision.
    F64,
}

/// A format that an uncoded picture cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RawFormatError {
    /// A number that stands for no pixel format.
    #[error("unsupported pixel format {number}")]
    PixelFormat {
        /// The number.
        number: u8,
    },
    /// A number that stands for no colour model.
    #[error("unsupported colour model {number}")]
    ColorModel {
        /// The number.
        number: u8,
    },
    /// A number that stands for no type of value.
    #[error("unsupported channel datatype {number}")]
    ValueType {
        /// The number.
        number: u8,
    },
    /// There are no pixels.
    #[error("a picture of {width}×{height} has no pixels")]
    Empty {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The configuration record is none of an uncoded picture.
    #[error("the picture's format is written in {len} bytes, where {needed} are needed")]
    Record {
        /// Bytes that are there.
        len: usize,
        /// Bytes that are needed.
        needed: usize,
    },
}

impl ColorModel {
    /// Values of a pixel.
    pub const fn channels(self) -> usize {
        match self {
            Self::L => 1,
            Self::Rgb | Self::Bgr => 3,
            Self::Rgba | Self::Bgra => 4,
        }
    }
}

impl ValueType {
    /// Bytes of a value.
    pub const fn byte_size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 | Self::F16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }
}

impl RawFormat {
    /// The format that a logger's numbers stand for. A pixel format decides alone where there is
    /// one; a missing colour model is `L`, a missing channel datatype `U8`.
    ///
    /// # Errors
    /// If a number stands for nothing known, or there are no pixels.
    pub fn from_numbers(
        width: u32,
        height: u32,
        pixel_format: Option<u8>,
        color_model: Option<u8>,
        channel_datatype: Option<u8>,
    ) -> Result<Self, RawFormatError> {
        if width == 0 || height == 0 {
            return Err(RawFormatError::Empty { width, height });
        }
        let layout = match pixel_format {
            Some(number) => numbers::layout(number)?,
            None => RawLayout::Interleaved(
                color_model.map_or(Ok(ColorModel::L), numbers::color_model)?,
                channel_datatype.map_or(Ok(ValueType::U8), numbers::value_type)?,
            ),
        };
        Ok(Self {
            width,
            height,
            layout,
        })
    }

    /// Bytes of a picture; `None` if no memory could hold it.
    pub fn byte_size(self) -> Option<usize> {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let pixels = width.checked_mul(height)?;
        let bytes = match self.layout {
            RawLayout::Planar(Chroma::Mono, _) | RawLayout::Bayer(_) => pixels,
            RawLayout::Planar(chroma, _) => with_chroma(pixels, width, height, chroma)?,
            RawLayout::Nv12 => with_chroma(pixels, width, height, Chroma::Yuv420)?,
            RawLayout::Yuy2 => width.div_ceil(2).checked_mul(4)?.checked_mul(height)?,
            RawLayout::Interleaved(model, ty) => {
                pixels.checked_mul(model.channels() as u64 * ty.byte_size() as u64)?
            }
        };
        // No allocation is larger than what a signed size can tell.
        isize::try_from(bytes).ok()?;
        usize::try_from(bytes).ok()
    }

    /// The format of its decoded frames: 8- and 16-bit unsigned values stay what they are, every
    /// other type becomes single-precision floats.
    pub const fn frame_format(self) -> PixelFormat {
        let layout = match self.layout {
            RawLayout::Planar(chroma, _) => Layout::Planar(chroma),
            RawLayout::Nv12 => Layout::SemiPlanar(Chroma::Yuv420),
            RawLayout::Yuy2 => Layout::Packed(Packing::Yuyv),
            RawLayout::Bayer(pattern) => Layout::Bayer(pattern),
            RawLayout::Interleaved(ColorModel::L, _) => Layout::Planar(Chroma::Mono),
            RawLayout::Interleaved(ColorModel::Rgb, _) => Layout::Rgb,
            RawLayout::Interleaved(ColorModel::Rgba, _) => Layout::Rgba,
            RawLayout::Interleaved(ColorModel::Bgr, _) => Layout::Bgr,
            RawLayout::Interleaved(ColorModel::Bgra, _) => Layout::Bgra,
        };
        let depth = match self.layout {
            RawLayout::Interleaved(_, ValueType::U16) => 16,
            RawLayout::Interleaved(_, ty) if !matches!(ty, ValueType::U8) => {
                PixelFormat::FLOAT_DEPTH
            }
            _ => 8,
        };
        PixelFormat {
            layout,
            depth,
            high_bits: false,
        }
    }

    /// What its values mean.
    pub fn color(self) -> ColorInfo {
        let (matrix, range, transfer) = match self.layout {
            RawLayout::Planar(Chroma::Mono, range) => (Matrix::UNSPECIFIED, range, Transfer::BT709),
            RawLayout::Planar(_, range) => (Matrix::BT709, range, Transfer::BT709),
            RawLayout::Nv12 | RawLayout::Yuy2 => {
                (Matrix::SMPTE170M, Range::Limited, Transfer::SMPTE170M)
            }
            RawLayout::Interleaved(ColorModel::L, _) => {
                (Matrix::UNSPECIFIED, Range::Full, Transfer::SRGB)
            }
            RawLayout::Bayer(_) | RawLayout::Interleaved(..) => {
                (Matrix::IDENTITY, Range::Full, Transfer::SRGB)
            }
        };
        ColorInfo {
            range,
            matrix,
            primaries: Primaries::BT709,
            transfer,
            ..ColorInfo::default()
        }
    }

    /// The configuration of a track of such pictures.
    pub fn config(self) -> CodecConfig {
        CodecConfig {
            codec: Codec::Raw,
            framing: Framing::Whole,
            record: Bytes::copy_from_slice(&numbers::record(self)),
        }
    }

    /// The format that a [`CodecConfig::record`] of [`Codec::Raw`] states.
    ///
    /// # Errors
    /// If [`RawFormat::config`] has not made it.
    pub fn from_record(record: &[u8]) -> Result<Self, RawFormatError> {
        numbers::from_record(record)
    }
}

/// Bytes of a plane of luma and two of chroma, 8 bits each.
fn with_chroma(pixels: u64, width: u64, height: u64, chroma: Chroma) -> Option<u64> {
    let (across, down) = chroma.shifts();
    let plane = width
        .div_ceil(1 << across)
        .checked_mul(height.div_ceil(1 << down))?;
    pixels.checked_add(plane.checked_mul(2)?)
}

#[cfg(test)]
mod tests;
