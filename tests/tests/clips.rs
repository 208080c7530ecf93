//! Every test clip through the command line, held against what ffprobe and FFmpeg say of it.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use reelscope_tests::{
    Clip, Expect, InfoTrack, Run, Track, clip_path, clips, for_each, frame_lines, frames, info,
};
use serde_json::Value;

const KNOWN: &str = "clips_known.txt";

fn clips_that(expect: Expect) -> Vec<Clip> {
    clips()
        .unwrap()
        .into_iter()
        .filter(|clip| clip.expect == expect)
        .collect()
}

fn file(clip: &Clip) -> String {
    clip.file.clone()
}

/// Holds each track that `info` lists of the undamaged clips against the truth.
fn check_info(test: &str, check: impl Fn(&InfoTrack, &Track) -> Result<()> + Sync) {
    let findings = for_each(&clips_that(Expect::Whole), file, |clip| {
        let info = info(&clip_path(&clip.file))?;
        ensure!(
            info.tracks.len() == clip.tracks.len(),
            "{} video tracks",
            info.tracks.len()
        );
        info.tracks
            .iter()
            .zip(&clip.tracks)
            .try_for_each(|(track, truth)| check(track, truth))
    });
    findings.assert_known(KNOWN, test);
}

#[test]
fn every_clip_has_a_truth_and_every_truth_a_clip() {
    let with_truth: BTreeSet<String> = clips().unwrap().iter().map(file).collect();
    let there: BTreeSet<String> = std::fs::read_dir(clip_path(""))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(with_truth, there);
}

#[test]
fn times_are_ffprobes() {
    check_info("times_are_ffprobes", |track, truth| {
        let times = truth.times();
        ensure!(
            track.pts_ns.len() == times.len(),
            "{} of {}",
            track.pts_ns.len(),
            times.len()
        );
        for (index, (ours, theirs)) in track.pts_ns.iter().zip(&times).enumerate() {
            ensure!(
                (ours - theirs).abs() <= 1000,
                "#{index}: {ours} ns instead of {theirs} ns"
            );
        }
        Ok(())
    });
}

#[test]
fn keyframes_are_ffprobes() {
    check_info("keyframes_are_ffprobes", |track, truth| {
        let (ours, theirs) = (&track.keyframes, &truth.keyframes);
        ensure!(ours == theirs, "{ours:?} instead of {theirs:?}");
        Ok(())
    });
}

#[test]
fn codec_size_and_shape_are_ffprobes() {
    check_info("codec_size_and_shape_are_ffprobes", |track, truth| {
        let codec = match truth.codec.as_str() {
            "hevc" => "h265",
            "mjpeg" => "jpeg",
            other => other,
        };
        ensure!(track.codec == codec, "codec {}", track.codec);
        let size = (track.width, track.height);
        ensure!(size == (truth.width, truth.height), "size {size:?}");
        let aspect = track.sample_aspect_ratio;
        ensure!(
            aspect == truth.sample_aspect_ratio,
            "pixel shape {aspect:?}"
        );
        ensure!(
            track.rotation_degrees == truth.rotation,
            "turned {}°",
            track.rotation_degrees
        );
        Ok(())
    });
}

#[test]
fn pixel_format_and_color_are_ffprobes() {
    check_info("pixel_format_and_color_are_ffprobes", |track, truth| {
        let format = track.pixel_format.as_deref();
        ensure!(
            format == Some(truth.pix_fmt.as_str()),
            "{format:?}, not {}",
            truth.pix_fmt
        );
        ensure!(
            track.color == truth.color,
            "{:?}, not {:?}",
            track.color,
            truth.color
        );
        Ok(())
    });
}

#[test]
fn brightness_and_fields_are_ffprobes() {
    check_info("brightness_and_fields_are_ffprobes", |track, truth| {
        let said = &truth.first_frame;
        let light = &said["content_light"];
        let names = ["max_content_light_level", "max_frame_average_light_level"];
        for (ours, theirs) in names.into_iter().zip(["max_content", "max_average"]) {
            ensure!(track.hdr[ours] == light[theirs], "{}", track.hdr);
        }
        let (ours, theirs) = (&track.hdr["mastering_display"], &said["mastering_display"]);
        ensure!(ours.is_null() == theirs.is_null(), "{}", track.hdr);
        for name in ["red", "green", "blue", "white_point"] {
            let ours = &ours[name.trim_end_matches("_point")];
            for (place, axis) in ["x", "y"].into_iter().enumerate() {
                same_number(&ours[place], &theirs[format!("{name}_{axis}")], 1e-5)?;
            }
        }
        same_number(&ours["min_luminance"], &theirs["min_luminance"], 5e-5)?;
        same_number(&ours["max_luminance"], &theirs["max_luminance"], 0.0)?;
        if let Some(top) = truth.top_field_first {
            ensure!(track.interlaced, "not interlaced");
            let order = track.field_order.as_deref();
            ensure!(
                order
                    == Some(if top {
                        "top field first"
                    } else {
                        "bottom field first"
                    })
            );
        }
        Ok(())
    });
}

