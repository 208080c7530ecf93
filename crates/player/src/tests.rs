//! The player against a scripted decoder: which frame is shown for which wish, under faults.

mod ahead;
mod late;
mod script;

use reelscope_media::{Pts, SampleId, SyncKind};

use crate::{FrameCache, ShownState};
use script::*;

#[test]
fn every_frame_of_every_kind_of_gop_is_reached_from_any_other() {
    for kind in [SyncKind::Closed, SyncKind::Open, SyncKind::Stated] {
        let track = track(6, kind, |_| FINE);
        let (mut player, mut cache) = (player(), FrameCache::new(20));
        let mut random = 1_u32;
        for _ in 0..500 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let pts = Pts(i64::from(random >> 8) % 420);
            player.want(pts);
            let shown = settle(&mut player, &track, &mut cache);
            let wanted = track.samples.latest_at(pts).unwrap();
            // The very first pictures of an open GOP that starts the track have no references.
            assert_exact(&shown, wanted);
        }
    }
}

#[test]
fn playing_on_and_stepping_back_inside_a_gop_start_no_new_decode() {
    let track = track(6, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown() {
        player.want_sample(*sample);
        assert_exact(&settle(&mut player, &track, &mut cache), *sample);
    }
    for sample in track.samples.shown().iter().rev() {
        player.want_sample(*sample);
        assert_exact(&player.update(&track, &mut cache), *sample);
    }
    assert_eq!(starts(), 1);
}

#[test]
fn while_the_exact_frame_is_on_its_way_the_nearest_one_is_shown_as_such() {
    let track = track(40, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want(Pts(0));
    settle(&mut player, &track, &mut cache);
    player.want(Pts(2_500));
    let shown = player.update(&track, &mut cache);
    assert!(matches!(shown.state, ShownState::Pending));
    assert!(shown.frame.unwrap().pts < Pts(2_500));
}

#[test]
fn before_the_first_sample_the_first_frame_is_shown_and_after_the_last_the_last() {
    let track = track(2, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want(Pts(-5_000));
    assert_eq!(
        settle(&mut player, &track, &mut cache).frame.unwrap().pts,
        Pts(0)
    );
    player.want(Pts(5_000));
    assert_eq!(
        settle(&mut player, &track, &mut cache).frame.unwrap().pts,
        Pts(130)
    );
}

#[test]
fn a_sample_without_a_picture_is_said_to_have_none_and_its_neighbour_is_shown() {
    let track = track(
        3,
        SyncKind::Closed,
        |number| if number == 9 { SILENT } else { FINE },
    );
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want_sample(SampleId(9));
    let shown = settle(&mut player, &track, &mut cache);
    assert!(matches!(
        shown.state,
        ShownState::Absent(crate::Absence::NoPicture)
    ));
    let frame = shown.frame.unwrap();
    assert_eq!(
        frame
            .pts
            .0
            .abs_diff(track.samples.get(SampleId(9)).unwrap().pts.0),
        10
    );
}

#[test]
fn a_damaged_sample_is_named_and_the_others_are_shown() {
    let track = track(3, SyncKind::Closed, |number| {
        if number == 9 { DAMAGED } else { FINE }
    });
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown() {
        player.want_sample(*sample);
        let shown = settle(&mut player, &track, &mut cache);
        match shown.state {
            ShownState::Absent(crate::Absence::Damaged(_)) => assert_eq!(*sample, SampleId(9)),
            _ => assert_exact(&shown, *sample),
        }
    }
    assert!(player.damage(SampleId(9)).is_some());
}

#[test]
fn a_part_that_cannot_be_read_costs_no_waiting_for_each_of_its_samples() {
    let track = track(100, SyncKind::Closed, |number| {
        if number < 14 { FINE } else { DAMAGED }
    });
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    let unreadable = |sample: &&SampleId| sample.0 >= 14;
    for sample in track.samples.shown().iter().filter(unreadable) {
        player.want_sample(*sample);
        let shown = settle(&mut player, &track, &mut cache);
        let is_damaged = matches!(shown.state, ShownState::Absent(crate::Absence::Damaged(_)));
        assert!(is_damaged, "{sample:?}: {:?}", shown.state);
    }
    assert_eq!(starts(), 1);
}

#[test]
fn a_decoder_that_dies_once_is_started_again_and_nothing_is_missing() {
    let dies = |number: u32| if number % 9 == 4 { KILLS_ONCE } else { FINE };
    let track = track(6, SyncKind::Closed, dies);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown() {
        player.want_sample(*sample);
        assert_exact(&settle(&mut player, &track, &mut cache), *sample);
    }
}

#[test]
fn a_decoder_that_always_dies_at_one_place_is_given_up_there_and_used_elsewhere() {
    let dies = |number: u32| if number == 10 { KILLS_ALWAYS } else { FINE };
    let track = track(6, SyncKind::Closed, dies);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want_sample(SampleId(12));
    let shown = settle(&mut player, &track, &mut cache);
    assert!(matches!(
        shown.state,
        ShownState::Failed(crate::PlayerError::KeepsFailing { tries: 3, .. })
    ));
    assert!(starts() <= 4);
    player.want_sample(SampleId(30));
    assert_exact(&settle(&mut player, &track, &mut cache), SampleId(30));
}

#[test]
fn a_track_that_cannot_be_played_says_why() {
    let mut track = track(1, SyncKind::Closed, |_| FINE);
    track.unplayable = Some("the track is encrypted".into());
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want(Pts(0));
    let ShownState::Failed(error) = settle(&mut player, &track, &mut cache).state else {
        panic!("it is shown as playable");
    };
    assert_eq!(error.to_string(), "the track is encrypted");
}

#[test]
fn random_wishes_under_random_faults_always_settle() {
    for seed in 1_u32..60 {
        let fault =
            |number: u32| match number.wrapping_mul(2_654_435_761).wrapping_add(seed * 77) >> 24 {
                0..=9 => SILENT,
                10..=19 => DAMAGED,
                20..=29 => KILLS_ONCE,
                30..=32 => KILLS_ALWAYS,
                _ => FINE,
            };
        let kind = [SyncKind::Closed, SyncKind::Open, SyncKind::Recovery(2)][seed as usize % 3];
        let track = track(12, kind, fault);
        let (mut player, mut cache) = (player(), FrameCache::new(2 * seed as usize));
        let mut random = seed;
        for step in 0..120 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            player.want(Pts(i64::from(random >> 8) % 840));
            if step % 3 == 0 {
                // Overtaken by the next wish.
                player.update(&track, &mut cache);
            } else {
                settle(&mut player, &track, &mut cache);
            }
        }
    }
}

#[test]
fn a_part_without_pictures_is_decoded_once_and_not_for_each_of_its_samples() {
    let track = track(
        4,
        SyncKind::Closed,
        |number| if number < 14 { SILENT } else { FINE },
    );
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown() {
        player.want_sample(*sample);
        let shown = settle(&mut player, &track, &mut cache);
        let absent = matches!(shown.state, ShownState::Absent(_));
        assert_eq!(absent, sample.0 < 14, "{sample:?}");
    }
    assert_eq!(starts(), 1);
}
