//! The player of one track: takes wishes, feeds its decoder, and answers with the best frame at hand.

mod steer;

use std::collections::BTreeMap;
use std::time::Instant;

use reelscope_decode::{DecodeEnv, DecodeError, DecodeEvent, Wake};
use reelscope_media::{Pts, SampleId, Track, Visibility};

use crate::backend::{Backend, MakeBackend, worker};
use crate::cache::{FrameCache, TrackKey};
use crate::feed::Feeding;
use crate::shown::{Absence, Intent, PlayerError, Shown, ShownFrame, ShownState};

/// Times a decoder is started anew without a frame in between.
const MAX_RESTARTS: u32 = 3;
/// Damaged samples that are remembered with their error.
const MAX_DAMAGE: usize = 1_024;

/// Plays one track. Owned by the thread that shows frames; nothing here blocks.
pub struct Player {
    key: TrackKey,
    env: DecodeEnv,
    wake: Wake,
    make_backend: MakeBackend,
    backend: Option<Box<dyn Backend>>,
    wish: Option<Wish>,
    intent: Intent,
    rested: bool,
    target: Option<Target>,
    feeding: Option<Feeding>,
    damage: BTreeMap<SampleId, DecodeError>,
    restarts: u32,
    failed: Option<Failure>,
    /// When the decoder last did anything.
    progress: Instant,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    At(Pts),
    Sample(SampleId),
}

/// The sample that a wish comes down to.
#[derive(Clone, Copy, Debug)]
struct Target {
    id: SampleId,
    /// GOPs before its own that decoding was started from.
    steps_back: usize,
    /// The generation that was started for it.
    started_in: Option<u64>,
    /// True once it is certain that no frame comes.
    absent: bool,
}

/// A failure, and the state of the FFmpeg search when it happened.
struct Failure {
    error: PlayerError,
    ffmpeg_revision: u64,
}

impl Player {
    /// A player for a track. `wake` is called from other threads whenever [`Player::update`] would
    /// have news.
    pub fn new(key: TrackKey, env: DecodeEnv, wake: Wake) -> Self {
        Self::with_backend(key, env, wake, worker)
    }

    pub(crate) fn with_backend(
        key: TrackKey,
        env: DecodeEnv,
        wake: Wake,
        make_backend: MakeBackend,
    ) -> Self {
        Self {
            key,
            env,
            wake,
            make_backend,
            backend: None,
            wish: None,
            intent: Intent::default(),
            rested: true,
            target: None,
            feeding: None,
            damage: BTreeMap::new(),
            restarts: 0,
            failed: None,
            progress: Instant::now(),
        }
    }

    /// The cache's name of the track.
    pub fn key(&self) -> TrackKey {
        self.key
    }

    /// What decodes (`"FFmpeg 5.1.9"`), once that is known.
    pub fn engine(&self) -> Option<String> {
        self.backend.as_ref().and_then(|backend| backend.engine())
    }

    /// Wishes for the frame on screen at a time. Replaces the wish before.
    pub fn want(&mut self, pts: Pts) {
        self.set_wish(Wish::At(pts));
    }

    /// Says what the next wishes are for.
    pub fn set_intent(&mut self, intent: Intent) {
        self.intent = intent;
    }

    /// True if nothing is left to be decoded near the playhead: what may be wanted next is at hand.
    pub fn is_rested(&self) -> bool {
        self.rested
    }

    /// Wishes for the frame of a sample: tells samples of equal pts apart.
    pub fn want_sample(&mut self, id: SampleId) {
        self.set_wish(Wish::Sample(id));
    }

    fn set_wish(&mut self, wish: Wish) {
        if self.wish.replace(wish) != Some(wish)
            && matches!(
                &self.failed,
                Some(Failure {
                    error: PlayerError::KeepsFailing { .. }
                        | PlayerError::Decode(DecodeError::Hung { .. }),
                    ..
                })
            )
        {
            // Another place may be fine: it gets one try of its own.
            self.retry();
            self.restarts = MAX_RESTARTS - 1;
        }
    }

    /// Tries again after a failure.
    pub fn retry(&mut self) {
        self.failed = None;
        self.restarts = 0;
        self.feeding = None;
        self.target = None;
    }

    /// Why a sample is damaged, if its decoder said so.
    pub fn damage(&self, id: SampleId) -> Option<&DecodeError> {
        self.damage.get(&id)
    }

    /// Takes what was decoded since the last call, feeds the decoder, and says what to show.
    /// To be called after each wish and each wake-up, with the track as it is now. O(log n).
    pub fn update(&mut self, track: &Track, cache: &mut FrameCache) -> Shown {
        let wanted = self.wish.and_then(|wish| match wish {
            Wish::At(pts) => track
                .samples
                .latest_at(pts)
                .or_else(|| track.samples.shown().first().copied()),
            Wish::Sample(id) => track.samples.get(id).map(|_| id),
        });
        let sample = wanted.and_then(|id| Some((id, track.samples.get(id)?.pts)));
        if let Some((id, pts)) = sample {
            // Before frames are taken: the cache must know which ones to keep.
            cache.set_playhead(self.key, track.timescale, pts);
            self.aim(id);
        }
        self.take_events(track, cache);
        let Some(sample) = sample else {
            return Shown::nothing(wanted, ShownState::Empty);
        };
        if let Some(reason) = &track.unplayable {
            let reason = reason.clone();
            let state = ShownState::Failed(PlayerError::Unplayable { reason });
            return Shown::nothing(wanted, state);
        }
        self.retry_with_new_ffmpeg();
        if self.failed.is_none() {
            self.steer(track, cache, sample);
        }
        self.answer(track, cache, sample)
    }

