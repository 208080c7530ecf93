//! Walking over the open bitstream units of a temporal unit (AV1 specification §5.3).

/// `obu_type` (§6.2.2).
pub(crate) const SEQUENCE_HEADER: u8 = 1;
pub(crate) const FRAME_HEADER: u8 = 3;
pub(crate) const METADATA: u8 = 5;
pub(crate) const FRAME: u8 = 6;

/// The name of an `obu_type` (§6.2.2).
pub(crate) fn obu_name(kind: u8) -> &'static str {
    match kind {
        SEQUENCE_HEADER => "Sequence header",
        2 => "Temporal delimiter",
        FRAME_HEADER => "Frame header",
        4 => "Tile group",
        METADATA => "Metadata",
        FRAME => "Frame",
        7 => "Redundant frame header",
        8 => "Tile list",
        15 => "Padding",
        _ => "Reserved",
    }
}

/// One open bitstream unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Obu<'a> {
    pub(crate) kind: u8,
    /// `temporal_id` and `spatial_id`, where it has an extension.
    pub(crate) layer: Option<(u32, u32)>,
    pub(crate) payload: &'a [u8],
}

/// The open bitstream units, in low-overhead format. Stops at the first one that is damaged; where
/// a size reaches behind the end, that is the rest.
pub(crate) fn obus(mut rest: &[u8]) -> impl Iterator<Item = Obu<'_>> {
    std::iter::from_fn(move || {
        let header = rest.split_off_first()?;
        // obu_forbidden_bit
        if header & 0x80 != 0 {
            return None;
        }
        let layer = if header & 0x04 != 0 {
            let extension = u32::from(*rest.split_off_first()?);
            Some((extension >> 5, extension >> 3 & 3))
        } else {
            None
        };
        let size = if header & 0x02 != 0 { leb128(&mut rest)? } else { rest.len() };
        let payload = rest.split_off(..size.min(rest.len()))?;
        Some(Obu { kind: header >> 3 & 15, layer, payload })
    })
}

/// §4.10.5.
fn leb128(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0_u64;
    for index in 0..8 {
        let byte = rest.split_off_first()?;
        value |= u64::from(byte & 0x7f) << (index * 7);
        if byte & 0x80 == 0 {
            return usize::try_from(value).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_with_and_without_size_and_extension_are_found() {
        let sample = [0x12, 0, 0x0a, 0x81, 0x00, 7, 0x36, 0x48, 1, 8, 0x18, 9, 9];
        let units: Vec<_> = obus(&sample).collect();
        let unit = |kind, layer, payload| Obu { kind, layer, payload };
        assert_eq!(units, [
            unit(2, None, &[][..]),
            unit(SEQUENCE_HEADER, None, &[7]),
            unit(FRAME, Some((2, 1)), &[8]),
            unit(FRAME_HEADER, None, &[9, 9]),
        ]);
    }

    #[test]
    fn damaged_units_end_the_walk() {
        assert_eq!(obus(&[0x80, 0]).count(), 0);
        assert_eq!(obus(&[0x0a]).count(), 0);
        assert_eq!(obus(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]).count(), 0);
        assert_eq!(obus(&[0x0a, 100, 1]).next().unwrap().payload, [1]);
    }
}
