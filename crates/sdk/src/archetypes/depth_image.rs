//! A picture whose values are distances.

use bytes::Bytes;
use reelscope_wire::ImageFormat;
use reelscope_wire::component::{
    DEPTH_IMAGE_BUFFER, DEPTH_IMAGE_DRAW_ORDER, DEPTH_IMAGE_FORMAT, DEPTH_IMAGE_METER,
};

use super::image::single_valued;
use super::{AsComponents, ChannelDatatype, Component, ComponentValue, push};
use crate::SdkError;

/// Distances, row by row from the top, without padding.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthImage {
    buffer: Bytes,
    format: ImageFormat,
    meter: Option<f32>,
    draw_order: Option<f32>,
}

impl DepthImage {
    /// One distance for each pixel.
    ///
    /// # Errors
    /// [`SdkError::PictureSize`] unless there are as many bytes as that needs.
    pub fn new(
        bytes: impl Into<Bytes>,
        width: u32,
        height: u32,
        datatype: ChannelDatatype,
    ) -> Result<Self, SdkError> {
        let buffer = bytes.into();
        let format = single_valued(&buffer, width, height, datatype)?;
        Ok(Self {
            buffer,
            format,
            meter: None,
            draw_order: None,
        })
    }

    /// How much of the values is a metre: 1000 if they are millimetres.
    #[must_use]
    pub fn with_meter(mut self, meter: f32) -> Self {
        self.meter = Some(meter);
        self
    }

    /// Greater is nearer.
    #[must_use]
    pub fn with_draw_order(mut self, draw_order: f32) -> Self {
        self.draw_order = Some(draw_order);
        self
    }
}

impl AsComponents for DepthImage {
    fn components(&self) -> Vec<Component> {
        let buffer = ComponentValue::Blob(self.buffer.clone());
        let format = ComponentValue::ImageFormat(self.format);
        let mut all = vec![
            Component::new(DEPTH_IMAGE_BUFFER, buffer),
            Component::new(DEPTH_IMAGE_FORMAT, format),
        ];
        let meter = self.meter.map(ComponentValue::F32);
        push(&mut all, DEPTH_IMAGE_METER, meter);
        let draw_order = self.draw_order.map(ComponentValue::F32);
        push(&mut all, DEPTH_IMAGE_DRAW_ORDER, draw_order);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_another_size_is_refused() {
        let image = |bytes: usize| DepthImage::new(vec![0; bytes], 4, 3, ChannelDatatype::U16);
        assert!(image(24).is_ok());
        assert!(image(12).is_err());
    }
}
