//! Container bytes to tracks, and tracks to MP4 without encoding anew. Nothing in here opens files,
//! decodes, or knows the store.
//! Adding a container is a file with a [`Demuxer`] and a line in [`DEMUXERS`].

mod access_units;
mod assemble;
mod error;
mod facts;
mod inspection;
mod raw;
mod recognise;
mod window;

mod annexb;
mod avi;
mod flv;
mod ivf;
mod jpeg;
mod matroska;
mod mp4;
mod mpegts;
mod mux;
mod obu;
mod png;

use std::sync::Arc;

use reelscope_media::{ByteSource, Track};

pub use error::ContainerError;
pub use mux::{Mp4Writer, MuxError, MuxOptions, MuxProgress};

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
pub static DEMUXERS: &[Demuxer] = &[
    mp4::DEMUXER,
    matroska::DEMUXER,
    avi::DEMUXER,
    flv::DEMUXER,
    mpegts::DEMUXER,
    ivf::DEMUXER,
    jpeg::DEMUXER,
    png::DEMUXER,
    obu::DEMUXER,
    annexb::H264,
    annexb::H265,
];

/// How much of a file the probes see.
const PROBE_LEN: usize = 64 << 10;

/// Opens a container by its content; `name_hint` (a file name) only breaks ties.
///
/// # Errors
/// If no demuxer knows the bytes, or the one that does cannot read them.
pub fn open(source: Arc<dyn ByteSource>, name_hint: &str) -> Result<Movie, ContainerError> {
    if source.is_empty() {
        return Err(ContainerError::Empty);
    }
    let mut window = window::Window::new(&*source, PROBE_LEN);
    let head = window.get(0, PROBE_LEN)?;
    match probe(head, name_hint) {
        Some(demuxer) => (demuxer.open)(&source),
        None => Err(unknown(head)),
    }
}

/// The demuxer that is surest of the bytes; the first one of the table among equals.
fn probe(head: &[u8], name_hint: &str) -> Option<&'static Demuxer> {
    let name_hint = name_hint.to_ascii_lowercase();
    let scored = DEMUXERS
        .iter()
        .rev()
        .map(|demuxer| ((demuxer.probe)(head, &name_hint), demuxer));
    let (score, demuxer) = scored.max_by_key(|(score, _)| *score)?;
    (score > 0).then_some(demuxer)
}

/// The error for bytes that no demuxer knows.
fn unknown(head: &[u8]) -> ContainerError {
    let known: Vec<&str> = DEMUXERS.iter().map(|demuxer| demuxer.name).collect();
    let known = known.join(", ");
    match recognise::foreign(head) {
        Some(format) => ContainerError::Unsupported { format, known },
        None => ContainerError::Unrecognised {
            hint: recognise::looks_like(head),
            known,
        },
    }
}

/// True if a file name (in lower case) ends in one of these extensions.
pub(crate) fn named(name_hint: &str, extensions: &[&str]) -> bool {
    let extension = name_hint
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension);
    extensions.contains(&extension)
}
