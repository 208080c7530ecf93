//! The inspector's view of one sample's units: which, where and how large.

use egui::{FontId, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use reelscope_media::codec::Unit;
use reelscope_media::{SampleData, SampleId};

use super::readings::Readings;
use super::{Subject, current};
use crate::command::{Command, Commands};
use crate::theme::{MARGIN, Palette};
use crate::timecode::grouped;
use crate::widgets::{line_galley, paint_line};

const ROW: f32 = 20.0;
/// Width of the places of units.
const OFFSETS: f32 = 64.0;
/// Width of their sizes.
const SIZES: f32 = 74.0;
/// How far a unit inside another one is moved to the right.
const INDENT: f32 = 14.0;
const FONT: FontId = FontId::monospace(12.0);

/// Draws the tab.
pub(super) fn ui(
    ui: &mut Ui,
    subject: &Subject<'_>,
    readings: &mut Readings,
    commands: &mut Commands,
) {
    let Some(id) = current(subject) else {
        super::hint(ui, "No sample is on screen.");
        return;
    };
    let track = subject.stream.track;
    readings.want_units(track, id);
    // Until those of this sample are there, those of the one before stay, and say so.
    let Some((of, units)) = readings.units() else {
        return;
    };
    heading(ui, subject, *of);
    match units {
        Err(error) => super::hint(ui, &format!("The sample could not be read: {error}.")),
        Ok(units) if units.is_empty() => {
            super::hint(ui, "A sample of this codec is one piece, without units.");
        }
        Ok(units) => {
            let sample = track.samples.get(*of);
            let start = match sample.map(|sample| &sample.data) {
                Some(SampleData::Range { offset, .. }) => Some(*offset),
                _ => None,
            };
            list(ui, units, start, commands);
        }
    }
}

fn heading(ui: &mut Ui, subject: &Subject<'_>, id: SampleId) {
    let palette = Palette::of(ui.visuals());
    let samples = &subject.stream.track.samples;
    let number = samples.frame_number(id).map(|it| it + samples.dropped());
    let number = number.map_or_else(|| "not shown".to_owned(), |number| format!("#{number}"));
    let bytes = samples.get(id).map_or(0, |sample| sample.data.len());
    let bytes = grouped(i64::try_from(bytes).unwrap_or(i64::MAX));
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(f32::from(MARGIN));
        let title = format!("Sample {number}");
        ui.label(RichText::new(title).strong().color(palette.text));
        ui.label(RichText::new(format!("{bytes} B")).color(palette.weak));
    });
    ui.add_space(4.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
    let places = Places::of(rect, 0);
    let font = FontId::proportional(11.0);
    paint_line(ui, places.offset, "Offset", font.clone(), palette.weak);
    paint_line(ui, places.name, "Unit", font.clone(), palette.weak);
    let size = line_galley(ui, "Bytes", font, palette.weak, SIZES);
    let at = pos2(places.size.right() - size.size().x, rect.top() + 1.0);
    ui.painter().galley(at.round(), size, palette.weak);
    ui.painter()
        .hline(rect.x_range(), rect.bottom(), (1.0, palette.line));
}

/// Where the values of a row are.
struct Places {
    offset: Rect,
    name: Rect,
    size: Rect,
}

impl Places {
    fn of(row: Rect, depth: u8) -> Self {
        let inner = row.shrink2(vec2(f32::from(MARGIN), 0.0));
        let name = inner.left() + OFFSETS;
        Self {
            offset: inner.with_max_x(name),
            name: inner
                .with_min_x(name + INDENT * f32::from(depth))
                .with_max_x(inner.right() - SIZES),
            size: inner.with_min_x(inner.right() - SIZES),
        }
    }
}

fn list(ui: &mut Ui, units: &[Unit], start: Option<u64>, commands: &mut Commands) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical()
        .auto_shrink(false)
        .show_rows(ui, ROW, units.len(), |ui, range| {
            for unit in units.get(range).unwrap_or_default() {
                row(ui, unit, start, commands);
            }
        });
}

fn row(ui: &mut Ui, unit: &Unit, start: Option<u64>, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let size = vec2(ui.available_width(), ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label(unit)));
    if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect.shrink2(vec2(4.0, 0.0)), 3.0, palette.raised);
    }
    let places = Places::of(rect, unit.depth);
    let is_inner = unit.depth > 0;
    if !is_inner {
        let offset = grouped(i64::try_from(unit.offset).unwrap_or(i64::MAX));
        paint_line(ui, places.offset, &offset, FONT, palette.weak);
    }
    let color = if is_inner { palette.weak } else { palette.text };
    let font = FontId::proportional(12.0);
    paint_line(ui, places.name, unit.name, font, color);
    let bytes = grouped(i64::try_from(unit.len).unwrap_or(i64::MAX));
    let bytes = line_galley(ui, &bytes, FONT, color, SIZES);
    let at = pos2(
        places.size.right() - bytes.size().x,
        rect.center().y - bytes.size().y / 2.0,
    );
    ui.painter().galley(at.round(), bytes, color);
    if response.clicked() {
        commands.push(Command::Copy(label(unit)));
    }
    response.on_hover_ui(|ui| tooltip(ui, unit, start));
}

/// `Sequence parameter set (7): offset 4, 25 bytes`.
fn label(unit: &Unit) -> String {
    let kind = unit.kind.map_or(String::new(), |kind| format!(" ({kind})"));
    format!(
        "{}{kind}: offset {}, {} bytes",
        unit.name, unit.offset, unit.len
    )
}

fn tooltip(ui: &mut Ui, unit: &Unit, start: Option<u64>) {
    let line = |ui: &mut Ui, text: String| ui.label(RichText::new(text).monospace());
    match unit.kind {
        Some(kind) => ui.label(format!("{}, type {kind}", unit.name)),
        None => ui.label(unit.name),
    };
    if unit.depth == 0 {
        line(ui, format!("offset {} B in the sample", unit.offset));
        if let Some(start) = start {
            line(
                ui,
                format!(
                    "offset {} B in the file",
                    start.saturating_add(unit.offset as u64)
                ),
            );
        }
    }
    line(ui, format!("{} B", unit.len));
    for (name, value) in &unit.fields {
        line(ui, format!("{name} {value}"));
    }
    ui.label(RichText::new("Click to copy").small().weak());
}
