//! The logging protocol over TCP and the recording file, both directions. A codec is a number here
//! and a blob is bytes: what they mean is for others to know.

mod chunk;
mod error;
mod message;
mod names;
mod pages;
mod parts;
mod payload;
mod proto;
mod recording;
mod row_id;
mod rpc;
mod store;

pub use chunk::{
    Cell, Chunk, ChunkBuilder, Column, ImageFormat, Many, Presence, TimeColumn, TimeKind, Value,
};
pub use error::WireError;
pub use message::{LogMessage, PackedChunk};
pub use names::{archetype, component};
pub use recording::{
    Container, Item, Manifest, ManifestChunk, RecordingReader, RecordingWriter, recognise,
};
pub use row_id::RowId;
pub use rpc::{
    Client, ClientOptions, ConnectionId, ConnectionInfo, Ending, Server, ServerEvent,
    ServerOptions, WhenFull,
};
pub use store::{SdkVersion, StoreId, StoreInfo, StoreKind};
