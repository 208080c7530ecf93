//! Further views of a stream, and views that are looked at at another time than the playhead's.

use reelscope_store::{LogTime, StreamId, TrackName};

use super::{Session, View};
use crate::view_id::ViewId;

/// Copies of one stream.
const MOST: u32 = 63;

impl Session {
    /// Makes another view of the stream that a view shows, looking the same. `None` if there are very
    /// many already.
    pub(crate) fn copy_view(&mut self, of: ViewId) -> Option<ViewId> {
        let copies = self.views.keys().filter(|view| view.stream == of.stream);
        let copy = copies.map(|view| view.copy).max()?.checked_add(1)?;
        if copy > MOST {
            return None;
        }
        let (_, stream) = self.store.stream(of.stream)?;
        let name = stream.track_names().next().unwrap_or(TrackName(u64::MAX));
        let id = ViewId { copy, ..of };
        let model = self.views.get(&of)?;
        let mut view = View::new(id, name);
        view.values = model.values;
        view.picture = model.picture;
        view.offset = model.offset;
        view.grown_at = model.grown_at;
        self.views.insert(id, view);
        Some(id)
    }

    /// How much later than it was logged a view shows its stream, in units of the timeline.
    pub(crate) fn offset(&self, view: impl Into<ViewId>) -> i64 {
        let view = self.views.get(&view.into());
        view.map_or(0, |view| view.offset)
    }

    /// Shows a view's stream so much later than it was logged.
    pub(crate) fn set_offset(&mut self, view: ViewId, offset: i64) {
        if let Some(view) = self.views.get_mut(&view) {
            view.offset = offset;
        }
    }

    /// The time of a view's stream that is shown when the playhead is at `time`.
    pub(crate) fn time_in(&self, view: impl Into<ViewId>, time: LogTime) -> LogTime {
        LogTime(time.0.saturating_sub(self.offset(view)))
    }

    /// Where the playhead has to be to show a time of a view's stream.
    pub(crate) fn playhead_for(&self, view: impl Into<ViewId>, time: LogTime) -> LogTime {
        LogTime(time.0.saturating_add(self.offset(view)))
    }

    /// Width and height of the pictures that a view shows, if they are known.
    pub(crate) fn picture_size(&self, view: ViewId) -> Option<(u32, u32)> {
        let (_, stream) = self.store.stream(view.stream)?;
        self.views.get(&view)?.picture_size(stream.track)
    }

    /// How much a stream is shifted as a whole: its own view says it.
    pub(crate) fn shift_of(&self, stream: StreamId) -> i64 {
        self.offset(stream)
    }
}
