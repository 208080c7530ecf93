//! `reelscope remux`: what FFmpeg and ffprobe find in the files that it writes is what they find in the
//! originals.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use reelscope_tests::{Clip, Expect, Run, Track, clip_path, clips, corpus, for_each, frames};
use serde_json::Value;

const KNOWN: &str = "remux_known.txt";
/// What MP4 files can hold, as FFmpeg names it.
const CODECS: [&str; 5] = ["h264", "hevc", "av1", "vp9", "vp8"];

/// The frames of a video as FFmpeg decodes them: time in nanoseconds and MD5, in presentation order.
type Frames = Vec<(i64, String)>;

fn remux(input: &Path, args: &[&str], output: &Path) -> Result<()> {
    let run = Run::new(["remux".as_ref(), input.as_os_str(), "-o".as_ref()]);
    run.arg(output).args(args).success().map(|_| ())
}

/// What FFmpeg decodes from the first video stream, with its own times.
fn decode(path: &Path) -> Result<Frames> {
    let run = Run::program(
        "ffmpeg",
        ["-hide_banner", "-v", "error", "-noautorotate", "-i"],
    );
    let outcome = run
        .arg(path)
        .args([
            "-map",
            "0:v:0",
            "-fps_mode",
            "passthrough",
            "-autoscale",
            "0",
        ])
        .args(["-copyts", "-enc_time_base", "-1", "-f", "framemd5", "-"])
        .success()?;
    let mut base = (1, 1);
    let mut frames = Vec::new();
    for line in outcome.stdout.lines() {
        if let Some(text) = line.strip_prefix("#tb 0: ") {
            let (num, den) = text.split_once('/').context("a time base has a slash")?;
            base = (num.parse()?, den.parse()?);
        }
        if line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [_, _, pts, _, _, md5] = fields.as_slice() else {
            continue;
        };
        frames.push((nanos(pts.parse()?, base), (*md5).to_owned()));
    }
    Ok(frames)
}

fn nanos(ticks: i64, (num, den): (i64, i64)) -> i64 {
    let scaled = i128::from(ticks) * i128::from(num) * 1_000_000_000;
    (scaled / i128::from(den)) as i64
}

/// What ffprobe says of the first video stream that is not about the file that it is in.
fn description(path: &Path) -> Result<BTreeMap<String, Value>> {
    const SAME: [&str; 12] = [
        "codec_name",
        "profile",
        "width",
        "height",
        "pix_fmt",
        "color_range",
        "color_space",
        "color_transfer",
        "color_primaries",
        "sample_aspect_ratio",
        "has_b_frames",
        "rotation",
    ];
    let outcome = Run::program("ffprobe", ["-v", "error", "-select_streams", "v:0"])
        .args(["-show_streams", "-of", "json"])
        .arg(path)
        .success()?;
    let json: Value = serde_json::from_str(&outcome.stdout)?;
    let stream = &json["streams"][0];
    let turned = &stream["side_data_list"][0]["rotation"];
    let value = |name: &str| match name {
        "rotation" => turned.clone(),
        // Where it is not stated, pixels are square.
        "sample_aspect_ratio" if stream[name].is_null() => "1:1".into(),
        _ => stream[name].clone(),
    };
    Ok(SAME.map(|name| (name.to_owned(), value(name))).into())
}

fn same_frames(ours: &Frames, theirs: &Frames, tolerance: i64) -> Result<()> {
    ensure!(
        ours.len() == theirs.len(),
        "{} frames instead of {}",
        ours.len(),
        theirs.len()
    );
    for (number, ((time, md5), (expected, original))) in ours.iter().zip(theirs).enumerate() {
        ensure!(md5 == original, "#{number} is another picture");
        let off = (time - expected).abs();
        ensure!(
            off <= tolerance,
            "#{number} at {time} ns instead of {expected}"
        );
    }
    Ok(())
}

/// Undamaged clips that an MP4 file can hold.
fn suitable() -> Vec<Clip> {
    let fits = |track: &Track| CODECS.contains(&track.codec.as_str());
    let all = clips().unwrap().into_iter();
    all.filter(|clip| clip.expect == Expect::Whole && clip.tracks.first().is_some_and(fits))
        .collect()
}

fn truth(track: &Track) -> Frames {
    let times = match track.frames_pts_ns.is_empty() {
        true => track.times(),
        false => track.frames_pts_ns.clone(),
    };
    times.into_iter().zip(track.md5.clone()).collect()
}

