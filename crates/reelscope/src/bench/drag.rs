//! A drag of the playhead, replayed in real time at the pace of a window's repaints.

use std::time::{Duration, Instant};

use reelscope_media::{Pts, SampleId};
use reelscope_player::Intent;

use super::measured::{Decoded, Figures, Measured};
use super::rig::{Rig, Wish};
use super::trace::{Point, TICKS_PER_SECOND};

/// What the repaints showed.
#[derive(Default)]
struct Tally {
    /// Those that wanted another frame than the one before.
    moved: usize,
    /// Those of them that showed another frame than the one before.
    fresh: usize,
    /// What the last one showed.
    last: Option<SampleId>,
    /// Repaints that showed a picture, and how far those were off in sum.
    shown: usize,
    error_ms: f64,
}

/// Replays the points of a drag, then rests the pointer and waits for the exact frame.
pub(super) fn drag(rig: &mut Rig, points: &[Point]) -> Measured {
    let plan = plan(rig, points);
    let mut tally = Tally {
        last: rig.on_screen().map(|(id, _)| id),
        ..Tally::default()
    };
    rig.headless.player().set_intent(Intent::Drag);
    let start = Instant::now();
    let mut wanted_before = tally.last;
    for (tick, (id, nanos)) in (0..).zip(&plan) {
        rig.work_until(start + tick_at(tick));
        let moved = wanted_before.replace(*id) != Some(*id);
        tally.moved += usize::from(moved);
        // A repaint that came too late shows what a later point wants.
        let missed = start.elapsed() >= tick_at(tick + 1);
        if !missed {
            repaint(rig, *nanos, moved, &mut tally);
        }
    }
    rig.headless.player().set_intent(Intent::Look);
    let last = plan.last().map_or(0, |(_, nanos)| *nanos);
    let rest = rig.seek(last);
    let share = |part: f64, whole: usize| (whole > 0).then(|| part / whole as f64);
    Measured {
        fps: None,
        figures: Figures::Drag {
            ticks: tally.moved,
            fresh_share: share(tally.fresh as f64, tally.moved),
            exact_after_rest_ms: rest.ms,
            mean_error_ms: share(tally.error_ms, tally.shown),
        },
        requests: vec![rest],
        decoded: Decoded::EachRequest,
    }
}

fn tick_at(tick: u32) -> Duration {
    Duration::from_secs(1) * tick / TICKS_PER_SECOND
}

/// What each repaint wants: the sample, and the pointer's time.
fn plan(rig: &Rig, points: &[Point]) -> Vec<(SampleId, i64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let since_start = |point: &Point| point.at_ms - first.at_ms;
    let mut plan = Vec::new();
    let mut rest = points.iter().peekable();
    let mut now = first;
    for tick in 0.. {
        // Half a microsecond of grace: points made for the ticks are not to miss them by rounding.
        let at_ms = tick_at(tick).as_secs_f64() * 1e3 + 0.0005;
        while let Some(point) = rest.next_if(|point| since_start(point) <= at_ms) {
            now = point;
        }
        plan.extend(rig.at(now.nanos).map(|id| (id, now.nanos)));
        if at_ms >= since_start(last) {
            break;
        }
    }
    plan
}

fn repaint(rig: &mut Rig, nanos: i64, moved: bool, tally: &mut Tally) {
    let pts = Pts(rig.track.timescale.from_nanos(nanos));
    rig.wish(Wish::At(pts));
    let shown = rig.tick();
    let Some(frame) = shown.frame else {
        return;
    };
    let before = tally.last.replace(frame.sample);
    if !moved {
        return;
    }
    tally.fresh += usize::from(before != Some(frame.sample));
    let wanted = shown.wanted.map_or(nanos, |id| rig.nanos(id));
    tally.shown += 1;
    tally.error_ms += wanted.abs_diff(rig.track.nanos(frame.pts)) as f64 / 1e6;
}
