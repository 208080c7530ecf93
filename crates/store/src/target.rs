//! What references refer to, and what a stream shows at a time.

use std::fmt;

use reelscope_media::{Codec, Pts, SampleId, Track};

use crate::chunk::StreamKind;
use crate::order::Key;
use crate::stream::{Moment, Stream, StreamView, TrackName};
use crate::{EntityPath, LogTime, Recording, RowId};

/// The component that names another entity's video.
const REFERENCE: &str = "VideoFrameReference:video_reference";

/// A track that is referred to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) track: &'a Track,
    pub(crate) name: TrackName,
}

/// What is on screen of a stream at a time.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// The track that it is in.
    pub track: &'a Track,
    /// The track's name.
    pub name: TrackName,
    /// The sample.
    pub sample: SampleId,
    /// Its presentation time in the track's ticks.
    pub pts: Pts,
    /// True if the time lies before the first sample.
    pub before_start: bool,
}

/// Why a stream shows nothing at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// Nothing was logged on this timeline.
    NotHere,
    /// It was cleared, or the stream has ended.
    Cleared,
    /// The samples up to here refer to a keyframe that never came.
    WaitsForKeyframe,
    /// There are samples, and decoding can start at none of them.
    NoKeyframe {
        /// How many samples.
        samples: usize,
        /// What they were said to be.
        codec: Codec,
    },
    /// It refers to an entity that has no video.
    NoVideo {
        /// The entity.
        entity: EntityPath,
    },
    /// It refers to references, and they lead back to where they started.
    Circle {
        /// The entities on the way, the first one also as the last.
        entities: Vec<EntityPath>,
    },
    /// The video cannot be read.
    Unreadable {
        /// Why.
        reason: String,
    },
}

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHere => f.write_str("nothing was logged on this timeline"),
            Self::Cleared => f.write_str("it was cleared"),
            Self::WaitsForKeyframe => f.write_str("it waits for a keyframe"),
            Self::NoKeyframe { samples, codec } => {
                let plural = if *samples == 1 { "" } else { "s" };
                let codec = codec.title();
                write!(
                    f,
                    "{samples} sample{plural}, and none is a keyframe of {codec}; is the codec right?"
                )
            }
            Self::NoVideo { entity } => {
                let entity = entity.as_str();
                write!(f, "it refers to /{entity}, which has no video")
            }
            Self::Circle { entities } => {
                let paths = entities.iter().map(|path| format!("/{}", path.as_str()));
                let way = paths.collect::<Vec<_>>().join(" → ");
                write!(f, "its references go in a circle: {way}")
            }
            Self::Unreadable { reason } => write!(f, "the video cannot be read: {reason}"),
        }
    }
}

/// The entity whose video a reference at a time refers to, if it names one.
fn named(recording: &Recording, stream: &EntityPath, time: LogTime) -> Option<EntityPath> {
    let found = recording.latest_at(stream, REFERENCE, recording.timeline()?, time)?;
    let text = found.column.cells.text(found.row)?;
    Some(EntityPath::new(&text))
}

/// Why there is no video at an entity that is referred to: if it only refers on, whether that leads
/// in a circle.
fn no_video(recording: &Recording, from: &EntityPath, entity: EntityPath, at: LogTime) -> Nothing {
    /// Steps from one reference to the next that are looked at.
    const STEPS: usize = 16;
    let mut way = vec![from.clone()];
    let mut next = Some(entity.clone());
    while let Some(step) = next.filter(|_| way.len() <= STEPS) {
        if let Some(first) = way.iter().position(|before| *before == step) {
            way.push(step);
            way.drain(..first);
            return Nothing::Circle { entities: way };
        }
        let refers = recording.find_stream(&step, StreamKind::VideoFrameReference);
        next = refers.and_then(|_| named(recording, &step, at));
        way.push(step);
    }
    Nothing::NoVideo { entity }
}

/// What is missing where samples came and no keyframe.
fn no_keyframe(track: &Track) -> Option<Nothing> {
    let samples = &track.samples;
    // What was dropped may have had one.
    let all = !samples.is_empty() && samples.positions().start == 0;
    let waits = all && samples.sync_samples().next().is_none();
    waits.then(|| Nothing::NoKeyframe {
        samples: samples.len(),
        codec: track.codec,
    })
}

/// The track that a reference at a time refers to.
pub(crate) fn target<'a>(
    recording: &'a Recording,
    stream: &Stream,
    at: Key,
) -> Result<Target<'a>, Nothing> {
    let timeline = recording.timeline();
    let named = named(recording, &stream.entity, at.0);
    let names_itself = named.as_ref() == Some(&stream.entity);
    let entity = named.unwrap_or_else(|| stream.entity.clone());
    let kinds = [StreamKind::AssetVideo, StreamKind::VideoStream];
    for kind in kinds {
        let Some(found) = recording.find_stream(&entity, kind) else {
            continue;
        };
        if let Some(reason) = found.problem() {
            let reason = reason.to_owned();
            return Err(Nothing::Unreadable { reason });
        }
        let line = match kind {
            // A whole video has its own times, whatever is looked at.
            StreamKind::AssetVideo => found.lines.first().map(|line| (0, line)),
            _ => found.line_on(timeline),
        };
        if let Some((number, line)) = line {
            return Ok(Target {
                track: &line.track,
                name: found.track_name(number),
            });
        }
    }
    if entity == stream.entity && !names_itself {
        return Err(Nothing::NoVideo { entity });
    }
    Err(no_video(recording, &stream.entity, entity, at.0))
}

