//! Frames by number and time, and cuts of them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::path::{Path, PathBuf};

use reelscope_read::{Cut, Engines, Opened, ReadError};

fn clip(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/clips")
        .join(name)
}

#[test]
fn a_video_has_one_stream_with_a_timeline_of_its_own() {
    let mut opened = Opened::open(&clip("av1.mp4")).unwrap();
    assert!(!opened.is_recording());
    let streams = opened.streams();
    assert_eq!(streams.len(), 1);
    assert_eq!((streams[0].width, streams[0].height), (160, 120));
    assert_eq!(streams[0].timelines[0].moments, 36);
    let mut frames = opened
        .frames(streams[0].id, None, Engines::default())
        .unwrap();
    assert_eq!(frames.times()[..3], [0, 40_000_000, 80_000_000]);
    // In any order.
    for number in [35, 0, 13] {
        let frame = frames.frame(number).unwrap();
        assert_eq!((frame.width(), frame.height()), (160, 120));
    }
    let beyond = frames.frame(36);
    assert!(matches!(
        beyond,
        Err(ReadError::NoFrame {
            number: 36,
            count: 36
        })
    ));
    let picture = frames.picture(0, Some(80)).unwrap();
    assert_eq!((picture.width, picture.height), (80, 60));
}

#[test]
fn what_is_cut_out_is_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.mp4");
    let mut opened = Opened::open(&clip("av1.mp4")).unwrap();
    let id = opened.streams()[0].id;
    let mut frames = opened.frames(id, None, Engines::default()).unwrap();
    let cut = Cut {
        frames: Some(14..20),
        exact: true,
        fragmented: false,
    };
    assert_eq!(frames.remux(&cut, &path).unwrap().frames, 6);
    let mut again = Opened::open(&path).unwrap();
    let id = again.streams()[0].id;
    let mut part = again.frames(id, None, Engines::default()).unwrap();
    assert_eq!(part.times().len(), 6);
    let planes = |frame: &reelscope_media::Frame| -> Vec<Vec<u8>> {
        frame.rows(0).map(<[u8]>::to_vec).collect()
    };
    let (ours, theirs) = (part.frame(5).unwrap(), frames.frame(19).unwrap());
    assert_eq!(planes(&ours), planes(&theirs));
}

#[test]
fn what_is_no_video_is_told_with_its_path() {
    let Err(error) = Opened::open(&clip("empty.mp4")) else {
        panic!("an empty file has no video");
    };
    let words = error.to_string();
    assert!(
        words.contains("empty.mp4") && words.contains("empty"),
        "{words}"
    );
}
