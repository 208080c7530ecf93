//! What loaders and loggers bring, and what is looked at because of it.

use std::time::{Duration, Instant};

use reelscope_store::RecordingId;

use super::App;
use crate::command::Command;
use crate::session::{News, file_name};

/// How long news are taken before the window is drawn again: a flood of them must not freeze it.
const NEWS_AT_ONCE: Duration = Duration::from_millis(12);
/// The longest that a window that is slow to draw is held up: it shows what has come late anyway.
const MOST_NEWS_AT_ONCE: Duration = Duration::from_millis(250);

impl App {
    pub(super) fn take_news(&mut self, ctx: &egui::Context, wall: f64) {
        let start = Instant::now();
        // News get as much time as all the rest, so that a slow window does not fall behind.
        let rest = self.news_taken_at.map_or(Duration::ZERO, |at| start - at);
        let at_once = rest.clamp(NEWS_AT_ONCE, MOST_NEWS_AT_ONCE);
        let mut new = Vec::new();
        while start.elapsed() < at_once
            && let Some(news) = self.session.try_news(wall)
        {
            match news {
                News::Streams(streams) => new.extend(streams),
                News::Run(recording) => self.remember_timeline(recording),
                News::Failed(path, error) => {
                    let title = format!("{} could not be opened", file_name(&path));
                    let text = crate::problem::sentence(&error.to_string());
                    if self.reel.misses(&path) {
                        let offer = ("Locate…", Command::Locate(path));
                        self.notices.offer(title, text, offer);
                    } else {
                        self.notices.error(title, text);
                    }
                }
                News::Session(path, text) => self.open_reel(&path, &text),
                News::Notice(title, text) => self.notices.message(title, text, wall),
                News::Asked(text) => self.take_over(ctx, &text),
                News::Nothing => {}
            }
        }
        if !new.is_empty() {
            self.note_opened(&new);
            for stream in new {
                self.tiles.add(stream.into());
                self.remember_colors(stream);
            }
            self.tiles.arrange(&self.session.order());
        }
        self.news_taken_at = Some(Instant::now());
        self.session.measure(wall);
        self.look_at_active(wall);
        let on_screen = self.tiles.on_screen();
        let dropped = self.session.make_room(&on_screen, self.clock.now());
        if dropped.is_some() {
            self.notices.error(
                "The memory limit is reached".to_owned(),
                format!(
                    "The oldest of what was logged is dropped from now on, to stay below {}. The \
                     limit is in the settings.",
                    crate::timecode::bytes_text(self.session.memory_limit() as u64)
                ),
            );
        }
        if self.session.opening() == 0 {
            self.arrange_reel(wall);
        }
        if self.session.opening() == 0
            && let Some(wish) = self.wish.take()
        {
            self.grant(wish, wall);
        }
    }

    /// Brings tiles and playhead in line with what is looked at.
    pub(super) fn look_at_active(&mut self, wall: f64) {
        let active = self.session.active();
        if active != self.clock_of {
            if !self.other_clocks.contains_key(&active) {
                self.not_looked_at.insert(active);
            }
            let clock = self.other_clocks.remove(&active).unwrap_or_default();
            let other = std::mem::replace(&mut self.clock, clock);
            self.other_clocks.insert(self.clock_of, other);
            self.clock_of = active;
            self.timeline.fit();
        }
        self.clock.set_pace(self.pace());
        let live = self.session.is_live(wall);
        self.clock.set_grows(live);
        if live && self.not_looked_at.remove(&active) {
            self.clock.go_live();
        }
        self.clock.set_extent(self.session.extent());
        let shown = self.session.visible_views();
        self.tiles.show_only(&shown);
    }

    fn remember_timeline(&mut self, recording: RecordingId) {
        let known = self.session.store.recording(recording);
        let name = known.and_then(|known| self.settings.timelines.get(&known.name).cloned());
        if let Some(name) = name
            && let Some(recording) = self.session.store.recording_mut(recording)
        {
            recording.prefer_timeline(&name);
        }
    }
}
