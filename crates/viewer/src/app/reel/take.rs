//! The session as it is now, to be saved.

use std::path::Path;

use reelscope_media::ColorInfo;
use reelscope_store::{Recording, StreamId, StreamView, Timeline, TimelineKind};

use super::super::App;
use crate::clock::{Clock, Speed};
use crate::command::Active;
use crate::picture_choice::Exposure;
use crate::reel::{
    FileEntry, MarkEntry, Reel, Stamp, TimelineEntry, ViewEntry, ZoomEntry, relative, resolved,
};
use crate::tiles::title;
use crate::view_id::ViewId;

impl App {
    /// The session for a file in a folder.
    pub(super) fn reel_now(&self, folder: &Path) -> Reel {
        let mut reel = Reel::default();
        let mut names: Vec<(ViewId, String)> = Vec::new();
        for recording in self.sources() {
            let Some(file) = file_text(recording, folder) else {
                continue;
            };
            if reel.files.iter().all(|known| known.path != file) {
                reel.files.push(FileEntry { path: file.clone() });
            }
            for stream in self.session.sorted(recording) {
                for view in self.session.views_of(stream.id) {
                    let name = unused(&title(&self.session, view), &names);
                    names.push((view, name.clone()));
                    let file = file.clone();
                    let entry = self.view_entry(recording, &stream, view);
                    reel.views.push(ViewEntry {
                        name,
                        file,
                        ..entry
                    });
                }
            }
        }
        let name_of = |view: ViewId| {
            let found = names.iter().find(|(known, _)| *known == view);
            found.map(|(_, name)| name.clone())
        };
        reel.separate_zooms = !self.tiles.is_linked();
        reel.focused = self.tiles.focused().and_then(name_of);
        reel.layout = self.tiles.layout(&name_of);
        reel.timelines = self.timeline_entries(folder);
        if let Active::Run(run) = self.session.active() {
            let recording = self.session.store.recording(run);
            reel.looking_at = recording.and_then(|it| file_text(it, folder));
        }
        self.keep_missing(&mut reel, folder);
        reel
    }

    fn view_entry(
        &self,
        recording: &Recording,
        stream: &StreamView<'_>,
        view: ViewId,
    ) -> ViewEntry {
        let zoom = self.tiles.zoom(view).parts();
        let kind = recording
            .timeline()
            .map_or(TimelineKind::Duration, |it| it.kind);
        let color = self.session.picture(stream.id).color;
        let exposure = self.session.picture(view).exposure;
        let range = self.session.values(view).range;
        let is_visible = self.session.view(view).is_some_and(|it| it.visible);
        ViewEntry {
            stream: (recording.streams.len() > 1 || recording.is_logged())
                .then(|| stream.entity.to_string()),
            hidden: !is_visible,
            offset: Stamp::shift(kind, self.session.offset(view)),
            zoom: zoom.map(|(scale, center)| ZoomEntry {
                scale: rounded(scale),
                center: center.map(rounded),
            }),
            colors: (color != ColorInfo::default()).then(|| color.into()),
            exposure: (exposure != Exposure::NONE).then(|| f64::from(exposure.stops())),
            range: range.map(|range| range.map(f64::from)),
            ..ViewEntry::default()
        }
    }

