//! The examples in Python, each run for a short while; what they logged is decoded.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use reelscope_tests::{Outcome, Run, clip_path, frame_lines, root};

use crate::python::environment;

/// Twelve encoders start at once, on any machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn example(name: &str) -> Run {
    let script = root().join("examples/python").join(format!("{name}.py"));
    let args = ["-B", "-W", "error"].map(AsRef::as_ref);
    let args = args.into_iter().chain([script.as_os_str()]);
    Run::program(environment().join("python"), args).patience(PATIENCE)
}

/// Has an example save its recording. Returns what it said, too.
fn saved(name: &str, args: &[&str], folder: &Path) -> (PathBuf, Outcome) {
    let file = folder.join(format!("{name}.rrd"));
    let run = example(name).args(args).arg("--save").arg(&file);
    let outcome = run.success().unwrap();
    (file, outcome)
}

/// How many different pictures an entity has, all of which can be decoded.
fn pictures(file: &Path, entity: &str) -> usize {
    let run = Run::new(["frames".as_ref(), file.as_os_str(), "--md5".as_ref()]);
    let outcome = run.args(["--entity", entity]).patience(PATIENCE).success();
    let lines = frame_lines(&outcome.unwrap().stdout).unwrap();
    let mut all: Vec<&str> = lines.iter().map(|line| line.md5.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

#[test]
fn the_drawn_video_and_the_asset_have_all_their_frames() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = saved("video_stream", &["--frames", "20"], folder.path());
    assert_eq!(pictures(&file, "/video"), 20);
    let clip = clip_path("h264_b_frames.mp4");
    let (file, _) = saved("asset_video", &[clip.to_str().unwrap()], folder.path());
    assert_eq!(pictures(&file, "/video"), 36);
}

#[test]
fn the_camera_tells_how_late_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let source = "testsrc2=size=160x120:rate=30:duration=3";
    let args = [source, "--format", "lavfi", "--frames", "60"];
    let (file, outcome) = saved("live_camera", &args, folder.path());
    assert!(outcome.stdout.contains("ms late"), "{}", outcome.stdout);
    assert!(pictures(&file, "/camera") > 0);
}

#[test]
fn each_of_the_twelve_cameras_has_its_frames() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = saved("twelve_cameras", &["--frames", "10"], folder.path());
    for number in 0..12 {
        let entity = format!("/rig/camera_{number:02}");
        assert_eq!(pictures(&file, &entity), 10, "{entity}");
    }
}

#[test]
fn the_robots_log_is_asked_and_one_of_its_streams_becomes_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, _) = saved("robot", &["--frames", "40"], folder.path());
    for entity in ["/robot/front", "/robot/rear", "/robot/thermal"] {
        assert_eq!(pictures(&file, entity), 40, "{entity}");
    }
    let output = folder.path().join("front.mp4");
    let run = example("query_and_remux")
        .arg(&file)
        .arg("--output")
        .arg(&output);
    let said = run.success().unwrap().stdout;
    assert!(said.contains("/robot/rear: vp9, 320×240"), "{said}");
    assert!(said.contains("40 rows: frame, "), "{said}");
    assert!(said.contains("front.mp4: 40 frames"), "{said}");
    let run = Run::new(["frames".as_ref(), output.as_os_str(), "--md5".as_ref()]);
    let frames = frame_lines(&run.success().unwrap().stdout).unwrap();
    assert_eq!(frames.len(), 40);
}
