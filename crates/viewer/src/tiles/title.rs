//! The names of views and streams in the window.

use reelscope_store::StreamId;

use crate::session::Session;
use crate::view_id::ViewId;
use crate::widgets::elided;

/// Characters of a title that are shown.
const TITLE: usize = 48;

/// The name of a view in the window: its stream's, and its number if it is a copy.
pub(crate) fn title(session: &Session, view: impl Into<ViewId>) -> String {
    let view = view.into();
    let name = stream_title(session, view.stream);
    if view.is_own() {
        name
    } else {
        format!("{name} ({})", view.copy.saturating_add(1))
    }
}

/// The name of a stream in the window: its file, and its entity where the file has several.
fn stream_title(session: &Session, stream: StreamId) -> String {
    match session.store.stream(stream) {
        Some((recording, found)) if recording.is_logged() => {
            let name = found.entity.to_string();
            let is_only_kind = session
                .store
                .streams_of(recording)
                .filter(|other| other.entity == found.entity && other.is_there())
                .count()
                < 2;
            match found.kind {
                Some(kind) if !is_only_kind => format!("/{name} · {}", kind.name()),
                _ => format!("/{name}"),
            }
        }
        Some((recording, found)) if recording.streams.len() > 1 => {
            format!(
                "{} · {}",
                elided(&recording.name, TITLE),
                found.entity.name()
            )
        }
        Some((recording, _)) => elided(&recording.name, TITLE),
        None => String::new(),
    }
}
