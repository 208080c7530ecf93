//! What is worth decoding besides the wanted frame, and what is worth keeping.

use reelscope_media::{Pts, SampleId, Track};

use super::{Player, Target};
use crate::cache::{FrameCache, Standing};
use crate::shown::Intent;

/// Frames decoded ahead of the wanted one at most, so that playing and stepping on find them ready.
const READ_AHEAD: usize = 16;
/// Share of the room for frames that those ahead may take.
const READ_AHEAD_SHARE: usize = 4;
/// Frames behind the playhead that are kept ready while somebody looks at it, GOPs apart.
const STEPS_BACK: usize = 8;
/// Frames behind the playhead that are kept ready for playing in reverse, at least.
const REVERSE: usize = 48;
/// Frames that are looked through for the first one that is not at hand.
const REACH: usize = 1_500;
/// Frames that have to find room before decoding behind the playhead is worth while.
const WORTH_WHILE: usize = 12;
/// Samples without a frame that are remembered.
const MAX_FRAMELESS: usize = 4_096;

impl Player {
    /// Frames that may be kept ready around the playhead.
    fn room(&self, cache: &FrameCache) -> usize {
        cache.whole_budget() / 2 / cache.tracks() / self.frame_bytes.max(1)
    }

    /// How many frames to have after the one at a place; `None` if that one is not at hand.
    pub(super) fn read_ahead(&self, cache: &FrameCache, place: (Pts, SampleId)) -> Option<usize> {
        let frame = cache.get(self.maker.key, place.0, place.1)?;
        let share = cache.whole_budget() / READ_AHEAD_SHARE / frame.byte_size().max(1);
        Some(share.clamp(1, READ_AHEAD))
    }

    /// True if the target is at hand, and so many frames after it that more would only push others
    /// out: they stay with the decoder.
    pub(super) fn has_enough(&self, track: &Track, cache: &FrameCache) -> bool {
        let place = self
            .target
            .and_then(|target| Some((track.samples.get(target.id)?.pts, target.id)));
        place.is_some_and(|place| {
            let ahead = self.read_ahead(cache, place);
            ahead.is_some_and(|ahead| cache.count_after(self.maker.key, place, ahead) >= ahead)
        })
    }

    /// Which frames are worth keeping while a sample is looked at.
    pub(super) fn standing(&self, track: &Track, id: SampleId, pts: Pts) -> Standing {
        let samples = &track.samples;
        let number = samples.gop_of(id).map_or(0, |gop| gop.number);
        let start_of = |number: usize| {
            let gop = samples.gop(number)?;
            let first = samples.at_decode_position(gop.samples.start)?;
            samples.get(first).map(|sample| sample.pts)
        };
        let start = start_of(number).unwrap_or(pts).min(pts);
        let end = start_of(number + 1).unwrap_or(Pts(i64::MAX)).max(pts);
        let near = if self.travels_back() {
            let before = number.checked_sub(2).or(number.checked_sub(1));
            before.and_then(start_of).unwrap_or(Pts(i64::MIN))..start
        } else {
            end..start_of(number + 2).unwrap_or(Pts(i64::MAX))
        };
        Standing {
            timescale: track.timescale,
            playhead: (pts, id),
            pinned: start..end,
            near,
        }
    }

    fn travels_back(&self) -> bool {
        match self.intent {
            Intent::Reverse => true,
            Intent::Play => false,
            Intent::Look | Intent::Drag => self.travel.backwards,
        }
    }

    /// In reverse through a GOP that has no room, only every so manieth frame is shown: the sample
    /// to show instead of this one.
    pub(super) fn thin_out(&mut self, track: &Track, cache: &FrameCache, id: SampleId) -> SampleId {
        self.every = None;
        if self.intent != Intent::Reverse || self.frame_bytes == 0 {
            return id;
        }
        let samples = &track.samples;
        let length = samples.gop_of(id).map_or(0, |gop| gop.samples.len());
        let room = self.room(cache).max(2);
        if length <= room {
            return id;
        }
        let every = length.div_ceil(room);
        self.every = Some(every);
        let number = samples.frame_number(id).unwrap_or(0);
        let kept = samples.shown().get(number - number % every);
        kept.copied().unwrap_or(id)
    }

