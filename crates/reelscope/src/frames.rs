//! `reelscope frames`: checksums of decoded planes, or one frame as a picture.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use md5::{Digest, Md5};
use reelscope_media::{Codec, Frame, Range, Track};
use reelscope_player::{Absence, Intent, ShownState};
use reelscope_render::{Look, Renderer};

use crate::at::At;
use crate::headless::{Headless, load, pick};
use crate::picture::{check_not_input, save_png};
use crate::{Engines, FramesArgs};

/// Runs the command.
pub(crate) fn run(args: &FramesArgs, engines: Engines) -> anyhow::Result<()> {
    if let Some(output) = &args.output {
        check_not_input(output, &args.file)?;
    }
    let loaded = load(&args.file)?;
    let track = pick(loaded, &args.file, args.track)?;
    let headless = Headless::new(engines);
    match (args.at, &args.output) {
        (Some(at), Some(output)) => save(headless, &track, at, &args.file, output),
        _ => list(
            headless,
            &track,
            args.limit.unwrap_or(usize::MAX),
            &args.file,
        ),
    }
}

/// Prints a line for each frame.
fn list(mut headless: Headless, track: &Track, limit: usize, path: &Path) -> anyhow::Result<()> {
    // By the line: whoever reads it sees each frame when it is decoded.
    let mut out = std::io::stdout().lock();
    headless.player().set_intent(Intent::Play);
    let mut printed = 0;
    let mut damaged = None;
    let mut absent = 0;
    for &sample in track.samples.shown() {
        if printed >= limit {
            break;
        }
        let shown = headless.frame(track, sample);
        match (shown.state, shown.frame) {
            (ShownState::Exact, Some(exact)) => {
                writeln!(
                    out,
                    "{} {} {}x{} {}",
                    track.nanos(exact.pts),
                    digest(&exact.frame),
                    exact.frame.width(),
                    exact.frame.height(),
                    format_name(&exact.frame, track.codec),
                )?;
                printed += 1;
            }
            (ShownState::Absent(Absence::Damaged(error)), _) => damaged = Some(error),
            (ShownState::Absent(Absence::NoPicture), _) => absent += 1,
            (ShownState::Failed(error), _) => {
                out.flush()?;
                return Err(error).with_context(|| path.display().to_string());
            }
            _ => {}
        }
    }
    out.flush()?;
    if let Some(error) = damaged {
        return Err(error).with_context(|| format!("{}: some frames are missing", path.display()));
    }
    if absent > 0 && printed > 0 {
        eprintln!(
            "reelscope: {}: the decoder gave no picture for {absent} of {} samples",
            path.display(),
            absent + printed
        );
    }
    if printed == 0 && limit > 0 {
        bail!("{}: no frame could be decoded", path.display());
    }
    Ok(())
}

/// MD5 of the planes without padding, in hexadecimal.
fn digest(frame: &Frame) -> String {
    let mut md5 = Md5::new();
    for plane in 0..frame.planes().len() {
        for row in frame.rows(plane) {
            md5.update(row);
        }
    }
    md5.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// FFmpeg's name of a frame's format, as its decoder for this codec gives it.
fn format_name(frame: &Frame, codec: Codec) -> String {
    let spells_full_range = matches!(codec, Codec::H264 | Codec::H265 | Codec::Jpeg);
    frame
        .format()
        .name_with_range(spells_full_range && frame.color.range == Range::Full)
}

/// Saves one frame as it is shown: upright, square pixels.
fn save(
    mut headless: Headless,
    track: &Track,
    at: At,
    path: &Path,
    output: &Path,
) -> anyhow::Result<()> {
    let Some(sample) = at.find(track) else {
        bail!(
            "{}: there is no such frame; the track has {} frames, #0 to #{}",
            path.display(),
            track.samples.shown().len(),
            track.samples.shown().len().saturating_sub(1)
        );
    };
    let shown = headless.frame(track, sample);
    let exact = match (shown.state, shown.frame) {
        (ShownState::Exact, Some(frame)) => frame,
        (ShownState::Failed(error), _) => {
            return Err(error).with_context(|| path.display().to_string());
        }
        (ShownState::Absent(Absence::Damaged(error)), _) => {
            return Err(error).with_context(|| format!("{}: this frame", path.display()));
        }
        _ => bail!("{}: the sample at this time has no picture", path.display()),
    };
    let picture = Renderer::headless()?.render_image(
        &exact.frame,
        track.color().or(exact.frame.color),
        &track.geometry,
        track.facts.pixel_aspect,
        None,
        &Look::of(track.presentation),
    )?;
    save_png(output, picture.width, picture.height, &picture.pixels)
}
