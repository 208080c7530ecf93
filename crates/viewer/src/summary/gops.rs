//! Lengths of GOPs and what is odd about them, found GOP by GOP in decode order.

use std::collections::BTreeMap;
use std::ops::Range;

use reelscope_media::{SyncKind, Track};

use super::spacing::median;

/// A viewer that seeks waits this long for a keyframe at most, in nanoseconds; beyond it is a remark.
const LONG: i64 = 10_000_000_000;
/// GOPs that one call of [`Gops::advance`] looks at.
const STEP: usize = 4_000;

/// Facts about all GOPs that are over; the last one goes on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gops {
    /// Number after the last GOP that was looked at.
    next: usize,
    /// How many have each number of samples.
    lengths: BTreeMap<usize, u64>,
    count: u64,
    open: u64,
    /// The longest time between two keyframes, in nanoseconds.
    longest: Option<i64>,
}

impl Gops {
    /// Looks at some more GOPs. Returns true once all that are over were looked at.
    pub(super) fn advance(&mut self, track: &Track) -> bool {
        let samples = &track.samples;
        let end = samples.gop_count().saturating_sub(1);
        self.next = self.next.max(samples.first_gop());
        let time = |position| {
            let id = samples.at_decode_position(position)?;
            Some((samples.get(id)?.sync, track.nanos(samples.get(id)?.pts)))
        };
        for number in (self.next..end).take(STEP) {
            self.next = number + 1;
            let Some(gop) = samples.gop(number) else {
                continue;
            };
            self.count += 1;
            *self.lengths.entry(gop.samples.len()).or_default() += 1;
            let (Some((sync, start)), Some((_, next))) =
                (time(gop.samples.start), time(gop.samples.end))
            else {
                continue;
            };
            let can_be_open = matches!(sync, SyncKind::Open | SyncKind::Stated);
            self.open += u64::from(can_be_open && leads(track, gop.samples.clone()));
            self.longest = self.longest.max(Some(next.saturating_sub(start)));
        }
        self.next >= end
    }

    /// Least, median and greatest number of samples in a GOP, and of how many.
    pub(crate) fn lengths(&self) -> Option<([usize; 3], u64)> {
        let (least, _) = self.lengths.first_key_value()?;
        let (most, _) = self.lengths.last_key_value()?;
        Some((
            [*least, median(&self.lengths, self.count)?, *most],
            self.count,
        ))
    }

    /// How many are open: they have frames that are decoded after the keyframe and shown before it,
    /// which may refer to the GOP before.
    pub(crate) fn open(&self) -> u64 {
        self.open
    }

    /// The longest time between two keyframes in nanoseconds, if it is so long that seeking suffers.
    /// The last keyframe counts up to the end of the track.
    pub(crate) fn long(&self, track: &Track) -> Option<i64> {
        let samples = &track.samples;
        let last = samples
            .gop(samples.gop_count().checked_sub(1)?)
            .and_then(|gop| samples.at_decode_position(gop.samples.start))
            .and_then(|id| samples.get(id));
        let end = samples.end_pts();
        let running = last.zip(end).map(|(sample, end)| {
            let nanos = |pts| track.nanos(pts);
            nanos(end).saturating_sub(nanos(sample.pts))
        });
        self.longest.max(running).filter(|longest| *longest > LONG)
    }
}

/// True if a frame that is decoded after the keyframe of a GOP is shown before it. Such frames come
/// first.
fn leads(track: &Track, mut positions: Range<usize>) -> bool {
    let samples = &track.samples;
    let time = |position| {
        let id = samples.at_decode_position(position)?;
        samples.get(id).map(|sample| sample.pts)
    };
    let key = positions.next().and_then(time);
    key.zip(positions.next().and_then(time))
        .is_some_and(|(key, next)| next < key)
}
