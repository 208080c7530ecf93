//! The index of a track's samples: decode order, presentation order, GOPs, and look-ups in O(log n).

use std::ops::Range;

use crate::{Pts, Sample, SampleId, SyncKind, Visibility};

/// A group of pictures: from one sync sample to the next, as positions in decode order.
/// Samples before the first sync sample form a GOP of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gop {
    /// Number of the GOP, from 0.
    pub number: usize,
    /// Its samples' positions in decode order.
    pub samples: Range<usize>,
}

/// All samples of a track.
///
/// Appending costs amortised O(1) for samples that come in decode order with bounded reordering;
/// a late sample costs a move of small integers behind its place.
#[derive(Clone, Debug, Default)]
pub struct SampleIndex {
    /// By [`SampleId`].
    samples: Vec<Sample>,
    /// Decode order.
    decode: Vec<SampleId>,
    /// Position in `decode`, by [`SampleId`].
    position: Vec<u32>,
    /// Presentation order, by (pts, id).
    order: Vec<SampleId>,
    /// Presentation order without hidden samples.
    shown: Vec<SampleId>,
    /// Positions in decode order at which GOPs start. The first is 0.
    gops: Vec<u32>,
    /// The latest end of any shown sample.
    end: Option<Pts>,
}

impl SampleIndex {
    /// An index without samples.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of samples, hidden ones included.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// True if there are no samples.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Appends the next sample in decode order. Its `dts` is not looked at: the order of arrival is
    /// the decode order.
    pub fn push(&mut self, sample: Sample) -> SampleId {
        self.place(self.decode.len(), sample)
    }

    /// Adds a sample where its `dts` belongs: after all samples with the same or an earlier one.
    pub fn insert(&mut self, sample: Sample) -> SampleId {
        let at = self
            .decode
            .partition_point(|id| self.sample(*id).dts <= sample.dts);
        self.place(at, sample)
    }

    fn place(&mut self, at: usize, sample: Sample) -> SampleId {
        let id = SampleId(u32::try_from(self.samples.len()).unwrap_or(u32::MAX));
        let starts_gop = sample.sync != SyncKind::None;
        let key = (sample.pts, id);
        let end = Pts(sample.pts.0.saturating_add(i64::from(sample.duration)));
        let visibility = sample.visibility;
        self.samples.push(sample);
        self.position.push(u32::try_from(at).unwrap_or(u32::MAX));
        if at < self.decode.len() {
            self.decode.insert(at, id);
            for (position, moved) in self.decode.iter().enumerate().skip(at + 1) {
                if let Some(slot) = self.position.get_mut(moved.0 as usize) {
                    *slot = u32::try_from(position).unwrap_or(u32::MAX);
                }
            }
        } else {
            self.decode.push(id);
        }
        self.place_gop(at, starts_gop);
        insert_near_end(&mut self.order, id, |other| {
            (self.samples[other.0 as usize].pts, other) < key
        });
        if visibility == Visibility::Shown {
            insert_near_end(&mut self.shown, id, |other| {
                (self.samples[other.0 as usize].pts, other) < key
            });
            self.end = self.end.max(Some(end));
        }
        id
    }

    /// Notes that a sample was placed at a decode position.
    fn place_gop(&mut self, at: usize, starts_gop: bool) {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let from = self.gops.partition_point(|start| *start < at);
        if at == 0 {
            // What was first is pushed back, and stays a start only if it is a sync sample.
            for start in &mut self.gops {
                *start += 1;
            }
            let second_is_sync = self
                .decode
                .get(1)
                .is_some_and(|id| self.sample(*id).sync != SyncKind::None);
            if !second_is_sync && self.gops.first() == Some(&1) {
                self.gops.remove(0);
            }
            self.gops.insert(0, 0);
            return;
        }
        for start in self.gops.iter_mut().skip(from) {
            *start += 1;
        }
        if starts_gop {
            self.gops.insert(from, at);
        }
    }

    fn sample(&self, id: SampleId) -> &Sample {
        &self.samples[id.0 as usize]
    }

    /// The sample of this name.
    pub fn get(&self, id: SampleId) -> Option<&Sample> {
        self.samples.get(id.0 as usize)
    }

    /// The name of the sample at a position in decode order.
    pub fn at_decode_position(&self, position: usize) -> Option<SampleId> {
        self.decode.get(position).copied()
    }

    /// Where a sample stands in decode order, from 0.
    pub fn decode_position(&self, id: SampleId) -> Option<usize> {
        self.position
            .get(id.0 as usize)
            .map(|position| *position as usize)
    }

    /// The names of all samples that are shown, in presentation order.
    pub fn shown(&self) -> &[SampleId] {
        &self.shown
    }

    /// The names of all samples, hidden ones included, in presentation order.
    pub fn in_presentation_order(&self) -> &[SampleId] {
        &self.order
    }

    /// Where a sample stands among all samples, hidden ones included, in presentation order.
    pub fn rank(&self, id: SampleId) -> Option<usize> {
        self.search(&self.order, id)
    }

