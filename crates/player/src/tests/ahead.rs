//! What is decoded besides the wanted frame, and what is left out on the way to it.

use reelscope_media::{Pts, SampleId, SyncKind, Track};

use super::script::*;
use crate::{FrameCache, Intent, Player, ShownState};

/// Room for so many whole frames of two bytes, with what is set aside for reduced ones.
fn room_for(frames: usize) -> FrameCache {
    FrameCache::new(frames * 2 * 8 / 7 + 8)
}

/// Updates until nothing is left to be decoded near the playhead.
fn rest(player: &mut Player, track: &Track, cache: &mut FrameCache) {
    for _ in 0..10_000 {
        player.update(track, cache);
        if player.is_rested() {
            return;
        }
    }
    panic!("it never rests");
}

/// Every second B picture is referred to by nothing.
fn with_unreferred(number: u32) -> u8 {
    if matches!(number % 7, 2 | 3 | 5 | 6) {
        UNREFERRED
    } else {
        FINE
    }
}

#[test]
fn samples_that_nothing_refers_to_are_left_out_on_the_way_and_found_when_wanted() {
    for kind in [SyncKind::Closed, SyncKind::Open] {
        let track = track(8, kind, with_unreferred);
        let (mut player, mut cache) = (player(), room_for(30));
        let mut random = 3_u32;
        for _ in 0..500 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let pts = Pts(i64::from(random >> 8) % 560);
            player.want(pts);
            let shown = settle(&mut player, &track, &mut cache);
            assert_exact(&shown, track.samples.latest_at(pts).unwrap());
        }
    }
}

#[test]
fn at_rest_the_gop_up_to_the_playhead_is_filled_up() {
    let track = track(8, SyncKind::Closed, with_unreferred);
    let (mut player, mut cache) = (player(), room_for(1_000));
    let frames = track.samples.shown();
    player.want_sample(frames[27]);
    rest(&mut player, &track, &mut cache);
    for sample in frames[21..27].iter().rev() {
        player.want_sample(*sample);
        assert_exact(&player.update(&track, &mut cache), *sample);
    }
}

#[test]
fn playing_in_reverse_finds_every_frame_ready() {
    let track = track(12, SyncKind::Open, with_unreferred);
    let (mut player, mut cache) = (player(), room_for(120));
    let frames = track.samples.shown();
    player.set_intent(Intent::Reverse);
    player.want_sample(frames[80]);
    rest(&mut player, &track, &mut cache);
    for sample in frames[..80].iter().rev() {
        player.want_sample(*sample);
        assert_exact(&player.update(&track, &mut cache), *sample);
        rest(&mut player, &track, &mut cache);
    }
}

#[test]
fn in_reverse_through_a_gop_that_has_no_room_every_so_manieth_frame_is_shown_and_that_is_said() {
    let mut track = track(1, SyncKind::Closed, |_| FINE);
    // One GOP of 210 samples.
    let long = super::script::track(30, SyncKind::Closed, |_| FINE);
    track.samples = (0..long.samples.len())
        .filter_map(|at| {
            long.samples
                .get(long.samples.at_decode_position(at)?)
                .cloned()
        })
        .enumerate()
        .map(|(at, sample)| reelscope_media::Sample {
            sync: if at == 0 {
                SyncKind::Closed
            } else {
                SyncKind::None
            },
            ..sample
        })
        .collect();
    let (mut player, mut cache) = (player(), room_for(60));
    let frames = track.samples.shown().to_vec();
    player.want_sample(frames[205]);
    settle(&mut player, &track, &mut cache);
    player.set_intent(Intent::Reverse);
    let mut seen = Vec::new();
    for sample in frames[..205].iter().rev() {
        player.want_sample(*sample);
        let shown = settle(&mut player, &track, &mut cache);
        let every = shown.every.expect("it says how many frames it leaves out");
        let number = track
            .samples
            .frame_number(shown.frame.unwrap().sample)
            .unwrap();
        assert!(
            number.is_multiple_of(every) && every >= 4,
            "#{number} of every {every}th"
        );
        assert!(cache.used() <= cache.budget());
        seen.push(number);
    }
    seen.dedup();
    assert!(seen.len() > 20, "{} pictures in all", seen.len());
    assert!(starts() < 20, "{} starts", starts());
    player.set_intent(Intent::Look);
    player.want_sample(frames[101]);
    let shown = settle(&mut player, &track, &mut cache);
    assert_exact(&shown, frames[101]);
    assert_eq!(shown.every, None);
}

#[test]
fn a_drag_over_what_was_left_out_starts_nothing_until_the_pointer_rests() {
    let track = track(8, SyncKind::Closed, with_unreferred);
    let (mut player, mut cache) = (player(), room_for(1_000));
    let frames = track.samples.shown();
    player.set_intent(Intent::Drag);
    player.want_sample(frames[6]);
    settle(&mut player, &track, &mut cache);
    let before = starts();
    for sample in frames[..6].iter().rev() {
        player.want_sample(*sample);
        let shown = player.update(&track, &mut cache);
        assert!(shown.frame.is_some());
    }
    player.want_sample(frames[1]);
    for _ in 0..50 {
        player.update(&track, &mut cache);
    }
    assert_eq!(starts(), before);
    player.set_intent(Intent::Look);
    assert_exact(&settle(&mut player, &track, &mut cache), frames[1]);
}

#[test]
fn every_sync_sample_gets_a_small_picture_in_idle_time() {
    let track = track(10, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(100_000));
    player.preview(true);
    player.want(Pts(0));
    for _ in 0..10_000 {
        player.update(&track, &mut cache);
        if player.is_idle() {
            break;
        }
    }
    let pictures: Vec<SampleId> = cache.thumbnails(player.key()).map(|it| it.sample).collect();
    let sync_samples: Vec<SampleId> = track.samples.sync_samples().collect();
    assert_eq!(pictures, sync_samples);
    for pts in (0..700).step_by(10) {
        let (sample, at, frame) = cache.nearest_reduced(player.key(), Pts(pts)).unwrap();
        assert_eq!((at, number_in(frame)), (Pts(pts), sample.0));
    }
}

#[test]
fn a_stream_is_followed_while_somebody_looks_elsewhere() {
    let recorded = track(8, SyncKind::Closed, |_| FINE);
    let mut live = track(1, SyncKind::Closed, |_| FINE);
    live.samples = reelscope_media::SampleIndex::new();
    let (mut player, mut cache) = (player(), room_for(1_000));
    player.follow(true);
    for at in 0..recorded.samples.len() {
        let id = recorded.samples.at_decode_position(at).unwrap();
        live.samples.push(recorded.samples.get(id).unwrap().clone());
        // The person looks at the beginning for a while.
        let looks_back = (20..40).contains(&at);
        player.want(if looks_back { Pts(30) } else { Pts(10_000) });
        let shown = player.update(&live, &mut cache);
        assert!(at <= HELD + 1 || shown.frame.is_some());
        if looks_back && at > 30 {
            assert!(matches!(shown.state, ShownState::Exact));
        }
    }
    // All but those that the decoder holds back are there, and none was decoded twice.
    let frames = live.samples.shown();
    let ready = |id: &&SampleId| {
        let pts = live.samples.get(**id).unwrap().pts;
        cache.get(player.key(), pts, **id).is_some()
    };
    assert!(frames.iter().filter(ready).count() >= frames.len() - HELD - 1);
    assert_eq!(starts(), 1);
}
