//! The player of one track: takes wishes, feeds its decoders, and answers with the best frame at hand.

mod goals;
mod late;
mod steer;
mod travel;

use std::collections::{BTreeMap, BTreeSet};

use reelscope_decode::{DecodeEnv, DecodeError, DecodeEvent, Role, Waiting, Wake};
use reelscope_media::{Frame, Pts, SampleId, Track};

use crate::backend::{MakeBackend, worker};
use crate::cache::{FrameCache, Place, TrackKey};
use crate::lane::{Lane, Maker};
use crate::live::Live;
use crate::previews::{Previews, Time};
use crate::shown::{Absence, Intent, PlayerError, Shown, ShownFrame, ShownState};
use travel::Travel;

/// Times a decoder is started anew without a frame in between.
const MAX_RESTARTS: u32 = 3;
/// Damaged samples that are remembered with their error.
const MAX_DAMAGE: usize = 1_024;

/// Plays one track. Owned by the thread that shows frames; nothing here blocks.
pub struct Player {
    maker: Maker,
    wish: Option<Wish>,
    intent: Intent,
    travel: Travel,
    is_focused: bool,
    /// The sample that the wish comes down to.
    target: Option<Target>,
    /// A sample that is likely to be wanted next, and lies where the decoder is not.
    next: Option<Target>,
    /// The sample around which frames that came had to go again at once: there is no room for more.
    crowded_at: Option<SampleId>,
    /// Samples that turned out to have no frame.
    frameless: BTreeSet<SampleId>,
    /// Decodes what is wanted, and ahead of that.
    main: Lane,
    live: Option<Live>,
    previews: Option<Previews>,
    /// Late samples that were taken into account.
    late: Option<usize>,
    damage: BTreeMap<SampleId, DecodeError>,
    restarts: u32,
    failed: Option<Failure>,
    /// Bytes of a frame of the track; 0 before there was one.
    frame_bytes: usize,
    /// Only every so manieth frame is kept.
    every: Option<usize>,
    is_rested: bool,
    /// Samples that the main decoder held after the last update.
    queued: usize,
    waiting: Option<Waiting>,
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

impl Target {
    fn new(id: SampleId) -> Self {
        Self {
            id,
            steps_back: 0,
            started_in: None,
            absent: false,
        }
    }
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
        make: MakeBackend,
    ) -> Self {
        Self {
            maker: Maker {
                key,
                env,
                wake,
                make,
            },
            wish: None,
            intent: Intent::default(),
            travel: Travel::default(),
            is_focused: true,
            target: None,
            next: None,
            crowded_at: None,
            frameless: BTreeSet::new(),
            main: Lane::new(Role::Seek),
            live: None,
            previews: None,
            late: None,
            damage: BTreeMap::new(),
            restarts: 0,
            failed: None,
            frame_bytes: 0,
            every: None,
            is_rested: true,
            queued: 0,
            waiting: None,
        }
    }

    /// The cache's name of the track.
    pub fn key(&self) -> TrackKey {
        self.maker.key
    }

    /// What decodes (`"FFmpeg 5.1.9"`), once that is known.
    pub fn engine(&self) -> Option<String> {
        self.main.engine()
    }

    /// Samples that were fed and whose frames have not come, about.
    pub fn queued(&self) -> usize {
        self.queued
    }

    /// What people should know about how the track is decoded: why it is not done by the hardware
    /// that was asked for.
    pub fn engine_note(&self) -> Option<String> {
        self.main.note()
    }

    /// Wishes for the frame on screen at a time. Replaces the wish before.
    pub fn want(&mut self, pts: Pts) {
        self.set_wish(Wish::At(pts));
    }

    /// Says what the next wishes are for.
    pub fn set_intent(&mut self, intent: Intent) {
        self.intent = intent;
    }

    /// Says whether the person looks at this track before all others: tracks that are not in focus
    /// decode ahead of need only while no focused one waits.
    pub fn set_focused(&mut self, is_focused: bool) {
        self.is_focused = is_focused;
    }

    /// Keeps up with the end of a track that grows, whatever is looked at meanwhile.
    pub fn follow(&mut self, follow: bool) {
        if follow {
            self.live.get_or_insert_with(Live::new);
        } else {
            self.live = None;
        }
    }

    /// Decodes reduced frames of the whole track in idle time, or does not.
    pub fn preview(&mut self, preview: bool) {
        if preview {
            self.previews.get_or_insert_with(Previews::new);
        } else {
            self.previews = None;
        }
    }

    /// Gives back what the track's decoders take while it is off screen. The next update starts
    /// them again.
    pub fn release(&mut self) {
        self.main.close();
        self.queued = 0;
        self.next = None;
        self.waiting = None;
        if self.previews.is_some() {
            self.previews = Some(Previews::new());
        }
    }

    /// True if nothing is left to be decoded near the playhead: what may be wanted next is at hand.
    pub fn is_rested(&self) -> bool {
        self.is_rested
    }

    /// True if there is nothing left to be decoded in idle time either.
    pub fn is_idle(&self) -> bool {
        let done = |previews: &Previews| previews.is_complete();
        self.is_rested && self.previews.as_ref().is_none_or(done)
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
        self.main.feeding = None;
        self.target = None;
        self.next = None;
        self.frameless.clear();
    }

