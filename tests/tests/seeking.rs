//! `reelscope frames FILE --at TIME -o OUT.png`: the picture saved shows the counter of the very
//! frame that was asked for.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use reelscope_tests::{Clip, Expect, Run, Track, clip_path, clips, for_each, read_counter};

/// Clips that between them have every codec, every kind of GOP, every turn and pixel shape.
const SOUGHT: &[&str] = &[
    "av1.mp4",
    "av1_10bit_hlg.mp4",
    "av1_film_grain.mp4",
    "av1_grey.mp4",
    "av1_intra_only.mp4",
    "av1_odd_size.mp4",
    "editlist_empty_edit.mp4",
    "editlist_trim_mid_gop.mp4",
    "fragmented.mp4",
    "h264_b_pyramid.mp4",
    "h264_full_range.mp4",
    "h264_intra_refresh.mp4",
    "h264_odd_size.mp4",
    "h264_open_gop.mp4",
    "h264_rgb.mp4",
    "h265_422_12bit.mp4",
    "h265_open_gop.mp4",
    "mjpeg.mov",
    "no_stss.mp4",
    "rotated_180.mp4",
    "rotated_270.mp4",
    "rotated_90.mp4",
    "tall_pixels.mp4",
    "variable_rate.mp4",
    "vp8.ivf",
    "vp9_10bit.mp4",
    "vp9_odd_size.mp4",
    "wide_pixels.mp4",
];
/// Seeks per clip.
const SEEKS: usize = 3;

fn sought() -> Vec<Clip> {
    let mut clips = clips().unwrap();
    clips.retain(|clip| SOUGHT.contains(&clip.file.as_str()));
    assert!(clips.iter().all(|clip| clip.expect == Expect::Whole));
    assert_eq!(clips.len(), SOUGHT.len());
    clips
}

/// Frame numbers to seek to, scattered by the clip's name, the same on every run.
fn targets(clip: &Clip, count: usize) -> impl Iterator<Item = usize> + use<> {
    let seed = clip
        .file
        .bytes()
        .fold(7_usize, |sum, byte| sum * 31 % 65_521 + usize::from(byte));
    (0..SEEKS).map(move |seek| (seed + seek * 7_919) % count)
}

fn counter_at(clip: &Clip, at: &str, track: &Track) -> Result<u32> {
    let folder = tempfile::tempdir()?;
    let picture = folder.path().join("frame.png");
    let path = clip_path(&clip.file);
    save_frame(&path, at, &picture)?;
    read_counter(&picture, track)
}

fn save_frame(path: &Path, at: &str, picture: &Path) -> Result<()> {
    let args = [
        "frames".as_ref(),
        path.as_os_str(),
        "--at".as_ref(),
        at.as_ref(),
        "-o".as_ref(),
    ];
    Run::new(args.into_iter().chain([picture.as_os_str()])).success()?;
    Ok(())
}

#[test]
fn seeking_to_a_frame_number_shows_that_frame() {
    let findings = for_each(
        &sought(),
        |clip| clip.file.clone(),
        |clip| {
            let track = &clip.tracks[0];
            let values = &track.counter.as_ref().context("no counter")?.values;
            for target in targets(clip, values.len()) {
                let seen = counter_at(clip, &format!("#{target}"), track)?;
                ensure!(
                    seen == values[target],
                    "#{target} shows {seen}, not {}",
                    values[target]
                );
            }
            Ok(())
        },
    );
    findings.assert_known(
        "clips_known.txt",
        "seeking_to_a_frame_number_shows_that_frame",
    );
}

#[test]
fn seeking_to_a_time_shows_the_frame_that_is_on_screen_then() {
    let findings = for_each(
        &sought(),
        |clip| clip.file.clone(),
        |clip| {
            let track = &clip.tracks[0];
            let (times, values) = (
                &track.frames_pts_ns,
                &track.counter.as_ref().context("no counter")?.values,
            );
            let target = targets(clip, values.len() - 1)
                .next()
                .context("no target")?;
            // Half way to the next frame, so that rounding decides nothing.
            let time = times[target] + (times[target + 1] - times[target]) / 2;
            for at in [
                format!("{}.{:09}s", time / 1_000_000_000, time % 1_000_000_000),
                {
                    let seconds = time / 1_000_000_000;
                    format!(
                        "00:{:02}:{:02}.{:09}",
                        seconds / 60,
                        seconds % 60,
                        time % 1_000_000_000
                    )
                },
            ] {
                let seen = counter_at(clip, &at, track)?;
                ensure!(
                    seen == values[target],
                    "{at} shows {seen}, not {}",
                    values[target]
                );
            }
            Ok(())
        },
    );
    findings.assert_known(
        "clips_known.txt",
        "seeking_to_a_time_shows_the_frame_that_is_on_screen_then",
    );
}
