//! What goes wrong on the command line is said in words, with the right exit code: 1 for an input
//! that cannot be read, 2 for a command that cannot be understood.

use std::ffi::OsStr;
use std::path::Path;

use reelscope_tests::{Outcome, Run, clip_path};

fn outcome<S: AsRef<OsStr>>(args: &[S]) -> Outcome {
    Run::new(args).outcome().unwrap()
}

/// Both headless commands refuse `path` with exit code 1, and name it.
fn assert_refused(path: &Path) -> String {
    let mut said = String::new();
    for command in [["info", "--json"], ["frames", "--md5"]] {
        let outcome = outcome(&[command[0].as_ref(), path.as_os_str(), command[1].as_ref()]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert_eq!(outcome.stdout, "");
        let name = path.file_name().and_then(OsStr::to_str).unwrap();
        assert!(outcome.stderr.contains(name), "{}", outcome.stderr);
        said += &outcome.stderr;
    }
    said
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert_refused(&folder.path().join("nowhere.mp4"));
}

#[test]
fn a_folder_is_no_video() {
    let folder = tempfile::Builder::new().prefix("folder").tempdir().unwrap();
    assert_refused(folder.path());
}

#[test]
fn an_empty_file_is_called_empty() {
    assert!(assert_refused(&clip_path("empty.mp4")).contains("empty"));
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_in_a_circle_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("circle.mp4");
    std::os::unix::fs::symlink(&link, &link).unwrap();
    assert_refused(&link);
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_to_does_not_keep_us_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.mp4");
    Run::program("mkfifo", [&pipe]).success().unwrap();
    assert_refused(&pipe);
}

#[test]
fn a_track_that_is_not_there_is_refused() {
    let path = clip_path("av1.mp4");
    let args = ["frames", path.to_str().unwrap(), "--md5", "--track", "7"];
    let outcome = outcome(&args);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(!outcome.stderr.is_empty());
}

#[test]
fn a_frame_number_past_the_end_is_refused() {
    let (path, folder) = (clip_path("av1.mp4"), tempfile::tempdir().unwrap());
    let picture = folder.path().join("frame.png");
    let (path, output) = (path.to_str().unwrap(), picture.to_str().unwrap());
    let outcome = outcome(&["frames", path, "--at", "#1000", "-o", output]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(!picture.exists());
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let path = clip_path("av1.mp4");
    let path = path.to_str().unwrap();
    for args in [
        &["info"][..],
        &["frames"],
        &["frames", path],
        &["frames", path, "--at", "soon", "-o", "out.png"],
        &["frames", path, "--at", "1.5s"],
        &["frames", path, "--md5", "--track", "first"],
        &["frames", path, "--md5", "--limit", "-1"],
        &["info", path, "--yaml"],
    ] {
        let outcome = outcome(args);
        assert_eq!(outcome.code, Some(2), "{args:?}: {outcome:?}");
        assert_eq!(outcome.stdout, "", "{args:?}");
        assert!(!outcome.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn help_and_version_end_well() {
    for args in [
        &["--help"][..],
        &["--version"],
        &["info", "--help"],
        &["frames", "--help"],
    ] {
        let outcome = outcome(args);
        assert_eq!(outcome.code, Some(0), "{args:?}");
        assert!(!outcome.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn a_picture_is_never_written_over_the_video_it_is_from() {
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("video.mp4");
    std::fs::copy(clip_path("av1.mp4"), &video).unwrap();
    let before = std::fs::read(&video).unwrap();
    let path = video.to_str().unwrap();
    for args in [
        &["frames", path, "--at", "0s", "-o", path][..],
        &[path, "--screenshot", path],
    ] {
        let outcome = outcome(args);
        assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("is the input itself"));
    }
    assert_eq!(std::fs::read(&video).unwrap(), before);
}
