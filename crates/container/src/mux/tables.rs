//! The sample tables of a file without fragments (ISO/IEC 14496-12 §8.6, §8.7).

use std::num::NonZeroU32;

use shiguredo_mp4::Either;
use shiguredo_mp4::boxes::{
    Co64Box, CttsBox, CttsEntry, SampleEntry, StblBox, StcoBox, StscBox, StscEntry, StsdBox,
    StssBox, StszBox, SttsBox, SttsEntry,
};

use super::plan::Plan;

/// Samples that lie one after another in the file have one place together: so many at most.
const SAMPLES_PER_CHUNK: u32 = 64;

/// Where samples are, as they are written.
#[derive(Debug, Default)]
pub(super) struct SampleTable {
    sizes: Vec<u32>,
    /// Where chunks start.
    chunks: Vec<u64>,
    runs: Vec<StscEntry>,
    /// Samples in the last chunk, and their entry.
    last: (u32, u32),
}

impl SampleTable {
    /// Notes the next sample. `entry` counts from 1.
    pub(super) fn push(&mut self, offset: u64, size: u32, entry: u32) {
        self.sizes.push(size);
        let (count, of) = self.last;
        if count > 0 && count < SAMPLES_PER_CHUNK && of == entry {
            self.last = (count + 1, of);
            return;
        }
        self.end_chunk();
        self.chunks.push(offset);
        self.last = (1, entry);
    }

    /// Notes how many samples the last chunk has.
    fn end_chunk(&mut self) {
        let (count, entry) = std::mem::take(&mut self.last);
        let chunk = u32::try_from(self.chunks.len())
            .ok()
            .and_then(NonZeroU32::new);
        let (Some(first_chunk), Some(sample_description_index)) = (chunk, NonZeroU32::new(entry))
        else {
            return;
        };
        let same = |run: &StscEntry| {
            run.sample_per_chunk == count
                && run.sample_description_index == sample_description_index
        };
        if !self.runs.last().is_some_and(same) {
            self.runs.push(StscEntry {
                first_chunk,
                sample_per_chunk: count,
                sample_description_index,
            });
        }
    }

    /// The boxes, all samples being written.
    pub(super) fn finish(mut self, plan: &Plan, entries: Vec<SampleEntry>) -> StblBox {
        self.end_chunk();
        let small: Option<Vec<u32>> = self
            .chunks
            .iter()
            .map(|at| u32::try_from(*at).ok())
            .collect();
        let places = match small {
            Some(chunk_offsets) => Either::A(StcoBox { chunk_offsets }),
            None => Either::B(Co64Box {
                chunk_offsets: self.chunks,
            }),
        };
        StblBox {
            stsd_box: StsdBox { entries },
            stts_box: durations(plan),
            ctts_box: offsets(plan),
            cslg_box: None,
            stsc_box: StscBox { entries: self.runs },
            stsz_box: StszBox::Variable {
                entry_sizes: self.sizes,
            },
            stco_or_co64_box: places,
            stss_box: sync_samples(plan),
            sdtp_box: None,
            unknown_boxes: Vec::new(),
        }
    }
}

/// The boxes of a track whose samples are in fragments.
pub(super) fn empty(entries: Vec<SampleEntry>) -> StblBox {
    StblBox {
        stsd_box: StsdBox { entries },
        stts_box: SttsBox {
            entries: Vec::new(),
        },
        ctts_box: None,
        cslg_box: None,
        stsc_box: StscBox {
            entries: Vec::new(),
        },
        stsz_box: StszBox::Variable {
            entry_sizes: Vec::new(),
        },
        stco_or_co64_box: Either::A(StcoBox {
            chunk_offsets: Vec::new(),
        }),
        stss_box: None,
        sdtp_box: None,
        unknown_boxes: Vec::new(),
    }
}

/// Equal values in a row, with their number.
fn runs<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<(u32, T)> {
    let mut runs: Vec<(u32, T)> = Vec::new();
    for value in values {
        match runs.last_mut() {
            Some((count, last)) if *last == value => *count += 1,
            _ => runs.push((1, value)),
        }
    }
    runs
}

fn durations(plan: &Plan) -> SttsBox {
    let durations = (0..plan.samples.len()).map(|number| plan.duration(number));
    let entry = |(sample_count, sample_delta)| SttsEntry {
        sample_count,
        sample_delta,
    };
    SttsBox {
        entries: runs(durations).into_iter().map(entry).collect(),
    }
}

fn offsets(plan: &Plan) -> Option<CttsBox> {
    if plan.samples.iter().all(|sample| sample.offset == 0) {
        return None;
    }
    let entry = |(sample_count, offset): (u32, u32)| CttsEntry {
        sample_count,
        sample_offset: offset.into(),
    };
    let offsets = runs(plan.samples.iter().map(|sample| sample.offset));
    Some(CttsBox {
        version: 0,
        entries: offsets.into_iter().map(entry).collect(),
    })
}

/// None where all are.
fn sync_samples(plan: &Plan) -> Option<StssBox> {
    if plan.samples.iter().all(|sample| sample.is_sync) {
        return None;
    }
    let numbers = (1..).map_while(NonZeroU32::new).zip(&plan.samples);
    let sync = numbers.filter(|(_, sample)| sample.is_sync);
    Some(StssBox {
        sample_numbers: sync.map(|(number, _)| number).collect(),
    })
}
