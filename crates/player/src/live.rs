//! The live edge of a track that grows: a decoder of its own takes every sample as it comes, and is
//! left alone when the person looks elsewhere.

use std::time::{Duration, Instant};

use reelscope_decode::{DecodeEvent, Role};
use reelscope_media::{SampleId, SampleIndex, SyncKind, Track};

use crate::cache::FrameCache;
use crate::feed::{Feeding, Outlook};
use crate::lane::{Fed, Lane, Maker};

/// Samples that may wait for the decoder before it gives up on them and goes on at the newest sync
/// sample.
const BACKLOG: usize = 300;

pub(crate) struct Live {
    lane: Lane,
    /// Times the decoder has stopped.
    failures: u32,
    /// How many samples there were, and since when there have been no more.
    newest: (usize, Instant),
}

/// A decoder that holds frames back until more samples come is not waited for once none has come for so
/// long: the stream pauses, or has ended. One that is merely slow is.
const PAUSE: Duration = Duration::from_millis(300);

/// After so many failures the seeking decoder has to do.
const MAX_FAILURES: u32 = 8;

impl Live {
    pub(crate) fn new() -> Self {
        Self {
            lane: Lane::new(Role::Live),
            failures: 0,
            newest: (0, Instant::now()),
        }
    }

    /// Takes frames and feeds what has come.
    pub(crate) fn run(&mut self, maker: &Maker, track: &Track, cache: &mut FrameCache) {
        self.take(maker, track, cache);
        let Some(newest) = track.samples.positions().next_back() else {
            return;
        };
        if self.newest.0 != newest {
            self.newest = (newest, Instant::now());
        }
        if self.failures > MAX_FAILURES {
            return;
        }
        let feeding = self.lane.feeding.as_ref();
        let behind = feeding.is_none_or(|feeding| feeding.next + BACKLOG < newest);
        if behind {
            let id = track.samples.at_decode_position(newest);
            let gop = id.and_then(|id| track.samples.gop_of(id));
            let Some(gop) = gop else { return };
            let first = track.samples.at_decode_position(gop.samples.start);
            let first = first.and_then(|id| track.samples.get(id));
            if first.is_none_or(|first| first.sync == SyncKind::None) {
                // Nothing can be decoded before the first sync sample.
                return;
            }
            let at_new_place = feeding.is_none_or(|feeding| feeding.next < gop.samples.start);
            if at_new_place {
                self.lane.start(maker, track, gop.samples.start);
            }
        }
        while let Some(next) = self.lane.feeding.as_ref().map(|feeding| feeding.next) {
            if self.lane.feed(track, next, false) != Fed::Taken {
                return;
            }
            if let Some(feeding) = &mut self.lane.feeding {
                feeding.next += 1;
            }
        }
    }

    /// See [`Lane::find_again`].
    pub(crate) fn find_again(&mut self, samples: &SampleIndex) {
        self.lane.find_again(samples);
    }

    /// True if a sample's frame will come from here.
    pub(crate) fn brings(&self, track: &Track, id: SampleId) -> bool {
        let fed = |feeding: &Feeding| {
            let position = track.samples.decode_position(id);
            position.is_some_and(|position| (feeding.start..feeding.next).contains(&position))
                && feeding.outlook(&track.samples, id, false) == Outlook::Coming
        };
        let pauses = self.newest.1.elapsed() > PAUSE && self.lane.progress.elapsed() > PAUSE;
        !pauses && self.lane.feeding.as_ref().is_some_and(fed)
    }

    fn take(&mut self, maker: &Maker, track: &Track, cache: &mut FrameCache) {
        while let Some(event) = self.lane.event() {
            match event {
                DecodeEvent::Frame {
                    generation,
                    sample: id,
                    frame,
                } => {
                    if let Some((pts, id)) = self.lane.note_frame(track, generation, id) {
                        self.failures = 0;
                        cache.insert(maker.key, pts, id, frame);
                    }
                }
                DecodeEvent::Failed { generation, .. } if self.lane.is_current(generation) => {
                    self.failures += 1;
                    self.lane.feeding = None;
                }
                _ => {}
            }
        }
    }
}
