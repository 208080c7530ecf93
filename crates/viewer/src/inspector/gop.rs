//! The inspector's view of a GOP: a bar for each sample, as high as it has bytes.

use egui::{
    Color32, FontId, Pos2, Rect, RichText, Role, ScrollArea, Sense, Shape, Ui, WidgetInfo, pos2,
    vec2,
};
use reelscope_media::codec::PictureType;
use reelscope_media::{Gop, SampleId, SampleIndex, SyncKind};

use super::readings::Readings;
use super::samples::{Column, Facts, picture_text, tooltip};
use super::{Row, Subject, current, row_ui, seek_to};
use crate::command::Commands;
use crate::theme::{MARGIN, Palette};
use crate::timecode::{bytes_text, grouped};

/// Height of the highest bar.
const BARS: f32 = 120.0;
/// Below the bars, for the types.
const TYPES: f32 = 16.0;
/// A bar is so wide at least, that it can be hit.
const NARROWEST: f32 = 5.0;
const WIDEST: f32 = 24.0;
/// Bars that are drawn at most: of a longer GOP, those around the sample on screen.
const MOST: usize = 400;
/// From this width on a bar has its type below it.
const ROOM_FOR_TYPE: f32 = 9.0;

/// The state of the tab.
#[derive(Default)]
pub(super) struct GopTab {
    presentation: bool,
    /// The sample that was shown when the bars were last brought to it.
    followed: Option<SampleId>,
}

impl GopTab {
    /// Draws the tab.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        subject: &Subject<'_>,
        readings: &mut Readings,
        commands: &mut Commands,
    ) {
        let samples = &subject.stream.track.samples;
        let found = current(subject).and_then(|id| Some((id, samples.gop_of(id)?)));
        let Some((id, gop)) = found else {
            super::hint(ui, "No sample is on screen.");
            return;
        };
        readings.want_picture(subject.stream.track, id);
        let ids = self.bars(samples, &gop, id);
        let facts: Vec<(SampleId, Facts)> = ids
            .iter()
            .filter_map(|id| Some((*id, Facts::of(samples, readings.pictures(), *id)?)))
            .collect();
        ui.add_space(6.0);
        self.order(ui);
        ui.add_space(6.0);
        let follow = self.followed != Some(id);
        self.followed = Some(id);
        chart(ui, subject, (&facts, id, follow), commands);
        legend(ui);
        ui.add_space(6.0);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for row in rows(samples, &gop, &facts) {
                row_ui(ui, &row, commands);
            }
        });
    }

    fn order(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.add_space(f32::from(MARGIN));
            let before = self.presentation;
            ui.selectable_value(&mut self.presentation, false, "Decode order")
                .on_hover_text("As the samples are stored and decoded");
            ui.selectable_value(&mut self.presentation, true, "Presentation order")
                .on_hover_text("As the frames are shown");
            if before != self.presentation {
                self.followed = None;
            }
        });
    }

    /// The samples that have a bar, in their order.
    fn bars(&self, samples: &SampleIndex, gop: &Gop, id: SampleId) -> Vec<SampleId> {
        let all = gop.samples.clone();
        let here = samples.decode_position(id).unwrap_or(all.start);
        let from = here
            .saturating_sub(MOST / 2)
            .min(all.end.saturating_sub(MOST))
            .max(all.start);
        let to = all.end.min(from + MOST);
        let mut ids: Vec<SampleId> = (from..to)
            .filter_map(|position| samples.at_decode_position(position))
            .collect();
        if self.presentation {
            ids.sort_by_key(|id| samples.rank(*id));
        }
        ids
    }
}

fn chart(
    ui: &mut Ui,
    subject: &Subject<'_>,
    (facts, current, follow): (&[(SampleId, Facts)], SampleId, bool),
    commands: &mut Commands,
) {
    let palette = Palette::of(ui.visuals());
    let largest = facts
        .iter()
        .map(|(_, facts)| facts.value(Column::Bytes))
        .max()
        .unwrap_or(0)
        .max(1);
    let margin = f32::from(MARGIN);
    ui.horizontal(|ui| {
        ui.add_space(margin);
        let text = format!("largest {} B", grouped(largest));
        ui.label(RichText::new(text).size(11.0).color(palette.weak));
    });
    let count = facts.len().max(1) as f32;
    let room = ui.available_width() - 2.0 * margin;
    let width = (room / count).clamp(NARROWEST, WIDEST);
    ScrollArea::horizontal()
        .auto_shrink([false, true])
        .id_salt("bars")
        .show(ui, |ui| {
            let size = vec2(
                (width * count + 2.0 * margin).max(room),
                BARS + TYPES + 10.0,
            );
            let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
            let floor = rect.top() + BARS;
            ui.painter()
                .hline(rect.x_range(), floor + 0.5, (1.0, palette.line));
            for (place, (id, facts)) in facts.iter().enumerate() {
                let left = rect.left() + margin + width * place as f32;
                let column =
                    Rect::from_min_max(pos2(left, rect.top()), pos2(left + width, floor + TYPES));
                let height = facts.value(Column::Bytes) as f32 / largest as f32 * (BARS - 4.0);
                let top = floor - height.max(2.0);
                let is_current = *id == current;
                bar(ui, column, (top, floor), facts, is_current);
                if is_current && follow {
                    ui.scroll_to_rect(column.expand2(vec2(40.0, 0.0)), None);
                }
                let response = ui.interact(column, ui.scope_id().with(id), Sense::click());
                response.widget_info(|| {
                    WidgetInfo::selected(Role::Button, true, is_current, label(facts))
                });
                if response.hovered() || response.has_focus() {
                    let inside = egui::StrokeKind::Inside;
                    let stroke = (1.0, palette.weak);
                    ui.painter().rect_stroke(column, 2.0, stroke, inside);
                }
                if response.clicked() {
                    commands.extend(seek_to(subject, *id));
                }
                response.on_hover_ui(|ui| tooltip(ui, subject, *id, facts));
            }
        });
}

