//! H.265 short-term reference picture sets (ITU-T H.265 §7.3.7, §7.4.8).

use super::super::InspectError;
use super::super::bits::BitReader;

/// `sps_max_dec_pic_buffering_minus1` is at most 15, and so is the number of pictures in a set.
const MAX_PICTURES: u32 = 16;

/// One set: pictures before the one that has it, nearest first, and those after it, nearest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ReferenceSet {
    before: Vec<Reference>,
    after: Vec<Reference>,
}

/// A picture of a set.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reference {
    /// How far its picture order count is from that of the picture that has the set.
    delta: i32,
    /// False if only later pictures refer to it.
    used: bool,
}

impl ReferenceSet {
    /// The pictures that the one with this set may refer to, by the distance of their counts.
    pub(crate) fn used(&self) -> impl Iterator<Item = i32> {
        let all = self.before.iter().chain(&self.after);
        all.filter(|reference| reference.used).map(|reference| reference.delta)
    }

    /// `st_ref_pic_set(number)` after `others`, as an SPS has it, or as a slice header has it
    /// behind all of its SPS's (`is_last`).
    pub(crate) fn read(
        reader: &mut BitReader<'_>,
        others: &[Self],
        is_last: bool,
    ) -> Result<Self, InspectError> {
        // inter_ref_pic_set_prediction_flag
        if others.is_empty() || !reader.flag()? {
            return explicit(reader);
        }
        let back = if is_last { 1 + reader.ue_max(63, "delta_idx_minus1")? as usize } else { 1 };
        let from = others.len().checked_sub(back).and_then(|index| others.get(index));
        predicted(reader, from.ok_or(InspectError::Forbidden { field: "delta_idx_minus1" })?)
    }
}

/// `num_short_term_ref_pic_sets` and that many sets.
pub(crate) fn read_short_term_sets(
    reader: &mut BitReader<'_>,
) -> Result<Vec<ReferenceSet>, InspectError> {
    let count = reader.ue_max(64, "num_short_term_ref_pic_sets")?;
    let mut sets = Vec::new();
    for _ in 0..count {
        sets.push(ReferenceSet::read(reader, &sets, false)?);
    }
    Ok(sets)
}

fn explicit(reader: &mut BitReader<'_>) -> Result<ReferenceSet, InspectError> {
    let before = reader.ue_max(MAX_PICTURES, "num_negative_pics")?;
    let after = reader.ue_max(MAX_PICTURES, "num_positive_pics")?;
    let mut side = |count: u32, sign: i32| {
        let mut delta = 0_i32;
        (0..count)
            .map(|_| {
                let step = 1 + reader.ue_max(0x7fff, "delta_poc_minus1")? as i32;
                delta += sign * step;
                Ok(Reference { delta, used: reader.flag()? })
            })
            .collect::<Result<Vec<_>, InspectError>>()
    };
    Ok(ReferenceSet { before: side(before, -1)?, after: side(after, 1)? })
}

fn predicted(
    reader: &mut BitReader<'_>,
    reference: &ReferenceSet,
) -> Result<ReferenceSet, InspectError> {
    let negative = reader.flag()?; // delta_rps_sign
    let step = 1 + reader.ue_max(0x7fff, "abs_delta_rps_minus1")? as i32;
    let shift = if negative { -step } else { step };
    // In the order of the flags: all pictures of the reference set, then the reference itself.
    let mut kept = |reference: &Reference| {
        let used = reader.flag()?; // used_by_curr_pic_flag
        // use_delta_flag
        let stays = used || reader.flag()?;
        Ok(stays.then_some(Reference { delta: reference.delta.saturating_add(shift), used }))
    };
    let mut side = |references: &[Reference]| {
        let kept = references.iter().map(&mut kept);
        kept.filter_map(Result::transpose).collect::<Result<Vec<_>, InspectError>>()
    };
    let kept_before = side(&reference.before)?;
    let kept_after = side(&reference.after)?;
    let own = side(&[Reference { delta: 0, used: true }])?;
    // Formulas 7-61 and 7-62.
    let candidates = kept_after.iter().rev().chain(&own).chain(&kept_before);
    let before: Vec<_> = candidates.copied().filter(|kept| kept.delta < 0).collect();
    let candidates = kept_before.iter().rev().chain(&own).chain(&kept_after);
    let after: Vec<_> = candidates.copied().filter(|kept| kept.delta > 0).collect();
    if before.len() + after.len() > MAX_PICTURES as usize {
        return Err(InspectError::Forbidden { field: "use_delta_flag" });
    }
    Ok(ReferenceSet { before, after })
}
