//! A decoder at work on one stretch of a track: what it was fed, and what it says.

use std::time::Instant;

use reelscope_decode::{DecodeEnv, DecodeEvent, Feed, Role, Wake};
use reelscope_media::{SampleId, SampleIndex, Track, Visibility};

use crate::TrackKey;
use crate::backend::{Backend, MakeBackend};
use crate::cache::Place;
use crate::feed::Feeding;

/// How to get a decoder.
#[derive(Clone)]
pub(crate) struct Maker {
    pub(crate) key: TrackKey,
    pub(crate) env: DecodeEnv,
    pub(crate) wake: Wake,
    pub(crate) make: MakeBackend,
}

impl Maker {
    fn make(&self, track: &Track, role: Role) -> Box<dyn Backend> {
        (self.make)(self.key, track, &self.env.with_role(role), &self.wake)
    }
}

pub(crate) struct Lane {
    role: Role,
    backend: Option<Box<dyn Backend>>,
    pub(crate) feeding: Option<Feeding>,
    /// When the decoder last did anything.
    pub(crate) progress: Instant,
    /// When the current generation was started.
    pub(crate) started: Instant,
}

/// What became of a sample that was to be fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fed {
    /// It is with the decoder.
    Taken,
    /// The decoder has enough for now.
    Full,
    /// There is no such sample.
    End,
}

impl Lane {
    pub(crate) fn new(role: Role) -> Self {
        Self {
            role,
            backend: None,
            feeding: None,
            progress: Instant::now(),
            started: Instant::now(),
        }
    }

    /// What decodes, once known.
    pub(crate) fn engine(&self) -> Option<String> {
        self.backend.as_ref().and_then(|backend| backend.engine())
    }

    /// What people should know about how it decodes.
    pub(crate) fn note(&self) -> Option<String> {
        self.backend.as_ref().and_then(|backend| backend.note())
    }

    /// Starts a generation at a position in decode order.
    pub(crate) fn start(&mut self, maker: &Maker, track: &Track, start: usize) -> u64 {
        let backend = self
            .backend
            .get_or_insert_with(|| maker.make(track, self.role));
        let generation = backend.raise_generation();
        self.progress = Instant::now();
        self.started = self.progress;
        let first = track.samples.at_decode_position(start);
        self.feeding = Some(Feeding::new(generation, start, first));
        generation
    }

    /// Stops before the next sample, or goes on.
    pub(crate) fn pause(&self, pause: bool) {
        if let Some(backend) = &self.backend {
            backend.pause(pause);
        }
    }

    /// Gives the decoder back.
    pub(crate) fn close(&mut self) {
        self.backend = None;
        self.feeding = None;
    }

    /// Samples that were fed and whose frames have not come, about.
    pub(crate) fn queued(&self, samples: &SampleIndex) -> usize {
        let feeding = self.feeding.as_ref().filter(|feeding| !feeding.finished);
        feeding.map_or(0, |feeding| feeding.in_flight(samples))
    }

    /// The next thing that happened.
    pub(crate) fn event(&mut self) -> Option<DecodeEvent> {
        let event = self.backend.as_ref()?.try_event()?;
        self.progress = Instant::now();
        Some(event)
    }

    /// Feeds the sample at a position in decode order.
    pub(crate) fn feed(&mut self, track: &Track, position: usize, optional: bool) -> Fed {
        let samples = &track.samples;
        let Some(id) = samples.at_decode_position(position) else {
            return Fed::End;
        };
        let (Some(sample), Some(rank)) = (samples.get(id), samples.order_key(id)) else {
            return Fed::End;
        };
        let Some(config) = track.configs.get(usize::from(sample.config)) else {
            return Fed::End;
        };
        let feed = Feed::Sample {
            id,
            rank,
            sync: sample.sync,
            config: config.clone(),
            data: sample.data.clone(),
            optional,
        };
        match &self.backend {
            Some(backend) if backend.try_feed(feed).is_ok() => {
                if let Some(feeding) = &mut self.feeding {
                    feeding.last = Some(id);
                }
                Fed::Taken
            }
            _ => Fed::Full,
        }
    }

    /// Samples came late or were taken away: what was fed lies elsewhere now. It is fed anew if it is
    /// not whole any more.
    pub(crate) fn find_again(&mut self, samples: &SampleIndex) {
        if let Some(feeding) = &mut self.feeding
            && !feeding.find_again(samples)
        {
            self.feeding = None;
        }
    }

    /// Makes the decoder give all that it holds. False if it has to be tried again.
    pub(crate) fn flush(&self) -> bool {
        let backend = self.backend.as_ref();
        backend.is_some_and(|backend| backend.try_feed(Feed::Flush).is_ok())
    }

    /// Notes that a sample's frame came out. Gives its place if it is to be seen, and belongs to the
    /// generation that is being fed.
    pub(crate) fn note_frame(
        &mut self,
        track: &Track,
        generation: u64,
        id: SampleId,
    ) -> Option<Place> {
        let sample = track.samples.get(id)?;
        // Cut-off frames of one edit may come before shown frames of the next.
        if sample.visibility != Visibility::Shown {
            return None;
        }
        let feeding = self.fed_in(generation)?;
        let place = (sample.pts, id);
        feeding.note(&track.samples, place);
        Some(place)
    }

    /// How far the generation was fed, if it is the one that is being fed.
    pub(crate) fn fed_in(&mut self, generation: u64) -> Option<&mut Feeding> {
        let feeding = self.feeding.as_mut();
        feeding.filter(|feeding| feeding.generation == generation)
    }

    /// True if this is the generation that is being fed.
    pub(crate) fn is_current(&self, generation: u64) -> bool {
        let feeding = self.feeding.as_ref();
        feeding.is_some_and(|feeding| feeding.generation == generation)
    }
}
