//! All that was logged: recordings, their entities, timelines and chunks, and what is on screen at a
//! time. Does not know who fills it and who reads it.

mod chunk;
mod entity;
mod evict;
mod line;
mod order;
mod recording;
mod store;
mod stream;
mod target;
#[cfg(test)]
mod tests;
mod timeline;

pub use chunk::{
    Cells, Chunk, Column, Component, Content, LoggedRows, LoggedSample, Presence, RowId, Rows,
    StreamKind, TimeColumn,
};
pub use entity::EntityPath;
pub use evict::Dropped;
pub use recording::{Entity, Found, Recording, RecordingId, TimelineFacts};
pub use store::{Added, Store};
pub use stream::{Arrival, Moment, Stream, StreamId, StreamView, TrackName};
pub use target::{Hit, Nothing};
pub use timeline::{LogTime, Timeline, TimelineKind};
