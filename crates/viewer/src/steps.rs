//! From one time on a stream to another: by frames, by keyframes, by number. Always by the frames'
//! own times, never by a rate.

use reelscope_media::{SampleId, SyncKind, Visibility};
use reelscope_store::{LogTime, StreamView};

/// The sample that a stream shows at a time.
pub(crate) fn sample_at(stream: &StreamView<'_>, time: LogTime) -> Option<SampleId> {
    let number = stream.moment_at(time).unwrap_or(0);
    stream.moment(number)?.sample
}

/// Frames at the start of a stream that are not there any more; they are counted all the same.
pub(crate) fn dropped(stream: &StreamView<'_>) -> usize {
    if stream.refers() {
        return 0;
    }
    stream.track.samples.dropped()
}

/// The time of the frame of a number.
pub(crate) fn time_of_frame(stream: &StreamView<'_>, number: u64) -> Option<LogTime> {
    let last = stream.moments().checked_sub(1)?;
    let at = usize::try_from(number).unwrap_or(usize::MAX);
    let at = at.saturating_sub(dropped(stream)).min(last);
    Some(stream.moment(at)?.time)
}

/// The time of the frame that lies so many frames after (or before) the one shown at `time`.
/// `None` if there is none that way.
pub(crate) fn step_frames(stream: &StreamView<'_>, time: LogTime, frames: i64) -> Option<LogTime> {
    let last = i64::try_from(stream.moments().checked_sub(1)?).ok()?;
    let number = stream.moment_at(time);
    let here = stream.moment(number.unwrap_or(0))?.time;
    if frames > 0 && number.is_none() {
        // Before the first frame: a step leads to it, not past it.
        return Some(here);
    }
    let mut at = i64::try_from(number.unwrap_or(0))
        .ok()?
        .saturating_add(frames);
    loop {
        let clamped = usize::try_from(at.clamp(0, last)).ok()?;
        let to = stream.moment(clamped)?.time;
        if to != here {
            return Some(to);
        }
        // Frames of equal time are one place on the timeline.
        at = at.saturating_add(frames.signum());
        if at < 0 || at > last {
            return None;
        }
    }
}

/// The time of the nearest keyframe after (or before) `time`; `None` if there is none that way.
pub(crate) fn step_keyframe(
    stream: &StreamView<'_>,
    time: LogTime,
    forward: bool,
) -> Option<LogTime> {
    if stream.refers() {
        return step_referred_keyframe(stream, time, forward);
    }
    let track = stream.track;
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
        Some(LogTime(track.nanos(sample.pts)))
    });
    let here_time = LogTime(track.nanos(track.samples.get(here)?.pts));
    if forward {
        times.filter(|at| *at > here_time.max(time)).min()
    } else {
        times.filter(|at| *at < here_time).max()
    }
}

/// The same where frames are referred to: the nearest reference to a keyframe.
fn step_referred_keyframe(
    stream: &StreamView<'_>,
    time: LogTime,
    forward: bool,
) -> Option<LogTime> {
    /// References that are looked at.
    const REACH: usize = 5_000;
    let is_keyframe = |number: &usize| {
        let sample = stream.moment(*number).and_then(|moment| moment.sample);
        let sample = sample.and_then(|id| stream.track.samples.get(id));
        sample.is_some_and(|sample| sample.sync != SyncKind::None)
    };
    let here = stream.moment_at(time);
    let found = if forward {
        let from = here.map_or(0, |here| here + 1);
        (from..stream.moments()).take(REACH).find(is_keyframe)
    } else {
        (0..here?).rev().take(REACH).find(is_keyframe)
    };
    Some(stream.moment(found?)?.time)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use reelscope_media::{
        Codec, LoadError, Sample, SampleData, SampleIndex, SampleSource, Timescale, Track,
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
    fn store(samples: &[(i64, bool)]) -> Store {
        let mut index = SampleIndex::new();
        for (dts, (pts, key)) in (0..).zip(samples) {
            let sync = if *key { SyncKind::Open } else { SyncKind::None };
            let data = SampleData::Range { offset: 0, len: 1 };
            index.push(Sample {
                duration: 10,
                ..Sample::new(*pts, dts, sync, data)
            });
        }
        let track = Track {
            id: 1,
            samples: index,
            source: Arc::new(NoBytes),
            ..Track::new(Codec::Unknown, Timescale::MILLIS)
        };
        let mut store = Store::new();
        let recording = store.add_recording("test", "test", "test", "");
        let chunk = Chunk {
            entity: EntityPath::new("test"),
            rows: Rows::Track(Timeline::video_time(), track),
        };
        store.add_chunk(recording, chunk, 0);
        store
    }

    fn at(millis: i64) -> LogTime {
        LogTime(millis * 1_000_000)
    }

    #[test]
    fn steps_follow_the_frames_however_uneven() {
        let store = store(&[(0, true), (10, false), (500, false), (520, false)]);
        let stream = store.streams().next().unwrap();
        assert_eq!(step_frames(&stream, at(10), 1), Some(at(500)));
        assert_eq!(step_frames(&stream, at(499), 1), Some(at(500)));
        assert_eq!(step_frames(&stream, at(499), -1), Some(at(0)));
        assert_eq!(step_frames(&stream, at(0), 3), Some(at(520)));
    }

    #[test]
    fn steps_end_at_the_ends() {
        let store = store(&[(100, true), (110, false)]);
        let stream = store.streams().next().unwrap();
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
        let store = store(&[(0, true), (10, false), (10, false), (20, false)]);
        let stream = store.streams().next().unwrap();
        assert_eq!(step_frames(&stream, at(20), -1), Some(at(10)));
        assert_eq!(step_frames(&stream, at(10), -1), Some(at(0)));
        assert_eq!(step_frames(&stream, at(0), 1), Some(at(10)));
        assert_eq!(step_frames(&stream, at(10), 1), Some(at(20)));
    }

    #[test]
    fn keyframes_are_found_from_the_leading_frames_of_an_open_gop_too() {
        // Decode order: I P B, then I with two leading frames, then I.
        let store = store(&[
            (0, true),
            (20, false),
            (10, false),
            (50, true),
            (30, false),
            (40, false),
            (60, true),
        ]);
        let stream = store.streams().next().unwrap();
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
        let store = store(&[(0, true), (20, false), (10, false)]);
        let stream = store.streams().next().unwrap();
        assert_eq!(time_of_frame(&stream, 1), Some(at(10)));
        assert_eq!(time_of_frame(&stream, u64::MAX), Some(at(20)));
    }
}
