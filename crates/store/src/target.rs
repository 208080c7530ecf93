//! What references refer to, and what a stream shows at a time.

use reelscope_media::{Pts, SampleId, Track};

use crate::chunk::StreamKind;
use crate::order::Key;
use crate::stream::{Stream, StreamView, TrackName};
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
    /// It refers to an entity that has no video.
    NoVideo {
        /// The entity.
        entity: EntityPath,
    },
    /// The video cannot be read.
    Unreadable {
        /// Why.
        reason: String,
    },
}

/// The track that a reference at a time refers to.
pub(crate) fn target<'a>(
    recording: &'a Recording,
    stream: &Stream,
    at: Key,
) -> Result<Target<'a>, Nothing> {
    let timeline = recording.timeline();
    let named = timeline
        .and_then(|timeline| recording.latest_at(&stream.entity, REFERENCE, timeline, at.0))
        .and_then(|found| found.column.cells.text(found.row));
    let entity = named.map_or_else(|| stream.entity.clone(), |name| EntityPath::new(&name));
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
    Err(Nothing::NoVideo { entity })
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
    let sample = sample.ok_or(Nothing::NotHere)?;
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
            return Err(Nothing::WaitsForKeyframe);
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