    /// Where a shown sample stands in presentation order, from 0: its frame number.
    pub fn frame_number(&self, id: SampleId) -> Option<usize> {
        self.search(&self.shown, id)
    }

    fn search(&self, order: &[SampleId], id: SampleId) -> Option<usize> {
        let key = (self.get(id)?.pts, id);
        order
            .binary_search_by_key(&key, |other| (self.sample(*other).pts, *other))
            .ok()
    }

    /// The sample that is on screen at a time: the last shown one whose pts is not after it.
    pub fn latest_at(&self, pts: Pts) -> Option<SampleId> {
        let after = self.shown.partition_point(|id| self.sample(*id).pts <= pts);
        after.checked_sub(1).map(|at| self.shown[at])
    }

    /// The presentation time of the first shown sample.
    pub fn first_pts(&self) -> Option<Pts> {
        self.shown.first().map(|id| self.sample(*id).pts)
    }

    /// The time at which the last shown sample stops being shown. A sample of unknown duration
    /// counts with the distance between the two samples before its end.
    pub fn end_pts(&self) -> Option<Pts> {
        let last = *self.shown.last()?;
        let end = self.end?;
        if self.sample(last).duration > 0 || end > self.sample(last).pts {
            return Some(end);
        }
        let before = self
            .shown
            .len()
            .checked_sub(2)
            .map(|at| self.sample(self.shown[at]).pts);
        let gap = before.map_or(0, |before| self.sample(last).pts.0.saturating_sub(before.0));
        Some(Pts(end.0.saturating_add(gap)))
    }

    /// Number of GOPs.
    pub fn gop_count(&self) -> usize {
        self.gops.len()
    }

    /// A GOP by number.
    pub fn gop(&self, number: usize) -> Option<Gop> {
        let start = *self.gops.get(number)? as usize;
        let end = self
            .gops
            .get(number + 1)
            .map_or(self.decode.len(), |next| *next as usize);
        Some(Gop {
            number,
            samples: start..end,
        })
    }

    /// The GOP that a sample belongs to.
    pub fn gop_of(&self, id: SampleId) -> Option<Gop> {
        let position = self.position.get(id.0 as usize)?;
        let number = self
            .gops
            .partition_point(|start| start <= position)
            .checked_sub(1)?;
        self.gop(number)
    }

    /// The number of the first GOP that starts at or after a decode position.
    pub fn first_gop_from(&self, position: usize) -> usize {
        self.gops
            .partition_point(|start| (*start as usize) < position)
    }

    /// The sync samples, in decode order.
    pub fn sync_samples(&self) -> impl Iterator<Item = SampleId> + '_ {
        self.gops.iter().filter_map(|at| {
            let id = *self.decode.get(*at as usize)?;
            (self.sample(id).sync != SyncKind::None).then_some(id)
        })
    }

    /// The decode position at which decoding has to start so that this sample's frame comes out
    /// whole: its GOP's start, or the one before if the sample is shown before its own sync sample
    /// and that one does not promise that nothing refers across it (open GOP).
    pub fn decode_start(&self, id: SampleId) -> Option<usize> {
        let gop = self.gop_of(id)?;
        let start = *self.decode.get(gop.samples.start)?;
        let sync = self.sample(start);
        let leads = self.get(id)?.pts < sync.pts;
        if leads && sync.sync != SyncKind::Closed && gop.number > 0 {
            return self.gop(gop.number - 1).map(|before| before.samples.start);
        }
        Some(gop.samples.start)
    }
}

impl FromIterator<Sample> for SampleIndex {
    /// Takes all samples of a file at once, in decode order. Costs one sort, whatever their
    /// presentation order.
    fn from_iter<I: IntoIterator<Item = Sample>>(samples: I) -> Self {
        let samples: Vec<Sample> = samples.into_iter().take(u32::MAX as usize).collect();
        let count = u32::try_from(samples.len()).unwrap_or(u32::MAX);
        let mut order: Vec<SampleId> = (0..count).map(SampleId).collect();
        order.sort_by_key(|id| samples[id.0 as usize].pts);
        let is_shown = |id: &SampleId| samples[id.0 as usize].visibility == Visibility::Shown;
        let shown: Vec<SampleId> = order.iter().copied().filter(is_shown).collect();
        let end_of = |id: &SampleId| {
            let sample = &samples[id.0 as usize];
            Pts(sample.pts.0.saturating_add(i64::from(sample.duration)))
        };
        let starts_gop = |at: &u32| *at == 0 || samples[*at as usize].sync != SyncKind::None;
        Self {
            end: shown.iter().map(end_of).max(),
            decode: (0..count).map(SampleId).collect(),
            position: (0..count).collect(),
            gops: (0..count).filter(starts_gop).collect(),
            order,
            shown,
            samples,
        }
    }
}

