//! One lane of the timeline: a stream's extent, its keyframes, the frames at hand.

use egui::{
    Align, Color32, Layout, Painter, Rect, RichText, Sense, StrokeKind, Ui, UiBuilder, vec2,
};
use reelscope_media::{SyncKind, Track};
use reelscope_player::{FrameCache, TrackKey};
use reelscope_store::{LogTime, StreamView};

use super::{Axis, View};
use crate::command::{Command, Commands};
use crate::theme::{MARGIN, Palette};
use crate::tiles::title;

/// Height of the bar of frames at hand.
const CACHE_BAR: f32 = 3.0;
/// Keyframes nearer to each other than this many points are shown as density.
const TICK_DISTANCE: f64 = 5.0;
/// Frames at least this many points apart are shown one by one.
const FRAME_DISTANCE: f64 = 8.0;
/// Width in points of one step of density.
const DENSITY_STEP: f32 = 3.0;

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
        let text = title(view.session, stream.id);
        let label = egui::Label::new(RichText::new(&text).size(12.0).color(color))
            .truncate()
            .sense(Sense::click());
        if ui.add(label).clicked() {
            commands.push(Command::Focus(stream.id.into()));
        }
    });
}

/// Paints a stream's lane.
pub(super) fn paint(ui: &Ui, rect: Rect, view: &View<'_>, stream: &StreamView<'_>, axis: &Axis) {
    let palette = Palette::of(ui.visuals());
    let painter = ui.painter_at(rect);
    // What is the same at all times fills its lane.
    let Some((start, end)) = stream.extent().or_else(|| view.clock.extent()) else {
        return;
    };
    let shown = view.session.view(stream.id);
    let visible = shown.is_some_and(|view| view.visible);
    let body = rect.shrink2(vec2(0.0, 3.0));
    let bar = Rect::from_x_y_ranges(
        axis.x_of(start, rect)..=axis.x_of(end, rect).max(axis.x_of(start, rect) + 1.0),
        body.y_range(),
    );
    let focused = view.focused == Some(stream.id);
    let fill = if focused {
        palette.lane_focused
    } else {
        palette.lane
    };
    let strength = if visible { 1.0 } else { 0.4 };
    painter.rect_filled(bar, 3.0, fill.gamma_multiply(strength));
    let ticks = body.with_max_y(body.bottom() - CACHE_BAR - 1.0);
    frames(&painter, rect, ticks, stream, axis, palette.faint);
    keyframes(
        &painter,
        rect,
        ticks,
        stream,
        axis,
        palette.keyframe.gamma_multiply(strength),
    );
    if let Some(shown) = shown.filter(|_| !stream.refers()) {
        let row = body.with_min_y(body.bottom() - CACHE_BAR);
        cached(
            &painter,
            row,
            rect,
            (&view.session.cache, shown.key()),
            stream.track,
            axis,
            palette.cached.gamma_multiply(strength),
        );
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

/// The time of the sync sample that starts a GOP; `None` if it starts with something else.
fn gop_time(track: &Track, number: usize) -> Option<LogTime> {
    let first = track.samples.gop(number)?.samples.start;
    let id = track.samples.at_decode_position(first)?;
    let sample = track.samples.get(id)?;
    (sample.sync != SyncKind::None).then(|| LogTime(track.nanos(sample.pts)))
}

/// Number of GOPs that start before a time, by bisection: their sync samples rise in time.
fn gops_before(track: &Track, time: LogTime) -> usize {
    let (mut low, mut high) = (track.samples.first_gop(), track.samples.gop_count());
    while low < high {
        let middle = low + (high - low) / 2;
        // Samples before the first sync sample start no GOP in earnest: they come before all.
        if gop_time(track, middle).is_none_or(|at| at < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Keyframes as ticks where there is room, else as density.
fn keyframes(
    painter: &Painter,
    rect: Rect,
    row: Rect,
    stream: &StreamView<'_>,
    axis: &Axis,
    color: Color32,
) {
    if stream.refers() {
        // What they refer to may lie anywhere.
        return;
    }
    let track = stream.track;
    let (first, last) = axis.range();
    let (from, to) = (gops_before(track, first), gops_before(track, last));
    let room = f64::from(rect.width()) / TICK_DISTANCE;
    if ((to - from) as f64) <= room {
        for time in (from..to).filter_map(|number| gop_time(track, number)) {
            let x = painter.round_to_pixel_center(axis.x_of(time, rect));
            painter.vline(x, row.shrink2(vec2(0.0, 2.0)).y_range(), (1.0, color));
        }
        return;
    }
    let mut x = rect.left();
    let mut before = from;
    while x < rect.right() {
        let next = (x + DENSITY_STEP).min(rect.right());
        let until = gops_before(track, axis.time_at(next, rect));
        let count = until.saturating_sub(before);
        before = until;
        if count > 0 {
            // One keyframe per point is as dense as it gets.
            let strength = (count as f32 / DENSITY_STEP).clamp(0.15, 1.0) * 0.55;
            painter.rect_filled(
                Rect::from_x_y_ranges(x..=next, row.shrink2(vec2(0.0, 2.0)).y_range()),
                0.0,
                color.gamma_multiply(strength),
            );
        }
        x = next;
    }
}

/// Every frame as a small tick, once zoomed in far enough.
fn frames(
    painter: &Painter,
    rect: Rect,
    row: Rect,
    stream: &StreamView<'_>,
    axis: &Axis,
    color: Color32,
) {
    let Some((start, end)) = stream.extent() else {
        return;
    };
    let mean = end.0.saturating_sub(start.0) as f64 / stream.moments().max(1) as f64;
    if mean / axis.nanos_per_point(rect) < FRAME_DISTANCE {
        return;
    }
    let (first, last) = axis.range();
    let from = stream.moment_at(first).unwrap_or(0);
    // However unevenly the frames lie, no more than there are points.
    let most = rect.width().max(0.0) as usize;
    for number in (from..stream.moments()).take(most) {
        let Some(moment) = stream.moment(number).filter(|moment| moment.time <= last) else {
            break;
        };
        let x = painter.round_to_pixel_center(axis.x_of(moment.time, rect));
        painter.vline(x, row.bottom() - 5.0..=row.bottom(), (1.0, color));
    }
}

/// A bar where frames are at hand.
fn cached(
    painter: &Painter,
    row: Rect,
    rect: Rect,
    (cache, key): (&FrameCache, TrackKey),
    track: &Track,
    axis: &Axis,
    color: Color32,
) {
    let shown = track.samples.shown().len().max(1);
    let length = match (track.samples.first_pts(), track.samples.end_pts()) {
        (Some(first), Some(end)) => track.nanos(end).saturating_sub(track.nanos(first)),
        _ => return,
    };
    let frame = length / i64::try_from(shown).unwrap_or(i64::MAX);
    // Frames that are no more than a point or one and a half frames apart make one bar.
    let joint = (1.5 * frame as f64 / axis.nanos_per_point(rect)).max(1.0) as f32;
    let width = (frame as f64 / axis.nanos_per_point(rect)).max(1.0) as f32;
    let mut bar: Option<(f32, f32)> = None;
    let paint = |(from, to): (f32, f32)| {
        painter.rect_filled(Rect::from_x_y_ranges(from..=to, row.y_range()), 1.0, color);
    };
    for pts in cache.times(key) {
        let x = axis.x_of(LogTime(track.nanos(pts)), rect);
        if x + width < rect.left() {
            continue;
        }
        if x > rect.right() {
            break;
        }
        bar = match bar {
            Some((from, to)) if x - (to - width) <= joint => Some((from, x + width)),
            Some(done) => {
                paint(done);
                Some((x, x + width))
            }
            None => Some((x, x + width)),
        };
    }
    if let Some(bar) = bar {
        paint(bar);
    }
}
