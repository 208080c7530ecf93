//! What the end-to-end tests share: running the `reelscope` program, the truth that FFmpeg wrote
//! about the clips and about the corpus, and reading frame counters out of pictures.

mod counter;
mod known;
mod program;
mod report;
mod truth;

pub use counter::{Placement, read_counter};
pub use known::{Findings, for_each};
pub use program::{Outcome, Run, binary};
pub use report::{FrameLine, Info, InfoTrack, frame_lines, frames, info};
pub use truth::{
    Clip, Color, Corpus, CorpusFile, CorpusStream, Counter, Expect, Track, clips, corpus,
};

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The path of a test clip.
pub fn clip_path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("clips")
        .join(file)
}
