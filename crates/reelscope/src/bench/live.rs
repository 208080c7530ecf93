//! A file played into an empty track in real time, as a live stream would come.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::Context;
use reelscope_media::{Sample, SampleData, SampleId, Visibility};
use reelscope_player::{Intent, PlayerError, ShownState};

use super::measured::{Decoded, Figures, Measured};
use super::rig::{Request, Rig, Wish, millis};

/// How much of a file is streamed.
const LONGEST: Duration = Duration::from_secs(30);
/// How long the last frames are waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Samples whose frames have not been on screen yet, and those that have been or never will be.
#[derive(Default)]
struct Waiting {
    open: VecDeque<(SampleId, Instant)>,
    requests: Vec<Request>,
    /// What keeps the player from decoding.
    failure: Option<PlayerError>,
}

/// Streams the track's samples at so many per second.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn live(rig: &mut Rig, fps: f64) -> anyhow::Result<Measured> {
    let recorded = std::mem::take(&mut rig.track.samples);
    let interval = Duration::from_secs_f64(1.0 / fps);
    let most = (LONGEST.as_secs_f64() * fps) as usize;
    let count = recorded.len().min(most.max(1));
    let mut waiting = Waiting::default();
    rig.headless.player().set_intent(Intent::Play);
    rig.headless.player().follow(true);
    let start = Instant::now();
    for (number, position) in (0_u32..).zip(0..count) {
        let sample = recorded
            .at_decode_position(position)
            .and_then(|id| recorded.get(id));
        let Some(sample) = sample else { break };
        // Read ahead of its time, as it would come from a socket.
        let sample = in_memory(rig, sample)?;
        wait_until(rig, start + interval * number, &mut waiting);
        append(rig, sample, &mut waiting);
    }
    wait_until(rig, start + interval * count as u32, &mut waiting);
    let deadline = Instant::now() + PATIENCE;
    while !waiting.open.is_empty() && Instant::now() < deadline {
        wait_until(rig, Instant::now() + interval.min(PATIENCE), &mut waiting);
    }
    waiting.skip(rig, None);
    let seconds = start.elapsed().as_secs_f64();
    let streamed: Vec<SampleId> = rig.track.samples.shown().to_vec();
    let late = |request: &&Request| request.ms.is_none_or(|ms| ms > millis(interval));
    let late = waiting.requests.iter().filter(late).count();
    let awaited = waiting.requests.len();
    Ok(Measured {
        fps: Measured::rate(&waiting.requests, seconds),
        figures: Figures::Live {
            samples: count,
            late_share: (awaited > 0).then(|| late as f64 / awaited as f64),
        },
        requests: waiting.requests,
        decoded: Decoded::run_of(&rig.track, &streamed),
    })
}

fn in_memory(rig: &Rig, sample: &Sample) -> anyhow::Result<Sample> {
    let bytes = sample.data.load(rig.track.source.as_ref());
    Ok(Sample {
        data: SampleData::Bytes(bytes.context("could not read a sample")?),
        ..sample.clone()
    })
}

/// The next sample has come: the newest frame is wanted.
fn append(rig: &mut Rig, sample: Sample, waiting: &mut Waiting) {
    let is_shown = sample.visibility == Visibility::Shown;
    let id = rig.track.samples.push(sample);
    let newest = rig.track.samples.shown().last().copied();
    if is_shown && newest == Some(id) {
        waiting.open.push_back((id, Instant::now()));
    }
    if let Some(newest) = newest {
        rig.wish(Wish::At(rig.pts(newest)));
    }
    waiting.look(rig);
}

fn wait_until(rig: &mut Rig, end: Instant, waiting: &mut Waiting) {
    loop {
        waiting.look(rig);
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        rig.headless.wait(left);
    }
}

impl Waiting {
    /// Notes which frame is on screen now.
    fn look(&mut self, rig: &mut Rig) {
        let shown = rig.tick();
        if let ShownState::Failed(error) = shown.state {
            self.failure = Some(error);
        }
        let Some(frame) = shown.frame.filter(|frame| !frame.reduced) else {
            return;
        };
        if !self.open.iter().any(|(id, _)| *id == frame.sample) {
            return;
        }
        self.skip(rig, Some(frame.sample));
        if let Some((id, since)) = self.open.pop_front() {
            self.close(rig, id, Some(since.elapsed()));
        }
    }

    /// Gives up the frames before one, or all: newer ones have come on screen.
    fn skip(&mut self, rig: &Rig, before: Option<SampleId>) {
        while let Some((id, _)) = self.open.pop_front_if(|(id, _)| Some(*id) != before) {
            self.close(rig, id, None);
        }
    }

    fn close(&mut self, rig: &Rig, id: SampleId, took: Option<Duration>) {
        let wanted_ns = rig.nanos(id);
        self.requests.push(Request {
            sample: Some(id),
            failure: self.failure.clone().filter(|_| took.is_none()),
            wanted_ns,
            shown_ns: took.map(|_| wanted_ns),
            ms: took.map(millis),
            preview_ms: None,
            state: took.is_none().then(|| "skipped".to_owned()),
            limit_ms: None,
        });
    }
}
