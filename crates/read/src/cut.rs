//! Frames into an MP4 file, without encoding them anew.

use std::ops::Range;
use std::path::Path;

use reelscope_ingest::{MuxOptions, SavedVideo, save_video};
use reelscope_media::{Pts, Timescale};
use reelscope_store::TimelineKind;

use crate::{Frames, ReadError};

/// Frames of a timeline that counts that a file shows in a second.
const STEPS_PER_SECOND: u32 = 30;

/// Which frames go into a file, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Their numbers; all of them if `None`.
    pub frames: Option<Range<usize>>,
    /// No frame before the first one is shown; otherwise the file begins at the keyframe before.
    pub exact: bool,
    /// Movie fragments in place of one table.
    pub fragmented: bool,
}

impl Frames {
    /// Writes frames into an MP4 file as they are coded.
    ///
    /// # Errors
    /// [`ReadError::SeveralVideos`], [`ReadError::OwnInput`], [`ReadError::NoFrame`], [`ReadError::Save`].
    pub fn remux(&self, cut: &Cut, path: &Path) -> Result<SavedVideo, ReadError> {
        let [track] = self.tracks.as_slice() else {
            return Err(ReadError::SeveralVideos);
        };
        let real = |path: &Path| path.canonicalize().ok();
        if real(path).is_some_and(|output| real(&self.path) == Some(output)) {
            return Err(ReadError::OwnInput {
                path: path.to_owned(),
            });
        }
        let pts = |number: usize| -> Result<Pts, ReadError> {
            let sample = track.samples.get(self.wanted(number)?.sample);
            sample.map(|sample| sample.pts).ok_or(ReadError::NoStream)
        };
        let range = match &cut.frames {
            None => None,
            Some(frames) if frames.end >= self.times().len() => {
                Some(pts(frames.start)?..Pts(i64::MAX))
            }
            Some(frames) => Some(pts(frames.start)?..pts(frames.end)?),
        };
        let counts = self.is_logged_stream && self.kind == Some(TimelineKind::Sequence);
        let options = MuxOptions {
            // Logged times start anywhere; a file starts at 0.
            from_zero: range.is_some() || self.is_logged_stream,
            range,
            exact: cut.exact,
            fragmented: cut.fragmented,
            timescale: counts.then(|| Timescale::new(STEPS_PER_SECOND)).flatten(),
        };
        Ok(save_video(track, &options, path)?)
    }
}
