//! The strip above the ruler: all the time there is, how many frames lie where, damaged ones, and a
//! frame around the part that is seen, to be dragged and resized.

use egui::{
    CursorIcon, Mesh, Rect, Response, Role, Sense, Shape, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use reelscope_store::LogTime;

use super::lanes::{COLUMN, Columns, Scale};
use super::{Axis, View};
use crate::command::Active;
use crate::theme::Palette;

/// Height of the strip.
pub(super) const HEIGHT: f32 = 20.0;
/// How near to an edge of the frame the pointer takes hold of it.
const EDGE: f32 = 5.0;
/// The least width of the frame on screen, however little is seen.
const LEAST_WIDTH: f32 = 4.0;
/// Seconds between two looks at streams that grow.
const LOOK_AGAIN: f64 = 0.5;
/// Points of the wheel that double or halve what is seen.
const WHEEL: f32 = 160.0;

/// What is remembered of the strip.
#[derive(Default)]
pub(super) struct Overview {
    drawn: Option<Drawn>,
    hold: Option<Hold>,
}

/// How many frames there are where, as it was found last.
struct Drawn {
    /// When, in seconds.
    at: f64,
    of: Subject,
    /// How much has been looked at.
    samples: u64,
    extent: Option<(LogTime, LogTime)>,
    /// From left to right, 1 for the most.
    shares: Vec<f32>,
    /// Where samples are damaged.
    damaged: Vec<LogTime>,
}

/// What the strip shows, and how wide it is.
#[derive(Clone, Copy, PartialEq)]
struct Subject {
    active: Active,
    streams: usize,
    width: f32,
}

/// What the pointer holds of the frame.
#[derive(Clone, Copy)]
enum Hold {
    /// An edge, while the other one stays there.
    Edge { other: LogTime },
    /// The frame, so far from its start.
    Frame { from_start: i64 },
}

/// Where the strip is, and what it moves.
struct Place<'a> {
    rect: Rect,
    /// All there is.
    whole: Axis,
    /// What is seen.
    axis: &'a mut Axis,
}

