//! How fast time passes on the timeline that is looked at, and where its next event is.

use crate::view_id::ViewId;
use reelscope_store::TimelineKind;

use super::App;
use crate::clock::Pace;
use crate::settings::WhenSlow;

impl App {
    /// What the timeline that is looked at counts.
    pub(super) fn pace(&self) -> Pace {
        if self.session.timeline_kind() != TimelineKind::Sequence {
            return Pace::Nanoseconds;
        }
        let rate =
            self.axis_names(|program, timeline| self.settings.step_rates.get(program, timeline));
        Pace::Steps(rate.unwrap_or(1))
    }

    pub(super) fn set_step_rate(&mut self, rate: u32) {
        let names = self.axis_names(|program, timeline| (program.to_owned(), timeline.to_owned()));
        if let Some((program, timeline)) = names {
            self.settings.step_rates.set(&program, &timeline, rate);
            self.clock.set_pace(self.pace());
        }
    }

    /// The names of the program and the timeline that are looked at.
    fn axis_names<T>(&self, of: impl FnOnce(&str, &str) -> T) -> Option<T> {
        let program = &self.session.active_run()?.name;
        Some(of(program, &self.session.timeline()?.name))
    }

    /// True if the playhead waits for a picture.
    pub(super) fn is_held(&self, on_screen: &[ViewId]) -> bool {
        let speed = self.clock.speed().thousandths();
        self.settings.when_slow == WhenSlow::Wait && self.session.lags(on_screen, speed)
    }

    /// Pauses and goes to the next (or the previous) event of the streams on screen.
    pub(super) fn step_events(&mut self, forward: bool) {
        let on_screen = self.tiles.on_screen();
        let there = self
            .session
            .next_event(&on_screen, self.clock.now(), forward);
        self.clock.pause();
        if let Some(time) = there {
            self.clock.seek(time);
        }
    }
}
