//! The index on small made-up streams.

use super::*;
use crate::{Dts, SampleData};

fn sample(pts: i64, dts: i64, sync: SyncKind) -> Sample {
    Sample {
        pts: Pts(pts),
        dts: Dts(dts),
        duration: 10,
        sync,
        config: 0,
        visibility: Visibility::Shown,
        data: SampleData::Range { offset: 0, len: 1 },
    }
}

/// Two GOPs `I P B B` with the second one open: its B frames are shown before its I frame.
fn open_gops() -> SampleIndex {
    let mut index = SampleIndex::new();
    for (dts, (pts, sync)) in [
        (0, SyncKind::Closed),
        (30, SyncKind::None),
        (10, SyncKind::None),
        (20, SyncKind::None),
        (60, SyncKind::Open),
        (40, SyncKind::None),
        (50, SyncKind::None),
    ]
    .into_iter()
    .enumerate()
    {
        index.push(sample(pts, dts as i64 * 10, sync));
    }
    index
}

fn shown_times(index: &SampleIndex) -> Vec<i64> {
    index
        .shown()
        .iter()
        .map(|id| index.get(*id).unwrap().pts.0)
        .collect()
}

#[test]
fn samples_taken_all_at_once_make_the_index_that_they_make_one_by_one() {
    let mut index = open_gops();
    index.push(Sample {
        visibility: Visibility::CutOff,
        ..sample(35, 700, SyncKind::None)
    });
    let samples = (0..index.len()).map(|id| index.get(SampleId(id as u32)).unwrap().clone());
    let at_once: SampleIndex = samples.collect();
    assert_eq!(at_once.shown(), index.shown());
    assert_eq!(
        at_once.in_presentation_order(),
        index.in_presentation_order()
    );
    assert_eq!(at_once.end_pts(), index.end_pts());
    let gops = |index: &SampleIndex| -> Vec<Gop> {
        let numbers = index.first_gop()..index.gop_count();
        numbers.filter_map(|number| index.gop(number)).collect()
    };
    assert_eq!(gops(&at_once), gops(&index));
    assert!(std::iter::empty().collect::<SampleIndex>().is_empty());
}

#[test]
fn presentation_order_is_by_pts() {
    let index = open_gops();
    assert_eq!(shown_times(&index), [0, 10, 20, 30, 40, 50, 60]);
    assert_eq!(index.frame_number(SampleId(1)), Some(3));
    assert_eq!(index.end_pts(), Some(Pts(70)));
}

#[test]
fn latest_at_gives_the_frame_on_screen() {
    let index = open_gops();
    assert_eq!(index.latest_at(Pts(-1)), None);
    assert_eq!(index.latest_at(Pts(0)), Some(SampleId(0)));
    assert_eq!(index.latest_at(Pts(29)), Some(SampleId(3)));
    assert_eq!(index.latest_at(Pts(i64::MAX)), Some(SampleId(4)));
}

#[test]
fn leading_frames_of_an_open_gop_are_decoded_from_the_gop_before() {
    let index = open_gops();
    assert_eq!(index.gop_of(SampleId(5)).unwrap().samples, 4..7);
    assert_eq!(index.decode_start(SampleId(5)), Some(0));
    assert_eq!(index.decode_start(SampleId(4)), Some(4));
}

#[test]
fn hidden_samples_are_decoded_but_not_shown() {
    let mut index = SampleIndex::new();
    index.push(Sample {
        visibility: Visibility::CutOff,
        ..sample(-10, 0, SyncKind::Closed)
    });
    index.push(sample(0, 10, SyncKind::None));
    assert_eq!(shown_times(&index), [0]);
    assert_eq!(index.rank(SampleId(1)), Some(1));
    assert_eq!(index.frame_number(SampleId(0)), None);
    assert_eq!(index.decode_start(SampleId(1)), Some(0));
}

#[test]
fn late_samples_find_their_place_and_names_stay() {
    let mut index = SampleIndex::new();
    let first = index.push(sample(0, 0, SyncKind::Closed));
    let third = index.push(sample(40, 40, SyncKind::Closed));
    let second = index.insert(sample(20, 20, SyncKind::Closed));
    let zeroth = index.insert(sample(-20, -20, SyncKind::Closed));
    assert_eq!(shown_times(&index), [-20, 0, 20, 40]);
    assert_eq!(
        [zeroth, first, second, third].map(|id| index.decode_position(id).unwrap()),
        [0, 1, 2, 3]
    );
    assert_eq!(index.gop_count(), 4);
    assert_eq!(index.gop_of(third).unwrap().samples, 3..4);
}

