//! What is remembered of what was opened, from window to window.

use std::path::Path;

use reelscope_store::StreamId;

use super::App;
use crate::command::Command;

impl App {
    /// Notes the files that new streams came from.
    pub(super) fn note_opened(&mut self, streams: &[StreamId]) {
        let mut noted = Vec::new();
        for id in streams {
            let Some((recording, _)) = self.session.store.stream(*id) else {
                continue;
            };
            if recording.kind == LIVE || noted.contains(&recording.id) {
                continue;
            }
            noted.push(recording.id);
            // A relative path leads elsewhere the next time.
            if let Ok(path) = std::path::absolute(&recording.origin) {
                self.note_recent(&path, Some(*id));
            }
        }
    }

    /// Notes that a file was opened, and wants a picture of this stream of it.
    pub(super) fn note_recent(&mut self, path: &Path, stream: Option<StreamId>) {
        for forgotten in self.settings.recents.note(path) {
            self.recent.forget(&forgotten);
        }
        // The picture of a picture of the window is nobody's wish.
        if let (Some(path), Some(stream), None) = (path.to_str(), stream, &self.shot) {
            self.recent.want(path.to_owned(), stream);
        }
    }

    pub(super) fn apply_recent(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::PinRecent(path, pinned) => self.settings.recents.pin(&path, pinned),
            Command::RemoveRecent(path) => {
                self.settings.recents.remove(&path);
                self.recent.forget(&path);
            }
            Command::ClearRecents => {
                for path in self.settings.recents.clear() {
                    self.recent.forget(&path);
                }
            }
            session => self.apply_reel(ctx, session),
        }
    }
}

/// The kind of recordings that no file brought.
pub(super) const LIVE: &str = "live";
