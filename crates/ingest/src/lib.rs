//! Where files and logged messages become chunks: threads read, the owner of the store takes the
//! events. Knows no window and no decoder.

mod allowance;
mod file;
mod gate;
mod handover;
mod ingest;
mod listener;
mod logged;
mod measurer;
mod original;
mod outlet;
mod recording_file;
mod sample_reader;
mod save;
mod session_file;
mod shelf;
mod stills;
mod taken;
mod worker;

pub use allowance::Allowance;
pub use file::FileSource;
pub use gate::Permit;
pub use handover::{HandedOver, Offer, handover_address, offer};
pub use ingest::{Event, Ingest, IngestError, OpenedFile, RunName, Source, load_file};
pub use listener::{ListenOptions, Listener, server_options};
pub use measurer::{Measured, Measurer, Pair};
pub use original::original_file;
pub use recording_file::{ReadRecording, RecordingWarning, is_recording_file, read_recording};
pub use reelscope_container::{MuxError, MuxOptions};
pub use reelscope_wire::{ConnectionInfo, WireError};
pub use sample_reader::{
    Answer, AskedSample, PictureReading, Question, References, SampleReader, Subject,
};
pub use save::{SaveError, SavedVideo, Saver, save_video, write_whole};
pub use session_file::TextSaver;
pub use shelf::{Remembered, Shelf, Thumbnail};
pub use taken::{now, recording};
pub use worker::{Errand, Worker};

/// A number of bytes for people.
fn bytes_text(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1_024 {
        return if bytes == 1 {
            "1 byte".to_owned()
        } else {
            format!("{bytes} bytes")
        };
    }
    let mut value = bytes as f64 / 1_024.0;
    let mut unit = 0;
    while value >= 1_024.0 && unit + 1 < UNITS.len() {
        value /= 1_024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS.get(unit).unwrap_or(&"TiB"))
}
pub use stills::{MakeStill, Still, StillDone, StillJob, StillValues, StillWriter, save_still};