fn label(facts: &Facts) -> String {
    format!(
        "Bar of frame #{}: {}, {} B",
        facts.text(Column::Number),
        facts.text(Column::Type),
        grouped(facts.value(Column::Bytes))
    )
}

fn bar(ui: &Ui, column: Rect, (top, floor): (f32, f32), facts: &Facts, is_current: bool) {
    let palette = Palette::of(ui.visuals());
    let painter = ui.painter();
    if is_current {
        painter.rect_filled(column, 2.0, palette.accent_fill);
    }
    let gap = if column.width() > 8.0 { 1.5 } else { 0.5 };
    let body = Rect::from_min_max(
        pos2(column.left() + gap, top),
        pos2(column.right() - gap, floor),
    );
    let color = color(&palette, facts.picture());
    painter.rect_filled(body, 1.0, color);
    let middle = column.center().x;
    if column.width() >= ROOM_FOR_TYPE {
        let text = picture_text(facts.picture());
        let color = if is_current {
            palette.text
        } else {
            palette.weak
        };
        let at = pos2(middle, floor + 2.0);
        painter.text(
            at,
            egui::Align2::CENTER_TOP,
            text,
            FontId::monospace(10.0),
            color,
        );
    }
    if facts.sync() != SyncKind::None {
        diamond(ui, pos2(middle, floor + TYPES + 2.0));
    }
    if is_current {
        painter.hline(
            column.x_range(),
            column.top() + 1.0,
            (2.0, palette.playhead),
        );
    }
}

/// The mark of a keyframe.
fn diamond(ui: &Ui, at: Pos2) {
    let points = [(-3.0, 0.0), (0.0, -3.0), (3.0, 0.0), (0.0, 3.0)];
    let points = points.map(|(x, y)| at + vec2(x, y)).to_vec();
    let color = Palette::of(ui.visuals()).keyframe;
    let shape = Shape::convex_polygon(points, color, egui::Stroke::NONE);
    ui.painter().add(shape);
}

fn color(palette: &Palette, picture: PictureType) -> Color32 {
    match picture {
        PictureType::I => palette.accent,
        PictureType::P => palette.keyframe,
        PictureType::B => palette.weak.gamma_multiply(0.8),
        PictureType::Unknown => palette.faint,
    }
}

fn legend(ui: &mut Ui) {
    let palette = Palette::of(ui.visuals());
    ui.horizontal(|ui| {
        ui.add_space(f32::from(MARGIN));
        for (picture, word) in [
            (PictureType::I, "I"),
            (PictureType::P, "P"),
            (PictureType::B, "B"),
            (PictureType::Unknown, "not read"),
        ] {
            let (rect, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
            ui.painter()
                .rect_filled(rect, 1.0, color(&palette, picture));
            ui.label(RichText::new(word).size(11.0).color(palette.weak));
            ui.add_space(4.0);
        }
        let (rect, _) = ui.allocate_exact_size(vec2(8.0, 10.0), Sense::hover());
        diamond(ui, rect.center());
        ui.label(RichText::new("keyframe").size(11.0).color(palette.weak));
    });
}

/// What can be said of all the bars together.
fn rows(samples: &SampleIndex, gop: &Gop, facts: &[(SampleId, Facts)]) -> Vec<Row> {
    let bytes = facts.iter().map(|(_, facts)| facts.value(Column::Bytes));
    let bytes: i64 = bytes.fold(0, i64::saturating_add);
    let whole = |number: usize| grouped(i64::try_from(number).unwrap_or(i64::MAX));
    let count = |wanted: PictureType| {
        let all = facts.iter().map(|(_, facts)| facts.picture());
        all.filter(|picture| *picture == wanted).count()
    };
    let part = if facts.len() < gop.samples.len() {
        "of the samples drawn"
    } else {
        ""
    };
    let mut rows = vec![
        Row::new(
            "GOP",
            format!("#{} of {}", whole(gop.number), whole(samples.gop_count())),
            "Number of the group of pictures, from 0",
        ),
        Row::new(
            "Samples",
            whole(gop.samples.len()),
            "From its keyframe to the one before the next",
        ),
        Row::new(
            "Positions",
            format!(
                "{} to {}",
                whole(gop.samples.start),
                whole(gop.samples.end - 1)
            ),
            "First and last position in decode order",
        ),
        Row::new(
            "Size",
            bytes_text(u64::try_from(bytes).unwrap_or(0)),
            "Bytes of all its access units",
        )
        .raw(bytes.to_string()),
        Row::new(
            "Mean",
            format!(
                "{} B",
                grouped(bytes / i64::try_from(facts.len().max(1)).unwrap_or(1))
            ),
            "Mean size of its access units",
        ),
    ];
    if count(PictureType::Unknown) < facts.len() {
        let [i, p, b] = [PictureType::I, PictureType::P, PictureType::B].map(count);
        rows.push(Row::new(
            "Types",
            format!("{i} I, {p} P, {b} B"),
            "Pictures by prediction type, as far as they were read",
        ));
    }
    if !part.is_empty() {
        for row in rows.iter_mut().skip(3) {
            row.note = Some(part);
        }
    }
    rows
}
