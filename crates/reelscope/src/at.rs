//! The `--at` argument: a place on a track, written as in the viewer's "Go to".

use std::str::FromStr;

use reelscope_media::{Pts, SampleId, Track};
use reelscope_viewer::{Place, PlaceError};

/// A place on a track. Steps (`+5f`, `-2s`) count from frame 0 and time 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At(pub(crate) Place);

impl FromStr for At {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        text.parse().map(Self)
    }
}

impl At {
    /// The sample on screen there: before the first one the first, after the end the last.
    /// `None` if there is no frame of that number, or no frame at all.
    pub(crate) fn find(self, track: &Track) -> Option<SampleId> {
        let samples = &track.samples;
        let by_number = |number: u64| samples.shown().get(usize::try_from(number).ok()?).copied();
        match self.0 {
            Place::Frame(number) => by_number(number),
            Place::FramesFromHere(number) => by_number(u64::try_from(number).ok()?),
            Place::Time(nanos) | Place::Clock(nanos) | Place::NanosFromHere(nanos) => samples
                .latest_at(Pts(track.timescale.from_nanos(nanos)))
                .or_else(|| samples.shown().first().copied()),
            // A file does not know when it was made.
            Place::Moment(_) => None,
        }
    }
}
