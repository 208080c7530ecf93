//! The rows of the table in the order that was asked for. Orders that a track keeps cost nothing;
//! others are sorted, and rows are filtered, little by little so that no repaint walks all samples.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use reelscope_media::{SampleId, SampleIndex};

use super::facts::{Column, Facts};
use super::filter::Filter;
use crate::inspector::pictures::Pictures;

/// Samples that one call of [`Listing::advance`] looks at.
const STEP: usize = 8_000;
/// Rows that one call puts in their place.
const MERGED: usize = 40_000;

/// Which rows, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) column: Column,
    /// From the largest to the smallest.
    pub(crate) descending: bool,
    pub(crate) filter: Filter,
}

impl Wanted {
    /// True if the track keeps its samples in this order anyway.
    fn is_kept(&self) -> bool {
        let kept = matches!(self.column, Column::Number | Column::Decode | Column::Pts);
        kept && self.filter.is_empty()
    }
}

/// The rows.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    wanted: Wanted,
    /// What was sorted last, from the smallest on.
    sorted: Vec<SampleId>,
    /// For which state of the track that was.
    state: State,
    work: Option<Work>,
}

/// Tells one state of a track from a later one: first and last position, and late samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State(usize, usize, usize);

impl State {
    fn of(index: &SampleIndex) -> Self {
        let positions = index.positions();
        Self(positions.start, positions.end, index.late().len())
    }
}

impl Listing {
    /// Asks for other rows.
    pub(crate) fn want(&mut self, wanted: Wanted) {
        if self.wanted != wanted {
            self.wanted = wanted;
            self.work = None;
            self.state = State::default();
        }
    }

    /// Starts anew, for another track.
    pub(crate) fn forget(&mut self) {
        let wanted = std::mem::take(&mut self.wanted);
        *self = Self {
            wanted,
            ..Self::default()
        };
    }

    /// What is asked for.
    pub(crate) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Goes on sorting. Returns true once the rows are those that were asked for.
    pub(crate) fn advance(&mut self, index: &SampleIndex, pictures: &Pictures) -> bool {
        if self.wanted.is_kept() {
            self.sorted.clear();
            self.state = State::default();
            return true;
        }
        let now = State::of(index);
        if self.work.is_none() && self.state == now {
            return true;
        }
        let work = self.work.get_or_insert_with(|| Work::new(now));
        if let Some(sorted) = work.advance(index, pictures, &self.wanted) {
            self.sorted = sorted;
            // What came meanwhile is sorted in with the next round.
            self.state = work.state;
            self.work = None;
        }
        self.work.is_none() && self.state == now
    }

    /// How much of the work is done, if there is any.
    pub(crate) fn percent(&self) -> Option<usize> {
        self.work.as_ref().map(Work::percent)
    }

    /// Number of rows.
    pub(crate) fn len(&self, index: &SampleIndex) -> usize {
        if self.wanted.is_kept() {
            index.len()
        } else {
            self.sorted.len()
        }
    }

    /// The sample of a row.
    pub(crate) fn get(&self, index: &SampleIndex, row: usize) -> Option<SampleId> {
        let row = self.turned(row, index)?;
        if !self.wanted.is_kept() {
            return self.sorted.get(row).copied();
        }
        match self.wanted.column {
            Column::Decode => index.at_decode_position(index.positions().start + row),
            _ => index.in_presentation_order().get(row).copied(),
        }
    }

    /// The row of a sample, where that can be told at once.
    pub(crate) fn row_of(&self, index: &SampleIndex, id: SampleId) -> Option<usize> {
        if !self.wanted.is_kept() {
            return None;
        }
        let row = match self.wanted.column {
            Column::Decode => index.decode_position(id)? - index.positions().start,
            _ => index.rank(id)?,
        };
        self.turned(row, index)
    }

    /// Counts from the other end where that was asked for.
    fn turned(&self, row: usize, index: &SampleIndex) -> Option<usize> {
        if self.wanted.descending {
            self.len(index).checked_sub(row + 1)
        } else {
            Some(row)
        }
    }
}

/// A value, and the sample that has it.
type Entry = (i64, SampleId);

/// Sorting under way: first runs of some samples each, then all runs into one.
#[derive(Debug)]
struct Work {
    state: State,
    /// Decode position of the next sample to look at.
    next: usize,
    runs: Vec<std::vec::IntoIter<Entry>>,
    /// The least entry of each run that is left.
    heads: BinaryHeap<Reverse<(Entry, usize)>>,
    sorted: Vec<SampleId>,
    found: usize,
}

impl Work {
    fn new(state: State) -> Self {
        Self {
            state,
            next: state.0,
            runs: Vec::new(),
            heads: BinaryHeap::new(),
            sorted: Vec::new(),
            found: 0,
        }
    }

    fn percent(&self) -> usize {
        let State(start, end, _) = self.state;
        let share = |done: usize, all: usize| done * 50 / all.max(1);
        share(self.next - start, end - start) + share(self.sorted.len(), self.found)
    }

