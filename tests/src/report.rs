//! What `reelscope info --json` and `reelscope frames --md5` print.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::{Color, Run};

/// `reelscope info FILE --json`.
#[derive(Debug, Deserialize)]
pub struct Info {
    /// The path as it was given.
    pub path: String,
    /// Short name of the container.
    pub container: String,
    /// Video tracks in file order.
    pub tracks: Vec<InfoTrack>,
}

/// A track in [`Info`].
#[derive(Debug, Deserialize)]
pub struct InfoTrack {
    /// Short name.
    pub codec: String,
    /// RFC 6381 codec string.
    pub codec_string: String,
    /// Pixels after cropping, before rotation.
    pub width: u32,
    /// Pixels after cropping, before rotation.
    pub height: u32,
    /// FFmpeg's name of the pixel format.
    pub pixel_format: Option<String>,
    /// Bits per value.
    pub bit_depth: Option<u32>,
    /// Clockwise.
    pub rotation_degrees: i64,
    /// Width to height of a pixel.
    pub sample_aspect_ratio: (i64, i64),
    /// Colour description.
    pub color: Color,
    /// Brightness, as the command prints it.
    #[serde(default)]
    pub hdr: Value,
    /// Pictures may have two fields.
    pub interlaced: bool,
    /// `"top field first"` or `"bottom field first"`.
    pub field_order: Option<String>,
    /// Ticks per second.
    pub timescale: u64,
    /// Samples that are shown.
    pub sample_count: usize,
    /// Length in nanoseconds.
    pub duration_ns: i64,
    /// In presentation order.
    pub pts_ns: Vec<i64>,
    /// Indices into `pts_ns`.
    pub keyframes: Vec<usize>,
}

/// Runs `reelscope info FILE --json` and expects it to end well.
///
/// # Errors
/// If it does not, or prints something else than a video file's description.
pub fn info(path: &Path) -> Result<Info> {
    let outcome = Run::new(["info".as_ref(), path.as_os_str(), "--json".as_ref()]).success()?;
    let mut json: serde_json::Value =
        serde_json::from_str(&outcome.stdout).context("info printed no JSON")?;
    // Sound and subtitles are listed too, with less to say of them.
    if let Some(tracks) = json["tracks"].as_array_mut() {
        tracks.retain(|track| track["width"].as_u64().is_some_and(|width| width > 0));
    }
    Info::deserialize(json).context("info printed something else than what it promises")
}

/// A line of `reelscope frames FILE --md5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameLine {
    /// Presentation time in nanoseconds.
    pub pts_ns: i64,
    /// MD5 of the planes.
    pub md5: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// FFmpeg's name of the pixel format.
    pub pixel_format: String,
}

/// The frames of a track, from `reelscope frames FILE --md5`, which is expected to end well.
///
/// # Errors
/// If it does not, or prints something else than frames.
pub fn frames(path: &Path, track: usize) -> Result<Vec<FrameLine>> {
    let track = track.to_string();
    let args = [
        "frames".as_ref(),
        path.as_os_str(),
        "--md5".as_ref(),
        "--track".as_ref(),
    ];
    frame_lines(
        &Run::new(args.into_iter().chain([track.as_ref()]))
            .success()?
            .stdout,
    )
}

/// Reads the lines that `reelscope frames FILE --md5` printed.
///
/// # Errors
/// If one of them is no frame.
pub fn frame_lines(stdout: &str) -> Result<Vec<FrameLine>> {
    stdout
        .lines()
        .map(|line| frame_line(line).with_context(|| format!("{line:?}")))
        .collect()
}

fn frame_line(line: &str) -> Result<FrameLine> {
    let mut words = line.split(' ');
    let mut next = || words.next().context("a word is missing");
    let (pts_ns, md5, size, pixel_format) = (next()?.parse()?, next()?, next()?, next()?);
    let (width, height) = size.split_once('x').context("the size has no x")?;
    ensure!(md5.len() == 32, "an MD5 has 32 digits");
    Ok(FrameLine {
        pts_ns,
        md5: md5.to_owned(),
        size: (width.parse()?, height.parse()?),
        pixel_format: pixel_format.to_owned(),
    })
}
