//! The video page's programs, with a window to log to instead of a recorder.
#![cfg(target_os = "linux")]

use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use reelscope_tests::{Run, Running, Sdk, clip_path};

use crate::recorded::with_each_sdk;

/// A window on a loaded machine without a GPU takes its time.
const PATIENCE: Duration = Duration::from_secs(90);
const SIZE: (usize, usize) = (1280, 800);

/// The colour of the ball that the page's program draws.
const BALL: [u8; 3] = [255, 200, 0];
/// How far off a value may be after H.264.
const TOLERANCE: u8 = 24;
/// The ball has some 2800 pixels; the window may show it smaller.
const BALL_PIXELS: usize = 300;

/// A screen of our own. It is gone when this is dropped.
pub(crate) struct Screen {
    /// How programs are told of it.
    pub(crate) display: String,
    _server: Running,
}

impl Screen {
    pub(crate) fn start() -> Result<Self> {
        let size = format!("{}x{}x24", SIZE.0, SIZE.1);
        let args = ["-displayfd", "1", "-screen", "0", &size, "-noreset"];
        let mut server = Run::program("Xvfb", args).start()?;
        let number = server.until("display", PATIENCE, |server| {
            let said = server.stdout()?;
            Ok(said.strip_suffix('\n').map(str::to_owned))
        })?;
        Ok(Self {
            display: format!(":{number}"),
            _server: server,
        })
    }

    /// What is on it, as RGB.
    fn pixels(&self) -> Result<Vec<[u8; 3]>> {
        let folder = tempfile::tempdir()?;
        let picture = folder.path().join("screen.rgb");
        let size = format!("{}x{}", SIZE.0, SIZE.1);
        let grab = [
            "-v",
            "error",
            "-f",
            "x11grab",
            "-video_size",
            &size,
            "-i",
            &self.display,
        ];
        let run = Run::program("ffmpeg", grab).args([
            "-frames:v",
            "1",
            "-pix_fmt",
            "rgb24",
            "-f",
            "rawvideo",
        ]);
        run.arg(&picture).success()?;
        let bytes = std::fs::read(&picture)?;
        Ok(bytes.as_chunks::<3>().0.to_vec())
    }

    /// Waits until the ball of the page's program is to be seen.
    pub(crate) fn until_ball(&self, mut is_alive: impl FnMut() -> Result<()>) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !self.shows_ball()? {
            is_alive()?;
            anyhow::ensure!(Instant::now() < deadline, "there is no ball");
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    fn shows_ball(&self) -> Result<bool> {
        let like = |value: u8, wanted: u8| value.abs_diff(wanted) <= TOLERANCE;
        let is_ball = |pixel: &&[u8; 3]| {
            pixel
                .iter()
                .zip(BALL)
                .all(|(value, wanted)| like(*value, wanted))
        };
        Ok(self.pixels()?.iter().filter(is_ball).count() >= BALL_PIXELS)
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The viewer on `screen`, once it listens on `port`.
fn viewer(screen: &Screen, port: u16, folder: &std::path::Path) -> Result<Running> {
    let mut viewer = Run::new(["--port", &port.to_string()])
        .env("DISPLAY", &screen.display)
        .without_env("WAYLAND_DISPLAY")
        .env("XDG_CONFIG_HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .start()?;
    // As the SDK finds out whether a viewer is there.
    viewer.until("port to connect to", PATIENCE, |_| {
        Ok(TcpStream::connect(("127.0.0.1", port)).ok())
    })?;
    Ok(viewer)
}

#[test]
fn the_live_stream_of_the_video_page_is_seen_in_the_window() {
    with_each_sdk(|sdk| {
        let (screen, folder) = (Screen::start()?, tempfile::tempdir()?);
        let port = free_port()?;
        let mut viewer = viewer(&screen, port, folder.path())?;
        let spawn = ["--spawn".to_owned(), port.to_string()];
        sdk.program("video_stream").args(&spawn).success()?;
        let seen = screen.until_ball(|| {
            anyhow::ensure!(viewer.is_running()?, "the viewer ended");
            Ok(())
        });
        seen.with_context(|| viewer.stderr().unwrap_or_default())
    });
}

#[test]
fn a_window_takes_one_logger_after_the_other() {
    let (screen, folder) = (Screen::start().unwrap(), tempfile::tempdir().unwrap());
    let port = free_port().unwrap();
    let mut viewer = viewer(&screen, port, folder.path()).unwrap();
    let clip = clip_path("h264_b_frames.mp4");
    let target = ["--spawn".to_owned(), port.to_string()];
    for sdk in Sdk::ALL {
        // Each of them ends only when the viewer has answered.
        let program = |name: &str| sdk.program(name).args(&target);
        let run = program("asset_video").arg(&clip).success();
        run.with_context(|| sdk.version).unwrap();
        let run = program("one_of_everything").success();
        run.with_context(|| sdk.version).unwrap();
    }
    assert!(viewer.is_running().unwrap(), "{}", viewer.stderr().unwrap());
    assert!(!viewer.stderr().unwrap().contains("panicked at"));
}
