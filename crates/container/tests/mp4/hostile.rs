//! Files that lie: counts by the billion, and every byte of a movie's description changed. Opening
//! them must not panic, hang, or fill the memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reelscope_container::open;
use reelscope_media::TrackKind;

use super::build::{
    DELTA, Fragment, Plain, SYNC, boxed, entry, fragmented, full, with_fragments, words,
};

/// Opens a file, however it ends, and gives the number of video samples.
fn survive(file: &[u8]) -> usize {
    let started = Instant::now();
    let opened = open(Arc::new(Bytes::copy_from_slice(file)), "hostile.mp4");
    let took = started.elapsed();
    assert!(took < Duration::from_secs(20), "opening took {took:?}");
    let tracks = opened.map_or(Vec::new(), |movie| movie.tracks);
    let video = tracks.iter().filter(|track| track.kind == TrackKind::Video);
    video.map(|track| track.samples.len()).sum()
}

const BILLIONS: i64 = 0xFFFF_FFF0;

#[test]
fn four_billion_samples_of_one_byte_are_as_many_as_the_file_has_bytes() {
    let plain = Plain {
        size_box: Some(full(b"stsz", 0, 0, &words(&[1, BILLIONS]))),
        chunks: vec![[1, BILLIONS, 1]],
        ..Plain::default()
    };
    let file = plain.file();
    assert!(survive(&file) <= file.len());
}

#[test]
fn four_billion_samples_of_a_fragment_are_as_many_as_the_file_has_bytes() {
    let mut file = fragmented(Vec::new()).file();
    let tfhd = full(b"tfhd", 0, 0x2_0010, &words(&[1, 1]));
    let trun = full(b"trun", 0, 0, &words(&[BILLIONS]));
    file.extend(boxed(b"moof", &boxed(b"traf", &[tfhd, trun].concat())));
    assert!(survive(&file) <= file.len());
}

#[test]
fn tables_that_claim_more_rows_than_they_hold_end_where_the_bytes_do() {
    let file = Plain {
        sync: Some(vec![[1]]),
        offsets: vec![[10, 0]],
        ..Plain::default()
    }
    .file();
    for kind in [
        b"stts", b"stss", b"stsz", b"stsc", b"stco", b"ctts", b"stsd",
    ] {
        let at = file.windows(4).position(|window| window == kind).unwrap();
        let count = at + if kind == b"stsz" { 12 } else { 8 };
        let mut hostile = file.clone();
        hostile[count..count + 4].fill(0xFF);
        assert!(survive(&hostile) <= 10, "{kind:?}");
    }
}

#[test]
fn an_edit_list_that_repeats_all_a_thousand_times_ends_at_the_limit() {
    let edits = vec![[1000, 0, 0x10000]; 1000];
    assert_eq!(
        survive(
            &Plain {
                edits,
                ..Plain::default()
            }
            .file()
        ),
        10_000
    );
}

#[test]
fn boxes_inside_boxes_inside_boxes_are_not_followed_forever() {
    let mut nested = Vec::new();
    for _ in 0..2_000 {
        nested = boxed(b"moov", &boxed(b"trak", &nested));
    }
    assert_eq!(survive(&nested), 0);
}

#[test]
fn any_byte_of_the_description_may_be_wrong() {
    let record = boxed(b"avcC", &[1, 66, 0, 30, 0xFF, 0xE0, 0]);
    let plain = Plain {
        offsets: vec![[1, 100], [9, 0]],
        sync: Some(vec![[1], [5]]),
        edits: vec![[500, -1, 0x10000], [700, 100, 0x10000]],
        entries: vec![entry(b"avc1", &record)],
        ..Plain::default()
    };
    let rows = vec![[100, 4, SYNC, 0], [100, 4, DELTA, -100]];
    let fragment = Fragment {
        time: Some(0),
        rows,
    };
    let fragments = with_fragments(&fragmented(Vec::new()), &[fragment.clone(), fragment]);
    for file in [plain.file(), fragments] {
        for at in 0..file.len() {
            for value in [0, 1, 0x7F, 0x80, 0xFF, file[at] ^ 0x10] {
                let mut hostile = file.clone();
                hostile[at] = value;
                survive(&hostile);
            }
        }
    }
}

#[test]
fn a_file_may_end_anywhere() {
    let movie = fragmented(vec![[100, 0, 0x10000]]);
    let rows = vec![[100, 4, SYNC, 0], [100, 4, DELTA, 0]];
    let file = with_fragments(
        &movie,
        &[Fragment {
            time: Some(0),
            rows,
        }],
    );
    for len in 1..file.len() {
        survive(&file[..len]);
    }
}
