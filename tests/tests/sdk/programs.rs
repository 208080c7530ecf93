//! Every program with every SDK against `reelscope record`.

use anyhow::{Result, ensure};
use reelscope_tests::{Sdk, clip_path, clips};

use crate::recorded::{Recorded, with_each_sdk};
use crate::{contents, frames};

/// A clip with B-frames, so that presentation order matters.
const CLIP: &str = "h264_b_frames.mp4";

/// What is true of every recording with one program's one recording in it.
fn check(sdk: Sdk, program: &str, args: &[&str]) -> Result<()> {
    let recorded = Recorded::new(sdk, program, args)?;
    recorded.check_contents()?;
    recorded.check_info()?;
    recorded.check_stock()?;
    recorded.check_frames()
}

#[test]
fn the_live_stream_of_the_video_page_comes_out_whole() {
    with_each_sdk(|sdk| check(sdk, "video_stream", &[]));
}

#[test]
fn the_asset_of_the_video_page_comes_out_whole() {
    let clip = clip_path(CLIP);
    let (clip, truth) = (clip.to_str().unwrap(), clips().unwrap());
    let track = &truth.iter().find(|clip| clip.file == CLIP).unwrap().tracks[0];
    for args in [&[clip][..], &["--asset-last", clip]] {
        with_each_sdk(|sdk| {
            let recorded = Recorded::new(sdk, "asset_video", args)?;
            recorded.check_contents()?;
            recorded.check_info()?;
            recorded.check_stock()?;
            let found = frames::list(&recorded.file, "/video", "video_time")?;
            let times = recorded.truth.single()?.entities["/video"].times("video_time");
            frames::check_frames(&found, &track.md5, &times)
        });
    }
}

#[test]
fn one_of_everything_is_kept_as_it_was_logged() {
    with_each_sdk(|sdk| {
        let recorded = Recorded::new(sdk, "one_of_everything", &["--recording-id", "everything"])?;
        ensure!(recorded.truth.recordings.len() == 2);
        recorded.check_contents()?;
        recorded.check_info()?;
        recorded.check_stock()
    });
}

#[test]
fn cameras_of_every_kind_log_at_once() {
    with_each_sdk(|sdk| check(sdk, "cameras", &[]));
}

#[test]
fn twelve_cameras_log_at_once() {
    check(
        Sdk::NEWEST,
        "cameras",
        &["--cameras", "12", "--count", "20"],
    )
    .unwrap();
}

#[test]
fn b_frames_are_shown_in_the_order_of_their_times() {
    with_each_sdk(|sdk| check(sdk, "b_frames", &[]));
}

#[test]
fn a_stream_that_starts_in_the_middle_of_a_gop_shows_what_comes_after_the_next_keyframe() {
    with_each_sdk(|sdk| check(sdk, "mid_gop", &[]));
}

#[test]
fn samples_that_arrive_late_are_decoded_in_their_place() {
    with_each_sdk(|sdk| check(sdk, "late", &[]));
}

#[test]
fn a_thousand_entities_have_a_thousand_rows_each() {
    for sdk in [Sdk::ALL[0], Sdk::NEWEST] {
        let recorded = Recorded::new(sdk, "many", &[]).unwrap();
        let mut rows = 0;
        contents::visit(&recorded.file, contents::End::Finished, |_, chunk| {
            let Some(number) = chunk.entity.rsplit_once("/entity") else {
                return Ok(());
            };
            let number: i64 = number.1.parse()?;
            let (times, values) = (chunk.time("frame"), chunk.column("Scalars:scalars"));
            for row in 0..chunk.rows.len() {
                // The programs' values say where they belong.
                let time = times.and_then(|times| times.get(row));
                let value = values.and_then(|values| values.f64(row));
                let expected = time.map(|time| (time + 1000 * number) as f64);
                ensure!(
                    value.is_some() && value == expected,
                    "{}: {value:?}",
                    chunk.entity
                );
                rows += 1;
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(rows, 1_000_000);
        recorded.check_info().unwrap();
    }
}
