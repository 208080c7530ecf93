//! Where decoding starts, how far it is fed, and when a frame is not waited for any longer.

use std::time::{Duration, Instant};

use reelscope_decode::Feed;
use reelscope_media::{Pts, SampleId, SampleIndex, SyncKind, Track};

use super::{Player, Target};
use crate::cache::FrameCache;
use crate::feed::{Feeding, Outlook};

/// Frames decoded ahead of the wanted one at most, so that playing and stepping on find them ready.
const READ_AHEAD: usize = 16;
/// Share of the cache's budget that frames decoded ahead may take.
const READ_AHEAD_SHARE: usize = 4;
/// Samples that may be inside a decoder while the wanted frame is at hand already. More than any
/// decoder holds back (16 reordered pictures and one per thread).
const IN_FLIGHT: usize = 48;
/// Samples fed beyond one whose frame has not come: more than any decoder holds back (16 reordered
/// pictures and one per thread, of two samples each if they are fields).
const PATIENCE: usize = 128;
/// A decoder that was given this many and does nothing for so long is made to give what it holds.
const STALL: Duration = Duration::from_millis(700);
/// GOPs that are tried before a frame's own if it does not come out from there: recovery points and
/// containers that mark too much as sync samples.
const MAX_STEPS_BACK: usize = 2;

impl Player {
    /// Decides where to decode, and feeds.
    pub(super) fn steer(&mut self, track: &Track, cache: &FrameCache, (id, pts): (SampleId, Pts)) {
        let at_hand = cache.get(self.key, pts, id).is_some();
        if !at_hand && !self.waits_for(track, id) {
            let Some(start) = self.start_for(track, id) else {
                return;
            };
            self.start_at(track, start);
        }
        self.feed(track, cache, (id, pts), at_hand);
    }

    /// True if the current generation brings the target's frame, or there is none.
    fn waits_for(&mut self, track: &Track, id: SampleId) -> bool {
        let (Some(target), Some(feeding)) = (&mut self.target, &self.feeding) else {
            return false;
        };
        if target.absent {
            return true;
        }
        let for_it = target.started_in == Some(feeding.generation);
        match feeding.outlook(&track.samples, id, for_it) {
            Outlook::Coming => true,
            Outlook::Elsewhere => false,
            Outlook::Never => {
                let start = Self::start_of(track, id, target.steps_back);
                start.is_some_and(|start| feeding.start <= start)
                    && Self::give_up_or_step_back(track, target, feeding)
            }
        }
    }

    /// The frame did not come out. Returns true if that is final.
    fn give_up_or_step_back(track: &Track, target: &mut Target, feeding: &Feeding) -> bool {
        let first = track.samples.at_decode_position(feeding.start);
        let sync = first
            .and_then(|id| track.samples.get(id))
            .map(|sample| sample.sync);
        let worth_it = feeding.start > 0
            && sync != Some(SyncKind::Closed)
            && target.steps_back < MAX_STEPS_BACK;
        if worth_it {
            target.steps_back += 1;
        } else {
            target.absent = true;
        }
        target.absent
    }

    /// Where decoding starts for a sample, so many GOPs before the natural place.
    fn start_of(track: &Track, id: SampleId, steps_back: usize) -> Option<usize> {
        let start = track.samples.decode_start(id)?;
        if steps_back == 0 {
            return Some(start);
        }
        let first = track.samples.at_decode_position(start)?;
        let number = track
            .samples
            .gop_of(first)?
            .number
            .saturating_sub(steps_back);
        track.samples.gop(number).map(|gop| gop.samples.start)
    }

    fn start_for(&self, track: &Track, id: SampleId) -> Option<usize> {
        Self::start_of(track, id, self.target.map_or(0, |target| target.steps_back))
    }

    fn start_at(&mut self, track: &Track, start: usize) {
        let backend = self
            .backend
            .get_or_insert_with(|| (self.make_backend)(self.key, track, &self.env, &self.wake));
        let generation = backend.raise_generation();
        self.progress = Instant::now();
        self.feeding = Some(Feeding::new(generation, start));
        if let Some(target) = &mut self.target {
            target.started_in = Some(generation);
        }
    }

    /// Feeds until the decoder is full or enough is decoded ahead.
    fn feed(&mut self, track: &Track, cache: &FrameCache, place: (SampleId, Pts), at_hand: bool) {
        let satisfied = at_hand || self.target.is_some_and(|target| target.absent);
        let place = (place.1, place.0);
        let samples = &track.samples;
        let read_ahead = self.read_ahead(cache, place).unwrap_or(READ_AHEAD);
        let position = samples.decode_position(place.1).unwrap_or_default();
        let stalled = self.progress.elapsed() > STALL;
        let (Some(backend), Some(feeding)) = (&self.backend, &mut self.feeding) else {
            return;
        };
        loop {
            if feeding.flushing {
                return;
            }
            if satisfied
                && (feeding.in_flight(samples) >= IN_FLIGHT
                    || cache.count_after(self.key, place, read_ahead) >= read_ahead
                    || far_ahead(feeding, samples, place.1))
            {
                return;
            }
            let held_back = !satisfied && feeding.next > position + PATIENCE;
            if held_back && !stalled {
                return;
            }
            let next = samples.at_decode_position(feeding.next);
            let Some(id) = next.filter(|_| !held_back) else {
                feeding.flushing = backend.try_feed(Feed::Flush).is_ok();
                return;
            };
            let (Some(sample), Some(rank)) = (samples.get(id), samples.rank(id)) else {
                return;
            };
            let Some(config) = track.configs.get(usize::from(sample.config)) else {
                return;
            };
            let feed = Feed::Sample {
                id,
                rank: u32::try_from(rank).unwrap_or(u32::MAX),
                sync: sample.sync,
                config: config.clone(),
                data: sample.data.clone(),
                optional: false,
            };
            if backend.try_feed(feed).is_err() {
                return;
            }
            feeding.next += 1;
        }
    }

    /// True if the target is at hand, and so many frames after it that more would only push others
    /// out: they stay with the decoder.
    pub(super) fn has_enough(&self, track: &Track, cache: &FrameCache) -> bool {
        let place = self
            .target
            .and_then(|target| Some((track.samples.get(target.id)?.pts, target.id)));
        place.is_some_and(|place| {
            let ahead = self.read_ahead(cache, place);
            ahead.is_some_and(|ahead| cache.count_after(self.key, place, ahead) >= ahead)
        })
    }

    /// How many frames to have after the one at a place; `None` if that one is not at hand.
    fn read_ahead(&self, cache: &FrameCache, place: (Pts, SampleId)) -> Option<usize> {
        let frame = cache.get(self.key, place.0, place.1)?;
        let share = cache.budget() / READ_AHEAD_SHARE / frame.byte_size().max(1);
        Some(share.clamp(1, READ_AHEAD))
    }
}

/// True if the decoder is in another part of the track than the playhead: no use reading ahead there.
fn far_ahead(feeding: &Feeding, samples: &SampleIndex, playhead: SampleId) -> bool {
    samples.decode_position(playhead).is_none_or(|position| {
        feeding.next < position || feeding.next > position + IN_FLIGHT + READ_AHEAD
    })
}
