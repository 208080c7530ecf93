//! What the shown samples of a track add up to, in blocks of ever more samples, so that a picture of
//! millions of them takes a few hundred steps. Blocks are counted from the very first frame: those
//! whose samples were taken away at the front go, and the others stay where they are.

use std::collections::VecDeque;
use std::ops::Range;

use reelscope_media::{Pts, SampleIndex, SyncKind};

/// Samples of a block of the lowest level.
const BASE: usize = 16;
/// The newest samples stay out of blocks: others may still come between them.
pub(super) const UNSETTLED: usize = 32;
/// Samples outside of blocks that are looked at one by one, at most.
const MOST_SINGLE: usize = 4 * (BASE + UNSETTLED);
/// Levels: more than any track needs.
const MOST_LEVELS: usize = 32;

/// Samples that follow each other in presentation order, added up. Times are in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// Time of the first one.
    pub(crate) start: i64,
    /// Time of the first one after them.
    pub(crate) end: i64,
    /// Bytes of their access units.
    pub(crate) bytes: u64,
    /// How many there are.
    pub(crate) samples: u64,
    /// How many of them are sync samples.
    pub(crate) syncs: u64,
    /// Shortest distance from one to the next; the very last one has none.
    pub(crate) least: i64,
    /// Longest distance from one to the next; 0 if there is none.
    pub(crate) most: i64,
}

impl Block {
    /// This and what follows it.
    pub(crate) fn and(self, next: Self) -> Self {
        if self.samples == 0 {
            return next;
        }
        Self {
            start: self.start,
            end: next.end,
            bytes: self.bytes.saturating_add(next.bytes),
            samples: self.samples + next.samples,
            syncs: self.syncs + next.syncs,
            least: self.least.min(next.least),
            most: self.most.max(next.most),
        }
    }

    /// How long it lasts.
    pub(crate) fn length(&self) -> i64 {
        self.end.saturating_sub(self.start)
    }
}

/// The blocks of one level, by number from the very first frame.
#[derive(Clone, Debug, Default)]
struct Level {
    /// Number of the first block that is left.
    first: usize,
    blocks: VecDeque<Block>,
}

impl Level {
    fn end(&self) -> usize {
        self.first + self.blocks.len()
    }

    fn get(&self, number: usize) -> Option<&Block> {
        self.blocks.get(number.checked_sub(self.first)?)
    }
}

/// Blocks of 2ⁿ times [`BASE`] samples.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    levels: Vec<Level>,
}

/// Shown samples by number, counted from the very first frame.
#[derive(Clone, Copy)]
struct Shown<'a>(&'a SampleIndex);

impl Shown<'_> {
    fn numbers(self) -> Range<usize> {
        let first = self.0.dropped();
        first..first + self.0.shown().len()
    }

    fn time(self, number: usize) -> Option<i64> {
        let at = number.checked_sub(self.0.dropped())?;
        let id = self.0.shown().get(at)?;
        Some(self.0.get(*id)?.pts.0)
    }

    /// One sample as a block.
    fn single(self, number: usize) -> Option<Block> {
        let at = number.checked_sub(self.0.dropped())?;
        let sample = self.0.get(*self.0.shown().get(at)?)?;
        let start = sample.pts.0;
        let next = self.time(number + 1);
        let end = next.or_else(|| Some(self.0.end_pts()?.0)).unwrap_or(start);
        let distance = next.map(|next| next.saturating_sub(start));
        Some(Block {
            start,
            end,
            bytes: sample.data.len() as u64,
            samples: 1,
            syncs: u64::from(sample.sync != SyncKind::None),
            least: distance.unwrap_or(i64::MAX),
            most: distance.unwrap_or(0),
        })
    }

    /// Number of the sample that is on screen at a time, or of the first one.
    fn at(self, time: i64) -> usize {
        let shown = self.0.shown();
        let is_before = |sample: &reelscope_media::Sample| sample.pts <= Pts(time);
        let after = shown.partition_point(|id| self.0.get(*id).is_some_and(is_before));
        self.0.dropped() + after.saturating_sub(1)
    }
}

impl Levels {
    /// Number after the last sample that is in a block.
    fn built(&self) -> usize {
        self.levels.first().map_or(0, Level::end) * BASE
    }

    /// Puts some more samples into blocks, at most about `budget`. Returns how many were taken.
    pub(crate) fn advance(&mut self, samples: &SampleIndex, budget: usize) -> usize {
        let shown = Shown(samples);
        let numbers = shown.numbers();
        self.drop_before(numbers.start);
        self.forget_wrong(shown);
        let mut taken = 0;
        while taken < budget && self.built() + BASE + UNSETTLED <= numbers.end {
            let from = self.built();
            let mut block = Block::default();
            for single in (from..from + BASE).filter_map(|number| shown.single(number)) {
                block = block.and(single);
            }
            self.push(block);
            taken += BASE;
        }
        taken
    }

