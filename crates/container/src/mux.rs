//! Tracks to MP4 files without encoding anew: samples stay as they are, but for the way in which
//! their units are delimited.

mod access_unit;
mod entry;
mod error;
mod fragments;
mod movie;
mod plan;
mod tables;

use std::io::{Seek, SeekFrom, Write};
use std::ops::ControlFlow;

use reelscope_media::Track;
use shiguredo_mp4::Encode;
use shiguredo_mp4::boxes::{Brand, FtypBox};

pub use error::MuxError;
pub use plan::{Mp4Plan, MuxOptions};

use access_unit::{Conversion, ParameterSets};
use fragments::Fragments;
use movie::Movie;
use plan::Planned;
use tables::SampleTable;

/// How far writing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MuxProgress {
    /// Samples that are written.
    pub written: usize,
    /// All samples.
    pub samples: usize,
}

/// Writes what a plan says of a track to `out`, which is at its start. `progress` is asked after each
/// sample whether to go on.
///
/// # Errors
/// If a sample cannot be read, written or put into an MP4 file; or [`MuxError::Cancelled`]. What is
/// in `out` then is of no use.
pub fn mux<W: Write + Seek>(
    track: &Track,
    plan: &Mp4Plan,
    out: &mut W,
    mut progress: impl FnMut(MuxProgress) -> ControlFlow<()>,
) -> Result<(), MuxError> {
    let mut sets = ParameterSets::Outside;
    loop {
        out.seek(SeekFrom::Start(0))?;
        match attempt(track, plan, &mut *out, sets, &mut progress) {
            // Only once: then they stay where they are.
            Err(MuxError::ChangingParameterSets) => sets = ParameterSets::Inside,
            Ok(()) | Err(_) if false => {}
            done => return done,
        }
    }
}

fn attempt<W: Write + Seek>(
    track: &Track,
    plan: &Mp4Plan,
    out: W,
    sets: ParameterSets,
    progress: &mut impl FnMut(MuxProgress) -> ControlFlow<()>,
) -> Result<(), MuxError> {
    let mut writer = Mp4Writer::new(out, track, plan, sets)?;
    for (written, planned) in plan.samples.iter().enumerate() {
        let sample = track.samples.get(planned.id).ok_or(MuxError::Gone)?;
        writer.push(&sample.data.load(track.source.as_ref())?)?;
        let done = MuxProgress {
            written: written + 1,
            samples: plan.samples.len(),
        };
        if progress(done).is_break() {
            return Err(MuxError::Cancelled);
        }
    }
    writer.finish()
}
