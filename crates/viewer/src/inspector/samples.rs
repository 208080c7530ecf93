//! The inspector's table of samples: what it shows is chosen here; its rows come from `listing` and are
//! drawn in `table`.

mod facts;
mod filter;
mod listing;
mod table;

use egui::{Button, RichText, TextEdit, Ui, vec2};
use reelscope_media::{SampleId, Track};

use super::readings::Readings;
use super::{Subject, current};
use crate::command::{Command, Commands};
use crate::theme::{MARGIN, Palette};
use crate::timecode::grouped;

pub(super) use facts::{Column, Facts, picture_text};
use filter::Filter;
use listing::{Listing, Wanted};
pub(super) use table::tooltip;

/// Rows that are written down in one repaint when they are copied.
const COPIED: usize = 5_000;

/// The state of the table.
#[derive(Default)]
pub(super) struct SamplesTab {
    track: u64,
    listing: Listing,
    filter: String,
    copying: Option<Copying>,
    /// The sample that was shown when the table was last brought to it.
    followed: Option<SampleId>,
}

/// Rows that are being written down.
struct Copying {
    row: usize,
    text: String,
    /// Into a file; otherwise into the clipboard.
    to_file: bool,
}

impl SamplesTab {
    /// Draws the tab.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        subject: &Subject<'_>,
        readings: &mut Readings,
        commands: &mut Commands,
    ) {
        let track = subject.stream.track;
        let name = subject.view.key().0;
        if self.track != name {
            self.track = name;
            self.listing.forget();
            self.copying = None;
            self.followed = None;
        }
        self.choices(ui);
        let filter = Filter::parse(&self.filter);
        let wanted = self.listing.wanted();
        self.want(Wanted {
            filter,
            ..wanted.clone()
        });
        let mut busy = !self.listing.advance(&track.samples, readings.pictures());
        busy |= self.copy(track, readings, commands);
        if busy {
            ui.ctx().request_repaint();
        }
        self.status(ui, track);
        let current = current(subject);
        let follow = current.filter(|_| current != self.followed);
        self.followed = current;
        let table = table::Table {
            subject,
            listing: &self.listing,
            current,
            follow,
        };
        let sorted = table.ui(ui, readings, commands);
        if let Some(column) = sorted {
            let wanted = self.listing.wanted();
            let again = wanted.column == column;
            self.want(Wanted {
                column,
                descending: again && !wanted.descending,
                filter: wanted.filter.clone(),
            });
            ui.ctx().request_repaint();
        }
    }

    fn want(&mut self, wanted: Wanted) {
        if *self.listing.wanted() != wanted {
            self.listing.want(wanted);
            self.copying = None;
            // The new order puts the current sample elsewhere.
            self.followed = None;
        }
    }

    fn choices(&mut self, ui: &mut Ui) {
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            ui.add_space(f32::from(MARGIN));
            let room = ui.available_width() - 164.0 - f32::from(MARGIN);
            let edit = TextEdit::singleline(&mut self.filter)
                .hint_text("Filter: key bytes>9000")
                .desired_width(room.max(60.0));
            let field = ui.add(edit);
            field.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Filter samples")
            });
            field.on_hover_text(
                "Words that a row has to contain, and comparisons:\nkey, B, bytes>9000, number<100, \
                 decode=7, pts>0, duration=512",
            );
            let hints = [
                ("Copy CSV", "Copy all rows in this order, as comma-separated values", false),
                ("Save CSV…", "Save all rows in this order, as comma-separated values", true),
            ];
            for (name, hint, to_file) in hints {
                let button = ui.add_enabled(self.copying.is_none(), Button::new(name));
                if button.on_hover_text(hint).clicked() {
                    let mut text = Column::ALL.map(Column::name).join(",");
                    text.push('\n');
                    self.copying = Some(Copying { row: 0, text, to_file });
                }
            }
        });
    }

    fn status(&self, ui: &mut Ui, track: &Track) {
        let palette = Palette::of(ui.visuals());
        let count = |count: usize| grouped(i64::try_from(count).unwrap_or(i64::MAX));
        let (rows, all) = (self.listing.len(&track.samples), track.samples.len());
        let mut text = if rows == all {
            format!("{} samples", count(all))
        } else {
            format!("{} of {} samples", count(rows), count(all))
        };
        if let Some(percent) = self.listing.percent() {
            text = format!("Looking through {} samples, {percent} %", count(all));
        }
        if let Some(copying) = &self.copying {
            text = format!("Writing {} of {} rows", count(copying.row), count(rows));
        }
        ui.allocate_ui(vec2(ui.available_width(), 18.0), |ui| {
            ui.horizontal(|ui| {
                ui.add_space(f32::from(MARGIN));
                ui.label(RichText::new(text).size(12.0).color(palette.weak));
            });
        });
    }

    /// Writes some more rows down. Returns true while there are more.
    fn copy(&mut self, track: &Track, readings: &Readings, commands: &mut Commands) -> bool {
        let rows = self.listing.len(&track.samples);
        let Some(copying) = &mut self.copying else {
            return false;
        };
        let to = rows.min(copying.row.saturating_add(COPIED));
        for row in copying.row..to {
            let id = self.listing.get(&track.samples, row);
            let facts = id.and_then(|id| Facts::of(&track.samples, readings.pictures(), id));
            if let Some(facts) = facts {
                copying.text.push_str(&facts.csv());
                copying.text.push('\n');
            }
        }
        copying.row = to;
        if to < rows {
            return true;
        }
        if let Some(done) = self.copying.take() {
            commands.push(if done.to_file {
                Command::SaveTable(done.text)
            } else {
                Command::Copy(done.text)
            });
        }
        false
    }
}
