//! From one time on a stream to another: by frames, by keyframes, by number. Always by the frames'
//! own times, never by a rate.

use reelscope_media::{Pts, SampleId, SyncKind, Track, Visibility};
use reelscope_store::{LogTime, Stream};

/// The sample that a stream shows at a time.
pub(crate) fn sample_at(stream: &Stream, time: LogTime) -> Option<SampleId> {
    let samples = &stream.track.samples;
    let at = Pts(stream.track.timescale.from_nanos(time.0));
    samples
        .latest_at(at)
        .or_else(|| samples.shown().first().copied())
}

fn time_of(track: &Track, id: SampleId) -> Option<LogTime> {
    let sample = track.samples.get(id)?;
    Some(LogTime(track.nanos(sample.pts)))
}

/// The time of the frame of a number.
pub(crate) fn time_of_frame(stream: &Stream, number: u64) -> Option<LogTime> {
    let shown = stream.track.samples.shown();
    let last = shown.len().checked_sub(1)?;
    let at = usize::try_from(number).unwrap_or(usize::MAX).min(last);
    time_of(&stream.track, *shown.get(at)?)
}

/// The time of the frame that lies so many frames after (or before) the one shown at `time`.
/// `None` if there is none that way.
pub(crate) fn step_frames(stream: &Stream, time: LogTime, frames: i64) -> Option<LogTime> {
    let track = &stream.track;
    let shown = track.samples.shown();
    let here = sample_at(stream, time)?;
    let here_time = time_of(track, here)?;
    if frames > 0 && here_time > time {
        // Before the first frame: a step leads to it, not past it.
        return Some(here_time);
    }
    let number = i64::try_from(track.samples.frame_number(here)?).ok()?;
    let mut at = number.saturating_add(frames);
    loop {
        let clamped = at.clamp(0, i64::try_from(shown.len()).ok()?.saturating_sub(1));
        let to = time_of(track, *shown.get(usize::try_from(clamped).ok()?)?)?;
        if to != here_time {
            return Some(to);
        }
        // Frames of equal time are one place on the timeline.
        at = at.saturating_add(frames.signum());
        if at < 0 || at >= i64::try_from(shown.len()).ok()? {
            return None;
        }
    }
}

