//! Frames that leave the window: into files, into the clipboard. Only ever exact ones: what is on its
//! way is waited for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::ColorImage;
use reelscope_ingest::{MakeStill, Still, StillDone, StillJob, StillValues, StillWriter};
use reelscope_media::{SampleId, Track};
use reelscope_player::{Shown, ShownState};
use reelscope_store::{LogTime, TimelineKind};

use super::App;
use crate::command::Command;
use crate::options::Choice;
use crate::session::file_name;
use crate::view_id::ViewId;

/// Characters of a stream's name in that of a file.
const NAME: usize = 48;

/// What is to be saved or copied, and what does it.
pub(super) struct FramesOut {
    writer: StillWriter,
    waiting: Vec<Wish>,
    /// What the next path that is chosen is for.
    asked: Option<ViewId>,
    /// Files of one command that were written, and how many are still to come.
    written: Vec<PathBuf>,
    under_way: usize,
}

/// A frame that somebody wants to have.
struct Wish {
    view: ViewId,
    /// The sample that was wanted when the person asked.
    sample: Option<SampleId>,
    to: Target,
}

enum Target {
    File(PathBuf),
    /// A file in this folder, under its own name.
    Folder(PathBuf),
    Clipboard,
}

impl FramesOut {
    pub(super) fn new(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        Ok(Self {
            writer: StillWriter::start(wake)?,
            waiting: Vec::new(),
            asked: None,
            written: Vec::new(),
            under_way: 0,
        })
    }

    /// True if a frame is waited for.
    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }
}

impl App {
    /// What is done about the frames that are looked at.
    pub(super) fn apply_frames_out(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::SaveFrame => {
                // It stands still while the person looks for a place to put it.
                self.clock.pause();
                self.frames_out.asked = self.tiles.focused();
                if let Some(name) = self.tiles.focused().and_then(|view| self.frame_name(view)) {
                    self.choose(ctx, Choice::SaveFrame(name));
                }
            }
            Command::SaveFrameTo(path) => {
                let view = self.frames_out.asked.take().or(self.tiles.focused());
                if let Some(view) = view {
                    self.wish(view, Target::File(path));
                }
            }
            Command::SaveFrames => {
                self.clock.pause();
                self.choose(ctx, Choice::FramesFolder);
            }
            Command::SaveFramesIn(folder) => {
                for view in self.tiles.on_screen() {
                    self.wish(view, Target::Folder(folder.clone()));
                }
            }
            Command::CopyFrame => {
                if let Some(view) = self.tiles.focused() {
                    self.wish(view, Target::Clipboard);
                }
            }
            _ => {}
        }
        self.advance_frames_out(ctx);
    }

    fn wish(&mut self, view: ViewId, to: Target) {
        let shown = self.session.view(view).and_then(|view| view.shown.as_ref());
        let sample = shown.and_then(|shown| shown.wanted);
        self.frames_out.waiting.push(Wish { view, sample, to });
    }

    /// Hands on the frames that are there, and says what came of others.
    pub(super) fn advance_frames_out(&mut self, ctx: &egui::Context) {
        let wall = ctx.input(|input| input.time);
        for wish in std::mem::take(&mut self.frames_out.waiting) {
            match self.state_of(&wish) {
                Ok(true) => self.hand_on(wish),
                Ok(false) => self.frames_out.waiting.push(wish),
                Err(reason) => self.notices.error("No frame was saved".to_owned(), reason),
            }
        }
        while let Some(done) = self.frames_out.writer.try_done() {
            self.frames_out.under_way = self.frames_out.under_way.saturating_sub(1);
            self.take_still(ctx, done, wall);
        }
        self.advance_contact_sheet(ctx);
    }

    /// Whether the frame that was wished for is there; or why it will not be.
    fn state_of(&self, wish: &Wish) -> Result<bool, String> {
        let gone = || "Its stream was closed.".to_owned();
        let view = self.session.view(wish.view).ok_or_else(gone)?;
        if view.nothing.is_some() {
            return Err("There is no picture at this time.".to_owned());
        }
        let Some(shown) = &view.shown else {
            return Ok(false);
        };
        if wish.sample != shown.wanted {
            return Err("The playhead was moved before the exact frame was there.".to_owned());
        }
        match shown.state {
            ShownState::Exact => Ok(true),
            ShownState::Pending => Ok(false),
            _ => Err("There is no exact picture at this time: the tile says why.".to_owned()),
        }
    }

    fn hand_on(&mut self, wish: Wish) {
        let path = match wish.to {
            Target::File(path) => Some(path),
            Target::Folder(folder) => {
                let name = self.frame_name(wish.view).unwrap_or_default();
                Some(folder.join(name))
            }
            Target::Clipboard => None,
        };
        let refused = |app: &mut Self, reason: &str| {
            app.notices
                .error("The frame was not saved".to_owned(), reason.to_owned());
        };
        let Some(make) = self.still_of(wish.view) else {
            return refused(self, "There is no graphics adapter to draw it.");
        };
        match self.frames_out.writer.ask(StillJob { make, path }) {
            Ok(()) => self.frames_out.under_way += 1,
            Err(_) => refused(
                self,
                "Too many are being saved already. Try again in a moment.",
            ),
        }
    }

    /// What makes the picture that a view shows, at its own size.
    fn still_of(&self, view: ViewId) -> Option<MakeStill> {
        self.still(view, None)
    }

    /// The same as shown, in 8 bits, scaled to a size.
    pub(super) fn still_as_shown(&self, view: ViewId, size: (u32, u32)) -> Option<MakeStill> {
        self.still(view, Some(size))
    }

    /// The size at which a view's picture is to be shown.
    pub(super) fn still_size(&self, view: ViewId) -> Option<(u32, u32)> {
        let (_, stream) = self.session.store.stream(view.stream)?;
        let track = self
            .session
            .track_of(&stream, self.session.time_in(view, self.clock.now()))
            .unwrap_or(stream.track);
        let size = self.session.view(view)?.picture_size(track)?;
        let shown = crate::shape::display_size(track, size);
        Some((shown.x.round() as u32, shown.y.round() as u32))
    }

    fn still(&self, view: ViewId, size: Option<(u32, u32)>) -> Option<MakeStill> {
        let (_, stream) = self.session.store.stream(view.stream)?;
        let now = self.session.time_in(view, self.clock.now());
        let track = self.session.track_of(&stream, now).unwrap_or(stream.track);
        let shown = self.session.view(view)?.shown.as_ref()?;
        let frame = shown.frame.as_ref()?.frame.clone();
        let stated = self.session.stated_color(view, track, &frame);
        let look = self.session.look_in(view, &stream, now);
        let facts = (stated, track.geometry, track.facts.pixel_aspect);
        self.paint.still(view, frame, facts, &look, size)
    }

    fn take_still(&mut self, ctx: &egui::Context, done: StillDone, wall: f64) {
        match (done.path, done.result) {
            (path, Err(reason)) => {
                let what = path.as_deref().map_or("The frame".to_owned(), file_name);
                let reason = crate::problem::sentence(&reason);
                self.notices.error(format!("{what} was not saved"), reason);
            }
            (None, Ok(Some(still))) => {
                let words = format!("Copied the frame, {} × {}", still.width, still.height);
                ctx.copy_image(color_image(&still));
                self.notices.done(words, wall);
            }
            (Some(path), Ok(_)) => self.frames_out.written.push(path),
            (None, Ok(None)) => {}
        }
        if self.frames_out.under_way == 0 && !self.frames_out.is_waiting() {
            let words = match std::mem::take(&mut self.frames_out.written).as_slice() {
                [] => return,
                [only] => format!("Saved {}", only.display()),
                all @ [first, ..] => {
                    let folder = first.parent().unwrap_or(Path::new("."));
                    format!("Saved {} frames in {}", all.len(), folder.display())
                }
            };
            self.notices.done(words, wall);
        }
    }

    /// The name for the file of a view's frame: `front_12.345s_#370.png`.
    fn frame_name(&self, view: ViewId) -> Option<String> {
        let (_, stream) = self.session.store.stream(view.stream)?;
        let shown = self.session.view(view)?.shown.as_ref()?;
        let track = self
            .session
            .track_of(&stream, self.session.time_in(view, self.clock.now()))
            .unwrap_or(stream.track);
        let name = self.stream_name(view)?;
        let kind = stream
            .timeline
            .map_or(TimelineKind::Duration, |timeline| timeline.kind);
        Some(format!("{name}_{}.png", when(kind, track, shown)))
    }

    /// A name for a file of a view's stream, without an ending.
    pub(super) fn stream_name(&self, view: ViewId) -> Option<String> {
        let (recording, stream) = self.session.store.stream(view.stream)?;
        let name = if recording.is_logged() {
            stream.entity.to_string().replace('/', "_")
        } else {
            let name = Path::new(&recording.name).file_stem();
            let stem = name.map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
            match recording.streams.len() {
                0 | 1 => stem,
                _ => format!("{stem}_{}", stream.entity.name()),
            }
        };
        Some(plain(&name))
    }
}

