//! What can be logged: each archetype as a type, and the trait for those of your own.

mod asset_video;
mod clear;
mod depth_image;
mod encoded_image;
mod image;
mod jpeg;
mod layer;
mod plain;
mod segmentation_image;
mod video_frame_reference;
mod video_stream;

use std::sync::Arc;

use bytes::Bytes;
use reelscope_wire::ImageFormat;

pub use asset_video::AssetVideo;
pub use clear::Clear;
pub use depth_image::DepthImage;
pub use encoded_image::EncodedImage;
pub use image::{ChannelDatatype, ColorModel, Image, PixelFormat};
pub use plain::{Scalars, TextLog};
pub use segmentation_image::SegmentationImage;
pub use video_frame_reference::VideoFrameReference;
pub use video_stream::{VideoCodec, VideoStream};

/// Something that can be logged: values with the names of their components.
pub trait AsComponents {
    /// The components of one row.
    fn components(&self) -> Vec<Component>;
}

/// One component of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// The protocol's name (`VideoStream:sample`), or one of your own.
    pub name: Arc<str>,
    /// Its value.
    pub value: ComponentValue,
}

/// A value of a component.
#[derive(Clone, Debug, PartialEq)]
pub enum ComponentValue {
    /// True or false.
    Bool(bool),
    /// A number.
    U32(u32),
    /// A number.
    I64(i64),
    /// A number.
    F32(f32),
    /// A number.
    F64(f64),
    /// Words.
    Text(Arc<str>),
    /// Bytes.
    Blob(Bytes),
    /// How the bytes of a raw picture are to be read.
    ImageFormat(ImageFormat),
    /// Any number of truths, in one row.
    Bools(Arc<[bool]>),
    /// Any number of numbers, in one row.
    I64s(Arc<[i64]>),
    /// Any number of numbers, in one row.
    F64s(Arc<[f64]>),
    /// Any number of texts, in one row.
    Texts(Arc<[Arc<str>]>),
}

impl Component {
    /// A component and its value.
    pub fn new(name: &str, value: ComponentValue) -> Self {
        Self {
            name: name.into(),
            value,
        }
    }
}

impl ComponentValue {
    /// Memory in bytes that it takes, about.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
            Self::Bools(values) => values.len(),
            Self::I64s(values) => size_of_val(&**values),
            Self::F64s(values) => size_of_val(&**values),
            Self::Texts(values) => values.iter().map(|text| text.len()).sum(),
            _ => 8,
        }
    }
}

/// For values of your own that no archetype has.
impl AsComponents for Vec<Component> {
    fn components(&self) -> Vec<Component> {
        self.clone()
    }
}

/// Adds a component if it has a value.
fn push(components: &mut Vec<Component>, name: &str, value: Option<ComponentValue>) {
    components.extend(value.map(|value| Component::new(name, value)));
}
