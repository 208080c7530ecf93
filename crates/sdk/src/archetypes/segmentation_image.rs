//! A picture whose values are numbers of classes.

use bytes::Bytes;
use reelscope_wire::ImageFormat;
use reelscope_wire::component::{
    SEGMENTATION_IMAGE_BUFFER, SEGMENTATION_IMAGE_DRAW_ORDER, SEGMENTATION_IMAGE_FORMAT,
    SEGMENTATION_IMAGE_OPACITY,
};

use super::image::single_valued;
use super::{AsComponents, ChannelDatatype, Component, ComponentValue, push};
use crate::SdkError;

/// Numbers of classes, row by row from the top, without padding.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentationImage {
    buffer: Bytes,
    format: ImageFormat,
    opacity: Option<f32>,
    draw_order: Option<f32>,
}

impl SegmentationImage {
    /// One class for each pixel.
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
            opacity: None,
            draw_order: None,
        })
    }

    /// How opaque it is drawn: 0 to 1.
    #[must_use]
    pub fn with_opacity(mut self, opacity: f32) -> Self {
        self.opacity = Some(opacity);
        self
    }

    /// Greater is nearer.
    #[must_use]
    pub fn with_draw_order(mut self, draw_order: f32) -> Self {
        self.draw_order = Some(draw_order);
        self
    }
}

impl AsComponents for SegmentationImage {
    fn components(&self) -> Vec<Component> {
        let buffer = ComponentValue::Blob(self.buffer.clone());
        let format = ComponentValue::ImageFormat(self.format);
        let mut all = vec![
            Component::new(SEGMENTATION_IMAGE_BUFFER, buffer),
            Component::new(SEGMENTATION_IMAGE_FORMAT, format),
        ];
        let opacity = self.opacity.map(ComponentValue::F32);
        push(&mut all, SEGMENTATION_IMAGE_OPACITY, opacity);
        let draw_order = self.draw_order.map(ComponentValue::F32);
        push(&mut all, SEGMENTATION_IMAGE_DRAW_ORDER, draw_order);
        all
    }
}
