//! The sample tables of a track (ISO/IEC 14496-12 §8.6, §8.7) as a list of entries in decode order,
//! with the times and keyframe marks that FFmpeg's demuxer derives from them, quirks included.

mod layout;
mod sync;
mod times;

use reelscope_media::Timescale;

use super::boxes::{BoxBytes, Table};
use super::entry_list::{Bounds, Entry};
use layout::{Offsets, Sizes, repaired_chunks};
use sync::SyncTable;
use times::{Clock, Composition};

/// A sample size past which the table is not believed (FFmpeg's bound too).
const MAX_SAMPLE_LEN: u32 = 0x3FFF_FFFF;

/// What the tables say.
#[derive(Default)]
pub(super) struct Expanded {
    /// All samples in decode order, where the tables put them.
    pub(super) entries: Vec<Entry>,
    /// How many samples were looked at.
    pub(super) seen: usize,
    /// How far composition offsets go below zero: presentation times are this much later.
    pub(super) shift: i64,
    /// Sum of all time steps: where fragments without a time of their own go on.
    pub(super) end: i64,
    /// True if some sync samples are listed.
    pub(super) lists_sync: bool,
    /// True if the tables contradict each other. FFmpeg then keeps the samples up to there and
    /// leaves the edit list alone.
    pub(super) contradictory: bool,
    /// What was wrong, in words.
    pub(super) problem: Option<String>,
}

impl Expanded {
    fn contradict(&mut self, problem: String) {
        self.contradictory = true;
        self.problem = Some(problem);
    }
}

/// The tables of one `stbl` box.
struct Tables<'a> {
    steps: Vec<[u32; 2]>,
    chunks: Vec<[u32; 3]>,
    sizes: Sizes<'a>,
    offsets: Offsets<'a>,
    sync: SyncTable<'a>,
}

/// Reads the tables, no further than the bounds allow. Samples of another description
/// than `only` (from 1) are left out, if that is given.
pub(super) fn expand(
    stbl: BoxBytes<'_>,
    bounds: Bounds,
    only: Option<u32>,
    timescale: Timescale,
) -> Expanded {
    let limit = bounds.samples;
    let table = |kind| stbl.child(kind);
    let tables = Tables {
        steps: times::steps(table(b"stts").map(Table::of), limit),
        chunks: repaired_chunks(table(b"stsc").map(Table::of), limit),
        sizes: Sizes::of(stbl),
        offsets: Offsets::of(stbl),
        sync: SyncTable::of(stbl),
    };
    let composition = Composition::of(table(b"ctts").map(Table::of), timescale.ticks_per_second());
    let mut expanded = Expanded {
        shift: composition.shift,
        end: times::total(&tables.steps),
        lists_sync: tables.sync.lists_any(),
        ..Expanded::default()
    };
    let (chunk_count, sample_count) = (tables.offsets.len(), tables.sizes.count());
    let incomplete = tables.steps.is_empty() || tables.chunks.is_empty() || sample_count == 0;
    if (chunk_count == 0) != (sample_count == 0) || (chunk_count > 0 && incomplete) {
        expanded.problem = Some("its sample tables are incomplete".to_owned());
    } else if chunk_count > 0 {
        let limit = limit.min(tables.sizes.most_in(bounds.end));
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
        let mut clock = Clock::new(std::mem::take(&mut self.steps), -out.shift);
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
                    out.contradict(format!("its chunks hold more than its {count} samples"));
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
                    out.contradict(format!("sample {number} claims to have {len} bytes"));
                    return;
                }
                let (dts, duration) = clock.next();
                let sync = self.sync.next(number);
                if only.is_none_or(|only| only == description) {
                    let config = description.saturating_sub(1);
                    let config = u16::try_from(config).unwrap_or(u16::MAX);
                    let hidden = false;
                    // FFmpeg counts offsets by the samples that it takes, not by all.
                    let composition = composition.next();
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
                    out.contradict(format!("sample {number} lies beyond any file"));
                    return;
                };
                offset = next;
                number += 1;
                out.seen = number;
            }
        }
    }
}
