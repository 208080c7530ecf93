//! A picture as raw pixels.

use bytes::Bytes;
use reelscope_wire::ImageFormat;
use reelscope_wire::component::{IMAGE_BUFFER, IMAGE_DRAW_ORDER, IMAGE_FORMAT, IMAGE_OPACITY};

use super::layer::{Layer, layered};
use super::{AsComponents, Component, ComponentValue};
use crate::SdkError;

/// Which values a pixel has, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColorModel {
    /// Lightness alone.
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

impl ColorModel {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::L, Self::Rgb, Self::Rgba, Self::Bgr, Self::Bgra];

    /// The protocol's number.
    pub fn number(self) -> u8 {
        match self {
            Self::L => 1,
            Self::Rgb => 2,
            Self::Rgba => 3,
            Self::Bgr => 4,
            Self::Bgra => 5,
        }
    }

    /// Values of a pixel.
    pub fn channels(self) -> u32 {
        match self {
            Self::L => 1,
            Self::Rgb | Self::Bgr => 3,
            Self::Rgba | Self::Bgra => 4,
        }
    }
}

/// The type of each value; all little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChannelDatatype {
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
    /// IEEE 754, 16 bits.
    F16,
    /// IEEE 754, 32 bits.
    F32,
    /// IEEE 754, 64 bits.
    F64,
}

impl ChannelDatatype {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::U8,
        Self::I8,
        Self::U16,
        Self::I16,
        Self::U32,
        Self::I32,
        Self::U64,
        Self::I64,
        Self::F16,
        Self::F32,
        Self::F64,
    ];

    /// The protocol's number.
    pub fn number(self) -> u8 {
        match self {
            Self::U8 => 6,
            Self::I8 => 7,
            Self::U16 => 8,
            Self::I16 => 9,
            Self::U32 => 10,
            Self::I32 => 11,
            Self::U64 => 12,
            Self::I64 => 13,
            Self::F16 => 33,
            Self::F32 => 34,
            Self::F64 => 35,
        }
    }

    /// Bytes of a value.
    pub fn bytes(self) -> u32 {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 | Self::F16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }
}

/// Layouts with a name of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(non_camel_case_types, reason = "these are the names of the protocol")]
pub enum PixelFormat {
    /// Planar 4:2:0, limited range (I420).
    Y_U_V12_LimitedRange,
    /// Planar 4:2:0, full range.
    Y_U_V12_FullRange,
    /// Planar 4:2:2, limited range.
    Y_U_V16_LimitedRange,
    /// Planar 4:2:2, full range.
    Y_U_V16_FullRange,
    /// Planar 4:4:4, limited range.
    Y_U_V24_LimitedRange,
    /// Planar 4:4:4, full range.
    Y_U_V24_FullRange,
    /// A plane of luma, one of interleaved chroma, 4:2:0.
    Nv12,
    /// Y0 U Y1 V, 4:2:2.
    Yuy2,
    /// Luma alone, full range.
    Y8_FullRange,
    /// Luma alone, limited range.
    Y8_LimitedRange,
    /// What a sensor saw behind a mosaic of filters: red, green; green, blue.
    BayerRGGB8,
    /// Blue, green; green, red.
    BayerBGGR8,
    /// Green, blue; red, green.
    BayerGBRG8,
    /// Green, red; blue, green.
    BayerGRBG8,
}

impl PixelFormat {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Y_U_V12_LimitedRange,
        Self::Y_U_V12_FullRange,
        Self::Y_U_V16_LimitedRange,
        Self::Y_U_V16_FullRange,
        Self::Y_U_V24_LimitedRange,
        Self::Y_U_V24_FullRange,
        Self::Nv12,
        Self::Yuy2,
        Self::Y8_FullRange,
        Self::Y8_LimitedRange,
        Self::BayerRGGB8,
        Self::BayerBGGR8,
        Self::BayerGBRG8,
        Self::BayerGRBG8,
    ];

    /// The protocol's number.
    pub fn number(self) -> u8 {
        match self {
            Self::Y_U_V12_LimitedRange => 20,
            Self::Nv12 => 26,
            Self::Yuy2 => 27,
            Self::Y8_FullRange => 30,
            Self::Y_U_V24_LimitedRange => 39,
            Self::Y_U_V24_FullRange => 40,
            Self::Y8_LimitedRange => 41,
            Self::Y_U_V12_FullRange => 44,
            Self::Y_U_V16_LimitedRange => 49,
            Self::Y_U_V16_FullRange => 50,
            Self::BayerRGGB8 => 128,
            Self::BayerBGGR8 => 129,
            Self::BayerGBRG8 => 130,
            Self::BayerGRBG8 => 131,
        }
    }

    /// Bytes of a picture. Odd sides have a chroma sample for the last pixel, too.
    fn bytes(self, width: u32, height: u32) -> u64 {
        let (width, height) = (u64::from(width), u64::from(height));
        let luma = width * height;
        let half = width.div_ceil(2);
        match self {
            Self::Y8_FullRange
            | Self::Y8_LimitedRange
            | Self::BayerRGGB8
            | Self::BayerBGGR8
            | Self::BayerGBRG8
            | Self::BayerGRBG8 => luma,
            Self::Y_U_V12_LimitedRange | Self::Y_U_V12_FullRange | Self::Nv12 => {
                luma + 2 * half * height.div_ceil(2)
            }
            Self::Y_U_V16_LimitedRange | Self::Y_U_V16_FullRange => luma + 2 * half * height,
            Self::Yuy2 => 4 * half * height,
            Self::Y_U_V24_LimitedRange | Self::Y_U_V24_FullRange => 3 * luma,
        }
    }
}

