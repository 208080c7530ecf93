//! A recorder that runs, and a logger that sends it frames of a test clip.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reelscope_tests::{Run, binary, clip_path};
use reelscope_wire::{
    Chunk, ChunkBuilder, Client, Column, Item, LogMessage, RecordingReader, StoreId, StoreInfo,
    TimeKind, component,
};

/// How long anything here may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// The codec number of AV1.
const AV1: u32 = 0x6176_3031;

/// `reelscope record`, while it runs.
pub(crate) struct Recorder {
    child: Child,
    pub(crate) addr: String,
    stderr: PathBuf,
}

impl Recorder {
    /// Records into a file, with these arguments.
    pub(crate) fn start(output: &Path, args: &[&str]) -> Self {
        let stderr = output.with_extension("stderr");
        let child = Command::new(binary())
            .args(["record", "--port", "0", "-o"])
            .arg(output)
            .args(args)
            .stdin(Stdio::null())
            .stderr(File::create(&stderr).unwrap())
            .spawn()
            .unwrap();
        let mut recorder = Self {
            child,
            addr: String::new(),
            stderr,
        };
        recorder.addr = until("word of an address", || {
            let said = recorder.said();
            let first = said.split_once('\n')?.0;
            Some(first.strip_prefix("listening on ")?.to_owned())
        });
        recorder
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.stderr).unwrap()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        Run::program("kill", [name, &pid]).success().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn end(&mut self) -> ExitStatus {
        until("the recorder's end", || self.child.try_wait().unwrap())
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks again and again until there is something.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A recording's name and what is said of it.
pub(crate) fn store(run: &str) -> StoreInfo {
    StoreInfo {
        id: StoreId::recording("tests", run),
        source: "Rust".to_owned(),
        sdk_version: None,
    }
}

/// Sends these chunks as one logger, and leaves.
pub(crate) fn log(addr: &str, run: &str, chunks: Vec<Chunk>) {
    let client = Client::connect(addr).unwrap();
    client.send(&LogMessage::Store(store(run))).unwrap();
    for chunk in chunks {
        client
            .send(&LogMessage::Chunk(store(run).id, chunk))
            .unwrap();
    }
    client.close(PATIENCE).unwrap();
}

/// The samples of the AV1 clip, from its IVF file: a header of 32 bytes; then each frame behind 12
/// bytes, of which the first four are its length.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let file = std::fs::read(clip_path("av1.ivf")).unwrap();
    let mut rest = &file[32..];
    let mut samples = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_le_bytes(rest[..4].try_into().unwrap()) as usize;
        samples.push(rest[12..12 + length].to_vec());
        rest = &rest[12 + length..];
    }
    samples
}

/// The chunks of a stream: its codec for all times, then a chunk for each of the samples from `first`
/// on, ten steps of the timeline `frame` apart, and a second of the timeline `stamp`.
pub(crate) fn video_stream(entity: &str, first: usize) -> Vec<Chunk> {
    let codec = ChunkBuilder::new(entity).column(Column::new(component::VIDEO_STREAM_CODEC, [AV1]));
    let mut chunks = vec![codec.build().unwrap()];
    for (number, sample) in (0_i64..).zip(samples()).skip(first) {
        let samples = Column::new(component::VIDEO_STREAM_SAMPLE, [sample.as_slice()]);
        let chunk = ChunkBuilder::new(entity)
            .times("frame", TimeKind::Sequence, vec![10 * number])
            .times("stamp", TimeKind::Timestamp, vec![stamp(number)])
            .column(samples)
            .build();
        chunks.push(chunk.unwrap());
    }
    chunks
}

/// When a sample was logged: a day in 2023, one a second.
pub(crate) fn stamp(number: i64) -> i64 {
    (1_700_000_000 + number) * 1_000_000_000
}

/// All chunks of a recording file, and whether it was finished.
pub(crate) fn read(path: &Path) -> (Vec<(StoreId, Chunk)>, bool) {
    let mut reader = RecordingReader::open(File::open(path).unwrap()).unwrap();
    let (mut chunks, mut ended) = (Vec::new(), false);
    while let Some(item) = reader.next().unwrap() {
        match item {
            Item::Message(LogMessage::Chunk(store, chunk), _) => chunks.push((store, chunk)),
            Item::End => ended = true,
            Item::Message(..) => {}
            Item::Skipped(error) => panic!("{error}"),
        }
    }
    (chunks, ended)
}
