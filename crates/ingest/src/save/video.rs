//! A track as an MP4 file.

use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::Path;

use reelscope_container::{Mp4Writer, MuxOptions, MuxProgress};
use reelscope_media::Track;

use super::{SaveError, when_whole};

/// What was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedVideo {
    /// Frames that the file shows.
    pub frames: usize,
    /// True if times were rounded.
    pub rounded: bool,
}

/// Saves a track, or a part of it, as an MP4 file without encoding it anew. The caller waits.
///
/// # Errors
/// If an MP4 file cannot hold it, or a file could not be read or written. What was there before under
/// that name is still there then.
pub fn save_video(
    track: &Track,
    options: &MuxOptions,
    path: &Path,
) -> Result<SavedVideo, SaveError> {
    when_whole(path, |file| {
        write(track, options, file, &mut |_, _| ControlFlow::Continue(()))
    })
}

/// `tell` hears how many samples of how many are written.
pub(super) fn write(
    track: &Track,
    options: &MuxOptions,
    file: &mut BufWriter<File>,
    tell: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<SavedVideo, SaveError> {
    let writer = Mp4Writer::new(track, options)?;
    writer.write(file, |MuxProgress { written, samples }| {
        tell(written, samples)
    })?;
    Ok(SavedVideo {
        frames: writer.frames(),
        rounded: writer.rounds_times(),
    })
}
