//! The names of H.264's NAL unit types (ITU-T H.264 §7.3.1, table 7-1).

use crate::codec::units::NalKind;

/// What a NAL unit's header says; `None` if there is none.
pub(crate) fn unit(nal: &[u8]) -> Option<NalKind> {
    let header = nal.first()?;
    let kind = header & 0x1f;
    Some(NalKind {
        kind,
        name: name(kind),
        fields: vec![("nal_ref_idc", u32::from(header >> 5 & 3))],
        is_sei: kind == 6,
    })
}

fn name(kind: u8) -> &'static str {
    match kind {
        1 => "Slice",
        2 => "Slice, data partition A",
        3 => "Slice, data partition B",
        4 => "Slice, data partition C",
        5 => "Slice of an IDR picture",
        6 => "Supplemental enhancement information",
        7 => "Sequence parameter set",
        8 => "Picture parameter set",
        9 => "Access unit delimiter",
        10 => "End of sequence",
        11 => "End of stream",
        12 => "Filler data",
        13 => "Sequence parameter set extension",
        14 => "Prefix",
        15 => "Subset sequence parameter set",
        16 => "Depth parameter set",
        19 => "Slice of an auxiliary picture",
        20 => "Slice extension",
        21 => "Slice extension for depth",
        17 | 18 | 22 | 23 => "Reserved",
        _ => "Unspecified",
    }
}
