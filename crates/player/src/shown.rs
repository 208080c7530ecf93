//! What a player answers: a frame, and how it relates to the one that was wanted.

use std::sync::Arc;

use reelscope_decode::DecodeError;
use reelscope_media::{Frame, Pts, SampleId};

/// A frame with the sample that it belongs to.
#[derive(Clone, Debug)]
pub struct ShownFrame {
    /// The sample.
    pub sample: SampleId,
    /// Its presentation time in track ticks.
    pub pts: Pts,
    /// The picture.
    pub frame: Arc<Frame>,
    /// True if it is a reduced copy: the right moment in fewer pixels.
    pub reduced: bool,
}

/// What a wish is for. It steers what is decoded besides the wanted frame, and in which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// The person looks at one frame, and may step from it either way.
    #[default]
    Look,
    /// The pointer drags the playhead: a picture now is worth more than the exact one later.
    Drag,
    /// Frames are wanted one after the other, in the order of time.
    Play,
    /// Frames are wanted one after the other, against the order of time.
    Reverse,
}

/// The answer to a wish.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The sample whose frame is wanted: the one on screen at the wanted time. `None` if the track
    /// has no samples.
    pub wanted: Option<SampleId>,
    /// What to show: the wanted frame, or the nearest one at hand.
    pub frame: Option<ShownFrame>,
    /// How the two relate.
    pub state: ShownState,
    /// While playing in reverse through a GOP larger than the cache: only every so manieth frame
    /// is shown.
    pub every: Option<usize>,
}

impl Shown {
    pub(crate) fn nothing(wanted: Option<SampleId>, state: ShownState) -> Self {
        Self {
            wanted,
            frame: None,
            state,
            every: None,
        }
    }
}

/// Whether the wanted frame is there.
#[derive(Clone, Debug)]
pub enum ShownState {
    /// It is the one in [`Shown::frame`].
    Exact,
    /// It is on its way.
    Pending,
    /// There is no such frame and there will be none.
    Absent(Absence),
    /// Nothing can be decoded now.
    Failed(PlayerError),
    /// The track has no samples, or nothing was wanted yet.
    Empty,
}

/// Why a sample has no frame.
#[derive(Clone, Debug)]
pub enum Absence {
    /// The decoder put none out for it: the sample only serves others, or what it refers to is not
    /// in the track.
    NoPicture,
    /// The sample is damaged.
    Damaged(DecodeError),
}

/// Why a player shows nothing new.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PlayerError {
    /// The decoder cannot be set up or stopped working.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The decoder stopped again and again at the same place.
    #[error("{error} ({tries} times here; skip this place, or retry)")]
    KeepsFailing {
        /// What it said last.
        error: DecodeError,
        /// How often it was started anew.
        tries: u32,
    },
    /// The track cannot be decoded at all.
    #[error("{reason}")]
    Unplayable {
        /// Why, in words.
        reason: String,
    },
}
