//! The index of a track's samples: decode order, presentation order, GOPs, and look-ups in O(log n).

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::kept::Kept;
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
/// a late sample costs a move of small integers behind its place. GOPs can be taken away at the
/// front: names, positions and GOP numbers of what is left stay as they are.
#[derive(Clone, Debug, Default)]
pub struct SampleIndex {
    /// By [`SampleId`].
    samples: Kept<Option<Sample>>,
    /// Decode order.
    decode: Kept<SampleId>,
    /// Position in `decode`, by [`SampleId`].
    position: Kept<u32>,
    /// Numbers that rise in presentation order, by [`SampleId`].
    order_keys: Kept<u32>,
    /// Presentation order, by (pts, decode position).
    order: Kept<SampleId>,
    /// Presentation order without hidden samples.
    shown: Kept<SampleId>,
    /// Positions in decode order at which GOPs start.
    gops: Kept<u32>,
    /// The latest end of any shown sample.
    end: Option<Pts>,
    /// Samples that came after others that are decoded later.
    late: Vec<SampleId>,
    /// Shown samples that were taken away.
    dropped: usize,
}

impl SampleIndex {
    /// An index without samples.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of samples, hidden ones included.
    pub fn len(&self) -> usize {
        self.decode.as_slice().len()
    }

    /// True if there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The decode positions of all samples. They start above 0 once samples were taken away.
    pub fn positions(&self) -> Range<usize> {
        self.decode.start()..self.decode.end()
    }

    /// Appends the next sample in decode order. Its `dts` is not looked at: the order of arrival is
    /// the decode order.
    pub fn push(&mut self, sample: Sample) -> SampleId {
        self.place(self.decode.end(), sample)
    }

    /// Adds a sample where its `dts` belongs: after all samples with the same or an earlier one.
    pub fn insert(&mut self, sample: Sample) -> SampleId {
        let before = self
            .decode
            .as_slice()
            .partition_point(|id| self.get(*id).is_some_and(|other| other.dts <= sample.dts));
        self.place(self.decode.start() + before, sample)
    }

    /// Adds a sample at a decode position; those from there on move up by one. A position outside
    /// of [`SampleIndex::positions`] is brought to its nearer end.
    pub fn insert_at(&mut self, position: usize, sample: Sample) -> SampleId {
        self.place(
            position.clamp(self.decode.start(), self.decode.end()),
            sample,
        )
    }

    fn place(&mut self, at: usize, sample: Sample) -> SampleId {
        let id = SampleId(u32::try_from(self.samples.end()).unwrap_or(u32::MAX));
        let starts_gop = sample.sync != SyncKind::None;
        let end = Pts(sample.pts.0.saturating_add(i64::from(sample.duration)));
        let visibility = sample.visibility;
        self.samples.push(Some(sample));
        self.position.push(u32::try_from(at).unwrap_or(u32::MAX));
        if at < self.decode.end() {
            self.decode.insert(at, id);
            let moved = at + 1 - self.decode.start();
            for (place, moved) in self.decode.as_slice().iter().enumerate().skip(moved) {
                let position = self.decode.start() + place;
                if let Some(slot) = self.position.get_mut(moved.0 as usize) {
                    *slot = u32::try_from(position).unwrap_or(u32::MAX);
                }
            }
            self.late.push(id);
        } else {
            self.decode.push(id);
        }
        self.place_gop(at, starts_gop);
        let place = self.place_in_order(&self.order, id);
        self.order_keys.push(self.order_key_at(place));
        self.order.insert(self.order.start() + place, id);
        if visibility == Visibility::Shown {
            let place = self.place_in_order(&self.shown, id);
            self.shown.insert(self.shown.start() + place, id);
            self.end = self.end.max(Some(end));
        }
        id
    }

    /// Notes that a sample was placed at a decode position.
    fn place_gop(&mut self, at: usize, starts_gop: bool) {
        let first = self.decode.start();
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let from = self.gops.as_slice().partition_point(|start| *start < at);
        for start in self.gops.as_mut_slice().iter_mut().skip(from) {
            *start += 1;
        }
        let from = self.gops.start() + from;
        if at as usize == first {
            // What was first is pushed back, and stays a start only if it is a sync sample.
            let second = self.decode.get(first + 1);
            let is_sync = second.is_some_and(|id| self.sync_of(*id) != SyncKind::None);
            if !is_sync && self.gops.get(from) == Some(&(at + 1)) {
                if let Some(start) = self.gops.get_mut(from) {
                    *start = at;
                }
            } else {
                self.gops.insert(from, at);
            }
        } else if starts_gop {
            self.gops.insert(from, at);
        }
    }

