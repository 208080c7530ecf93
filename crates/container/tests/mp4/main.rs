//! MP4 files made box by box, one rule at a time. Presentation and decode times and what is hidden
//! are what ffprobe 5.1 prints for the same bytes (`-show_packets`, flag `D`); sync samples are those
//! that the boxes state, as there are no bits here to take them from.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod build;
mod described;
mod fragments;
mod hostile;

use std::sync::Arc;

use bytes::Bytes;
use reelscope_container::{ContainerError, Movie, open};
use reelscope_media::{SampleData, SyncKind, Track, TrackKind, Visibility};

use build::{Fragment, Plain, entry, full, words};

fn movie(file: Vec<u8>) -> Movie {
    open(Arc::new(Bytes::from(file)), "test.mp4").unwrap()
}

fn video(movie: &Movie) -> &Track {
    movie
        .tracks
        .iter()
        .find(|track| track.kind == TrackKind::Video)
        .unwrap()
}

/// Presentation times of the samples that are shown, in order.
fn shown(file: Vec<u8>) -> Vec<i64> {
    let movie = movie(file);
    let samples = &video(&movie).samples;
    samples
        .shown()
        .iter()
        .map(|id| samples.get(*id).unwrap().pts.0)
        .collect()
}

/// What ffprobe prints of each packet in decode order: pts, dts, and flags: `K` for a sync sample,
/// `D` for one that is not shown.
fn packets(file: Vec<u8>) -> Vec<(i64, i64, &'static str)> {
    let movie = movie(file);
    let samples = &video(&movie).samples;
    let ids = (0..samples.len()).map(|at| samples.at_decode_position(at).unwrap());
    ids.map(|id| {
        let sample = samples.get(id).unwrap();
        let flags = match (
            sample.sync != SyncKind::None,
            sample.visibility == Visibility::CutOff,
        ) {
            (true, true) => "KD",
            (true, false) => "K",
            (false, true) => "D",
            (false, false) => "",
        };
        (sample.pts.0, sample.dts.0, flags)
    })
    .collect()
}

/// Ten samples in the pattern I P B B, with sync samples 1, 5 and 9.
fn reordered() -> Plain {
    Plain {
        offsets: vec![
            [1, 100],
            [1, 300],
            [2, 0],
            [1, 100],
            [1, 300],
            [2, 0],
            [2, 100],
        ],
        sync: Some(vec![[1], [5], [9]]),
        ..Plain::default()
    }
}

fn hundreds(range: std::ops::Range<i64>) -> Vec<i64> {
    range.map(|number| number * 100).collect()
}

#[test]
fn times_follow_from_the_steps() {
    let plain = Plain {
        steps: vec![[2, 100], [3, 40], [5, 100]],
        ..Plain::default()
    };
    assert_eq!(
        shown(plain.file()),
        [0, 100, 200, 240, 280, 320, 420, 520, 620, 720]
    );
}

#[test]
fn samples_lie_one_behind_the_other_in_their_chunks() {
    let sizes = vec![3, 1, 4, 1, 5];
    let chunks = vec![[1, 2, 1], [2, 3, 1]];
    let plain = Plain {
        steps: vec![[5, 100]],
        sizes,
        chunks,
        ..Plain::default()
    };
    let file = plain.file();
    let data = (file.len() - 14) as u64;
    let movie = movie(file);
    let samples = &video(&movie).samples;
    let places: Vec<SampleData> = samples
        .shown()
        .iter()
        .map(|id| samples.get(*id).unwrap().data.clone())
        .collect();
    let range = |offset, len| SampleData::Range {
        offset: data + offset,
        len,
    };
    assert_eq!(
        places,
        [
            range(0, 3),
            range(3, 1),
            range(4, 4),
            range(8, 1),
            range(9, 5)
        ]
    );
}

#[test]
fn an_edit_that_starts_where_the_first_picture_is_shown_puts_it_at_zero() {
    let plain = Plain {
        edits: vec![[1000, 100, 0x10000]],
        ..reordered()
    };
    assert_eq!(shown(plain.file()), hundreds(0..10));
}

#[test]
fn an_empty_edit_delays_all() {
    let edits = vec![[500, -1, 0x10000], [1000, 0, 0x10000]];
    let plain = Plain {
        edits,
        ..Plain::default()
    };
    assert_eq!(shown(plain.file()), hundreds(5..15));
}

#[test]
fn an_edit_inside_a_gop_decodes_from_its_sync_sample_and_hides_what_is_before() {
    let sync = Some(vec![[1], [6]]);
    let plain = Plain {
        sync,
        edits: vec![[300, 250, 0x10000]],
        ..Plain::default()
    };
    assert_eq!(
        packets(plain.file()),
        [
            (-300, -300, "KD"),
            (-200, -200, "D"),
            (-100, -100, "D"),
            (0, 0, ""),
            (100, 100, ""),
            (200, 200, "K"),
        ]
    );
}

#[test]
fn samples_that_follow_the_sync_sample_at_the_end_of_an_edit_may_still_belong_to_it() {
    let plain = Plain {
        edits: vec![[500, 100, 0x10000]],
        ..reordered()
    };
    assert_eq!(
        packets(plain.file()),
        [
            (0, -100, "K"),
            (300, 0, ""),
            (100, 100, ""),
            (200, 200, ""),
            (400, 300, "K"),
            (700, 400, "D"),
            (500, 500, "D"),
            (600, 600, "D"),
            (800, 700, "KD"),
        ]
    );
}

