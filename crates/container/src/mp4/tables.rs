//! The sample tables of a track (ISO/IEC 14496-12 §8.6, §8.7) as a list of entries in decode order,
//! with the times and keyframe marks that FFmpeg's demuxer derives from them, quirks included.

use super::boxes::{BoxBytes, Table};
use super::entry_list::Entry;

/// A sample size past which the table is not believed (FFmpeg's bound too).
const MAX_SAMPLE_LEN: u32 = 0x3FFF_FFFF;

/// Time steps above this are negative steps stored unsigned.
const MAX_STEP: u32 = u32::MAX - 48_000 * 10;

/// Composition offsets beyond this make the whole table invalid.
const MAX_OFFSET: i32 = 1 << 28;

/// What the tables say.
#[derive(Default)]
pub(super) struct Expanded {
    /// All samples in decode order, where the tables put them.
    pub(super) entries: Vec<Entry>,
    /// How far composition offsets go below zero: presentation times are this much later.
    pub(super) shift: i64,
    /// Sum of all time steps: where fragments without a time of their own go on.
    pub(super) end: i64,
    /// True if some sync samples are listed.
    pub(super) lists_sync: bool,
    /// What was wrong, in words.
    pub(super) problem: Option<String>,
}

/// The tables of one `stbl` box.
struct Tables<'a> {
    steps: Table<'a, 2>,
    chunks: Vec<[u32; 3]>,
    sizes: Sizes<'a>,
    offsets: Offsets<'a>,
    sync: SyncTable<'a>,
}

/// Reads the tables. No more than `limit` samples are looked at. Samples of another description
/// than `only` (from 1) are left out, if that is given.
pub(super) fn expand(stbl: BoxBytes<'_>, limit: usize, only: Option<u32>) -> Expanded {
    let table = |kind| stbl.child(kind);
    let tables = Tables {
        steps: table(b"stts").map(Table::of).unwrap_or_default(),
        chunks: repaired_chunks(table(b"stsc").map(Table::of).unwrap_or_default()),
        sizes: Sizes::of(stbl),
        offsets: Offsets::of(stbl),
        sync: SyncTable::of(stbl),
    };
    let composition = Composition::of(table(b"ctts").map(Table::of));
    let mut expanded = Expanded {
        shift: composition.shift,
        end: total(tables.steps),
        lists_sync: tables.sync.lists_any(),
        ..Expanded::default()
    };
    let (chunk_count, sample_count) = (tables.offsets.len(), tables.sizes.count());
    let incomplete = tables.steps.is_empty() || tables.chunks.is_empty() || sample_count == 0;
    if (chunk_count == 0) != (sample_count == 0) || (chunk_count > 0 && incomplete) {
        expanded.problem = Some("its sample tables are incomplete".to_owned());
    } else if chunk_count > 0 {
        tables.expand(limit, only, composition, &mut expanded);
    }
    expanded
}

impl Tables<'_> {
    fn expand(
        mut self,
        limit: usize,
        only: Option<u32>,
        mut composition: Composition<'_>,
        out: &mut Expanded,
    ) {
        let count = self.sizes.count();
        let mut clock = Clock::new(self.steps, -out.shift);
        let mut run = 0;
        let mut number = 0_usize;
        for chunk in 0..self.offsets.len() {
            let Some(mut offset) = self.offsets.get(chunk) else {
                return;
            };
            while self
                .chunks
                .get(run + 1)
                .is_some_and(|next| next[0] as usize == chunk + 1)
            {
                run += 1;
            }
            let Some([_, per_chunk, description]) = self.chunks.get(run).copied() else {
                return;
            };
            for _ in 0..per_chunk {
                if number >= count {
                    return;
                }
                if number >= limit {
                    out.problem = Some(format!("only its first {limit} samples are used"));
                    return;
                }
                let Some(len) = self.sizes.get(number) else {
                    return;
                };
                if len > MAX_SAMPLE_LEN {
                    out.problem = Some(format!("sample {number} claims to have {len} bytes"));
                    return;
                }
                let (dts, duration) = clock.next();
                let composition = composition.next();
                let sync = self.sync.next(number);
                if only.is_none_or(|only| only == description) {
                    let config = description.saturating_sub(1);
                    let config = u16::try_from(config).unwrap_or(u16::MAX);
                    let hidden = false;
                    out.entries.push(Entry {
                        offset,
                        len,
                        dts,
                        composition,
                        duration,
                        config,
                        sync,
                        hidden,
                    });
                }
                let Some(next) = offset.checked_add(u64::from(len)) else {
                    return;
                };
                offset = next;
                number += 1;
            }
        }
    }
}

fn total(steps: Table<'_, 2>) -> i64 {
    let sum = |sum: i64, [count, step]: [u32; 2]| {
        sum.saturating_add(i64::from(count).saturating_mul(i64::from(step)))
    };
    steps.iter().fold(0, sum)
}

