//! Shifting a view in time so that one of its frames comes to a place.

use super::App;
use crate::command::Command;
use crate::tiles::title;

impl App {
    pub(super) fn apply_align(&mut self, command: Command) {
        match command {
            Command::PinFrame => self.pin_frame(),
            Command::AlignHere => self.session.align_pinned(self.clock.now()),
            Command::SetShift(view, offset) => self.session.set_offset(view, offset),
            look => self.apply_look(look),
        }
    }

    /// Remembers what the view in focus shows now.
    fn pin_frame(&mut self) {
        let Some(view) = self.tiles.focused() else {
            return;
        };
        self.session.pin(view, self.clock.now());
        let name = title(&self.session, view);
        self.notices.done(
            format!("Pinned {name}. Go to where its frame belongs, then “Align here”"),
            self.last_wall.unwrap_or_default(),
        );
    }
}
