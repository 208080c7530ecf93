//! One lane of the timeline: when a stream has pictures, its keyframes, gaps and damaged samples, and
//! which of its frames are at hand. Drawn from the stream's summary: how many samples there are makes
//! no difference.

mod bars;
mod columns;
mod scale;

use egui::{
    Align, Color32, Layout, Mesh, Painter, Rect, RichText, Sense, Shape, StrokeKind, Ui, UiBuilder,
    emath::GuiRounding as _, pos2, vec2,
};
use reelscope_store::{StreamView, TimelineKind};

use super::{Axis, View};
use crate::command::{Command, Commands};
use crate::theme::{MARGIN, Palette};
use crate::tile::shift_text;
use crate::tiles::title;

use columns::gap_from;
pub(super) use columns::{COLUMN, Columns};
pub(super) use scale::Scale;

/// Height of the bar of frames at hand.
const CACHE_BAR: f32 = 3.0;
/// Keyframes are ticks from the second of these distances on in points, density up to the first, and
/// in between they fade from one into the other.
const KEYFRAME_FADE: (f32, f32) = (2.5, 7.0);
/// The same of frames, which fade into nothing.
const FRAME_FADE: (f32, f32) = (4.0, 9.0);
/// Shorter than this there is no gap, in nanoseconds.
const LEAST_GAP: i64 = 100_000_000;
/// Distance of the lines that mark a gap, in points.
const HATCH: f32 = 5.0;

/// The name left of a lane. A click focuses the stream.
pub(super) fn name(
    ui: &mut Ui,
    rect: Rect,
    view: &View<'_>,
    stream: &StreamView<'_>,
    commands: &mut Commands,
) {
    let palette = Palette::of(ui.visuals());
    let visible = view
        .session
        .view(stream.id)
        .is_some_and(|view| view.visible);
    let color = if view.focused == Some(stream.id) {
        palette.accent
    } else if visible {
        palette.text
    } else {
        palette.faint
    };
    let place = rect.with_min_x(rect.left() + f32::from(MARGIN));
    let builder = UiBuilder::new()
        .max_rect(place.with_max_x(place.right() - 8.0))
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        let shift = view.session.shift_of(stream.id);
        let shift = shift_text(view.session.timeline_kind(), shift);
        let text = title(view.session, stream.id);
        let label = egui::Label::new(RichText::new(&text).size(12.0).color(color))
            .truncate()
            .sense(Sense::click());
        let name = |ui: &mut Ui| {
            if ui.add(label).clicked() {
                commands.push(Command::Focus(stream.id.into()));
            }
        };
        let Some(shift) = shift else {
            name(ui);
            return;
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let shift = RichText::new(shift).size(12.0).color(palette.accent);
            let hint =
                "So much later than it was logged. A drag of the lane with Alt held changes it.";
            ui.label(shift).on_hover_text(hint);
            ui.with_layout(Layout::left_to_right(Align::Center), name);
        });
    });
}

/// Paints a stream's lane, where its own view shows it.
pub(super) fn paint(ui: &Ui, rect: Rect, view: &View<'_>, stream: &StreamView<'_>, axis: &Axis) {
    let axis = &axis.shifted(view.session.shift_of(stream.id));
    let palette = Palette::of(ui.visuals());
    let painter = ui.painter_at(rect);
    // What is the same at all times fills its lane.
    let Some((start, end)) = stream.extent().or_else(|| view.clock.extent()) else {
        return;
    };
    let shown = view.session.view(stream.id);
    let visible = shown.is_some_and(|view| view.visible);
    let body = rect.shrink2(vec2(0.0, 3.0));
    let left = axis.x_of(start, rect);
    let bar = Rect::from_x_y_ranges(left..=axis.x_of(end, rect).max(left + 1.0), body.y_range());
    let focused = view.focused == Some(stream.id);
    let fill = if focused {
        palette.lane_focused
    } else {
        palette.lane
    };
    let strength = if visible { 1.0 } else { 0.4 };
    painter.rect_filled(bar, 3.0, fill.gamma_multiply(strength));
    let lane = Lane {
        painter: &painter,
        rect,
        body,
        palette,
        strength,
    };
    if stream.refers() {
        lane.moments(stream, axis);
    } else if !stream.is_static() {
        lane.samples(view, stream, axis);
    }
    if focused {
        painter.rect_stroke(
            bar,
            3.0,
            (1.0, palette.accent.gamma_multiply(0.6)),
            StrokeKind::Inside,
        );
    }
}

