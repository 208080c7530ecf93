//! What can go wrong while logging, in words for a person.

use std::path::PathBuf;

use reelscope_wire::WireError;

/// Why something could not be logged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SdkError {
    /// The viewer cannot be reached, or a recording not be written.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A picture has not as many bytes as its format needs.
    #[error(
        "a picture of {width} × {height} pixels in the format {format} has {expected} bytes, not {bytes}"
    )]
    PictureSize {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Its format.
        format: String,
        /// What it should have.
        expected: u64,
        /// What was given.
        bytes: usize,
    },
    /// A picture cannot be made a JPEG file.
    #[error("this picture cannot be compressed as JPEG: {why}")]
    NotForJpeg {
        /// What it has to be.
        why: &'static str,
    },
    /// A video file could not be understood.
    #[error("the video could not be read: {0}")]
    Video(#[from] reelscope_container::ContainerError),
    /// Pictures could not be encoded.
    #[error(transparent)]
    Encode(#[from] reelscope_encode::EncodeError),
    /// The columns that were sent together are not of one length.
    #[error("the column {column} has {rows} rows, the others {expected}")]
    ColumnLength {
        /// Its name.
        column: String,
        /// How many it has.
        rows: usize,
        /// How many the first one has.
        expected: usize,
    },
    /// A timeline has no name.
    #[error("a timeline has no name")]
    TimelineName,
    /// A timeline counts something else than before, which no reader takes.
    #[error(
        "the timeline “{timeline}” is a {before} in this recording; a {now} needs another name"
    )]
    TimelineKind {
        /// Its name.
        timeline: String,
        /// What it counted before.
        before: &'static str,
        /// What it was to count now.
        now: &'static str,
    },
    /// Something is given more than once for the same row.
    #[error("the {what} “{name}” stands there twice in one row")]
    Twice {
        /// A timeline or a component.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The viewer ended as soon as it was started.
    #[error("the viewer {} ended at once: {status}", path.display())]
    ViewerEnded {
        /// The program.
        path: PathBuf,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// An address that nobody can be reached at.
    #[error(
        "{addr} is no address of a viewer: {why}; write rerun+http://127.0.0.1:9876/proxy, or 127.0.0.1:9876"
    )]
    Address {
        /// The address as it was given.
        addr: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No viewer was found to be started.
    #[error(
        "the viewer `{name}` was not found: install it so that it is on PATH, or say where it is \
         (SpawnOptions::executable, or the variable REELSCOPE_VIEWER)"
    )]
    NoViewer {
        /// What was looked for.
        name: String,
    },
    /// The viewer could not be started.
    #[error("the viewer {} could not be started: {source}", path.display())]
    Spawn {
        /// The program.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The system gave no thread.
    #[error("no thread to send from: {source}")]
    Thread {
        /// The system's reason.
        source: std::io::Error,
    },
    /// The recording was finished before.
    #[error("the recording is finished: nothing can be logged to it any more")]
    Finished,
}

/// The first error of several things that are all done, whatever becomes of those before.
pub(crate) fn first_error(
    results: impl IntoIterator<Item = Result<(), SdkError>>,
) -> Result<(), SdkError> {
    let mut first = Ok(());
    for result in results {
        first = first.and(result);
    }
    first
}
