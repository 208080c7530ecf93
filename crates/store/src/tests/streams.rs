//! Streams: samples in any order, references, timelines, what is on screen.

use reelscope_media::{Pts, Sample, SampleData, SampleIndex, StreamFacts, Timescale, Track};

use super::*;

fn times_shown(store: &Store) -> Vec<i64> {
    let view = store.streams().next().unwrap();
    let moments = (0..view.moments()).map(|number| view.moment(number).unwrap().time.0);
    moments.collect()
}

#[test]
fn chunks_that_overlap_in_time_make_one_stream_in_row_order() {
    let (mut store, id) = open();
    let added = add(
        &mut store,
        id,
        "cam",
        video(&[(0, 0, true), (2, 20, false), (4, 40, false)], 9),
    );
    assert_eq!(added.new.len(), 1);
    let added = add(
        &mut store,
        id,
        "cam",
        video(&[(1, 10, false), (3, 30, false)], 9),
    );
    assert_eq!((added.new.len(), added.grown.len()), (0, 1));
    assert_eq!(times_shown(&store), [0, 10, 20, 30, 40]);
    let view = store.streams().next().unwrap();
    let samples = &view.track.samples;
    let decoded = samples.positions().map(|at| {
        let id = samples.at_decode_position(at).unwrap();
        samples.get(id).unwrap().pts.0
    });
    assert_eq!(decoded.collect::<Vec<_>>(), [0, 10, 20, 30, 40]);
    assert_eq!(samples.late().len(), 2);
}

#[test]
fn with_b_frames_rows_are_in_decode_order_and_times_in_presentation_order() {
    let (mut store, id) = open();
    let coded = [(0, 0, true), (1, 30, false), (2, 10, false), (3, 20, false)];
    for sample in coded {
        add(&mut store, id, "cam", video(&[sample], 9));
    }
    assert_eq!(times_shown(&store), [0, 10, 20, 30]);
    assert_eq!(shown_at(&store, id, 29), Ok(20));
}

#[test]
fn before_the_first_keyframe_there_is_nothing_to_show() {
    let (mut store, id) = open();
    add(
        &mut store,
        id,
        "cam",
        video(&[(0, 0, false), (1, 10, false), (2, 20, true)], 9),
    );
    assert_eq!(shown_at(&store, id, 15), Err(Nothing::WaitsForKeyframe));
    assert_eq!(shown_at(&store, id, 20), Ok(20));
}

#[test]
fn samples_without_any_keyframe_are_counted_with_the_codec_that_was_stated() {
    let (mut store, id) = open();
    add(
        &mut store,
        id,
        "cam",
        video(&[(0, 0, false), (1, 10, false)], 9),
    );
    let shown = shown_at(&store, id, 15).unwrap_err();
    assert_eq!(
        shown.to_string(),
        "2 samples, and none is a keyframe of H.264; is the codec right?"
    );
    // Neither does it help that none of them is to be shown.
    let (mut store, id) = open();
    let mut hidden = video(&[(0, 0, false)], 9);
    if let Some(Content::Samples(_, samples)) = hidden.content.first_mut() {
        samples[0].visibility = Visibility::NoPicture;
    }
    add(&mut store, id, "cam", hidden);
    assert_eq!(
        shown_at(&store, id, 15),
        Err(Nothing::NoKeyframe {
            samples: 1,
            codec: Codec::H264
        })
    );
}

#[test]
fn a_cleared_stream_shows_nothing_until_its_next_sample() {
    let (mut store, id) = open();
    add(
        &mut store,
        id,
        "cam",
        video(&[(0, 0, true), (9, 50, true)], 9),
    );
    let clear = LoggedRows {
        content: vec![Content::Clear(vec![(0, true)])],
        ..rows(&[5], Some(&[30]))
    };
    add(&mut store, id, "/", clear);
    assert_eq!(shown_at(&store, id, 29), Ok(0));
    assert_eq!(shown_at(&store, id, 30), Err(Nothing::Cleared));
    assert_eq!(shown_at(&store, id, 50), Ok(50));
    let ends = LoggedRows {
        content: vec![Content::Ends(StreamKind::VideoStream, vec![0])],
        ..rows(&[10], Some(&[60]))
    };
    add(&mut store, id, "cam", ends);
    assert_eq!(shown_at(&store, id, 61), Err(Nothing::Cleared));
}

#[test]
fn a_static_picture_is_shown_at_all_times_and_the_last_one_counts() {
    let (mut store, id) = open();
    for (row, bytes) in [(7, 70), (3, 30)] {
        let rows = LoggedRows {
            content: vec![Content::Samples(
                StreamKind::EncodedImage,
                vec![sample(0, true, bytes)],
            )],
            ..rows(&[row], None)
        };
        add(&mut store, id, "map", rows);
    }
    let view = store.streams().next().unwrap();
    assert!(view.is_static() && view.extent().is_none());
    for time in [i64::MIN, 0, i64::MAX] {
        let hit = store
            .hit(store.recording(id).unwrap(), &view, LogTime(time))
            .unwrap();
        assert_eq!(hit.track.samples.get(hit.sample).unwrap().data.len(), 70);
    }
}

