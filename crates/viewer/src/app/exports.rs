//! Streams, lists and originals that leave the window as files, one at a time.

use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use reelscope_ingest::{MuxOptions, SaveError, Saver, original_file};
use reelscope_media::{Pts, Timescale, Track};
use reelscope_store::{StreamKind, StreamView, TimelineKind};

use super::App;
use super::contact_sheet::ContactSheet;
use crate::clock::Pace;
use crate::command::Command;
use crate::export::{Export, marks_csv, marks_json};
use crate::options::Choice;
use crate::session::file_name;
use crate::view_id::ViewId;

/// What was asked for and waits for a path.
#[derive(Default)]
pub(super) struct Exports {
    view: Option<ViewId>,
    /// The rows of a table.
    table: String,
    /// The contact sheet that is being made.
    pub(super) sheet: Option<ContactSheet>,
}

impl App {
    pub(super) fn apply_exports(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::Export(export) => self.choose_export(ctx, export),
            Command::ExportTo(Export::Sheet, path) => self.begin_contact_sheet(ctx, &path),
            Command::ExportTo(export, path) => {
                let started = match export {
                    Export::Video => self.export_video(&path),
                    Export::Original => self.export_original(&path),
                    Export::Sheet => return,
                    Export::Marks => self.export_marks(&path),
                    Export::Samples => {
                        let table = std::mem::take(&mut self.exports.table);
                        self.export_bytes(table.into(), &path)
                    }
                };
                match started {
                    Ok(saver) => self.saver = Some(saver),
                    Err(error) => self.notices.error(
                        format!("{} was not saved", file_name(&path)),
                        crate::problem::sentence(&error.to_string()),
                    ),
                }
            }
            Command::SaveTable(table) => {
                self.exports.table = table;
                self.choose_export(ctx, Export::Samples);
            }
            _ => {}
        }
    }

    fn choose_export(&mut self, ctx: &egui::Context, export: Export) {
        self.exports.view = self.tiles.focused();
        let view = self.exports.view;
        let name = view.and_then(|view| self.stream_name(view));
        let name = name.unwrap_or_else(|| "video".to_owned());
        let name = match export {
            Export::Video if self.clock.loop_range().is_some() => format!("{name}_part.mp4"),
            Export::Video => format!("{name}.mp4"),
            Export::Original => {
                let known = view.and_then(|view| self.original(view));
                format!("{name}.{}", known.map_or("mp4", |(_, kind)| kind))
            }
            Export::Sheet => format!("{name}_sheet.png"),
            Export::Marks => format!("{name}_marks.csv"),
            Export::Samples => format!("{name}_samples.csv"),
        };
        self.choose(ctx, Choice::Export(export, name));
    }

    fn export_bytes(&self, bytes: Bytes, path: &Path) -> Result<Saver, SaveError> {
        Saver::bytes(bytes, path, self.session.wake())
    }

    /// Whole, or the part that is looped.
    fn export_video(&self, path: &Path) -> Result<Saver, SaveError> {
        let gone = || SaveError::NotThere;
        let view = self.exports.view.ok_or_else(gone)?;
        let (_, stream) = self.session.store.stream(view.stream).ok_or_else(gone)?;
        let now = self.session.time_in(view, self.clock.now());
        let track = self.session.track_of(&stream, now).unwrap_or(stream.track);
        let range = self.looped(view, &stream, track);
        let is_logged = stream.kind == Some(StreamKind::VideoStream);
        let steps = match self.clock.pace() {
            Pace::Steps(rate) if is_logged => Timescale::new(rate),
            _ => None,
        };
        let options = MuxOptions {
            exact: range.is_some(),
            // Logged times start anywhere; a file starts at 0.
            from_zero: is_logged,
            timescale: steps,
            ..MuxOptions::WHOLE
        }
        .within(range);
        Saver::video(track.clone(), options, path, self.session.wake())
    }

    /// The part of a view's track that is looped: from the frame on screen at its start on.
    fn looped(&self, view: ViewId, stream: &StreamView<'_>, track: &Track) -> Option<Range<Pts>> {
        if stream.kind == Some(StreamKind::VideoFrameReference) {
            // Its times are not those of the video.
            return None;
        }
        let (start, end) = self.clock.loop_range()?;
        let in_view = |time| self.session.time_in(view, time).0;
        let ticks = |nanos| track.timescale.from_nanos(nanos);
        let start = Pts(ticks(in_view(start)));
        let shown = track.samples.latest_at(start);
        let shown = shown.and_then(|id| track.samples.get(id));
        let start = shown.map_or(start, |sample| sample.pts);
        Some(start..Pts(ticks(in_view(end).saturating_sub(1)) + 1))
    }

    /// True if a view shows a file that was logged as a whole.
    pub(super) fn is_asset(&self, view: ViewId) -> bool {
        let stream = self.session.store.stream(view.stream);
        stream.is_some_and(|(_, stream)| stream.kind == Some(StreamKind::AssetVideo))
    }

    fn original(&self, view: ViewId) -> Option<(Bytes, &'static str)> {
        let (recording, stream) = self.session.store.stream(view.stream)?;
        original_file(recording, &stream.entity)
    }

    fn export_original(&self, path: &Path) -> Result<Saver, SaveError> {
        let view = self.exports.view.ok_or(SaveError::NotThere)?;
        let (bytes, _) = self.original(view).ok_or(SaveError::NotThere)?;
        self.export_bytes(bytes, path)
    }

    fn export_marks(&self, path: &Path) -> Result<Saver, SaveError> {
        let marks = self.markers().ok_or(SaveError::NotThere)?;
        let timeline = self.session.timeline();
        let kind = timeline
            .as_ref()
            .map_or(TimelineKind::Duration, |it| it.kind);
        let is_json = path
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("json"));
        let text = if is_json {
            let name = timeline.map(|it| it.name);
            marks_json(marks, name.as_deref().unwrap_or_default(), kind)
        } else {
            marks_csv(marks, kind)
        };
        self.export_bytes(text.into(), path)
    }
}
