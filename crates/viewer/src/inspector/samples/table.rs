//! Draws the rows of the table that are in view, and no others.

use egui::{
    Color32, FontId, Pos2, Rect, Response, RichText, Role, ScrollArea, Sense, Shape, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};
use reelscope_media::SampleId;

use super::facts::{Column, Facts};
use super::listing::Listing;
use crate::command::{Command, Commands};
use crate::inspector::readings::Readings;
use crate::inspector::{Subject, seek_to};
use crate::theme::{MARGIN, Palette};
use crate::timecode::grouped;
use crate::widgets::{line_galley, paint_line};

const ROW: f32 = 18.0;
/// Between two columns.
const GAP: f32 = 9.0;
const FONT: FontId = FontId::monospace(11.0);

/// The table, for one repaint.
pub(super) struct Table<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) listing: &'a Listing,
    /// The sample of the frame on screen.
    pub(super) current: Option<SampleId>,
    /// Bring this one into view.
    pub(super) follow: Option<SampleId>,
}

impl Table<'_> {
    /// Draws it. Returns the column whose heading was clicked.
    pub(super) fn ui(
        &self,
        ui: &mut Ui,
        readings: &mut Readings,
        commands: &mut Commands,
    ) -> Option<Column> {
        let widths = self.widths(ui);
        let whole: f32 = widths.iter().sum::<f32>() + 2.0 * f32::from(MARGIN);
        let mut sorted = None;
        ScrollArea::horizontal()
            .auto_shrink(false)
            .id_salt("columns")
            .show(ui, |ui| {
                let width = whole.max(ui.available_width());
                ui.set_min_width(width);
                ui.spacing_mut().item_spacing.y = 0.0;
                sorted = self.headings(ui, width, &widths);
                let unknown = self.rows(ui, width, &widths, (readings, commands));
                if let Some(id) = unknown {
                    readings.want_picture(self.subject.stream.track, id);
                }
            });
        sorted
    }

    /// Widths that fit all values without looking at them.
    fn widths(&self, ui: &Ui) -> [f32; 7] {
        let samples = &self.subject.stream.track.samples;
        let digits = |number: usize| number.to_string().len();
        let first = samples.first_pts().map_or(0, |pts| pts.0);
        let last = samples.end_pts().map_or(0, |pts| pts.0);
        let pts = first.to_string().len().max(last.to_string().len());
        let glyph = ui.ctx().fonts_mut(|fonts| fonts.glyph_width(&FONT, '0'));
        Column::ALL.map(|column| {
            let chars = match column {
                Column::Number => digits(samples.dropped() + samples.shown().len()).max(3),
                Column::Decode => digits(samples.positions().end).max(6),
                Column::Type | Column::Sync => 4,
                Column::Bytes => 7,
                Column::Pts => pts.max(4),
                Column::Duration => 5,
            };
            chars as f32 * glyph + GAP
        })
    }

    fn headings(&self, ui: &mut Ui, width: f32, widths: &[f32; 7]) -> Option<Column> {
        let palette = Palette::of(ui.visuals());
        let wanted = self.listing.wanted();
        let (bar, _) = ui.allocate_exact_size(vec2(width, ROW + 4.0), Sense::hover());
        ui.painter()
            .hline(bar.x_range(), bar.bottom(), (1.0, palette.line));
        let mut clicked = None;
        for (column, rect) in cells(bar, widths) {
            let id = ui.scope_id().with(column.name());
            let response = ui.interact(rect, id, Sense::click());
            let is_chosen = wanted.column == column;
            let label = format!("Sort by {}", column.name());
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &label));
            let color = if is_chosen || response.hovered() || response.has_focus() {
                palette.text
            } else {
                palette.weak
            };
            let font = FontId::proportional(11.0);
            let galley = line_galley(ui, column.heading(), font, color, rect.width() + GAP - 2.0);
            let at = pos2(
                rect.right() - galley.size().x,
                (rect.center().y - galley.size().y / 2.0).round(),
            );
            ui.painter().galley(at, galley, color);
            if is_chosen {
                let middle = pos2(rect.right() - 4.0, rect.top() + 3.0);
                arrow(ui, middle, wanted.descending, palette.accent);
            }
            let response = response.on_hover_ui(|ui| {
                ui.label(column.hint());
                let order = match (is_chosen, wanted.descending) {
                    (true, false) => "Sorted from the least on. Click to turn round",
                    (true, true) => "Sorted from the greatest on. Click to turn round",
                    (false, _) => "Click to sort by it",
                };
                ui.label(RichText::new(order).small().weak());
            });
            if response.clicked() {
                clicked = Some(column);
            }
        }
        clicked
    }

    /// Draws the rows in view. Returns the first of their samples that nobody has read.
    fn rows(
        &self,
        ui: &mut Ui,
        width: f32,
        widths: &[f32; 7],
        (readings, commands): (&Readings, &mut Commands),
    ) -> Option<SampleId> {
        let samples = &self.subject.stream.track.samples;
        let mut area = ScrollArea::vertical().auto_shrink(false).id_salt("rows");
        let row = self.follow.and_then(|id| self.listing.row_of(samples, id));
        if let Some(row) = row {
            // A third down, so that what comes before is seen too.
            let offset = row as f32 * ROW - ui.available_height() / 3.0;
            area = area.vertical_scroll_offset(offset.max(0.0));
        }
        let mut unknown = None;
        area.show_rows(ui, ROW, self.listing.len(samples), |ui, range| {
            for row in range {
                let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::click());
                let Some(id) = self.listing.get(samples, row) else {
                    continue;
                };
                let Some(facts) = Facts::of(samples, readings.pictures(), id) else {
                    continue;
                };
                if !readings.pictures().is_known(id) {
                    unknown = unknown.or(Some(id));
                }
                self.row(ui, (rect, widths), response, (id, &facts), commands);
            }
        });
        unknown
    }

    fn row(
        &self,
        ui: &Ui,
        (rect, widths): (Rect, &[f32; 7]),
        response: Response,
        (id, facts): (SampleId, &Facts),
        commands: &mut Commands,
    ) {
        let palette = Palette::of(ui.visuals());
        let is_current = self.current == Some(id);
        response.widget_info(|| WidgetInfo::selected(Role::Row, true, is_current, facts.label()));
        if is_current {
            ui.painter().rect_filled(rect, 0.0, palette.accent_fill);
        } else if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 0.0, palette.raised);
        }
        for (column, cell) in cells(rect, widths) {
            let color = match column {
                Column::Sync => palette.accent,
                Column::Number | Column::Bytes => palette.text,
                Column::Type if facts.text(column) == "I" => palette.accent,
                _ => palette.weak,
            };
            let color = if is_current { palette.text } else { color };
            let galley = line_galley(ui, &facts.text(column), FONT, color, cell.width());
            let left = cell.right() - galley.size().x;
            paint_line(
                ui,
                cell.with_min_x(left.floor()),
                &facts.text(column),
                FONT,
                color,
            );
        }
        if response.clicked() {
            commands.extend(seek_to(self.subject, id));
        }
        response.context_menu(|ui| {
            if ui.button("Copy row").clicked() {
                commands.push(Command::Copy(facts.csv()));
            }
            ui.separator();
            for column in Column::ALL {
                let text = facts.text(column);
                if ui
                    .button(format!("Copy {}: {text}", column.name()))
                    .clicked()
                {
                    commands.push(Command::Copy(text));
                }
            }
        });
        response.on_hover_ui(|ui| tooltip(ui, self.subject, id, facts));
    }
}

