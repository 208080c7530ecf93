//! Movie fragments and segment indexes. Times are ffprobe's for the same bytes.

use super::build::{DELTA, Fragment, Plain, SYNC, fragmented, full, with_fragments, words};
use super::{hundreds, packets, shown};

#[test]
fn fragments_start_where_they_say_and_go_on_where_they_do_not() {
    let rows = vec![[100, 4, SYNC, 0], [100, 4, DELTA, 0]];
    let at = |time| Fragment {
        time,
        rows: rows.clone(),
    };
    let file = with_fragments(
        &fragmented(Vec::new()),
        &[at(Some(0)), at(None), at(Some(1000))],
    );
    assert_eq!(shown(file), [0, 100, 200, 300, 1000, 1100]);
}

#[test]
fn negative_offsets_in_a_fragment_move_all_fragments() {
    let first = vec![
        [100, 4, SYNC, 0],
        [100, 4, DELTA, 100],
        [100, 4, DELTA, -100],
    ];
    let first = Fragment {
        time: Some(0),
        rows: first,
    };
    let second = Fragment {
        time: Some(300),
        rows: vec![[100, 4, SYNC, 0]],
    };
    let file = with_fragments(&fragmented(Vec::new()), &[first, second]);
    assert_eq!(
        packets(file),
        [
            (100, 0, "K"),
            (300, 100, ""),
            (200, 200, ""),
            (400, 300, "K")
        ]
    );
}

#[test]
fn an_edit_list_moves_fragments_and_hides_none_of_their_samples() {
    let rows = vec![[100, 4, SYNC, 0], [100, 4, DELTA, 0]];
    let edits = vec![[500, -1, 0x10000], [0, 100, 0x10000]];
    let file = with_fragments(
        &fragmented(edits),
        &[Fragment {
            time: Some(0),
            rows,
        }],
    );
    assert_eq!(packets(file), [(400, 400, "K"), (500, 500, "")]);
}

#[test]
fn a_fragment_that_goes_back_in_time_hides_what_was_there_already() {
    let rows = vec![[100, 4, SYNC, 0], [100, 4, DELTA, 0], [100, 4, DELTA, 0]];
    let at = |time| Fragment {
        time: Some(time),
        rows: rows.clone(),
    };
    let file = with_fragments(&fragmented(Vec::new()), &[at(0), at(100)]);
    assert_eq!(
        packets(file),
        [
            (0, 0, "K"),
            (100, 100, ""),
            (200, 200, ""),
            (100, 100, "KD"),
            (200, 200, "D"),
            (300, 300, "")
        ]
    );
}

#[test]
fn a_movie_with_samples_of_its_own_goes_on_in_fragments() {
    let movie = Plain {
        more: fragmented(Vec::new()).more,
        ..Plain::default()
    };
    let rows = vec![[100, 4, SYNC, 0], [100, 4, DELTA, 0]];
    let file = with_fragments(&movie, &[Fragment { time: None, rows }]);
    assert_eq!(shown(file), hundreds(0..12));
}

#[test]
fn a_segment_index_times_the_fragment_behind_it() {
    let mut file = fragmented(Vec::new()).file();
    let rows = vec![[100, 4, SYNC, 0], [100, 4, DELTA, 0]];
    let fragment = Fragment { time: None, rows }.bytes();
    // Reference 1, 2000 ticks per second, from tick 1400 on, no gap, one reference.
    let sidx = words(&[1, 2000, 1400, 0, 1, fragment.len() as i64, 400, 0]);
    file.extend(full(b"sidx", 0, 0, &sidx));
    file.extend(fragment);
    assert_eq!(shown(file), [700, 800]);
}
