//! Tracks to MP4 files without encoding anew: access units stay as they are, but for the way in which
//! their units are delimited.

mod access_unit;
mod entry;
mod error;
mod fragments;
mod movie;
mod output;
mod plan;
mod tables;

use std::io::{Seek, SeekFrom, Write};
use std::ops::ControlFlow;

use reelscope_media::Track;

pub use error::MuxError;
pub use plan::MuxOptions;

use access_unit::Placement;
use output::Output;
use plan::Plan;

/// How far writing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MuxProgress {
    /// Samples that are written.
    pub written: usize,
    /// All samples.
    pub samples: usize,
}

/// Writes a track, or a part of it, as an MP4 file (ISO/IEC 14496-12).
#[derive(Debug)]
pub struct Mp4Writer<'a> {
    track: &'a Track,
    plan: Plan,
}

impl<'a> Mp4Writer<'a> {
    /// Decides which samples of a track are written, and when they are shown. Walks over the index of
    /// the track and reads none of its samples.
    ///
    /// # Errors
    /// If an MP4 file cannot hold that.
    pub fn new(track: &'a Track, options: &MuxOptions) -> Result<Self, MuxError> {
        entry::check_codec(track)?;
        let plan = Plan::new(track, options)?;
        Ok(Self { track, plan })
    }

    /// How many frames the file will show.
    pub fn frames(&self) -> usize {
        self.plan.frames
    }

    /// True if times had to be rounded, because a file cannot hold such long pauses in such fine steps.
    pub fn rounds_times(&self) -> bool {
        self.plan.rounded
    }

    /// Writes the file to `out`, which is empty. Holds one sample at a time, or the samples of one
    /// fragment. `progress` says after each sample whether to go on.
    ///
    /// # Errors
    /// If a sample cannot be read, put into an MP4 file, or written; [`MuxError::Cancelled`] if
    /// `progress` says so. What is in `out` then is of no use.
    pub fn write<W: Write + Seek>(
        &self,
        out: &mut W,
        mut progress: impl FnMut(MuxProgress) -> ControlFlow<()>,
    ) -> Result<(), MuxError> {
        match self.attempt(out, Placement::Outside, &mut progress) {
            Err(MuxError::ChangingParameterSets) => {
                // All that was written is written over: samples only get longer.
                out.seek(SeekFrom::Start(0))?;
                self.attempt(out, Placement::Inside, &mut progress)
            }
            done => done,
        }
    }

    fn attempt<W: Write + Seek>(
        &self,
        out: &mut W,
        placement: Placement,
        progress: &mut impl FnMut(MuxProgress) -> ControlFlow<()>,
    ) -> Result<(), MuxError> {
        let samples = self.plan.samples.len();
        let mut output = Output::new(out, self.track, &self.plan, placement)?;
        for (number, planned) in self.plan.samples.iter().enumerate() {
            let sample = self.track.samples.get(planned.id).ok_or(MuxError::Gone)?;
            let bytes = sample.data.load(self.track.source.as_ref())?;
            output.push(number, &bytes)?;
            let written = number + 1;
            if progress(MuxProgress { written, samples }).is_break() {
                return Err(MuxError::Cancelled);
            }
        }
        output.finish()
    }
}
