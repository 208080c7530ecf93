//! Where decoding starts, how far it is fed, and when a frame is not waited for any longer.

use std::time::Duration;

use reelscope_media::{Pts, SampleId, SampleIndex, SyncKind, Track};

use super::{Player, Target};
use crate::cache::FrameCache;
use crate::feed::{Feeding, Outlook};
use crate::lane::Fed;
use crate::shown::Intent;

/// Samples that may be inside a decoder while the wanted frame is at hand already. More than any
/// decoder holds back (16 reordered pictures and one per thread).
const IN_FLIGHT: usize = 48;
/// Frames after the playhead up to which a decoder is near enough to read ahead.
const FAR: usize = IN_FLIGHT + 16;
/// Samples fed beyond one whose frame has not come: more than any decoder holds back (16 reordered
/// pictures and one per thread, of two samples each if they are fields).
const PATIENCE: usize = 128;
/// A decoder that was given this many and does nothing for so long is made to give what it holds.
const STALL: Duration = Duration::from_millis(700);
/// GOPs that are tried before a frame's own if it does not come out from there: recovery points and
/// containers that mark too much as sync samples.
const MAX_STEPS_BACK: usize = 2;
/// While the pointer moves on, a start is given this long to bring a first picture.
const FIRST_PICTURE: Duration = Duration::from_millis(300);

/// What the decoder works for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    /// The wanted frame.
    Target,
    /// One that is likely to be wanted next.
    Next,
}

impl Player {
    /// Decides where to decode, and feeds.
    pub(super) fn steer(&mut self, track: &Track, cache: &mut FrameCache, place: (SampleId, Pts)) {
        let (id, pts) = place;
        let at_hand = cache.get(self.maker.key, pts, id).is_some();
        let is_absent = self.target.is_some_and(|target| target.absent);
        let goal = if at_hand || is_absent {
            cache.touch(self.maker.key, (pts, id));
            self.pick_next(track, cache, id);
            self.next.map(|next| (Goal::Next, next.id))
        } else {
            self.next = None;
            Some((Goal::Target, id))
        };
        if self
            .previews
            .as_ref()
            .is_some_and(|it| it.serve(self.frame_bytes))
            && self.travel.is_fast(self.intent)
        {
            // Reduced frames come sooner, until the pointer slows down.
            self.is_rested = false;
            return;
        }
        if let Some((goal, id)) = goal {
            let live = self.live.as_ref();
            if live.is_some_and(|live| live.brings(track, id)) {
                return;
            }
            if !self.waits_for(track, goal) {
                if goal == Goal::Next && self.has_given(track) {
                    self.crowded_at = Some(place.0);
                    self.next = None;
                    return;
                }
                let Some(start) = self.start_for(track, goal) else {
                    return;
                };
                self.start_at(track, goal, start);
            }
        }
        if let Some(next) = self.next.filter(|next| next.absent) {
            self.note_frameless(next.id);
            self.next = None;
        }
        self.is_rested = match goal {
            Some((goal, id)) => {
                self.feed_towards(track, cache, goal, id);
                false
            }
            None => self.feed_ahead(track, cache, (pts, id)),
        };
    }

    /// True if the frame to have next came out of the start that was made for it.
    fn has_given(&self, track: &Track) -> bool {
        let (Some(next), Some(feeding)) = (self.next, &self.main.feeding) else {
            return false;
        };
        next.started_in == Some(feeding.generation) && feeding.has_come(&track.samples, next.id)
    }

    fn goal_mut(&mut self, goal: Goal) -> Option<&mut Target> {
        match goal {
            Goal::Target => self.target.as_mut(),
            Goal::Next => self.next.as_mut(),
        }
    }

