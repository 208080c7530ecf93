//! Container bytes to tracks. Nothing in here opens files, decodes, or knows the store.

use std::sync::Arc;

use reelscope_media::{ByteSource, Track};

/// What a container holds.
#[derive(Debug)]
pub struct Movie {
    /// The container's name: `"mp4"`, `"ivf"`, `"h264"`.
    pub container: &'static str,
    /// All tracks in file order, video and others.
    pub tracks: Vec<Track>,
    /// What was wrong with the file but could be worked around, in words for a person.
    pub warnings: Vec<String>,
}

/// A container format of the table.
pub struct Demuxer {
    /// Short name, as in [`Movie::container`].
    pub name: &'static str,
    /// How sure the format is that the bytes are its own, 0 (not) to 100, from the first bytes of
    /// the file (up to 64 KiB) and its name as a hint.
    pub probe: fn(head: &[u8], name_hint: &str) -> u8,
    /// Reads the structure of the file: not the samples' bytes, unless the format has no index.
    pub open: fn(&Arc<dyn ByteSource>) -> Result<Movie, ContainerError>,
}

/// All containers that can be read.
pub static DEMUXERS: &[Demuxer] = &[];

/// Why a file could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// No demuxer knows the bytes.
    #[error("this is no video file that can be read here ({hint}); known are: {known}")]
    Unrecognised {
        /// What the first bytes look like.
        hint: String,
        /// The formats that can be read.
        known: String,
    },
    /// It is damaged beyond use.
    #[error("the {container} file is damaged: {reason}")]
    Damaged {
        /// The container's name.
        container: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// There is no video in it.
    #[error("the {container} file has no video track ({found})")]
    NoVideo {
        /// The container's name.
        container: &'static str,
        /// What it has.
        found: String,
    },
    /// Reading failed.
    #[error("reading failed at byte {offset}: {reason}")]
    Io {
        /// Where.
        offset: u64,
        /// What the operating system said.
        reason: std::io::ErrorKind,
    },
}

/// Opens a container by its content; `name_hint` (a file name) only breaks ties.
///
/// # Errors
/// If no demuxer knows the bytes, or the one that does cannot read them.
pub fn open(source: Arc<dyn ByteSource>, name_hint: &str) -> Result<Movie, ContainerError> {
    let _ = name_hint;
    let _ = source;
    Err(ContainerError::Empty)
}
