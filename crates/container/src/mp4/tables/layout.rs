//! Where samples are: `stsc`, `stsz`, `stz2`, `stco`, `co64`.

use super::super::boxes::{BoxBytes, Table};

/// `stsc` with impossible rows replaced: `[first chunk, samples per chunk, description]`. A row out
/// of order takes on what the next valid one says, the last one is forced into order.
pub(super) fn repaired_chunks(table: Option<Table<'_, 3>>, limit: usize) -> Vec<[u32; 3]> {
    let mut rows: Vec<[u32; 3]> = table.unwrap_or_default().iter().take(limit).collect();
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

/// `stsz` or `stz2`.
pub(super) enum Sizes<'a> {
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
    pub(super) fn of(stbl: BoxBytes<'a>) -> Self {
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

    pub(super) fn count(&self) -> usize {
        match self {
            Self::Fixed { count, .. } | Self::Compact { count, .. } => *count,
            Self::Words(table) => table.len(),
        }
    }

    /// How many samples a file of `end` bytes can hold: a table of equal sizes takes no room, and
    /// its count may be anything.
    pub(super) fn most_in(&self, end: u64) -> usize {
        match self {
            Self::Fixed { len, .. } => {
                let whole = end / u64::from((*len).max(1));
                usize::try_from(whole)
                    .unwrap_or(usize::MAX)
                    .saturating_add(1)
            }
            Self::Words(_) | Self::Compact { .. } => usize::MAX,
        }
    }

    pub(super) fn get(&self, sample: usize) -> Option<u32> {
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
pub(super) enum Offsets<'a> {
    Narrow(Table<'a, 1>),
    Wide(Table<'a, 2>),
}

impl<'a> Offsets<'a> {
    pub(super) fn of(stbl: BoxBytes<'a>) -> Self {
        match (stbl.child(b"stco"), stbl.child(b"co64")) {
            (Some(stco), _) => Self::Narrow(Table::of(stco)),
            (None, Some(co64)) => Self::Wide(Table::of(co64)),
            (None, None) => Self::Narrow(Table::default()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Narrow(table) => table.len(),
            Self::Wide(table) => table.len(),
        }
    }

    pub(super) fn get(&self, chunk: usize) -> Option<u64> {
        match self {
            Self::Narrow(table) => table.get(chunk).map(|[offset]| u64::from(offset)),
            Self::Wide(table) => table
                .get(chunk)
                .map(|[high, low]| u64::from(high) << 32 | u64::from(low)),
        }
    }
}
