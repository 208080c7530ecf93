//! A track of the contract from a track entry and the frames that were found for it.

use std::sync::Arc;

use reelscope_media::{
    ByteSource, Codec, Geometry, SampleSource, SyncKind, Timescale, Track, WholeSource,
    codec::{Inspector, PictureType, SampleFacts},
};

use super::block::Frame;
use super::segment::Segment;
use super::source::Unstripped;
use super::track::TrackEntry;
use crate::assemble::{range_sample, silent_track, video_track};
use crate::facts::complete_facts;
use crate::raw::{RawSample, look_into, presentation_places};

/// Enough of a key frame to see its parameter sets and first slice header.
const KEY_HEAD: u32 = 16 << 10;

/// Enough of a VP8 or VP9 frame to see whether it is shown.
const FRAME_HEAD: u32 = 64;

/// A frame that may be hidden is read whole up to this size, to see whether it hides a second one.
const LONGEST_SUPERFRAME: u32 = 16 << 20;

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
    track.geometry = Geometry {
        pixel_aspect: entry.pixel_aspect(),
        ..Geometry::default()
    };
    (track.facts.width, track.facts.height) = (entry.width, entry.height);
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
    let mut bits = Bits::new(track);
    for frame in frames {
        let duration = match u32::try_from(clock.ticks(i64::from(frame.duration))) {
            Ok(stated) if stated > 0 => stated,
            _ => default_duration,
        };
        let into_block = i64::from(frame.lace) * i64::from(duration);
        let time = clock.ticks(frame.time).saturating_add(into_block);
        let len = frame.len.saturating_add(front);
        let (sync, hidden) = bits.sync_and_hidden(frame, len, track);
        let mut sample = range_sample(time, time, sync, frame.offset, len);
        sample.hidden = hidden;
        sample.duration = if sample.hidden { 0 } else { duration };
        track.samples.push(sample);
    }
}

/// What the bits say of frames, asked where the file's own flags are known to mislead: a block group
/// without a reference need not be a key frame, and VP8 and VP9 have frames that are never shown.
struct Bits {
    inspector: Option<Box<dyn Inspector>>,
    has_hidden: bool,
}

impl Bits {
    fn new(track: &Track) -> Self {
        let entry = if track.unplayable.is_none() {
            track.codec.entry()
        } else {
            None
        };
        let config = track.configs.first();
        let inspector = entry
            .zip(config)
            .map(|(entry, config)| (entry.inspector)(config));
        Self {
            inspector,
            has_hidden: matches!(track.codec, Codec::Vp8 | Codec::Vp9),
        }
    }

    /// Whether decoding can start at a frame, and whether it is hidden.
    fn sync_and_hidden(&mut self, frame: &Frame, len: u32, track: &Track) -> (SyncKind, bool) {
        let stated = if frame.key {
            SyncKind::Stated
        } else {
            SyncKind::None
        };
        if !self.has_hidden && !frame.key {
            return (stated, frame.invisible);
        }
        let head = if self.has_hidden {
            FRAME_HEAD
        } else {
            KEY_HEAD
        };
        let mut facts = self.facts(track, frame.offset, len.min(head));
        // What looks hidden at its start may be a VP9 superframe with a shown frame behind.
        if self.has_hidden && len > head && facts.as_ref().is_some_and(|facts| !facts.shown) {
            facts = self.facts(track, frame.offset, len.min(LONGEST_SUPERFRAME));
        }
        match facts {
            Some(facts) if self.has_hidden => (facts.sync, frame.invisible || !facts.shown),
            Some(facts) if facts.sync != SyncKind::None => (facts.sync, frame.invisible),
            Some(SampleFacts {
                picture: PictureType::P | PictureType::B,
                ..
            }) => (SyncKind::None, frame.invisible),
            _ => (stated, frame.invisible),
        }
    }

    fn facts(&mut self, track: &Track, offset: u64, len: u32) -> Option<SampleFacts> {
        let bytes = track.source.load(offset, len).ok()?;
        self.inspector.as_mut()?.inspect(&bytes).ok()
    }
}

/// Gives the samples' times, which are decode times, out again in presentation order.
fn present_in_picture_order(track: &mut Track) {
    let Some(entry) = track.codec.entry().filter(|entry| !entry.intra_only) else {
        return;
    };
    let Some(config) = track.configs.first() else {
        return;
    };
    let mut inspector = Some((entry.inspector)(config));
    let decoded: Vec<_> = (0..track.samples.len())
        .filter_map(|at| {
            track
                .samples
                .get(track.samples.at_decode_position(at)?)
                .cloned()
        })
        .collect();
    let raw: Vec<RawSample> = decoded
        .iter()
        .map(|sample| {
            let bytes = sample.data.load(&*track.source).unwrap_or_default();
            RawSample::new(0, 0, &look_into(inspector.as_mut(), &bytes))
        })
        .collect();
    let mut times: Vec<_> = decoded.iter().map(|sample| sample.pts).collect();
    times.sort_unstable();
    track.samples = Default::default();
    for (mut sample, place) in decoded.into_iter().zip(presentation_places(&raw)) {
        let time = usize::try_from(place)
            .ok()
            .and_then(|place| times.get(place));
        sample.pts = time.copied().unwrap_or(sample.pts);
        track.samples.push(sample);
    }
}
