//! `reelscope remux`: video of a file or of a recording as an MP4 file, without encoding it anew.

use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};
use clap::Args;
use reelscope_ingest::{MuxOptions, is_recording_file, save_video};
use reelscope_media::{Pts, Timescale, Track};
use reelscope_store::{LogTime, StreamKind, TimelineKind};
use reelscope_viewer::{Place, PlaceError};

use crate::at::At;
use crate::picture::check_not_input;
use crate::recording::{self, Wish, escaped};
use crate::videos::{load, pick};

/// Frames of a timeline that counts that a file shows in a second, as the viewer does by default.
const STEPS_PER_SECOND: u32 = 30;

/// Which video, which part of it, and where to.
#[derive(Args, Debug)]
pub(crate) struct RemuxArgs {
    /// The file: a video or a recording (.rrd).
    file: PathBuf,

    /// The MP4 file to write.
    #[arg(short, long, value_name = "OUT.mp4")]
    output: PathBuf,

    /// From the frame on screen at A up to, without, the one at B: 1.5s..3s, #45..#90, 2s.. or ..00:01:00.
    /// The file starts at the keyframe before.
    #[arg(long, value_name = "A..B", allow_hyphen_values = true)]
    range: Option<Span>,

    /// Show no frame before the range: those from the keyframe on are hidden by an edit list.
    #[arg(long, requires = "range")]
    exact: bool,

    /// Write movie fragments, which can be played while the file grows.
    #[arg(long, conflicts_with = "exact")]
    fragmented: bool,

    /// Which video track of a video file, counted from 0.
    #[arg(long, default_value_t = 0, value_name = "N")]
    track: usize,

    /// Which entity of a recording; needed where several have video.
    #[arg(long, value_name = "/PATH")]
    entity: Option<String>,

    /// The timeline of a recording that the frames' times are taken from.
    #[arg(long, value_name = "NAME")]
    timeline: Option<String>,

    /// Which recording of a file that has several, by its id.
    #[arg(long, value_name = "ID")]
    recording: Option<String>,
}

/// A part of a video, open at either end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: Option<At>,
    to: Option<At>,
}

impl FromStr for Span {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        // Without `..` it is one place, and what is wrong with it is said of that.
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let place = |text: &str| (!text.is_empty()).then(|| text.parse()).transpose();
        Ok(Self {
            from: place(from)?,
            to: place(to)?,
        })
    }
}

impl Span {
    /// Ticks of a track. Times that are earlier than any of a timeline with days count from its first
    /// frame.
    fn ticks(self, track: &Track, from_first: bool) -> anyhow::Result<Range<Pts>> {
        let first = track.samples.first_pts().unwrap_or_default();
        let nanos = |place: Place| match place {
            Place::Time(nanos) | Place::Clock(nanos) | Place::NanosFromHere(nanos) => {
                let start = track.nanos(first);
                let later = from_first && nanos < start;
                Some(if later {
                    start.saturating_add(nanos)
                } else {
                    nanos
                })
            }
            Place::Moment(nanos) => Some(nanos),
            Place::Frame(_) | Place::FramesFromHere(_) => None,
        };
        let frame = |at: At| {
            let sample = at.find(track).and_then(|id| track.samples.get(id));
            let count = track.samples.shown().len();
            sample.map(|sample| sample.pts).with_context(|| {
                format!("there is no such frame; there are {count} frames, from #0")
            })
        };
        let start = match self.from {
            None => Pts(i64::MIN),
            Some(at) => match nanos(at.0) {
                Some(nanos) => {
                    let pts = Pts(track.timescale.from_nanos(nanos));
                    // The frame that is on screen then; after the last one there is none.
                    let samples = &track.samples;
                    let is_over = samples.end_pts().is_some_and(|end| pts >= end);
                    let sample = samples.latest_at(pts).and_then(|id| samples.get(id));
                    sample.filter(|_| !is_over).map_or(pts, |sample| sample.pts)
                }
                None => frame(at)?,
            },
        };
        let end = match self.to {
            None => Pts(i64::MAX),
            Some(at) => match nanos(at.0) {
                // The first tick that is not before it.
                Some(nanos) => Pts(track.timescale.from_nanos(nanos.saturating_sub(1)) + 1),
                None => frame(at)?,
            },
        };
        if start >= end {
            bail!("the range is empty: it ends before it starts");
        }
        Ok(start..end)
    }
}

/// Runs the command.
pub(crate) fn run(args: &RemuxArgs) -> anyhow::Result<()> {
    check_not_input(&args.output, &args.file)?;
    let path = args.file.display().to_string();
    let mut options = MuxOptions {
        exact: args.exact,
        fragmented: args.fragmented,
        from_zero: args.range.is_some(),
        ..MuxOptions::WHOLE
    };
    if !is_recording_file(&args.file) {
        let asked = [
            (&args.entity, "--entity"),
            (&args.timeline, "--timeline"),
            (&args.recording, "--recording"),
        ];
        if let Some((_, option)) = asked.iter().find(|(value, _)| value.is_some()) {
            bail!("{path}: this is no recording; {option} makes no sense with it");
        }
        let track = pick(load(&args.file)?, &args.file, args.track)?;
        return save(args, &track, &mut options, false);
    }
    let mut loaded = recording::load(&args.file)?;
    for warning in &loaded.warnings {
        eprintln!("reelscope: {path}: {warning}");
    }
    let wish = Wish {
        recording: args.recording.as_deref(),
        entity: args.entity.as_deref(),
        timeline: args.timeline.as_deref(),
    };
    let id = loaded.pick(&wish).with_context(|| path.clone())?;
    let Some((recording, view)) = loaded.store.stream(id) else {
        bail!("{path}: the stream has gone");
    };
    let entity = escaped(&view.entity);
    let first = view.moment(0).map_or(LogTime(0), |moment| moment.time);
    let track = match loaded.store.hit(recording, &view, first) {
        Ok(hit) => hit.track,
        Err(_) if !view.track.samples.is_empty() => view.track,
        Err(nothing) => bail!("{path}: {entity}: {nothing}"),
    };
    let is_logged = view.kind == Some(StreamKind::VideoStream);
    let kind = view
        .timeline
        .map(|timeline| timeline.kind)
        .filter(|_| is_logged);
    // Logged times start anywhere; a file starts at 0.
    options.from_zero |= is_logged;
    if kind == Some(TimelineKind::Sequence) {
        options.timescale = Timescale::new(STEPS_PER_SECOND);
    }
    save(
        args,
        track,
        &mut options,
        kind == Some(TimelineKind::Timestamp),
    )
}

fn save(
    args: &RemuxArgs,
    track: &Track,
    options: &mut MuxOptions,
    from_first: bool,
) -> anyhow::Result<()> {
    let path = args.file.display().to_string();
    let range = args.range.map(|span| span.ticks(track, from_first));
    options.range = range.transpose().with_context(|| path.clone())?;
    let saved = save_video(track, options, &args.output).with_context(|| path.clone())?;
    if saved.rounded {
        eprintln!(
            "reelscope: {path}: times are rounded: an MP4 file cannot hold such long pauses in such \
             fine steps"
        );
    }
    println!("{}: {} frames", args.output.display(), saved.frames);
    Ok(())
}
