//! The session file: opened, kept an eye on, and saved.

mod put;
mod take;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use egui::ViewportCommand;
use reelscope_ingest::TextSaver;
use reelscope_store::Recording;

use super::recents::LIVE;
use super::{App, wake};
use crate::clock::Clock;
use crate::command::{Active, AndSave, Command, Dialog};
use crate::options::Choice;
use crate::reel::{Reel, relative, resolved};
use crate::session::file_name;

/// How often, in seconds, to look whether something was changed.
const LOOK: f64 = 0.5;
/// The ending of session files.
const ENDING: &str = "reel";

/// The session that is open, if one is.
#[derive(Default)]
pub(super) struct OpenReel {
    /// Its file.
    path: Option<PathBuf>,
    name: String,
    /// As it was when it was opened or saved last.
    saved: Reel,
    /// What it says is still to be done, once its files are open.
    to_arrange: Option<Arrange>,
    /// Its files that could not be opened, as it names them.
    missing: BTreeSet<String>,
    is_changed: bool,
    /// True if what was changed is not wanted.
    is_given_up: bool,
    looked_at: f64,
    saver: Option<TextSaver>,
    /// True once the window is to be closed as soon as all is saved.
    leaves: bool,
    /// True once it may be closed without.
    may_leave: bool,
}

/// How much of a session is put into effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrange {
    /// All of it.
    All,
    /// What belongs to files that were missing before, and the layout.
    Files,
}

impl OpenReel {
    /// The name of the file; empty if there is none.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The title for the window: a dot says that something is not saved.
    pub(super) fn title(&self, file: Option<&str>) -> String {
        let dot = if self.is_changed { "• " } else { "" };
        match (self.name.as_str(), file) {
            ("", Some(file)) => format!("{file} – reelscope"),
            ("", None) => "reelscope".to_owned(),
            (name, _) => format!("{dot}{name} – reelscope"),
        }
    }

    /// True if a file that could not be opened belongs to the session that is being opened. It is
    /// remembered as missing.
    pub(super) fn misses(&mut self, path: &Path) -> bool {
        let folder = self.folder();
        let mut files = self.saved.files.iter();
        let found = files.find(|file| resolved(&file.path, &folder) == path);
        let found = found.filter(|_| self.to_arrange.is_some());
        self.missing.extend(found.map(|file| file.path.clone()));
        found.is_some()
    }

    /// The folder that paths are relative to.
    fn folder(&self) -> PathBuf {
        let parent = self.path.as_deref().and_then(Path::parent);
        parent.map(Path::to_owned).unwrap_or_default()
    }
}

