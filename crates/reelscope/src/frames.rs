//! `reelscope frames`: checksums of decoded planes, or one frame as a picture.

mod logged;
mod shown;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use md5::{Digest, Md5};
use reelscope_media::{Codec, Frame, Presentation, Range, SampleId, Track};
use reelscope_player::{Absence, Intent, ShownState};
use reelscope_read::{Engines, Headless};
use reelscope_render::{Look, Renderer};

use crate::at::At;
use crate::picture::{check_not_input, save_png, save_png_16};
use crate::recording::VideoArgs;
use crate::videos::{load, pick};
use shown::ShownArgs;

/// Which frames, and what to do with them.
#[derive(Args, Debug)]
pub(crate) struct FramesArgs {
    #[command(flatten)]
    video: VideoArgs,

    /// Print "PTS_NS MD5 WxH PIXFMT" for each frame in presentation order: the MD5 of the cropped
    /// planes in their native format, as `ffmpeg -f framemd5` computes it. Of a recording, the time
    /// is that on the timeline.
    #[arg(long, required_unless_present = "at", conflicts_with_all = ["at", "output"])]
    md5: bool,

    /// Save the frame on screen at this time: 1.5s, 1500ms, #45 (frame number), 00:01:02.5.
    #[arg(
        long,
        value_name = "TIME",
        requires = "output",
        allow_hyphen_values = true
    )]
    at: Option<At>,

    /// Where to save it, at display size and upright.
    #[arg(short, long, value_name = "OUT.png", requires = "at")]
    output: Option<PathBuf>,

    /// Stop after this many frames.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    #[command(flatten)]
    shown: ShownArgs,
}

/// A frame to be decoded.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    /// When it is shown, in nanoseconds or counted as its timeline counts.
    time: i64,
    track: &'a Track,
    sample: SampleId,
}

/// Runs the command.
pub(crate) fn run(args: &FramesArgs, engines: Engines) -> anyhow::Result<()> {
    let file = &args.video.file;
    if let Some(output) = &args.output {
        check_not_input(output, file)?;
    }
    let mut screen = Screen {
        engines,
        player: None,
        path: file,
        shown: &args.shown,
    };
    if args.video.is_recording()? {
        return logged::run(args, &mut screen);
    }
    let track = pick(load(file)?, file, args.video.track)?;
    let wanted = |sample: SampleId| Wanted {
        time: track
            .samples
            .get(sample)
            .map_or(0, |sample| track.nanos(sample.pts)),
        track: &track,
        sample,
    };
    match (args.at, &args.output) {
        (Some(at), Some(output)) => {
            let Some(sample) = at.find(&track) else {
                return Err(no_such_frame(file, track.samples.shown().len()));
            };
            screen.save(wanted(sample), output)
        }
        _ => {
            let shown = track.samples.shown().iter().map(|sample| wanted(*sample));
            screen.list(shown, args.limit)
        }
    }
}

fn no_such_frame(path: &Path, count: usize) -> anyhow::Error {
    anyhow::anyhow!(
        "{}: there is no such frame; there are {count} frames, #0 to #{}",
        path.display(),
        count.saturating_sub(1)
    )
}

/// Decodes frames, of one track after the other.
struct Screen<'a> {
    engines: Engines,
    /// With the track that it plays.
    player: Option<(*const Track, Headless)>,
    path: &'a Path,
    shown: &'a ShownArgs,
}

impl Screen<'_> {
    /// The player of a track.
    fn player(&mut self, track: &Track, intent: Intent) -> &mut Headless {
        let known = self.player.take();
        let player = match known {
            Some((known, player)) if std::ptr::eq(known, track) => player,
            _ => {
                let mut player = Headless::new(self.engines.clone());
                player.player().set_intent(intent);
                player
            }
        };
        &mut self.player.insert((track, player)).1
    }

    /// Prints a line for each frame.
    fn list<'t>(
        &mut self,
        frames: impl Iterator<Item = Wanted<'t>>,
        limit: Option<usize>,
    ) -> anyhow::Result<()> {
        // By the line: whoever reads it sees each frame when it is decoded.
        let mut out = std::io::stdout().lock();
        let limit = limit.unwrap_or(usize::MAX);
        let mut printed = 0;
        let mut damaged = None;
        let mut absent = 0;
        let path = self.path.display();
        for wanted in frames {
            if printed >= limit {
                break;
            }
            let track = wanted.track;
            let shown = self.player(track, Intent::Play).frame(track, wanted.sample);
            match (shown.state, shown.frame) {
                (ShownState::Exact, Some(exact)) => {
                    writeln!(
                        out,
                        "{} {} {}x{} {}",
                        wanted.time,
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
                    return Err(error).with_context(|| path.to_string());
                }
                _ => {}
            }
        }
        out.flush()?;
        if let Some(error) = damaged {
            return Err(error).with_context(|| format!("{path}: some frames are missing"));
        }
        if absent > 0 && printed > 0 {
            eprintln!(
                "reelscope: {path}: the decoder gave no picture for {absent} of {} samples",
                absent + printed
            );
        }
        if printed == 0 && limit > 0 {
            bail!("{path}: no frame could be decoded");
        }
        Ok(())
    }

    /// Saves one frame as it is shown: upright, square pixels.
    fn save(&mut self, wanted: Wanted<'_>, output: &Path) -> anyhow::Result<()> {
        let track = wanted.track;
        let shown = self.player(track, Intent::Look).frame(track, wanted.sample);
        let path = self.path.display();
        let exact = match (shown.state, shown.frame) {
            (ShownState::Exact, Some(frame)) => frame,
            (ShownState::Failed(error), _) => {
                return Err(error).with_context(|| path.to_string());
            }
            (ShownState::Absent(Absence::Damaged(error)), _) => {
                return Err(error).with_context(|| format!("{path}: this frame"));
            }
            _ => bail!("{path}: the sample at this time has no picture"),
        };
        let color = self.shown.color(track.color().or(exact.frame.color));
        let look = Look {
            exposure: self.shown.exposure(),
            hdr: track.hdr(),
            ..Look::of(track.presentation)
        };
        let mut frame = Frame::clone(&exact.frame);
        if track.presentation == Presentation::Picture && !frame.format().is_float() {
            // What is saved has the values as they are; spreading them is for looking at them.
            frame.value_range = None;
        }
        let (geometry, aspect) = (&track.geometry, track.facts.pixel_aspect);
        let mut renderer = Renderer::headless()?;
        if self.shown.keeps_16_bits() {
            let picture = renderer.render_image_16(&frame, color, geometry, aspect, None, &look)?;
            return save_png_16(output, picture);
        }
        let picture = renderer.render_image(&frame, color, geometry, aspect, None, &look)?;
        save_png(output, picture.width, picture.height, picture.pixels)
    }
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
