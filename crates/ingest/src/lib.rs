//! Where files become chunks: loader threads read structure, the owner of the store takes the
//! events. Knows no window and no decoder.

mod file;
mod ingest;
mod logged;

pub use file::FileSource;
pub use ingest::{Event, Ingest, IngestError, OpenedFile, load_file};
