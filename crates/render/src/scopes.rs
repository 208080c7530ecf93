//! Measurements of what a picture is made of: how often each level occurs, where, and which colours.
//! Counted on the GPU ([`Renderer::measure`](crate::Renderer::measure)), or without one
//! ([`measure_frame`]).

mod cpu;
mod gpu;
mod meter;

use reelscope_media::Orientation;

pub use cpu::measure_frame;
pub use gpu::Measuring;
pub(crate) use gpu::{Counter, computes};
pub use meter::{ScopeScale, ScopeTarget};

/// Levels that are told apart, and columns of a waveform at most.
pub const SCOPE_LEVELS: usize = 256;

/// Channels of histogram and waveform.
const CHANNELS: usize = 4;
/// Counts of a channel's waveform.
const PLANE: usize = SCOPE_LEVELS * SCOPE_LEVELS;
/// Where the waveforms start among the counts; the histograms come before them.
const WAVEFORMS: usize = CHANNELS * SCOPE_LEVELS;
/// Where the vectorscope starts.
const VECTORS: usize = WAVEFORMS + CHANNELS * PLANE;
/// All counts.
const COUNTS: usize = VECTORS + PLANE;

/// What is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Basis {
    /// What was coded: black and white at their code values, whatever is beyond them too, before
    /// anything is done for a display. Chroma counts where it was sampled and is not interpolated.
    #[default]
    Signal,
    /// What is on screen, in the display's R'G'B'.
    Displayed,
}

/// A channel of histogram and waveform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeChannel {
    /// R'.
    Red,
    /// G'.
    Green,
    /// B'.
    Blue,
    /// Y'.
    Luma,
}

/// A request to measure a part of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScopeArea {
    /// `[x, y, width, height]` in pixels of the decoded picture; what lies outside it is cut off.
    pub region: [u32; 4],
    /// What makes the picture upright: the columns of a waveform are those of the upright picture.
    pub orientation: Orientation,
    /// What is measured.
    pub basis: Basis,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Scopes {
    /// The region, `[x, y, width, height]` in pixels of the decoded picture.
    pub region: [u32; 4],
    /// 1 if every pixel of the region was counted, 2 if every second of every second row, and so on.
    pub step: u32,
    /// Columns of the waveforms.
    pub columns: usize,
    /// What the levels mean.
    pub scale: ScopeScale,
    counts: Vec<u32>,
}

impl Scopes {
    fn new(meter: &meter::Meter, mut counts: Vec<u32>) -> Self {
        counts.resize(COUNTS, 0);
        Self {
            region: meter.region,
            step: meter.step,
            columns: meter.columns() as usize,
            scale: meter.scale,
            counts,
        }
    }

    /// How many pixels have each of the [`SCOPE_LEVELS`] levels of a channel.
    pub fn histogram(&self, channel: ScopeChannel) -> &[u32] {
        self.part(channel as usize * SCOPE_LEVELS, SCOPE_LEVELS)
    }

    /// How many pixels of a column of the upright region have each level of a channel.
    pub fn waveform(&self, channel: ScopeChannel, column: usize) -> &[u32] {
        let column = column.min(SCOPE_LEVELS - 1);
        let start = WAVEFORMS + channel as usize * PLANE + column * SCOPE_LEVELS;
        self.part(start, SCOPE_LEVELS)
    }

    /// How many pixels have each Cb (by column) and Cr (by row, the least first), [`SCOPE_LEVELS`]
    /// on a side; no chroma at level 128.
    pub fn vectorscope(&self) -> &[u32] {
        self.part(VECTORS, PLANE)
    }

    /// Pixels that were counted.
    pub fn pixels(&self) -> u64 {
        let luma = self.histogram(ScopeChannel::Luma);
        luma.iter().map(|count| u64::from(*count)).sum()
    }

    fn part(&self, start: usize, len: usize) -> &[u32] {
        self.counts.get(start..start + len).unwrap_or_default()
    }
}
