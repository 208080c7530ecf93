//! The lane of the focused stream's bitrate: bytes by the time in which they are on screen, their
//! mean, and where GOPs start.

use egui::{
    Align, FontId, Label, Layout, Mesh, Rect, RichText, Role, Sense, Shape, Stroke, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};
use reelscope_store::{StreamView, TimelineKind};

use super::lanes::{COLUMN, Columns, Scale};
use super::{Axis, View};
use crate::theme::{MARGIN, Palette};
use crate::tiles::title;
use crate::timecode::bytes_text;

/// Height of the lane.
pub(super) const HEIGHT: f32 = 40.0;
/// GOPs that are at least this many points long have a line at their start.
const GOP_DISTANCE: f32 = 14.0;
/// Length of the parts of the line at the mean, and of those between them.
const DASH: (f32, f32) = (5.0, 4.0);

/// Where the lane is.
pub(super) struct Place<'a> {
    /// Left of the axis, for the name.
    pub(super) gutter: Rect,
    /// Along the axis.
    pub(super) rect: Rect,
    pub(super) axis: &'a Axis,
}

/// What is drawn.
struct Rates {
    /// Bytes per second (on a timeline that counts: per step), from left to right.
    all: Vec<f32>,
    /// The largest of them.
    peak: f32,
    /// Their mean where there are frames.
    mean: f32,
}

impl Rates {
    fn of(columns: &Columns, nanos_per_point: f64, kind: TimelineKind) -> Self {
        let unit = match kind {
            TimelineKind::Sequence => 1.0,
            _ => 1e9,
        };
        let time = (nanos_per_point * f64::from(COLUMN) / unit).max(f64::MIN_POSITIVE);
        let rate = |bytes: f32| (f64::from(bytes) / time) as f32;
        let all: Vec<f32> = columns.cells.iter().map(|cell| rate(cell.bytes)).collect();
        let used = columns.cells.iter().filter(|cell| cell.frames > 0.0);
        let (count, sum) = used.fold((0.0, 0.0), |(count, sum), cell| {
            (count + 1.0, sum + rate(cell.bytes))
        });
        Self {
            peak: all.iter().copied().fold(0.0, f32::max),
            mean: if count > 0.0 { sum / count } else { 0.0 },
            all,
        }
    }
}

/// Draws the lane of a stream.
pub(super) fn ui(ui: &mut Ui, place: &Place<'_>, view: &View<'_>, stream: &StreamView<'_>) {
    let Some(shown) = view.session.view(stream.id).filter(|_| !stream.refers()) else {
        name(ui, place, "Bitrate", None);
        return;
    };
    let rect = place.rect.shrink2(vec2(0.0, 3.0));
    let scale = Scale::of(stream.track, place.axis, rect);
    let columns = Columns::of((stream.track, &shown.summary), &scale, rect, None);
    let rates = Rates::of(&columns, place.axis.nanos_per_point(rect), view.kind);
    let peak = rate_text(rates.peak, view.kind);
    let mean = rate_text(rates.mean, view.kind);
    name(ui, place, "Bitrate", Some(&format!("{mean} on average")));
    if rates.peak <= 0.0 {
        return;
    }
    paint(ui, rect, &columns, &rates);
    let response = ui.interact(rect, ui.scope_id().with("bitrate"), Sense::hover());
    response.widget_info(|| {
        let title = title(view.session, stream.id);
        let label = format!("Bitrate of {title}: {mean} on average, {peak} at most");
        WidgetInfo::labeled(Role::Image, true, label)
    });
    if let Some(pointer) = response.hover_pos() {
        let column = ((pointer.x - rect.left()) / COLUMN).max(0.0) as usize;
        if let Some(rate) = rates.all.get(column) {
            said(ui, rect, pointer.x, &rate_text(*rate, view.kind));
        }
    }
}