/// `stsc` with impossible rows replaced: `[first chunk, samples per chunk, description]`. A row out
/// of order takes on what the next valid one says, the last one is forced into order.
fn repaired_chunks(table: Table<'_, 3>) -> Vec<[u32; 3]> {
    let mut rows: Vec<[u32; 3]> = table.iter().collect();
    let mut at = rows.len();
    while let Some(row) = at.checked_sub(1) {
        at = row;
        let least = u32::try_from(row + 1).unwrap_or(u32::MAX);
        let before = row
            .checked_sub(1)
            .and_then(|before| rows.get(before))
            .copied();
        let after = rows.get(row + 1).copied();
        let last_row = row + 1 == rows.len();
        let Some(this) = rows.get_mut(row) else {
            continue;
        };
        let [first, count, description] = *this;
        let valid = after.is_none_or(|after| first < after[0])
            && before.is_none_or(|before| first > before[0])
            && first >= least
            && count >= 1
            && description >= 1;
        if valid {
            continue;
        }
        match after {
            Some(after) => *this = [after[0].saturating_sub(1), after[1], after[2]],
            None if last_row && count == 0 && row > 0 => {
                rows.pop();
            }
            None => {
                let least = before.map_or(least, |before| least.max(before[0].saturating_add(1)));
                *this = [first.max(least), count.max(1), description.max(1)];
            }
        }
    }
    rows
}

/// Decode times from `stts`.
struct Clock<'a> {
    steps: Table<'a, 2>,
    row: usize,
    used: u32,
    now: i64,
    last: i64,
    /// Steps that go back are put off until time would not run backwards.
    correction: i64,
    /// True once the row's step was found to be a negative one.
    clipped: bool,
}

impl<'a> Clock<'a> {
    fn new(steps: Table<'a, 2>, start: i64) -> Self {
        Self {
            steps,
            row: 0,
            used: 0,
            now: start,
            last: start,
            correction: 0,
            clipped: false,
        }
    }

    /// The time of the next sample, and how long after it the one behind it follows.
    fn next(&mut self) -> (i64, u32) {
        let now = self.now;
        let [count, stated] = self.steps.get(self.row).unwrap_or([0, 0]);
        let mut step = stated;
        if stated > MAX_STEP {
            step = 1;
            if !self.clipped {
                self.clipped = true;
                self.correction = self.correction.saturating_add(i64::from(stated as i32) - 1);
            }
        }
        self.now = self.now.saturating_add(i64::from(step));
        if self.correction != 0 {
            let corrected = self.now.saturating_add(self.correction);
            if corrected > self.last {
                self.now = corrected;
                self.correction = 0;
            } else {
                self.correction += self.now - self.last - 1;
                self.now = self.last.saturating_add(1);
            }
        }
        self.last = self.now;
        self.used = self.used.saturating_add(1);
        // Equal, not at least: a row with count 0 lasts for good, as in FFmpeg.
        if self.used == count && self.row + 1 < self.steps.len() {
            self.row += 1;
            self.used = 0;
            self.clipped = false;
        }
        (
            now,
            u32::try_from(self.now.saturating_sub(now)).unwrap_or(0),
        )
    }
}

/// Composition offsets from `ctts`, read as signed in either version: many files of version 0 hold
/// negative ones.
struct Composition<'a> {
    rows: Table<'a, 2>,
    row: usize,
    used: u32,
    shift: i64,
}