/// Holds a number against a fraction as ffprobe writes it: `"1000/10000"`.
fn same_number(ours: &Value, theirs: &Value, within: f64) -> Result<()> {
    let fraction = theirs.as_str().and_then(|text| text.split_once('/'));
    let theirs = match fraction {
        Some((num, den)) => Some(num.parse::<f64>()? / den.parse::<f64>()?),
        None => None,
    };
    let apart = ours.as_f64().zip(theirs).map(|(a, b)| (a - b).abs());
    ensure!(
        apart.map_or(ours.is_null() && theirs.is_none(), |it| it <= within),
        "{ours}, not {theirs:?}"
    );
    Ok(())
}

#[test]
fn frames_are_ffmpegs_to_the_last_bit() {
    let findings = for_each(&clips_that(Expect::Whole), file, |clip| {
        for (number, truth) in clip.tracks.iter().enumerate() {
            let frames = frames(&clip_path(&clip.file), number)?;
            ensure!(frames.len() == truth.md5.len(), "{} frames", frames.len());
            // FFmpeg guesses where an elementary stream has no times; a constant rate is a fact.
            let times = match truth.pts_ns {
                Some(_) => truth.frames_pts_ns.clone(),
                None => truth.times(),
            };
            for (index, frame) in frames.iter().enumerate() {
                let (pts, md5) = (times[index], &truth.md5[index]);
                ensure!(&frame.md5 == md5, "#{index} has other pixels");
                ensure!(
                    (frame.pts_ns - pts).abs() <= 1000,
                    "#{index} is at {}",
                    frame.pts_ns
                );
            }
        }
        Ok(())
    });
    findings.assert_known(KNOWN, "frames_are_ffmpegs_to_the_last_bit");
}

#[test]
fn a_damaged_clip_still_shows_its_whole_frames() {
    let findings = for_each(&clips_that(Expect::Damaged), file, |clip| {
        let path = clip_path(&clip.file);
        Run::new(["info".as_ref(), path.as_os_str(), "--json".as_ref()]).outcome()?;
        let outcome =
            Run::new(["frames".as_ref(), path.as_os_str(), "--md5".as_ref()]).outcome()?;
        match outcome.code {
            Some(0) => {}
            Some(1) => ensure!(
                !outcome.stderr.trim().is_empty(),
                "it failed without a word"
            ),
            code => anyhow::bail!("exit code {code:?}"),
        }
        let shown = frame_lines(&outcome.stdout)?;
        let truth = clip.tracks.first().context("no truth")?;
        for (pts, md5) in truth.frames_pts_ns.iter().zip(&truth.md5) {
            let frame = shown
                .iter()
                .find(|frame| (frame.pts_ns - pts).abs() <= 1000);
            let frame = frame.with_context(|| format!("no frame at {pts} ns"))?;
            ensure!(&frame.md5 == md5, "other pixels at {pts} ns");
        }
        Ok(())
    });
    findings.assert_known(KNOWN, "a_damaged_clip_still_shows_its_whole_frames");
}

#[test]
fn a_file_that_is_no_video_is_refused_with_its_name_and_a_reason() {
    let findings = for_each(&clips_that(Expect::Refused), file, |clip| {
        let path = clip_path(&clip.file);
        for command in [["info", "--json"], ["frames", "--md5"]] {
            let args = [command[0].as_ref(), path.as_os_str(), command[1].as_ref()];
            let outcome = Run::new(args).outcome()?;
            ensure!(
                outcome.code == Some(1),
                "{command:?}: exit code {:?}",
                outcome.code
            );
            ensure!(
                outcome.stdout.is_empty(),
                "{command:?} printed {}",
                outcome.stdout
            );
            let reason = outcome
                .stderr
                .split_once(&clip.file)
                .map(|(_, reason)| reason);
            ensure!(
                reason.is_some_and(|words| words.len() > 10),
                "{}",
                outcome.stderr
            );
        }
        Ok(())
    });
    findings.assert_known(
        KNOWN,
        "a_file_that_is_no_video_is_refused_with_its_name_and_a_reason",
    );
}

#[test]
fn a_limit_ends_the_listing_early() {
    let path = clip_path("av1.mp4");
    let args = [
        "frames".as_ref(),
        path.as_os_str(),
        "--md5".as_ref(),
        "--limit".as_ref(),
        "5".as_ref(),
    ];
    let limited = frame_lines(&Run::new(args).success().unwrap().stdout).unwrap();
    assert_eq!(limited, frames(&path, 0).unwrap()[..5]);
}