#[test]
fn a_segment_that_is_repeated_is_shown_twice() {
    let edits = vec![[200, 0, 0x10000], [200, 0, 0x10000]];
    let plain = Plain {
        sync: Some(vec![[1], [4]]),
        edits,
        ..Plain::default()
    };
    assert_eq!(shown(plain.file()), hundreds(0..4));
}

#[test]
fn negative_offsets_put_the_decode_times_back() {
    let offsets = vec![[1, 0], [1, 200], [2, -100], [1, 0], [5, 0]];
    let plain = Plain {
        offsets,
        ..Plain::default()
    };
    let first: Vec<_> = packets(plain.file()).into_iter().take(4).collect();
    assert_eq!(
        first,
        [
            (0, -100, "K"),
            (300, 0, "K"),
            (100, 100, "K"),
            (200, 200, "K")
        ]
    );
}

#[test]
fn a_negative_step_is_made_up_for_by_the_steps_behind_it() {
    let plain = Plain {
        steps: vec![[4, 100], [1, -99], [5, 100]],
        ..Plain::default()
    };
    assert_eq!(
        shown(plain.file()),
        [0, 100, 200, 300, 400, 401, 481, 561, 641, 721]
    );
}

#[test]
fn without_a_list_of_sync_samples_all_are_and_an_empty_list_leaves_the_first() {
    let keys = |sync| {
        let packets = packets(
            Plain {
                sync,
                ..Plain::default()
            }
            .file(),
        );
        packets.iter().filter(|(_, _, flags)| *flags == "K").count()
    };
    assert_eq!(keys(None), 10);
    assert_eq!(keys(Some(Vec::new())), 1);
    assert_eq!(keys(Some(vec![[1], [7]])), 2);
}

#[test]
fn every_picture_of_an_intra_codec_is_a_sync_sample_whatever_the_list_says() {
    let entries = vec![entry(b"jpeg", &[])];
    let plain = Plain {
        entries,
        sync: Some(vec![[3]]),
        ..Plain::default()
    };
    assert!(
        packets(plain.file())
            .iter()
            .all(|(_, _, flags)| *flags == "K")
    );
}

#[test]
fn boxes_with_sizes_of_64_bits_and_wide_chunk_offsets_are_read() {
    let plain = Plain {
        wide: true,
        ..Plain::default()
    };
    assert_eq!(shown(plain.file()), hundreds(0..10));
}

#[test]
fn the_last_box_may_reach_to_the_end_of_the_file() {
    let mut file = Plain::default().file();
    let mdat = file.len() - 48;
    file[mdat..mdat + 4].fill(0);
    assert_eq!(shown(file), hundreds(0..10));
}

#[test]
fn compact_sizes_are_read_and_empty_samples_are_left_out() {
    // ISO/IEC 14496-12 §8.7.3.3: 4 bits each, the high half first.
    let size_box = Some(full(
        b"stz2",
        0,
        0,
        &[&words(&[4, 4])[..], &[0x12, 0x03]].concat(),
    ));
    let plain = Plain {
        steps: vec![[4, 100]],
        sizes: vec![1, 2, 0, 3],
        size_box,
        ..Plain::default()
    };
    assert_eq!(shown(plain.file()), [0, 100, 300]);
}

#[test]
fn a_file_that_is_cut_off_keeps_the_samples_that_are_there() {
    let mut file = Plain::default().file();
    file.truncate(file.len() - 22);
    let movie = movie(file.clone());
    assert!(
        movie
            .warnings
            .iter()
            .any(|warning| warning.contains("5 of 10 samples")),
        "{movie:?}"
    );
    let samples = &video(&movie).samples;
    let last = samples.get(*samples.shown().last().unwrap()).unwrap();
    assert_eq!(last.data.len(), 2);
    // ffprobe lists the piece too.
    assert_eq!(shown(file), hundreds(0..5));
}

#[test]
fn an_index_that_is_cut_off_is_told() {
    let file = Plain::default().file();
    let cut = open(Arc::new(Bytes::from(file[..120].to_vec())), "a.mp4").unwrap_err();
    assert!(matches!(cut, ContainerError::Damaged { .. }), "{cut}");
    let none = open(Arc::new(Bytes::from(file[..20].to_vec())), "a.mp4").unwrap_err();
    assert!(none.to_string().contains("moov"), "{none}");
    let fragment = Fragment {
        time: None,
        rows: vec![[1, 1, 0, 0]],
    }
    .bytes();
    let alone = open(Arc::new(Bytes::from(fragment)), "a.m4s").unwrap_err();
    assert!(
        alone.to_string().contains("initialisation segment"),
        "{alone}"
    );
}

#[test]
fn an_edit_list_is_left_alone_where_the_tables_contradict_each_other() {
    let plain = Plain {
        edits: vec![[300, 200, 0x10000]],
        chunks: vec![[1, 40, 1]],
        ..Plain::default()
    };
    assert_eq!(shown(plain.file()), hundreds(0..10));
}
