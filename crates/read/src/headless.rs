//! A player without a window: waits where a window would repaint.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use reelscope_decode::{DecodeEnv, FfmpegLocator, HwAccel};
use reelscope_media::{SampleId, Track};
use reelscope_player::{FrameCache, Player, Shown, ShownState, TrackKey};
/// Frames kept while listing a whole file; the decoder's own memory comes on top.
const CACHE_BYTES: usize = 256 << 20;
/// The one track's name in the cache.
const KEY: TrackKey = TrackKey(0);
/// A wake-up that gets lost costs no more than this.
const POLL: Duration = Duration::from_millis(100);

/// What decodes; what is left as it is, is chosen by itself.
#[derive(Clone, Debug, Default)]
pub struct Engines {
    /// The FFmpeg to use; if `None` the one on PATH.
    pub ffmpeg: Option<PathBuf>,
    /// Hardware that decodes; if `None` as is usual.
    pub hwaccel: Option<HwAccel>,
}

/// A player that can be waited for.
pub struct Headless {
    player: Player,
    cache: FrameCache,
    ffmpeg: Arc<FfmpegLocator>,
    bell: Arc<(Mutex<bool>, Condvar)>,
}

impl Headless {
    /// A player on all cores that keeps few frames.
    pub fn new(engines: Engines) -> Self {
        Self::with_cache(engines, CACHE_BYTES)
    }

    /// A player on all cores that keeps so many bytes of frames.
    pub fn with_cache(engines: Engines, cache_bytes: usize) -> Self {
        let ffmpeg = Arc::new(FfmpegLocator::new(engines.ffmpeg));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let bell = Arc::new((Mutex::new(false), Condvar::new()));
        let ring = bell.clone();
        let wake = Arc::new(move || {
            *ring.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
            ring.1.notify_one();
        });
        let env = DecodeEnv {
            hwaccel: engines.hwaccel.unwrap_or_default(),
            ..DecodeEnv::new(ffmpeg.clone(), threads)
        };
        Self {
            player: Player::new(KEY, env, wake),
            cache: FrameCache::new(cache_bytes),
            ffmpeg,
            bell,
        }
    }

    /// The player, to say what is wanted.
    pub fn player(&mut self) -> &mut Player {
        &mut self.player
    }

    /// Finds the FFmpeg that decodes.
    pub fn ffmpeg(&self) -> Arc<FfmpegLocator> {
        self.ffmpeg.clone()
    }

    /// Drops all frames at hand.
    pub fn forget(&mut self) {
        self.cache.forget(KEY);
    }

    /// What a window would paint now. Never blocks.
    pub fn tick(&mut self, track: &Track) -> Shown {
        self.player.update(track, &mut self.cache)
    }

    /// Waits until the next [`Headless::tick`] may have news, at most so long.
    pub fn wait(&self, at_most: Duration) {
        let mut rung = self.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !*rung {
            rung = self
                .bell
                .1
                .wait_timeout(rung, at_most.min(POLL))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        *rung = false;
    }

    /// Waits for the frame of a sample, or for the certainty that there is none.
    pub fn frame(&mut self, track: &Track, sample: SampleId) -> Shown {
        self.player.want_sample(sample);
        loop {
            let shown = self.tick(track);
            if !matches!(shown.state, ShownState::Pending) {
                return shown;
            }
            self.wait(POLL);
        }
    }
}