/// The sample that is shown closest to a time in a video, of two equally close the earlier one. Times
/// count from a video file's first frame; of a stream they are the times that it was logged at.
pub(crate) fn closest(track: &Track, nanos: i64) -> Option<SampleId> {
    let samples = &track.samples;
    let start = match track.id {
        0 => 0,
        _ => track.nanos(samples.first_pts()?),
    };
    let time = nanos.saturating_add(start);
    let shown = samples.shown();
    let at = |number: usize| {
        let id = *shown.get(number)?;
        let time = track.nanos(samples.get(id)?.pts);
        Some((time, id))
    };
    let after = shown.partition_point(|id| {
        let sample = samples.get(*id);
        sample.is_some_and(|sample| track.nanos(sample.pts) <= time)
    });
    let before = after.checked_sub(1).and_then(at);
    let nearest = before.into_iter().chain(at(after));
    nearest
        .min_by_key(|(other, _)| other.abs_diff(time))
        .map(|(_, id)| id)
}

/// The frame of a moment: with several at the very same time each has its own, and so has one that was taken
/// away at the time at which it came.
pub(crate) fn frame_of<'a>(
    recording: &'a Recording,
    view: &StreamView<'a>,
    moment: Moment,
) -> Result<Hit<'a>, Nothing> {
    let shown = hit(recording, view, moment.time);
    let (track, why) = match &shown {
        Ok(hit) => (hit.track, Nothing::NotHere),
        Err(Nothing::Cleared) => (view.track, Nothing::Cleared),
        Err(_) => return shown,
    };
    if !std::ptr::eq(track, view.track) {
        return shown;
    }
    let (number, _) = view
        .stream()
        .line_on(view.timeline)
        .ok_or(Nothing::NotHere)?;
    let own = moment.sample.and_then(|sample| {
        Some(Hit {
            track,
            name: view.stream().track_name(number),
            sample,
            pts: track.samples.get(sample)?.pts,
            before_start: false,
        })
    });
    own.ok_or(why)
}

/// What a stream shows at a time, or why it shows nothing.
pub(crate) fn hit<'a>(
    recording: &'a Recording,
    view: &StreamView<'a>,
    time: LogTime,
) -> Result<Hit<'a>, Nothing> {
    if let Some(reason) = view.problem() {
        let reason = reason.to_owned();
        return Err(Nothing::Unreadable { reason });
    }
    let stream = view.stream();
    let timeline = view.timeline;
    let Some((number, line)) = stream.line_on(timeline) else {
        return Err(Nothing::NotHere);
    };
    let now = (time, RowId::LAST);
    if line.references.len() > 0 {
        let first = line.references.first();
        let latest = line.references.latest_at(now);
        let (key, (nanos, _)) = latest.or(first).ok_or(Nothing::NotHere)?;
        if let Some(timeline) = timeline
            && recording.is_cleared(&stream.entity, timeline, key, now)
        {
            return Err(Nothing::Cleared);
        }
        let target = target(recording, stream, key)?;
        let sample = closest(target.track, *nanos).ok_or(Nothing::NotHere)?;
        let pts = target.track.samples.get(sample).map(|sample| sample.pts);
        return Ok(Hit {
            track: target.track,
            name: target.name,
            sample,
            pts: pts.ok_or(Nothing::NotHere)?,
            before_start: latest.is_none(),
        });
    }
    let track = &line.track;
    let samples = &track.samples;
    let at = if line.is_static {
        samples.shown().last().copied()
    } else {
        samples.latest_at(Pts(track.timescale.from_nanos(time.0)))
    };
    let sample = at.or_else(|| samples.shown().first().copied());
    let Some(sample) = sample else {
        return Err(no_keyframe(track).unwrap_or(Nothing::NotHere));
    };
    let pts = samples.get(sample).map(|sample| sample.pts);
    let pts = pts.ok_or(Nothing::NotHere)?;
    if let Some(origin) = line.origin(sample) {
        let key = (LogTime(pts.0), origin.row);
        let ended = line.ends.latest_at(now).is_some_and(|(end, ())| end > key);
        let cleared = match timeline {
            _ if line.is_static => recording.is_static_cleared(&stream.entity, origin.row),
            Some(timeline) => recording.is_cleared(&stream.entity, timeline, key, now),
            None => false,
        };
        if at.is_some() && (ended || cleared) {
            return Err(Nothing::Cleared);
        }
        if line.lacks_sync(sample) {
            return Err(no_keyframe(track).unwrap_or(Nothing::WaitsForKeyframe));
        }
    }
    Ok(Hit {
        track,
        name: stream.track_name(number),
        sample,
        pts,
        before_start: at.is_none(),
    })
}
