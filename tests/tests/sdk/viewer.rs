//! The video page's programs, with a window to log to instead of a recorder.
#![cfg(target_os = "linux")]

use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use reelscope_tests::{Run, Running, Screen, Sdk, clip_path};

use crate::recorded::with_each_sdk;

/// A window on a loaded machine without a GPU takes its time.
const PATIENCE: Duration = Duration::from_secs(90);

/// A port that nobody listens on.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The viewer on `screen`, once it listens on `port`.
fn viewer(screen: &Screen, port: u16, folder: &std::path::Path) -> Result<Running> {
    let mut viewer = Run::new(["--port", &port.to_string()])
        .env("DISPLAY", screen.display())
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
        let deadline = Instant::now() + PATIENCE;
        while !screen.shows_ball()? {
            anyhow::ensure!(
                viewer.is_running()?,
                "the viewer ended: {}",
                viewer.stderr()?
            );
            anyhow::ensure!(Instant::now() < deadline, "no ball: {}", viewer.stderr()?);
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(())
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
