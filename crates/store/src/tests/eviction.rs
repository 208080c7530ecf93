//! The memory limit.

use super::*;

const SAMPLE: usize = 1_000_000;

/// Two cameras of ten GOPs of four samples each, logged in turn.
fn cameras() -> (Store, RecordingId) {
    let (mut store, id) = open();
    for at in 0..40 {
        for (number, camera) in [(0, "left"), (1, "right")] {
            let logged = (at * 2 + number, at as i64 * 10, at % 4 == 0);
            add(&mut store, id, camera, video(&[logged], SAMPLE));
        }
    }
    (store, id)
}

fn left(store: &Store) -> Vec<(StreamId, std::ops::Range<usize>)> {
    let streams = store.streams();
    streams
        .map(|view| (view.id, view.track.samples.positions()))
        .collect()
}

#[test]
fn the_oldest_whole_gops_go_first_in_all_streams_alike() {
    let (mut store, _) = cameras();
    let dropped = store.keep_within(SAMPLE * 50, &[]);
    assert_eq!(dropped.gops, 8);
    assert!(store.bytes() <= SAMPLE * 50, "{}", store.bytes());
    for (_, positions) in left(&store) {
        assert_eq!(positions, 16..40);
    }
}

#[test]
fn what_is_looked_at_stays() {
    let (mut store, id) = cameras();
    let looked_at = left(&store)[0].0;
    store.keep_within(SAMPLE * 46, &[(looked_at, LogTime(15))]);
    let left = left(&store);
    assert_eq!(left[0].1, 0..40);
    assert_eq!(left[1].1, 36..40, "the last GOP stays in any case");
    assert_eq!(shown_at(&store, id, 15), Ok(10));
}

#[test]
fn rows_without_samples_go_with_the_gops_of_their_age() {
    let (mut store, id) = cameras();
    for at in 0..40 {
        let rows = LoggedRows {
            byte_size: SAMPLE,
            ..values(&[at * 2], Some(&[at as i64 * 10]), &[at as f64])
        };
        add(&mut store, id, "plot", rows);
    }
    let dropped = store.keep_within(SAMPLE * 60, &[]);
    assert!(dropped.chunks >= 18, "{dropped:?}");
    assert_eq!(number_at(&store, id, "plot", 50), None);
    assert_eq!(number_at(&store, id, "plot", 390), Some(39.0));
}

#[test]
fn an_endless_gop_does_not_take_all_memory() {
    let (mut store, id) = open();
    for at in 0..200 {
        add(
            &mut store,
            id,
            "cam",
            video(&[(at, at as i64, at == 0)], SAMPLE),
        );
        let seen = store.streams().next().unwrap().id;
        store.keep_within(SAMPLE * 20, &[(seen, LogTime(at as i64))]);
        assert!(store.bytes() <= SAMPLE * 20);
    }
    let shown = shown_at(&store, id, 500);
    assert!(matches!(
        shown,
        Err(Nothing::WaitsForKeyframe | Nothing::NotHere)
    ));
}
