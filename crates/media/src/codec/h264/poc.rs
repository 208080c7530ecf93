//! H.264 picture order counts (ITU-T H.264 §8.2.1).

use super::slice::{SliceHeader, Structure};
use super::sps::{PocType, Sps};

/// What the counts of the next picture build on.
#[derive(Clone, Debug, Default)]
pub(crate) struct OrderCounter {
    /// `prevPicOrderCntMsb` and `prevPicOrderCntLsb`.
    prev_msb: i64,
    prev_lsb: i64,
    /// `prevFrameNum` and `prevFrameNumOffset`.
    prev_frame_num: u32,
    prev_frame_num_offset: i64,
}

impl OrderCounter {
    /// `PicOrderCnt()` of a picture, given its first slice; pictures come in decode order.
    /// After operation 5 it is the one that the picture has from then on.
    pub(crate) fn next(&mut self, slice: &SliceHeader, sps: &Sps) -> i64 {
        let (top, bottom) = match &sps.poc {
            PocType::Lsb { log2_max } => self.count_lsb(slice, 1 << log2_max),
            PocType::Cycle {
                offset_for_non_ref_pic,
                offset_for_top_to_bottom_field,
                offsets_for_ref_frame,
                ..
            } => {
                let frame = self.absolute_frame_num(slice, sps);
                let expected =
                    expected_count(frame, slice, offsets_for_ref_frame, *offset_for_non_ref_pic);
                let [first, second] = slice.delta_poc.map(i64::from);
                let down = i64::from(*offset_for_top_to_bottom_field);
                let top = expected.saturating_add(first);
                let bottom = match slice.structure {
                    Structure::Frame => top.saturating_add(down + second),
                    _ => expected.saturating_add(down + first),
                };
                (top, bottom)
            }
            PocType::DecodeOrder => {
                let frame = self.absolute_frame_num(slice, sps).saturating_mul(2);
                let count = if slice.reference || slice.idr { frame } else { frame - 1 };
                (count, count)
            }
        };
        let count = match slice.structure {
            Structure::Frame => top.min(bottom),
            Structure::Top => top,
            Structure::Bottom => bottom,
        };
        if !slice.resets {
            return count;
        }
        // The picture counts as having had frame_num 0 and starts the counting anew.
        self.prev_msb = 0;
        self.prev_lsb = match slice.structure {
            Structure::Frame => top - count,
            _ => 0,
        };
        self.prev_frame_num = 0;
        self.prev_frame_num_offset = 0;
        0
    }

    /// §8.2.1.1: the counts of the top and the bottom field.
    fn count_lsb(&mut self, slice: &SliceHeader, max: i64) -> (i64, i64) {
        if slice.idr {
            (self.prev_msb, self.prev_lsb) = (0, 0);
        }
        let lsb = i64::from(slice.poc_lsb);
        let msb = wrap_msb(lsb, self.prev_lsb, self.prev_msb, max);
        if slice.reference {
            (self.prev_msb, self.prev_lsb) = (msb, lsb);
        }
        let first = msb + lsb;
        (first, first + i64::from(slice.delta_poc_bottom))
    }

    /// `FrameNumOffset` + `frame_num` (§8.2.1.2, §8.2.1.3).
    fn absolute_frame_num(&mut self, slice: &SliceHeader, sps: &Sps) -> i64 {
        let offset = if slice.idr {
            0
        } else if self.prev_frame_num > slice.frame_num {
            self.prev_frame_num_offset.saturating_add(1 << sps.log2_max_frame_num)
        } else {
            self.prev_frame_num_offset
        };
        self.prev_frame_num = slice.frame_num;
        self.prev_frame_num_offset = offset;
        offset.saturating_add(i64::from(slice.frame_num))
    }
}

/// The upper part of a count whose lower part wraps at `max`: whichever is nearest to the previous
/// count. H.265 §8.3.1 says the same.
pub(crate) fn wrap_msb(lsb: i64, prev_lsb: i64, prev_msb: i64, max: i64) -> i64 {
    if lsb < prev_lsb && prev_lsb - lsb >= max / 2 {
        prev_msb.saturating_add(max)
    } else if lsb > prev_lsb && lsb - prev_lsb > max / 2 {
        prev_msb.saturating_sub(max)
    } else {
        prev_msb
    }
}

/// `expectedPicOrderCnt` (§8.2.1.2).
fn expected_count(frame: i64, slice: &SliceHeader, cycle: &[i32], non_ref: i32) -> i64 {
    let mut expected = 0_i64;
    let len = cycle.len() as i64;
    if len > 0 {
        // Non-reference pictures have the frame_num of the reference that follows.
        let frame = if slice.reference { frame } else { frame - 1 };
        if frame > 0 {
            let sum: i64 = cycle.iter().map(|offset| i64::from(*offset)).sum();
            let within = ((frame - 1) % len) as usize;
            let rest: i64 = cycle.iter().take(within + 1).map(|offset| i64::from(*offset)).sum();
            expected = ((frame - 1) / len).saturating_mul(sum).saturating_add(rest);
        }
    }
    if slice.reference { expected } else { expected.saturating_add(i64::from(non_ref)) }
}