/// Points to where the values grow.
fn arrow(ui: &Ui, middle: Pos2, descending: bool, color: Color32) {
    let tip = if descending { -3.0 } else { 3.0 };
    let points = [(-3.5, -tip / 2.0), (3.5, -tip / 2.0), (0.0, tip / 2.0)];
    let points = points.map(|(x, y)| middle + vec2(x, y)).to_vec();
    let shape = Shape::convex_polygon(points, color, Stroke::NONE);
    ui.painter().add(shape);
}

/// The places of a row's values.
fn cells(row: Rect, widths: &[f32; 7]) -> impl Iterator<Item = (Column, Rect)> {
    let mut right = row.left() + f32::from(MARGIN) - GAP;
    Column::ALL
        .into_iter()
        .zip(*widths)
        .map(move |(column, width)| {
            let left = right + GAP;
            right += width;
            let cell = Rect::from_min_max(pos2(left, row.top()), pos2(right, row.bottom()));
            (column, cell)
        })
}

/// All that is known of a sample, in words with units.
pub(in crate::inspector) fn tooltip(
    ui: &mut Ui,
    subject: &Subject<'_>,
    id: SampleId,
    facts: &Facts,
) {
    let track = subject.stream.track;
    let line = |ui: &mut Ui, text: String| ui.label(RichText::new(text).monospace());
    let picture = facts.text(Column::Type);
    let sync = facts.text(Column::Sync);
    line(
        ui,
        format!(
            "Frame #{}, decode {}",
            facts.text(Column::Number),
            facts.text(Column::Decode)
        ),
    );
    let sync = match sync.as_str() {
        "" => "not a sync sample".to_owned(),
        "key" => "keyframe".to_owned(),
        "open" => "keyframe of an open GOP".to_owned(),
        frames => format!("whole after {frames} frames"),
    };
    line(ui, format!("Type {picture}, {sync}"));
    line(ui, format!("{} B", grouped(facts.value(Column::Bytes))));
    let scale = track.timescale.ticks_per_second();
    line(
        ui,
        format!("PTS {} / {scale} s", grouped(facts.value(Column::Pts))),
    );
    if seek_to(subject, id).is_some() {
        ui.label(RichText::new("Click to go there").small().weak());
    }
}
