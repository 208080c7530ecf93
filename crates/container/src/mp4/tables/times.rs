//! When samples are decoded and shown: `stts` and `ctts`.

use super::super::boxes::Table;

/// Time steps above this are negative steps stored unsigned.
const MAX_STEP: u32 = u32::MAX - 48_000 * 10;

/// Composition offsets beyond this make the whole table invalid, as in FFmpeg, unless they are short
/// in seconds.
const MAX_OFFSET: u32 = 1 << 28;

/// Seconds that a composition offset may always have.
const MAX_OFFSET_SECONDS: u32 = 2;

/// Time steps from `stts`, one row `[count, step]` for each of the table's.
///
/// Steps that are negative as signed numbers cannot be kept, as decode time would run backwards:
/// they become 1, and later steps are shortened until the time they cost is made up for, as FFmpeg
/// does it.
pub(super) fn steps(table: Option<Table<'_, 2>>, limit: usize) -> Vec<[u32; 2]> {
    let (mut now, mut stated) = (0_i64, 0_i64);
    let row = |[count, step]: [u32; 2]| {
        let times = |step: i64| i64::from(count).saturating_mul(step);
        let negative = step > MAX_STEP;
        let kept = if negative { 1 } else { step };
        let meant = if negative {
            i64::from(step as i32)
        } else {
            i64::from(step)
        };
        now = now.saturating_add(times(kept.into()));
        stated = stated.saturating_add(times(meant));
        if now <= stated {
            return [count, kept];
        }
        let drift = now.saturating_sub(stated) / i64::from(count.max(1));
        // In 32 bits that wrap: a step of 0 becomes 1, and the account is thrown far off.
        let less = match u32::try_from(drift) {
            Ok(drift) if kept > drift => drift,
            _ => kept.wrapping_sub(1),
        };
        now = now.saturating_sub(less.wrapping_mul(count).into());
        [count, kept.wrapping_sub(less)]
    };
    table
        .unwrap_or_default()
        .iter()
        .take(limit)
        .map(row)
        .collect()
}

/// Sum of all steps.
pub(super) fn total(steps: &[[u32; 2]]) -> i64 {
    let sum = |sum: i64, [count, step]: &[u32; 2]| {
        sum.saturating_add(i64::from(*count).saturating_mul(i64::from(*step)))
    };
    steps.iter().fold(0, sum)
}

/// Decode times, sample by sample.
pub(super) struct Clock {
    steps: Vec<[u32; 2]>,
    row: usize,
    used: u32,
    now: i64,
}

impl Clock {
    pub(super) fn new(steps: Vec<[u32; 2]>, start: i64) -> Self {
        Self {
            steps,
            row: 0,
            used: 0,
            now: start,
        }
    }

    /// The time of the next sample, and how long after it the one behind it follows.
    pub(super) fn next(&mut self) -> (i64, u32) {
        let now = self.now;
        let [count, step] = self.steps.get(self.row).copied().unwrap_or_default();
        self.now = now.saturating_add(i64::from(step));
        self.used = self.used.saturating_add(1);
        // Equal, not at least: a row with count 0 lasts for good, as in FFmpeg.
        if self.used == count && self.row + 1 < self.steps.len() {
            self.row += 1;
            self.used = 0;
        }
        (now, step)
    }
}

/// Composition offsets from `ctts`, read as signed in either version: many files of version 0 hold
/// negative ones.
pub(super) struct Composition<'a> {
    rows: Table<'a, 2>,
    row: usize,
    used: u32,
    /// How far offsets go below zero.
    pub(super) shift: i64,
}

impl<'a> Composition<'a> {
    /// The offsets of a track with so many ticks a second.
    pub(super) fn of(table: Option<Table<'a, 2>>, ticks_per_second: u32) -> Self {
        let most = MAX_OFFSET.max(ticks_per_second.saturating_mul(MAX_OFFSET_SECONDS));
        let rows = table.unwrap_or_default();
        let mut composition = Self {
            rows,
            row: 0,
            used: 0,
            shift: 0,
        };
        for (row, [count, offset]) in rows.iter().enumerate() {
            let offset = offset as i32;
            // The last two rows are not trusted: encoders are known to put rubbish there.
            let trusted = row + 2 < rows.len();
            if !is_row(count) || !trusted {
                continue;
            }
            if offset.unsigned_abs() > most {
                composition.rows = Table::default();
                break;
            }
            composition.shift = composition.shift.max(-i64::from(offset.max(-i32::MAX)));
        }
        composition
    }

    /// The offset of the next sample; `None` behind the table's end.
    pub(super) fn next(&mut self) -> Option<i32> {
        loop {
            let [count, offset] = self.rows.get(self.row)?;
            if is_row(count) && self.used < count {
                self.used += 1;
                return Some(offset as i32);
            }
            self.row += 1;
            self.used = 0;
        }
    }
}

/// A count of zero, or one that is negative as a signed number, says nothing.
fn is_row(count: u32) -> bool {
    (1..=i32::MAX as u32).contains(&count)
}