    fn aim(&mut self, id: SampleId) {
        if self.target.is_none_or(|target| target.id != id) {
            self.target = Some(Target {
                id,
                steps_back: 0,
                started_in: None,
                absent: false,
            });
        }
    }

    fn take_events(&mut self, track: &Track, cache: &mut FrameCache) {
        while !self.has_enough(track, cache) {
            let event = self
                .backend
                .as_ref()
                .and_then(|backend| backend.try_event());
            let Some(event) = event else { return };
            self.progress = Instant::now();
            let current = self.feeding.as_ref().map(|feeding| feeding.generation);
            match event {
                DecodeEvent::Frame {
                    generation,
                    sample,
                    frame,
                } => {
                    if Some(generation) == current {
                        self.take_frame(track, cache, sample, frame);
                    }
                }
                DecodeEvent::Damaged {
                    generation,
                    sample,
                    error,
                } => {
                    if Some(generation) == current && self.damage.len() < MAX_DAMAGE {
                        self.damage.insert(sample, error);
                    }
                }
                DecodeEvent::Flushed { generation } => {
                    if let Some(feeding) = &mut self.feeding
                        && feeding.generation == generation
                    {
                        feeding.finished = true;
                    }
                }
                DecodeEvent::Failed { generation, error } => {
                    if Some(generation) == current {
                        self.take_failure(error);
                    }
                }
                DecodeEvent::Taken { .. } | DecodeEvent::LeftOut { .. } => {}
            }
        }
    }

    fn take_frame(
        &mut self,
        track: &Track,
        cache: &mut FrameCache,
        id: SampleId,
        frame: reelscope_media::Frame,
    ) {
        let Some(sample) = track.samples.get(id) else {
            return;
        };
        if let Some(feeding) = &mut self.feeding {
            // Cut-off frames of one edit may come before shown frames of the next.
            if sample.visibility == Visibility::Shown {
                feeding.note(&track.samples, (sample.pts, id));
            }
        }
        if sample.visibility != Visibility::Shown {
            return;
        }
        if let Some(target) = &mut self.target
            && target.id == id
        {
            target.absent = false;
            self.restarts = 0;
        }
        cache.insert(self.key, sample.pts, id, frame);
    }

    fn take_failure(&mut self, error: DecodeError) {
        self.feeding = None;
        // One that hangs has been waited for long enough.
        let may_restart = matches!(error, DecodeError::Stopped { .. });
        if may_restart && self.restarts < MAX_RESTARTS {
            self.restarts += 1;
            return;
        }
        let error = if may_restart {
            PlayerError::KeepsFailing {
                error,
                tries: self.restarts,
            }
        } else {
            PlayerError::Decode(error)
        };
        self.failed = Some(Failure {
            error,
            ffmpeg_revision: self.env.ffmpeg.revision(),
        });
    }

    /// A missing FFmpeg may have come meanwhile.
    fn retry_with_new_ffmpeg(&mut self) {
        let revision = self.env.ffmpeg.revision();
        let waits_for_ffmpeg = self.failed.as_ref().is_some_and(|failure| {
            matches!(failure.error, PlayerError::Decode(DecodeError::Ffmpeg(_)))
                && failure.ffmpeg_revision != revision
        });
        if waits_for_ffmpeg {
            self.retry();
        }
    }

    fn answer(&self, track: &Track, cache: &FrameCache, (id, pts): (SampleId, Pts)) -> Shown {
        let wanted = Some(id);
        if let Some(frame) = cache.get(self.key, pts, id) {
            let frame = Some(ShownFrame {
                sample: id,
                pts,
                frame: frame.clone(),
                reduced: false,
            });
            return Shown {
                wanted,
                frame,
                state: ShownState::Exact,
                every: None,
            };
        }
        let frame = cache
            .nearest(self.key, pts)
            .map(|(sample, pts, frame)| ShownFrame {
                sample,
                pts,
                frame: frame.clone(),
                reduced: false,
            });
        let state = if let Some(failure) = &self.failed {
            ShownState::Failed(failure.error.clone())
        } else if self.target.is_some_and(|target| target.absent) {
            ShownState::Absent(match self.damage.get(&id) {
                Some(error) => Absence::Damaged(error.clone()),
                None => Absence::NoPicture,
            })
        } else {
            debug_assert!(track.samples.get(id).is_some());
            ShownState::Pending
        };
        Shown {
            wanted,
            frame,
            state,
            every: None,
        }
    }
}
