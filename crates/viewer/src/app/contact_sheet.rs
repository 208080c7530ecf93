//! Makes a contact sheet: goes to one time after the other, waits for the exact frames of all tiles, and
//! puts them into one picture.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use egui::Context;
use reelscope_ingest::{StillJob, StillWriter};
use reelscope_player::ShownState;
use reelscope_store::LogTime;

use super::App;
use crate::session::file_name;
use crate::sheet::{CELL, Label, SheetRow, compose};
use crate::timecode::time_text;
use crate::view_id::ViewId;

/// Columns where no marks say which.
const COLUMNS: i64 = 8;
/// Columns at most.
const MOST: usize = 64;

/// A sheet that is being made.
pub(super) struct ContactSheet {
    path: PathBuf,
    writer: StillWriter,
    /// Where the playhead was.
    back: LogTime,
    times: Vec<LogTime>,
    labels: Vec<Label>,
    views: Vec<ViewId>,
    rows: Vec<SheetRow>,
    /// The column that is waited for.
    column: usize,
    /// True if the playhead has just been moved there.
    is_fresh: bool,
    /// Cells that are being drawn: row and column.
    drawn: VecDeque<(usize, usize)>,
    /// True if the whole is being written.
    is_written: bool,
}

impl App {
    /// Begins a sheet of all tiles on screen: at the marks, or evenly over the looped part, or over all.
    pub(super) fn begin_contact_sheet(&mut self, ctx: &Context, path: &Path) {
        let times = self.sheet_times();
        let views = self.tiles.on_screen();
        let writer = StillWriter::start(self.session.wake());
        let (Ok(writer), Some(first)) = (writer, times.first().copied()) else {
            let reason = "There is nothing to put on it.".to_owned();
            return self.sheet_failed(path, reason);
        };
        let kind = self.session.timeline_kind();
        let labels = times
            .iter()
            .map(|time| Label::new(ctx, &time_text(kind, *time)))
            .collect();
        let rows = views.iter().map(|view| SheetRow {
            name: Label::new(ctx, &self.stream_name(*view).unwrap_or_default()),
            height: self.sheet_cell(*view).1,
            cells: vec![None; times.len()],
        });
        let sheet = ContactSheet {
            path: path.to_owned(),
            writer,
            back: self.clock.now(),
            labels,
            rows: rows.collect(),
            views,
            times,
            column: 0,
            is_fresh: true,
            drawn: VecDeque::new(),
            is_written: false,
        };
        self.clock.pause();
        self.clock.seek(first);
        self.exports.sheet = Some(sheet);
        ctx.request_repaint();
    }

    fn sheet_times(&self) -> Vec<LogTime> {
        let marks = self.markers().into_iter().flat_map(|marks| marks.iter());
        let marks: Vec<LogTime> = marks.map(|(_, mark)| mark.time).take(MOST).collect();
        if !marks.is_empty() {
            return marks;
        }
        let Some((start, end)) = self.clock.loop_range().or(self.clock.extent()) else {
            return Vec::new();
        };
        // The middle of each of so many parts.
        let length = end.0.saturating_sub(start.0);
        let at = |part: i64| {
            start
                .0
                .saturating_add(length / (2 * COLUMNS) * (2 * part + 1))
        };
        (0..COLUMNS).map(|part| LogTime(at(part))).collect()
    }

    /// Width and height of a view's cells.
    fn sheet_cell(&self, view: ViewId) -> (u32, u32) {
        let (width, height) = self.still_size(view).unwrap_or((16, 9));
        let scaled = u64::from(height) * u64::from(CELL) / u64::from(width.max(1));
        // A picture that is very tall gets no more than a square.
        let scaled = u32::try_from(scaled).unwrap_or(CELL).clamp(1, CELL);
        let narrow = u64::from(width) * u64::from(scaled) / u64::from(height.max(1));
        (u32::try_from(narrow).unwrap_or(CELL).clamp(1, CELL), scaled)
    }