fn check_whole(clip: &Clip, args: &[&str]) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let output = folder.path().join("out.mp4");
    remux(&clip_path(&clip.file), args, &output)?;
    let track = clip.tracks.first().context("no track")?;
    let mut expected = truth(track);
    if track.pts_ns.is_none() {
        // An elementary stream: FFmpeg's guess at its times is not ours.
        let times = track.times();
        for ((time, _), own) in expected.iter_mut().zip(times) {
            *time = own;
        }
    }
    // Files begin at 0 at the earliest.
    let early = expected.first().map_or(0, |(time, _)| (*time).min(0));
    for (time, _) in &mut expected {
        *time -= early;
    }
    same_frames(&decode(&output)?, &expected, 1_000)
}

#[test]
fn whole_clips_keep_their_frames_and_their_times() {
    let check = |clip: &Clip| check_whole(clip, &[]);
    let findings = for_each(&suitable(), |clip| clip.file.clone(), check);
    findings.assert_known(KNOWN, "whole");
}

#[test]
fn fragments_keep_their_frames_and_their_times() {
    let check = |clip: &Clip| check_whole(clip, &["--fragmented"]);
    let findings = for_each(&suitable(), |clip| clip.file.clone(), check);
    findings.assert_known(KNOWN, "fragments");
}

#[test]
fn streams_are_described_as_before() {
    let findings = for_each(
        &suitable(),
        |clip| clip.file.clone(),
        |clip| {
            let folder = tempfile::tempdir()?;
            let output = folder.path().join("out.mp4");
            let input = clip_path(&clip.file);
            remux(&input, &[], &output)?;
            let (ours, theirs) = (description(&output)?, description(&input)?);
            for (name, value) in &theirs {
                let own = &ours[name];
                ensure!(own == value, "{name} is {own}, not {value}");
            }
            Ok(())
        },
    );
    findings.assert_known(KNOWN, "description");
}

/// Frames of a clip with the first of them at 0.
fn from_zero(frames: &[(i64, String)]) -> Frames {
    let first = frames.first().map_or(0, |(time, _)| *time);
    let moved = frames.iter().map(|(time, md5)| (time - first, md5.clone()));
    moved.collect()
}

#[test]
fn an_exact_cut_shows_the_frames_of_the_range_and_no_others() {
    for file in [
        "h264_b_frames.mp4",
        "h264_open_gop.mp4",
        "h265.mp4",
        "av1.mp4",
        "vp9.webm",
        "h264.ts",
        "editlist_trim_mid_gop.mp4",
    ] {
        let all = decode(&clip_path(file)).unwrap();
        let (from, to) = (all.len() / 3, all.len() - 4);
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("cut.mp4");
        let range = format!("#{from}..#{to}");
        remux(&clip_path(file), &["--range", &range, "--exact"], &output).unwrap();
        let expected = from_zero(&all[from..to]);
        let same = same_frames(&decode(&output).unwrap(), &expected, 20_000);
        same.with_context(|| file.to_owned()).unwrap();
    }
}

#[test]
fn every_single_frame_of_an_open_gop_can_be_cut_out() {
    for file in ["h264_open_gop.mp4", "h265_open_gop.mp4"] {
        let all = decode(&clip_path(file)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("cut.mp4");
        for number in 0..all.len() {
            let end = match number + 1 {
                end if end < all.len() => format!("#{end}"),
                _ => String::new(),
            };
            let range = format!("#{number}..{end}");
            remux(&clip_path(file), &["--range", &range, "--exact"], &output).unwrap();
            let cut = decode(&output).unwrap();
            let md5s: Vec<&String> = cut.iter().map(|(_, md5)| md5).collect();
            assert_eq!(md5s, [&all[number].1], "{file} {number}");
        }
    }
}

#[test]
fn transport_streams_that_were_joined_show_all_parts_in_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let (joined, output) = (folder.path().join("joined.ts"), folder.path().join("o.mp4"));
    let part = std::fs::read(clip_path("h264.ts")).unwrap();
    std::fs::write(&joined, [part.as_slice(); 3].concat()).unwrap();
    remux(&joined, &[], &output).unwrap();
    let md5s = |frames: Frames| -> Vec<String> { frames.into_iter().map(|(_, md5)| md5).collect() };
    let once = md5s(decode(&clip_path("h264.ts")).unwrap());
    let frames = decode(&output).unwrap();
    assert!(frames.is_sorted_by(|(one, _), (other, _)| one < other));
    assert_eq!(md5s(frames), [once.as_slice(); 3].concat());
    let info = Run::new(["info"]).arg(&joined).success().unwrap();
    assert!(info.stdout.contains("start over (2 ×)"), "{}", info.stdout);
}