/// Where a lane is painted, and how.
struct Lane<'a> {
    painter: &'a Painter,
    rect: Rect,
    /// The lane without the space between lanes.
    body: Rect,
    palette: Palette,
    /// Less for a stream that is hidden.
    strength: f32,
}

impl Lane<'_> {
    /// What the summary says of the samples in sight.
    fn samples(&self, view: &View<'_>, stream: &StreamView<'_>, axis: &Axis) {
        let Some(shown) = view.session.view(stream.id) else {
            return;
        };
        let track = stream.track;
        let scale = Scale::of(track, axis, self.rect);
        let least = match view.kind {
            // There is no telling what a step lasts.
            TimelineKind::Sequence => 0,
            _ => track.timescale.from_nanos(LEAST_GAP),
        };
        let gap_from = gap_from(&shown.summary, least);
        let columns = Columns::of((track, &shown.summary), &scale, self.rect, gap_from);
        for (from, until) in &columns.gaps {
            self.gap(*from, *until);
        }
        let mut mesh = Mesh::default();
        let ticks = self.body.with_max_y(self.body.bottom() - CACHE_BAR - 1.0);
        self.frames(&mut mesh, ticks, &columns);
        self.keyframes(&mut mesh, ticks, &columns);
        let usual = shown.summary.usual_distance().unwrap_or(1);
        for id in shown.damaged() {
            if let Some(sample) = track.samples.get(id) {
                let x = scale.x(sample.pts.0);
                let width = scale.points(usual).max(COLUMN);
                self.bar(&mut mesh, (x, x + width), self.body, self.palette.error);
            }
        }
        let row = self.body.with_min_y(self.body.bottom() - CACHE_BAR);
        if bars::is_loaded(track)
            && let (Some(first), Some(end)) = (track.samples.first_pts(), track.samples.end_pts())
        {
            let color = self.palette.faint.gamma_multiply(self.strength);
            let all = (scale.x(first.0), scale.x(end.0));
            let loaded = bars::between(all, &columns.gaps);
            bars::paint(&mut mesh, row.intersect(self.rect), &loaded, color);
        }
        let decoded = bars::decoded((&view.session.cache, shown.key()), usual, &scale);
        let color = self.palette.cached.gamma_multiply(self.strength);
        bars::paint(&mut mesh, row.intersect(self.rect), &decoded, color);
        self.painter.add(Shape::mesh(mesh));
    }

    /// A stretch in which nothing new comes.
    fn gap(&self, from: f32, until: f32) {
        if until - from < 1.0 {
            return;
        }
        let rect = Rect::from_x_y_ranges(from..=until, self.body.y_range());
        self.painter
            .rect_filled(rect, 0.0, self.palette.surface.gamma_multiply(0.75));
        let painter = self
            .painter
            .with_clip_rect(rect.intersect(self.painter.clip_rect()));
        let color = self.palette.weak.gamma_multiply(0.55 * self.strength);
        // From a fixed place on, so that the lines stay where they are when the gap grows.
        let mut x = (from / HATCH).floor() * HATCH;
        while x < until + rect.height() {
            let top = pos2(x, rect.top());
            painter.line_segment([top, pos2(x - rect.height(), rect.bottom())], (1.0, color));
            x += HATCH;
        }
    }

    /// Every frame as a small tick, once zoomed in far enough.
    fn frames(&self, mesh: &mut Mesh, row: Rect, columns: &Columns) {
        // A frame alone in sight is far from others.
        let distance = columns.distance(|_| true).unwrap_or(f32::INFINITY);
        let strength = faded(distance, FRAME_FADE);
        if strength > 0.0 {
            let row = row.with_min_y(row.bottom() - 5.0);
            for (x, _) in &columns.singles {
                self.tick(mesh, *x, row, self.palette.weak, 0.8 * strength);
            }
        }
    }

    /// Keyframes as ticks where there is room, else as density.
    fn keyframes(&self, mesh: &mut Mesh, row: Rect, columns: &Columns) {
        let row = row.shrink2(vec2(0.0, 2.0));
        let count: f32 = columns.cells.iter().map(|cell| cell.syncs).sum();
        let used = columns
            .cells
            .iter()
            .filter(|cell| cell.samples > 0.0)
            .count();
        let distance = columns
            .distance(|is_sync| is_sync)
            .unwrap_or_else(|| used as f32 * COLUMN / count.max(1.0));
        let ticks = faded(distance, KEYFRAME_FADE);
        let color = self.palette.keyframe;
        if ticks > 0.0 {
            for (x, _) in columns.singles.iter().filter(|(_, is_sync)| *is_sync) {
                self.tick(mesh, *x, row, color, ticks);
            }
        }
        if ticks >= 1.0 {
            return;
        }
        for (column, syncs) in columns.sync_density().into_iter().enumerate() {
            if syncs > 0.0 {
                // One keyframe per point is as dense as it gets.
                let strength = (syncs / COLUMN).clamp(0.12, 1.0) * 0.55 * (1.0 - ticks);
                let left = self.rect.left() + column as f32 * COLUMN;
                let color = color.gamma_multiply(strength * self.strength);
                self.bar(mesh, (left, left + COLUMN), row, color);
            }
        }
    }

    /// Streams of references: their times, once there is room for them.
    fn moments(&self, stream: &StreamView<'_>, axis: &Axis) {
        let Some((start, end)) = stream.extent() else {
            return;
        };
        let mean = end.0.saturating_sub(start.0) as f64 / stream.moments().max(1) as f64;
        let distance = mean / axis.nanos_per_point(self.rect);
        let strength = faded(distance as f32, FRAME_FADE);
        if strength <= 0.0 {
            return;
        }
        let (first, last) = axis.range();
        let from = stream.moment_at(first).unwrap_or(0);
        let row = self.body.with_min_y(self.body.bottom() - 5.0);
        let mut mesh = Mesh::default();
        // However unevenly the frames lie, no more than there are points.
        let most = self.rect.width().max(0.0) as usize;
        for number in (from..stream.moments()).take(most) {
            let Some(moment) = stream.moment(number).filter(|moment| moment.time <= last) else {
                break;
            };
            let x = axis.x_of(moment.time, self.rect);
            self.tick(&mut mesh, x, row, self.palette.weak, 0.8 * strength);
        }
        self.painter.add(Shape::mesh(mesh));
    }

    /// A line of one pixel.
    fn tick(&self, mesh: &mut Mesh, x: f32, row: Rect, color: Color32, strength: f32) {
        let pixel = 1.0 / self.painter.pixels_per_point();
        let left = x.round_to_pixels(self.painter.pixels_per_point());
        let width = pixel * self.painter.pixels_per_point().floor().max(1.0);
        let color = color.gamma_multiply(strength * self.strength);
        self.bar(mesh, (left, left + width), row, color);
    }

    fn bar(&self, mesh: &mut Mesh, (from, to): (f32, f32), row: Rect, color: Color32) {
        let (from, to) = (from.max(self.rect.left()), to.min(self.rect.right()));
        if from < to {
            mesh.add_colored_rect(Rect::from_x_y_ranges(from..=to, row.y_range()), color);
        }
    }
}

/// How much is seen of something at a distance from the next of its kind: nothing up to the first
/// of two distances, all from the second on.
fn faded(distance: f32, (from, to): (f32, f32)) -> f32 {
    let share = ((distance - from) / (to - from)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}
