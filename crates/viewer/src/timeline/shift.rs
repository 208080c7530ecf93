//! Dragging a lane with Alt held: its stream is shown earlier or later.

use egui::{CursorIcon, Rect, Response};
use reelscope_store::{StreamId, TimelineKind};

use super::{Timeline, View};
use crate::command::{Command, Commands};
use crate::timecode::MILLISECOND;

/// A stream that is being shifted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shifting {
    stream: StreamId,
    /// How much it was shifted before.
    offset: i64,
    /// Where the pointer was then.
    x: f32,
    /// What a point of the way was then, in units of the timeline: shifting changes what is seen.
    per_point: f64,
}

impl Shifting {
    /// How much the stream is shifted with the pointer at a place: by whole milliseconds where more
    /// than one of them lies between two points.
    fn offset_at(&self, x: f32, kind: TimelineKind) -> i64 {
        let by = f64::from(x - self.x) * self.per_point;
        let step = match kind {
            TimelineKind::Sequence => 1.0,
            _ if self.per_point > MILLISECOND as f64 => MILLISECOND as f64,
            _ => 1.0,
        };
        // Saturates where it is out of range.
        let by = ((by / step).round() * step) as i64;
        self.offset.saturating_add(by)
    }
}

impl Timeline {
    /// Takes a drag that shifts a lane. True while there is one: the playhead stays where it is.
    pub(super) fn shift_lane(
        &mut self,
        response: &Response,
        axis_rect: Rect,
        view: &View<'_>,
        commands: &mut Commands,
    ) -> bool {
        let alt = response.ctx.input(|input| input.modifiers.alt);
        let lane_at = |y: f32| {
            let lane = self
                .places
                .iter()
                .find(|(_, lane)| lane.y_range().contains(y));
            lane.map(|(stream, _)| *stream)
        };
        if alt
            && response
                .hover_pos()
                .is_some_and(|at| lane_at(at.y).is_some())
        {
            response.ctx.set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        let held = response.is_pointer_button_down_on() || response.dragged();
        let pointer = response.interact_pointer_pos().filter(|_| held);
        let Some(pointer) = pointer else {
            // Letting go does not move the playhead either.
            return self.shifting.take().is_some();
        };
        if self.shifting.is_none() && alt && !view.clock.is_dragged() {
            self.shifting = lane_at(pointer.y).map(|stream| Shifting {
                stream,
                offset: view.session.shift_of(stream),
                x: pointer.x,
                per_point: self.axis.nanos_per_point(axis_rect),
            });
        }
        let Some(shifting) = self.shifting else {
            return false;
        };
        let offset = shifting.offset_at(pointer.x, view.kind);
        commands.push(Command::SetShift(shifting.stream.into(), offset));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_shifted_by_whole_milliseconds_or_steps() {
        let shifting = Shifting {
            stream: StreamId(1),
            offset: 40 * MILLISECOND,
            x: 100.0,
            per_point: 2_500_000.0,
        };
        let at = |x| shifting.offset_at(x, TimelineKind::Duration);
        assert_eq!(at(100.0), 40 * MILLISECOND);
        assert_eq!(at(101.0), 43 * MILLISECOND);
        assert_eq!(at(84.0), 0);
        let steps = Shifting {
            offset: 0,
            per_point: 0.25,
            ..shifting
        };
        assert_eq!(steps.offset_at(110.0, TimelineKind::Sequence), 3);
    }
}
