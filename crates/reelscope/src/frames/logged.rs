//! Frames of a recording: of one stream, at their times on a timeline.

use std::path::Path;

use anyhow::{Context, bail};
use reelscope_store::{EntityPath, LogTime, Nothing, Recording, Store, StreamView, TimelineKind};
use reelscope_viewer::Place;

use super::{FramesArgs, Screen, Wanted, no_such_frame};
use crate::at::At;
use crate::recording::{escaped, load};

/// Runs the command on a recording.
pub(super) fn run(args: &FramesArgs, screen: &mut Screen<'_>) -> anyhow::Result<()> {
    let path = args.video.file.display();
    let mut loaded = load(&args.video.file)?;
    let entity = args.video.entity.as_deref().map(EntityPath::new);
    let concerns = |about: &EntityPath| entity.as_ref().is_none_or(|entity| entity == about);
    for warning in &loaded.warnings {
        if !warning.entity.as_ref().is_none_or(concerns) {
            continue;
        }
        eprintln!("reelscope: {path}: {warning}");
    }
    let id = loaded
        .pick(&args.video.wish())
        .with_context(|| path.to_string())?;
    let Some((recording, view)) = loaded.store.stream(id) else {
        bail!("{path}: the stream has gone");
    };
    let logged = Logged {
        path: &args.video.file,
        store: &loaded.store,
        recording,
        view,
    };
    match (args.at, &args.output) {
        (Some(at), Some(output)) => {
            let Some(number) = logged.number_at(at)? else {
                logged.check()?;
                return Err(no_such_frame(&args.video.file, view.moments()));
            };
            match logged.wanted(number) {
                Ok(wanted) => screen.save(wanted, output),
                Err(nothing) => bail!("{path}: {}: {}", escaped(&view.entity), nothing),
            }
        }
        _ => {
            logged.check()?;
            logged.list(args, screen)
        }
    }
}

/// A stream of a recording.
struct Logged<'a> {
    path: &'a Path,
    store: &'a Store,
    recording: &'a Recording,
    view: StreamView<'a>,
}

impl<'a> Logged<'a> {
    /// # Errors
    /// If it shows nothing at any time: why.
    fn check(&self) -> anyhow::Result<()> {
        match self.store.hit(self.recording, &self.view, LogTime(0)) {
            Err(nothing) if self.view.moments() == 0 => {
                bail!(
                    "{}: {}: {nothing}",
                    self.path.display(),
                    escaped(&self.view.entity)
                )
            }
            _ => Ok(()),
        }
    }

    /// The frame of a moment.
    fn wanted(&self, number: usize) -> Result<Wanted<'a>, Nothing> {
        let moment = self.view.moment(number).ok_or(Nothing::NotHere)?;
        let hit = self.store.frame_of(self.recording, &self.view, moment)?;
        Ok(Wanted {
            time: moment.time.0,
            track: hit.track,
            sample: hit.sample,
        })
    }

    fn list(&self, args: &FramesArgs, screen: &mut Screen<'_>) -> anyhow::Result<()> {
        let path = args.video.file.display();
        let mut waiting = 0_usize;
        let mut missing = None;
        let frames = (0..self.view.moments()).filter_map(|number| match self.wanted(number) {
            Ok(wanted) => Some(wanted),
            Err(Nothing::WaitsForKeyframe) => {
                waiting += 1;
                None
            }
            Err(nothing) => {
                missing = Some(nothing);
                None
            }
        });
        let listed = screen.list(frames, args.limit);
        if waiting > 0 {
            eprintln!(
                "reelscope: {path}: {waiting} samples before the first keyframe cannot be decoded"
            );
        }
        match missing {
            Some(nothing) => bail!("{path}: {}: {}", escaped(&self.view.entity), nothing),
            None => listed,
        }
    }

    /// The moment of the frame of a number as they are listed: samples before the first keyframe have
    /// none.
    fn listed(&self, number: Option<usize>) -> Option<usize> {
        let waits = |at: &usize| {
            matches!(
                self.wanted(*at),
                Err(Nothing::WaitsForKeyframe | Nothing::NoKeyframe { .. })
            )
        };
        let mut listed = (0..self.view.moments()).filter(|at| !waits(at));
        listed.nth(number?)
    }

    /// The number of the moment on screen at a place: before the first one the first.
    ///
    /// # Errors
    /// If the timeline has no times.
    fn number_at(&self, at: At) -> anyhow::Result<Option<usize>> {
        let count = self.view.moments();
        let by_number = |number: usize| (number < count).then_some(number);
        let first = self.view.moment(0).map_or(0, |moment| moment.time.0);
        let nanos = match at.0 {
            Place::Frame(number) => return Ok(self.listed(usize::try_from(number).ok())),
            Place::FramesFromHere(number) => return Ok(self.listed(usize::try_from(number).ok())),
            Place::Time(nanos)
            | Place::Clock(nanos)
            | Place::Moment(nanos)
            | Place::NanosFromHere(nanos) => nanos,
        };
        let time = match self.view.timeline.map(|timeline| timeline.kind) {
            Some(TimelineKind::Sequence) if !self.view.is_static() => {
                bail!("the timeline counts and has no seconds; name a frame, such as #45")
            }
            // Nobody writes down all the seconds since 1970: it counts from the first frame.
            Some(TimelineKind::Timestamp) if nanos < first => first.saturating_add(nanos),
            _ => nanos,
        };
        let number = self.view.moment_at(LogTime(time));
        Ok(by_number(number.unwrap_or(0)))
    }
}
