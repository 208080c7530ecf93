//! How streams are to look: what was logged at the playhead's time, and what the person chose.

use reelscope_store::{LogTime, Recording, StreamId, StreamView, Timeline};

use super::Session;
use crate::values::{LoggedLook, StreamLook, ValueChoice};

impl Session {
    /// How a stream's pictures are to look at a time.
    pub(crate) fn look(&self, stream: &StreamView<'_>, time: LogTime) -> StreamLook {
        let track = self.track_of(stream, time).unwrap_or(stream.track);
        let recording = self.store.stream(stream.id).map(|(recording, _)| recording);
        let choice = self.views.get(&stream.id).map(|view| view.values);
        StreamLook {
            presentation: track.presentation,
            choice: choice.unwrap_or_default(),
            logged: recording
                .map(|recording| logged(recording, stream, time))
                .unwrap_or_default(),
        }
    }

    /// Chooses how a stream's values become colours.
    pub(crate) fn set_values(&mut self, stream: StreamId, values: ValueChoice) {
        if let Some(view) = self.views.get_mut(&stream) {
            view.values = values;
        }
    }
}

fn logged(recording: &Recording, stream: &StreamView<'_>, time: LogTime) -> LoggedLook {
    let Some(kind) = stream.kind else {
        return LoggedLook::default();
    };
    // What holds at all times is there on any timeline.
    let video_time = Timeline::video_time();
    let timeline = recording.timeline().unwrap_or(&video_time);
    let number = |field: &str| {
        let component = format!("{}:{field}", kind.name());
        let found = recording.latest_at(&stream.entity, &component, timeline, time)?;
        found
            .column
            .cells
            .number(found.row)
            .map(|number| number as f32)
    };
    LoggedLook {
        opacity: number("opacity"),
        draw_order: number("draw_order"),
    }
}
