//! The streams of a recording: found by what they are of, and by name.

use super::Recording;
use crate::{EntityPath, Stream, StreamId, StreamKind};

impl Recording {
    /// Adds a stream, named later than all that are there.
    pub(crate) fn add_stream(&mut self, stream: Stream) {
        let numbers = self.numbers.entry(stream.entity.clone()).or_default();
        numbers.push(self.streams.len());
        self.refers |= stream.kind == Some(StreamKind::VideoFrameReference);
        self.streams.push(stream);
    }

    /// The number of an entity's stream.
    pub(crate) fn number_of(&self, path: &EntityPath, kind: StreamKind) -> Option<usize> {
        let mut numbers = self.numbers.get(path)?.iter().copied();
        numbers.find(|number| {
            let stream = self.streams.get(*number);
            stream.is_some_and(|stream| stream.kind == Some(kind))
        })
    }

    pub(crate) fn stream_of(&mut self, path: &EntityPath, kind: StreamKind) -> Option<&mut Stream> {
        let number = self.number_of(path, kind)?;
        self.streams.get_mut(number)
    }

    pub(crate) fn find_stream(&self, path: &EntityPath, kind: StreamKind) -> Option<&Stream> {
        self.streams.get(self.number_of(path, kind)?)
    }

    /// A stream by its name.
    pub fn stream(&self, id: StreamId) -> Option<&Stream> {
        self.streams.get(self.number(id)?)
    }

    pub(crate) fn stream_mut(&mut self, id: StreamId) -> Option<&mut Stream> {
        let number = self.number(id)?;
        self.streams.get_mut(number)
    }

    /// The number of a stream.
    pub(crate) fn number(&self, id: StreamId) -> Option<usize> {
        self.streams
            .binary_search_by_key(&id, |stream| stream.id)
            .ok()
    }
}