    /// True if a frame that came out on the way is worth keeping.
    pub(super) fn keeps(&self, track: &Track, id: SampleId) -> bool {
        self.every.is_none_or(|every| {
            let number = track.samples.frame_number(id);
            number.is_some_and(|number| number % every == 0)
        })
    }

    /// Picks what to have next, ahead of the playhead or behind it: `self.next`.
    pub(super) fn pick_next(&mut self, track: &Track, cache: &FrameCache, id: SampleId) {
        let others_first = !self.is_focused && self.maker.env.pool.is_waited_for();
        let wanted = if others_first || self.crowded_at == Some(id) {
            None
        } else {
            self.missing_ahead(track, cache, id)
                .or_else(|| self.missing_behind(track, cache, id))
        };
        if self.next.map(|next| next.id) != wanted {
            self.next = wanted.map(Target::new);
        }
    }

    /// Remembers that a sample has no frame.
    pub(super) fn note_frameless(&mut self, id: SampleId) {
        if self.frameless.len() >= MAX_FRAMELESS {
            self.frameless.clear();
        }
        self.frameless.insert(id);
    }

    fn is_missing(&self, track: &Track, cache: &FrameCache, id: SampleId) -> bool {
        let pts = track.samples.get(id).map(|sample| sample.pts);
        pts.is_some_and(|pts| cache.get(self.maker.key, pts, id).is_none())
            && !self.frameless.contains(&id)
    }

    /// The first frame after the playhead that is not at hand.
    fn missing_ahead(&self, track: &Track, cache: &FrameCache, id: SampleId) -> Option<SampleId> {
        if matches!(self.intent, Intent::Reverse | Intent::Drag) {
            return None;
        }
        let samples = &track.samples;
        let pts = samples.get(id)?.pts;
        let reach = self.read_ahead(cache, (pts, id))?;
        if reach < WORTH_WHILE {
            return None;
        }
        let number = samples.frame_number(id)?;
        let ahead = samples.shown().get(number + 1..)?.iter().take(reach);
        let missing = ahead
            .copied()
            .find(|id| self.is_missing(track, cache, *id))?;
        if self
            .live
            .as_ref()
            .is_some_and(|live| live.brings(track, missing))
        {
            return None;
        }
        Some(missing)
    }

    /// The first frame before the playhead that is not at hand, as far as those are worth while.
    fn missing_behind(&self, track: &Track, cache: &FrameCache, id: SampleId) -> Option<SampleId> {
        let samples = &track.samples;
        let room = self.room(cache);
        let every = self.every.unwrap_or(1);
        if room < WORTH_WHILE || !matches!(self.intent, Intent::Look | Intent::Reverse) {
            return None;
        }
        let number = samples.frame_number(id)?;
        let gop = samples.gop_of(id)?;
        // Frames of the GOP under the playhead that are shown before it.
        let here = samples
            .decode_position(id)?
            .saturating_sub(gop.samples.start);
        let length_of = |back: usize| {
            let number = gop.number.checked_sub(back)?;
            samples.gop(number).map(|gop| gop.samples.len())
        };
        let before = length_of(1).unwrap_or(0);
        let reach = match self.intent {
            Intent::Reverse => (here + before + length_of(2).unwrap_or(0)).max(REVERSE),
            _ if self.travel.backwards => (here + before).max(REVERSE),
            _ => here.max(STEPS_BACK),
        };
        let reach = reach.min(room * every).min(REACH * every).min(number);
        let behind = samples.shown().get(number - reach..number)?;
        let kept = behind.iter().enumerate().rev();
        kept.filter(|(at, _)| (number - reach + at).is_multiple_of(every))
            .map(|(_, id)| *id)
            .find(|id| self.is_missing(track, cache, *id))
    }
}
