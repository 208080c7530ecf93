//! What the top bar says, and which side panels are shown.

use egui::Ui;
use reelscope_decode::{FfmpegError, FfmpegInstall};
use reelscope_ingest::Saver;

use super::{App, ROOM_FOR_PANELS};
use crate::command::{Active, Situation};
use crate::top_bar::Status;

impl App {
    pub(super) fn panels_shown(&self, ui: &Ui) -> (bool, bool) {
        let room = ui.ctx().content_rect().width() >= ROOM_FOR_PANELS;
        let any = self.session.store.recordings().next().is_some();
        (
            self.panels.streams.unwrap_or(room && any),
            self.panels.inspector.unwrap_or(room && any),
        )
    }

    /// As far as it matters for what is possible now.
    pub(super) fn situation(&self) -> Situation {
        let focused = self.tiles.focused();
        Situation {
            has_files: self.session.store.recordings().next().is_some(),
            is_opening: self.session.opening() > 0,
            can_play: self.clock.extent().is_some(),
            has_focus: focused.is_some(),
            format: focused.and_then(|id| self.session.format(id)),
            is_exposed: focused
                .is_some_and(|id| self.session.picture(id).exposure.text().is_some()),
            is_logged: matches!(self.session.active(), Active::Run(_)),
            has_sources: self.has_sources(),
            has_link: self.has_link(),
            is_saving: self.saver.is_some(),
            can_compare: self.tiles.counterpart().is_some() || self.tiles.compare().is_some(),
            is_shifted: focused.is_some_and(|id| self.session.offset(id) != 0),
            compares: self.tiles.compare().is_some(),
            has_loop: self.clock.loop_range().is_some(),
            has_marks: self.markers().is_some_and(|marks| !marks.is_empty()),
            grows: self.clock.can_follow(),
        }
    }

    pub(super) fn status<'a>(
        &'a self,
        ffmpeg: Option<&'a Result<FfmpegInstall, FfmpegError>>,
        (streams, inspector): (bool, bool),
        wall: f64,
    ) -> Status<'a> {
        let focused = self.tiles.focused();
        Status {
            cache_used: self.session.cache.used(),
            cache_budget: self.session.cache.budget(),
            engine: focused
                .and_then(|id| self.session.view(id))
                .and_then(|view| view.engine()),
            ffmpeg,
            theme: self.settings.theme,
            linked: self.tiles.is_linked(),
            compares: self.tiles.compare().map(|compare| compare.mode),
            loop_mode: self.clock.loop_mode(),
            when_slow: self.settings.when_slow,
            hud: self.settings.hud,
            picture: focused.map(|id| self.session.picture(id)),
            loupe: self.loupe,
            chroma_filter: self.settings.chroma_filter,
            pixel_text: self.settings.pixel_text,
            streams,
            inspector,
            situation: self.situation(),
            opening: self.session.opening(),
            live: self.session.live_status(),
            follows: self.clock.is_live(),
            grows: self.session.is_live(wall),
            delay: self.session.delay(),
            recents: &self.settings.recents,
            recent: &self.recent,
            saving: self.saver.as_ref().map(Saver::progress),
        }
    }
}
