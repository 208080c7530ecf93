//! What is asked for and is not there is said in words that help.

use reelscope_tests::{Run, clip_path};
use reelscope_wire::{ChunkBuilder, Column, RecordingWriter, TimeKind, component};

use crate::frames::{outcome, recording};
use crate::rig::{store, video_stream};

/// What is said on stderr of a request that cannot be met.
fn refused(path: &std::path::Path, args: &[&str]) -> String {
    let outcome = outcome(path, &[args, &["--md5"]].concat());
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert_eq!(outcome.stdout, "");
    outcome.stderr
}

#[test]
fn a_stream_that_is_not_named_or_not_there_gives_a_list_of_those_that_are() {
    let folder = tempfile::tempdir().unwrap();
    let chunks = [video_stream("/left", 0), video_stream("/right", 0)].concat();
    let path = recording(folder.path(), &chunks);
    for args in [&[][..], &["--entity", "/middle"]] {
        let said = refused(&path, args);
        assert!(said.contains("/left, /right"), "{said}");
    }
    let said = refused(&path, &["--entity", "/left", "--timeline", "lunch"]);
    assert!(said.contains("frame, stamp"), "{said}");
    let said = refused(&path, &["--recording", "nobody"]);
    assert!(said.contains("run"), "{said}");
    let at = [
        "--entity",
        "/left",
        "--timeline",
        "frame",
        "--at",
        "1s",
        "-o",
        "x.png",
    ];
    let outcome = outcome(&path, &at);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("#45"), "{}", outcome.stderr);
}

#[test]
fn a_video_file_has_no_entities() {
    let said = refused(&clip_path("av1.mp4"), &["--entity", "/cam"]);
    assert!(said.contains("no recording"), "{said}");
}

#[test]
fn what_is_no_recording_or_too_old_a_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.rrd");
    std::fs::write(&path, b"RRF1\0\x16\0\0\x01\x02\0\0 and so on").unwrap();
    for command in [&["info"][..], &["frames", "--md5"]] {
        let args = [command, &[path.to_str().unwrap()]].concat();
        let outcome = Run::new(args).outcome().unwrap();
        assert_eq!(outcome.code, Some(1));
        assert!(outcome.stderr.contains("0.23"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("old.rrd"), "{}", outcome.stderr);
    }
    std::fs::write(&path, b"a text").unwrap();
    let outcome = Run::new(["info", path.to_str().unwrap()])
        .outcome()
        .unwrap();
    assert_eq!(outcome.code, Some(1));
}

#[test]
fn a_recording_that_is_cut_off_is_read_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let path = recording(folder.path(), &video_stream("/cam", 0));
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let run = Run::new(["info", path.to_str().unwrap(), "--json"]);
    let info = run.success().unwrap().stdout;
    let info: serde_json::Value = serde_json::from_str(&info).unwrap();
    let rows = info["recordings"][0]["entities"][0]["rows"]
        .as_u64()
        .unwrap();
    assert!((1..36).contains(&rows), "{rows}");
    let warning = info["warnings"][0].as_str().unwrap();
    assert!(warning.contains("cut off"), "{warning}");
}

#[test]
fn samples_of_another_codec_than_stated_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut chunks = video_stream("/cam", 0);
    let hevc = Column::new(
        component::VIDEO_STREAM_CODEC,
        [u32::from_be_bytes(*b"hev1")],
    );
    chunks.push(ChunkBuilder::new("/wrong").column(hevc).build().unwrap());
    let sample = Column::new(component::VIDEO_STREAM_SAMPLE, [&[0x12, 0, 0x0a, 1][..]]);
    let sample = ChunkBuilder::new("/wrong")
        .times("frame", TimeKind::Sequence, vec![0])
        .column(sample)
        .build();
    chunks.push(sample.unwrap());
    let path = recording(folder.path(), &chunks);
    let said = refused(&path, &["--entity", "/wrong"]);
    assert!(
        said.contains("/wrong: 1 sample, and none is a keyframe of H.265"),
        "{said}"
    );
    // What is wrong with one entity is not said of another.
    let outcome = outcome(&path, &["--entity", "/cam", "--timeline", "frame", "--md5"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_name_with_a_line_break_stays_on_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording.rrd");
    let mut writer = RecordingWriter::new(std::fs::File::create(&path).unwrap()).unwrap();
    writer.store(&store("a\nrecording \u{1b}[31mb")).unwrap();
    writer.finish().unwrap();
    let run = Run::new(["info", path.to_str().unwrap()]);
    let text = run.success().unwrap().stdout;
    assert!(
        text.contains(r"recording a\nrecording \u{1b}[31mb of tests"),
        "{text}"
    );
}
