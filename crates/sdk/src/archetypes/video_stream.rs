//! A video as a sequence of samples.

use bytes::Bytes;
use reelscope_wire::component::{
    VIDEO_STREAM_CODEC, VIDEO_STREAM_DRAW_ORDER, VIDEO_STREAM_IS_KEYFRAME, VIDEO_STREAM_OPACITY,
    VIDEO_STREAM_SAMPLE,
};

use super::layer::{Layer, layered};
use super::{AsComponents, Component, ComponentValue, push};

/// How samples are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VideoCodec {
    /// ITU-T H.264, in the byte stream format of its Annex B.
    H264,
    /// ITU-T H.265, in the byte stream format of its Annex B.
    H265,
    /// AV1, low-overhead OBUs.
    Av1,
    /// VP8, whole frames.
    Vp8,
    /// VP9, whole frames or superframes.
    Vp9,
}

impl VideoCodec {
    /// The protocol's number: a FourCC in big-endian order.
    pub fn number(self) -> u32 {
        u32::from_be_bytes(*match self {
            Self::H264 => b"avc1",
            Self::H265 => b"hev1",
            Self::Av1 => b"av01",
            Self::Vp8 => b"vp08",
            Self::Vp9 => b"vp09",
        })
    }
}

/// Samples of a coded video: the codec once, and then one sample (access unit) in each row. The time of
/// the row is the presentation time of the sample; B-frames are welcome, in decode order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VideoStream {
    codec: Option<VideoCodec>,
    sample: Option<Bytes>,
    is_keyframe: Option<bool>,
    layer: Layer,
}

impl VideoStream {
    /// The codec; log it once, best as static.
    pub fn codec(codec: VideoCodec) -> Self {
        Self {
            codec: Some(codec),
            ..Self::default()
        }
    }

    /// One sample.
    pub fn sample(sample: impl Into<Bytes>) -> Self {
        Self {
            sample: Some(sample.into()),
            ..Self::default()
        }
    }

    /// Says which codec it is, in the same row.
    #[must_use]
    pub fn with_codec(mut self, codec: VideoCodec) -> Self {
        self.codec = Some(codec);
        self
    }

    /// Says whether decoding can start here. The viewer looks for itself.
    #[must_use]
    pub fn with_is_keyframe(mut self, is_keyframe: bool) -> Self {
        self.is_keyframe = Some(is_keyframe);
        self
    }
}

layered!(VideoStream);

impl AsComponents for VideoStream {
    fn components(&self) -> Vec<Component> {
        let mut all = Vec::with_capacity(2);
        let codec = self.codec.map(|codec| ComponentValue::U32(codec.number()));
        push(&mut all, VIDEO_STREAM_CODEC, codec);
        push(
            &mut all,
            VIDEO_STREAM_SAMPLE,
            self.sample.clone().map(ComponentValue::Blob),
        );
        push(
            &mut all,
            VIDEO_STREAM_IS_KEYFRAME,
            self.is_keyframe.map(ComponentValue::Bool),
        );
        let layer = self.layer;
        layer.push(&mut all, VIDEO_STREAM_OPACITY, VIDEO_STREAM_DRAW_ORDER);
        all
    }
}
