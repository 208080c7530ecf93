//! What FFmpeg and ffprobe say of a clip, as JSON: one object per clip with `expect` and its video
//! `tracks`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use super::clip::{Clip, Expect, Recipe};
use super::list;
use super::picture::{COUNTER_BITS, Picture};
use crate::shell;

/// The truth of a clip in `folder`.
pub(crate) fn of(clip: &Clip, folder: &Path) -> Result<Value> {
    let path = folder.join(clip.file);
    match clip.expect {
        Expect::Refused => {
            let decoded = frames(&path, 0).unwrap_or_default();
            ensure!(
                decoded.is_empty(),
                "FFmpeg decodes {} frames",
                decoded.len()
            );
            Ok(json!({ "expect": "refused", "tracks": [] }))
        }
        Expect::Damaged { from } => damaged(&path, &folder.join(from)),
        Expect::Whole => {
            let mut tracks = tracks(clip, &path)?;
            if let Some(file) = clip.keyframes_as {
                let other = list::all().into_iter().find(|other| other.file == file);
                let other = self::tracks(&other.context("no such clip")?, &folder.join(file))?;
                for (track, other) in tracks.iter_mut().zip(&other) {
                    track["keyframes"] = other["keyframes"].clone();
                }
            }
            Ok(json!({ "expect": "whole", "container": container(&path)?, "tracks": tracks }))
        }
    }
}

/// JSON for people and for diffs: a line to each field, and to each of many strings, but numbers in a
/// row.
pub(crate) fn spell(truth: &Value) -> String {
    fn write(value: &Value, indent: usize, out: &mut String) {
        let line = format!("\n{}", " ".repeat(indent + 1));
        let (open, close, items): (_, _, Vec<(String, &Value)>) = match value {
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (format!("\"{name}\": "), value));
                ('{', '}', fields.collect())
            }
            Value::Array(items) if items.iter().any(|item| !item.is_number()) => (
                '[',
                ']',
                items.iter().map(|item| (String::new(), item)).collect(),
            ),
            _ => return *out += &value.to_string(),
        };
        out.push(open);
        for (place, (name, item)) in items.into_iter().enumerate() {
            *out += if place > 0 { "," } else { "" };
            *out += &line;
            *out += &name;
            write(item, indent + 1, out);
        }
        *out += &line[..=indent];
        out.push(close);
    }
    let mut out = String::new();
    write(truth, 0, &mut out);
    out + "\n"
}

/// The frames at the start that a damaged clip still shares with the one it was made from.
fn damaged(path: &Path, from: &Path) -> Result<Value> {
    let whole = frames(from, 0)?;
    // FFmpeg may fail altogether here, and then nothing can be expected of others either.
    let left = frames(path, 0).unwrap_or_default();
    let same = whole.iter().zip(&left).take_while(|(a, b)| a == b).count();
    let same = whole.get(..same).unwrap_or_default();
    Ok(json!({
        "expect": "damaged",
        "tracks": [{ "frames_pts_ns": times(same), "md5": hashes(same) }],
    }))
}

fn container(path: &Path) -> Result<Value> {
    Ok(probe(path, &["-show_format"])?["format"]["format_name"].clone())
}

fn probe(path: &Path, what: &[&str]) -> Result<Value> {
    let output = shell::capture(
        Command::new("ffprobe")
            .args(["-v", "error", "-threads", "1", "-of", "json"])
            .args(what)
            .arg(path),
    )?;
    Ok(serde_json::from_slice(&output)?)
}

fn tracks(clip: &Clip, path: &Path) -> Result<Vec<Value>> {
    let report = probe(
        path,
        &["-select_streams", "v", "-show_streams", "-show_packets"],
    )?;
    let streams = report["streams"].as_array().context("no streams")?;
    streams
        .iter()
        .enumerate()
        .map(|(number, stream)| track(clip, path, number, stream, &report["packets"]))
        .collect()
}

fn track(
    clip: &Clip,
    path: &Path,
    number: usize,
    stream: &Value,
    packets: &Value,
) -> Result<Value> {
    let frames = frames(path, number)?;
    let time_base = ratio(&stream["time_base"], '/').context("no time base")?;
    let mut samples: Vec<(Option<i64>, bool)> = packets
        .as_array()
        .context("no packets")?
        .iter()
        .filter(|packet| packet["stream_index"] == stream["index"])
        .filter(|packet| !flags(packet).contains('D'))
        .map(|packet| (packet["pts"].as_i64(), flags(packet).contains('K')))
        .collect();
    // A stable sort: elementary streams have no times at all and stay in file order.
    samples.sort_by_key(|(pts, _)| *pts);
    let pts_ns: Option<Vec<i64>> = samples
        .iter()
        .map(|(pts, _)| pts.map(|pts| nanoseconds(pts, time_base)))
        .collect();
    let keyframes: Vec<usize> = samples
        .iter()
        .enumerate()
        .filter(|(_, (_, key))| *key)
        .map(|(index, _)| index)
        .collect();

    let mut truth = json!({
        "codec": stream["codec_name"],
        "width": stream["width"],
        "height": stream["height"],
        "pix_fmt": stream["pix_fmt"],
        "rotation": rotation(stream),
        "sample_aspect_ratio": ratio(&stream["sample_aspect_ratio"], ':').unwrap_or((1, 1)),
        "color": {
            "range": stated(&stream["color_range"]),
            "matrix": stated(&stream["color_space"]),
            "primaries": stated(&stream["color_primaries"]),
            "transfer": stated(&stream["color_transfer"]),
        },
        "frame_rate": ratio(&stream["r_frame_rate"], '/'),
        "sample_count": samples.len(),
        "pts_ns": pts_ns,
        "keyframes": keyframes,
        "frames_pts_ns": times(&frames),
        "md5": hashes(&frames),
    });
    // "tb" is coded top first and shown bottom first.
    match stream["field_order"].as_str() {
        Some("tt" | "bt") => truth["top_field_first"] = json!(true),
        Some("bb" | "tb") => truth["top_field_first"] = json!(false),
        _ => {}
    }
    if let Some(said) = of_first_frame(path, number)? {
        truth["first_frame"] = said;
    }
    if let Some(picture) = picture_of(clip.file, number) {
        let values = counters(path, number, &picture)?;
        ensure!(
            values.len() == frames.len(),
            "{} counters, {} frames",
            values.len(),
            frames.len()
        );
        ensure!(
            values.is_sorted_by(|a, b| a < b),
            "the counter does not survive: {values:?}"
        );
        truth["counter"] = json!({
            "bits": COUNTER_BITS,
            "block": picture.block,
            "margin": picture.margin,
            "values": values,
        });
    }
    Ok(truth)
}

