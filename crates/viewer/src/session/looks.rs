//! How streams are to look: what was logged at the playhead's time, and what the person chose.

use reelscope_media::{ColorInfo, Frame, PixelFormat, Track};
use reelscope_render::ChromaFilter;
use reelscope_store::{LogTime, Recording, StreamId, StreamView, Timeline};

use super::Session;
use crate::picture_choice::PictureChoice;
use crate::values::{LoggedLook, StreamLook, ValueChoice};
use crate::view_id::ViewId;

impl Session {
    /// How a stream's pictures are to look at a time, in its own view.
    pub(crate) fn look(&self, stream: &StreamView<'_>, time: LogTime) -> StreamLook {
        self.look_in(stream.id.into(), stream, time)
    }

    /// How a stream's pictures are to look at a time, in one of its views.
    pub(crate) fn look_in(&self, id: ViewId, stream: &StreamView<'_>, time: LogTime) -> StreamLook {
        let track = self.track_of(stream, time).unwrap_or(stream.track);
        let recording = self.store.stream(stream.id).map(|(recording, _)| recording);
        let choice = self.views.get(&id).map(|view| view.values);
        StreamLook {
            presentation: track.presentation,
            choice: choice.unwrap_or_default(),
            picture: self.picture(id),
            chroma_filter: self.chroma_filter,
            hdr: track.hdr(),
            logged: recording
                .map(|recording| logged(recording, stream, time))
                .unwrap_or_default(),
        }
    }

    /// Chooses how values become colours in a view.
    pub(crate) fn set_values(&mut self, id: ViewId, values: ValueChoice) {
        if let Some(view) = self.views.get_mut(&id) {
            view.values = values;
        }
    }

    /// What the person chose for values that are not colours.
    pub(crate) fn values(&self, id: ViewId) -> ValueChoice {
        let view = self.views.get(&id);
        view.map(|view| view.values).unwrap_or_default()
    }

    /// The frame that a view shows.
    pub(crate) fn frame(&self, id: ViewId) -> Option<&Frame> {
        let shown = self.views.get(&id)?.shown.as_ref()?;
        Some(&shown.frame.as_ref()?.frame)
    }

    /// What the person chose for a view's pictures.
    pub(crate) fn picture(&self, id: impl Into<ViewId>) -> PictureChoice {
        let view = self.views.get(&id.into());
        view.map(|view| view.picture).unwrap_or_default()
    }

    /// What the person chose for a view's pictures, to be changed; `None` if it is gone.
    pub(crate) fn picture_mut(&mut self, id: ViewId) -> Option<&mut PictureChoice> {
        self.views.get_mut(&id).map(|view| &mut view.picture)
    }

    /// Takes the person's word for a stream's colours, in all of its views.
    pub(crate) fn set_color(&mut self, stream: StreamId, color: ColorInfo) {
        for id in self.views_of(stream) {
            if let Some(choice) = self.picture_mut(id) {
                choice.color = color;
            }
        }
    }

    /// The format of the frame that a view shows, or of those that its stream is said to have.
    pub(crate) fn format(&self, id: ViewId) -> Option<PixelFormat> {
        let (_, stream) = self.store.stream(id.stream)?;
        let shown = self.views.get(&id)?.shown.as_ref();
        let frame = shown.and_then(|shown| shown.frame.as_ref());
        let format = frame.map(|shown| shown.frame.format());
        format.or(stream.track.facts.format)
    }

    /// Chooses how chroma is interpolated in all pictures.
    pub(crate) fn set_chroma_filter(&mut self, filter: ChromaFilter) {
        self.chroma_filter = filter;
    }

    /// The colours that a stream's frame is drawn with, as far as someone says: the person's word goes
    /// before the container's, and that before the bitstream's.
    pub(crate) fn stated_color(
        &self,
        id: impl Into<ViewId>,
        track: &Track,
        frame: &Frame,
    ) -> ColorInfo {
        let stated = track.color.or(frame.color.or(track.facts.color));
        self.picture(id).color.or(stated)
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
