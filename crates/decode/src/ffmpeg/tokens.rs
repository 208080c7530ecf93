//! The times under which samples go through FFmpeg. Each names one sample of one generation, and
//! they rise through all seeks in the life of a process.

use std::collections::BTreeMap;

use reelscope_media::{ColorInfo, PixelFormat, SampleId};

/// Lower bits of a token, which follow from the upper ones: a time that FFmpeg has made up is
/// unlikely to have them right.
const CHECK_BITS: u32 = 3;
/// First place used. Above zero, so that frames of the first samples may lie before it.
const FIRST_PLACE: u64 = 1 << 13;
/// Places left free below the first sample after a seek, for samples shown before it. Order keys may
/// lie 64 apart.
const LEADING: u64 = 1 << 11;
/// FFmpeg calculates with times in 64 bits and in double precision, on the way out in 65536 parts of
/// a second and with up to 13 bits more: above this a new process is needed.
const LAST_PLACE: u64 = 1 << (63 - 16 - 13 - CHECK_BITS - 4);
/// Samples without a frame that are remembered: some never get one. Above any decoder's delay.
const REMEMBERED: usize = 512;

/// What is known of the frame of a sample before it comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    pub(super) generation: u64,
    pub(super) sample: SampleId,
    /// Format by the bitstream, where that is known.
    pub(super) format: Option<PixelFormat>,
    /// Width and height by the bitstream, where they are known.
    pub(super) size: Option<(u32, u32)>,
    pub(super) color: ColorInfo,
    /// False if what it refers to was not decoded: its frame is not to be shown.
    pub(super) whole: bool,
}

/// The samples on their way through one process.
#[derive(Debug)]
pub(super) struct Tokens {
    /// By token; with the number of samples given before.
    given: BTreeMap<u64, (u64, Expected)>,
    count: u64,
    /// Number of the latest sample whose frame has come.
    come: u64,
    /// The place of the first sample since the last seek, and its rank.
    origin: Option<(u64, u32)>,
    /// The lowest place that may be used, and the highest that was.
    floor: u64,
    top: u64,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self {
            given: BTreeMap::new(),
            count: 0,
            come: 0,
            origin: None,
            floor: FIRST_PLACE,
            top: FIRST_PLACE,
        }
    }

    /// The samples given from now on belong elsewhere: their frames come after all others.
    pub(super) fn seek(&mut self) {
        self.origin = None;
        self.floor = self.top + 1;
    }

    /// The time to give a sample. Times rise with ranks between two seeks. `None` if they are used
    /// up.
    pub(super) fn give(&mut self, rank: u32, expected: Expected) -> Option<u64> {
        let (place, first) = *self.origin.get_or_insert((self.floor + LEADING, rank));
        let distance = i64::from(rank) - i64::from(first);
        let mut place = place.saturating_add_signed(distance).max(self.floor);
        // Ranks move up when late samples are inserted before them: take the next one that is free.
        while self.given.contains_key(&token(place)) {
            place += 1;
        }
        if place > LAST_PLACE {
            return None;
        }
        self.top = self.top.max(place);
        self.count += 1;
        self.given.insert(token(place), (self.count, expected));
        if self.given.len() > REMEMBERED {
            let oldest = self.count - (REMEMBERED / 2) as u64;
            self.given.retain(|_, (number, _)| *number > oldest);
        }
        Some(token(place))
    }

    /// The sample that was given with this time. `None` if there is none, or if its frame has come
    /// before.
    pub(super) fn take(&mut self, token: u64) -> Option<Expected> {
        let (number, expected) = self.given.remove(&token)?;
        self.come = self.come.max(number);
        Some(expected)
    }

    /// Samples given after the latest one whose frame has come: those on their way, and those that
    /// never get a frame.
    pub(super) fn on_their_way(&self) -> usize {
        usize::try_from(self.count - self.come).unwrap_or(usize::MAX)
    }
}

fn token(place: u64) -> u64 {
    /// 2^64 divided by the golden ratio: its multiples are spread evenly.
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
    place << CHECK_BITS | place.wrapping_mul(SPREAD) >> (u64::BITS - CHECK_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(sample: u32) -> Expected {
        Expected {
            generation: 0,
            sample: SampleId(sample),
            format: None,
            size: None,
            color: ColorInfo::default(),
            whole: true,
        }
    }

    #[test]
    fn times_follow_presentation_order_and_name_their_sample() {
        let mut tokens = Tokens::new();
        let i = tokens.give(0, expected(0)).unwrap();
        let p = tokens.give(2, expected(1)).unwrap();
        let b = tokens.give(1, expected(2)).unwrap();
        assert!(i < b && b < p);
        assert_eq!(tokens.take(b).unwrap().sample, SampleId(2));
        assert!(tokens.take(b).is_none());
    }

    #[test]
    fn times_rise_through_a_seek_back() {
        let mut tokens = Tokens::new();
        let late = tokens.give(90_000, expected(0)).unwrap();
        tokens.seek();
        let early = tokens.give(20, expected(1)).unwrap();
        let leading = tokens.give(18, expected(2)).unwrap();
        assert!(late < leading && leading < early);
    }

    #[test]
    fn a_time_next_to_a_sample_names_nothing() {
        let mut tokens = Tokens::new();
        let token = tokens.give(5, expected(0)).unwrap();
        assert!(tokens.take(token + 1).is_none());
        assert!(tokens.take(token - 1).is_none());
    }

    #[test]
    fn samples_of_equal_rank_get_times_of_their_own() {
        let mut tokens = Tokens::new();
        let first = tokens.give(7, expected(0)).unwrap();
        let second = tokens.give(7, expected(1)).unwrap();
        assert_ne!(first, second);
    }

    #[test]
    fn samples_whose_frames_never_come_are_forgotten() {
        let mut tokens = Tokens::new();
        for rank in 0..100_000 {
            tokens.give(rank, expected(rank)).unwrap();
        }
        assert!(tokens.given.len() <= REMEMBERED);
    }
}
