//! A video file as one blob.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{ByteSource, Track, TrackKind};
use reelscope_wire::component::{ASSET_VIDEO_BLOB, ASSET_VIDEO_MEDIA_TYPE};

use super::{AsComponents, Component, ComponentValue, push};
use crate::SdkError;

/// A whole video file. [`VideoFrameReference`](crate::VideoFrameReference) says when which of its frames is
/// shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetVideo {
    blob: Bytes,
    media_type: Option<Arc<str>>,
}

impl AssetVideo {
    /// The bytes of a video file.
    pub fn from_file_contents(blob: impl Into<Bytes>) -> Self {
        let blob = blob.into();
        let is_mp4 = blob.get(4..8) == Some(b"ftyp");
        Self {
            blob,
            media_type: is_mp4.then(|| "video/mp4".into()),
        }
    }

    /// A video file.
    ///
    /// # Errors
    /// [`SdkError::File`] if it cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, SdkError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| SdkError::File {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self::from_file_contents(bytes))
    }

    /// Says what it is: `video/mp4`, …
    #[must_use]
    pub fn with_media_type(mut self, media_type: &str) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// The presentation times of its frames in nanoseconds from the first one, in order: what references to
    /// them are made of.
    ///
    /// # Errors
    /// [`SdkError::Video`] if it is no video that can be read.
    pub fn read_frame_timestamps_nanos(&self) -> Result<Vec<i64>, SdkError> {
        let movie = reelscope_container::open(Arc::new(Blob(self.blob.clone())), "")?;
        let is_video = |track: &&Track| track.kind == TrackKind::Video;
        let Some(track) = movie.tracks.iter().find(is_video) else {
            return Ok(Vec::new());
        };
        let samples = &track.samples;
        let shown = samples.shown().iter().filter_map(|id| samples.get(*id));
        let times: Vec<i64> = shown.map(|sample| track.nanos(sample.pts)).collect();
        let first = times.first().copied().unwrap_or(0);
        Ok(times.into_iter().map(|time| time - first).collect())
    }
}

/// The blob as what containers are read from.
struct Blob(Bytes);

impl ByteSource for Blob {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = self.0.get(from..).unwrap_or_default();
        let count = rest.len().min(buf.len());
        let (head, there) = (buf.get_mut(..count), rest.get(..count));
        if let (Some(head), Some(there)) = (head, there) {
            head.copy_from_slice(there);
        }
        Ok(count)
    }
}

impl AsComponents for AssetVideo {
    fn components(&self) -> Vec<Component> {
        let blob = ComponentValue::Blob(self.blob.clone());
        let mut all = vec![Component::new(ASSET_VIDEO_BLOB, blob)];
        let media_type = self.media_type.clone().map(ComponentValue::Text);
        push(&mut all, ASSET_VIDEO_MEDIA_TYPE, media_type);
        all
    }
}