/// A video of frames every 10 ms, starting at so many milliseconds.
fn asset(start: i64, frames: i64) -> Track {
    let samples: SampleIndex = (0..frames)
        .map(|at| Sample {
            duration: 10,
            ..Sample::new(
                start + at * 10,
                at,
                SyncKind::Closed,
                SampleData::Range { offset: 0, len: 1 },
            )
        })
        .collect();
    Track {
        id: 1,
        presentation: Presentation::Picture,
        samples,
        ..Track::new(Codec::H264, Timescale::MILLIS)
    }
}

fn asset_rows(track: Track) -> LoggedRows {
    LoggedRows {
        content: vec![Content::Asset(0, Ok(Box::new(track)))],
        ..rows(&[0], None)
    }
}

/// References at times on `frame` to milliseconds of the video.
fn references(ids: &[u64], times: &[i64], millis: &[i64]) -> LoggedRows {
    let references = (0..).zip(millis.iter().map(|millis| millis * 1_000_000));
    LoggedRows {
        content: vec![Content::References(references.collect())],
        ..rows(ids, Some(times))
    }
}

fn target(named: Vec<&'static str>, ids: &[u64], times: Option<&[i64]>) -> LoggedRows {
    LoggedRows {
        columns: vec![column("VideoFrameReference:video_reference", Words(named))],
        ..rows(ids, times)
    }
}

fn reference_at(store: &Store, id: RecordingId, time: i64) -> Result<i64, Nothing> {
    let recording = store.recording(id).unwrap();
    let refers = |view: &StreamView<'_>| view.kind == Some(StreamKind::VideoFrameReference);
    let view = store.streams_of(recording).find(refers).unwrap();
    store
        .hit(recording, &view, LogTime(time))
        .map(|hit| hit.pts.0)
}

#[test]
fn references_show_the_closest_frame_whether_the_video_comes_first_or_last() {
    let (mut store, id) = open();
    add(
        &mut store,
        id,
        "video",
        references(&[1, 2, 3], &[0, 1, 2], &[0, 16, 94]),
    );
    let missing = Nothing::NoVideo {
        entity: EntityPath::new("video"),
    };
    assert_eq!(reference_at(&store, id, 1), Err(missing));
    add(&mut store, id, "video", asset_rows(asset(0, 8)));
    let at = |time| reference_at(&store, id, time);
    assert_eq!(
        [at(0), at(1), at(2), at(9)],
        [Ok(0), Ok(20), Ok(70), Ok(70)]
    );
    let recording = store.recording(id).unwrap();
    assert_eq!(recording.timeline(), Some(&frame()));
}

#[test]
fn times_in_a_video_count_from_its_first_frame() {
    let (mut store, id) = open();
    add(&mut store, id, "video", asset_rows(asset(66, 8)));
    add(
        &mut store,
        id,
        "video",
        references(&[1, 2], &[0, 1], &[0, 30]),
    );
    assert_eq!(
        [reference_at(&store, id, 0), reference_at(&store, id, 1)],
        [Ok(66), Ok(96)]
    );
}

#[test]
fn references_may_change_over_to_another_entitys_video() {
    let (mut store, id) = open();
    add(&mut store, id, "first", asset_rows(asset(0, 8)));
    add(&mut store, id, "second/part", asset_rows(asset(5, 8)));
    add(
        &mut store,
        id,
        "view",
        references(&[1, 2], &[0, 10], &[20, 20]),
    );
    let names = vec!["first", "/second/part"];
    add(
        &mut store,
        id,
        "view",
        target(names, &[3, 4], Some(&[0, 10])),
    );
    assert_eq!(
        [reference_at(&store, id, 0), reference_at(&store, id, 10)],
        [Ok(20), Ok(25)]
    );
}

#[test]
fn references_to_a_stream_are_times_of_that_stream() {
    let (mut store, id) = open();
    add(
        &mut store,
        id,
        "cam",
        video(
            &[(0, 0, true), (1, 1_000_000, false), (2, 3_000_000, false)],
            9,
        ),
    );
    add(&mut store, id, "view", target(vec!["cam"], &[3], None));
    add(
        &mut store,
        id,
        "view",
        references(&[4, 5], &[100, 101], &[1, 3]),
    );
    assert_eq!(reference_at(&store, id, 100), Ok(1_000_000));
    assert_eq!(reference_at(&store, id, 101), Ok(3_000_000));
}

