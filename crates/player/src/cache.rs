//! Decoded frames of all tracks under one byte budget, in two tiers: whole frames, and reduced ones
//! that show the right moment in fewer pixels. Which frames go first is decided in here.

mod reduced;
mod shelf;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use reelscope_media::{Frame, Pts, SampleId, Timescale};

pub use reduced::Thumbnail;
use shelf::{Shelf, Worth};

/// Share of the budget for reduced frames.
const REDUCED_SHARE: usize = 8;
/// Bytes of reduced frames above which more are of no use.
const REDUCED_LIMIT: usize = 256 << 20;
/// Part of the budget that is freed at most when it is exceeded.
const FREED_SHARE: usize = 64;
/// Frames freed beyond what is over the budget, so that not every frame costs a search for the least
/// useful ones. Their memory is used again for the next ones.
const FREED_FRAMES: usize = 4;

/// Names a track for the cache, unique in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackKey(pub u64);

/// Place of a frame in its track's presentation order.
pub(crate) type Place = (Pts, SampleId);

/// Where a track is looked at, and which of its frames are worth keeping for that.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) timescale: Timescale,
    pub(crate) playhead: Place,
    /// The GOP under the playhead.
    pub(crate) pinned: Range<Pts>,
    /// What is likely to be wanted next, in the direction of travel.
    pub(crate) near: Range<Pts>,
}

/// The decoded frames at hand.
///
/// When the budget is exceeded, frames go in this order: those that were used longest ago, those
/// that lie in the direction of travel, those of the GOP under the playhead, each time the ones
/// farthest from the playhead first. A track's frame nearest to its playhead never goes.
#[derive(Debug)]
pub struct FrameCache {
    budget: usize,
    used: usize,
    reduced_used: usize,
    clock: u64,
    shelves: HashMap<TrackKey, Shelf>,
}

impl FrameCache {
    /// A cache that keeps at most this many bytes of planes (and at least one frame per track).
    pub fn new(budget: usize) -> Self {
        Self {
            budget,
            used: 0,
            reduced_used: 0,
            clock: 0,
            shelves: HashMap::new(),
        }
    }

    /// Bytes of planes that are kept, in both tiers.
    pub fn used(&self) -> usize {
        self.used + self.reduced_used
    }

    /// The budget in bytes.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// Changes the budget; frames over it go at once.
    pub fn set_budget(&mut self, budget: usize) {
        self.budget = budget;
        self.evict();
        self.evict_reduced();
    }

    /// Bytes that reduced frames may take.
    pub fn reduced_budget(&self) -> usize {
        (self.budget / REDUCED_SHARE).min(REDUCED_LIMIT)
    }

    /// Bytes that whole frames may take.
    pub(crate) fn whole_budget(&self) -> usize {
        self.budget - self.reduced_budget()
    }

    /// Number of tracks that share the budget, at least 1.
    pub(crate) fn tracks(&self) -> usize {
        self.shelves.len().max(1)
    }

    /// Drops all frames of a track.
    pub fn forget(&mut self, track: TrackKey) {
        if let Some(shelf) = self.shelves.remove(&track) {
            self.used -= shelf.whole_bytes();
            self.reduced_used -= shelf.reduced.bytes();
        }
    }

    /// Drops the frame of a sample, in both tiers.
    pub(crate) fn forget_frame(&mut self, track: TrackKey, place: Place) {
        if let Some(shelf) = self.shelves.get_mut(&track) {
            self.used -= shelf.remove(place);
            self.reduced_used -= shelf.reduced.remove(place);
        }
    }

    /// The frame of a sample.
    pub fn get(&self, track: TrackKey, pts: Pts, sample: SampleId) -> Option<&Arc<Frame>> {
        let kept = self.shelves.get(&track)?.frames.get(&(pts, sample))?;
        Some(&kept.frame)
    }

    /// Notes that a frame is of use.
    pub(crate) fn touch(&mut self, track: TrackKey, place: Place) {
        self.clock += 1;
        let shelf = self.shelves.get_mut(&track);
        if let Some(kept) = shelf.and_then(|shelf| shelf.frames.get_mut(&place)) {
            kept.stamp = self.clock;
        }
    }

    /// The frame at hand that is shown nearest to a time; of two equally near the earlier one.
    pub fn nearest(&self, track: TrackKey, pts: Pts) -> Option<(SampleId, Pts, &Arc<Frame>)> {
        let frames = &self.shelves.get(&track)?.frames;
        let ((at, sample), kept) = shelf::nearest(frames, pts)?;
        Some((*sample, *at, &kept.frame))
    }

    /// The reduced frame at hand that is shown nearest to a time.
    pub fn nearest_reduced(
        &self,
        track: TrackKey,
        pts: Pts,
    ) -> Option<(SampleId, Pts, &Arc<Frame>)> {
        self.shelves.get(&track)?.reduced.nearest(pts)
    }

