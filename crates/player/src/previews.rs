//! Reduced frames decoded in idle time: one of each sync sample first, then of the stretches around
//! the playhead, so that a drag to any place finds the right moment at once.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use reelscope_decode::{DecodeEvent, IdleSlot, Role};
use reelscope_media::{SampleId, SyncKind, Track, Visibility};

use crate::cache::FrameCache;
use crate::feed::Feeding;
use crate::lane::{Fed, Lane, Maker};

/// Sync samples of the first, coarse pass over the track.
const COARSE: usize = 64;
/// Sync samples that get a small picture, at most.
const ATLAS: usize = 1_024;
/// Samples of a stretch, at least: short GOPs are taken together.
const STRETCH: usize = 48;
/// Samples fed behind a stretch to bring out its last frames, at most.
const TAIL: usize = 20;
/// Samples that wait for the decoder: enough to keep it busy between two repaints.
const WAITING: usize = 24;
/// A stretch that the pointer has left is given this long to bring a first picture.
const FIRST_PICTURE: Duration = Duration::from_millis(100);
/// Bytes of a whole frame above which only sync samples get a small picture: a second decoder at work
/// would take more memory than it is worth.
const LARGE: usize = 24 << 20;
/// GOPs decoded ahead of a moving pointer, at most.
const AHEAD: usize = 4;

pub(crate) struct Previews {
    lane: Lane,
    slot: Option<IdleSlot>,
    job: Option<Job>,
    /// Passes over the sync samples that are done.
    passes: usize,
    /// Numbers of the GOPs that are done.
    done: BTreeSet<usize>,
    /// Samples fed that the decoder has not taken yet.
    waiting: usize,
    failed: bool,
}

/// What is being decoded.
#[derive(Clone, Debug)]
enum Job {
    /// The sync samples of GOPs, every `stride`th one, in ascending order; `next` is the GOP.
    Atlas { next: usize, stride: usize },
    /// All referred-to samples of some GOPs, which end before a position in decode order.
    Stretch { gops: Range<usize>, end: usize },
}

/// How much time there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    /// None: somebody waits for something else.
    None,
    /// As much as it takes: nobody waits for anything.
    Idle,
    /// A pointer moves over the track, and these pictures are what it shows.
    Pressing { backwards: bool },
}

impl Previews {
    pub(crate) fn new() -> Self {
        Self {
            lane: Lane::new(Role::Idle),
            slot: None,
            job: None,
            passes: 0,
            done: BTreeSet::new(),
            waiting: 0,
            failed: false,
        }
    }

    /// True if they can follow a pointer over a track with whole frames of so many bytes.
    pub(crate) fn serve(&self, frame_bytes: usize) -> bool {
        !self.failed && frame_bytes <= LARGE
    }

    /// True if nothing is left to do.
    pub(crate) fn is_complete(&self) -> bool {
        self.failed || (self.job.is_none() && self.slot.is_none() && self.passes > 1)
    }

    /// Takes frames; feeds as far as there is time. `playhead` is the sample that is looked at.
    pub(crate) fn run(
        &mut self,
        maker: &Maker,
        track: &Track,
        cache: &mut FrameCache,
        playhead: SampleId,
        time: Time,
        frame_bytes: usize,
    ) {
        self.take(maker, track, cache);
        let time = match time {
            Time::Pressing { .. } if frame_bytes > LARGE => Time::None,
            time => time,
        };
        self.lane.pause(time == Time::None);
        if time == Time::None || self.failed || track.samples.shown().len() < 2 {
            return;
        }
        if let Time::Pressing { backwards } = time {
            self.follow(maker, track, playhead, backwards);
        }
        let is_over = self.passes > 1 && frame_bytes > LARGE;
        if self.job.is_none() && (is_over || !self.next_job(maker, track, cache, playhead)) {
            // A decoder that is not needed any more is in the way of others.
            self.lane.close();
            self.slot = None;
            return;
        }
        while self.waiting < WAITING && self.job.is_some() {
            if !self.feed(maker, track, cache) {
                return;
            }
        }
    }

    fn take(&mut self, maker: &Maker, track: &Track, cache: &mut FrameCache) {
        while let Some(event) = self.lane.event() {
            match event {
                DecodeEvent::Frame {
                    generation,
                    sample: id,
                    frame,
                } => {
                    let Some(sample) = track.samples.get(id) else {
                        continue;
                    };
                    if sample.visibility == Visibility::Shown {
                        let is_sync = sample.sync != SyncKind::None;
                        cache.insert_reduced(maker.key, (sample.pts, id), frame, is_sync);
                    }
                    if let Some(feeding) = &mut self.lane.feeding
                        && feeding.generation == generation
                    {
                        feeding.note(&track.samples, (sample.pts, id));
                    }
                    let position = track.samples.decode_position(id);
                    if let Some(Job::Stretch { end, .. }) = &self.job
                        && self.lane.is_current(generation)
                        && position.is_some_and(|position| position >= *end)
                    {
                        self.job = None;
                    }
                }
                DecodeEvent::Taken { generation, .. }
                | DecodeEvent::LeftOut { generation, .. }
                | DecodeEvent::Damaged { generation, .. } => {
                    if self.lane.is_current(generation) {
                        self.waiting = self.waiting.saturating_sub(1);
                    }
                }
                DecodeEvent::Flushed { generation } => {
                    if self.lane.is_current(generation) {
                        self.end_job();
                    }
                }
                DecodeEvent::Failed { .. } => {
                    // What a person waits for will say what is wrong.
                    self.failed = true;
                    self.job = None;
                    self.lane.close();
                    self.slot = None;
                }
            }
        }
    }