    /// Why a sample is damaged, if its decoder said so.
    pub fn damage(&self, id: SampleId) -> Option<&DecodeError> {
        self.damage.get(&id)
    }

    /// The samples that turned out to be damaged, as far as they are remembered.
    pub fn damaged(&self) -> impl Iterator<Item = SampleId> + '_ {
        self.damage.keys().copied()
    }

    /// Takes what was decoded since the last call, feeds the decoder, and says what to show.
    /// To be called after each wish and each wake-up, with the track as it is now. Looks up
    /// the frames near the playhead that should be at hand, each in O(log n); never walks the track.
    pub fn update(&mut self, track: &Track, cache: &mut FrameCache) -> Shown {
        self.take_late(track, cache);
        let wanted = self.wish.and_then(|wish| match wish {
            Wish::At(pts) => track
                .samples
                .latest_at(pts)
                .or_else(|| track.samples.shown().first().copied()),
            Wish::Sample(id) => track.samples.get(id).map(|_| id),
        });
        let wanted = wanted.map(|id| self.thin_out(track, cache, id));
        let sample = wanted.and_then(|id| Some((id, track.samples.get(id)?.pts)));
        if let Some((id, pts)) = sample {
            // Before frames are taken: the cache must know which ones to keep.
            self.travel.note(&track.samples, id, pts);
            let standing = self.standing(track, id, pts);
            cache.stand(self.maker.key, standing);
            self.aim(id);
        }
        if let Some(live) = &mut self.live {
            live.run(&self.maker, track, cache);
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
        self.queued = self.main.queued(&track.samples);
        let shown = self.answer(track, cache, sample);
        let waits = self.is_focused && matches!(shown.state, ShownState::Pending);
        if !waits {
            self.waiting = None;
        } else if self.waiting.is_none() {
            self.waiting = Some(self.maker.env.pool.wait());
        }
        if let Some(previews) = &mut self.previews {
            let time = if self.failed.is_some() {
                Time::None
            } else if self.travel.is_fast(self.intent) {
                let backwards = self.travel.backwards;
                Time::Pressing { backwards }
            } else if self.is_rested
                && self.intent == Intent::Look
                && !self.maker.env.pool.is_waited_for()
            {
                Time::Idle
            } else {
                Time::None
            };
            previews.run(&self.maker, track, cache, sample.0, time, self.frame_bytes);
        }
        shown
    }

    fn aim(&mut self, id: SampleId) {
        if self.target.is_none_or(|target| target.id != id) {
            self.target = Some(Target::new(id));
        }
    }

    fn take_events(&mut self, track: &Track, cache: &mut FrameCache) {
        while self.next.is_some() || !self.has_enough(track, cache) {
            let Some(event) = self.main.event() else {
                return;
            };
            match event {
                DecodeEvent::Frame {
                    generation,
                    sample,
                    frame,
                } => {
                    if let Some(place) = self.main.note_frame(track, generation, sample) {
                        self.take_frame(track, cache, place, frame);
                    }
                }
                DecodeEvent::Damaged {
                    generation,
                    sample,
                    error,
                } => {
                    if let Some(feeding) = self.main.fed_in(generation) {
                        feeding.note_damaged(&track.samples, sample);
                        if self.damage.len() < MAX_DAMAGE {
                            self.damage.insert(sample, error);
                        }
                    }
                }
                DecodeEvent::LeftOut { generation, sample } => {
                    if let Some(feeding) = self.main.fed_in(generation) {
                        feeding.note_left_out(&track.samples, sample);
                    }
                }
                DecodeEvent::Flushed { generation } => {
                    if let Some(feeding) = self.main.fed_in(generation) {
                        feeding.finished = true;
                    }
                }
                DecodeEvent::Failed { generation, error } => {
                    if self.main.is_current(generation) {
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
        (pts, id): Place,
        frame: Frame,
    ) {
        self.frame_bytes = frame.byte_size();
        let is_target = self.target.is_some_and(|target| target.id == id);
        if let Some(target) = &mut self.target
            && is_target
        {
            target.absent = false;
            self.restarts = 0;
        }
        if is_target || self.keeps(track, id) {
            cache.insert(self.maker.key, pts, id, frame);
        }
    }

    fn take_failure(&mut self, error: DecodeError) {
        self.main.feeding = None;
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
            ffmpeg_revision: self.maker.env.ffmpeg.revision(),
        });
    }

    /// A missing FFmpeg may have come meanwhile.
    fn retry_with_new_ffmpeg(&mut self) {
        let revision = self.maker.env.ffmpeg.revision();
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
        let every = self.every;
        let key = self.maker.key;
        if let Some(frame) = cache.get(key, pts, id) {
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
                every,
            };
        }
        let whole = cache.nearest(key, pts).map(|found| (false, found));
        let reduced = cache.nearest_reduced(key, pts).map(|found| (true, found));
        // Of two equally near, the whole one.
        let nearest = whole
            .into_iter()
            .chain(reduced)
            .min_by_key(|(_, (_, at, _))| at.0.abs_diff(pts.0));
        let frame = nearest.map(|(reduced, (sample, pts, frame))| ShownFrame {
            sample,
            pts,
            frame: frame.clone(),
            reduced,
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
            every,
        }
    }
}
