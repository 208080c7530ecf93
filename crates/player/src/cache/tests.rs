//! Which frames stay, on tracks of frames that take a hundred bytes each.

use bytes::Bytes;
use reelscope_media::{Chroma, ColorInfo, PixelFormat};

use super::*;

const TRACK: TrackKey = TrackKey(1);
const OTHER: TrackKey = TrackKey(2);

fn frame() -> Frame {
    let gray = PixelFormat::planar(Chroma::Mono, 8);
    let packed = Bytes::from_static(&[0; 100]);
    Frame::from_packed(gray, 10, 10, packed, ColorInfo::default()).unwrap()
}

fn at(playhead: i64, pinned: Range<i64>, near: Range<i64>) -> Standing {
    Standing {
        timescale: Timescale::MILLIS,
        playhead: (Pts(playhead), SampleId(0)),
        pinned: Pts(pinned.start)..Pts(pinned.end),
        near: Pts(near.start)..Pts(near.end),
    }
}

/// A cache with room for so many whole frames.
fn room_for(frames: usize) -> FrameCache {
    let mut cache = FrameCache::new(0);
    while cache.whole_budget() - cache.whole_budget() / FREED_SHARE < frames * 100 {
        cache.budget += 1;
    }
    cache
}

fn fill(cache: &mut FrameCache, track: TrackKey, times: &[i64]) {
    for pts in times {
        cache.insert(track, Pts(*pts), SampleId(0), frame());
    }
}

fn times(cache: &FrameCache, track: TrackKey) -> Vec<i64> {
    cache.times(track).map(|pts| pts.0).collect()
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    let mut cache = room_for(3);
    cache.stand(TRACK, at(500, 500..600, 500..600));
    fill(&mut cache, TRACK, &[0, 40, 80]);
    cache.touch(TRACK, (Pts(0), SampleId(0)));
    fill(&mut cache, TRACK, &[500]);
    assert_eq!(times(&cache, TRACK), [0, 80, 500]);
}

#[test]
fn the_gop_under_the_playhead_outlives_what_lies_ahead_and_that_the_rest() {
    let mut cache = room_for(6);
    cache.stand(TRACK, at(100, 100..200, 200..300));
    fill(&mut cache, TRACK, &[100, 150, 200, 250, 0, 50]);
    fill(&mut cache, TRACK, &[110, 120]);
    assert_eq!(times(&cache, TRACK), [100, 110, 120, 150, 200, 250]);
    fill(&mut cache, TRACK, &[130, 140]);
    assert_eq!(times(&cache, TRACK), [100, 110, 120, 130, 140, 150]);
    fill(&mut cache, TRACK, &[105]);
    assert_eq!(times(&cache, TRACK), [100, 105, 110, 120, 130, 140]);
}

#[test]
fn one_budget_holds_for_all_tracks() {
    let mut cache = room_for(3);
    cache.stand(TRACK, at(0, 0..10, 0..10));
    cache.stand(OTHER, at(1_000, 1_000..1_100, 0..0));
    fill(&mut cache, TRACK, &[0, 40]);
    fill(&mut cache, OTHER, &[1_000, 1_010]);
    assert_eq!(times(&cache, TRACK), [0]);
    assert_eq!(times(&cache, OTHER), [1_000, 1_010]);
    assert!(cache.used() <= cache.budget());
}

#[test]
fn a_budget_of_nothing_still_keeps_what_is_shown() {
    let mut cache = room_for(0);
    cache.stand(TRACK, at(0, 0..100, 0..0));
    fill(&mut cache, TRACK, &[0, 40, 80]);
    assert_eq!(times(&cache, TRACK), [0]);
    cache.forget(TRACK);
    assert_eq!(cache.used(), 0);
}

#[test]
fn of_frames_with_the_same_time_the_one_at_the_playhead_stays() {
    let mut cache = room_for(0);
    let mut standing = at(0, 0..100, 0..0);
    standing.playhead.1 = SampleId(7);
    cache.stand(TRACK, standing);
    for id in [3, 7, 9] {
        cache.insert(TRACK, Pts(0), SampleId(id), frame());
    }
    assert!(cache.get(TRACK, Pts(0), SampleId(7)).is_some());
}

#[test]
fn a_smaller_budget_holds_at_once() {
    let mut cache = room_for(50);
    cache.stand(TRACK, at(0, 0..10_000, 0..0));
    fill(&mut cache, TRACK, &(0..50).collect::<Vec<_>>());
    cache.set_budget(1_000);
    assert!((1..=1_000).contains(&cache.used()), "{}", cache.used());
}

#[test]
fn nearest_looks_both_ways() {
    let mut cache = room_for(10);
    cache.stand(TRACK, at(0, 0..1, 0..0));
    fill(&mut cache, TRACK, &[0, 100]);
    let near = |pts| cache.nearest(TRACK, Pts(pts)).unwrap().1.0;
    assert_eq!(
        [near(-5), near(40), near(50), near(60), near(100), near(500)],
        [0, 0, 0, 100, 100, 100]
    );
}

#[test]
fn of_reduced_frames_those_of_sync_samples_stay_longest() {
    let mut cache = FrameCache::new(400 * REDUCED_SHARE);
    cache.stand(TRACK, at(0, 0..1, 0..0));
    for pts in 0..8 {
        cache.insert_reduced(TRACK, (Pts(pts), SampleId(0)), frame(), pts == 7);
    }
    let kept = |pts| cache.has_reduced(TRACK, (Pts(pts), SampleId(0)));
    let kept: Vec<i64> = (0..8).filter(|pts| kept(*pts)).collect();
    assert_eq!(kept, [0, 1, 2, 7]);
    assert_eq!(cache.nearest_reduced(TRACK, Pts(6)).unwrap().1, Pts(7));
    assert_eq!(cache.thumbnails(TRACK).count(), 1);
    assert_eq!(cache.reduced_used(), 400);
}

#[test]
fn of_frames_of_one_time_the_last_one_is_the_nearest() {
    let mut cache = FrameCache::new(400 * REDUCED_SHARE);
    cache.stand(TRACK, at(0, 0..1, 0..0));
    for sample in 0..3 {
        cache.insert_reduced(TRACK, (Pts(5), SampleId(sample)), frame(), true);
    }
    let nearest = |pts| cache.nearest_reduced(TRACK, Pts(pts)).unwrap().0;
    assert_eq!(nearest(5), SampleId(2));
}