    fn end_job(&mut self) {
        if let Some(Job::Atlas { .. }) = self.job.take() {
            self.passes += 1;
        }
    }

    /// Picks what to do next, and starts it. False if there is nothing to do, or no room for it now.
    fn next_job(
        &mut self,
        maker: &Maker,
        track: &Track,
        cache: &FrameCache,
        playhead: SampleId,
    ) -> bool {
        let gops = track.samples.gop_count();
        let from = track.samples.first_gop();
        if self.done.first().is_some_and(|first| *first < from) {
            self.done = self.done.split_off(&from);
        }
        if self.passes < 2 {
            let divisor = [COARSE, ATLAS].get(self.passes).copied().unwrap_or(ATLAS);
            let stride = gops.div_ceil(divisor).max(1);
            return self.start(maker, track, 0, Job::Atlas { next: from, stride });
        }
        // Asked in every repaint once all is done: no walk over all GOPs for that.
        if self.done.len() >= gops - from || cache.reduced_used() >= cache.reduced_budget() / 10 * 9
        {
            return false;
        }
        let Some(here) = track.samples.gop_of(playhead).map(|gop| gop.number) else {
            return false;
        };
        let outwards =
            (0..gops - from).flat_map(|away| [here.checked_add(away), here.checked_sub(away)]);
        let free = outwards
            .flatten()
            .find(|number| (from..gops).contains(number) && !self.done.contains(number));
        let Some(first) = free else { return false };
        self.start_stretch(maker, track, first)
    }

    /// Starts with a GOP, and takes the next ones along if it is short.
    fn start_stretch(&mut self, maker: &Maker, track: &Track, first: usize) -> bool {
        let Some(start) = track.samples.gop(first).map(|gop| gop.samples.start) else {
            return false;
        };
        let mut gops = first..first;
        let mut end = start;
        while end - start < STRETCH && !self.done.contains(&gops.end) {
            let Some(gop) = track.samples.gop(gops.end) else {
                break;
            };
            end = gop.samples.end;
            gops.end += 1;
        }
        let started = self.start(
            maker,
            track,
            start,
            Job::Stretch {
                gops: gops.clone(),
                end,
            },
        );
        if started {
            self.done.extend(gops);
        }
        started
    }

    /// Leaves what is being decoded for where the pointer is, or will be soon.
    fn follow(&mut self, maker: &Maker, track: &Track, playhead: SampleId, backwards: bool) {
        let Some(here) = track.samples.gop_of(playhead).map(|gop| gop.number) else {
            return;
        };
        let ahead = (0..AHEAD).filter_map(|away| {
            if backwards {
                here.checked_sub(away)
            } else {
                Some(here + away)
            }
        });
        let is_open =
            |number: &usize| track.samples.gop(*number).is_some() && !self.done.contains(number);
        let wanted = ahead.clone().find(is_open);
        if let Some(Job::Stretch { gops, .. }) = &self.job {
            let is_near = ahead.clone().any(|number| gops.contains(&number));
            let has_given = self.lane.feeding.as_ref().is_some_and(Feeding::has_given);
            if is_near || (!has_given && self.lane.started.elapsed() < FIRST_PICTURE) {
                return;
            }
            // It comes back to what is missing there when there is time again.
            for number in gops.clone() {
                self.done.remove(&number);
            }
        }
        if let Some(number) = wanted {
            self.start_stretch(maker, track, number);
        }
    }

    fn start(&mut self, maker: &Maker, track: &Track, start: usize, job: Job) -> bool {
        if self.slot.is_none() {
            self.slot = maker.env.pool.idle_slot();
        }
        if self.slot.is_none() {
            return false;
        }
        self.lane.start(maker, track, start);
        self.waiting = 0;
        self.job = Some(job);
        true
    }

    /// Feeds one sample. False if there is nothing more to feed now.
    fn feed(&mut self, maker: &Maker, track: &Track, cache: &FrameCache) -> bool {
        let Some(feeding) = &self.lane.feeding else {
            self.job = None;
            return false;
        };
        if feeding.flushing {
            return false;
        }
        let (position, optional) = match &mut self.job {
            Some(Job::Atlas { next, stride }) => {
                let place = |number| {
                    let gop = track.samples.gop(number)?;
                    let id = track.samples.at_decode_position(gop.samples.start)?;
                    let pts = track.samples.get(id)?.pts;
                    Some((gop.samples.start, (pts, id)))
                };
                let mut found = place(*next);
                while let Some((_, at)) = found
                    && cache.has_reduced(maker.key, at)
                {
                    *next += *stride;
                    found = place(*next);
                }
                (found.map(|(position, _)| position), false)
            }
            Some(Job::Stretch { end, .. }) if feeding.next < *end + TAIL => {
                (Some(feeding.next), true)
            }
            Some(Job::Stretch { .. }) | None => {
                self.job = None;
                return false;
            }
        };
        let fed = position.map_or(Fed::End, |position| {
            self.lane.feed(track, position, optional)
        });
        match fed {
            Fed::Taken => {
                if let Some(feeding) = &mut self.lane.feeding {
                    feeding.next = position.unwrap_or(feeding.next) + 1;
                }
                if let Some(Job::Atlas { next, stride }) = &mut self.job {
                    *next += *stride;
                }
                self.waiting += 1;
                true
            }
            // The queue is longer than what we let wait in it.
            Fed::Full => false,
            Fed::End => {
                let flushed = self.lane.flush();
                if let Some(feeding) = &mut self.lane.feeding {
                    feeding.flushing = flushed;
                }
                false
            }
        }
    }
}
