//! What the end-to-end tests share: running the `reelscope` program and the stock SDK's loggers, the
//! truth that FFmpeg wrote about the clips and about the corpus and that loggers wrote about
//! themselves, and reading frame counters out of pictures.

mod counter;
mod known;
mod logged;
mod program;
mod recorder;
mod recording_info;
mod report;
mod running;
mod screen;
mod sdk;
mod truth;

pub use counter::{Placement, read_counter};
pub use known::{Findings, for_each};
pub use logged::{Cell, Logged, LoggedEntity, LoggedRecording, Row};
pub use program::{Outcome, Run, binary};
pub use recorder::Recorder;
pub use recording_info::{
    InfoComponent, InfoEntity, InfoRecording, InfoTimeline, InfoVideo, RecordingInfo,
};
pub use report::{FrameLine, Info, InfoTrack, frame_lines, frames, info};
pub use running::Running;
pub use screen::Screen;
pub use sdk::Sdk;
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