/// What ffprobe says of the first frame's brightness; `None` if it says nothing.
fn of_first_frame(path: &Path, number: usize) -> Result<Option<Value>> {
    let select = format!("v:{number}");
    let first = [
        "-select_streams",
        &select,
        "-show_frames",
        "-read_intervals",
        "%+#1",
    ];
    let frame = probe(path, &first)?["frames"][0].take();
    let sides = frame["side_data_list"].as_array().into_iter().flatten();
    let mut said = json!({});
    for side in sides {
        match side["side_data_type"].as_str() {
            Some("Mastering display metadata") => said["mastering_display"] = side.clone(),
            Some("Content light level metadata") => said["content_light"] = side.clone(),
            _ => {}
        }
    }
    Ok((said != json!({})).then_some(said))
}

fn flags(packet: &Value) -> &str {
    packet["flags"].as_str().unwrap_or_default()
}

/// A name, or null where ffprobe says nothing or that it does not know.
fn stated(value: &Value) -> Option<&str> {
    value.as_str().filter(|name| *name != "unknown")
}

fn ratio(value: &Value, separator: char) -> Option<(i64, i64)> {
    let (left, right) = value.as_str()?.split_once(separator)?;
    Some((left.parse().ok()?, right.parse().ok()?))
}

/// The clockwise turn that shows the picture upright; ffprobe gives the counter-clockwise turn that
/// it has been through.
fn rotation(stream: &Value) -> i64 {
    let sides = stream["side_data_list"].as_array();
    let turn = sides
        .into_iter()
        .flatten()
        .find_map(|side| side["rotation"].as_i64());
    (-turn.unwrap_or(0)).rem_euclid(360)
}

/// A time in ticks as nanoseconds, halves rounded up.
fn nanoseconds(ticks: i64, (num, den): (i64, i64)) -> i64 {
    let scaled = i128::from(ticks) * i128::from(num) * 1_000_000_000;
    let rounded = (2 * scaled + i128::from(den)).div_euclid(2 * i128::from(den));
    rounded as i64
}

/// Time in nanoseconds and MD5 of a decoded frame's planes.
type Decoded = (i64, String);

fn times(frames: &[Decoded]) -> Vec<i64> {
    frames.iter().map(|frame| frame.0).collect()
}

fn hashes(frames: &[Decoded]) -> Vec<&str> {
    frames.iter().map(|frame| frame.1.as_str()).collect()
}

fn decode(path: &Path, number: usize, output: &[&str]) -> Result<Vec<u8>> {
    shell::capture(
        Command::new("ffmpeg")
            .args([
                "-hide_banner",
                "-v",
                "error",
                "-noautorotate",
                "-threads",
                "1",
                "-i",
            ])
            .arg(path)
            .args(["-map", &format!("0:v:{number}")])
            .args(["-fps_mode", "passthrough", "-autoscale", "0"])
            .args(["-copyts", "-enc_time_base", "-1"])
            .args(output)
            .arg("-"),
    )
}

/// Every frame that FFmpeg decodes, in presentation order, in its own pixel format.
fn frames(path: &Path, number: usize) -> Result<Vec<Decoded>> {
    let listing = String::from_utf8(decode(path, number, &["-f", "framemd5"])?)?;
    let mut time_base = (0, 1);
    let mut frames = Vec::new();
    for line in listing.lines() {
        if let Some(base) = line.strip_prefix("#tb 0: ") {
            time_base = ratio(&json!(base), '/').context("no time base")?;
        }
        if line.starts_with('#') {
            continue;
        }
        // Stream, dts, pts, duration, size, hash.
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [_, _, pts, _, _, md5] = fields[..] else {
            bail!("a line of framemd5 that nobody understands: {line}");
        };
        frames.push((nanoseconds(pts.parse()?, time_base), md5.to_owned()));
    }
    Ok(frames)
}

/// The counters that can be seen in the frames.
fn counters(path: &Path, number: usize, picture: &Picture) -> Result<Vec<u32>> {
    let grey = decode(path, number, &["-pix_fmt", "gray", "-f", "rawvideo"])?;
    Ok(grey
        .chunks_exact(picture.width * picture.height)
        .map(|frame| picture.read_counter(frame))
        .collect())
}

/// What the pictures of a clip's track look like; `None` if they are not all alike.
fn picture_of(file: &str, number: usize) -> Option<Picture> {
    let clip = list::all().into_iter().find(|clip| clip.file == file)?;
    match clip.recipe {
        Recipe::Encode(encode) => Some(encode.picture),
        Recipe::Remux { of, .. } => picture_of(of.get(number)?, 0),
        Recipe::Edit { of, .. } => picture_of(of, number),
        Recipe::Concatenate { .. } => None,
    }
}
