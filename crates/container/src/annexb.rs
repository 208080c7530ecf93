//! Raw H.264 and H.265 byte streams (Annex B of both): NAL units behind start codes, no times, no
//! index. The file is read once, front to back, and cut into access units.

mod likeness;

use std::sync::Arc;

use memchr::memmem::Finder;
use reelscope_media::{
    ByteSource, Codec, CodecConfig, Framing, Timescale, WholeSource,
    codec::{AccessUnitSplitter, Inspector},
};

use crate::assemble::{MAX_SAMPLES, plain_config, video_track};
use crate::facts::complete_facts;
use crate::raw::{RawSample, append_timed, look_into, nominal_rate};
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie, named};

pub(crate) const H264: Demuxer = Demuxer {
    name: "h264",
    probe: probe_h264,
    open: open_h264,
};
pub(crate) const H265: Demuxer = Demuxer {
    name: "h265",
    probe: probe_h265,
    open: open_h265,
};

/// Read at once. Larger than any run of parameter sets, small beside a decoder's memory.
const WINDOW: usize = 1 << 20;

/// How much of a NAL unit is kept to look into: past any parameter set and slice header.
const NAL_HEAD: usize = 4 << 10;

/// How much of an access unit is kept to look into.
const UNIT_HEAD: usize = 64 << 10;

const START_CODE: [u8; 3] = [0, 0, 1];

fn probe_h264(head: &[u8], name_hint: &str) -> u8 {
    let name = [
        "264", "h264", "avc", "jsv", "jvt", "26l", "bit", "bits", "annexb",
    ];
    likeness::h264(head).score(named(name_hint, &name))
}

fn probe_h265(head: &[u8], name_hint: &str) -> u8 {
    let name = ["265", "h265", "hevc", "bit", "bits", "annexb"];
    likeness::h265(head).score(named(name_hint, &name))
}

fn open_h264(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    open(source, Codec::H264, H264.name)
}

fn open_h265(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    open(source, Codec::H265, H265.name)
}

fn open(
    source: &Arc<dyn ByteSource>,
    codec: Codec,
    container: &'static str,
) -> Result<Movie, ContainerError> {
    let config = plain_config(codec, Framing::AnnexB);
    let mut units = AccessUnits::new(&config);
    let mut window = Window::new(&**source, WINDOW);
    let end = window.len();
    each_nal(&mut window, |start, nal| units.nal(start, nal))?;
    units.finish(end);
    if units.samples.is_empty() {
        let reason = "there is no access unit in it".to_owned();
        return Err(ContainerError::Damaged { container, reason });
    }
    let mut warnings = Vec::new();
    if units.samples.len() == MAX_SAMPLES {
        warnings.push(format!("only its first {MAX_SAMPLES} pictures are read"));
    }
    let rate = nominal_rate(
        units
            .inspector
            .as_ref()
            .and_then(|inspector| inspector.facts()),
    );
    let whole = Arc::new(WholeSource(Arc::clone(source)));
    let mut track = video_track(1, config, Timescale::MPEG, whole);
    append_timed(&mut track, &units.samples, rate);
    complete_facts(&mut track);
    Ok(Movie {
        container,
        tracks: vec![track],
        warnings,
    })
}

/// Calls `each` with every NAL unit: where its start code begins, and its first bytes, at most
/// [`NAL_HEAD`], without the start code. Stops when `each` returns false.
fn each_nal(
    window: &mut Window<'_>,
    mut each: impl FnMut(u64, &[u8]) -> bool,
) -> Result<(), ContainerError> {
    let finder = Finder::new(&START_CODE);
    let end = window.len();
    let mut from = 0;
    while from < end {
        let chunk = window.get(from, WINDOW)?;
        let last = from + chunk.len() as u64 >= end;
        let mut codes = finder.find_iter(chunk).peekable();
        // Start codes that straddle two chunks are found in the second one.
        let mut next = from + chunk.len().saturating_sub(START_CODE.len() - 1) as u64;
        while let Some(code) = codes.next() {
            let nal_end = codes.peek().copied();
            if nal_end.is_none() && !last && chunk.len() - code < NAL_HEAD && code > 1 {
                next = from + code as u64 - 1;
                break;
            }
            let nal_end = nal_end
                .unwrap_or(chunk.len())
                .min(code + START_CODE.len() + NAL_HEAD);
            let nal = chunk
                .get(code + START_CODE.len()..nal_end)
                .unwrap_or_default();
            let zero_byte = code.checked_sub(1).and_then(|at| chunk.get(at)) == Some(&0);
            if !each(from + code as u64 - u64::from(zero_byte), nal) {
                return Ok(());
            }
        }
        if last {
            return Ok(());
        }
        from = next.max(from + 1);
    }
    Ok(())
}

/// Puts NAL units together to access units.
struct AccessUnits {
    splitter: Option<AccessUnitSplitter>,
    inspector: Option<Box<dyn Inspector>>,
    samples: Vec<RawSample>,
    /// Where the access unit at hand starts.
    start: Option<u64>,
    /// The first bytes of its NAL units, behind start codes: all that an inspector looks at.
    head: Vec<u8>,
}

impl AccessUnits {
    fn new(config: &CodecConfig) -> Self {
        Self {
            splitter: AccessUnitSplitter::new(config.codec),
            inspector: config.codec.entry().map(|entry| (entry.inspector)(config)),
            samples: Vec::new(),
            start: None,
            head: Vec::new(),
        }
    }

    /// Takes the next NAL unit; false if there are more access units than a track may have.
    fn nal(&mut self, start: u64, nal: &[u8]) -> bool {
        if self
            .splitter
            .as_mut()
            .is_some_and(|splitter| splitter.starts(nal))
        {
            self.finish(start);
        }
        self.start.get_or_insert(start);
        if self.head.len() + nal.len() <= UNIT_HEAD {
            self.head.extend(START_CODE);
            self.head.extend(nal);
        }
        self.samples.len() < MAX_SAMPLES
    }

    /// Ends the access unit at hand.
    fn finish(&mut self, end: u64) {
        let Some(start) = self.start.take() else {
            return;
        };
        let facts = look_into(self.inspector.as_mut(), &self.head);
        self.head.clear();
        let len = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX);
        if self.samples.len() < MAX_SAMPLES {
            self.samples.push(RawSample::new(start, len, &facts));
        }
    }
}

#[cfg(test)]
mod tests;
