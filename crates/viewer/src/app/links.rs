//! Links to a moment: followed, and made of what is looked at.

use std::path::{Path, PathBuf};

use egui::{UserAttentionType, ViewportCommand};
use reelscope_store::{Recording, TimelineKind};

use super::App;
use super::recents::LIVE;
use crate::command::{Active, Command};
use crate::link::Link;
use crate::place::Place;

/// Where to go once all that was asked for is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wish {
    /// The file that it is in.
    source: Option<PathBuf>,
    at: Option<Place>,
    entity: Option<String>,
    timeline: Option<String>,
}

impl Wish {
    /// What a link wishes beside its files; `None` if that is nothing.
    pub(super) fn of(link: &Link) -> Option<Self> {
        let wish = Self {
            source: link.paths.first().cloned(),
            at: link.at,
            entity: link.entity.clone(),
            timeline: link.timeline.clone(),
        };
        (wish != Self::default()).then_some(wish)
    }
}

impl App {
    pub(super) fn apply_link(&mut self, command: Command) {
        match command {
            Command::Follow(link) => self.follow(&link),
            Command::CopyLink => {
                if let Some(link) = self.link() {
                    self.commands.push(Command::Copy(link.to_string()));
                }
            }
            playback => self.apply_playback(playback),
        }
    }

    /// Opens what a link asks for, as far as it is not open, and goes to its moment.
    fn follow(&mut self, link: &Link) {
        for path in &link.paths {
            if self.recording_of(path).is_none() {
                self.open_path(path.clone());
            }
        }
        self.wish = Wish::of(link);
    }

    /// Follows what another launch handed over, and comes to the front.
    pub(super) fn take_over(&mut self, ctx: &egui::Context, text: &str) {
        match text.parse() {
            Ok(link) => self.follow(&link),
            Err(error) => self.refuse_link(&error),
        }
        ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
        ctx.send_viewport_cmd(ViewportCommand::Focus);
        // Where windows may not push forward by themselves.
        let attention = UserAttentionType::Informational;
        ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(attention));
    }

    /// Says why a link is not followed.
    pub(super) fn refuse_link(&mut self, error: &crate::link::LinkError) {
        self.notices.error(
            "The link was not followed".to_owned(),
            crate::problem::sentence(&error.to_string()),
        );
    }

    /// Goes where a wish leads.
    pub(super) fn grant(&mut self, wish: Wish, wall: f64) {
        let source = wish.source.as_deref();
        let recording = source.and_then(|path| self.recording_of(path));
        let recording = recording.map(|it| (it.id, self.session.set_of(it)));
        if let Some((_, active)) = recording {
            self.session.activate(active);
            self.look_at_active(wall);
        }
        if let Some(name) = &wish.timeline {
            self.choose_timeline(name);
        }
        let wanted = |name: &str| {
            let mut streams = self.session.streams();
            streams.find(|stream| stream.entity.to_string() == name.trim_start_matches('/'))
        };
        let named = wish.entity.as_deref().and_then(wanted);
        let first = || {
            let recording = self.session.store.recording(recording?.0)?;
            let mut streams = self.session.streams();
            streams.find(|stream| recording.streams.iter().any(|it| it.id == stream.id))
        };
        if let Some(stream) = named.or_else(first).map(|stream| stream.id) {
            self.show_stream(stream, true);
            self.tiles.focus(stream.into());
        }
        if let Some(place) = wish.at {
            self.clock.pause();
            self.go_to(place);
        }
    }

    /// The recording that a file brought.
    fn recording_of(&self, path: &Path) -> Option<&Recording> {
        let path = std::path::absolute(path).ok()?;
        let is_it = |recording: &&Recording| {
            recording.kind != LIVE
                && std::path::absolute(&recording.origin).is_ok_and(|origin| origin == path)
        };
        self.session.store.recordings().find(is_it)
    }

    /// True if what is looked at has a link.
    pub(super) fn has_link(&self) -> bool {
        let focused = self.tiles.focused();
        let recording = focused.and_then(|id| self.session.store.stream(id.stream));
        recording.is_some_and(|(recording, _)| recording.kind != LIVE)
    }

    /// The link to what is looked at; `None` if no file has it.
    fn link(&self) -> Option<Link> {
        let (recording, stream) = self.session.store.stream(self.tiles.focused()?.stream)?;
        if recording.kind == LIVE {
            return None;
        }
        let sources = self.session.store.recordings();
        let sources = sources.filter(|other| self.session.set_of(other) == self.session.active());
        let paths = sources.filter_map(|other| std::path::absolute(&other.origin).ok());
        let now = self.clock.now().0;
        let number = || stream.moment_at(self.clock.now());
        let at = match self.session.timeline_kind() {
            TimelineKind::Timestamp => Some(Place::Moment(now)),
            TimelineKind::Duration if now >= 0 => Some(Place::Time(now)),
            _ => number().and_then(|number| Some(Place::Frame(number.try_into().ok()?))),
        };
        let timeline = self.session.timeline().map(|it| it.name.to_string());
        Some(Link {
            paths: paths.collect(),
            at,
            entity: Some(stream.entity.to_string()),
            timeline: timeline.filter(|_| matches!(self.session.active(), Active::Run(_))),
        })
    }
}
