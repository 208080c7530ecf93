//! A picture whose values are numbers of classes.

use bytes::Bytes;
use reelscope_wire::ImageFormat;
use reelscope_wire::component::{
    SEGMENTATION_IMAGE_BUFFER, SEGMENTATION_IMAGE_DRAW_ORDER, SEGMENTATION_IMAGE_FORMAT,
    SEGMENTATION_IMAGE_OPACITY,
};

use super::image::single_valued;
use super::layer::{Layer, layered};
use super::{AsComponents, ChannelDatatype, Component, ComponentValue};
use crate::SdkError;

/// Numbers of classes, row by row from the top, without padding.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentationImage {
    buffer: Bytes,
    format: ImageFormat,
    layer: Layer,
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
            layer: Layer::default(),
        })
    }
}

layered!(SegmentationImage);

impl AsComponents for SegmentationImage {
    fn components(&self) -> Vec<Component> {
        let buffer = ComponentValue::Blob(self.buffer.clone());
        let format = ComponentValue::ImageFormat(self.format);
        let mut all = vec![
            Component::new(SEGMENTATION_IMAGE_BUFFER, buffer),
            Component::new(SEGMENTATION_IMAGE_FORMAT, format),
        ];
        let layer = self.layer;
        layer.push(
            &mut all,
            SEGMENTATION_IMAGE_OPACITY,
            SEGMENTATION_IMAGE_DRAW_ORDER,
        );
        all
    }
}
