//! H.265 slice segment headers (ITU-T H.265 §7.3.6.1) from the reference picture sets to the
//! quantiser.

use super::super::bits::BitReader;
use super::super::{InspectError, PictureType, quantiser};
use super::nal_header::NalHeader;
use super::pps::{Pps, Prediction};
use super::reference_sets::ReferenceSet;
use super::sps::{Sps, Tools};

/// What a slice is predicted from and how it is quantised.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Predicted {
    /// Distances of the picture order counts of pictures that it may refer to; `None` where that
    /// was not read, or where there are long-term ones, which are named in another way.
    pub(crate) references: Option<Vec<i32>>,
    /// `SliceQpY` (§7.4.7.1).
    pub(crate) qp: Option<i8>,
}

/// Reads on behind `slice_pic_order_cnt_lsb`. Where the NAL unit is cut off or damaged, what came
/// before that is kept.
pub(crate) fn read_prediction(
    reader: &mut BitReader<'_>,
    (header, picture): (NalHeader, PictureType),
    (sps, pps): (&Sps, &Pps),
) -> Predicted {
    let (Some(tools), Some(prediction)) = (&sps.tools, &pps.prediction) else {
        return Predicted::default();
    };
    let mut slice = Slice {
        picture,
        sps,
        tools,
        prediction,
        used: Vec::new(),
        long_term: 0,
        temporal_vectors: false,
    };
    if !header.is_idr() && slice.read_sets(reader).is_err() {
        return Predicted::default();
    }
    Predicted {
        references: match picture {
            // What later pictures are to find is kept, but not referred to.
            PictureType::I => Some(Vec::new()),
            _ => (slice.long_term == 0).then(|| slice.used.clone()),
        },
        qp: slice.read_qp(reader).ok(),
    }
}

/// A header on the way.
struct Slice<'a> {
    picture: PictureType,
    sps: &'a Sps,
    tools: &'a Tools,
    prediction: &'a Prediction,
    /// Short-term pictures that it may refer to.
    used: Vec<i32>,
    /// How many long-term ones.
    long_term: usize,
    temporal_vectors: bool,
}

impl Slice<'_> {
    /// The reference picture sets, and whether motion vectors come from another picture.
    fn read_sets(&mut self, reader: &mut BitReader<'_>) -> Result<(), InspectError> {
        let sets = &self.tools.short_term_sets;
        // short_term_ref_pic_set_sps_flag
        if reader.flag()? {
            let index = match sets.len() {
                0 | 1 => 0,
                count => reader.bits(index_bits(count))? as usize,
            };
            let set = sets.get(index);
            let wrong = InspectError::Forbidden { field: "short_term_ref_pic_set_idx" };
            self.used.extend(set.ok_or(wrong)?.used());
        } else {
            self.used.extend(ReferenceSet::read(reader, sets, true)?.used());
        }
        if let Some(known) = &self.tools.long_term {
            self.read_long_term(reader, known)?;
        }
        self.temporal_vectors = self.tools.temporal_vectors && reader.flag()?;
        Ok(())
    }

    fn read_long_term(
        &mut self,
        reader: &mut BitReader<'_>,
        known: &[bool],
    ) -> Result<(), InspectError> {
        const MOST: u32 = 32;
        let named = match known.len() {
            0 => 0,
            _ => reader.ue_max(MOST, "num_long_term_sps")?,
        };
        let own = reader.ue_max(MOST, "num_long_term_pics")?;
        for picture in 0..named + own {
            let used = if picture < named {
                let index = match known.len() {
                    1 => 0,
                    count => reader.bits(index_bits(count))? as usize,
                };
                known.get(index).copied().unwrap_or(false)
            } else {
                reader.skip(self.sps.log2_max_poc_lsb as usize)?; // poc_lsb_lt
                reader.flag()? // used_by_curr_pic_lt_flag
            };
            self.long_term += usize::from(used);
            // delta_poc_msb_present_flag
            if reader.flag()? {
                reader.ue()?; // delta_poc_msb_cycle_lt
            }
        }
        Ok(())
    }

    /// From the sample adaptive offsets to `slice_qp_delta`.
    fn read_qp(&self, reader: &mut BitReader<'_>) -> Result<i8, InspectError> {
        if self.tools.offsets {
            reader.skip(1 + usize::from(self.sps.has_chroma))?;
        }
        if self.picture != PictureType::I {
            self.skip_lists(reader)?;
        }
        quantiser(self.prediction.initial_qp, reader.se()?)
    }

    /// What P and B slices have: lists of references, their weights, and how vectors are predicted.
    fn skip_lists(&self, reader: &mut BitReader<'_>) -> Result<(), InspectError> {
        let is_b = self.picture == PictureType::B;
        let lists = if is_b { 2 } else { 1 };
        let mut counts = self.prediction.default_references;
        // num_ref_idx_active_override_flag
        if reader.flag()? {
            for count in counts.iter_mut().take(lists) {
                *count = 1 + reader.ue_max(14, "num_ref_idx_active_minus1")?;
            }
        }
        let pictures = self.used.len() + self.long_term;
        if self.prediction.modifies_lists && pictures > 1 {
            for count in counts.iter().take(lists) {
                // ref_pic_list_modification_flag
                if reader.flag()? {
                    reader.skip(*count as usize * index_bits(pictures) as usize)?;
                }
            }
        }
        if is_b {
            reader.skip(1)?; // mvd_l1_zero_flag
        }
        if self.prediction.chooses_contexts {
            reader.skip(1)?; // cabac_init_flag
        }
        if self.temporal_vectors {
            let from_first = !is_b || reader.flag()?; // collocated_from_l0_flag
            let [first, second] = counts;
            if (if from_first { first } else { second }) > 1 {
                reader.ue()?; // collocated_ref_idx
            }
        }
        let [p_weights, b_weights] = self.prediction.weights;
        if if is_b { b_weights } else { p_weights } {
            for (number, count) in counts.iter().take(lists).enumerate() {
                self.skip_weights(reader, *count as usize, number == 0)?;
            }
        }
        reader.ue_max(4, "five_minus_max_num_merge_cand")?;
        Ok(())
    }

    /// `pred_weight_table` (§7.3.6.3) of one list. No layer or picture refers to itself here, so
    /// that every picture of the list has its flags.
    fn skip_weights(
        &self,
        reader: &mut BitReader<'_>,
        count: usize,
        is_first: bool,
    ) -> Result<(), InspectError> {
        let has_chroma = self.sps.has_chroma;
        if is_first {
            reader.ue()?; // luma_log2_weight_denom
            if has_chroma {
                reader.se()?; // delta_chroma_log2_weight_denom
            }
        }
        let mut flags = |there: bool| {
            let flags = (0..count).map(|_| Ok(there && reader.flag()?));
            flags.collect::<Result<Vec<bool>, InspectError>>()
        };
        let (luma, chroma) = (flags(true)?, flags(has_chroma)?);
        for (luma, chroma) in luma.into_iter().zip(chroma) {
            for _ in 0..2 * usize::from(luma) + 4 * usize::from(chroma) {
                reader.se()?;
            }
        }
        Ok(())
    }
}

/// Bits of an index into a list: `Ceil(Log2(count))`.
fn index_bits(count: usize) -> u32 {
    count.next_power_of_two().trailing_zeros()
}