    /// Takes the first GOP away. Names, decode positions and GOP numbers of the others stay. Gives
    /// its samples in decode order.
    pub fn remove_first_gop(&mut self) -> Vec<(SampleId, Sample)> {
        let Some(gop) = self.gop(self.gops.start()) else {
            return Vec::new();
        };
        let ids: Vec<SampleId> = self
            .decode
            .as_slice()
            .iter()
            .take(gop.samples.len())
            .copied()
            .collect();
        let mut removed = Vec::with_capacity(ids.len());
        for id in &ids {
            if let Some(place) = self.search(&self.order, *id) {
                self.order.remove(self.order.start() + place);
            }
            if let Some(place) = self.search(&self.shown, *id) {
                self.shown.remove(self.shown.start() + place);
                self.dropped += 1;
            }
            if let Some(sample) = self.samples.get_mut(id.0 as usize).and_then(Option::take) {
                removed.push((*id, sample));
            }
        }
        self.decode.remove_front(ids.len());
        self.gops.remove_front(1);
        // Samples that came late have high names and go when their turn comes.
        let front = self.samples.as_slice().iter();
        let gone = front.take_while(|sample| sample.is_none()).count();
        self.samples.remove_front(gone);
        self.position.remove_front(gone);
        self.order_keys.remove_front(gone);
        removed
    }

    /// The samples that came after others that are decoded later, in order of arrival. The list only
    /// grows: whoever has looked at `n` of them looks at the rest next.
    pub fn late(&self) -> &[SampleId] {
        &self.late
    }

    fn pts_of(&self, id: SampleId) -> Option<Pts> {
        self.get(id).map(|sample| sample.pts)
    }

    fn sync_of(&self, id: SampleId) -> SyncKind {
        self.get(id).map_or(SyncKind::None, |sample| sample.sync)
    }

    /// What presentation order goes by.
    fn key(&self, id: SampleId) -> Option<(Pts, u32)> {
        let position = self.position.get(id.0 as usize)?;
        Some((self.pts_of(id)?, *position))
    }

    /// Where a sample belongs in a list in presentation order, looking from the end, where new
    /// entries nearly always belong.
    fn place_in_order(&self, list: &Kept<SampleId>, id: SampleId) -> usize {
        /// More entries than any codec reorders: past it, a binary search is the better bet.
        const REORDER_WINDOW: usize = 32;
        let list = list.as_slice();
        let key = self.key(id);
        let near = list
            .iter()
            .rev()
            .take(REORDER_WINDOW)
            .position(|other| self.key(*other) < key);
        match near {
            Some(back) => list.len() - back,
            None => list.partition_point(|other| self.key(*other) < key),
        }
    }

    /// A number between those of the neighbours of a place in presentation order.
    fn order_key_at(&self, place: usize) -> u32 {
        /// Distance between two numbers in a row: room for as many samples in between as codecs
        /// reorder, few enough bits to count through days.
        const DISTANCE: u32 = 1 << 6;
        let order = self.order.as_slice();
        let rank = |place: usize| {
            let id = order.get(place)?;
            self.order_keys.get(id.0 as usize).copied()
        };
        let before = place.checked_sub(1).and_then(rank);
        match (before, rank(place)) {
            // Not the middle: most samples in between come in presentation order.
            (Some(before), Some(after)) => before + after.saturating_sub(before) / 4,
            (Some(before), None) => before.saturating_add(DISTANCE),
            (None, Some(after)) => after.saturating_sub(DISTANCE),
            // In the middle: samples may come that are shown before the first one.
            (None, None) => 1 << 20,
        }
    }

    /// The sample of this name.
    pub fn get(&self, id: SampleId) -> Option<&Sample> {
        self.samples.get(id.0 as usize)?.as_ref()
    }

    /// The name of the sample at a position in decode order.
    pub fn at_decode_position(&self, position: usize) -> Option<SampleId> {
        self.decode.get(position).copied()
    }

    /// Where a sample stands in decode order, from 0.
    pub fn decode_position(&self, id: SampleId) -> Option<usize> {
        self.get(id)?;
        let position = self.position.get(id.0 as usize)?;
        Some(*position as usize)
    }

    /// The names of all samples that are shown, in presentation order.
    pub fn shown(&self) -> &[SampleId] {
        self.shown.as_slice()
    }

    /// The names of all samples, hidden ones included, in presentation order.
    pub fn in_presentation_order(&self) -> &[SampleId] {
        self.order.as_slice()
    }

    /// Where a sample stands among all samples, hidden ones included, in presentation order.
    pub fn rank(&self, id: SampleId) -> Option<usize> {
        self.search(&self.order, id)
    }

    /// A number that rises in presentation order, hidden samples included. A sample that comes later
    /// gets one between those of its neighbours (or the same as one of them, if there is none left);
    /// it never changes.
    pub fn order_key(&self, id: SampleId) -> Option<u32> {
        self.get(id)?;
        self.order_keys.get(id.0 as usize).copied()
    }