    /// True if no more samples can be put into blocks for now.
    pub(crate) fn is_complete(&self, samples: &SampleIndex) -> bool {
        self.built() + BASE + UNSETTLED > Shown(samples).numbers().end
    }

    fn push(&mut self, mut block: Block) {
        for level in 0..MOST_LEVELS {
            if self.levels.len() == level {
                self.levels.push(Level::default());
            }
            let Some(here) = self.levels.get_mut(level) else {
                return;
            };
            let number = here.end();
            here.blocks.push_back(block);
            if number % 2 == 0 {
                return;
            }
            // What came before it may have been dropped.
            if let Some(before) = here.get(number - 1) {
                block = before.and(block);
            }
            if let Some(above) = self
                .levels
                .get_mut(level + 1)
                .filter(|it| it.blocks.is_empty())
            {
                above.first = number / 2;
            } else if self.levels.len() == level + 1 {
                self.levels.push(Level {
                    first: number / 2,
                    blocks: VecDeque::new(),
                });
            }
        }
    }

    /// Drops blocks of which no sample is left.
    fn drop_before(&mut self, first: usize) {
        if self.built() < first {
            self.levels.clear();
            self.levels.push(Level {
                first: first / BASE,
                blocks: VecDeque::new(),
            });
        }
        for (level, here) in self.levels.iter_mut().enumerate() {
            let size = BASE << level;
            while !here.blocks.is_empty() && (here.first + 1) * size <= first {
                here.blocks.pop_front();
                here.first += 1;
            }
        }
    }

    /// Takes away the blocks from the first one on that a late sample came into.
    fn forget_wrong(&mut self, shown: Shown<'_>) {
        let Some(base) = self.levels.first() else {
            return;
        };
        let start = shown.numbers().start;
        let is_right = |number: usize| {
            let Some(block) = base.get(number) else {
                return false;
            };
            let from = number * BASE;
            (from < start || shown.time(from) == Some(block.start))
                && shown.time(from + BASE) == Some(block.end)
        };
        let Some(last) = base.blocks.len().checked_sub(1) else {
            return;
        };
        if is_right(base.first + last) {
            return;
        }
        // What came in moves all behind it: right ones lie before wrong ones.
        let (mut low, mut high) = (base.first, base.end());
        while low < high {
            let middle = low + (high - low) / 2;
            if is_right(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let right = low;
        for (level, here) in self.levels.iter_mut().enumerate() {
            let keep = (right >> level).saturating_sub(here.first);
            here.blocks.truncate(keep);
            if here.blocks.is_empty() && level > 0 {
                here.first = right >> level;
            }
        }
    }

    /// Visits the samples that are on screen from one time to another, in order: one by one, or, where
    /// that is shorter than `grain` ticks, several at once.
    pub(crate) fn walk(
        &self,
        samples: &SampleIndex,
        time: Range<i64>,
        grain: i64,
        mut visit: impl FnMut(&Block),
    ) {
        let shown = Shown(samples);
        let end = shown.numbers().end;
        let mut number = shown.at(time.start);
        let mut outside = 0;
        while number < end {
            let (size, block) = match self.longest(number, grain) {
                Some(found) => found,
                None => {
                    if number >= self.built() {
                        outside += 1;
                    }
                    match shown.single(number).filter(|_| outside <= MOST_SINGLE) {
                        Some(single) => (1, single),
                        None => return,
                    }
                }
            };
            if block.start >= time.end {
                return;
            }
            visit(&block);
            number += size;
        }
    }

    /// The block of most samples that starts with this one and is no longer than `grain`.
    fn longest(&self, number: usize, grain: i64) -> Option<(usize, Block)> {
        let mut longest = None;
        for (level, here) in self.levels.iter().enumerate() {
            let size = BASE << level;
            if !number.is_multiple_of(size) {
                break;
            }
            match here.get(number / size) {
                Some(block) if block.length() <= grain => longest = Some((size, *block)),
                _ => break,
            }
        }
        longest
    }

    /// All samples added up, as far as they are known.
    pub(crate) fn total(&self, samples: &SampleIndex) -> Block {
        let mut total = Block::default();
        self.walk(samples, i64::MIN..i64::MAX, i64::MAX, |block| {
            total = total.and(*block);
        });
        total
    }
}
