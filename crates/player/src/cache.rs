//! Decoded frames of all tracks under one byte budget. Frames far from their track's playhead go
//! first; a track's last frame near the playhead never goes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use reelscope_media::{Frame, Pts, SampleId, Timescale};

/// Names a track for the cache, unique in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackKey(pub u64);

/// Place of a frame in its track's presentation order.
type Place = (Pts, SampleId);

/// The decoded frames at hand.
#[derive(Debug)]
pub struct FrameCache {
    budget: usize,
    used: usize,
    shelves: HashMap<TrackKey, Shelf>,
}

/// The frames of one track.
#[derive(Debug)]
struct Shelf {
    frames: BTreeMap<Place, Arc<Frame>>,
    playhead: Pts,
    timescale: Timescale,
}

impl Shelf {
    /// The frame farthest from the playhead with its distance in nanoseconds.
    fn farthest(&self) -> Option<(Place, u64)> {
        let (first, last) = (
            *self.frames.first_key_value()?.0,
            *self.frames.last_key_value()?.0,
        );
        let distance = |place: Place| {
            self.timescale
                .to_nanos(place.0.0)
                .abs_diff(self.timescale.to_nanos(self.playhead.0))
        };
        let (behind, ahead) = (distance(first), distance(last));
        // What lies ahead is wanted sooner than what lies behind.
        if ahead > behind.saturating_mul(2) {
            Some((last, ahead))
        } else {
            Some((first, behind))
        }
    }
}

impl FrameCache {
    /// A cache that keeps at most this many bytes of planes (and at least one frame per track).
    pub fn new(budget: usize) -> Self {
        Self {
            budget,
            used: 0,
            shelves: HashMap::new(),
        }
    }

    /// Bytes of planes that are kept.
    pub fn used(&self) -> usize {
        self.used
    }

    /// The budget in bytes.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// Changes the budget; frames over it go at once.
    pub fn set_budget(&mut self, budget: usize) {
        self.budget = budget;
        self.evict();
    }

    /// Drops all frames of a track.
    pub fn forget(&mut self, track: TrackKey) {
        if let Some(shelf) = self.shelves.remove(&track) {
            self.used -= shelf
                .frames
                .values()
                .map(|frame| frame.byte_size())
                .sum::<usize>();
        }
    }

    /// The frame of a sample.
    pub fn get(&self, track: TrackKey, pts: Pts, sample: SampleId) -> Option<&Arc<Frame>> {
        self.shelves.get(&track)?.frames.get(&(pts, sample))
    }

    /// The frame at hand that is shown nearest to a time; of two equally near the earlier one.
    pub fn nearest(&self, track: TrackKey, pts: Pts) -> Option<(SampleId, Pts, &Arc<Frame>)> {
        let frames = &self.shelves.get(&track)?.frames;
        let after = frames.range((pts, SampleId(0))..).next();
        let before = frames.range(..(pts, SampleId(0))).next_back();
        let ((at, sample), frame) = match (before, after) {
            (Some(before), Some(after)) => {
                if pts.0.abs_diff(before.0.0.0) <= after.0.0.0.abs_diff(pts.0) {
                    before
                } else {
                    after
                }
            }
            (before, after) => before.or(after)?,
        };
        Some((*sample, *at, frame))
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

    /// Says where a track's playhead is, so that the right frames stay.
    pub(crate) fn set_playhead(&mut self, track: TrackKey, timescale: Timescale, pts: Pts) {
        let shelf = self.shelves.entry(track).or_insert_with(|| Shelf {
            frames: BTreeMap::new(),
            playhead: pts,
            timescale,
        });
        shelf.playhead = pts;
    }

    /// Keeps a frame, and drops others if the budget asks for it.
    pub(crate) fn insert(&mut self, track: TrackKey, pts: Pts, sample: SampleId, frame: Frame) {
        let Some(shelf) = self.shelves.get_mut(&track) else {
            return;
        };
        self.used += frame.byte_size();
        if let Some(old) = shelf.frames.insert((pts, sample), Arc::new(frame)) {
            self.used -= old.byte_size();
        }
        self.evict();
    }

    fn evict(&mut self) {
        while self.used > self.budget {
            let farthest = self
                .shelves
                .iter()
                .filter(|(_, shelf)| shelf.frames.len() > 1)
                .filter_map(|(track, shelf)| {
                    shelf
                        .farthest()
                        .map(|(place, distance)| (*track, place, distance))
                })
                .max_by_key(|(_, _, distance)| *distance);
            let Some((track, place, _)) = farthest else {
                return;
            };
            let dropped = self
                .shelves
                .get_mut(&track)
                .and_then(|shelf| shelf.frames.remove(&place));
            self.used -= dropped.map_or(0, |frame| frame.byte_size());
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reelscope_media::{Chroma, ColorInfo, PixelFormat};

    use super::*;

    const TRACK: TrackKey = TrackKey(1);
    const OTHER: TrackKey = TrackKey(2);

    fn frame() -> Frame {
        let gray = PixelFormat::planar(Chroma::Mono, 8);
        Frame::from_packed(
            gray,
            10,
            10,
            Bytes::from_static(&[0; 100]),
            ColorInfo::default(),
        )
        .unwrap()
    }

    fn cache_with(budget: usize, track: TrackKey, times: &[i64], playhead: i64) -> FrameCache {
        let mut cache = FrameCache::new(budget);
        cache.set_playhead(track, Timescale::MILLIS, Pts(playhead));
        for pts in times {
            cache.insert(track, Pts(*pts), SampleId(0), frame());
        }
        cache
    }

    fn times(cache: &FrameCache, track: TrackKey) -> Vec<i64> {
        cache.times(track).map(|pts| pts.0).collect()
    }

    #[test]
    fn frames_far_from_the_playhead_go_first() {
        let cache = cache_with(300, TRACK, &[0, 40, 80, 120, 160], 80);
        assert_eq!(times(&cache, TRACK), [80, 120, 160]);
        assert_eq!(cache.used(), 300);
    }

    #[test]
    fn one_budget_holds_for_all_tracks() {
        let mut cache = cache_with(300, TRACK, &[0, 40], 0);
        cache.set_playhead(OTHER, Timescale::MILLIS, Pts(1_000));
        cache.insert(OTHER, Pts(1_000), SampleId(0), frame());
        cache.insert(OTHER, Pts(1_010), SampleId(1), frame());
        assert_eq!(times(&cache, TRACK), [0]);
        assert_eq!(times(&cache, OTHER), [1_000, 1_010]);
    }

    #[test]
    fn a_budget_of_nothing_still_keeps_what_is_shown() {
        let mut cache = cache_with(0, TRACK, &[0], 0);
        assert_eq!(times(&cache, TRACK), [0]);
        cache.forget(TRACK);
        assert_eq!(cache.used(), 0);
    }

    #[test]
    fn nearest_looks_both_ways() {
        let cache = cache_with(1_000, TRACK, &[0, 100], 0);
        let at = |pts| cache.nearest(TRACK, Pts(pts)).unwrap().1.0;
        assert_eq!(
            [at(-5), at(40), at(50), at(60), at(100), at(500)],
            [0, 0, 0, 100, 100, 100]
        );
    }
}