fn name(ui: &mut Ui, place: &Place<'_>, title: &str, below: Option<&str>) {
    let palette = Palette::of(ui.visuals());
    let rect = place
        .gutter
        .with_min_x(place.gutter.left() + f32::from(MARGIN))
        .shrink2(vec2(0.0, 5.0));
    let builder = UiBuilder::new()
        .max_rect(rect)
        .layout(Layout::top_down(Align::Min));
    ui.scope_builder(builder, |ui| {
        for text in [Some(title), below].into_iter().flatten() {
            let text = RichText::new(text).small().color(palette.weak);
            ui.add(Label::new(text).truncate());
        }
    });
}

fn paint(ui: &Ui, rect: Rect, columns: &Columns, rates: &Rates) {
    let palette = Palette::of(ui.visuals());
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 3.0, palette.sunken);
    let y = |rate: f32| rect.bottom() - rate / rates.peak * (rect.height() - 2.0);
    let distance = columns.distance(|is_sync| is_sync);
    let mut mesh = Mesh::default();
    if distance.is_some_and(|distance| distance >= GOP_DISTANCE) {
        for (x, _) in columns.singles.iter().filter(|(_, is_sync)| *is_sync) {
            let x = painter.round_to_pixel_center(*x);
            let line = Rect::from_min_max(pos2(x - 0.5, rect.top()), pos2(x + 0.5, rect.bottom()));
            mesh.add_colored_rect(line, palette.faint.gamma_multiply(0.7));
        }
    }
    for (column, rate) in rates
        .all
        .iter()
        .enumerate()
        .filter(|(_, rate)| **rate > 0.0)
    {
        let left = rect.left() + column as f32 * COLUMN;
        let bar = Rect::from_min_max(pos2(left, y(*rate)), pos2(left + COLUMN, rect.bottom()));
        mesh.add_colored_rect(bar, palette.accent.gamma_multiply(0.65));
    }
    painter.add(Shape::mesh(mesh));
    let mean = painter.round_to_pixel_center(y(rates.mean));
    let ends = [pos2(rect.left(), mean), pos2(rect.right(), mean)];
    let stroke = Stroke::new(1.0, palette.text.gamma_multiply(0.7));
    painter.extend(Shape::dashed_line(&ends, stroke, DASH.0, DASH.1));
}

/// The rate under the pointer.
fn said(ui: &Ui, rect: Rect, x: f32, text: &str) {
    let palette = Palette::of(ui.visuals());
    let font = FontId::monospace(11.0);
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font, palette.text);
    let size = galley.size() + vec2(10.0, 4.0);
    // On the side on which there is room.
    let left = if x + size.x + 8.0 < rect.right() {
        x + 8.0
    } else {
        x - 8.0 - size.x
    };
    let place = Rect::from_min_size(pos2(left, rect.top() + 2.0), size);
    ui.painter()
        .rect_filled(place, 3.0, palette.raised.gamma_multiply(0.95));
    ui.painter()
        .galley(place.min + vec2(5.0, 2.0), galley, palette.text);
}

/// A rate for people: bits per second, or bytes for each step of a timeline that counts.
fn rate_text(bytes: f32, kind: TimelineKind) -> String {
    if kind == TimelineKind::Sequence {
        // Saturates where it is out of range.
        return format!("{} a step", bytes_text(bytes as u64));
    }
    let bits = bytes * 8.0;
    match bits {
        10_000_000.0.. => format!("{:.0} Mbit/s", bits / 1e6),
        1_000_000.0.. => format!("{:.1} Mbit/s", bits / 1e6),
        _ => format!("{:.0} kbit/s", bits / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_written_with_two_digits_or_more() {
        let text = |bytes| rate_text(bytes, TimelineKind::Duration);
        assert_eq!(text(1_000.0), "8 kbit/s");
        assert_eq!(text(250_000.0), "2.0 Mbit/s");
        assert_eq!(text(3_000_000.0), "24 Mbit/s");
        assert_eq!(rate_text(2_048.0, TimelineKind::Sequence), "2.0 KiB a step");
    }
}