impl Overview {
    /// Draws the strip, and takes what the person does with it.
    pub(super) fn ui(&mut self, ui: &mut Ui, rect: Rect, view: &View<'_>, axis: &mut Axis) {
        let rect = rect.shrink2(vec2(0.0, 2.0));
        let palette = Palette::of(ui.visuals());
        ui.painter().rect_filled(rect, 3.0, palette.sunken);
        if view.clock.extent().is_none() {
            return;
        }
        let mut place = Place {
            rect,
            whole: axis.whole(),
            axis,
        };
        self.look(ui, &place, view);
        self.paint(ui, &place, palette);
        let response = ui.interact(
            rect,
            ui.scope_id().with("overview"),
            Sense::click_and_drag(),
        );
        response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, "Overview"));
        self.hold(&response, &mut place);
        wheel(ui, &response, &mut place);
        frame(ui, &response, &place, palette);
        let now = place.whole.x_of(view.clock.now(), rect);
        let now = ui.painter().round_to_pixel_center(now);
        ui.painter()
            .vline(now, rect.y_range(), (1.0, palette.playhead));
    }

    /// Finds out how many frames lie where, if that is not known or may have changed.
    fn look(&mut self, ui: &Ui, place: &Place<'_>, view: &View<'_>) {
        let now = ui.input(|input| input.time);
        let streams = view.session.streams().count();
        let of = Subject {
            active: view.session.active(),
            streams,
            width: place.rect.width(),
        };
        let shown = view.session.streams();
        let shown = shown.filter_map(|stream| view.session.view(stream.id));
        let samples = shown.map(|shown| shown.summary.samples()).sum();
        if let Some(drawn) = self.drawn.as_ref().filter(|drawn| drawn.of == of) {
            let is_same = drawn.samples == samples && drawn.extent == view.clock.extent();
            if !is_same && now - drawn.at < LOOK_AGAIN {
                let rest = LOOK_AGAIN - (now - drawn.at);
                let rest = std::time::Duration::from_secs_f64(rest.clamp(0.0, LOOK_AGAIN));
                ui.ctx().request_repaint_after(rest);
            }
            if is_same || now - drawn.at < LOOK_AGAIN {
                return;
            }
        }
        let mut sums: Vec<f32> = Vec::new();
        for stream in view.session.streams().filter(|stream| !stream.refers()) {
            let Some(shown) = view.session.view(stream.id) else {
                continue;
            };
            let axis = place.whole.shifted(view.session.shift_of(stream.id));
            let scale = Scale::of(stream.track, &axis, place.rect);
            let all = (stream.track, &shown.summary);
            let columns = Columns::of(all, &scale, place.rect, None);
            sums.resize(columns.cells.len(), 0.0);
            for (sum, cell) in sums.iter_mut().zip(&columns.cells) {
                *sum += cell.frames;
            }
        }
        let most = sums
            .iter()
            .copied()
            .fold(0.0, f32::max)
            .max(f32::MIN_POSITIVE);
        self.drawn = Some(Drawn {
            at: now,
            of,
            samples,
            extent: view.clock.extent(),
            shares: sums.iter().map(|sum| sum / most).collect(),
            damaged: damaged(view),
        });
    }

    fn paint(&self, ui: &Ui, place: &Place<'_>, palette: Palette) {
        let Some(drawn) = &self.drawn else {
            return;
        };
        let rect = place.rect;
        // What came meanwhile has moved the rest.
        let mut then = place.whole.clone();
        then.set_extent(drawn.extent);
        let (first, last) = then.range();
        let (left, right) = (place.whole.x_of(first, rect), place.whole.x_of(last, rect));
        let width = (right - left) / (drawn.shares.len().max(1) as f32);
        let mut mesh = Mesh::default();
        let color = palette.keyframe.gamma_multiply(0.55);
        for (column, share) in drawn.shares.iter().enumerate() {
            if *share > 0.0 {
                // Few are seen as well.
                let height = (share.sqrt() * (rect.height() - 4.0)).max(1.0);
                let from = left + column as f32 * width;
                let bar = Rect::from_min_max(
                    pos2(from, rect.bottom() - 1.0 - height),
                    pos2(from + width, rect.bottom() - 1.0),
                );
                mesh.add_colored_rect(bar.intersect(rect), color);
            }
        }
        for time in &drawn.damaged {
            let x = place.whole.x_of(*time, rect);
            let bar = Rect::from_min_max(pos2(x, rect.top()), pos2(x + COLUMN, rect.bottom()));
            mesh.add_colored_rect(bar.intersect(rect), palette.error);
        }
        ui.painter_at(rect).add(Shape::mesh(mesh));
    }

    /// Drags move the frame or one of its edges; where there is none, they draw one.
    fn hold(&mut self, response: &Response, place: &mut Place<'_>) {
        if response.double_clicked() {
            place.axis.fit();
            return;
        }
        let Some(pointer) = response.interact_pointer_pos() else {
            self.hold = None;
            return;
        };
        let here = place.whole.time_at(pointer.x, place.rect);
        let (first, last) = place.axis.range();
        if response.drag_started() {
            let origin = response.ctx.input(|input| input.pointer.press_origin());
            let from = origin.map_or(pointer.x, |origin| origin.x);
            self.hold = Some(place.held_at(from));
        }
        if response.clicked() && !place.axis.is_whole() {
            let half = last.0.saturating_sub(first.0) / 2;
            place.axis.show(
                LogTime(here.0.saturating_sub(half)),
                LogTime(here.0.saturating_add(half)),
            );
        }
        match self.hold.filter(|_| response.dragged()) {
            Some(Hold::Edge { other }) if here != other => {
                place.axis.show(here.min(other), here.max(other));
            }
            Some(Hold::Frame { from_start }) => {
                let start = here.0.saturating_sub(from_start);
                let end = start.saturating_add(last.0.saturating_sub(first.0));
                place.axis.show(LogTime(start), LogTime(end));
            }
            _ => {}
        }
    }
}

