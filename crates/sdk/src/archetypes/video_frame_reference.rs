//! A moment of a video that was logged as a whole.

use std::sync::Arc;

use reelscope_wire::component::{
    VIDEO_FRAME_REFERENCE_DRAW_ORDER, VIDEO_FRAME_REFERENCE_OPACITY,
    VIDEO_FRAME_REFERENCE_TIMESTAMP, VIDEO_FRAME_REFERENCE_VIDEO_REFERENCE,
};

use super::layer::{Layer, layered};
use super::{AsComponents, Component, ComponentValue, push};

/// The frame of a video that is shown at the time of the row.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoFrameReference {
    nanos: i64,
    video: Option<Arc<str>>,
    layer: Layer,
}

impl VideoFrameReference {
    /// The frame at so many nanoseconds from the start of the video of this entity.
    pub fn new(nanos: i64) -> Self {
        Self {
            nanos,
            video: None,
            layer: Layer::default(),
        }
    }

    /// The path of the entity that has the video.
    #[must_use]
    pub fn with_video_reference(mut self, entity: &str) -> Self {
        self.video = Some(entity.into());
        self
    }
}

layered!(VideoFrameReference);

impl AsComponents for VideoFrameReference {
    fn components(&self) -> Vec<Component> {
        let timestamp = ComponentValue::I64(self.nanos);
        let mut all = vec![Component::new(VIDEO_FRAME_REFERENCE_TIMESTAMP, timestamp)];
        let video = self.video.clone().map(ComponentValue::Text);
        push(&mut all, VIDEO_FRAME_REFERENCE_VIDEO_REFERENCE, video);
        let layer = self.layer;
        layer.push(
            &mut all,
            VIDEO_FRAME_REFERENCE_OPACITY,
            VIDEO_FRAME_REFERENCE_DRAW_ORDER,
        );
        all
    }
}