/// The time and number of the frame that is wanted.
fn when(kind: TimelineKind, track: &Track, shown: &Shown) -> String {
    let sample = shown.wanted.and_then(|id| track.samples.get(id));
    let time = sample.map_or(LogTime(0), |sample| LogTime(track.nanos(sample.pts)));
    let time = match kind {
        TimelineKind::Sequence => time.0.to_string(),
        TimelineKind::Duration | TimelineKind::Timestamp => {
            // To the microsecond: two frames of one stream have two names.
            let micros = time.0.div_euclid(1_000);
            format!(
                "{}.{:06}s",
                micros.div_euclid(1_000_000),
                micros.rem_euclid(1_000_000)
            )
        }
    };
    let number = shown.wanted.and_then(|id| track.samples.frame_number(id));
    let number = number.map(|number| track.samples.dropped() + number);
    number.map_or(time.clone(), |number| format!("{time}_#{number}"))
}

/// A name that every file system takes.
fn plain(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let plain: String = name
        .chars()
        .take(NAME)
        .map(|letter| if is_plain(letter) { letter } else { '_' })
        .collect();
    let plain = plain.trim_matches(['.', '_']);
    if plain.is_empty() { "frame" } else { plain }.to_owned()
}

/// For the clipboard, which holds 8 bits per value.
fn color_image(still: &Still) -> ColorImage {
    let size = [still.width as usize, still.height as usize];
    match &still.values {
        StillValues::Eight(values) => ColorImage::from_rgba_unmultiplied(size, values),
        StillValues::Sixteen(values) => {
            let eight: Vec<u8> = values.iter().map(|value| (value >> 8) as u8).collect();
            ColorImage::from_rgba_unmultiplied(size, &eight)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(plain("front"), "front");
        assert_eq!(plain("world/cam: 1"), "world_cam__1");
        assert_eq!(plain(".."), "frame");
    }
}
