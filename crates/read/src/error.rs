//! Why there is no frame.

use std::path::PathBuf;

use reelscope_ingest::{IngestError, SaveError};
use reelscope_player::PlayerError;
use reelscope_render::RenderError;

/// What went wrong, in words for a person.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file cannot be opened.
    #[error("{}: {source}", path.display())]
    Open {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: IngestError,
    },
    /// There is no such stream any more.
    #[error("there is no such stream")]
    NoStream,
    /// The stream is not on that timeline.
    #[error(
        "nothing was logged to {entity} on a timeline “{wanted}”, only on {}",
        listed(there)
    )]
    NoTimeline {
        /// What was asked for.
        wanted: String,
        /// The entity.
        entity: String,
        /// Those that it is on.
        there: Vec<String>,
    },
    /// The stream shows nothing at any time.
    #[error("{entity}: {why}")]
    Nothing {
        /// The entity.
        entity: String,
        /// Why, in words.
        why: String,
    },
    /// There is no frame of this number.
    #[error("there is no frame #{number}; there are {count} frames, from #0")]
    NoFrame {
        /// What was asked for.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// The decoder gave no picture for the sample, or a broken one.
    #[error("frame #{number} cannot be decoded: {why}")]
    NoPicture {
        /// Which one.
        number: usize,
        /// Why, in words.
        why: String,
    },
    /// Nothing can be decoded: there is no FFmpeg, or it is too old, or the codec is not supported.
    #[error(transparent)]
    Player(#[from] PlayerError),
    /// The frame cannot be converted to RGB.
    #[error("the frame cannot be converted to RGB: {0}")]
    Render(#[from] RenderError),
    /// The stream changes in a way that one file cannot follow.
    #[error("the stream refers to several videos; one file cannot hold them")]
    SeveralVideos,
    /// Writing would destroy what is read.
    #[error("{} is the file that is read; choose another path to write to", path.display())]
    OwnInput {
        /// The path.
        path: PathBuf,
    },
    /// The video cannot be written.
    #[error(transparent)]
    Save(#[from] SaveError),
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