/// The time of the nearest keyframe after (or before) `time`; `None` if there is none that way.
pub(crate) fn step_keyframe(stream: &Stream, time: LogTime, forward: bool) -> Option<LogTime> {
    let track = &stream.track;
    let here = sample_at(stream, time)?;
    let gop = track.samples.gop_of(here)?.number;
    // Leading frames of an open GOP and frames of equal time make the neighbour of the neighbour the
    // right one at times.
    const REACH: usize = 4;
    let candidates = gop.saturating_sub(REACH)..=gop.saturating_add(REACH);
    let times = candidates.filter_map(|number| {
        let first = track.samples.gop(number)?.samples.start;
        let id = track.samples.at_decode_position(first)?;
        let sample = track.samples.get(id)?;
        (sample.sync != SyncKind::None && sample.visibility == Visibility::Shown).then_some(())?;
        time_of(track, id)
    });
    let here_time = time_of(track, here)?;
    if forward {
        times.filter(|at| *at > here_time.max(time)).min()
    } else {
        times.filter(|at| *at < here_time).max()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use reelscope_media::{
        Codec, ColorInfo, Dts, Geometry, LoadError, Presentation, Sample, SampleData, SampleIndex,
        SampleSource, StreamFacts, Timescale, TrackKind,
    };
    use reelscope_store::{Chunk, EntityPath, Rows, Store, Timeline};

    use super::*;

    struct NoBytes;

    impl SampleSource for NoBytes {
        fn load(&self, offset: u64, len: u32) -> Result<bytes::Bytes, LoadError> {
            let end = 0;
            Err(LoadError::Truncated { offset, len, end })
        }
    }

    /// A stream of samples in decode order, by pts in milliseconds; `true` for a keyframe.
    fn stream(samples: &[(i64, bool)]) -> Stream {
        let mut index = SampleIndex::new();
        for (dts, (pts, key)) in (0..).zip(samples) {
            index.push(Sample {
                pts: Pts(*pts),
                dts: Dts(dts),
                duration: 10,
                sync: if *key { SyncKind::Open } else { SyncKind::None },
                config: 0,
                visibility: Visibility::Shown,
                data: SampleData::Range { offset: 0, len: 1 },
            });
        }
        let track = Track {
            id: 1,
            kind: TrackKind::Video,
            codec: Codec::Unknown,
            codec_string: String::new(),
            timescale: Timescale::MILLIS,
            configs: Vec::new(),
            facts: StreamFacts::default(),
            color: ColorInfo::default(),
            geometry: Geometry::default(),
            presentation: Presentation::default(),
            samples: index,
            source: Arc::new(NoBytes),
            unplayable: None,
        };
        let mut store = Store::new();
        let recording = store.add_recording("test", "test", "test");
        store.add_chunk(
            recording,
            Chunk {
                entity: EntityPath::new("test"),
                timeline: Timeline::video_time(),
                rows: Rows::Track(track),
            },
        );
        store.streams().next().unwrap().clone()
    }

    fn at(millis: i64) -> LogTime {
        LogTime(millis * 1_000_000)
    }

    #[test]
    fn steps_follow_the_frames_however_uneven() {
        let stream = stream(&[(0, true), (10, false), (500, false), (520, false)]);
        assert_eq!(step_frames(&stream, at(10), 1), Some(at(500)));
        assert_eq!(step_frames(&stream, at(499), 1), Some(at(500)));
        assert_eq!(step_frames(&stream, at(499), -1), Some(at(0)));
        assert_eq!(step_frames(&stream, at(0), 3), Some(at(520)));
    }

    #[test]
    fn steps_end_at_the_ends() {
        let stream = stream(&[(100, true), (110, false)]);
        assert_eq!(step_frames(&stream, at(115), 1), None);
        assert_eq!(step_frames(&stream, at(100), -1), None);
        assert_eq!(step_frames(&stream, at(110), -100), Some(at(100)));
        assert_eq!(
            step_frames(&stream, at(50), 1),
            Some(at(100)),
            "from before the start"
        );
    }

    #[test]
    fn frames_of_equal_time_do_not_hold_a_step_up() {
        let stream = stream(&[(0, true), (10, false), (10, false), (20, false)]);
        assert_eq!(step_frames(&stream, at(20), -1), Some(at(10)));
        assert_eq!(step_frames(&stream, at(10), -1), Some(at(0)));
        assert_eq!(step_frames(&stream, at(0), 1), Some(at(10)));
        assert_eq!(step_frames(&stream, at(10), 1), Some(at(20)));
    }

    #[test]
    fn keyframes_are_found_from_the_leading_frames_of_an_open_gop_too() {
        // Decode order: I P B, then I with two leading frames, then I.
        let stream = stream(&[
            (0, true),
            (20, false),
            (10, false),
            (50, true),
            (30, false),
            (40, false),
            (60, true),
        ]);
        assert_eq!(step_keyframe(&stream, at(40), true), Some(at(50)));
        assert_eq!(step_keyframe(&stream, at(40), false), Some(at(0)));
        assert_eq!(step_keyframe(&stream, at(50), true), Some(at(60)));
        assert_eq!(step_keyframe(&stream, at(60), true), None);
        assert_eq!(
            step_keyframe(&stream, at(55), false),
            Some(at(0)),
            "the frame on screen is one"
        );
        assert_eq!(step_keyframe(&stream, at(0), false), None);
    }

    #[test]
    fn a_number_beyond_the_end_is_the_last_frame() {
        let stream = stream(&[(0, true), (20, false), (10, false)]);
        assert_eq!(time_of_frame(&stream, 1), Some(at(10)));
        assert_eq!(time_of_frame(&stream, u64::MAX), Some(at(20)));
    }
}