    fn timeline_entries(&self, folder: &Path) -> Vec<TimelineEntry> {
        let mut entries = Vec::new();
        let mut add = |active: Active, timeline: &Timeline, is_looked_along: bool| {
            let recording = match active {
                Active::Files => None,
                Active::Run(run) => Some(self.session.store.recording(run)?),
            };
            let file = match recording {
                Some(recording) => Some(file_text(recording, folder)?),
                None => None,
            };
            let clock = is_looked_along.then(|| self.clock_for(active)).flatten();
            let mut entry = TimelineEntry {
                name: file.is_some().then(|| timeline.name.to_string()),
                file,
                ..TimelineEntry::default()
            };
            if let Some(clock) = clock {
                put_clock(&mut entry, clock, timeline.kind);
            }
            let mut books = self.marks.iter();
            let book = books.find(|((of, name), _)| *of == active && *name == timeline.name);
            let marks = book.into_iter().flat_map(|(_, marks)| marks.iter());
            entry.marks = marks
                .map(|(_, mark)| MarkEntry {
                    at: Stamp::of(timeline.kind, mark.time),
                    note: mark.note.clone(),
                })
                .collect();
            if clock.is_some() || !entry.marks.is_empty() {
                entries.push(entry);
            }
            Some(())
        };
        if self.sources().any(|recording| !recording.is_logged()) {
            add(Active::Files, &Timeline::video_time(), true);
        }
        for recording in self.sources().filter(|recording| recording.is_logged()) {
            let chosen = recording.timeline();
            for (timeline, _) in recording.timelines() {
                add(
                    Active::Run(recording.id),
                    timeline,
                    chosen == Some(timeline),
                );
            }
        }
        entries
    }

    /// The playhead of what is looked at, or was before.
    fn clock_for(&self, active: Active) -> Option<&Clock> {
        if active == self.clock_of {
            return Some(&self.clock);
        }
        self.other_clocks.get(&active)
    }

    /// What the session says of files that are missing now stays in it.
    fn keep_missing(&self, reel: &mut Reel, folder: &Path) {
        let old = self.reel.folder();
        let moved = |file: &str| relative(&resolved(file, &old), folder);
        for file in &self.reel.missing {
            let Some(path) = moved(file) else {
                continue;
            };
            let mut kept = self.reel.saved.clone();
            kept.rename(file, &path);
            reel.files.push(FileEntry { path: path.clone() });
            let views = kept.views.into_iter().filter(|view| view.file == path);
            reel.views.extend(views);
            let timelines = kept.timelines.into_iter();
            let of_file = |it: &TimelineEntry| it.file.as_deref() == Some(path.as_str());
            reel.timelines.extend(timelines.filter(of_file));
        }
    }
}

fn put_clock(entry: &mut TimelineEntry, clock: &Clock, kind: TimelineKind) {
    entry.playhead = Some(Stamp::of(kind, clock.now()));
    let speed = clock.speed();
    entry.speed = (speed != Speed::NORMAL).then(|| f64::from(speed.thousandths()) / 1_000.0);
    entry.at_end = clock.loop_mode();
    let range = clock.loop_range();
    entry.looped = range.map(|(start, end)| [Stamp::of(kind, start), Stamp::of(kind, end)]);
}

/// The path of a recording's file, as a session in a folder has it.
pub(super) fn file_text(recording: &Recording, folder: &Path) -> Option<String> {
    relative(&std::path::absolute(&recording.origin).ok()?, folder)
}

/// A name that no other view has.
fn unused(name: &str, names: &[(impl Sized, String)]) -> String {
    let is_free = |name: &str| names.iter().all(|(_, known)| known != name);
    if is_free(name) {
        return name.to_owned();
    }
    let numbered = (2..=names.len() + 2).map(|number| format!("{name} #{number}"));
    let mut free = numbered.filter(|name| is_free(name));
    free.next().unwrap_or_default()
}

/// As many digits as a person wants to read.
fn rounded(value: f32) -> f64 {
    const PARTS: f64 = 10_000.0;
    (f64::from(value) * PARTS).round() / PARTS
}

/// The stream of a recording that a view shows.
pub(super) fn stream_of(recording: &Recording, stream: Option<&str>) -> Option<StreamId> {
    let mut streams = recording.streams.iter();
    match (stream, recording.streams.as_slice()) {
        // Whatever the file is called now.
        (None, [only]) => Some(only.id),
        (None, _) => None,
        (Some(name), _) => streams
            .find(|stream| stream.entity.to_string() == name)
            .map(|stream| stream.id),
    }
}
