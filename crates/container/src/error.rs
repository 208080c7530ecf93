//! Why a file could not be opened, in words for the person who has it.

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
    /// The format is known by name, but there is no demuxer for it.
    #[error("this is {format}, which reelscope does not read; known are: {known}")]
    Unsupported {
        /// The format with its article: `"an Ogg file"`.
        format: &'static str,
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