    /// True if the current generation brings the goal's frame, or there is none.
    fn waits_for(&mut self, track: &Track, goal: Goal) -> bool {
        let is_drag = goal == Goal::Target && self.intent == Intent::Drag;
        let since_start = self.main.started.elapsed();
        let target = match goal {
            Goal::Target => self.target.as_mut(),
            Goal::Next => self.next.as_mut(),
        };
        let (Some(target), Some(feeding)) = (target, &self.main.feeding) else {
            return false;
        };
        if target.absent {
            return true;
        }
        let for_it = target.started_in == Some(feeding.generation);
        match feeding.outlook(&track.samples, target.id, for_it) {
            Outlook::Coming => true,
            // Its neighbours do until the pointer rests.
            Outlook::LeftOut => is_drag,
            // A start that is given up before it shows anything leaves a drag without pictures.
            Outlook::Elsewhere => {
                is_drag && !feeding.has_given() && !feeding.finished && since_start < FIRST_PICTURE
            }
            Outlook::Never => {
                let start = Self::start_of(track, target.id, target.steps_back);
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

    fn start_for(&mut self, track: &Track, goal: Goal) -> Option<usize> {
        let target = *self.goal_mut(goal)?;
        Self::start_of(track, target.id, target.steps_back)
    }

    fn start_at(&mut self, track: &Track, goal: Goal, start: usize) {
        let generation = self.main.start(&self.maker, track, start);
        if let Some(target) = self.goal_mut(goal) {
            target.started_in = Some(generation);
        }
    }

    /// Feeds until the decoder is full or has all that the goal's frame needs to come out.
    fn feed_towards(&mut self, track: &Track, cache: &FrameCache, goal: Goal, id: SampleId) {
        let samples = &track.samples;
        let keeps_all =
            self.travel.steps_back || matches!(self.intent, Intent::Play | Intent::Reverse);
        let stalled = self.main.progress.elapsed() > STALL;
        let lane = &mut self.main;
        while let Some(feeding) = lane.feeding.as_ref().filter(|it| !it.flushing) {
            let next = feeding.next;
            let position = samples.decode_position(id).unwrap_or(0).max(feeding.start);
            let held_back = next > position + PATIENCE;
            if held_back && !stalled {
                return;
            }
            let optional = next < position
                && match goal {
                    Goal::Target => !keeps_all,
                    // Decoded before, and still at hand.
                    Goal::Next => samples.at_decode_position(next).is_some_and(|id| {
                        let pts = samples.get(id).map(|sample| sample.pts);
                        pts.is_some_and(|pts| cache.get(self.maker.key, pts, id).is_some())
                    }),
                };
            let fed = if held_back {
                Fed::End
            } else {
                lane.feed(track, next, optional)
            };
            // The end of a stream that is followed is not the end.
            let at_edge = goal == Goal::Next && self.live.is_some() && !held_back;
            let flushing = fed == Fed::End && !at_edge && lane.flush();
            let Some(feeding) = &mut lane.feeding else {
                return;
            };
            match fed {
                Fed::Taken => feeding.next += 1,
                Fed::Full => return,
                Fed::End => {
                    feeding.flushing = flushing;
                    return;
                }
            }
        }
    }

    /// Feeds on until enough is decoded after a place. True if nothing is left to wait for.
    fn feed_ahead(&mut self, track: &Track, cache: &FrameCache, place: (Pts, SampleId)) -> bool {
        let samples = &track.samples;
        if matches!(self.intent, Intent::Reverse | Intent::Drag)
            || (!self.is_focused && self.maker.env.pool.is_waited_for())
        {
            return true;
        }
        let wanted = self.read_ahead(cache, place).unwrap_or(1);
        let lane = &mut self.main;
        while let Some(feeding) = &lane.feeding {
            if cache.count_after(self.maker.key, place, wanted) >= wanted
                || feeding.finished
                || far_ahead(feeding, samples, place.1)
            {
                return true;
            }
            let next = feeding.next;
            if feeding.flushing || feeding.in_flight(samples) >= IN_FLIGHT {
                return false;
            }
            let fed = lane.feed(track, next, false);
            // The end of a stream that is followed is not the end.
            let at_edge = fed == Fed::End && self.live.is_some();
            let flushing = fed == Fed::End && !at_edge && lane.flush();
            let Some(feeding) = &mut lane.feeding else {
                return true;
            };
            match fed {
                Fed::Taken => feeding.next += 1,
                Fed::Full => return false,
                Fed::End => {
                    feeding.flushing = flushing;
                    return at_edge;
                }
            }
        }
        true
    }
}

/// True if the decoder is in another part of the track than the playhead: no use reading ahead there.
fn far_ahead(feeding: &Feeding, samples: &SampleIndex, playhead: SampleId) -> bool {
    samples
        .decode_position(playhead)
        .is_none_or(|position| feeding.next < position || feeding.next > position + FAR)
}
