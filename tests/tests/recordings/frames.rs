//! The frames of a recording are those that FFmpeg decodes from the same samples, at the times at which
//! they were logged.

use std::path::{Path, PathBuf};

use reelscope_tests::{FrameLine, Outcome, Run, clip_path, clips, frame_lines};
use reelscope_wire::{Chunk, ChunkBuilder, Column, RecordingWriter, TimeKind, component};

use crate::rig::{stamp, store, video_stream};

/// A recording file with these chunks.
pub(crate) fn recording(folder: &Path, chunks: &[Chunk]) -> PathBuf {
    let path = folder.join("recording.rrd");
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = RecordingWriter::new(file).unwrap();
    writer.store(&store("run")).unwrap();
    for chunk in chunks {
        writer.chunk(&store("run").id, chunk).unwrap();
    }
    writer.finish().unwrap();
    path
}

/// `reelscope frames FILE ARGS…`.
pub(crate) fn outcome(path: &Path, args: &[&str]) -> Outcome {
    let start = ["frames", path.to_str().unwrap()];
    Run::new(start.iter().chain(args)).outcome().unwrap()
}

fn list(path: &Path, args: &[&str]) -> Vec<FrameLine> {
    let outcome = outcome(path, &[args, &["--md5"]].concat());
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    frame_lines(&outcome.stdout).unwrap()
}

/// What FFmpeg decodes from the clip.
fn truth() -> Vec<String> {
    let clip = clips().unwrap().into_iter().find(|it| it.file == "av1.ivf");
    clip.unwrap().tracks[0].md5.clone()
}

/// Times and checksums.
fn pairs(frames: &[FrameLine]) -> Vec<(i64, String)> {
    frames
        .iter()
        .map(|it| (it.pts_ns, it.md5.clone()))
        .collect()
}

fn expected(time: impl Fn(i64) -> i64, from: usize) -> Vec<(i64, String)> {
    (0..).map(time).zip(truth()).skip(from).collect()
}

#[test]
fn a_stream_is_decoded_in_order_with_its_times_on_the_timeline() {
    let folder = tempfile::tempdir().unwrap();
    let path = recording(folder.path(), &video_stream("/cam", 0));
    let frames = list(&path, &["--timeline", "frame"]);
    assert_eq!(pairs(&frames), expected(|number| 10 * number, 0));
    let frames = list(&path, &["--entity", "/cam", "--timeline", "stamp"]);
    assert_eq!(pairs(&frames), expected(stamp, 0));
}

#[test]
fn samples_before_the_first_keyframe_are_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    // The clip's keyframes are its frames 0, 12 and 24.
    let path = recording(folder.path(), &video_stream("/cam", 5));
    let outcome = outcome(&path, &["--timeline", "frame", "--md5"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let frames = frame_lines(&outcome.stdout).unwrap();
    assert_eq!(pairs(&frames), expected(|number| 10 * number, 12));
    assert!(outcome.stderr.contains("7 samples"), "{}", outcome.stderr);
}

/// A whole video, and what refers to its frames at these milliseconds.
fn asset(entity: &str, references: &[i64]) -> Vec<Chunk> {
    let file = std::fs::read(clip_path("av1.mp4")).unwrap();
    let blob = Column::new(component::ASSET_VIDEO_BLOB, [file.as_slice()]);
    let mut chunks = vec![ChunkBuilder::new(entity).column(blob).build().unwrap()];
    for (number, millis) in (0_i64..).zip(references) {
        let at = Column::new(
            component::VIDEO_FRAME_REFERENCE_TIMESTAMP,
            [millis * 1_000_000],
        );
        let of = Column::new(component::VIDEO_FRAME_REFERENCE_VIDEO_REFERENCE, [entity]);
        let chunk = ChunkBuilder::new("/view")
            .times("frame", TimeKind::Sequence, vec![number])
            .column(at)
            .column(of)
            .build();
        chunks.push(chunk.unwrap());
    }
    chunks
}

#[test]
fn references_show_the_frames_that_they_name_in_their_own_order() {
    let folder = tempfile::tempdir().unwrap();
    // 25 frames per second: the frames 35, 0, 17 and 1.
    let path = recording(folder.path(), &asset("/file", &[1_400, 0, 680, 40]));
    let frames = list(&path, &["--entity", "/view", "--timeline", "frame"]);
    let truth = truth();
    let expected = [35, 0, 17, 1].map(|number: usize| truth[number].clone());
    let expected: Vec<(i64, String)> = (0..).zip(expected).collect();
    assert_eq!(pairs(&frames), expected);
}

#[test]
fn a_video_that_nothing_refers_to_has_its_own_times() {
    let folder = tempfile::tempdir().unwrap();
    let path = recording(folder.path(), &asset("/file", &[]));
    let frames = list(&path, &[]);
    assert_eq!(pairs(&frames), expected(|number| number * 40_000_000, 0));
}

#[test]
fn a_picture_of_a_recording_is_the_one_of_the_file_that_it_was_logged_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = recording(folder.path(), &video_stream("/cam", 0));
    let picture = |input: &Path, args: &[&str]| {
        let output = folder.path().join("frame.png");
        let args = [args, &["-o", output.to_str().unwrap()]].concat();
        let outcome = outcome(input, &args);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        std::fs::read(output).unwrap()
    };
    let expected = picture(&clip_path("av1.ivf"), &["--at", "#20"]);
    for args in [
        &["--at", "#20", "--timeline", "frame"][..],
        // A second each: from the first one on, and as a time of its own.
        &["--at", "20.5s", "--timeline", "stamp"],
        &["--at", "1700000020s", "--timeline", "stamp"],
    ] {
        assert!(picture(&path, args) == expected, "{args:?}");
    }
}
