//! Tracks that change under the player: samples that come late, GOPs that are taken away.

use reelscope_media::{Pts, SampleId, SyncKind};

use crate::FrameCache;

use super::script::*;

#[test]
fn a_late_sample_makes_only_its_own_gop_be_decoded_again() {
    let mut track = track(6, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown().to_vec() {
        player.want_sample(sample);
        assert_exact(&settle(&mut player, &track, &mut cache), sample);
    }
    // Between the third and the fourth sample of the second GOP.
    let gop = track.samples.gop(1).unwrap().samples;
    let before = track.samples.at_decode_position(gop.start + 2).unwrap();
    let mut late = track.samples.get(before).unwrap().clone();
    late.pts = Pts(late.pts.0 + 1);
    let id = track.samples.insert_at(gop.start + 3, late);
    let after = track.samples.at_decode_position(gop.start + 4).unwrap();
    let elsewhere = track.samples.at_decode_position(gop.end + 5).unwrap();

    let decoded = starts();
    for sample in [elsewhere, before] {
        player.want_sample(sample);
        assert_exact(&player.update(&track, &mut cache), sample);
    }
    for sample in [after, id, elsewhere] {
        player.want_sample(sample);
        assert_exact(&settle(&mut player, &track, &mut cache), sample);
    }
    assert_eq!(starts(), decoded + 1);
}

#[test]
fn playing_goes_on_while_old_gops_are_taken_away() {
    let mut track = track(6, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(20));
    let at = |track: &reelscope_media::Track, number| track.samples.shown().get(number).copied();
    player.want_sample(SampleId(0));
    settle(&mut player, &track, &mut cache);
    for _ in 0..4 {
        track.samples.remove_first_gop();
        let first = at(&track, 0).unwrap();
        player.want_sample(first);
        assert_exact(&settle(&mut player, &track, &mut cache), first);
        let next = at(&track, 3).unwrap();
        player.want_sample(next);
        assert_exact(&settle(&mut player, &track, &mut cache), next);
    }
    // What is gone is not looked for.
    player.want(Pts(-1));
    let first = at(&track, 0).unwrap();
    assert_exact(&settle(&mut player, &track, &mut cache), first);
}

#[test]
fn a_frame_that_comes_after_many_that_are_shown_later_is_only_noted() {
    let track = track(2, SyncKind::Closed, |_| FINE);
    let mut feeding = crate::feed::Feeding::new(0, 0, Some(SampleId(0)));
    feeding.next = 7;
    for number in (0..7).rev() {
        let id = track.samples.shown()[number];
        let pts = track.samples.get(id).unwrap().pts;
        feeding.note(&track.samples, (pts, id));
    }
    assert!(feeding.has_come(&track.samples, SampleId(0)));
}
