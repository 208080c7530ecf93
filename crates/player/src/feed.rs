//! How far a decoder was fed in the current generation, and whether a sample's frame can still come
//! out of it.

use reelscope_media::{SampleId, SampleIndex};

use crate::cache::Place;

/// Frames shown later that may come out before one: decoders put frames out of order where a
/// stream's times contradict its own picture order.
const LATE: usize = 4;

/// What a generation holds for a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// Its frame will come, or the certainty that there is none.
    Coming,
    /// Everything that was to come before its frame has come: there is none from this start.
    Never,
    /// It was left out: nothing refers to it, and it was not asked for.
    LeftOut,
    /// Another start brings it sooner, or alone.
    Elsewhere,
}

/// Samples from the next one to feed up to a sync sample that are fed for its sake: as good as a
/// jump.
const CLOSE: usize = 4;

/// Progress of one generation of feeding.
#[derive(Clone, Debug)]
pub(crate) struct Feeding {
    /// The generation's number at the decoder.
    pub(crate) generation: u64,
    /// Position in decode order of the first sample fed.
    pub(crate) start: usize,
    /// Position in decode order of the next sample to feed.
    pub(crate) next: usize,
    /// The sample at `start`, and the one fed last.
    first: Option<SampleId>,
    pub(crate) last: Option<SampleId>,
    /// The latest places in presentation order whose frames came out, the last one first.
    latest: [Option<Place>; LATE],
    /// Which samples' frames came out: a bit each, in decode order from `start`.
    come: Bits,
    /// Which samples were left out, in the same way.
    left_out: Bits,
    /// Which samples could not be read or were refused, in the same way.
    damaged: Bits,
    /// How many of those there were since the last frame.
    damaged_lately: usize,
    /// True once the end of the track was fed.
    pub(crate) flushing: bool,
    /// True once everything that was fed has come out; nothing more can be fed.
    pub(crate) finished: bool,
}

impl Feeding {
    pub(crate) fn new(generation: u64, start: usize, first: Option<SampleId>) -> Self {
        Self {
            generation,
            start,
            next: start,
            first,
            last: None,
            latest: [None; LATE],
            come: Bits::default(),
            left_out: Bits::default(),
            damaged: Bits::default(),
            damaged_lately: 0,
            flushing: false,
            finished: false,
        }
    }

    /// What can still be expected for a sample whose frame is not at hand. `for_it` says that the
    /// generation was started for this very sample.
    pub(crate) fn outlook(&self, samples: &SampleIndex, id: SampleId, for_it: bool) -> Outlook {
        let (Some(position), Some(start)) = (samples.decode_position(id), samples.decode_start(id))
        else {
            return Outlook::Elsewhere;
        };
        let fed = (self.start..self.next).contains(&position);
        if fed && self.come.has(position - self.start) {
            // It was here, and had to go.
            return Outlook::Elsewhere;
        }
        if fed && self.left_out.has(position - self.start) {
            return Outlook::LeftOut;
        }
        let is_damaged = || self.damaged.has(position - self.start);
        if fed && (self.finished || is_damaged() || self.passed(samples, id)) {
            return Outlook::Never;
        }
        let nearer = for_it || start <= self.next + CLOSE;
        if self.start <= start && (fed || (!self.flushing && nearer)) {
            Outlook::Coming
        } else {
            Outlook::Elsewhere
        }
    }

    /// Follows the samples to where they are now. False if a sample has come between those that were
    /// fed, or one of the ends is gone.
    pub(crate) fn find_again(&mut self, samples: &SampleIndex) -> bool {
        let position = |id: Option<SampleId>| samples.decode_position(id?);
        let Some(start) = position(self.first) else {
            return false;
        };
        let next = match self.last {
            Some(last) => position(Some(last)).map(|last| last + 1),
            None => Some(start),
        };
        let fed = self.next - self.start;
        if next.and_then(|next| next.checked_sub(start)) != Some(fed) {
            return false;
        }
        self.next = start + fed;
        self.start = start;
        true
    }

    /// The place of a sample in decode order, from `start`.
    fn place_of(&self, samples: &SampleIndex, id: SampleId) -> Option<usize> {
        samples.decode_position(id)?.checked_sub(self.start)
    }

    /// True if the frame of a sample came out.
    pub(crate) fn has_come(&self, samples: &SampleIndex, id: SampleId) -> bool {
        self.place_of(samples, id)
            .is_some_and(|at| self.come.has(at))
    }

    /// True if any frame came out.
    pub(crate) fn has_given(&self) -> bool {
        self.latest.first().is_some_and(Option::is_some)
    }

    /// Notes that a sample was left out.
    pub(crate) fn note_left_out(&mut self, samples: &SampleIndex, id: SampleId) {
        if let Some(at) = self.place_of(samples, id) {
            self.left_out.set(at);
        }
    }

    /// Notes that the decoder has nothing to make the frame of a sample from.
    pub(crate) fn note_damaged(&mut self, samples: &SampleIndex, id: SampleId) {
        if let Some(at) = self.place_of(samples, id) {
            self.damaged.set(at);
            self.damaged_lately += 1;
        }
    }

    /// Notes that the frame of a shown sample came out.
    pub(crate) fn note(&mut self, samples: &SampleIndex, place: Place) {
        self.damaged_lately = 0;
        if let Some(at) = self.place_of(samples, place.1) {
            self.come.set(at);
        }
        let at = self.latest.partition_point(|other| *other > Some(place));
        if let Some(later) = self.latest.get_mut(at..).filter(|later| !later.is_empty()) {
            later.rotate_right(1);
            if let Some(slot) = later.first_mut() {
                *slot = Some(place);
            }
        }
    }

    /// True if so many frames shown after this sample have come out that its own will not.
    fn passed(&self, samples: &SampleIndex, id: SampleId) -> bool {
        let place = samples.get(id).map(|sample| (sample.pts, id));
        self.latest
            .last()
            .is_some_and(|last| last.is_some() && *last >= place)
    }

    /// Samples fed after the one whose frame came last: about as many as the decoder holds.
    pub(crate) fn in_flight(&self, samples: &SampleIndex) -> usize {
        let last = self.latest.first().copied().flatten();
        let last = last.and_then(|(_, id)| samples.decode_position(id));
        self.next
            .saturating_sub(last.map_or(self.start, |position| position + 1))
            .saturating_sub(self.damaged_lately)
    }
}

/// A set of small numbers.
#[derive(Clone, Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn has(&self, at: usize) -> bool {
        let word = self.0.get(at / 64);
        word.is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn set(&mut self, at: usize) {
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }
}