impl<'a> Composition<'a> {
    fn of(table: Option<Table<'a, 2>>) -> Self {
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
            if !(-MAX_OFFSET..=MAX_OFFSET).contains(&offset) {
                composition.rows = Table::default();
                break;
            }
            composition.shift = composition.shift.max(-i64::from(offset.max(-i32::MAX)));
        }
        composition
    }

    /// The offset of the next sample; `None` behind the table's end.
    fn next(&mut self) -> Option<i32> {
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

/// `stsz` or `stz2`.
enum Sizes<'a> {
    Fixed {
        len: u32,
        count: usize,
    },
    Words(Table<'a, 1>),
    /// 4, 8 or 16 bits each.
    Compact {
        bits: usize,
        count: usize,
        bytes: &'a [u8],
    },
}

impl<'a> Sizes<'a> {
    fn of(stbl: BoxBytes<'a>) -> Self {
        let none = Self::Words(Table::default());
        if let Some((_, _, mut fields)) = stbl.child(b"stsz").and_then(|stsz| stsz.full()) {
            let (Some(len), Some(count)) = (fields.u32(), fields.u32()) else {
                return none;
            };
            return match len {
                0 => Self::Words(Table::rows(fields, count)),
                _ => Self::Fixed {
                    len,
                    count: usize::try_from(count).unwrap_or(usize::MAX),
                },
            };
        }
        let Some((_, _, mut fields)) = stbl.child(b"stz2").and_then(|stz2| stz2.full()) else {
            return none;
        };
        let (Some(word), Some(count)) = (fields.u32(), fields.u32()) else {
            return none;
        };
        let bits = (word & 0xFF) as usize;
        if !matches!(bits, 4 | 8 | 16) {
            return none;
        }
        let fit = fields.0.len().saturating_mul(8) / bits;
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(fit);
        Self::Compact {
            bits,
            count,
            bytes: fields.0,
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Fixed { count, .. } | Self::Compact { count, .. } => *count,
            Self::Words(table) => table.len(),
        }
    }

    fn get(&self, sample: usize) -> Option<u32> {
        match self {
            Self::Fixed { len, .. } => Some(*len),
            Self::Words(table) => table.get(sample).map(|[len]| len),
            Self::Compact {
                bits: 16, bytes, ..
            } => {
                let pair = bytes.get(sample * 2..sample * 2 + 2)?;
                Some(u32::from(u16::from_be_bytes(pair.try_into().ok()?)))
            }
            Self::Compact { bits: 8, bytes, .. } => bytes.get(sample).copied().map(u32::from),
            Self::Compact { bytes, .. } => {
                let pair = *bytes.get(sample / 2)?;
                Some(u32::from(if sample.is_multiple_of(2) {
                    pair >> 4
                } else {
                    pair & 0xF
                }))
            }
        }
    }
}

/// `stco` or `co64`.
enum Offsets<'a> {
    Narrow(Table<'a, 1>),
    Wide(Table<'a, 2>),
}

impl<'a> Offsets<'a> {
    fn of(stbl: BoxBytes<'a>) -> Self {
        match (stbl.child(b"stco"), stbl.child(b"co64")) {
            (Some(stco), _) => Self::Narrow(Table::of(stco)),
            (None, Some(co64)) => Self::Wide(Table::of(co64)),
            (None, None) => Self::Narrow(Table::default()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Narrow(table) => table.len(),
            Self::Wide(table) => table.len(),
        }
    }

    fn get(&self, chunk: usize) -> Option<u64> {
        match self {
            Self::Narrow(table) => table.get(chunk).map(|[offset]| u64::from(offset)),
            Self::Wide(table) => table
                .get(chunk)
                .map(|[high, low]| u64::from(high) << 32 | u64::from(low)),
        }
    }
}

/// Which samples are sync samples: `stss`, QuickTime's partial sync samples `stps`, and the random
/// access points of sample group `rap `.
struct SyncTable<'a> {
    /// `None` without `stss`: then all are.
    listed: Option<Table<'a, 1>>,
    partial: Table<'a, 1>,
    groups: Table<'a, 2>,
    next_listed: usize,
    next_partial: usize,
    group: usize,
    group_used: u32,
    /// 1, or 0 for lists that count from 0.
    base: u64,
}

impl<'a> SyncTable<'a> {
    fn of(stbl: BoxBytes<'a>) -> Self {
        let listed = stbl.child(b"stss").map(Table::of);
        let partial: Table<'_, 1> = stbl.child(b"stps").map(Table::of).unwrap_or_default();
        let positive = |table: &Table<'_, 1>| table.get(0).is_some_and(|[first]| first > 0);
        let base = listed.as_ref().is_some_and(positive) || positive(&partial);
        let groups = stbl.children().filter(|child| child.kind == *b"sbgp");
        let groups = groups
            .filter_map(random_access_groups)
            .next()
            .unwrap_or_default();
        Self {
            listed,
            partial,
            groups,
            next_listed: 0,
            next_partial: 0,
            group: 0,
            group_used: 0,
            base: u64::from(base),
        }
    }

    fn lists_any(&self) -> bool {
        let listed = self.listed.is_some_and(|listed| !listed.is_empty());
        listed || !self.partial.is_empty() || !self.groups.is_empty()
    }

    /// Whether this sample, the one after the one asked for before, is a sync sample.
    fn next(&mut self, number: usize) -> bool {
        let number = number as u64 + self.base;
        let mut sync = false;
        let mut listed_one = false;
        match &self.listed {
            None => sync = true,
            Some(list) if list.is_empty() => {
                let others = !self.partial.is_empty() || !self.groups.is_empty();
                sync = number == self.base && !others;
            }
            Some(list) => {
                if list
                    .get(self.next_listed)
                    .is_some_and(|[at]| u64::from(at) == number)
                {
                    self.next_listed += usize::from(self.next_listed + 1 < list.len());
                    (sync, listed_one) = (true, true);
                }
            }
        }
        if !listed_one
            && self
                .partial
                .get(self.next_partial)
                .is_some_and(|[at]| u64::from(at) == number)
        {
            self.next_partial += usize::from(self.next_partial + 1 < self.partial.len());
            sync = true;
        }
        if let Some([count, group]) = self.groups.get(self.group) {
            sync |= group > 0;
            self.group_used = self.group_used.saturating_add(1);
            if self.group_used == count {
                self.group_used = 0;
                self.group += 1;
            }
        }
        sync
    }
}

/// The rows `[sample count, group]` of an `sbgp` box of type `rap `.
fn random_access_groups(sbgp: BoxBytes<'_>) -> Option<Table<'_, 2>> {
    let (version, _, mut fields) = sbgp.full()?;
    if fields.kind()? != *b"rap " {
        return None;
    }
    if version == 1 {
        fields.u32()?;
    }
    let count = fields.u32()?;
    Some(Table::rows(fields, count))
}
