//! Recording files (`.rrd`): messages one after the other, and at the end a manifest that says where
//! each chunk is. The file itself belongs to the caller.

mod layout;
mod manifest;
mod reader;
mod table;
mod writer;

pub use layout::{Container, recognise};
pub use manifest::{Manifest, ManifestChunk};
pub use reader::{Item, RecordingReader};
pub use writer::RecordingWriter;
