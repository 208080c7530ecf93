//! Movie fragments (ISO/IEC 14496-12 §8.8): each from a sync sample on, with the bytes of its samples.

use shiguredo_mp4::boxes::{MfhdBox, MoofBox, TfdtBox, TfhdBox, TrafBox, TrunBox, TrunSample};
use shiguredo_mp4::{Encode, SampleFlags};

use super::MuxError;
use super::movie::TRACK;
use super::plan::Plan;

/// A fragment that has so many bytes ends before the next sync sample comes: they wait in memory.
const MOST_BYTES: usize = 16 << 20;
/// So many samples, likewise.
const MOST_SAMPLES: usize = 1_000;
/// Length of the header of a box.
const HEADER: usize = 8;
/// `sample_depends_on`: on no other sample, on others (§8.8.3.1).
const ALONE: u8 = 2;
const ON_OTHERS: u8 = 1;

/// The fragment that is being put together.
#[derive(Debug, Default)]
pub(super) struct Fragment {
    written: u32,
    /// The number of its first sample, and how many there are.
    first: usize,
    samples: Vec<TrunSample>,
    bytes: Vec<u8>,
    entry: u32,
}

impl Fragment {
    /// True if the next sample belongs into another one.
    pub(super) fn is_full(&self, next_is_sync: bool, next_entry: u32) -> bool {
        let is_large = self.bytes.len() >= MOST_BYTES || self.samples.len() >= MOST_SAMPLES;
        !self.samples.is_empty() && (next_is_sync || is_large || next_entry != self.entry)
    }

    /// True if there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Takes in the sample of this number in the plan.
    pub(super) fn push(&mut self, plan: &Plan, number: usize, bytes: &[u8], entry: u32) {
        let Some(planned) = plan.samples.get(number) else {
            return;
        };
        if self.samples.is_empty() {
            (self.first, self.entry) = (number, entry);
        }
        let depends = if planned.is_sync { ALONE } else { ON_OTHERS };
        self.samples.push(TrunSample {
            duration: Some(plan.duration(number)),
            size: u32::try_from(bytes.len()).ok(),
            flags: Some(SampleFlags::from_fields(
                0,
                depends,
                0,
                0,
                0,
                !planned.is_sync,
                0,
            )),
            composition_time_offset: Some(planned.offset.into()),
        });
        self.bytes.extend_from_slice(bytes);
    }

    /// The boxes of what is there; the next fragment is empty.
    pub(super) fn take(&mut self, plan: &Plan) -> Result<(Vec<u8>, Vec<u8>), MuxError> {
        let start = plan.samples.get(self.first).map_or(0, |sample| sample.dts);
        self.written += 1;
        let mut moof = MoofBox {
            mfhd_box: MfhdBox {
                sequence_number: self.written,
            },
            traf_boxes: vec![TrafBox {
                tfhd_box: TfhdBox {
                    track_id: TRACK,
                    base_data_offset: None,
                    sample_description_index: Some(self.entry),
                    default_sample_duration: None,
                    default_sample_size: None,
                    default_sample_flags: None,
                    duration_is_empty: false,
                    default_base_is_moof: true,
                },
                tfdt_box: Some(TfdtBox {
                    version: 1,
                    base_media_decode_time: start,
                }),
                trun_boxes: vec![TrunBox {
                    data_offset: Some(0),
                    first_sample_flags: None,
                    samples: std::mem::take(&mut self.samples),
                }],
                unknown_boxes: Vec::new(),
            }],
            unknown_boxes: Vec::new(),
        };
        // Its length does not depend on the offset, which counts from its start.
        let offset = moof.encode_to_vec()?.len() + HEADER;
        let run = moof
            .traf_boxes
            .iter_mut()
            .flat_map(|traf| &mut traf.trun_boxes);
        for run in run {
            run.data_offset = i32::try_from(offset).ok();
        }
        let size = u32::try_from(self.bytes.len() + HEADER);
        let size = size.map_err(|_| MuxError::TooLarge { what: "fragment" })?;
        let mut mdat = size.to_be_bytes().to_vec();
        mdat.extend_from_slice(b"mdat");
        mdat.append(&mut self.bytes);
        Ok((moof.encode_to_vec()?, mdat))
    }
}
