//! FFmpeg missing, too old, broken or dying in the middle: each has its own words, and playback
//! recovers where it can. Scripts play the bad FFmpeg, so this is for Unix.
#![cfg(unix)]

use std::ffi::OsString;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use reelscope_tests::{Outcome, Run, clip_path, clips, frame_lines};
use tempfile::TempDir;

/// A folder with one program in it, `ffmpeg`.
struct Fake {
    folder: TempDir,
}

impl Fake {
    /// `script` is run by `sh`; `$REAL` is the true FFmpeg, `$HERE` this folder.
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("ffmpeg");
        let (real, here) = (real_ffmpeg(), folder.path().display());
        let script = format!(
            "#!/bin/sh\nREAL='{}'\nHERE='{here}'\n{script}\n",
            real.display()
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    /// Says that it is this version, and decodes like the true one.
    fn of_version(version: &str) -> Self {
        Self::new(&format!(
            "case \"$*\" in *-version*) echo 'ffmpeg version {version} Copyright (c) 2000-2024';; \
             *) exec \"$REAL\" \"$@\";; esac"
        ))
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ffmpeg")
    }
}

fn real_ffmpeg() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|folder| folder.join("ffmpeg"));
    found
        .into_iter()
        .find(|program| program.is_file())
        .expect("these tests need FFmpeg in PATH")
}

/// `reelscope frames CLIP --md5` with FFmpeg at `ffmpeg`, and none in `PATH`.
fn decode(clip: &str, ffmpeg: Option<&Path>) -> Outcome {
    let (path, nowhere) = (clip_path(clip), tempfile::tempdir().unwrap());
    let run = Run::new(["frames".as_ref(), path.as_os_str(), "--md5".as_ref()])
        .env("PATH", nowhere.path());
    match ffmpeg {
        Some(ffmpeg) => run.env("REELSCOPE_FFMPEG", ffmpeg),
        None => run.without_env("REELSCOPE_FFMPEG"),
    }
    .outcome()
    .unwrap()
}

fn assert_fails_with(outcome: &Outcome, words: &[&str]) {
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    for word in words {
        assert!(
            outcome.stderr.contains(word),
            "no {word:?} in {}",
            outcome.stderr
        );
    }
}

fn assert_every_frame(clip: &str, outcome: &Outcome) {
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let truth = clips()
        .unwrap()
        .into_iter()
        .find(|truth| truth.file == clip)
        .unwrap();
    let frames = frame_lines(&outcome.stdout).unwrap();
    let ours: Vec<&str> = frames.iter().map(|frame| frame.md5.as_str()).collect();
    assert_eq!(ours, truth.tracks[0].md5);
}

#[test]
fn av1_needs_no_ffmpeg() {
    assert_every_frame("av1.mp4", &decode("av1.mp4", None));
}

#[test]
fn without_ffmpeg_the_error_says_to_install_it() {
    for clip in ["h264_b_frames.mp4", "h265.mp4", "vp8.ivf", "vp9.mp4"] {
        assert_fails_with(&decode(clip, None), &["FFmpeg", "5.1"]);
    }
}

#[test]
fn info_needs_no_ffmpeg() {
    let nowhere = tempfile::tempdir().unwrap();
    let path = clip_path("h264_b_frames.mp4");
    Run::new(["info".as_ref(), path.as_os_str(), "--json".as_ref()])
        .env("PATH", nowhere.path())
        .without_env("REELSCOPE_FFMPEG")
        .success()
        .unwrap();
}

#[test]
fn a_path_that_leads_nowhere_is_named() {
    let outcome = decode(
        "h264_b_frames.mp4",
        Some(Path::new("/nowhere/at/all/ffmpeg")),
    );
    assert_fails_with(&outcome, &["/nowhere/at/all/ffmpeg"]);
}

#[test]
fn an_ffmpeg_that_is_too_old_is_named_with_its_version() {
    for version in ["4.4.2-0ubuntu0.22.04.1", "3.4.11", "n5.0.1"] {
        let fake = Fake::of_version(version);
        let outcome = decode("h264_b_frames.mp4", Some(&fake.path()));
        let number = version.trim_start_matches('n').split('-').next().unwrap();
        assert_fails_with(&outcome, &[fake.path().to_str().unwrap(), number, "5.1"]);
    }
}