#[test]
fn a_video_that_nothing_refers_to_plays_on_a_timeline_of_its_own() {
    let (mut store, id) = open();
    add(&mut store, id, "video", asset_rows(asset(0, 8)));
    let recording = store.recording(id).unwrap();
    assert_eq!(recording.timeline(), Some(&Timeline::video_time()));
    let view = store.streams_of(recording).next().unwrap();
    assert_eq!(view.extent(), Some((LogTime(0), LogTime(80_000_000))));
    let hit = store.hit(recording, &view, LogTime(31_000_000)).unwrap();
    assert_eq!(hit.pts, Pts(30));
}

#[test]
fn a_row_is_only_on_the_timelines_that_it_was_logged_on() {
    let (mut store, id) = open();
    add(
        &mut store,
        id,
        "cam",
        video(&[(0, 0, true), (1, 10, true)], 9),
    );
    let mut other = video(&[(2, 1_000, true)], 9);
    other.times[0].timeline = Timeline {
        name: "log_time".into(),
        kind: TimelineKind::Timestamp,
    };
    add(&mut store, id, "cam", other);
    assert_eq!(
        times_shown(&store),
        [0, 10],
        "the program's own timeline goes first"
    );
    assert!(store.recording_mut(id).unwrap().choose_timeline("log_time"));
    assert_eq!(times_shown(&store), [1_000]);
    assert!(!store.recording_mut(id).unwrap().choose_timeline("none"));
    assert_eq!(times_shown(&store), [1_000]);
}

#[test]
fn what_sort_of_bytes_changes_within_a_stream_it_goes_on() {
    let (mut store, id) = open();
    add(&mut store, id, "cam", video(&[(0, 0, true)], 9));
    let mut changed = sample(0, true, 9);
    changed.config = Arc::new(CodecConfig {
        codec: Codec::H265,
        ..(*changed.config).clone()
    });
    let rows = LoggedRows {
        content: vec![Content::Samples(StreamKind::VideoStream, vec![changed])],
        ..rows(&[1], Some(&[10]))
    };
    add(&mut store, id, "cam", rows);
    let view = store.streams().next().unwrap();
    let codecs: Vec<Codec> = view
        .track
        .configs
        .iter()
        .map(|config| config.codec)
        .collect();
    assert_eq!(codecs, [Codec::H264, Codec::H265]);
    assert_eq!(times_shown(&store), [0, 10]);
}

#[test]
fn what_is_logged_late_goes_into_the_gop_of_its_time() {
    // GOPs of four, 10 apart; the third sample of the first one and the whole third GOP come last.
    let late = [2, 8, 9, 10, 11];
    let on_time = (0..60).filter(|at| !late.contains(at));
    for reorder_depth in [Some(0), None] {
        let (mut store, id) = open();
        for (row, at) in (0..).zip(on_time.clone().chain(late)) {
            let mut rows = video(&[(row, at * 10, at % 4 == 0)], 9);
            if let Some(Content::Samples(_, samples)) = rows.content.first_mut() {
                samples[0].facts = Some(Arc::new(StreamFacts {
                    reorder_depth,
                    ..StreamFacts::default()
                }));
            }
            add(&mut store, id, "cam", rows);
        }
        let view = store.streams().next().unwrap();
        let samples = &view.track.samples;
        let decoded = samples.positions().map(|at| {
            let id = samples.at_decode_position(at).unwrap();
            samples.get(id).unwrap().pts.0 / 10
        });
        assert_eq!(decoded.collect::<Vec<_>>(), (0..60).collect::<Vec<_>>());
        assert_eq!(samples.gop_count(), 15);
    }
}

#[test]
fn references_that_lead_in_a_circle_say_so() {
    let (mut store, id) = open();
    let entity = EntityPath::new;
    for (from, to) in [
        ("a", "/b"),
        ("b", "/a"),
        ("self", "self"),
        ("lost", "/none"),
    ] {
        add(&mut store, id, from, target(vec![to], &[1], None));
        add(&mut store, id, from, references(&[2], &[0], &[0]));
    }
    let recording = store.recording(id).unwrap();
    let at = |path: &str| {
        let mut views = store.streams_of(recording);
        let view = views.find(|view| view.entity == entity(path)).unwrap();
        store.hit(recording, &view, LogTime(0)).unwrap_err()
    };
    let circle = |path: &[&str]| Nothing::Circle {
        entities: path.iter().map(|path| entity(path)).collect(),
    };
    assert_eq!(at("a"), circle(&["a", "b", "a"]));
    assert_eq!(at("self"), circle(&["self", "self"]));
    assert_eq!(
        at("a").to_string(),
        "its references go in a circle: /a → /b → /a"
    );
    assert_eq!(
        at("lost"),
        Nothing::NoVideo {
            entity: entity("none")
        }
    );
}