impl Place<'_> {
    /// The frame around what is seen.
    fn frame(&self) -> Rect {
        let (first, last) = self.axis.range();
        let (left, right) = (
            self.whole.x_of(first, self.rect),
            self.whole.x_of(last, self.rect),
        );
        let missing = (LEAST_WIDTH - (right - left)).max(0.0) / 2.0;
        Rect::from_x_y_ranges(left - missing..=right + missing, self.rect.y_range())
            .intersect(self.rect)
    }

    /// What the pointer takes hold of there.
    fn held_at(&self, x: f32) -> Hold {
        let (first, last) = self.axis.range();
        let frame = self.frame();
        let here = self.whole.time_at(x, self.rect);
        if self.axis.is_whole() || !frame.expand(EDGE).x_range().contains(x) {
            return Hold::Edge { other: here };
        }
        match self.edge_at(x) {
            Some(Edge::Start) => Hold::Edge { other: last },
            Some(Edge::End) => Hold::Edge { other: first },
            None => Hold::Frame {
                from_start: here.0.saturating_sub(first.0),
            },
        }
    }

    fn edge_at(&self, x: f32) -> Option<Edge> {
        let frame = self.frame();
        // A small frame has to be taken hold of as well.
        let inside = (frame.width() / 4.0).min(EDGE);
        if self.axis.is_whole() {
            None
        } else if (frame.left() - EDGE..=frame.left() + inside).contains(&x) {
            Some(Edge::Start)
        } else if (frame.right() - inside..=frame.right() + EDGE).contains(&x) {
            Some(Edge::End)
        } else {
            None
        }
    }
}

/// An edge of the frame.
enum Edge {
    Start,
    End,
}

/// The wheel shows more or less around the pointer.
fn wheel(ui: &Ui, response: &Response, place: &mut Place<'_>) {
    let Some(pointer) = response.hover_pos() else {
        return;
    };
    let (scroll, zoom) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    let factor = (scroll.y / WHEEL).exp2() * zoom;
    if factor == 1.0 {
        return;
    }
    let (first, last) = place.axis.range();
    let length = last.0.saturating_sub(first.0) as f64;
    let here = place.whole.time_at(pointer.x, place.rect);
    let before = here.0.saturating_sub(first.0) as f64 / length.max(1.0);
    let share = if (0.0..=1.0).contains(&before) {
        before
    } else {
        0.5
    };
    let new = length / f64::from(factor);
    // Saturates where it is out of range.
    let start = here.0.saturating_sub((share * new) as i64);
    let end = start.saturating_add(new as i64);
    place.axis.show(LogTime(start), LogTime(end));
}

/// Draws the frame, and says with the pointer's shape what a drag would do.
fn frame(ui: &Ui, response: &Response, place: &Place<'_>, palette: Palette) {
    let frame = place.frame();
    let painter = ui.painter_at(place.rect);
    if !place.axis.is_whole() {
        let dim = palette.surface.gamma_multiply(0.6);
        painter.rect_filled(place.rect.with_max_x(frame.left()), 0.0, dim);
        painter.rect_filled(place.rect.with_min_x(frame.right()), 0.0, dim);
        let active = response.hovered() || response.dragged();
        let color = if active { palette.accent } else { palette.weak };
        painter.rect_stroke(frame, 3.0, (1.5, color), StrokeKind::Inside);
    }
    if let Some(pointer) = response.hover_pos() {
        let icon = match place.edge_at(pointer.x) {
            Some(_) => CursorIcon::ResizeHorizontal,
            None if place.axis.is_whole() || !frame.x_range().contains(pointer.x) => {
                CursorIcon::Crosshair
            }
            None if response.dragged() => CursorIcon::Grabbing,
            None => CursorIcon::Grab,
        };
        ui.ctx().set_cursor_icon(icon);
    }
    let hint = if place.axis.is_whole() {
        "All there is. Drag to look at a part of it; the wheel zooms."
    } else {
        "Drag the frame or its edges; the wheel zooms, a double click shows all."
    };
    response.clone().on_hover_text(hint);
}

/// Where samples are damaged, as far as they were decoded.
fn damaged(view: &View<'_>) -> Vec<LogTime> {
    let mut times = Vec::new();
    for stream in view.session.streams() {
        let Some(shown) = view.session.view(stream.id) else {
            continue;
        };
        let shift = view.session.shift_of(stream.id);
        let samples = shown
            .damaged()
            .filter_map(|id| stream.track.samples.get(id));
        let nanos = samples.map(|sample| stream.track.nanos(sample.pts));
        times.extend(nanos.map(|nanos| LogTime(nanos.saturating_add(shift))));
    }
    times
}
