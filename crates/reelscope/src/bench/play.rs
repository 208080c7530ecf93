//! Playing a span in real time, backwards and forward: which frames miss their turn.

use std::time::{Duration, Instant};

use anyhow::bail;
use reelscope_media::SampleId;
use reelscope_player::Intent;

use super::measured::{Decoded, Figures, Measured};
use super::rig::{Request, Rig, Wish, exact, millis};

/// How long playing waits until the player has prepared what it can at the first frame.
const REST: Duration = Duration::from_secs(5);

/// A span that was played.
#[derive(Default)]
struct Played {
    requests: Vec<Request>,
    dropped: usize,
    every: Option<usize>,
    /// From the first frame's turn to the end of the last one's.
    seconds: f64,
}

/// Plays backwards from the end of the file, and the same span forward.
///
/// # Errors
/// If the span has fewer than two frames.
pub(super) fn reverse(rig: &mut Rig, span: Duration) -> anyhow::Result<Measured> {
    let frames = span_at_the_end(rig, span);
    if frames.len() < 2 {
        bail!("there is nothing to play backwards: fewer than two frames in these seconds");
    }
    let decoded = Decoded::run_of(&rig.track, &frames);
    let backwards: Vec<SampleId> = frames.iter().rev().copied().collect();
    let backward = play(rig, &backwards, Intent::Reverse);
    // What was decoded for the one must not help the other.
    rig.headless.forget();
    let forward = play(rig, &frames, Intent::Play);
    Ok(Measured {
        fps: Measured::rate(&backward.requests, backward.seconds),
        figures: Figures::Reverse {
            frames_due: frames.len() - 1,
            dropped: backward.dropped,
            forward_dropped: forward.dropped,
            every: backward.every,
        },
        requests: backward.requests,
        decoded,
    })
}

/// The frames of the last seconds, in the order of time, one per time.
fn span_at_the_end(rig: &Rig, span: Duration) -> Vec<SampleId> {
    let shown = rig.track.samples.shown();
    let end = shown.last().map_or(0, |id| rig.nanos(*id));
    let start = end.saturating_sub(i64::try_from(span.as_nanos()).unwrap_or(i64::MAX));
    let from = shown.partition_point(|id| rig.nanos(*id) < start);
    let mut frames: Vec<SampleId> = shown.get(from..).unwrap_or_default().to_vec();
    // Of frames with the same time only the last one is ever on screen.
    frames.reverse();
    frames.dedup_by_key(|id| rig.pts(*id));
    frames.reverse();
    frames
}

/// Plays frames at the distances of their times. The clock starts at the first one.
fn play(rig: &mut Rig, frames: &[SampleId], intent: Intent) -> Played {
    let mut played = Played::default();
    let Some(first) = frames.first() else {
        return played;
    };
    rig.headless.player().set_intent(Intent::Look);
    rig.request(Wish::At(rig.pts(*first)));
    rig.rest(REST);
    rig.headless.player().set_intent(intent);
    let origin = rig.nanos(*first);
    let offset = |id: &SampleId| Duration::from_nanos(rig.nanos(*id).abs_diff(origin));
    let turns: Vec<Duration> = frames.iter().map(offset).collect();
    let start = Instant::now();
    for (at, id) in frames.iter().enumerate().skip(1) {
        let turn = |at: usize| turns.get(at).copied();
        let begin = turn(at).unwrap_or_default();
        let before = turn(at - 1).unwrap_or_default();
        let end = turn(at + 1).unwrap_or(begin + (begin - before));
        rig.work_until(start + begin);
        let request = show_in_turn(rig, *id, start + begin, start + end, &mut played.every);
        played.dropped += usize::from(request.ms.is_none());
        played.requests.push(request);
        played.seconds = end.as_secs_f64();
    }
    played
}

/// Wishes for a frame and waits for it until its turn has passed.
fn show_in_turn(
    rig: &mut Rig,
    id: SampleId,
    begin: Instant,
    end: Instant,
    every: &mut Option<usize>,
) -> Request {
    let mut request = Request {
        sample: Some(id),
        failure: None,
        wanted_ns: rig.nanos(id),
        shown_ns: None,
        ms: None,
        preview_ms: None,
        state: Some("dropped".to_owned()),
        limit_ms: None,
    };
    if Instant::now() >= end {
        return request;
    }
    rig.wish(Wish::At(rig.pts(id)));
    loop {
        let shown = rig.tick();
        let now = Instant::now();
        *every = (*every).max(shown.every);
        if let Some(exact) = exact(&shown) {
            request.shown_ns = Some(rig.nanos(exact));
            request.ms = Some(millis(now.saturating_duration_since(begin)));
            request.state = None;
            return request;
        }
        if now >= end {
            return request;
        }
        rig.headless.wait(end - now);
    }
}
