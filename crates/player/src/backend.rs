//! What a player needs of a decoder: the worker of crate `decode`, or a scripted one in tests.

use reelscope_decode::{DecodeEnv, DecodeEvent, DecodeWorker, Feed, Role, Wake};
use reelscope_media::Track;

use crate::TrackKey;

/// See [`DecodeWorker`] for what each call means.
pub(crate) trait Backend: Send {
    fn raise_generation(&mut self) -> u64;
    fn pause(&self, pause: bool);
    fn try_feed(&self, feed: Feed) -> Result<(), Feed>;
    fn try_event(&self) -> Option<DecodeEvent>;
    fn engine(&self) -> Option<String>;
    fn note(&self) -> Option<String>;
}

/// Makes the backend of a track when the first frame is wanted.
pub(crate) type MakeBackend = fn(TrackKey, &Track, &DecodeEnv, &Wake) -> Box<dyn Backend>;

/// The real one: a decoder on a thread of its own.
pub(crate) fn worker(
    key: TrackKey,
    track: &Track,
    env: &DecodeEnv,
    wake: &Wake,
) -> Box<dyn Backend> {
    let role = match env.role {
        Role::Seek => "track",
        Role::Idle => "idle",
        Role::Live => "live",
    };
    let name = format!("{role} {}", key.0);
    Box::new(DecodeWorker::start(
        &name,
        track.codec,
        env.clone(),
        track.source.clone(),
        wake.clone(),
    ))
}

impl Backend for DecodeWorker {
    fn raise_generation(&mut self) -> u64 {
        Self::raise_generation(self)
    }

    fn pause(&self, pause: bool) {
        Self::pause(self, pause);
    }

    fn try_feed(&self, feed: Feed) -> Result<(), Feed> {
        Self::try_feed(self, feed)
    }

    fn try_event(&self) -> Option<DecodeEvent> {
        Self::try_event(self)
    }

    fn engine(&self) -> Option<String> {
        Self::engine(self)
    }

    fn note(&self) -> Option<String> {
        Self::note(self)
    }
}
