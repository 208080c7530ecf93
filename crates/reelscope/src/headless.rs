//! A player without a window: waits where a window would repaint.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use reelscope_decode::{DecodeEnv, FfmpegLocator};
use reelscope_ingest::load_file;
use reelscope_media::{SampleId, Track};
use reelscope_player::{FrameCache, Player, Shown, ShownState, TrackKey};
use reelscope_store::Rows;

/// Frames kept while listing a whole file; the decoder's own memory comes on top.
const CACHE_BYTES: usize = 256 << 20;
/// A wake-up that gets lost costs no more than this.
const POLL: Duration = Duration::from_millis(100);

/// The video tracks of a file, with what was wrong with it.
pub(crate) struct Loaded {
    pub(crate) container: &'static str,
    pub(crate) tracks: Vec<Track>,
    pub(crate) warnings: Vec<String>,
}

/// Opens a file.
pub(crate) fn load(path: &Path) -> anyhow::Result<Loaded> {
    let opened = load_file(path).with_context(|| path.display().to_string())?;
    let tracks = opened.chunks.into_iter().map(|chunk| match chunk.rows {
        Rows::Track(track) => track,
    });
    Ok(Loaded {
        container: opened.container,
        tracks: tracks.collect(),
        warnings: opened.warnings,
    })
}

/// One of a file's video tracks.
pub(crate) fn pick(loaded: Loaded, path: &Path, number: usize) -> anyhow::Result<Track> {
    for warning in &loaded.warnings {
        eprintln!("reelscope: {}: {warning}", path.display());
    }
    let count = loaded.tracks.len();
    match loaded.tracks.into_iter().nth(number) {
        Some(track) => Ok(track),
        None => bail!(
            "{}: there is no video track {number}, only {count}",
            path.display()
        ),
    }
}

/// A player that can be waited for.
pub(crate) struct Headless {
    player: Player,
    cache: FrameCache,
    bell: Arc<(Mutex<bool>, Condvar)>,
}

impl Headless {
    /// A player on all cores.
    pub(crate) fn new(ffmpeg: Option<PathBuf>) -> Self {
        let locator = Arc::new(FfmpegLocator::new(ffmpeg));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let bell = Arc::new((Mutex::new(false), Condvar::new()));
        let ring = bell.clone();
        let wake = Arc::new(move || {
            *ring.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
            ring.1.notify_one();
        });
        Self {
            player: Player::new(TrackKey(0), DecodeEnv::new(locator, threads), wake),
            cache: FrameCache::new(CACHE_BYTES),
            bell,
        }
    }

    /// Waits for the frame of a sample, or for the certainty that there is none.
    pub(crate) fn frame(&mut self, track: &Track, sample: SampleId) -> Shown {
        self.player.want_sample(sample);
        loop {
            let shown = self.player.update(track, &mut self.cache);
            if !matches!(shown.state, ShownState::Pending) {
                return shown;
            }
            let mut rung = self.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
            if !*rung {
                rung = self
                    .bell
                    .1
                    .wait_timeout(rung, POLL)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0;
            }
            *rung = false;
        }
    }
}