    /// The small pictures of a track's sync samples, by presentation time.
    pub fn thumbnails(&self, track: TrackKey) -> impl Iterator<Item = Thumbnail<'_>> {
        self.shelves
            .get(&track)
            .into_iter()
            .flat_map(|shelf| shelf.reduced.thumbnails())
    }

    /// Number of frames of a track that are shown after a place, counted up to `limit`.
    pub(crate) fn count_after(&self, track: TrackKey, place: Place, limit: usize) -> usize {
        self.shelves.get(&track).map_or(0, |shelf| {
            shelf
                .frames
                .range((std::ops::Bound::Excluded(place), std::ops::Bound::Unbounded))
                .take(limit)
                .count()
        })
    }

    /// The presentation times of a track's frames at hand, ascending.
    pub fn times(&self, track: TrackKey) -> impl Iterator<Item = Pts> + '_ {
        self.shelves
            .get(&track)
            .into_iter()
            .flat_map(|shelf| shelf.frames.keys().map(|key| key.0))
    }

    /// Those of them that lie in a range.
    pub fn times_between(
        &self,
        track: TrackKey,
        times: Range<Pts>,
    ) -> impl Iterator<Item = Pts> + '_ {
        let shelf = self.shelves.get(&track).filter(|_| times.start < times.end);
        let first = SampleId(0);
        shelf.into_iter().flat_map(move |shelf| {
            let frames = shelf.frames.range((times.start, first)..(times.end, first));
            frames.map(|(key, _)| key.0)
        })
    }

    /// Says how a track is looked at, so that the right frames stay.
    pub(crate) fn stand(&mut self, track: TrackKey, standing: Standing) {
        match self.shelves.get_mut(&track) {
            Some(shelf) => {
                shelf.standing = standing;
                shelf.seen = Instant::now();
            }
            None => {
                self.shelves.insert(track, Shelf::new(standing));
            }
        }
    }

    /// Keeps a frame, and drops others if the budget asks for it.
    pub(crate) fn insert(&mut self, track: TrackKey, pts: Pts, sample: SampleId, frame: Frame) {
        self.clock += 1;
        let clock = self.clock;
        let Some(shelf) = self.shelves.get_mut(&track) else {
            return;
        };
        self.used += frame.byte_size();
        self.used -= shelf.insert((pts, sample), frame, clock);
        self.evict();
    }

    /// Keeps a reduced frame, if there is room for one so near to the playhead.
    pub(crate) fn insert_reduced(
        &mut self,
        track: TrackKey,
        place: Place,
        frame: Frame,
        is_sync: bool,
    ) {
        let Some(shelf) = self.shelves.get_mut(&track) else {
            return;
        };
        self.reduced_used += frame.byte_size();
        self.reduced_used -= shelf.reduced.insert(place, frame, is_sync);
        self.evict_reduced();
    }

    /// True if a reduced frame of this sample is at hand.
    pub(crate) fn has_reduced(&self, track: TrackKey, place: Place) -> bool {
        let shelf = self.shelves.get(&track);
        shelf.is_some_and(|shelf| shelf.reduced.has(place))
    }

    /// Bytes of reduced frames that are kept.
    pub fn reduced_used(&self) -> usize {
        self.reduced_used
    }

    fn evict(&mut self) {
        while self.used > self.whole_budget() {
            let now = Instant::now();
            let mut all: Vec<(Worth, TrackKey, Place)> = Vec::new();
            for (track, shelf) in &self.shelves {
                shelf.rate(now, |worth, place| all.push((worth, *track, place)));
            }
            // The share that is over the budget, and a few more.
            let over = self.used - self.whole_budget();
            let share = all.len().saturating_mul(over) / self.used;
            let some = all.len().min(share + FREED_FRAMES);
            let Some(last) = some.checked_sub(1) else {
                return;
            };
            all.select_nth_unstable(last);
            all.truncate(some);
            all.sort_unstable();
            let goal = self.whole_budget() - self.whole_budget() / FREED_SHARE;
            for (_, track, place) in all {
                if self.used <= goal {
                    return;
                }
                let shelf = self.shelves.get_mut(&track);
                self.used -= shelf.map_or(0, |shelf| shelf.remove(place));
            }
        }
    }

    fn evict_reduced(&mut self) {
        while self.reduced_used > self.reduced_budget() {
            let fullest = self
                .shelves
                .values_mut()
                .max_by_key(|shelf| shelf.reduced.bytes());
            let freed = fullest.map_or(0, |shelf| {
                let playhead = shelf.standing.playhead.0;
                shelf.reduced.remove_farthest(playhead)
            });
            if freed == 0 {
                return;
            }
            self.reduced_used -= freed;
        }
    }
}
