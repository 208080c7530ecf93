//! AV1 metadata units (AV1 specification §5.8, §6.7): how bright pictures are.

use super::super::InspectError;
use super::super::bits::BitReader;
use crate::{ContentLight, HdrFacts, MasteringDisplay};

/// `metadata_type` (§6.7.1).
const HDR_CLL: u32 = 1;
const HDR_MDCV: u32 = 2;

/// Takes the payload of a metadata unit into what is known.
pub(crate) fn read(payload: &[u8], hdr: &mut HdrFacts) -> Result<(), InspectError> {
    let reader = &mut BitReader::new(payload);
    // leb128() of one byte: all types that are read here have one.
    match reader.bits(8)? {
        HDR_CLL => {
            hdr.content_light = Some(ContentLight {
                max_content: reader.bits(16)? as u16,
                max_frame_average: reader.bits(16)? as u16,
            });
        }
        HDR_MDCV => {
            let mut next = |bits| reader.bits(bits);
            let mut point = || Ok([next(16)? as u16, next(16)? as u16]);
            let primaries = [point()?, point()?, point()?];
            let white = point()?;
            let luminance = [next(32)?, next(32)?];
            hdr.mastering = Some(MasteringDisplay::from_fixed_point(primaries, white, luminance));
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_point_numbers_become_the_units_of_h265() {
        // 0.708 and 0.292, 0.170 and 0.797, 0.131 and 0.046, 0.3127 and 0.3290 in 0.16; 1000 in
        // 24.8 and 0.005 in 18.14 (§6.7.4).
        let chromaticities = [0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290];
        let mut payload = vec![2];
        for value in chromaticities {
            payload.extend(((value * 65_536.0_f64).round() as u16).to_be_bytes());
        }
        payload.extend((1000_u32 << 8).to_be_bytes());
        payload.extend(((0.005_f64 * 16_384.0).round() as u32).to_be_bytes());
        let mut hdr = HdrFacts::default();
        read(&payload, &mut hdr).unwrap();
        let display = hdr.mastering.unwrap();
        assert_eq!(display.primaries, [[35400, 14600], [8500, 39850], [6550, 2300]]);
        assert_eq!(display.white, [15635, 16450]);
        assert_eq!((display.max_luminance, display.min_luminance), (10_000_000, 50));
        for end in 0..payload.len() {
            let mut hdr = HdrFacts::default();
            assert!(read(&payload[..end], &mut hdr).is_err());
            assert_eq!(hdr, HdrFacts::default());
        }
        read(&[1, 3, 232, 1, 144], &mut hdr).unwrap();
        let light = ContentLight { max_content: 1000, max_frame_average: 400 };
        assert_eq!(hdr.content_light, Some(light));
    }
}
