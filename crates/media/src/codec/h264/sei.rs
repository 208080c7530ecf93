//! H.264 and H.265 supplemental enhancement information: the recovery point.

use super::super::InspectError;
use super::super::bits::BitReader;

/// `payloadType` of the recovery point (H.264 §D.1.8, H.265 §D.2.8).
const RECOVERY_POINT: u32 = 6;

/// A recovery point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecoveryPoint {
    /// `recovery_frame_cnt` of H.264, `recovery_poc_cnt` of H.265.
    pub(crate) count: i32,
}

/// Finds a recovery point in an SEI NAL unit whose header has `header_bytes`. `signed` is true for
/// H.265, which counts in picture order.
pub(crate) fn recovery_point(
    nal: &[u8],
    header_bytes: usize,
    signed: bool,
) -> Result<Option<RecoveryPoint>, InspectError> {
    let reader = &mut BitReader::escaped(nal);
    reader.skip(header_bytes * 8)?;
    loop {
        let kind = read_sum(reader)?;
        let size = read_sum(reader)?;
        if kind == RECOVERY_POINT {
            let count = if signed {
                reader.se()?
            } else {
                i32::try_from(reader.ue()?).unwrap_or(i32::MAX)
            };
            return Ok(Some(RecoveryPoint { count }));
        }
        if reader.skip(size as usize * 8).is_err() {
            return Ok(None);
        }
        // The next message, or the stop bit.
        let mut ahead = reader.clone();
        if !matches!((ahead.bits(8), ahead.bits(8)), (Ok(_), Ok(_))) {
            return Ok(None);
        }
    }
}

/// A type or size: bytes of 255 and a last one, added up (§7.3.2.3.1).
fn read_sum(reader: &mut BitReader<'_>) -> Result<u32, InspectError> {
    let mut sum = 0_u32;
    loop {
        let byte = reader.bits(8)?;
        sum = sum.saturating_add(byte);
        if byte != 255 {
            return Ok(sum);
        }
    }
}
