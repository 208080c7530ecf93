//! H.265 short-term reference picture sets (ITU-T H.265 §7.3.7, §7.4.8): read only because what
//! follows them in an SPS can be reached in no other way.

use super::super::InspectError;
use super::super::bits::BitReader;

/// `sps_max_dec_pic_buffering_minus1` is at most 15, and so is the number of pictures in a set.
const MAX_PICTURES: u32 = 16;

/// Picture order count differences of one set: those before the picture, nearest first, and those
/// after it, nearest first.
#[derive(Default)]
struct ReferenceSet {
    before: Vec<i32>,
    after: Vec<i32>,
}

/// Leaves out `num_short_term_ref_pic_sets` and that many sets.
pub(crate) fn skip_short_term_sets(reader: &mut BitReader<'_>) -> Result<(), InspectError> {
    let count = reader.ue_max(64, "num_short_term_ref_pic_sets")?;
    let mut previous: Option<ReferenceSet> = None;
    for _ in 0..count {
        previous = Some(match previous {
            // inter_ref_pic_set_prediction_flag
            Some(set) if reader.flag()? => predicted(reader, &set)?,
            _ => explicit(reader)?,
        });
    }
    Ok(())
}

fn explicit(reader: &mut BitReader<'_>) -> Result<ReferenceSet, InspectError> {
    let before = reader.ue_max(MAX_PICTURES, "num_negative_pics")?;
    let after = reader.ue_max(MAX_PICTURES, "num_positive_pics")?;
    let mut side = |count: u32, sign: i32| {
        let mut delta = 0_i32;
        (0..count)
            .map(|_| {
                let step = 1 + reader.ue_max(0x7fff, "delta_poc_minus1")? as i32;
                reader.skip(1)?; // used_by_curr_pic_flag
                delta += sign * step;
                Ok(delta)
            })
            .collect::<Result<Vec<i32>, InspectError>>()
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
    let mut kept_before = Vec::new();
    let mut kept_after = Vec::new();
    let mut own = None;
    let sides = reference.before.iter().map(|delta| (delta, true));
    let sides = sides.chain(reference.after.iter().map(|delta| (delta, false)));
    for (delta, is_before) in sides {
        if read_kept(reader)? {
            let side = if is_before { &mut kept_before } else { &mut kept_after };
            side.push(delta + shift);
        }
    }
    if read_kept(reader)? {
        own = Some(shift);
    }
    // Formulas 7-61 and 7-62.
    let candidates = kept_after.iter().rev().chain(&own).chain(&kept_before);
    let before: Vec<i32> = candidates.copied().filter(|delta| *delta < 0).collect();
    let candidates = kept_before.iter().rev().chain(&own).chain(&kept_after);
    let after: Vec<i32> = candidates.copied().filter(|delta| *delta > 0).collect();
    if before.len() + after.len() > MAX_PICTURES as usize {
        return Err(InspectError::Forbidden { field: "use_delta_flag" });
    }
    Ok(ReferenceSet { before, after })
}

/// `used_by_curr_pic_flag` and, where that is 0, `use_delta_flag`.
fn read_kept(reader: &mut BitReader<'_>) -> Result<bool, InspectError> {
    Ok(reader.flag()? || reader.flag()?)
}
