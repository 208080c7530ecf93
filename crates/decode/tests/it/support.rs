//! Making clips, asking FFmpeg for the truth about them, and driving a worker through them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use bytes::Bytes;
use md5::{Digest, Md5};
use reelscope_decode::{DecodeEnv, DecodeError, DecodeEvent, DecodeWorker, Feed, FfmpegLocator};
use reelscope_media::{ByteSource, Frame, SampleData, SampleId, Track, TrackKind};

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
    DecodeEnv::new(Arc::new(FfmpegLocator::new(None)), 2)
}

/// Writes an executable shell script.
pub(crate) fn script(folder: &Path, name: &str, body: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join(name);
    // Renamed into place: a script that is still open for writing cannot be run.
    let draft = folder.join(format!("{name}.draft"));
    std::fs::write(&draft, format!("#!/bin/sh\n{body}\n")).unwrap();
    std::fs::set_permissions(&draft, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(&draft, &path).unwrap();
    path
}

/// An FFmpeg that notes the process of each decoder that is started.
pub(crate) struct Wrapped {
    program: PathBuf,
    log: PathBuf,
}

impl Wrapped {
    pub(crate) fn new(folder: &Path) -> Self {
        let log = folder.join("started");
        let note = format!(
            "case \"$*\" in *-version*) ;; *) echo $$ >> '{}';; esac",
            log.display()
        );
        let program = script(folder, "ffmpeg", &format!("{note}\nexec ffmpeg \"$@\""));
        Self { program, log }
    }

    /// A rig that decodes with it.
    pub(crate) fn rig(&self, path: &Path) -> Rig {
        let ffmpeg = Arc::new(FfmpegLocator::new(Some(self.program.clone())));
        Rig::new(open(path).unwrap(), DecodeEnv::new(ffmpeg, 2))
    }

    fn processes(&self) -> Vec<String> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    /// How many decoders were started.
    pub(crate) fn started(&self) -> usize {
        self.processes().len()
    }

    /// How many of them live.
    pub(crate) fn alive(&self) -> usize {
        let lives = |id: &&String| {
            Command::new("kill")
                .args(["-0", id])
                .stderr(Stdio::null())
                .status()
        };
        self.processes()
            .iter()
            .filter(|id| lives(id).unwrap().success())
            .count()
    }

    pub(crate) fn kill_all(&self) {
        for id in self.processes() {
            Command::new("kill")
                .args(["-9", &id])
                .stderr(Stdio::null())
                .status()
                .unwrap();
        }
    }
}

/// A worker on a track, with everything it has said.
pub(crate) struct Rig {
    pub(crate) worker: DecodeWorker,
    track: Track,
    edited: HashMap<SampleId, SampleData>,
    /// Samples that may be left out.
    pub(crate) optional: std::collections::HashSet<SampleId>,
    /// True to claim that samples are shown in the order in which they are decoded.
    pub(crate) claims_decode_order: bool,
    woken: Receiver<()>,
    pub(crate) generation: u64,
    pub(crate) seen: Seen,
}

/// What a worker has said since the last [`Rig::seek`].
#[derive(Default)]
pub(crate) struct Seen {
    /// The samples of the frames in the order in which they came, with the MD5s of these.
    pub(crate) frames: Vec<(SampleId, String)>,
    /// The frame that came last.
    pub(crate) last: Option<Frame>,
    pub(crate) taken: usize,
    pub(crate) left_out: usize,
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
            edited: HashMap::new(),
            optional: std::collections::HashSet::new(),
            claims_decode_order: false,
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
            let true_rank = self.rank(id);
            let rank = if self.claims_decode_order {
                position
            } else {
                true_rank
            };
            self.offer(Feed::Sample {
                id,
                rank: u32::try_from(rank).unwrap(),
                sync: sample.sync,
                config: Arc::clone(config),
                data: self.edited.get(&id).unwrap_or(&sample.data).clone(),
                optional: self.optional.contains(&id),
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
        if self.seen.failed.is_some() {
            return;
        }
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
            assert!(self.seen.failed.is_none(), "{:?}", self.seen.failed);
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
                    seen.frames.push((sample, md5(&frame)));
                    seen.last = Some(frame);
                }
                DecodeEvent::Taken { generation, .. } if generation == current => seen.taken += 1,
                DecodeEvent::LeftOut { generation, .. } if generation == current => {
                    seen.left_out += 1;
                }
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

    pub(crate) fn rank(&self, id: SampleId) -> usize {
        self.track.samples.rank(id).unwrap()
    }

    /// The rank of the sample at a decode position.
    pub(crate) fn rank_at(&self, position: usize) -> usize {
        self.rank(self.track.samples.at_decode_position(position).unwrap())
    }

    /// The decode positions at which decoding can start.
    pub(crate) fn sync_positions(&self) -> Vec<usize> {
        let samples = &self.track.samples;
        samples
            .sync_samples()
            .map(|id| samples.decode_position(id).unwrap())
            .collect()
    }

    /// Has the sample at a decode position fed with other bytes.
    pub(crate) fn edit(&mut self, position: usize, edit: impl FnOnce(&mut SampleData)) {
        let Some(id) = self.track.samples.at_decode_position(position) else {
            return;
        };
        let sample = self.track.samples.get(id).unwrap();
        let mut bytes = SampleData::Bytes(sample.data.load(&*self.track.source).unwrap());
        edit(&mut bytes);
        self.edited.insert(id, bytes);
    }

    /// MD5s of the frames that came, by the rank of their sample.
    pub(crate) fn md5s(&self) -> BTreeMap<usize, String> {
        let rank = |id| self.track.samples.rank(id).unwrap();
        self.seen
            .frames
            .iter()
            .map(|(id, md5)| (rank(*id), md5.clone()))
            .collect()
    }

    /// MD5s of the frames that came and that are to be shown, in presentation order.
    pub(crate) fn shown_md5s(&self) -> Vec<String> {
        let md5s = self.md5s();
        let shown = self.track.samples.shown().iter();
        shown
            .filter_map(|id| md5s.get(&self.rank(*id)).cloned())
            .collect()
    }

    /// MD5s of the frames that came, in presentation order.
    pub(crate) fn md5_list(&self) -> Vec<String> {
        self.md5s().into_values().collect()
    }
}
