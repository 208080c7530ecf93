//! All that was logged: recordings, their entities, timelines and chunks, and what is on screen at a
//! time. Does not know who fills it and who reads it.

mod entity;
mod store;
mod timeline;

pub use entity::EntityPath;
pub use store::{Chunk, Hit, Recording, RecordingId, Rows, Store, Stream, StreamId};
pub use timeline::{LogTime, Timeline, TimelineKind};
