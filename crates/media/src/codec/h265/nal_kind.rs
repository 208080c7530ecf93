//! The names of H.265's NAL unit types (ITU-T H.265 §7.4.2.2, table 7-1).

use super::nal_header::NalHeader;
use crate::codec::units::NalKind;

/// What a NAL unit's header says; `None` if it is cut off.
pub(crate) fn unit(nal: &[u8]) -> Option<NalKind> {
    let header = NalHeader::read(nal)?;
    Some(NalKind {
        kind: header.kind,
        name: name(header.kind),
        fields: vec![
            ("nuh_layer_id", u32::from(header.layer)),
            ("TemporalId", u32::from(header.temporal_id)),
        ],
        is_sei: matches!(header.kind, 39 | 40),
    })
}

fn name(kind: u8) -> &'static str {
    match kind {
        0 | 1 => "Slice of a trailing picture",
        2 | 3 => "Slice of a TSA picture",
        4 | 5 => "Slice of an STSA picture",
        6 | 7 => "Slice of a RADL picture",
        8 | 9 => "Slice of a RASL picture",
        16..=18 => "Slice of a BLA picture",
        19 | 20 => "Slice of an IDR picture",
        21 => "Slice of a CRA picture",
        32 => "Video parameter set",
        33 => "Sequence parameter set",
        34 => "Picture parameter set",
        35 => "Access unit delimiter",
        36 => "End of sequence",
        37 => "End of bitstream",
        38 => "Filler data",
        39 => "SEI before the slices",
        40 => "SEI after the slices",
        48.. => "Unspecified",
        _ => "Reserved",
    }
}
