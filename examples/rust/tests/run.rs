//! Every example is run for a short while, and what it logged is decoded.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use reelscope_tests::{FrameLine, InfoEntity, RecordingInfo, Run, frame_lines};
use tempfile::TempDir;

/// Twelve encoders start at once, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an example has saved.
struct Saved {
    _folder: TempDir,
    file: PathBuf,
    info: RecordingInfo,
}

impl Saved {
    fn of(example: &str, args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("example.rrd");
        let run = Run::program(example, ["--save".as_ref(), file.as_os_str()]);
        run.args(args).patience(PATIENCE).success().unwrap();
        let info = RecordingInfo::of(&file).unwrap();
        assert_eq!(info.warnings, Vec::<String>::new());
        Self {
            _folder: folder,
            file,
            info,
        }
    }

    fn entity(&self, path: &str) -> &InfoEntity {
        let [recording] = &self.info.recordings[..] else {
            panic!("{:?}", self.info);
        };
        let mut entities = recording.entities.iter();
        entities.find(|entity| entity.path == path).unwrap()
    }

    fn frames(&self, entity: &str, timeline: &str) -> Vec<FrameLine> {
        let run = Run::new(["frames".as_ref(), self.file.as_os_str(), "--md5".as_ref()]);
        let run = run.args(["--entity", entity, "--timeline", timeline]);
        let outcome = run.patience(PATIENCE).success().unwrap();
        frame_lines(&outcome.stdout).unwrap()
    }

    /// There are so many samples of a codec, each gives a frame, and no two frames are the same.
    fn check_video(&self, entity: &str, codec: &str, count: usize) {
        let video = self.entity(entity).video.as_ref().unwrap();
        assert_eq!((video.codec.as_str(), video.samples), (codec, count));
        let frames = self.frames(entity, "frame");
        let times: Vec<i64> = frames.iter().map(|frame| frame.pts_ns).collect();
        assert_eq!(times, (0..count as i64).collect::<Vec<i64>>(), "{entity}");
        let mut pictures: Vec<&str> = frames.iter().map(|frame| frame.md5.as_str()).collect();
        pictures.sort_unstable();
        pictures.dedup();
        assert_eq!(pictures.len(), count, "{entity}");
    }
}

#[test]
fn a_drawn_video_is_a_stream_with_every_frame() {
    let saved = Saved::of(env!("CARGO_BIN_EXE_video_stream"), &["--frames", "40"]);
    saved.check_video("/video_stream", "h264", 40);
    let times = saved.frames("/video_stream", "time");
    assert_eq!(times[39].pts_ns, 1_300_000_000);
}

/// The window is on a screen of its own, and closes with it.
#[cfg(target_os = "linux")]
#[test]
fn a_viewer_is_started_and_shows_what_is_drawn() {
    use reelscope_tests::{Screen, binary};
    use std::net::{TcpListener, TcpStream};

    let screen = Screen::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let args = ["--port", &port.to_string(), "--frames", "60"];
    let run = Run::program(env!("CARGO_BIN_EXE_video_stream"), args)
        .env("REELSCOPE_VIEWER", binary())
        .env("DISPLAY", screen.display())
        .without_env("WAYLAND_DISPLAY")
        .env("XDG_CONFIG_HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path());
    run.patience(PATIENCE).success().unwrap();
    // The viewer lives on.
    let start = Instant::now();
    while !screen.shows_ball().unwrap() {
        assert!(start.elapsed() < PATIENCE, "there is no ball");
        std::thread::sleep(Duration::from_millis(200));
    }
    drop(screen);
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {
        assert!(start.elapsed() < PATIENCE, "the viewer outlives its screen");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_video_file_has_a_reference_for_each_frame() {
    let saved = Saved::of(env!("CARGO_BIN_EXE_asset_video"), &[]);
    let entity = saved.entity("/video");
    // As many as ffprobe counts in the demo video.
    assert_eq!((entity.rows, entity.static_rows), (240, 1));
    assert_eq!(entity.video.as_ref().unwrap().codec, "av1");
}

#[test]
fn a_live_camera_is_logged_as_it_films() {
    let saved = Saved::of(env!("CARGO_BIN_EXE_live_camera"), &["--frames", "45"]);
    let samples = saved.entity("/camera").video.as_ref().unwrap().samples;
    // While the encoder starts, pictures are left out.
    assert!((15..=45).contains(&samples), "{samples} samples");
    assert_eq!(saved.frames("/camera", "camera_time").len(), samples);
    assert_eq!(saved.entity("/camera/latency_ms").rows, 45);
}

#[test]
fn twelve_cameras_lose_no_frame() {
    let saved = Saved::of(env!("CARGO_BIN_EXE_twelve_cameras"), &["--frames", "20"]);
    for camera in 0..12 {
        saved.check_video(&format!("/rig/camera_{camera:02}"), "h264", 20);
    }
}

#[test]
fn a_robot_logs_codecs_side_by_side_with_numbers_and_text() {
    let saved = Saved::of(env!("CARGO_BIN_EXE_robot"), &["--frames", "40"]);
    saved.check_video("/robot/front", "h264", 40);
    saved.check_video("/robot/rear", "vp9", 40);
    saved.check_video("/robot/thermal", "av1", 40);
    assert_eq!(saved.entity("/robot/battery").rows, 40);
    assert_eq!(saved.entity("/robot/map").rows, 2);
    assert_eq!(saved.entity("/robot/log").rows, 2);
}
