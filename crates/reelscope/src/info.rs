//! `reelscope info`: what is in a file, as text or as JSON.

mod color;
mod logged;

use std::io::Write;
use std::path::Path;

use reelscope_ingest::is_recording_file;
use reelscope_media::{Codec, FieldOrder, Range, Ratio, SyncKind, Track, Visibility};
use serde::Serialize;

use self::color::{Brightness, ColorNames, ShownColors};
use crate::videos::{Loaded, load};

/// The JSON object. Field names are part of the command's interface.
#[derive(Debug, Serialize)]
struct FileInfo {
    path: String,
    container: &'static str,
    tracks: Vec<TrackInfo>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// One video track.
#[derive(Debug, Serialize)]
struct TrackInfo {
    codec: &'static str,
    codec_string: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    width: u32,
    height: u32,
    pixel_format: Option<String>,
    bit_depth: Option<u8>,
    rotation_degrees: u32,
    mirrored: bool,
    sample_aspect_ratio: [u32; 2],
    color: ColorNames,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown_color: Option<ShownColors>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hdr: Option<Brightness>,
    interlaced: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    field_order: Option<&'static str>,
    timescale: u32,
    sample_count: usize,
    frame_count: usize,
    duration_ns: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unplayable: Option<String>,
    pts_ns: Vec<i64>,
    keyframes: Vec<usize>,
}

impl From<&Track> for TrackInfo {
    fn from(track: &Track) -> Self {
        let samples = &track.samples;
        // What an edit list cuts off has no time on the timeline; a sample without a picture has.
        let times = samples
            .in_presentation_order()
            .iter()
            .filter_map(|id| samples.get(*id));
        let times = times.filter(|sample| sample.visibility != Visibility::CutOff);
        let keyframes = times.clone().enumerate();
        let keyframes = keyframes.filter(|(_, sample)| sample.sync != SyncKind::None);
        let full_range = track.facts.color.range == Range::Full
            && matches!(track.codec, Codec::H264 | Codec::H265 | Codec::Jpeg);
        let aspect = track
            .geometry
            .pixel_aspect
            .or(track.facts.pixel_aspect)
            .unwrap_or(Ratio::ONE);
        let extent = samples.first_pts().zip(samples.end_pts());
        Self {
            codec: track.codec.name(),
            codec_string: track.codec_string.clone(),
            profile: track.facts.profile.clone(),
            width: track.facts.width,
            height: track.facts.height,
            pixel_format: track
                .facts
                .format
                .map(|format| format.name_with_range(full_range)),
            bit_depth: track.facts.format.map(|format| format.depth),
            rotation_degrees: track.geometry.orientation.degrees(),
            mirrored: track.geometry.orientation.mirrored,
            sample_aspect_ratio: [aspect.num, aspect.den],
            color: track.color().into(),
            shown_color: ShownColors::of(track),
            hdr: Brightness::of(track.hdr()),
            interlaced: track.facts.interlaced,
            field_order: track.facts.field_order.map(FieldOrder::name),
            timescale: track.timescale.ticks_per_second(),
            sample_count: samples.len(),
            duration_ns: extent.map_or(0, |(first, end)| {
                track.nanos(end).saturating_sub(track.nanos(first))
            }),
            remark: track.remark.clone(),
            unplayable: track.unplayable.clone(),
            frame_count: samples.shown().len(),
            pts_ns: times.map(|sample| track.nanos(sample.pts)).collect(),
            keyframes: keyframes.map(|(number, _)| number).collect(),
        }
    }
}

/// Runs the command.
pub(crate) fn run(path: &Path, json: bool) -> anyhow::Result<()> {
    if is_recording_file(path) {
        return logged::run(path, json);
    }
    let Loaded {
        container,
        tracks,
        warnings,
    } = load(path)?;
    let info = FileInfo {
        path: path.display().to_string(),
        container,
        tracks: tracks.iter().map(TrackInfo::from).collect(),
        warnings,
    };
    print(&info, json, |out| write_text(out, &info))
}

/// Prints facts as a line of JSON, or as text.
fn print(
    info: &impl Serialize,
    json: bool,
    text: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if json {
        serde_json::to_writer(&mut out, info)?;
        writeln!(out)?;
    } else {
        text(&mut out)?;
    }
    out.flush()?;
    Ok(())
}

fn write_text(out: &mut dyn Write, info: &FileInfo) -> std::io::Result<()> {
    writeln!(out, "{} ({})", info.path, info.container)?;
    for (number, track) in info.tracks.iter().enumerate() {
        let name = |value: Option<&'static str>| value.unwrap_or("not stated");
        let [num, den] = track.sample_aspect_ratio;
        let profile = track
            .profile
            .as_deref()
            .map(|text| format!(", {text}"))
            .unwrap_or_default();
        writeln!(
            out,
            "video {number}: {} ({}{profile})",
            track.codec, track.codec_string
        )?;
        writeln!(
            out,
            "  picture    {}×{} {}, pixel aspect {num}:{den}, turned {}°{}",
            track.width,
            track.height,
            track.pixel_format.as_deref().unwrap_or("of unknown format"),
            track.rotation_degrees,
            if track.mirrored { ", mirrored" } else { "" },
        )?;
        writeln!(
            out,
            "  colour     matrix {}, range {}, primaries {}, transfer {}",
            name(track.color.matrix),
            name(track.color.range),
            name(track.color.primaries),
            name(track.color.transfer),
        )?;
        if let Some(shown) = &track.shown_color {
            writeln!(out, "  shown with {shown}")?;
        }
        if let Some(hdr) = &track.hdr {
            writeln!(out, "  brightness {hdr}")?;
        }
        if track.interlaced {
            let order = track.field_order.unwrap_or("field order not stated");
            writeln!(out, "  interlaced {order}")?;
        }
        writeln!(
            out,
            "  frames     {} shown of {} samples, {} keyframes, {} ticks per second",
            track.frame_count,
            track.sample_count,
            track.keyframes.len(),
            track.timescale,
        )?;
        if let Some(first) = track.pts_ns.first() {
            let seconds = |nanos: i64| nanos as f64 / 1e9;
            let duration = seconds(track.duration_ns);
            writeln!(
                out,
                "  time       from {:.6} s for {duration:.6} s",
                seconds(*first)
            )?;
        }
        if let Some(remark) = &track.remark {
            writeln!(out, "  remark     {remark}")?;
        }
        if let Some(reason) = &track.unplayable {
            writeln!(out, "  cannot be shown: {reason}")?;
        }
    }
    for warning in &info.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    Ok(())
}