/// Raw pixels, row by row from the top, without padding.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    pub(super) buffer: Bytes,
    pub(super) format: ImageFormat,
    pub(super) layer: Layer,
}

impl Image {
    /// Red, green and blue of 8 bits each.
    ///
    /// # Errors
    /// [`SdkError::PictureSize`] unless there are `width * height * 3` bytes.
    pub fn from_rgb24(bytes: impl Into<Bytes>, width: u32, height: u32) -> Result<Self, SdkError> {
        Self::from_color_model(bytes, width, height, ColorModel::Rgb, ChannelDatatype::U8)
    }

    /// Red, green, blue and alpha of 8 bits each.
    ///
    /// # Errors
    /// [`SdkError::PictureSize`] unless there are `width * height * 4` bytes.
    pub fn from_rgba32(bytes: impl Into<Bytes>, width: u32, height: u32) -> Result<Self, SdkError> {
        Self::from_color_model(bytes, width, height, ColorModel::Rgba, ChannelDatatype::U8)
    }

    /// Lightness of 8 bits.
    ///
    /// # Errors
    /// [`SdkError::PictureSize`] unless there are `width * height` bytes.
    pub fn from_l8(bytes: impl Into<Bytes>, width: u32, height: u32) -> Result<Self, SdkError> {
        Self::from_color_model(bytes, width, height, ColorModel::L, ChannelDatatype::U8)
    }

    /// Pixels with interleaved values.
    ///
    /// # Errors
    /// [`SdkError::PictureSize`] unless there are as many bytes as that needs.
    pub fn from_color_model(
        bytes: impl Into<Bytes>,
        width: u32,
        height: u32,
        model: ColorModel,
        datatype: ChannelDatatype,
    ) -> Result<Self, SdkError> {
        let pixel = u64::from(model.channels()) * u64::from(datatype.bytes());
        let expected = u64::from(width)
            .saturating_mul(u64::from(height))
            .saturating_mul(pixel);
        let format = ImageFormat {
            width,
            height,
            pixel_format: None,
            color_model: Some(model.number()),
            channel_datatype: Some(datatype.number()),
        };
        Self::checked(
            bytes.into(),
            format,
            expected,
            format!("{model:?} {datatype:?}"),
        )
    }

    /// Pixels in a layout with a name of its own.
    ///
    /// # Errors
    /// [`SdkError::PictureSize`] unless there are as many bytes as that needs.
    pub fn from_pixel_format(
        bytes: impl Into<Bytes>,
        width: u32,
        height: u32,
        layout: PixelFormat,
    ) -> Result<Self, SdkError> {
        let format = ImageFormat {
            width,
            height,
            pixel_format: Some(layout.number()),
            color_model: None,
            channel_datatype: None,
        };
        let expected = layout.bytes(width, height);
        Self::checked(bytes.into(), format, expected, format!("{layout:?}"))
    }

    fn checked(
        buffer: Bytes,
        format: ImageFormat,
        expected: u64,
        name: String,
    ) -> Result<Self, SdkError> {
        check_size(&buffer, &format, expected, name)?;
        Ok(Self {
            buffer,
            format,
            layer: Layer::default(),
        })
    }
}

/// The format of a picture whose pixels have one value that is no light: a depth, a number of a class.
///
/// # Errors
/// [`SdkError::PictureSize`] unless there are as many bytes as that needs.
pub(super) fn single_valued(
    buffer: &Bytes,
    width: u32,
    height: u32,
    datatype: ChannelDatatype,
) -> Result<ImageFormat, SdkError> {
    let format = ImageFormat {
        width,
        height,
        pixel_format: None,
        color_model: None,
        channel_datatype: Some(datatype.number()),
    };
    let pixels = u64::from(width) * u64::from(height);
    let expected = pixels.saturating_mul(u64::from(datatype.bytes()));
    check_size(buffer, &format, expected, format!("{datatype:?}"))?;
    Ok(format)
}

fn check_size(
    buffer: &Bytes,
    format: &ImageFormat,
    expected: u64,
    name: String,
) -> Result<(), SdkError> {
    if buffer.len() as u64 == expected {
        return Ok(());
    }
    Err(SdkError::PictureSize {
        width: format.width,
        height: format.height,
        format: name,
        expected,
        bytes: buffer.len(),
    })
}

layered!(Image);

impl AsComponents for Image {
    fn components(&self) -> Vec<Component> {
        let mut all = vec![
            Component::new(IMAGE_BUFFER, ComponentValue::Blob(self.buffer.clone())),
            Component::new(IMAGE_FORMAT, ComponentValue::ImageFormat(self.format)),
        ];
        let layer = self.layer;
        layer.push(&mut all, IMAGE_OPACITY, IMAGE_DRAW_ORDER);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_another_size_than_its_format_is_refused_in_words() {
        let error = Image::from_rgb24(vec![0; 10], 2, 2)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("2 × 2") && error.contains("12 bytes, not 10"),
            "{error}"
        );
        assert!(Image::from_rgb24(vec![0; 12], 2, 2).is_ok());
    }

    #[test]
    fn odd_sides_have_chroma_for_the_last_pixel() {
        let bytes = |layout: PixelFormat| layout.bytes(3, 3);
        assert_eq!(bytes(PixelFormat::Nv12), 9 + 8);
        assert_eq!(bytes(PixelFormat::Y_U_V16_FullRange), 9 + 12);
        assert_eq!(bytes(PixelFormat::Yuy2), 24);
        assert_eq!(bytes(PixelFormat::Y8_FullRange), 9);
    }
}
