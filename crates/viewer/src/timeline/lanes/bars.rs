//! The bar at the bottom of a lane: where frames are decoded, and where bytes are at hand.

use egui::{Color32, Mesh, Rect, pos2};
use reelscope_media::{Pts, SampleData, Track};
use reelscope_player::{FrameCache, TrackKey};

use super::scale::Scale;

/// Where frames are decoded: stretches from left to right.
pub(super) fn decoded(
    (cache, key): (&FrameCache, TrackKey),
    usual: i64,
    scale: &Scale,
) -> Vec<(f32, f32)> {
    let seen = scale.seen();
    // A frame before the left edge may reach into what is seen.
    let times = Pts(seen.start.saturating_sub(usual))..Pts(seen.end);
    let width = scale.points(usual).max(1.0);
    // Frames that are no more than a point or one and a half frames apart make one bar.
    let joint = (1.5 * width).max(1.0);
    let mut bars: Vec<(f32, f32)> = Vec::new();
    for pts in cache.times_between(key, times) {
        let x = scale.x(pts.0);
        match bars.last_mut() {
            Some((_, to)) if x - (*to - width) <= joint => *to = x + width,
            _ => bars.push((x, x + width)),
        }
    }
    bars
}

/// True if the bytes of all samples are in memory. What a file has is read when it is needed.
pub(super) fn is_loaded(track: &Track) -> bool {
    let first = track.samples.shown().first();
    let first = first.and_then(|id| track.samples.get(*id));
    first.is_some_and(|sample| matches!(sample.data, SampleData::Bytes(_)))
}

/// What lies between gaps.
pub(super) fn between((start, end): (f32, f32), gaps: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let mut from = start;
    let mut bars: Vec<(f32, f32)> = Vec::new();
    for (gap, until) in gaps {
        bars.push((from, *gap));
        from = *until;
    }
    bars.push((from, end));
    bars
}

/// Paints stretches into a row.
pub(super) fn paint(mesh: &mut Mesh, row: Rect, bars: &[(f32, f32)], color: Color32) {
    for (from, to) in bars {
        let (from, to) = (from.max(row.left()), to.min(row.right()));
        if from < to {
            let bar = Rect::from_min_max(pos2(from, row.top()), pos2(to, row.bottom()));
            mesh.add_colored_rect(bar, color);
        }
    }
}