impl App {
    pub(super) fn apply_reel(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::SaveSession => match self.reel.path.clone() {
                Some(path) => self.save_reel(ctx, &path),
                None => self.choose_reel(ctx),
            },
            Command::SaveSessionAs => self.choose_reel(ctx),
            Command::SaveSessionTo(path) => {
                let path = match path.extension() {
                    Some(_) => path,
                    None => path.with_extension(ENDING),
                };
                self.save_reel(ctx, &path);
            }
            Command::OpenInstead(path) => {
                self.reel.is_given_up = true;
                self.open_path(path);
            }
            Command::Locate(lost) => self.choose(ctx, Choice::Locate(lost)),
            Command::Located(lost, path) => self.located(&lost, path),
            Command::Leave(and_save) => {
                self.dialog.close();
                match and_save {
                    AndSave::Yes => {
                        self.reel.leaves = true;
                        self.commands.push(Command::SaveSession);
                    }
                    AndSave::No => {
                        self.reel.may_leave = true;
                        ctx.send_viewport_cmd(ViewportCommand::Close);
                    }
                }
            }
            link => self.apply_link(link),
        }
    }

    /// True if something that is open comes from a file.
    pub(super) fn has_sources(&self) -> bool {
        self.sources().next().is_some()
    }

    fn sources(&self) -> impl Iterator<Item = &Recording> {
        let all = self.session.store.recordings();
        all.filter(|recording| recording.kind != LIVE)
    }

    /// Takes a session file that was read: what was open before makes way for it, but for what is
    /// being logged.
    pub(super) fn open_reel(&mut self, path: &Path, text: &str) {
        let reel = match Reel::from_text(text) {
            Ok(reel) => reel,
            Err(error) => {
                self.notices.error(
                    format!("{} could not be opened", file_name(path)),
                    crate::problem::sentence(&error.to_string()),
                );
                return;
            }
        };
        let is_given_up = std::mem::take(&mut self.reel.is_given_up);
        self.look_for_changes();
        if self.reel.is_changed && !is_given_up {
            let title = format!("{} has changes that are not saved", self.reel.name);
            let text = format!("{} is not opened, or they would be lost.", file_name(path));
            let offer = (
                "Open it all the same",
                Command::OpenInstead(path.to_owned()),
            );
            self.notices.offer(title, text, offer);
            return;
        }
        let Ok(path) = std::path::absolute(path) else {
            return;
        };
        let gone: Vec<_> = self.sources().map(|recording| recording.id).collect();
        for recording in gone {
            self.close(recording);
        }
        let store = &self.session.store;
        let is_there = |active| match active {
            Active::Files => false,
            Active::Run(run) => store.recording(run).is_some(),
        };
        self.marks.retain(is_there);
        self.other_clocks.retain(|active, _| is_there(*active));
        if !is_there(self.clock_of) {
            self.clock = Clock::default();
        }
        self.reel = OpenReel {
            name: file_name(&path),
            path: Some(path.clone()),
            to_arrange: Some(Arrange::All),
            ..OpenReel::default()
        };
        let folder = self.reel.folder();
        let mut reel = reel;
        reel.tidy_paths(&folder);
        let mut asked = BTreeSet::new();
        for file in &reel.files {
            let file = resolved(&file.path, &folder);
            // A session in a session would have no end.
            let is_session = file.extension().is_some_and(|ending| ending == ENDING);
            if !is_session && asked.insert(file.clone()) {
                self.open_path(file);
            }
        }
        self.reel.saved = reel;
        self.note_recent(&path, None);
    }

    /// Opens a file that was missing at its new place.
    fn located(&mut self, lost: &Path, path: PathBuf) {
        let folder = self.reel.folder();
        let (Ok(path), Some(old)) = (
            std::path::absolute(path),
            relative(lost, &folder).filter(|old| self.reel.missing.contains(old)),
        ) else {
            return;
        };
        let Some(new) = relative(&path, &folder) else {
            return;
        };
        self.reel.saved.rename(&old, &new);
        self.reel.missing.remove(&old);
        self.reel.to_arrange = Some(Arrange::Files);
        self.open_path(path);
    }

    /// Asks where to save the session.
    fn choose_reel(&mut self, ctx: &egui::Context) {
        let name = if self.reel.name.is_empty() {
            let first = self.sources().next();
            let stem = first.and_then(|it| Path::new(&it.name).file_stem()?.to_str());
            format!("{}.{ENDING}", stem.unwrap_or("session"))
        } else {
            self.reel.name.clone()
        };
        self.choose(ctx, Choice::SaveSession(name));
    }

    fn save_reel(&mut self, ctx: &egui::Context, path: &Path) {
        let Ok(path) = std::path::absolute(path) else {
            return;
        };
        let folder = path.parent().unwrap_or(&path).to_owned();
        let reel = self.reel_now(&folder);
        let started = reel
            .to_text()
            .map_err(|error| error.to_string())
            .and_then(|text| {
                TextSaver::start(&path, text, wake(ctx)).map_err(|error| error.to_string())
            });
        match started {
            Ok(saver) => {
                let missing = std::mem::take(&mut self.reel.missing);
                let old = self.reel.folder();
                let moved = |file: String| relative(&resolved(&file, &old), &folder);
                self.reel.missing = missing.into_iter().filter_map(moved).collect();
                self.reel.saver = Some(saver);
                self.reel.saved = reel;
                self.reel.name = file_name(&path);
                self.reel.path = Some(path);
            }
            Err(reason) => self.fail_to_save(&path, &reason),
        }
    }

    fn fail_to_save(&mut self, path: &Path, reason: &str) {
        self.reel.leaves = false;
        self.reel.is_changed = true;
        self.notices.error(
            format!("{} was not saved", file_name(path)),
            crate::problem::sentence(reason),
        );
    }

    /// Looks whether something was changed since the session was saved.
    fn look_for_changes(&mut self) {
        let is_at_rest = self.reel.saver.is_none() && self.reel.to_arrange.is_none();
        let path = self.reel.path.as_deref().and_then(Path::parent);
        if let Some(folder) = path.filter(|_| is_at_rest) {
            let now = self.reel_now(folder);
            self.reel.is_changed = now.essence() != self.reel.saved.essence();
        }
    }

    /// Says how saving ended, looks whether something was changed, and asks before it is lost.
    pub(super) fn watch_reel(&mut self, ctx: &egui::Context, wall: f64) {
        let result = self.reel.saver.as_mut().and_then(TextSaver::try_result);
        if let Some(result) = result
            && let Some(saver) = self.reel.saver.take()
        {
            match result {
                Ok(()) => {
                    self.reel.is_changed = false;
                    let path = saver.path().to_owned();
                    self.note_recent(&path, self.tiles.focused_stream());
                    let name = file_name(saver.path());
                    self.notices.done(format!("Saved {name}"), wall);
                    if self.reel.leaves {
                        self.reel.may_leave = true;
                        ctx.send_viewport_cmd(ViewportCommand::Close);
                    }
                }
                Err(error) => self.fail_to_save(saver.path(), &error.to_string()),
            }
        }
        let closes = ctx.input(|input| input.viewport().close_requested());
        if closes || wall - self.reel.looked_at >= LOOK {
            self.look_for_changes();
            self.reel.looked_at = wall;
        }
        let loses = self.reel.is_changed && !self.reel.may_leave && self.shot.is_none();
        if closes && loses {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            let hwaccel = &self.session.env.hwaccel;
            self.dialog.show(Dialog::Unsaved, &self.settings, hwaccel);
        }
    }
}
