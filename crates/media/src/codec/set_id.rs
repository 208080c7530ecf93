//! Which parameter set a NAL unit is: its type and its id, without the rest of it.

use super::Codec;
use super::InspectError;
use super::bits::BitReader;
use super::h265::skip_to_sps_id;

/// Names a parameter set: a later one with this name takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetId {
    /// `nal_unit_type`: 7 and 8 in H.264, 32 to 34 in H.265.
    pub kind: u8,
    /// The id that the set gives itself.
    pub id: u32,
}

/// The name of a NAL unit (header included) that is a parameter set of H.264 (ITU-T H.264 §7.3.2.1,
/// §7.3.2.2) or of H.265 (ITU-T H.265 §7.3.2.1 to §7.3.2.3); `None` for all others and for damaged
/// ones.
pub fn parameter_set_id(codec: Codec, nal: &[u8]) -> Option<SetId> {
    let header = *nal.first()?;
    match codec {
        Codec::H264 => h264(header & 0x1f, nal).ok()?,
        Codec::H265 => h265(header >> 1 & 0x3f, nal).ok()?,
        _ => None,
    }
}

fn h264(kind: u8, nal: &[u8]) -> Result<Option<SetId>, InspectError> {
    let reader = &mut BitReader::escaped(nal);
    match kind {
        7 => reader.skip(8 + 24)?, // profile, constraints, level
        8 => reader.skip(8)?,
        _ => return Ok(None),
    }
    let id = reader.ue()?;
    Ok(Some(SetId { kind, id }))
}

fn h265(kind: u8, nal: &[u8]) -> Result<Option<SetId>, InspectError> {
    let reader = &mut BitReader::escaped(nal);
    let id = match kind {
        32 => {
            reader.skip(16)?;
            reader.bits(4)?
        }
        33 => {
            skip_to_sps_id(reader)?;
            reader.ue()?
        }
        34 => {
            reader.skip(16)?;
            reader.ue()?
        }
        _ => return Ok(None),
    };
    Ok(Some(SetId { kind, id }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_named_by_its_type_and_its_id() {
        // Ids as `ffmpeg -bsf:v trace_headers` tells them: 0 and, coded as 010, 1.
        let sps = parameter_set_id(Codec::H264, &[0x67, 100, 0, 31, 0xac]);
        assert_eq!(sps, Some(SetId { kind: 7, id: 0 }));
        let pps = parameter_set_id(Codec::H264, &[0x68, 0b0101_0000]);
        assert_eq!(pps, Some(SetId { kind: 8, id: 1 }));
        let vps = parameter_set_id(Codec::H265, &[0x40, 1, 0x2c]);
        assert_eq!(vps, Some(SetId { kind: 32, id: 2 }));
    }

    #[test]
    fn what_is_no_set_has_no_name() {
        assert_eq!(parameter_set_id(Codec::H264, &[0x65, 0x88]), None);
        assert_eq!(parameter_set_id(Codec::H264, &[0x67, 100]), None);
        assert_eq!(parameter_set_id(Codec::H265, &[]), None);
        assert_eq!(parameter_set_id(Codec::Av1, &[0x67, 0, 0, 0, 0]), None);
    }
}
