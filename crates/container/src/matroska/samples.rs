//! A track of the contract from a track entry and the frames that were found for it.

use std::sync::Arc;

use reelscope_media::{
    ByteSource, Codec, DolbyVision, Geometry, SampleSource, Timescale, Track, Visibility,
    WholeSource,
};

use super::block::Frame;
use super::segment::Segment;
use super::source::Unstripped;
use super::track::TrackEntry;
use crate::assemble::{range_sample, silent_track, video_track};
use crate::facts::complete_facts;
use crate::inspection::{Inspection, Stated, present_in_picture_order};

/// How the segment's ticks become a track's.
struct Clock {
    timescale: Timescale,
    /// Track ticks per segment tick.
    factor: i64,
    nanos_per_tick: u64,
}

impl Clock {
    const NANOS: u64 = 1_000_000_000;

    /// Ticks as they are in the file, if a whole number of them makes a second; otherwise
    /// nanoseconds.
    fn new(timestamp_scale: u64) -> Self {
        let per_second = u32::try_from(Self::NANOS / timestamp_scale.max(1)).unwrap_or(0);
        match Timescale::new(per_second) {
            Some(timescale) if Self::NANOS.is_multiple_of(timestamp_scale) => Self {
                timescale,
                factor: 1,
                nanos_per_tick: timestamp_scale,
            },
            _ => {
                let factor = i64::try_from(timestamp_scale).unwrap_or(i64::MAX);
                Self {
                    timescale: Timescale::NANOS,
                    factor,
                    nanos_per_tick: 1,
                }
            }
        }
    }

    fn ticks(&self, segment_ticks: i64) -> i64 {
        segment_ticks.saturating_mul(self.factor)
    }
}

/// Makes the track. What is wrong with it is told in `warnings`.
pub(super) fn track(
    entry: &TrackEntry,
    segment: &Segment,
    source: &Arc<dyn ByteSource>,
    warnings: &mut Vec<String>,
) -> Track {
    let id = u32::try_from(entry.number).unwrap_or(0);
    let source = sample_source(entry, source);
    if !entry.is_video() {
        return silent_track(id, entry.kind(), &entry.codec_name(), source);
    }
    let clock = Clock::new(segment.timestamp_scale);
    let mut track = video_track(id, entry.config(), clock.timescale, source);
    track.color = entry.color;
    track.hdr = entry.hdr;
    track.geometry = Geometry {
        orientation: entry.orientation,
        pixel_aspect: entry.pixel_aspect(),
        ..Geometry::default()
    };
    (track.facts.width, track.facts.height) = (entry.width, entry.height);
    (track.facts.interlaced, track.facts.field_order) = (entry.interlaced, entry.field_order);
    track.remark = entry.dolby_vision.and_then(DolbyVision::remark);
    track.unplayable.clone_from(&entry.unreadable);
    if track.codec == Codec::Unknown {
        track.codec_string = entry.codec_name();
        let unknown = || format!("its codec {} is not known", entry.codec_name());
        track.unplayable.get_or_insert_with(unknown);
    }
    let frames = segment
        .frames
        .get(&entry.number)
        .map_or(&[][..], Vec::as_slice);
    append_frames(&mut track, frames, entry, &clock);
    if track.samples.is_empty() {
        warnings.push(format!("its track {id} has no pictures"));
    } else if track.unplayable.is_none() {
        if entry.has_decode_times() {
            present_in_picture_order(&mut track);
        }
        complete_facts(&mut track);
    }
    let incompatible = || entry.dolby_vision?.unplayable();
    track.unplayable = track.unplayable.or_else(incompatible);
    track
}

fn sample_source(entry: &TrackEntry, source: &Arc<dyn ByteSource>) -> Arc<dyn SampleSource> {
    let whole = WholeSource(Arc::clone(source));
    if entry.stripped.is_empty() {
        return Arc::new(whole);
    }
    Arc::new(Unstripped {
        front: entry.stripped.clone(),
        whole,
    })
}

fn append_frames(track: &mut Track, frames: &[Frame], entry: &TrackEntry, clock: &Clock) {
    let default_duration =
        (entry.default_duration + clock.nanos_per_tick / 2) / clock.nanos_per_tick;
    let default_duration = u32::try_from(default_duration).unwrap_or(0);
    let front = u32::try_from(entry.stripped.len()).unwrap_or(0);
    let mut inspection = Inspection::new(track);
    for frame in frames {
        let duration = match u32::try_from(clock.ticks(i64::from(frame.duration))) {
            Ok(stated) if stated > 0 => stated,
            _ => default_duration,
        };
        let into_block = i64::from(frame.lace) * i64::from(duration);
        let time = clock.ticks(frame.time).saturating_add(into_block);
        let len = frame.len.saturating_add(front);
        let Frame {
            offset,
            key,
            invisible,
            ..
        } = *frame;
        let stated = Stated {
            offset,
            len,
            key,
            invisible,
        };
        let (sync, hidden) = inspection.sync_and_hidden(stated, track);
        let mut sample = range_sample(time, time, sync, frame.offset, len);
        sample.visibility = Visibility::of_picture(!hidden);
        sample.duration = if hidden { 0 } else { duration };
        track.samples.push(sample);
    }
}
