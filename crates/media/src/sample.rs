//! Samples: the units of a container or stream, each with its times and where its bytes are.

use bytes::Bytes;

use crate::{Dts, LoadError, Pts, SampleSource, SyncKind};

/// Names a sample of a track for good: its number in order of arrival, from 0.
/// Late samples do not change the names of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleId(pub u32);

/// Where a sample's access unit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SampleData {
    /// In memory: live streams.
    Bytes(Bytes),
    /// To be had from the track's [`SampleSource`].
    Range {
        /// Position, as the source understands it.
        offset: u64,
        /// Length in bytes.
        len: u32,
    },
}

impl SampleData {
    /// Length of the access unit in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Range { len, .. } => *len as usize,
        }
    }

    /// True if there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes themselves. Reads from `source`, so not for a UI thread.
    ///
    /// # Errors
    /// As [`SampleSource::load`].
    pub fn load(&self, source: &dyn SampleSource) -> Result<Bytes, LoadError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::Range { offset, len } => source.load(*offset, *len),
        }
    }
}

/// Whether a sample's frame is to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// It has a frame, and that is shown.
    #[default]
    Shown,
    /// It puts out no frame of its own: a reference that is never displayed.
    NoPicture,
    /// Its frame lies outside of what an edit list shows; it is decoded because others need it.
    CutOff,
}

impl Visibility {
    /// Of a sample that an inspector has looked into.
    pub fn of_picture(shown: bool) -> Self {
        if shown { Self::Shown } else { Self::NoPicture }
    }
}

/// One sample of a track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When its frame is shown.
    pub pts: Pts,
    /// When it is decoded.
    pub dts: Dts,
    /// How long its frame is shown, in ticks; 0 where unknown.
    pub duration: u32,
    /// Whether and how decoding can start here.
    pub sync: SyncKind,
    /// Which of the track's [`crate::CodecConfig`]s it is coded with.
    pub config: u16,
    /// Whether its frame is to be seen.
    pub visibility: Visibility,
    /// The access unit.
    pub data: SampleData,
}

impl Sample {
    /// A sample whose frame is shown, for an unknown time, and that is coded with the first
    /// configuration.
    pub fn new(pts: i64, dts: i64, sync: SyncKind, data: SampleData) -> Self {
        Self {
            pts: Pts(pts),
            dts: Dts(dts),
            duration: 0,
            sync,
            config: 0,
            visibility: Visibility::Shown,
            data,
        }
    }
}
