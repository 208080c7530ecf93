//! What the writer writes, our own reader reads: every clip that an MP4 file can hold, whole and cut.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail as tests do"
)]

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use reelscope_container::{Mp4Writer, MuxError, MuxOptions, open};
use reelscope_media::{ByteSource, Codec, Pts, SyncKind, Timescale, Track, TrackKind, Visibility};

fn clips() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clips")
}

/// The first video track of a file in memory.
fn track(bytes: Vec<u8>, name: &str) -> Option<Track> {
    let source: Arc<dyn ByteSource> = Arc::new(Bytes::from(bytes));
    let movie = open(source, name).ok()?;
    movie
        .tracks
        .into_iter()
        .find(|track| track.kind == TrackKind::Video)
}

fn clip(name: &str) -> Track {
    let bytes = std::fs::read(clips().join(name)).unwrap();
    track(bytes, name).unwrap()
}

fn write(track: &Track, options: &MuxOptions) -> Result<Track, MuxError> {
    let mut out = Cursor::new(Vec::new());
    let writer = Mp4Writer::new(track, options)?;
    writer.write(&mut out, |_| ControlFlow::Continue(()))?;
    let written = self::track(out.into_inner(), "out.mp4").expect("it is a video");
    assert_eq!(written.samples.shown().len(), writer.frames());
    Ok(written)
}

/// Presentation times of what is shown, in nanoseconds.
fn times(track: &Track) -> Vec<i64> {
    let pts = |id| Some(track.nanos(track.samples.get(id)?.pts));
    let shown = track.samples.shown().iter();
    shown.filter_map(|id| pts(*id)).collect()
}

/// Numbers of the frames that decoding can start at.
fn keyframes(track: &Track) -> Vec<usize> {
    let sync = track.samples.sync_samples();
    sync.filter_map(|id| track.samples.frame_number(id))
        .collect()
}

#[test]
fn times_and_keyframes_of_every_clip_survive() {
    let mut checked = 0;
    for entry in std::fs::read_dir(clips()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(track) = std::fs::read(clips().join(&name))
            .ok()
            .and_then(|it| track(it, &name))
        else {
            continue;
        };
        let all = track.samples.positions();
        let mut all = all.filter_map(|at| track.samples.get(track.samples.at_decode_position(at)?));
        if all.any(|sample| sample.visibility == Visibility::NoPicture) {
            // That a sample has no picture is nothing that a container says.
            continue;
        }
        for fragmented in [false, true] {
            let options = MuxOptions {
                fragmented,
                from_zero: true,
                ..MuxOptions::WHOLE
            };
            let written = match write(&track, &options) {
                Ok(written) => written,
                // Damaged ones, and codecs that MP4 does not hold.
                Err(error) => {
                    println!("{name}: {error}");
                    continue;
                }
            };
            let first = times(&track).first().copied().unwrap_or(0);
            let expected: Vec<i64> = times(&track).iter().map(|time| time - first).collect();
            let off = times(&written);
            let off = off
                .iter()
                .zip(&expected)
                .map(|(ours, theirs)| (ours - theirs).abs());
            assert!(off.max().unwrap_or(0) <= 1, "{name}: times");
            assert_eq!(times(&written).len(), expected.len(), "{name}: frames");
            assert_eq!(keyframes(&written), keyframes(&track), "{name}: keyframes");
            assert_eq!(
                written.geometry.orientation, track.geometry.orientation,
                "{name}"
            );
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn an_exact_cut_hides_what_comes_before() {
    let track = clip("h264_b_frames.mp4");
    let pts = |number: usize| {
        let id = track.samples.shown()[number];
        track.samples.get(id).unwrap().pts
    };
    let options = MuxOptions {
        range: Some(pts(5)..pts(9)),
        exact: true,
        from_zero: true,
        ..MuxOptions::WHOLE
    };
    let written = write(&track, &options).unwrap();
    let first = times(&track)[5];
    let expected: Vec<i64> = times(&track)[5..9]
        .iter()
        .map(|time| time - first)
        .collect();
    assert_eq!(times(&written), expected);
    assert!(
        written.samples.len() > 4,
        "what they are decoded from is there"
    );
}

/// A copy of a track with other times.
fn with_times(track: &Track, pts: impl Fn(i64) -> i64) -> Track {
    let mut copy = track.clone();
    let samples = track.samples.positions().filter_map(|position| {
        let id = track.samples.at_decode_position(position)?;
        track.samples.get(id).cloned()
    });
    copy.samples = samples
        .map(|mut sample| {
            sample.pts = Pts(pts(sample.pts.0));
            sample
        })
        .collect();
    copy
}

#[test]
fn long_pauses_are_kept_to_the_microsecond() {
    // Frames an hour apart, in nanoseconds: no file holds that many ticks between two samples.
    let mut track = with_times(&clip("av1.mp4"), |pts| pts * 1_000_000_000);
    track.timescale = Timescale::NANOS;
    let writer = Mp4Writer::new(&track, &MuxOptions::WHOLE).unwrap();
    assert!(writer.rounds_times());
    let written = write(&track, &MuxOptions::WHOLE).unwrap();
    for (ours, theirs) in times(&written).iter().zip(times(&track)) {
        assert!((ours - theirs).abs() <= 1_000_000, "{ours}, not {theirs}");
    }
}

#[test]
fn what_cannot_be_written_is_said() {
    let track = clip("h264_b_frames.mp4");
    let range = Some(Pts(i64::MAX - 1)..Pts(i64::MAX));
    let nothing = MuxOptions {
        range: range.clone(),
        ..MuxOptions::WHOLE
    };
    assert!(matches!(write(&track, &nothing), Err(MuxError::Empty)));
    let both = MuxOptions {
        range,
        exact: true,
        fragmented: true,
        ..MuxOptions::WHOLE
    };
    assert!(matches!(
        write(&track, &both),
        Err(MuxError::ExactFragments)
    ));
    let mut other = track.clone();
    other.codec = Codec::Jpeg;
    assert!(matches!(
        write(&other, &MuxOptions::WHOLE),
        Err(MuxError::Codec { .. })
    ));
    let mut out = Cursor::new(Vec::new());
    let writer = Mp4Writer::new(&track, &MuxOptions::WHOLE).unwrap();
    let stopped = writer.write(&mut out, |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(MuxError::Cancelled)));
    let mut headless = with_times(&track, |pts| pts);
    headless.samples = (headless.samples.positions())
        .filter_map(|at| {
            headless
                .samples
                .get(headless.samples.at_decode_position(at)?)
                .cloned()
        })
        .map(|mut sample| {
            sample.sync = SyncKind::None;
            sample
        })
        .collect();
    let part = MuxOptions {
        range: Some(Pts(0)..Pts(i64::MAX)),
        ..MuxOptions::WHOLE
    };
    assert!(matches!(write(&headless, &part), Err(MuxError::NoKeyframe)));
}
