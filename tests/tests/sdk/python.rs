//! Our own Python package, installed from its wheel: what it logs, as we and the newest stock SDK find it, and as
//! others find it in what is exported; its errors; how programs end.
#![cfg(target_os = "linux")]

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use reelscope_tests::{Logged, Recorder, Run, Screen, clip_path, clips, root};

use crate::contents::{self, End};
use crate::{frames, stock};

/// Says which Python has the package.
const PYTHON: &str = "REELSCOPE_PYTHON";
/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// A clip with B-frames, so that presentation order matters.
const CLIP: &str = "h264_b_frames.mp4";

/// The folder with the programs of the clean environment.
pub(crate) fn environment() -> PathBuf {
    let python = std::env::var_os(PYTHON).map(PathBuf::from).unwrap_or_else(|| {
        panic!(
            "{PYTHON} is not set. `cargo xtask test` sets it; to run these tests alone, set it to what \
             `cargo xtask wheel --profile dev --into FOLDER` prints"
        )
    });
    python.parent().unwrap().to_owned()
}

/// A program of `tests/python`. Every warning is an error.
fn program(name: &str) -> Run {
    let script = root().join("tests/python").join(format!("{name}.py"));
    let args = ["-B", "-W", "error"].map(AsRef::as_ref);
    let args = args.into_iter().chain([script.as_os_str()]);
    Run::program(environment().join("python"), args).patience(PATIENCE)
}

/// Runs a program that logs to `target` and writes down the truth.
fn logged(name: &str, target: &[&str], args: &[&str], folder: &Path) -> Result<Logged> {
    let truth = folder.join("truth.json");
    let run = program(name)
        .args(args)
        .args(target)
        .arg("--truth")
        .arg(&truth);
    run.success().context(name.to_owned())?;
    Logged::read(&truth)
}

/// Saves a program's recording, holds both readers against its truth, and gives both.
fn saved(name: &str, args: &[&str], folder: &Path) -> (PathBuf, Logged) {
    let file = folder.join("saved.rrd");
    let target = ["--save", file.to_str().unwrap()];
    let truth = logged(name, &target, args, folder).unwrap();
    let found = contents::read(&file, End::Finished).unwrap();
    truth.check(&found).context("our reader").unwrap();
    stock::check(&file, &truth).unwrap();
    (file, truth)
}

/// Runs a program that says itself whether all is well, in a folder of its own.
fn runs_well(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    program(name).arg(folder.path()).success().unwrap();
}

#[test]
fn the_pages_live_stream_runs_with_our_package_and_its_frames_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    let (file, truth) = saved("video_stream", &[], folder.path());
    for (path, entity) in &truth.single().unwrap().entities {
        frames::check(&file, folder.path(), path, entity).unwrap();
    }
}

#[test]
fn the_pages_asset_runs_with_our_package_and_its_frames_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    let clip = clip_path(CLIP);
    let (file, truth) = saved("asset_video", &[clip.to_str().unwrap()], folder.path());
    let found = frames::list(&file, "/video", "video_time").unwrap();
    let times = truth.single().unwrap().entities["/video"].times("video_time");
    let clips = clips().unwrap();
    let track = &clips.iter().find(|clip| clip.file == CLIP).unwrap().tracks[0];
    frames::check_frames(&found, &track.md5, &times).unwrap();
}

#[test]
fn every_archetype_and_kind_of_time_is_kept_as_it_was_logged() {
    let folder = tempfile::tempdir().unwrap();
    saved("one_of_everything", &[], folder.path());
}

#[test]
fn a_recorder_receives_all_that_is_logged_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("received.rrd");
    let recorder = Recorder::until_disconnect(&file).unwrap();
    let port = recorder.port.to_string();
    let truth = logged("video_stream", &["--port", &port], &[], folder.path()).unwrap();
    recorder.end().unwrap();
    truth
        .check(&contents::read(&file, End::Finished).unwrap())
        .unwrap();
}

