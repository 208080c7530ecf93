//! Raw pixels as a JPEG file.

use jpeg_encoder::{ColorType, Encoder};

use super::{ChannelDatatype, ColorModel, EncodedImage, Image};
use crate::SdkError;

impl Image {
    /// The picture as a JPEG file, of a quality from 1 to 100 (95 is hard to tell from the picture). Alpha
    /// is lost.
    ///
    /// # Errors
    /// [`SdkError::NotForJpeg`] unless it has a colour model with 8 bits a value and sides of 1 to 65535
    /// pixels.
    pub fn compress(&self, quality: u8) -> Result<EncodedImage, SdkError> {
        let format = self.format;
        let refused = |why| SdkError::NotForJpeg { why };
        if format.channel_datatype != Some(ChannelDatatype::U8.number()) {
            return Err(refused("its values have to be unsigned with 8 bits"));
        }
        let is_it = |model: &ColorModel| format.color_model == Some(model.number());
        let colors = match ColorModel::ALL.into_iter().find(is_it) {
            Some(ColorModel::L) => ColorType::Luma,
            Some(ColorModel::Rgb) => ColorType::Rgb,
            Some(ColorModel::Rgba) => ColorType::Rgba,
            Some(ColorModel::Bgr) => ColorType::Bgr,
            Some(ColorModel::Bgra) => ColorType::Bgra,
            None => return Err(refused("it has to have a colour model")),
        };
        let side = |pixels: u32| u16::try_from(pixels).ok().filter(|pixels| *pixels > 0);
        let (Some(width), Some(height)) = (side(format.width), side(format.height)) else {
            return Err(refused("its sides have to be 1 to 65535 pixels long"));
        };
        let mut file = Vec::new();
        Encoder::new(&mut file, quality.clamp(1, 100))
            .encode(&self.buffer, width, height, colors)
            .map_err(|_| refused("the encoder does not take it"))?;
        let mut image = EncodedImage::from_file_contents(file);
        image.layer = self.layer;
        Ok(image)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PixelFormat;

    #[test]
    fn what_jpeg_cannot_hold_is_refused_in_words() {
        let error = |image: Result<Image, SdkError>| image.unwrap().compress(95).unwrap_err();
        let deep = Image::from_color_model(vec![0; 8], 2, 2, ColorModel::L, ChannelDatatype::U16);
        assert!(error(deep).to_string().contains("8 bits"));
        let empty = Image::from_rgb24(Vec::new(), 0, 2);
        assert!(error(empty).to_string().contains("1 to 65535 pixels"));
        let planes = Image::from_pixel_format(vec![0; 6], 2, 2, PixelFormat::Nv12);
        assert!(error(planes).to_string().contains("unsigned with 8 bits"));
    }
}
