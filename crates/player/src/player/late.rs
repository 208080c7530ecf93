//! Samples that come late, between others that were decoded already: the frames that were decoded
//! without them go, and their GOP is decoded again. No other GOP is touched.

use std::collections::BTreeMap;

use reelscope_media::{SyncKind, Track};

use super::Player;
use crate::cache::FrameCache;

impl Player {
    /// Takes samples into account that came late since the last call.
    pub(super) fn take_late(&mut self, track: &Track, cache: &mut FrameCache) {
        let samples = &track.samples;
        let late = samples.late();
        // What came before anything was decoded was decoded in its place.
        let seen = *self.late.get_or_insert(late.len());
        let news = late.get(seen..).unwrap_or_default();
        if news.is_empty() {
            return;
        }
        self.late = Some(late.len());
        // The first position in each GOP from which on frames are wrong.
        let mut wrong: BTreeMap<usize, usize> = BTreeMap::new();
        for id in news {
            if let (Some(gop), Some(position)) = (samples.gop_of(*id), samples.decode_position(*id))
            {
                let from = wrong.entry(gop.number).or_insert(position);
                *from = position.min(*from);
            }
        }
        for (number, from) in wrong {
            self.forget_from(track, cache, number, from);
        }
        self.main.find_again(samples);
        if let Some(live) = &mut self.live {
            live.find_again(samples);
        }
        self.target = None;
        self.next = None;
        self.frameless.clear();
    }

    /// Drops the frames of a GOP that are decoded from a position on, and those of the next one that
    /// may refer to them.
    fn forget_from(&self, track: &Track, cache: &mut FrameCache, number: usize, from: usize) {
        let samples = &track.samples;
        let Some(gop) = samples.gop(number) else {
            return;
        };
        let sample = |position| {
            let id = samples.at_decode_position(position)?;
            Some((id, samples.get(id)?))
        };
        for (id, sample) in (from..gop.samples.end).filter_map(sample) {
            cache.forget_frame(self.maker.key, (sample.pts, id));
        }
        let Some(next) = samples.gop(number + 1) else {
            return;
        };
        let Some((_, sync)) = sample(next.samples.start) else {
            return;
        };
        if sync.sync == SyncKind::Closed {
            return;
        }
        let leading = next
            .samples
            .filter_map(sample)
            .filter(|(_, sample)| sample.pts < sync.pts);
        for (id, sample) in leading {
            cache.forget_frame(self.maker.key, (sample.pts, id));
        }
    }
}