#[test]
fn every_way_to_spell_a_good_version_is_taken() {
    for version in [
        "5.1",
        "7.1.1",
        "n6.1.1",
        "5.1.9-0+deb12u1",
        "N-112233-g0123456789",
        "git-2024-05-02-71669f2ad5",
    ] {
        let fake = Fake::of_version(version);
        assert_every_frame(
            "h264_b_frames.mp4",
            &decode("h264_b_frames.mp4", Some(&fake.path())),
        );
    }
}

#[test]
fn a_file_that_may_not_be_executed_is_named() {
    let fake = Fake::of_version("5.1");
    std::fs::set_permissions(fake.path(), Permissions::from_mode(0o644)).unwrap();
    let outcome = decode("h264_b_frames.mp4", Some(&fake.path()));
    assert_fails_with(&outcome, &[fake.path().to_str().unwrap()]);
}

#[test]
fn a_program_that_is_not_ffmpeg_is_named() {
    let fake = Fake::new("echo 'Hello!'");
    let outcome = decode("h264_b_frames.mp4", Some(&fake.path()));
    assert_fails_with(&outcome, &[fake.path().to_str().unwrap()]);
}

#[test]
fn an_ffmpeg_that_always_crashes_is_given_up_on() {
    let fake = Fake::new(
        "case \"$*\" in *-version*) echo 'ffmpeg version 6.0';; *) echo x >> $HERE/starts; kill -SEGV $$;; esac",
    );
    let outcome = decode("h264_b_frames.mp4", Some(&fake.path()));
    assert_fails_with(&outcome, &["FFmpeg"]);
    let starts = std::fs::read_to_string(fake.folder.path().join("starts")).unwrap();
    assert!(
        (1..=20).contains(&starts.lines().count()),
        "{} starts",
        starts.lines().count()
    );
}

#[test]
fn an_ffmpeg_that_says_nothing_is_given_up_on() {
    let fake = Fake::new(
        "case \"$*\" in *-version*) echo 'ffmpeg version 6.0';; *) exec /bin/sleep 60;; esac",
    );
    assert_fails_with(
        &decode("h264_b_frames.mp4", Some(&fake.path())),
        &["FFmpeg"],
    );
}

#[test]
fn when_ffmpeg_is_killed_in_the_middle_every_frame_still_comes() {
    // The first process dies after some frames; later ones live.
    let script = "case \"$*\" in *-version*) exec \"$REAL\" \"$@\";; esac\n\
        if /bin/mkdir $HERE/first 2>/dev/null; then\n\
            \"$REAL\" \"$@\" | /usr/bin/head -c 300000; kill -KILL $$\n\
        fi\n\
        exec \"$REAL\" \"$@\"";
    for clip in [
        "h264_b_frames.mp4",
        "h264_one_gop.mp4",
        "h265_open_gop.mp4",
        "vp9.mp4",
    ] {
        let fake = Fake::new(script);
        let outcome = decode(clip, Some(&fake.path()));
        assert!(fake.folder.path().join("first").exists());
        assert_every_frame(clip, &outcome);
    }
}

#[test]
fn noise_on_ffmpegs_stderr_does_not_stop_it() {
    let fake = Fake::new(
        "case \"$*\" in *-version*) ;; *) i=0; while [ $i -lt 3000 ]; do echo '[error] something odd' >&2; i=$((i+1)); done;; esac\n\
         exec \"$REAL\" \"$@\"",
    );
    assert_every_frame(
        "h264_b_frames.mp4",
        &decode("h264_b_frames.mp4", Some(&fake.path())),
    );
}

#[test]
fn ffmpeg_in_path_is_found_by_itself() {
    let fake = Fake::of_version("5.1.9");
    let path = clip_path("h264_b_frames.mp4");
    let search: OsString = fake.folder.path().into();
    let outcome = Run::new(["frames".as_ref(), path.as_os_str(), "--md5".as_ref()])
        .env("PATH", search)
        .without_env("REELSCOPE_FFMPEG")
        .outcome()
        .unwrap();
    assert_every_frame("h264_b_frames.mp4", &outcome);
}