    /// Where a shown sample stands in presentation order, from 0: its frame number.
    pub fn frame_number(&self, id: SampleId) -> Option<usize> {
        self.search(&self.shown, id)
    }

    /// How many shown samples were taken away: what is to be added to a frame number to count from the
    /// very first frame.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    fn search(&self, order: &Kept<SampleId>, id: SampleId) -> Option<usize> {
        let key = self.key(id)?;
        order
            .as_slice()
            .binary_search_by_key(&Some(key), |other| self.key(*other))
            .ok()
    }

    /// The sample that is on screen at a time: the last shown one whose pts is not after it.
    pub fn latest_at(&self, pts: Pts) -> Option<SampleId> {
        let shown = self.shown();
        let after = shown.partition_point(|id| self.pts_of(*id) <= Some(pts));
        shown.get(after.checked_sub(1)?).copied()
    }

    /// The presentation time of the first shown sample.
    pub fn first_pts(&self) -> Option<Pts> {
        self.pts_of(*self.shown().first()?)
    }

    /// The time at which the last shown sample stops being shown. A sample of unknown duration
    /// counts with the distance between the two samples before its end.
    pub fn end_pts(&self) -> Option<Pts> {
        let shown = self.shown();
        let last = self.get(*shown.last()?)?;
        let end = self.end?;
        if last.duration > 0 || end > last.pts {
            return Some(end);
        }
        let before = shown.len().checked_sub(2).and_then(|at| shown.get(at));
        let before = before.and_then(|id| self.pts_of(*id));
        let gap = before.map_or(0, |before| last.pts.0.saturating_sub(before.0));
        Some(Pts(end.0.saturating_add(gap)))
    }

    /// Number after the last GOP: how many there were, those that were taken away included.
    pub fn gop_count(&self) -> usize {
        self.gops.end()
    }

    /// Number of the first GOP that is left.
    pub fn first_gop(&self) -> usize {
        self.gops.start()
    }

    /// A GOP by number.
    pub fn gop(&self, number: usize) -> Option<Gop> {
        let start = *self.gops.get(number)? as usize;
        let next = self.gops.get(number + 1);
        let end = next.map_or(self.decode.end(), |next| *next as usize);
        Some(Gop {
            number,
            samples: start..end,
        })
    }

    /// The GOP that a sample belongs to.
    pub fn gop_of(&self, id: SampleId) -> Option<Gop> {
        let position = self.decode_position(id)?;
        let gops = self.gops.as_slice();
        let after = gops.partition_point(|start| *start as usize <= position);
        self.gop(self.gops.start() + after.checked_sub(1)?)
    }

    /// The number of the first GOP that starts at or after a decode position.
    pub fn first_gop_from(&self, position: usize) -> usize {
        let gops = self.gops.as_slice();
        self.gops.start() + gops.partition_point(|start| (*start as usize) < position)
    }

    /// The sync samples, in decode order.
    pub fn sync_samples(&self) -> impl Iterator<Item = SampleId> + '_ {
        self.gops.as_slice().iter().filter_map(|at| {
            let id = *self.decode.get(*at as usize)?;
            (self.sync_of(id) != SyncKind::None).then_some(id)
        })
    }

    /// The decode position at which decoding has to start so that this sample's frame comes out
    /// whole: its GOP's start, or the one before if the sample is shown before its own sync sample
    /// and that one does not promise that nothing refers across it (open GOP).
    pub fn decode_start(&self, id: SampleId) -> Option<usize> {
        let gop = self.gop_of(id)?;
        let start = *self.decode.get(gop.samples.start)?;
        let sync = self.get(start)?;
        let leads = self.get(id)?.pts < sync.pts;
        if leads && sync.sync != SyncKind::Closed && gop.number > self.gops.start() {
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
        let mut keys = vec![0; samples.len()];
        for (key, id) in (0..count).zip(&order) {
            keys[id.0 as usize] = key;
        }
        let is_shown = |id: &SampleId| samples[id.0 as usize].visibility == Visibility::Shown;
        let shown: Kept<SampleId> = order.iter().copied().filter(is_shown).collect();
        let end_of = |id: &SampleId| {
            let sample = &samples[id.0 as usize];
            Pts(sample.pts.0.saturating_add(i64::from(sample.duration)))
        };
        let starts_gop = |at: &u32| *at == 0 || samples[*at as usize].sync != SyncKind::None;
        Self {
            end: shown.as_slice().iter().map(end_of).max(),
            decode: (0..count).map(SampleId).collect(),
            position: (0..count).collect(),
            order_keys: keys.into_iter().collect(),
            gops: (0..count).filter(starts_gop).collect(),
            order: order.into_iter().collect(),
            shown,
            late: Vec::new(),
            dropped: 0,
            samples: samples.into_iter().map(Some).collect(),
        }
    }
}
