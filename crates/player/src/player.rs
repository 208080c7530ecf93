//! The player of one track: takes wishes, feeds its decoder, and answers with the best frame at hand.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reelscope_decode::{DecodeEnv, DecodeError, DecodeEvent, Feed, Wake};
use reelscope_media::{Pts, SampleId, SyncKind, Track, Visibility};

use crate::backend::{Backend, MakeBackend, worker};
use crate::cache::{FrameCache, TrackKey};
use crate::feed::Feeding;
use crate::shown::{Absence, PlayerError, Shown, ShownFrame, ShownState};

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
/// Times a decoder is started anew without a frame in between.
const MAX_RESTARTS: u32 = 3;
/// GOPs that are tried before a frame's own if it does not come out from there: recovery points and
/// containers that mark too much as sync samples.
const MAX_STEPS_BACK: usize = 2;
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
    /// The generation whose frames were all held against it: only that one can show that there is
    /// no frame for it.
    awaited_in: Option<u64>,
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

    /// Wishes for the frame of a sample: tells samples of equal pts apart.
    pub fn want_sample(&mut self, id: SampleId) {
        self.set_wish(Wish::Sample(id));
    }

    fn set_wish(&mut self, wish: Wish) {
        if self.wish.replace(wish) != Some(wish)
            && matches!(
                &self.failed,
                Some(Failure {
                    error: PlayerError::KeepsFailing { .. },
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
            self.aim(track, id);
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

    fn aim(&mut self, track: &Track, id: SampleId) {
        if self.target.is_none_or(|target| target.id != id) {
            let awaited_in = self
                .feeding
                .as_ref()
                .filter(|feeding| !feeding.passed(&track.samples, id));
            self.target = Some(Target {
                id,
                steps_back: 0,
                awaited_in: awaited_in.map(|feeding| feeding.generation),
                started_in: None,
                absent: false,
            });
        }
    }

    /// True if the target is at hand, and so many frames after it that more would only push others
    /// out: they stay with the decoder.
    fn has_enough(&self, track: &Track, cache: &FrameCache) -> bool {
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
                DecodeEvent::Taken { .. } => {}
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
            feeding.watermark = feeding.watermark.max(Some((sample.pts, id)));
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

    /// Decides where to decode, and feeds.
    fn steer(&mut self, track: &Track, cache: &FrameCache, (id, pts): (SampleId, Pts)) {
        let at_hand = cache.get(self.key, pts, id).is_some();
        if !at_hand && !self.waits_for(track, id) {
            let Some(start) = self.start_for(track, id) else {
                return;
            };
            self.start_at(track, start);
        }
        self.feed(track, cache, (id, pts), at_hand);
    }

    /// True if the current generation brings the target's frame, or has shown that there is none.
    fn waits_for(&mut self, track: &Track, id: SampleId) -> bool {
        let Some(target) = &mut self.target else {
            return false;
        };
        if target.absent {
            return true;
        }
        let Some(feeding) = &self.feeding else {
            return false;
        };
        let Some(position) = track.samples.decode_position(id) else {
            return false;
        };
        let for_it = target.started_in == Some(feeding.generation);
        if !feeding.can_reach(&track.samples, id, for_it) {
            let fed = (feeding.start..feeding.next).contains(&position);
            let searched = Self::start_of(track, id, target.steps_back);
            let awaited = target.awaited_in == Some(feeding.generation);
            if fed && awaited && searched.is_some_and(|start| feeding.start <= start) {
                return Self::give_up_or_step_back(track, target, feeding);
            }
            return false;
        }
        true
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
            target.awaited_in = Some(generation);
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
            };
            if backend.try_feed(feed).is_err() {
                return;
            }
            feeding.next += 1;
        }
    }

    fn answer(&self, track: &Track, cache: &FrameCache, (id, pts): (SampleId, Pts)) -> Shown {
        let wanted = Some(id);
        if let Some(frame) = cache.get(self.key, pts, id) {
            let frame = Some(ShownFrame {
                sample: id,
                pts,
                frame: frame.clone(),
            });
            return Shown {
                wanted,
                frame,
                state: ShownState::Exact,
            };
        }
        let frame = cache
            .nearest(self.key, pts)
            .map(|(sample, pts, frame)| ShownFrame {
                sample,
                pts,
                frame: frame.clone(),
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
        }
    }
}

/// True if the decoder is in another part of the track than the playhead: no use reading ahead there.
fn far_ahead(
    feeding: &Feeding,
    samples: &reelscope_media::SampleIndex,
    playhead: SampleId,
) -> bool {
    samples.decode_position(playhead).is_none_or(|position| {
        feeding.next < position || feeding.next > position + IN_FLIGHT + READ_AHEAD
    })
}
