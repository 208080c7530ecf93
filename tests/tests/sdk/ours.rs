//! What our own SDK logs, as the newest stock SDK's tools find it: in files, and over TCP.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use md5::{Digest as _, Md5};
use reelscope_sdk::{
    AsComponents, AssetVideo, Clear, EncodedImage, Image, PixelFormat, RecordingStream, Scalars,
    TextLog, TimeColumn, TimeKind, VideoCodec, VideoFrameReference, VideoStream,
};
use reelscope_tests::{Cell, Logged, LoggedEntity, LoggedRecording, Row, Sdk, clip_path};

use crate::contents::{self, End};
use crate::stock;

const PATIENCE: Duration = Duration::from_secs(30);

/// A blob's cell.
fn blob(bytes: &[u8]) -> Cell {
    let digest = Md5::digest(bytes);
    Cell {
        count: 1,
        bytes: Some(bytes.len()),
        md5: Some(digest.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
}

/// A cell of any other type.
fn one() -> Cell {
    Cell {
        count: 1,
        ..Cell::default()
    }
}

/// Bytes that nothing can make smaller (the congruential generator of Numerical Recipes).
fn noise(length: usize) -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let states = std::iter::successors(Some(1_u32), next);
    states
        .map(|state| (state >> 24) as u8)
        .take(length)
        .collect()
}

/// Logs, and writes down what it logged.
struct Program {
    recording: RecordingStream,
    entities: BTreeMap<String, LoggedEntity>,
}

impl Program {
    fn new(recording: RecordingStream) -> Self {
        Self {
            recording,
            entities: BTreeMap::new(),
        }
    }

    fn at(&mut self, frame: i64, entity: &str, what: &impl AsComponents, cells: &[(&str, Cell)]) {
        self.recording.set_time_sequence("frame", frame);
        self.recording.log(entity, what).unwrap();
        self.note(entity).rows.push(row(Some(frame), cells));
    }

    fn always(&mut self, entity: &str, what: &impl AsComponents, cells: &[(&str, Cell)]) {
        self.recording.log_static(entity, what).unwrap();
        self.note(entity).timeless.push(row(None, cells));
    }

    fn note(&mut self, entity: &str) -> &mut LoggedEntity {
        self.entities.entry(format!("/{entity}")).or_default()
    }

    /// One of each archetype.
    fn log_everything(&mut self) {
        let codec = VideoStream::codec(VideoCodec::H264);
        self.always("stream", &codec, &[("VideoStream:codec", one())]);
        for frame in 0..30 {
            let bytes = vec![frame as u8; 1_000];
            let cells = [("VideoStream:sample", blob(&bytes))];
            self.at(frame, "stream", &VideoStream::sample(bytes.clone()), &cells);
        }
        let pixels: Vec<u8> = (0..=255).cycle().take(64 * 48 * 3).collect();
        let image = Image::from_rgb24(pixels.clone(), 64, 48).unwrap();
        let cells = [("Image:buffer", blob(&pixels)), ("Image:format", one())];
        self.at(1, "image", &image, &cells);
        // It goes out uncompressed.
        let noise = noise(256 * 256 * 3);
        let image = Image::from_rgb24(noise.clone(), 256, 256).unwrap();
        let cells = [("Image:buffer", blob(&noise)), ("Image:format", one())];
        self.at(1, "noise", &image, &cells);
        let planes = vec![128; 64 * 48 * 3 / 2];
        let nv12 = Image::from_pixel_format(planes.clone(), 64, 48, PixelFormat::Nv12);
        let cells = [
            ("Image:buffer", blob(&planes)),
            ("Image:format", one()),
            ("Image:opacity", one()),
        ];
        self.at(1, "a space/nv12", &nv12.unwrap().with_opacity(0.5), &cells);
        let spaced = self.entities.remove("/a space/nv12").unwrap();
        self.entities.insert("/a\\ space/nv12".to_owned(), spaced);
        let png = b"\x89PNG\r\n\x1a\n and more".to_vec();
        let cells = [
            ("EncodedImage:blob", blob(&png)),
            ("EncodedImage:media_type", one()),
        ];
        self.at(2, "png", &EncodedImage::from_file_contents(png), &cells);
        let text = TextLog::new("hello").with_level("WARN");
        let cells = [("TextLog:text", one()), ("TextLog:level", one())];
        self.at(3, "text", &text, &cells);
        self.at(
            4,
            "number",
            &Scalars::new(0.5),
            &[("Scalars:scalars", one())],
        );
        self.at(5, "image", &Clear::flat(), &[("Clear:is_recursive", one())]);
        self.log_asset();
    }

    fn log_asset(&mut self) {
        let bytes = std::fs::read(clip_path("h264_b_frames.mp4")).unwrap();
        let asset = AssetVideo::from_file_contents(bytes.clone());
        let cells = [
            ("AssetVideo:blob", blob(&bytes)),
            ("AssetVideo:media_type", one()),
        ];
        self.always("asset", &asset, &cells);
        let nanos = asset.read_frame_timestamps_nanos().unwrap();
        let times = TimeColumn::new("video", TimeKind::Duration, nanos.clone());
        let columns = VideoFrameReference::columns_nanos(nanos.clone());
        self.recording
            .send_columns("asset", vec![times], columns)
            .unwrap();
        for time in nanos {
            let mut row = row(None, &[("VideoFrameReference:timestamp", one())]);
            row.times.insert("video".to_owned(), time);
            self.note("asset").rows.push(row);
        }
    }

    /// The truth.
    fn end(self) -> Logged {
        let recording = LoggedRecording {
            application_id: self.recording.application_id().to_owned(),
            recording_id: self.recording.recording_id().to_owned(),
            entities: self.entities,
        };
        self.recording.finish().unwrap();
        Logged {
            sdk: String::new(),
            recordings: vec![recording],
        }
    }
}

fn row(frame: Option<i64>, cells: &[(&str, Cell)]) -> Row {
    let cells = cells.iter();
    Row {
        times: frame
            .map(|frame| ("frame".to_owned(), frame))
            .into_iter()
            .collect(),
        cells: cells
            .map(|(name, cell)| ((*name).to_owned(), Some(cell.clone())))
            .collect(),
    }
}

fn check(file: &Path, truth: &Logged) {
    stock::check(file, truth).unwrap();
}

#[test]
fn the_stock_reader_finds_in_a_file_of_ours_what_was_logged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ours.rrd");
    let mut program = Program::new(RecordingStream::new("ours").save(&file).unwrap());
    program.log_everything();
    check(&file, &program.end());
}

#[test]
fn the_stock_viewer_receives_what_ours_logs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("received.rrd");
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let config = tempfile::tempdir().unwrap();
    let name = file.to_str().unwrap();
    let receiver = Sdk::NEWEST
        .command(&["--save", name, "--port", &port])
        .env("XDG_CONFIG_HOME", config.path())
        .start()
        .unwrap();
    let recording = RecordingStream::new("ours").connect(&format!("127.0.0.1:{port}"));
    let mut program = Program::new(recording.unwrap());
    program.log_everything();
    program.recording.flush(PATIENCE).unwrap();
    let truth = program.end();
    // It writes in its own time, says nothing about it, and its own reader wants the manifest that it
    // never writes.
    let start = Instant::now();
    let check = || truth.check(&contents::read(&file, End::Cut)?);
    while check().is_err() && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(100));
    }
    receiver.kill().unwrap();
    check().unwrap();
}