/// Inserts into a sorted list, looking from the end, where new entries nearly always belong.
fn insert_near_end(list: &mut Vec<SampleId>, id: SampleId, before: impl Fn(SampleId) -> bool) {
    /// More entries than any codec reorders: past it, a binary search is the better bet.
    const REORDER_WINDOW: usize = 32;
    let near = list
        .iter()
        .rev()
        .take(REORDER_WINDOW)
        .position(|other| before(*other));
    let at = match near {
        Some(back) => list.len() - back,
        None => list.partition_point(|other| before(*other)),
    };
    list.insert(at, id);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dts, SampleData};

    fn sample(pts: i64, dts: i64, sync: SyncKind) -> Sample {
        Sample {
            pts: Pts(pts),
            dts: Dts(dts),
            duration: 10,
            sync,
            config: 0,
            visibility: Visibility::Shown,
            data: SampleData::Range { offset: 0, len: 1 },
        }
    }

    /// Two GOPs `I P B B` with the second one open: its B frames are shown before its I frame.
    fn open_gops() -> SampleIndex {
        let mut index = SampleIndex::new();
        for (dts, (pts, sync)) in [
            (0, SyncKind::Closed),
            (30, SyncKind::None),
            (10, SyncKind::None),
            (20, SyncKind::None),
            (60, SyncKind::Open),
            (40, SyncKind::None),
            (50, SyncKind::None),
        ]
        .into_iter()
        .enumerate()
        {
            index.push(sample(pts, dts as i64 * 10, sync));
        }
        index
    }

    fn shown_times(index: &SampleIndex) -> Vec<i64> {
        index
            .shown()
            .iter()
            .map(|id| index.get(*id).unwrap().pts.0)
            .collect()
    }

    #[test]
    fn samples_taken_all_at_once_make_the_index_that_they_make_one_by_one() {
        let mut index = open_gops();
        index.push(Sample {
            visibility: Visibility::CutOff,
            ..sample(35, 700, SyncKind::None)
        });
        let samples = (0..index.len()).map(|id| index.get(SampleId(id as u32)).unwrap().clone());
        let at_once: SampleIndex = samples.collect();
        assert_eq!(format!("{at_once:?}"), format!("{index:?}"));
        let none = std::iter::empty().collect::<SampleIndex>();
        assert_eq!(format!("{none:?}"), format!("{:?}", SampleIndex::new()));
    }

    #[test]
    fn presentation_order_is_by_pts() {
        let index = open_gops();
        assert_eq!(shown_times(&index), [0, 10, 20, 30, 40, 50, 60]);
        assert_eq!(index.frame_number(SampleId(1)), Some(3));
        assert_eq!(index.end_pts(), Some(Pts(70)));
    }

    #[test]
    fn latest_at_gives_the_frame_on_screen() {
        let index = open_gops();
        assert_eq!(index.latest_at(Pts(-1)), None);
        assert_eq!(index.latest_at(Pts(0)), Some(SampleId(0)));
        assert_eq!(index.latest_at(Pts(29)), Some(SampleId(3)));
        assert_eq!(index.latest_at(Pts(i64::MAX)), Some(SampleId(4)));
    }

    #[test]
    fn leading_frames_of_an_open_gop_are_decoded_from_the_gop_before() {
        let index = open_gops();
        assert_eq!(index.gop_of(SampleId(5)).unwrap().samples, 4..7);
        assert_eq!(index.decode_start(SampleId(5)), Some(0));
        assert_eq!(index.decode_start(SampleId(4)), Some(4));
    }

    #[test]
    fn hidden_samples_are_decoded_but_not_shown() {
        let mut index = SampleIndex::new();
        index.push(Sample {
            visibility: Visibility::CutOff,
            ..sample(-10, 0, SyncKind::Closed)
        });
        index.push(sample(0, 10, SyncKind::None));
        assert_eq!(shown_times(&index), [0]);
        assert_eq!(index.rank(SampleId(1)), Some(1));
        assert_eq!(index.frame_number(SampleId(0)), None);
        assert_eq!(index.decode_start(SampleId(1)), Some(0));
    }

    #[test]
    fn late_samples_find_their_place_and_names_stay() {
        let mut index = SampleIndex::new();
        let first = index.push(sample(0, 0, SyncKind::Closed));
        let third = index.push(sample(40, 40, SyncKind::Closed));
        let second = index.insert(sample(20, 20, SyncKind::Closed));
        let zeroth = index.insert(sample(-20, -20, SyncKind::Closed));
        assert_eq!(shown_times(&index), [-20, 0, 20, 40]);
        assert_eq!(
            [zeroth, first, second, third].map(|id| index.decode_position(id).unwrap()),
            [0, 1, 2, 3]
        );
        assert_eq!(index.gop_count(), 4);
        assert_eq!(index.gop_of(third).unwrap().samples, 3..4);
    }

    #[test]
    fn a_late_sample_without_sync_joins_the_gop_it_falls_into() {
        let mut index = SampleIndex::new();
        index.push(sample(10, 10, SyncKind::None));
        index.insert(sample(0, 0, SyncKind::None));
        assert_eq!(index.gop_count(), 1);
        index.insert(sample(-10, -10, SyncKind::Closed));
        assert_eq!(index.gop(0).unwrap().samples, 0..3);
        assert_eq!(index.gop_count(), 1);
    }
}
