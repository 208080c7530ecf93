//! Values: latest-at, ranges, static ones, empty cells, clearing.

use super::*;

#[test]
fn the_latest_value_at_a_time_is_the_one_of_the_greatest_time_and_then_row() {
    let (mut store, id) = open();
    add(
        &mut store,
        id,
        "/a",
        values(&[5, 1, 2], Some(&[20, 10, 20]), &[5.0, 1.0, 2.0]),
    );
    add(&mut store, id, "/a", values(&[3], Some(&[15]), &[3.0]));
    let at = |time| number_at(&store, id, "a", time);
    assert_eq!(at(9), None);
    assert_eq!(
        [at(10), at(14), at(15), at(20), at(99)],
        [1.0, 1.0, 3.0, 5.0, 5.0].map(Some)
    );
}

#[test]
fn a_static_value_shadows_all_others_and_the_last_one_counts() {
    let (mut store, id) = open();
    add(&mut store, id, "a", values(&[9], None, &[9.0]));
    add(&mut store, id, "a", values(&[8], None, &[8.0]));
    add(&mut store, id, "a", values(&[20], Some(&[1]), &[20.0]));
    assert_eq!(number_at(&store, id, "a", 5), Some(9.0));
    let recording = store.recording(id).unwrap();
    let path = EntityPath::new("a");
    let all: Vec<f64> = recording
        .range(&path, "value", &frame(), LogTime(0), LogTime(9))
        .map(|found| found.column.cells.number(found.row).unwrap())
        .collect();
    assert_eq!(all, [9.0]);
}

#[test]
fn a_cell_that_was_not_logged_changes_nothing_and_an_empty_one_means_none() {
    let (mut store, id) = open();
    let cells = Numbers(vec![Some(1.0), None, Some(f64::NAN), Some(4.0)]);
    let rows = LoggedRows {
        columns: vec![column("value", cells)],
        ..rows(&[1, 2, 3, 4], Some(&[10, 20, 30, 40]))
    };
    add(&mut store, id, "a", rows);
    let at = |time| number_at(&store, id, "a", time);
    assert_eq!(
        [at(10), at(25), at(30), at(40)],
        [Some(1.0), Some(1.0), None, Some(4.0)]
    );
}

#[test]
fn the_next_row_is_that_of_any_component_or_a_clear() {
    let (mut store, id) = open();
    add(
        &mut store,
        id,
        "a",
        values(&[1, 2], Some(&[10, 20]), &[1.0, 2.0]),
    );
    let other = LoggedRows {
        columns: vec![column("other", Numbers(vec![Some(1.0)]))],
        ..rows(&[3], Some(&[15]))
    };
    add(&mut store, id, "a", other);
    add(&mut store, id, "b", values(&[4], Some(&[12]), &[1.0]));
    let recording = store.recording(id).unwrap();
    let path = EntityPath::new("a");
    let next = |time, forward| {
        let found = recording.next_row(&path, &frame(), LogTime(time), forward);
        found.map(|time| time.0)
    };
    assert_eq!([next(10, true), next(15, true)], [Some(15), Some(20)]);
    assert_eq!([next(20, false), next(16, false)], [Some(15), Some(15)]);
    assert_eq!([next(20, true), next(10, false)], [None, None]);
}

#[test]
fn clearing_hides_what_came_before_it_and_only_that() {
    let (mut store, id) = open();
    for path in ["a", "a/b", "c"] {
        add(
            &mut store,
            id,
            path,
            values(&[1, 5], Some(&[10, 50]), &[1.0, 5.0]),
        );
    }
    let clear = |is_recursive, id, time: &[i64]| LoggedRows {
        content: vec![Content::Clear(vec![(0, is_recursive)])],
        ..rows(&[id], Some(time))
    };
    add(&mut store, id, "a", clear(false, 2, &[20]));
    let at = |store: &Store, path, time| number_at(store, id, path, time);
    assert_eq!(at(&store, "a", 19), Some(1.0));
    assert_eq!(at(&store, "a", 20), None);
    assert_eq!(at(&store, "a", 50), Some(5.0));
    assert_eq!(at(&store, "a/b", 20), Some(1.0));
    add(&mut store, id, "a", clear(true, 3, &[30]));
    assert_eq!(at(&store, "a/b", 29), Some(1.0));
    assert_eq!(at(&store, "a/b", 30), None);
    assert_eq!(at(&store, "a/b", 50), Some(5.0));
    assert_eq!(at(&store, "c", 30), Some(1.0));
    let path = EntityPath::new("a/b");
    let recording = store.recording(id).unwrap();
    let range = recording.range(&path, "value", &frame(), LogTime(0), LogTime(60));
    assert_eq!(range.count(), 2, "a range is not cleared");
}

#[test]
fn a_static_clear_hides_older_static_values_and_all_that_have_a_time() {
    let (mut store, id) = open();
    add(&mut store, id, "a", values(&[1], Some(&[10]), &[1.0]));
    add(&mut store, id, "b", values(&[1], None, &[1.0]));
    let clear = || LoggedRows {
        content: vec![Content::Clear(vec![(0, true)])],
        ..rows(&[2], None)
    };
    for path in ["a", "b"] {
        add(&mut store, id, path, clear());
        assert_eq!(number_at(&store, id, path, 10), None);
    }
    add(&mut store, id, "b", values(&[3], None, &[3.0]));
    assert_eq!(number_at(&store, id, "b", 10), Some(3.0));
}

#[test]
fn static_rows_that_were_logged_anew_take_no_memory() {
    let (mut store, id) = open();
    for at in 0..500 {
        let rows = LoggedRows {
            byte_size: 10_000,
            ..values(&[at], None, &[1.0])
        };
        add(&mut store, id, "a", rows);
    }
    assert!(store.bytes() < 50_000, "{} bytes", store.bytes());
}

#[test]
fn recordings_of_one_run_are_one_whoever_sends_them() {
    let (store, id) = open();
    assert_eq!(store.find_recording("app", "run"), Some(id));
    assert_eq!(
        store.find_recording("", "run"),
        Some(id),
        "old programs leave the name out"
    );
    assert_eq!(store.find_recording("app", "other"), None);
    assert_eq!(store.find_recording("other", "run"), None);
}