#[test]
fn a_late_sample_without_sync_joins_the_gop_it_falls_into() {
    let mut index = SampleIndex::new();
    index.push(sample(10, 10, SyncKind::None));
    index.insert(sample(0, 0, SyncKind::None));
    assert_eq!(index.gop_count(), 1);
    index.insert(sample(-10, -10, SyncKind::Closed));
    assert_eq!(index.gop(0).unwrap().samples, 0..3);
    assert_eq!(index.gop_count(), 1);
}

/// So many GOPs of an intra and two predicted samples, 10 ticks apart, pushed one by one.
fn short_gops(count: i64) -> SampleIndex {
    let mut index = SampleIndex::new();
    for at in 0..count * 3 {
        let sync = if at % 3 == 0 {
            SyncKind::Closed
        } else {
            SyncKind::None
        };
        index.push(sample(at * 10, at, sync));
    }
    index
}

#[test]
fn what_is_left_keeps_its_names_and_places_when_the_first_gops_go() {
    let mut index = short_gops(1_000);
    for _ in 0..700 {
        assert_eq!(index.remove_first_gop().len(), 3);
    }
    assert_eq!(index.len(), 900);
    assert_eq!(index.positions(), 2_100..3_000);
    assert_eq!(index.get(SampleId(2_099)), None);
    assert_eq!(index.decode_position(SampleId(2_101)), Some(2_101));
    assert_eq!(index.latest_at(Pts(21_015)), Some(SampleId(2_101)));
    assert_eq!(index.latest_at(Pts(20_999)), None);
    assert_eq!(index.frame_number(SampleId(2_101)), Some(1));
    assert_eq!((index.first_gop(), index.gop_count()), (700, 1_000));
    assert_eq!(index.gop_of(SampleId(2_102)).unwrap().samples, 2_100..2_103);
    assert_eq!(index.decode_start(SampleId(2_102)), Some(2_100));
    let next = index.push(sample(30_000, 3_000, SyncKind::Closed));
    assert_eq!(index.decode_position(next), Some(3_000));
    assert_eq!(index.sync_samples().count(), 301);
}

#[test]
fn an_index_can_be_emptied_and_filled_again() {
    let mut index = short_gops(2);
    while !index.remove_first_gop().is_empty() {}
    assert!(index.is_empty());
    assert_eq!((index.first_pts(), index.end_pts()), (None, None));
    let id = index.push(sample(5, 6, SyncKind::None));
    assert_eq!(index.gop_of(id).unwrap().samples, 6..7);
    assert_eq!(index.latest_at(Pts(9)), Some(id));
}

#[test]
fn late_samples_go_with_the_gop_that_they_came_into() {
    let mut index = short_gops(3);
    let late = index.insert_at(2, sample(15, 1, SyncKind::None));
    assert_eq!(index.late(), [late]);
    assert_eq!(index.gop_of(late).unwrap().samples, 0..4);
    let removed: Vec<SampleId> = index.remove_first_gop().iter().map(|(id, _)| *id).collect();
    assert_eq!(removed, [0, 1, 9, 2].map(SampleId));
    assert_eq!(index.get(late), None);
    assert_eq!(index.gop(1).unwrap().samples, 4..7);
    assert_eq!(shown_times(&index), [30, 40, 50, 60, 70, 80]);
}

#[test]
fn order_keys_rise_in_presentation_order_however_samples_come() {
    // Decode order I P B b b, twice; then a late one.
    let mut index = SampleIndex::new();
    for (dts, pts) in [0, 40, 20, 10, 30, 80, 60, 50, 70].into_iter().enumerate() {
        index.push(sample(pts, dts as i64, SyncKind::None));
    }
    let before = index.order_key(SampleId(3));
    index.insert_at(1, sample(5, 0, SyncKind::None));
    assert_eq!(index.order_key(SampleId(3)), before);
    let keys: Vec<u32> = index
        .shown()
        .iter()
        .map(|id| index.order_key(*id).unwrap())
        .collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
}

#[test]
fn samples_of_equal_time_are_shown_in_decode_order() {
    let mut index = SampleIndex::new();
    let second = index.push(sample(10, 2, SyncKind::Closed));
    let first = index.insert_at(0, sample(10, 1, SyncKind::Closed));
    assert_eq!(index.shown(), [first, second]);
    assert_eq!(index.latest_at(Pts(10)), Some(second));
}

#[test]
fn shown_samples_that_were_taken_away_are_counted() {
    let mut index = open_gops();
    index.push(sample(70, 800, SyncKind::Closed));
    assert_eq!(index.dropped(), 0);
    index.remove_first_gop();
    assert_eq!((index.dropped(), index.shown().len()), (4, 4));
    index.remove_first_gop();
    assert_eq!((index.dropped(), index.shown().len()), (7, 1));
    let last = index.shown()[0];
    assert_eq!(index.frame_number(last), Some(0));
}
