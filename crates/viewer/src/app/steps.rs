//! Steps of the playhead by the stream in focus, and of that stream against the playhead.

use reelscope_store::{LogTime, StreamView};

use super::App;
use crate::aim::Aim;
use crate::place::Place;
use crate::steps::step_frames;

impl App {
    /// Pauses and goes to where `to` leads from the focused stream and the playhead.
    pub(super) fn step(&mut self, to: impl Fn(&StreamView<'_>, LogTime) -> Option<LogTime>) {
        self.clock.pause();
        let Some(view) = self.tiles.focused() else {
            return;
        };
        let here = self.session.time_in(view, self.clock.now());
        let stream = self.session.store.stream(view.stream);
        if let Some(time) = stream.and_then(|(_, stream)| to(&stream, here)) {
            self.clock.seek(self.session.playhead_for(view, time));
        }
    }

    /// Shows the view in focus so many of its frames later (or earlier).
    pub(super) fn shift_view(&mut self, frames: i64) {
        let Some(view) = self.tiles.focused() else {
            return;
        };
        let here = self.session.time_in(view, self.clock.now());
        let stream = self.session.store.stream(view.stream);
        // Later by a frame: the one before is shown now.
        if let Some(there) = stream.and_then(|(_, stream)| step_frames(&stream, here, -frames)) {
            let offset = self.clock.now().0.saturating_sub(there.0);
            self.session.set_offset(view, offset);
        }
    }

    /// Goes to a place as a person names it.
    pub(super) fn go_to(&mut self, place: Place) {
        let aim = Aim {
            session: &self.session,
            clock: &self.clock,
            focused: self.tiles.focused(),
        };
        let time = aim.time(place);
        // Whoever names a frame wants to look at it.
        if matches!(place, Place::Frame(_) | Place::FramesFromHere(_)) {
            self.clock.pause();
        }
        if let Ok(time) = time {
            self.clock.seek(time);
        }
    }
}
