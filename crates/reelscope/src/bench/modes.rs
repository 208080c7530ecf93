//! The measurements in which each wish waits for the one before: seeks, frames in order, steps back.

use std::time::{Duration, Instant};

use anyhow::bail;
use reelscope_media::SampleId;
use reelscope_player::Intent;

use super::measured::{Decoded, Figures, Measured};
use super::random::Random;
use super::rig::{Request, Rig, Wish};

/// How long steps back wait until what is around their start is decoded.
const REST: Duration = Duration::from_secs(10);

/// Seeks to times in nanoseconds.
pub(super) fn seeks(rig: &mut Rig, wanted: &[i64], no_cache: bool) -> Measured {
    rig.headless.player().set_intent(Intent::Look);
    let begun = Instant::now();
    let seek = |nanos: &i64| {
        if no_cache {
            rig.headless.forget();
        }
        rig.seek(*nanos)
    };
    let requests: Vec<Request> = wanted.iter().map(seek).collect();
    measured(requests, begun, Decoded::EachRequest)
}

/// The times in nanoseconds of frames chosen at random, never the same twice in a row.
pub(super) fn random_times(rig: &Rig, count: usize, seed: u64) -> Vec<i64> {
    let shown = rig.track.samples.shown();
    let frames = shown.len() as u64;
    let mut random = Random::new(seed);
    let mut last = None;
    let mut choose = || {
        let number = match last {
            Some(last) if frames > 1 => (last + 1 + random.below(frames - 1)) % frames,
            _ => random.below(frames),
        };
        last = Some(number);
        shown.get(number as usize).map(|id| rig.nanos(*id))
    };
    (0..count).filter_map(|_| choose()).collect()
}

/// Shows the first frames in order.
pub(super) fn sequential(rig: &mut Rig, count: usize) -> Measured {
    let frames: Vec<SampleId> = rig
        .track
        .samples
        .shown()
        .iter()
        .copied()
        .take(count)
        .collect();
    rig.headless.player().set_intent(Intent::Play);
    let begun = Instant::now();
    let show = |id: &SampleId| rig.request(Wish::Sample(*id));
    let requests: Vec<Request> = frames.iter().map(show).collect();
    let decoded = Decoded::run_of(&rig.track, &frames);
    measured(requests, begun, decoded)
}

/// Steps back from the middle of the file.
///
/// # Errors
/// If there is no frame before the middle one.
pub(super) fn step_back(rig: &mut Rig, count: usize) -> anyhow::Result<Measured> {
    let shown = rig.track.samples.shown();
    let middle = shown.len() / 2;
    let mut frames: Vec<SampleId> = shown.iter().take(middle).rev().copied().collect();
    let Some(start) = shown.get(middle).copied().filter(|_| middle > 0) else {
        bail!(
            "there is no frame to step back to: the track has {}",
            shown.len()
        );
    };
    frames.truncate(count);
    rig.headless.player().set_intent(Intent::Look);
    rig.request(Wish::Sample(start));
    rig.rest(REST);
    let begun = Instant::now();
    let show = |id: &SampleId| rig.request(Wish::Sample(*id));
    let requests: Vec<Request> = frames.iter().map(show).collect();
    Ok(measured(requests, begun, Decoded::EachRequest))
}

fn measured(requests: Vec<Request>, begun: Instant, decoded: Decoded) -> Measured {
    let seconds = begun.elapsed().as_secs_f64();
    Measured {
        fps: Measured::rate(&requests, seconds),
        requests,
        figures: Figures::None {},
        decoded,
    }
}