#[test]
fn slow_b_frames_in_steps_of_nanoseconds_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let slow = folder.path().join("slow.mp4");
    let clip = clip_path("h264_b_frames.mp4");
    // Their composition offsets are beyond 2^28 ticks.
    Run::program("ffmpeg", ["-v", "error", "-itsscale", "10", "-i"])
        .arg(&clip)
        .args(["-c", "copy", "-video_track_timescale", "1000000000"])
        .arg(&slow)
        .success()
        .unwrap();
    let timed = |path: &Path, slower: i64| -> Frames {
        let lines = frames(path, 0).unwrap().into_iter();
        lines.map(|it| (slower * it.pts_ns, it.md5)).collect()
    };
    assert_eq!(timed(&slow, 1), timed(&clip, 10));
}

#[test]
fn a_cut_starts_at_the_keyframe_before() {
    for (file, args) in [
        ("h264_b_frames.mp4", &[][..]),
        ("h264_open_gop.mp4", &[]),
        ("h265.mp4", &["--fragmented"]),
        ("av1.mp4", &["--fragmented"]),
    ] {
        let all = decode(&clip_path(file)).unwrap();
        let clip = clips().unwrap().into_iter().find(|clip| clip.file == file);
        let keyframes = clip.unwrap().tracks[0].keyframes.clone();
        let (from, to) = (all.len() / 2, all.len() - 1);
        let start = keyframes
            .into_iter()
            .filter(|at| *at <= from)
            .max()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("cut.mp4");
        let range = format!("#{from}..");
        let args = [&["--range", range.as_str()], args].concat();
        remux(&clip_path(file), &args, &output).unwrap();
        let expected = from_zero(&all[start..=to]);
        let same = same_frames(&decode(&output).unwrap(), &expected, 20_000);
        same.with_context(|| file.to_owned()).unwrap();
    }
}

#[test]
fn other_peoples_videos_keep_their_frames() {
    let Some(corpus) = corpus().unwrap() else {
        return;
    };
    let findings = for_each(
        &corpus.files,
        |file| file.file.clone(),
        |file| {
            let stream = file.video_streams.first();
            let sound = stream
                .is_some_and(|it| it.decode.ffmpeg_errors.is_empty() && !it.decode.md5.is_empty());
            let path = corpus.path(file);
            // Decoding these twice takes minutes.
            let large = path.metadata().map_or(true, |facts| facts.len() > 64 << 20)
                || stream.is_some_and(|it| it.packets.presentation_pts_sorted.len() > 1_200);
            if !sound || large || file.tags.iter().any(|tag| tag == "encrypted") {
                return Ok(());
            }
            let codec = description(&path)?["codec_name"].clone();
            if !CODECS.iter().any(|known| codec == *known) {
                return Ok(());
            }
            let folder = tempfile::tempdir()?;
            let output = folder.path().join("out.mp4");
            remux(&path, &[], &output)?;
            let md5 = |frames: Frames| -> Vec<String> {
                frames.into_iter().map(|(_, md5)| md5).collect()
            };
            let (ours, theirs) = (md5(decode(&output)?), md5(decode(&path)?));
            ensure!(
                ours.len() == theirs.len(),
                "{} frames, not {}",
                ours.len(),
                theirs.len()
            );
            ensure!(ours == theirs, "other pictures");
            Ok(())
        },
    );
    findings.assert_known(KNOWN, "corpus");
}

#[test]
fn what_an_mp4_file_cannot_hold_is_said_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out.mp4");
    let said = |file: &str, args: &[&str]| {
        let path = clip_path(file);
        let run = Run::new(["remux".as_ref(), path.as_os_str(), "-o".as_ref()]);
        let outcome = run.arg(&output).args(args).outcome().unwrap();
        assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
        assert!(!output.exists(), "a file was left");
        outcome.stderr
    };
    let stderr = said("mjpeg.mov", &[]);
    assert!(
        stderr.contains("JPEG cannot be put into an MP4 file"),
        "{stderr}"
    );
    let stderr = said("av1.mp4", &["--range", "1000s.."]);
    assert!(stderr.contains("no frame in the range"), "{stderr}");
    let stderr = said("av1.mp4", &["--range", "#9..#3"]);
    assert!(stderr.contains("ends before it starts"), "{stderr}");
    let stderr = said("editlist_trim_mid_gop.mp4", &["--fragmented"]);
    assert!(stderr.contains("fragmented file cannot hide"), "{stderr}");
}
