//! When the window is drawn again by itself.

use std::time::Duration;

use super::App;
use crate::view_id::ViewId;

/// Repaints while loggers are connected, for the figures in the top bar.
const LIVE_REPAINT: Duration = Duration::from_millis(500);
/// Repaints while something is awaited, so that a sign of it comes in time.
const WAITING_REPAINT: Duration = Duration::from_millis(100);
/// Repaints while frames are decoded in idle time, so that streams that wait for their turn get it.
const IDLE_REPAINT: Duration = Duration::from_millis(250);

impl App {
    /// Asks for the next repaint: when a picture changes while playing, soon while something is
    /// awaited, otherwise not at all. Decoders and loaders wake the window themselves.
    pub(super) fn plan_repaint(&mut self, ctx: &egui::Context, wall: f64) {
        if !self.session.summarise() {
            ctx.request_repaint();
        }
        let on_screen = self.tiles.on_screen();
        if self.is_waiting(&on_screen, wall) {
            ctx.request_repaint_after(WAITING_REPAINT);
        }
        if self.session.is_live(wall) || self.session.has_loggers() {
            ctx.request_repaint_after(LIVE_REPAINT);
        }
        if self.session.has_news() {
            ctx.request_repaint();
        }
        if !self.clock.is_playing() || self.clock.is_live() {
            if !self.clock.is_dragged() && self.session.is_preparing() {
                ctx.request_repaint_after(IDLE_REPAINT);
            }
            return;
        }
        let now = self.clock.now();
        let next = self
            .session
            .next_change(&on_screen, now, self.clock.speed().is_reverse());
        let wait = next
            .and_then(|time| self.clock.wall_nanos_until(time))
            .map_or(WAITING_REPAINT, Duration::from_nanos);
        // The playhead glides even where pictures change seldom.
        ctx.request_repaint_after(wait.min(Duration::from_millis(33)));
    }

    fn is_waiting(&self, on_screen: &[ViewId], wall: f64) -> bool {
        on_screen
            .iter()
            .filter_map(|id| self.session.view(*id))
            .any(|view| view.is_pending() && !view.is_late(wall))
    }
}
