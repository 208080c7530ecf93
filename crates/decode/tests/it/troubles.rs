//! What goes wrong with FFmpeg and with samples is told as what it is, and does not last.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reelscope_decode::{
    DecodeEnv, DecodeError, FfmpegError, FfmpegLocator, MINIMUM_FFMPEG, download_page,
};
use reelscope_media::SampleData;

use crate::support::{PATIENCE, Rig, Wrapped, clip, open, script, true_md5s};

const OPTIONS: &str = "-c:v libx264 -bf 2 -g 10 -pix_fmt yuv420p";

fn h264(folder: &Path) -> PathBuf {
    clip(folder, "a.mp4", "testsrc2=s=176x144:r=25:d=2", OPTIONS)
}

fn found(path: PathBuf) -> Result<String, FfmpegError> {
    FfmpegLocator::new(Some(path))
        .current()
        .map(|install| install.version_text)
}

#[test]
fn an_old_ffmpeg_is_named_with_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let line =
        "ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright (c) 2000-2021 the FFmpeg developers";
    let old = script(folder.path(), "old", &format!("echo '{line}'"));
    let error = found(old.clone()).unwrap_err();
    let text = "4.4.2-0ubuntu0.22.04.1".to_owned();
    assert_eq!(
        error,
        FfmpegError::TooOld {
            path: old,
            found: text
        }
    );
    assert!(error.to_string().contains(&format!(
        "{}.{} or newer",
        MINIMUM_FFMPEG.0, MINIMUM_FFMPEG.1
    )));
}

#[test]
fn what_is_not_ffmpeg_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let other = script(folder.path(), "other", "echo 'hello there'");
    assert!(
        matches!(found(other), Err(FfmpegError::NotFfmpeg { output, .. }) if output.contains("hello"))
    );
    let silent = script(folder.path(), "silent", "exit 3");
    assert!(matches!(found(silent), Err(FfmpegError::NotFfmpeg { .. })));
    let endless = script(folder.path(), "endless", "yes");
    assert!(matches!(found(endless), Err(FfmpegError::NotFfmpeg { .. })));
    let text = folder.path().join("text");
    std::fs::write(&text, "no program").unwrap();
    assert!(matches!(
        found(text),
        Err(FfmpegError::NotExecutable { .. })
    ));
    let missing = folder.path().join("missing");
    assert!(matches!(
        found(missing),
        Err(FfmpegError::NotExecutable { .. })
    ));
}

#[test]
fn a_hanging_ffmpeg_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let hanging = script(folder.path(), "hanging", "sleep 600 & sleep 600");
    let started = Instant::now();
    assert!(matches!(found(hanging), Err(FfmpegError::Hung { .. })));
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_video_without_ffmpeg_says_so_and_plays_once_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = h264(folder.path());
    let locator = Arc::new(FfmpegLocator::new(Some(folder.path().join("not yet"))));
    let env = DecodeEnv::new(Arc::clone(&locator), 2);
    let mut rig = Rig::new(open(&path).unwrap(), env);
    rig.feed(0..3);
    rig.until(|seen| seen.failed.is_some());
    let failed = rig.seen.failed.take().unwrap();
    assert!(matches!(
        failed,
        DecodeError::Ffmpeg(FfmpegError::NotExecutable { .. })
    ));

    let (wake, woken) = std::sync::mpsc::channel();
    locator
        .watch(Arc::new(move || wake.send(()).unwrap_or_default()))
        .unwrap();
    let before = locator.revision();
    locator.set_path(None);
    while locator.revision() == before {
        woken.recv_timeout(PATIENCE).unwrap();
    }
    assert!(locator.current().is_ok());
    rig.seek();
    rig.play_all();
    assert_eq!(rig.md5_list(), true_md5s(&path));
}

#[test]
fn an_ffmpeg_that_appears_later_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("ffmpeg");
    let locator = FfmpegLocator::new(Some(place.clone()));
    let (wake, woken) = std::sync::mpsc::channel();
    locator
        .watch(Arc::new(move || wake.send(()).unwrap_or_default()))
        .unwrap();
    woken.recv_timeout(PATIENCE).unwrap();
    assert!(locator.known().unwrap().is_err());
    script(
        folder.path(),
        "ffmpeg",
        "echo 'ffmpeg version 7.1 Copyright (c)'",
    );
    while locator.known().unwrap().is_err() {
        woken.recv_timeout(PATIENCE).unwrap();
    }
    assert_eq!(locator.current().unwrap().version, (7, 1));
}

