//! Making clips, asking FFmpeg for the truth about them, and driving a worker through them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use bytes::Bytes;
use md5::{Digest, Md5};
use reelscope_decode::{DecodeEnv, DecodeError, DecodeEvent, DecodeWorker, Feed, FfmpegLocator};
use reelscope_media::{ByteSource, Frame, SampleId, Track, TrackKind};

/// No single step of a test takes this long unless something hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Runs FFmpeg, which the tests need, and returns what it printed.
pub(crate) fn ffmpeg(arguments: &[&str]) -> String {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("these tests need the ffmpeg program in PATH (Debian: apt install ffmpeg)");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ffmpeg {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Makes a clip in a folder: `source` is a lavfi source, the rest are FFmpeg's output options.
pub(crate) fn clip(folder: &Path, name: &str, source: &str, options: &str) -> PathBuf {
    let path = folder.join(name);
    let mut arguments = vec!["-f", "lavfi", "-i", source];
    arguments.extend(options.split_whitespace());
    let path_text = path.to_string_lossy().into_owned();
    arguments.push(&path_text);
    ffmpeg(&arguments);
    path
}

/// MD5 of each frame as FFmpeg decodes the file, in output order.
pub(crate) fn true_md5s(path: &Path) -> Vec<String> {
    let path = path.to_string_lossy();
    let mut arguments = vec![
        "-noautorotate",
        "-threads",
        "1",
        "-i",
        &path,
        "-map",
        "0:v:0",
    ];
    arguments.extend(["-fps_mode", "passthrough", "-autoscale", "0", "-copyts"]);
    arguments.extend(["-enc_time_base", "-1", "-f", "framemd5", "-"]);
    let listing = ffmpeg(&arguments);
    let lines = listing.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit(',').next())
        .map(|md5| md5.trim().to_owned())
        .collect()
}

/// MD5 of a frame's planes, tightly packed: what FFmpeg's framemd5 hashes.
pub(crate) fn md5(frame: &Frame) -> String {
    let mut hash = Md5::new();
    for plane in 0..frame.planes().len() {
        frame.rows(plane).for_each(|row| hash.update(row));
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The first video track of a file.
pub(crate) fn open(path: &Path) -> Result<Track, String> {
    let bytes: Arc<dyn ByteSource> = Arc::new(Bytes::from(
        std::fs::read(path).map_err(|error| error.to_string())?,
    ));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let movie = reelscope_container::open(bytes, &name).map_err(|error| error.to_string())?;
    let mut tracks = movie.tracks.into_iter();
    tracks
        .find(|track| track.kind == TrackKind::Video)
        .ok_or_else(|| "no video".to_owned())
}

/// What decoders get in tests: the FFmpeg of `PATH`, two threads.
pub(crate) fn env() -> DecodeEnv {
    DecodeEnv {
        ffmpeg: Arc::new(FfmpegLocator::new(None)),
        threads: 2,
    }
}

/// A worker on a track, with everything it has said.
pub(crate) struct Rig {
    pub(crate) worker: DecodeWorker,
    track: Track,
    woken: Receiver<()>,
    pub(crate) generation: u64,
    pub(crate) seen: Seen,
}

/// What a worker has said since the last [`Rig::seek`].
#[derive(Default)]
pub(crate) struct Seen {
    /// Frames in the order in which they came.
    pub(crate) frames: Vec<(SampleId, Frame)>,
    pub(crate) taken: usize,
    pub(crate) damaged: Vec<(SampleId, DecodeError)>,
    pub(crate) failed: Option<DecodeError>,
    pub(crate) flushed: bool,
}

impl Rig {
    pub(crate) fn new(track: Track, env: DecodeEnv) -> Self {
        let (wake, woken) = channel();
        let wake = Arc::new(move || {
            let _rig_is_gone = wake.send(());
        });
        let source = Arc::clone(&track.source);
        let worker = DecodeWorker::start("test", track.codec, env, source, wake);
        Self {
            worker,
            track,
            woken,
            generation: 0,
            seen: Seen::default(),
        }
    }

    pub(crate) fn of_file(path: &Path) -> Self {
        Self::new(open(path).unwrap(), env())
    }

    /// Starts the next generation, forgetting what was said in the one before.
    pub(crate) fn seek(&mut self) {
        self.generation = self.worker.raise_generation();
        self.seen = Seen::default();
    }

    /// Feeds the samples at these decode positions, fetching what comes meanwhile.
    pub(crate) fn feed(&mut self, positions: std::ops::Range<usize>) {
        for position in positions {
            let Some(id) = self.track.samples.at_decode_position(position) else {
                return;
            };
            let sample = self.track.samples.get(id).unwrap();
            let config = &self.track.configs[usize::from(sample.config)];
            let rank = self.track.samples.rank(id).unwrap();
            self.offer(Feed::Sample {
                id,
                rank: u32::try_from(rank).unwrap(),
                sync: sample.sync,
                config: Arc::clone(config),
                data: sample.data.clone(),
            });
            if self.seen.failed.is_some() {
                return;
            }
        }
    }

    pub(crate) fn offer(&mut self, mut feed: Feed) {
        let started = Instant::now();
        while let Err(back) = self.worker.try_feed(feed) {
            feed = back;
            self.wait();
            assert!(started.elapsed() < PATIENCE, "the worker takes no sample");
        }
        self.fetch();
    }

    /// Feeds all samples and waits for all frames.
    pub(crate) fn play_all(&mut self) {
        self.feed(0..self.track.samples.len());
        self.flush();
    }

    pub(crate) fn flush(&mut self) {
        self.offer(Feed::Flush);
        self.until(|seen| seen.flushed || seen.failed.is_some());
    }

    /// Fetches until what was said is enough.
    pub(crate) fn until(&mut self, enough: impl Fn(&Seen) -> bool) {
        let started = Instant::now();
        loop {
            self.fetch();
            if enough(&self.seen) {
                return;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "the worker has nothing more to say"
            );
            self.wait();
        }
    }

    fn wait(&mut self) {
        let _silence = self.woken.recv_timeout(Duration::from_millis(100));
        self.fetch();
    }

    pub(crate) fn fetch(&mut self) {
        while let Some(event) = self.worker.try_event() {
            let current = self.generation;
            let seen = &mut self.seen;
            match event {
                DecodeEvent::Frame {
                    generation,
                    sample,
                    frame,
                } if generation == current => {
                    seen.frames.push((sample, frame));
                }
                DecodeEvent::Taken { generation, .. } if generation == current => seen.taken += 1,
                DecodeEvent::Damaged {
                    generation,
                    sample,
                    error,
                } if generation == current => {
                    seen.damaged.push((sample, error));
                }
                DecodeEvent::Flushed { generation } if generation == current => seen.flushed = true,
                DecodeEvent::Failed { generation, error } if generation == current => {
                    seen.failed = Some(error);
                }
                _ => {}
            }
        }
    }

    /// MD5s of the frames that came, by the rank of their sample.
    pub(crate) fn md5s(&self) -> BTreeMap<usize, String> {
        let rank = |id| self.track.samples.rank(id).unwrap();
        self.seen
            .frames
            .iter()
            .map(|(id, frame)| (rank(*id), md5(frame)))
            .collect()
    }

    /// MD5s of the frames that came, in presentation order.
    pub(crate) fn md5_list(&self) -> Vec<String> {
        self.md5s().into_values().collect()
    }
}
