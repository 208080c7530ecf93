//! `reelscope remux`: video of a file or of a recording as an MP4 file, without encoding it anew.

use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};
use clap::Args;
use reelscope_ingest::{MuxOptions, SaveError, save_video};
use reelscope_media::{Pts, Track};
use reelscope_read::mux_options;
use reelscope_store::{LogTime, StreamKind, TimelineKind};
use reelscope_viewer::{Place, PlaceError};

use crate::at::At;
use crate::picture::check_not_input;
use crate::recording::{self, VideoArgs, escaped};
use crate::videos::{load, pick};

/// Which video, which part of it, and where to.
#[derive(Args, Debug)]
pub(crate) struct RemuxArgs {
    #[command(flatten)]
    video: VideoArgs,

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
    check_not_input(&args.output, &args.video.file)?;
    let video = &args.video;
    let path = video.file.display().to_string();
    if !video.is_recording()? {
        let track = pick(load(&video.file)?, &video.file, video.track)?;
        return save(args, &track, mux_options(false, None), false);
    }
    let mut loaded = recording::load(&video.file)?;
    for warning in &loaded.warnings {
        eprintln!("reelscope: {path}: {warning}");
    }
    let id = loaded.pick(&video.wish()).with_context(|| path.clone())?;
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
    let kind = view.timeline.map(|timeline| timeline.kind);
    let has_days = is_logged && kind == Some(TimelineKind::Timestamp);
    save(args, track, mux_options(is_logged, kind), has_days)
}

fn save(
    args: &RemuxArgs,
    track: &Track,
    times: MuxOptions,
    from_first: bool,
) -> anyhow::Result<()> {
    let path = args.video.file.display().to_string();
    let range = args.range.map(|span| span.ticks(track, from_first));
    let range = range.transpose().with_context(|| path.clone())?;
    let options = MuxOptions {
        exact: args.exact,
        fragmented: args.fragmented,
        ..times.within(range)
    };
    let saved = save_video(track, &options, &args.output).map_err(|error| {
        // What is wrong with the output is not said of the input.
        let about = match &error {
            SaveError::Io(_) | SaveError::NotAFile => args.output.display().to_string(),
            _ => path.clone(),
        };
        anyhow::Error::new(error).context(about)
    })?;
    if saved.rounded {
        eprintln!(
            "reelscope: {path}: times are rounded: an MP4 file cannot hold such long pauses in such \
             fine steps"
        );
    }
    println!("{}: {} frames", args.output.display(), saved.frames);
    Ok(())
}