#[test]
fn a_killed_ffmpeg_is_reported_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = h264(folder.path());
    let truth = true_md5s(&path);
    let wrapped = Wrapped::new(folder.path());
    let mut rig = wrapped.rig(&path);
    rig.feed(0..20);
    rig.until(|seen| seen.frames.len() > 5);
    wrapped.kill_all();
    rig.until(|seen| seen.failed.is_some());
    let failed = rig.seen.failed.take().unwrap();
    assert!(
        matches!(
            failed,
            DecodeError::Stopped {
                engine: "FFmpeg",
                ..
            }
        ),
        "{failed}"
    );
    rig.seek();
    rig.play_all();
    assert_eq!(rig.md5_list(), truth);
}

#[test]
fn an_ffmpeg_that_dies_at_once_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = h264(folder.path());
    let version = "case \"$*\" in *-version*) echo 'ffmpeg version 6.0 Copyright'; exit;; esac";
    let dying = script(
        folder.path(),
        "dying",
        &format!("{version}\necho 'out of luck' >&2; exit 7"),
    );
    let env = DecodeEnv::new(Arc::new(FfmpegLocator::new(Some(dying))), 1);
    let mut rig = Rig::new(open(&path).unwrap(), env);
    rig.feed(0..10);
    rig.until(|seen| seen.failed.is_some());
    let said = rig.seen.failed.take().unwrap().to_string();
    assert!(said.contains("out of luck") && said.contains('7'), "{said}");
}

#[test]
fn an_ffmpeg_that_takes_nothing_and_gives_nothing_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = h264(folder.path());
    let version = "case \"$*\" in *-version*) echo 'ffmpeg version 6.0 Copyright'; exit;; esac";
    let stuck = script(folder.path(), "stuck", &format!("{version}\nsleep 600"));
    let env = DecodeEnv::new(Arc::new(FfmpegLocator::new(Some(stuck))), 1);
    let mut rig = Rig::new(open(&path).unwrap(), env);
    rig.feed(0..10);
    rig.flush();
    assert!(
        rig.seen
            .failed
            .take()
            .unwrap()
            .to_string()
            .contains("10 seconds")
    );
}

#[test]
fn a_worker_that_is_dropped_while_it_works_leaves_no_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = h264(folder.path());
    let wrapped = Wrapped::new(folder.path());
    let mut rig = wrapped.rig(&path);
    rig.feed(0..12);
    // Nobody fetches frames: the queue is full and FFmpeg waits.
    std::thread::sleep(Duration::from_millis(300));
    let started = Instant::now();
    drop(rig);
    assert!(started.elapsed() < Duration::from_millis(50));
    while wrapped.alive() > 0 {
        assert!(started.elapsed() < PATIENCE, "FFmpeg lives on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_sample_that_cannot_be_read_costs_only_what_refers_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = clip(
        folder.path(),
        "a.mov",
        "testsrc2=s=64x48:r=25:d=0.4",
        "-c:v mjpeg -pix_fmt yuvj420p",
    );
    let truth = true_md5s(&path);
    let mut rig = Rig::of_file(&path);
    rig.edit(3, |data| {
        *data = SampleData::Range {
            offset: u64::MAX - 9,
            len: 5,
        }
    });
    rig.play_all();
    assert!(matches!(
        rig.seen.damaged.as_slice(),
        [(_, DecodeError::Load(_))]
    ));
    let expected: Vec<_> = truth
        .iter()
        .enumerate()
        .filter(|(rank, _)| *rank != 3)
        .map(|(_, md5)| md5.clone())
        .collect();
    assert_eq!(rig.md5_list(), expected);
}

#[test]
fn garbage_for_samples_neither_hangs_nor_panics() {
    let folder = tempfile::tempdir().unwrap();
    for (name, options) in [
        ("a.mp4", OPTIONS),
        ("b.webm", "-c:v libvpx-vp9 -cpu-used 8"),
        ("c.webm", "-c:v libvpx"),
        ("d.mp4", "-c:v libaom-av1 -cpu-used 8 -pix_fmt yuv420p"),
        ("e.mov", "-c:v mjpeg -pix_fmt yuvj420p"),
        ("f.mov", "-c:v png"),
    ] {
        let path = clip(folder.path(), name, "testsrc2=s=64x48:r=25:d=1", options);
        let mut rig = Rig::of_file(&path);
        for position in 2..20 {
            rig.edit(position, |data| {
                let noise = (0..data.len()).map(|at| (at * at * 31 + position * 7) as u8);
                *data = SampleData::Bytes(noise.collect::<Vec<u8>>().into());
            });
        }
        rig.play_all();
        assert!(rig.seen.flushed || rig.seen.failed.is_some(), "{name}");
    }
}

#[test]
fn there_is_a_page_to_get_ffmpeg_from() {
    assert!(download_page().starts_with("https://ffmpeg.org/"));
}
