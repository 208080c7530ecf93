//! What of a stream falls into which column of its lane: samples, keyframes, bytes and gaps, found
//! in about as many steps as there are columns.

use egui::Rect;
use reelscope_media::Track;

use super::scale::Scale;
use crate::summary::{Block, Summary};

/// Width of a column in points.
pub(in crate::timeline) const COLUMN: f32 = 2.0;
/// A distance this many times the usual one is a gap.
const GAP_TIMES: i64 = 4;

/// What falls into a column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::timeline) struct Cell {
    /// Samples that start in it.
    pub(in crate::timeline) samples: f32,
    /// Sync samples that start in it.
    pub(in crate::timeline) syncs: f32,
    /// Frames that are on screen in it, each by its share of the time.
    pub(in crate::timeline) frames: f32,
    /// Bytes of the samples that are on screen in it, each by its share of the time.
    pub(in crate::timeline) bytes: f32,
}

/// A lane in columns.
#[derive(Clone, Debug, Default)]
pub(in crate::timeline) struct Columns {
    /// From the left edge on.
    pub(in crate::timeline) cells: Vec<Cell>,
    /// Where single samples start, and whether they are sync samples.
    pub(in crate::timeline) singles: Vec<(f32, bool)>,
    /// From where to where there is a gap.
    pub(in crate::timeline) gaps: Vec<(f32, f32)>,
}

/// From which distance on, in ticks, there is a gap; `None` if it is not known.
pub(in crate::timeline) fn gap_from(summary: &Summary, least: i64) -> Option<i64> {
    let usual = summary.usual_distance()?;
    Some(usual.saturating_mul(GAP_TIMES).max(least))
}

impl Columns {
    /// The columns of a track.
    pub(in crate::timeline) fn of(
        (track, summary): (&Track, &Summary),
        scale: &Scale,
        rect: Rect,
        gap_from: Option<i64>,
    ) -> Self {
        let count = (rect.width() / COLUMN).ceil().max(1.0) as usize;
        let mut columns = Self {
            cells: vec![Cell::default(); count],
            ..Self::default()
        };
        let usual = summary.usual_distance().unwrap_or(0);
        summary.walk(track, scale.seen(), scale.ticks(COLUMN), |block| {
            let left = scale.x(block.start);
            columns.add(block, left - rect.left(), scale);
            if block.samples == 1 {
                columns.singles.push((left, block.syncs > 0));
            }
            if gap_from.is_some_and(|least| block.most > least) && block.samples == 1 {
                // The frame before it is shown as long as others are.
                let from = scale.x(block.start.saturating_add(usual));
                let until = scale.x(block.end);
                columns
                    .gaps
                    .push((from.max(rect.left()), until.min(rect.right())));
            }
        });
        columns
    }

    /// Adds samples that start at a distance from the left edge.
    fn add(&mut self, block: &Block, left: f32, scale: &Scale) {
        let first = left / COLUMN;
        // One that began before what is seen starts in no column.
        if let Some(cell) = cell(&mut self.cells, first) {
            cell.samples += block.samples as f32;
            cell.syncs += block.syncs as f32;
        }
        let last = first + (scale.points(block.length()) / COLUMN).max(1e-3);
        let length = last - first;
        let mut from = first.max(0.0);
        let end = last.min(self.cells.len() as f32);
        while from < end {
            let until = (from.floor() + 1.0).min(end);
            if let Some(cell) = cell(&mut self.cells, from) {
                let share = (until - from) / length;
                cell.bytes += block.bytes as f32 * share;
                cell.frames += block.samples as f32 * share;
            }
            from = until;
        }
    }

    /// Mean distance in points between single samples; `None` with fewer than two.
    pub(in crate::timeline) fn distance(&self, is_counted: impl Fn(bool) -> bool) -> Option<f32> {
        let mut places = self.singles.iter().filter(|(_, sync)| is_counted(*sync));
        let first = places.next()?.0;
        let (count, last) = places.fold((0_u32, first), |(count, _), (x, _)| (count + 1, *x));
        (count > 0).then(|| (last - first) / count as f32)
    }

    /// Keyframes of each column, blurred: where there are about as many as columns, they make no
    /// pattern of their own.
    pub(in crate::timeline) fn sync_density(&self) -> Vec<f32> {
        const WEIGHTS: [f32; 5] = [1.0, 2.0, 3.0, 2.0, 1.0];
        let at = |place: usize| {
            let place = place.checked_sub(WEIGHTS.len() / 2)?;
            self.cells.get(place).map(|cell| cell.syncs)
        };
        (0..self.cells.len())
            .map(|column| {
                let near = WEIGHTS.iter().enumerate();
                let near = near.filter_map(|(by, weight)| Some((at(column + by)?, weight)));
                let (sum, all) = near.fold((0.0, 0.0), |(sum, all), (syncs, weight)| {
                    (sum + syncs * weight, all + weight)
                });
                sum / all
            })
            .collect()
    }
}

fn cell(cells: &mut [Cell], at: f32) -> Option<&mut Cell> {
    (at >= 0.0).then(|| cells.get_mut(at as usize)).flatten()
}
