//! Frames into an MP4 file, without encoding them anew.

use std::ops::Range;
use std::path::Path;

use reelscope_ingest::{MuxOptions, SavedVideo, save_video};
use reelscope_media::{Pts, Timescale};
use reelscope_store::TimelineKind;

use crate::{Frames, ReadError};

/// Frames of a timeline that counts that a file shows in a second.
const STEPS_PER_SECOND: u32 = 30;

/// How the times of a stream go into a file: those of logged samples start anywhere and a file at 0, and
/// what only counts is shown 30 to a second.
pub fn mux_options(is_logged_stream: bool, kind: Option<TimelineKind>) -> MuxOptions {
    let counts = is_logged_stream && kind == Some(TimelineKind::Sequence);
    MuxOptions {
        from_zero: is_logged_stream,
        timescale: counts.then(|| Timescale::new(STEPS_PER_SECOND)).flatten(),
        ..MuxOptions::WHOLE
    }
}

/// Whether a path leads to a file that another one leads to.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(one).is_some_and(|one| real(other) == Some(one))
}

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
        let [track] = self.list.tracks.as_slice() else {
            return Err(ReadError::SeveralVideos);
        };
        if is_same_file(path, &self.path) {
            return Err(ReadError::OwnInput {
                path: path.to_owned(),
            });
        }
        let pts = |number: usize| -> Result<Pts, ReadError> {
            let sample = track.samples.get(self.list.get(number)?.0.sample);
            sample.map(|sample| sample.pts).ok_or(ReadError::NoStream)
        };
        let range = match &cut.frames {
            None => None,
            Some(frames) if frames.end >= self.times().len() => {
                Some(pts(frames.start)?..Pts(i64::MAX))
            }
            Some(frames) => Some(pts(frames.start)?..pts(frames.end)?),
        };
        let times = mux_options(self.is_logged_stream, self.kind);
        let options = MuxOptions {
            exact: cut.exact,
            fragmented: cut.fragmented,
            ..times.within(range)
        };
        Ok(save_video(track, &options, path)?)
    }
}