    fn advance(
        &mut self,
        index: &SampleIndex,
        pictures: &Pictures,
        wanted: &Wanted,
    ) -> Option<Vec<SampleId>> {
        let end = self.state.1;
        if self.next < end {
            self.collect(index, pictures, wanted);
            // What is small is there at once.
            if self.next < end {
                return None;
            }
        }
        for _ in 0..MERGED {
            let Some(Reverse(((_, id), run))) = self.heads.pop() else {
                return Some(std::mem::take(&mut self.sorted));
            };
            self.sorted.push(id);
            self.take_head(run);
        }
        None
    }

    fn collect(&mut self, index: &SampleIndex, pictures: &Pictures, wanted: &Wanted) {
        let to = self.state.1.min(self.next.saturating_add(STEP));
        let mut run: Vec<Entry> = (self.next..to)
            .filter_map(|position| {
                let id = index.at_decode_position(position)?;
                let facts = Facts::of(index, pictures, id)?;
                let passes = wanted.filter.passes(&facts);
                passes.then(|| (facts.value(wanted.column), id))
            })
            .collect();
        run.sort_unstable();
        self.next = to;
        self.found += run.len();
        self.runs.push(run.into_iter());
        self.take_head(self.runs.len() - 1);
    }

    fn take_head(&mut self, run: usize) {
        let entry = self.runs.get_mut(run).and_then(Iterator::next);
        self.heads.extend(entry.map(|entry| Reverse((entry, run))));
    }
}

#[cfg(test)]
mod tests {
    use reelscope_media::{Sample, SampleData, SyncKind};

    use super::*;

    /// Samples whose sizes fall and rise, every tenth one a keyframe.
    fn index(count: u32) -> SampleIndex {
        (0..count)
            .map(|number| {
                let at = i64::from(number) * 10;
                let sync = if number.is_multiple_of(10) {
                    SyncKind::Closed
                } else {
                    SyncKind::None
                };
                let data = SampleData::Range {
                    offset: 0,
                    len: number * 7_919 % 10_007,
                };
                Sample {
                    duration: 10,
                    ..Sample::new(at, at, sync, data)
                }
            })
            .collect()
    }

    fn rows(listing: &Listing, index: &SampleIndex) -> Vec<u32> {
        let rows = (0..listing.len(index)).filter_map(|row| listing.get(index, row));
        rows.map(|id| id.0).collect()
    }

    fn sorted(index: &SampleIndex, wanted: Wanted) -> (Vec<u32>, usize) {
        let mut listing = Listing::default();
        listing.want(wanted);
        let mut calls = 1;
        while !listing.advance(index, &Pictures::default()) {
            calls += 1;
            assert!(calls < 1_000, "it does not end");
        }
        (rows(&listing, index), calls)
    }

    #[test]
    fn many_samples_are_sorted_over_several_calls() {
        let index = index(100_000);
        let wanted = Wanted {
            column: Column::Bytes,
            ..Wanted::default()
        };
        let (found, calls) = sorted(&index, wanted);
        let mut expected: Vec<u32> = (0..100_000).collect();
        expected.sort_by_key(|number| (number * 7_919 % 10_007, *number));
        assert_eq!(found, expected);
        assert!((10..30).contains(&calls), "{calls} calls");
    }

    #[test]
    fn a_few_samples_are_there_at_once_and_can_be_turned_round() {
        let index = index(20);
        let wanted = Wanted {
            descending: true,
            filter: Filter::parse("key"),
            ..Wanted::default()
        };
        assert_eq!(sorted(&index, wanted), (vec![10, 0], 1));
        let wanted = Wanted {
            descending: true,
            ..Wanted::default()
        };
        assert_eq!(sorted(&index, wanted).0, (0..20).rev().collect::<Vec<_>>());
    }

    #[test]
    fn filters_compare_numbers_and_look_for_texts() {
        let index = index(30);
        let found = |text| {
            sorted(
                &index,
                Wanted {
                    filter: Filter::parse(text),
                    ..Wanted::default()
                },
            )
            .0
        };
        assert_eq!(found("pts<30"), [0, 1, 2]);
        assert_eq!(found("number>10 key"), [20]);
        assert_eq!(found("bytes=0"), [0]);
        assert_eq!(found("290"), [29]);
        assert_eq!(found("nothing like that"), [] as [u32; 0]);
    }

    #[test]
    fn what_is_added_meanwhile_is_sorted_in() {
        let all = index(30);
        let mut index = index(20);
        let mut listing = Listing::default();
        listing.want(Wanted {
            column: Column::Bytes,
            ..Wanted::default()
        });
        assert!(listing.advance(&index, &Pictures::default()));
        for number in 20..30 {
            index.push(all.get(SampleId(number)).expect("it is there").clone());
        }
        assert!(listing.advance(&index, &Pictures::default()));
        assert_eq!(listing.len(&index), 30);
    }
}
