//! The whole frames of one track, and what each is worth.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reelscope_media::{Frame, Pts, SampleId};

use super::reduced::Reduced;
use super::{Place, Standing};

/// A track that was not looked at for so long has no claims any more.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) frames: BTreeMap<Place, Kept>,
    pub(super) reduced: Reduced,
    pub(super) standing: Standing,
    /// When it was looked at last.
    pub(super) seen: Instant,
}

#[derive(Debug)]
pub(super) struct Kept {
    pub(super) frame: Arc<Frame>,
    /// When it was used last, by the cache's clock.
    pub(super) stamp: u64,
}

/// What a frame is worth: the lowest goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// Used at this time.
    Recent(u64),
    /// So many nanoseconds, with the sign turned, from the playhead, in the direction of travel.
    Near(i64),
    /// The same, in the GOP under the playhead.
    Pinned(i64),
}

impl Shelf {
    pub(super) fn new(standing: Standing) -> Self {
        Self {
            frames: BTreeMap::new(),
            reduced: Reduced::default(),
            standing,
            seen: Instant::now(),
        }
    }

    /// Bytes of the whole frames.
    pub(super) fn whole_bytes(&self) -> usize {
        self.frames
            .values()
            .map(|kept| kept.frame.byte_size())
            .sum()
    }

    /// Keeps a frame; gives the bytes of the one that was there before.
    pub(super) fn insert(&mut self, place: Place, frame: Frame, stamp: u64) -> usize {
        let frame = Arc::new(frame);
        let old = self.frames.insert(place, Kept { frame, stamp });
        old.map_or(0, |kept| kept.frame.byte_size())
    }

    /// Drops a frame; gives its bytes.
    pub(super) fn remove(&mut self, place: Place) -> usize {
        self.frames
            .remove(&place)
            .map_or(0, |kept| kept.frame.byte_size())
    }

    /// Rates every frame that may go.
    pub(super) fn rate(&self, now: Instant, mut rated: impl FnMut(Worth, Place)) {
        let standing = &self.standing;
        let nanos = |pts: Pts| standing.timescale.to_nanos(pts.0);
        let playhead = nanos(standing.playhead.0);
        let is_forgotten = now.saturating_duration_since(self.seen) > FORGOTTEN_AFTER;
        // Several frames may have the same time.
        let at_playhead = self.frames.get_key_value(&standing.playhead);
        let stays = at_playhead.or_else(|| nearest(&self.frames, standing.playhead.0));
        let stays = stays.map(|(place, _)| *place);
        for (place, kept) in &self.frames {
            if Some(*place) == stays {
                continue;
            }
            let away = nanos(place.0).abs_diff(playhead);
            let nearness = -i64::try_from(away).unwrap_or(i64::MAX);
            let worth = if is_forgotten {
                Worth::Recent(kept.stamp)
            } else if standing.pinned.contains(&place.0) {
                Worth::Pinned(nearness)
            } else if standing.near.contains(&place.0) {
                Worth::Near(nearness)
            } else {
                Worth::Recent(kept.stamp)
            };
            rated(worth, *place);
        }
    }
}

/// The entry nearest to a time; of two equally near the earlier one, of several of that very time the
/// last one, which is what is on screen then.
pub(super) fn nearest<T>(frames: &BTreeMap<Place, T>, pts: Pts) -> Option<(&Place, &T)> {
    let of_the_time = (pts, SampleId(0))..=(pts, SampleId(u32::MAX));
    if let Some(last) = frames.range(of_the_time).next_back() {
        return Some(last);
    }
    let after = frames.range((pts, SampleId(0))..).next();
    let before = frames.range(..(pts, SampleId(0))).next_back();
    match (before, after) {
        (Some(before), Some(after)) => {
            let before_is_nearer = pts.0.abs_diff(before.0.0.0) <= after.0.0.0.abs_diff(pts.0);
            Some(if before_is_nearer { before } else { after })
        }
        (before, after) => before.or(after),
    }
}