#[test]
fn the_live_stream_is_seen_in_the_viewer_that_the_package_spawns() {
    let (screen, folder) = (Screen::start().unwrap(), tempfile::tempdir().unwrap());
    let port = crate::viewer::free_port().unwrap();
    let run = program("video_stream")
        .arg("--spawn")
        .arg(port.to_string())
        .env("DISPLAY", screen.display())
        .env("XDG_CONFIG_HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path());
    // Not the viewer of the test, but the one in the wheel.
    let run = run.without_env("REELSCOPE_VIEWER");
    run.without_env("WAYLAND_DISPLAY").success().unwrap();
    let listens = || TcpStream::connect(("127.0.0.1", port)).is_ok();
    let start = Instant::now();
    while !screen.shows_ball().unwrap() {
        assert!(listens(), "no viewer listens");
        assert!(start.elapsed() < PATIENCE, "there is no ball");
        std::thread::sleep(Duration::from_millis(200));
    }
    // The viewer outlives the program, but not its screen.
    drop(screen);
    let start = Instant::now();
    while listens() {
        assert!(start.elapsed() < PATIENCE, "the viewer is still there");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_wheel_brings_the_command() {
    let run = Run::program(environment().join("reelscope"), ["--version"]);
    let said = run.success().unwrap().stdout;
    assert_eq!(
        said.trim(),
        format!("reelscope {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn mistakes_are_exceptions_in_words() {
    runs_well("mistakes");
}

#[test]
fn each_thread_task_and_block_has_the_recording_that_it_chose() {
    runs_well("which_recording");
}

#[test]
fn nothing_is_lost_when_a_program_or_its_children_end() {
    let folder = tempfile::tempdir().unwrap();
    program("ends").arg(folder.path()).success().unwrap();
    for who in [
        "parent",
        "fork",
        "multiprocessing-fork",
        "multiprocessing-spawn",
    ] {
        let file = folder.path().join(format!("{who}.rrd"));
        let found = contents::read(&file, End::Finished).context(who).unwrap();
        let rows = found.single().unwrap().entities["/rows"].row_count();
        assert_eq!(rows, 1000, "{who}");
    }
}

#[test]
fn engines_over_parquet_find_every_row_of_many_recordings() {
    let folder = tempfile::tempdir().unwrap();
    let [recordings, tables] = ["recordings", "tables"].map(|name| folder.path().join(name));
    std::fs::create_dir(&recordings).unwrap();
    program("drives").arg(&recordings).success().unwrap();
    for number in 0..3 {
        let file = recordings.join(format!("drive-{number}.rrd"));
        let export = Run::new(["query"]).arg(&file).arg("--partition");
        export.arg(&tables).success().unwrap();
    }
    // The drives' own counts, and a stream's frames.
    program("scale").arg(&tables).success().unwrap();
}

#[test]
fn a_logger_without_any_sdk_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("received.rrd");
    let recorder = Recorder::until_disconnect(&file).unwrap();
    let run = program("bare_logger").arg(recorder.port.to_string());
    run.success().unwrap();
    recorder.end().unwrap();
    let found = frames::list(&file, "/camera", "frame").unwrap();
    assert_eq!(found.len(), 30);
}

#[test]
fn type_checkers_accept_the_package_and_find_wrong_calls() {
    let folder = tempfile::tempdir().unwrap();
    let mypy = |args: &[&str]| {
        let run = Run::program(
            environment().join("mypy"),
            ["--strict", "--python-version", "3.10"],
        );
        let run = run.arg("--cache-dir").arg(folder.path()).args(args);
        run.patience(PATIENCE).outcome().unwrap()
    };
    let package = mypy(&["--package", "reelscope"]);
    assert_eq!(package.code, Some(0), "{}", package.stdout);
    let calls = root().join("tests/python/typed.py");
    // What is wrong in it is marked as such, and a mark where nothing is wrong is an error, too.
    let calls = mypy(&[calls.to_str().unwrap()]);
    assert_eq!(calls.code, Some(0), "{}", calls.stdout);
}

#[test]
fn frames_and_tables_are_read_as_ffmpeg_and_arrow_have_them() {
    for name in ["read", "read_after_fork"] {
        let folder = tempfile::tempdir().unwrap();
        let run = program(name).arg(clip_path(CLIP)).arg(folder.path());
        let outcome = run.success().unwrap();
        assert_eq!(outcome.stdout.trim(), "read", "{name}");
    }
}