    /// Goes on with the sheet, if there is one.
    pub(super) fn advance_contact_sheet(&mut self, ctx: &Context) {
        let Some(mut sheet) = self.exports.sheet.take() else {
            return;
        };
        match self.advance_sheet(&mut sheet) {
            Ok(true) => {
                let (columns, rows) = (sheet.times.len(), sheet.rows.len());
                let words = format!("Saved {}: {columns} × {rows} frames", sheet.path.display());
                let wall = ctx.input(|input| input.time);
                self.notices.done(words, wall);
            }
            Ok(false) => {
                self.exports.sheet = Some(sheet);
                ctx.request_repaint();
            }
            Err(reason) => self.sheet_failed(&sheet.path, reason),
        }
    }

    fn sheet_failed(&mut self, path: &Path, reason: String) {
        let title = format!("{} was not saved", file_name(path));
        self.notices.error(title, reason);
    }

    /// True once the file is there.
    fn advance_sheet(&mut self, sheet: &mut ContactSheet) -> Result<bool, String> {
        while let Some(done) = sheet.writer.try_done() {
            let still = done
                .result
                .map_err(|reason| crate::problem::sentence(&reason))?;
            if sheet.is_written {
                return Ok(true);
            }
            let Some((row, column)) = sheet.drawn.pop_front() else {
                continue;
            };
            let cell = sheet
                .rows
                .get_mut(row)
                .and_then(|row| row.cells.get_mut(column));
            if let Some(cell) = cell {
                *cell = still;
            }
        }
        match sheet.times.get(sheet.column).copied() {
            Some(time) => self.advance_column(sheet, time)?,
            None if sheet.drawn.is_empty() && !sheet.is_written => {
                self.clock.seek(sheet.back);
                let (labels, rows) = (sheet.labels.clone(), std::mem::take(&mut sheet.rows));
                sheet.rows.resize(rows.len(), SheetRow::default());
                let job = StillJob {
                    make: Box::new(move || Ok(compose(&labels, &rows))),
                    path: Some(sheet.path.clone()),
                };
                sheet.is_written = sheet.writer.ask(job).is_ok();
            }
            None => {}
        }
        Ok(false)
    }

    /// Has the frames of a column drawn once all are there, and goes to the next.
    fn advance_column(&mut self, sheet: &mut ContactSheet, time: LogTime) -> Result<(), String> {
        if std::mem::take(&mut sheet.is_fresh) {
            // The tiles hear of it before the next repaint.
            return Ok(());
        }
        if self.clock.now() != time || self.clock.is_playing() {
            return Err("The playhead was moved while the sheet was made.".to_owned());
        }
        let states = sheet.views.iter().map(|view| {
            let view = self.session.view(*view)?;
            let state = view.shown.as_ref().map(|shown| &shown.state);
            match state {
                _ if view.nothing.is_some() => Some(false),
                Some(ShownState::Exact) => Some(true),
                Some(ShownState::Pending) | None => None,
                _ => Some(false),
            }
        });
        let Some(states) = states.collect::<Option<Vec<bool>>>() else {
            return Ok(());
        };
        let there = states.into_iter().zip(&sheet.views).enumerate();
        for (row, (_, view)) in there.filter(|(_, (is_there, _))| *is_there) {
            let size = self.sheet_cell(*view);
            let make = self.still_as_shown(*view, size);
            let make = make.ok_or("There is no graphics adapter to draw it.")?;
            let job = StillJob { make, path: None };
            sheet
                .writer
                .ask(job)
                .map_err(|_| "Too many tiles are open.".to_owned())?;
            sheet.drawn.push_back((row, sheet.column));
        }
        sheet.column += 1;
        if let Some(next) = sheet.times.get(sheet.column) {
            self.clock.seek(*next);
            sheet.is_fresh = true;
        }
        Ok(())
    }
}
