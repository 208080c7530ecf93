//! Byte streams of H.264 and H.265 cut into access units: finding NAL units by their start codes,
//! and putting them together. Knows nothing of what the bytes came in.

use memchr::memmem::Finder;
use reelscope_media::{
    CodecConfig, StreamFacts,
    codec::{AccessUnitSplitter, Inspector},
};

use crate::assemble::MAX_SAMPLES;
use crate::raw::{RawSample, look_into};

/// How much of a NAL unit is looked into: past any parameter set and slice header.
pub(crate) const NAL_HEAD: usize = 4 << 10;

/// How much of an access unit is kept to look into.
const UNIT_HEAD: usize = 64 << 10;

pub(crate) const START_CODE: [u8; 3] = [0, 0, 1];

/// Finds start codes.
pub(crate) fn start_code_finder() -> Finder<'static> {
    Finder::new(&START_CODE)
}

/// Calls `each` with every NAL unit of a piece of a byte stream: where its start code begins, and
/// its first bytes, at most [`NAL_HEAD`], without the start code. Returns how much of the piece is
/// done with: the next piece has to start there. `None` if `each` returned false.
///
/// A piece is to be much longer than [`NAL_HEAD`], unless it is the `last` one.
pub(crate) fn scan(
    finder: &Finder<'_>,
    piece: &[u8],
    last: bool,
    mut each: impl FnMut(usize, &[u8]) -> bool,
) -> Option<usize> {
    let mut codes = finder.find_iter(piece).peekable();
    while let Some(code) = codes.next() {
        let next = codes.peek().copied();
        if next.is_none() && !last && piece.len() - code < NAL_HEAD && code > 1 {
            return Some(code - 1);
        }
        let body = code + START_CODE.len();
        let nal = piece.get(body..next.unwrap_or(piece.len()).min(body + NAL_HEAD));
        let zero_byte = code.checked_sub(1).and_then(|at| piece.get(at)) == Some(&0);
        if !each(code - usize::from(zero_byte), nal.unwrap_or_default()) {
            return None;
        }
    }
    // A start code of four bytes may straddle two pieces.
    Some(if last {
        piece.len()
    } else {
        piece.len().saturating_sub(START_CODE.len())
    })
}

/// Puts NAL units together to access units.
pub(crate) struct AccessUnits {
    /// The access units so far. Their places are those that the NAL units were given with.
    pub(crate) samples: Vec<RawSample>,
    splitter: Option<AccessUnitSplitter>,
    inspector: Option<Box<dyn Inspector>>,
    /// Where the access unit at hand starts.
    start: Option<u64>,
    /// The first bytes of its NAL units, behind start codes: all that an inspector looks at.
    head: Vec<u8>,
}

impl AccessUnits {
    /// None yet, of a stream with this configuration.
    pub(crate) fn new(config: &CodecConfig) -> Self {
        Self {
            samples: Vec::new(),
            splitter: AccessUnitSplitter::new(config.codec),
            inspector: config.codec.entry().map(|entry| (entry.inspector)(config)),
            start: None,
            head: Vec::new(),
        }
    }

    /// Takes the next NAL unit; true if it starts an access unit.
    pub(crate) fn nal(&mut self, start: u64, nal: &[u8]) -> bool {
        if self
            .splitter
            .as_mut()
            .is_some_and(|splitter| splitter.starts(nal))
        {
            self.finish(start);
        }
        let starts = self.start.is_none();
        self.start.get_or_insert(start);
        if self.head.len() + nal.len() <= UNIT_HEAD {
            self.head.extend(START_CODE);
            self.head.extend(nal);
        }
        starts
    }

    /// Ends the access unit at hand.
    pub(crate) fn finish(&mut self, end: u64) {
        let Some(start) = self.start.take() else {
            return;
        };
        let facts = look_into(self.inspector.as_mut(), &self.head);
        self.head.clear();
        let len = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX);
        if !self.is_full() {
            self.samples.push(RawSample::new(start, len, &facts));
        }
    }

    /// True if there are as many as a track may have.
    pub(crate) fn is_full(&self) -> bool {
        self.samples.len() >= MAX_SAMPLES
    }

    /// What is known of the stream by now.
    pub(crate) fn facts(&self) -> Option<&StreamFacts> {
        self.inspector
            .as_ref()
            .and_then(|inspector| inspector.facts())
    }
}
