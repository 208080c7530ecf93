//! The units that an access unit is made of, by name: NAL units with their SEI messages, OBUs, the
//! frames of a superframe. For people who look into a bitstream; decoding needs none of it.

use super::{Codec, CodecConfig, Framing, nal_units};
use super::{av1, h264, h265, sei, vp9};

/// Units that are listed at most: nothing that is meant to be decoded has more.
const MOST: usize = 10_000;

/// One unit of an access unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// 0 for units of the access unit itself, 1 for what is inside the unit before.
    pub depth: u8,
    /// Where its header starts in the access unit, in bytes; of an SEI message, where the NAL unit
    /// that carries it does.
    pub offset: usize,
    /// Length of header and payload in bytes, without start code or length field; of an SEI message,
    /// its payload's without emulation prevention.
    pub len: usize,
    /// The number of its type, as the standard's table has it; `None` where units have no types.
    pub kind: Option<u32>,
    /// The name of its type, as the standard's table has it.
    pub name: &'static str,
    /// Further syntax elements of its header, as the standard spells them.
    pub fields: Vec<(&'static str, u32)>,
}

/// The units of an access unit, in their order. Stops where it is damaged; empty for codecs whose
/// samples are one piece.
pub fn units(config: &CodecConfig, access_unit: &[u8]) -> Vec<Unit> {
    let framing = config.framing;
    match config.codec {
        Codec::H264 => nals(access_unit, framing, h264::unit, sei_header::H264),
        Codec::H265 => nals(access_unit, framing, h265::unit, sei_header::H265),
        Codec::Av1 => obus(access_unit),
        Codec::Vp9 => frames(access_unit),
        _ => Vec::new(),
    }
}

/// Bytes of the headers of NAL units.
mod sei_header {
    /// ITU-T H.264 §7.3.1, of the types that carry SEI messages.
    pub(super) const H264: usize = 1;
    /// ITU-T H.265 §7.3.1.2.
    pub(super) const H265: usize = 2;
}

/// What a NAL unit's header says.
pub(super) struct NalKind {
    pub(super) kind: u8,
    pub(super) name: &'static str,
    pub(super) fields: Vec<(&'static str, u32)>,
    /// True if it carries SEI messages.
    pub(super) is_sei: bool,
}

fn nals(
    access_unit: &[u8],
    framing: Framing,
    read: fn(&[u8]) -> Option<NalKind>,
    header_bytes: usize,
) -> Vec<Unit> {
    let mut units = Vec::new();
    for nal in nal_units(access_unit, framing) {
        let Some(header) = read(nal.bytes) else {
            continue;
        };
        units.push(Unit {
            depth: 0,
            offset: nal.offset,
            len: nal.bytes.len(),
            kind: Some(header.kind.into()),
            name: header.name,
            fields: header.fields,
        });
        if header.is_sei {
            let messages = sei::message_sizes(nal.bytes, header_bytes);
            units.extend(messages.map(|(kind, size)| Unit {
                depth: 1,
                offset: nal.offset,
                len: size,
                kind: Some(kind),
                name: sei::message_name(kind),
                fields: Vec::new(),
            }));
        }
        if units.len() >= MOST {
            units.truncate(MOST);
            break;
        }
    }
    units
}

fn obus(access_unit: &[u8]) -> Vec<Unit> {
    let mut start = 0;
    av1::obus(access_unit)
        .take(MOST)
        .map(|obu| {
            // An OBU's size counts its payload alone: what lies before that is its header.
            let end = offset_in(access_unit, obu.payload) + obu.payload.len();
            let layer = obu.layer.into_iter();
            let unit = Unit {
                depth: 0,
                offset: start,
                len: end - start,
                kind: Some(obu.kind.into()),
                name: av1::obu_name(obu.kind),
                fields: layer
                    .flat_map(|(temporal, spatial)| {
                        [("temporal_id", temporal), ("spatial_id", spatial)]
                    })
                    .collect(),
            };
            start = end;
            unit
        })
        .collect()
}

fn frames(access_unit: &[u8]) -> Vec<Unit> {
    vp9::frames(access_unit)
        .take(MOST)
        .map(|frame| Unit {
            depth: 0,
            offset: offset_in(access_unit, frame),
            len: frame.len(),
            kind: None,
            name: "frame",
            fields: Vec::new(),
        })
        .collect()
}

/// Where a part of an access unit starts in it.
fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn of(
        codec: Codec,
        framing: Framing,
        bytes: &[u8],
    ) -> Vec<(u8, usize, usize, Option<u32>, &'static str)> {
        let config = CodecConfig {
            codec,
            framing,
            record: Bytes::new(),
        };
        let units = units(&config, bytes).into_iter();
        units
            .map(|unit| (unit.depth, unit.offset, unit.len, unit.kind, unit.name))
            .collect()
    }

    /// The start of what x264 writes: delimiter, SPS, PPS, SEI with a recovery point and user data, an
    /// IDR slice. Types by ITU-T H.264 table 7-1, messages by §D.1.
    const H264: [&[u8]; 5] = [
        &[0x09, 0x10],
        &[0x67, 0x64, 0x00, 0x1f],
        &[0x68, 0xeb],
        &[0x06, 0x06, 0x01, 0xc4, 0x05, 0x02, 0xaa, 0xbb, 0x80],
        &[0x65, 0x88, 0x84],
    ];

    #[test]
    fn h264_units_are_named_in_both_framings() {
        let annex_b: Vec<u8> = H264
            .iter()
            .flat_map(|nal| [&[0, 0, 0, 1], *nal].concat())
            .collect();
        let expected = [
            (0, 4, 2, Some(9), "Access unit delimiter"),
            (0, 10, 4, Some(7), "Sequence parameter set"),
            (0, 18, 2, Some(8), "Picture parameter set"),
            (0, 24, 9, Some(6), "Supplemental enhancement information"),
            (1, 24, 1, Some(6), "Recovery point"),
            (1, 24, 2, Some(5), "User data, unregistered"),
            (0, 37, 3, Some(5), "Slice of an IDR picture"),
        ];
        assert_eq!(of(Codec::H264, Framing::AnnexB, &annex_b), expected);
        let lengths: Vec<u8> = H264
            .iter()
            .flat_map(|nal| [&[0, 0, 0, nal.len() as u8], *nal].concat())
            .collect();
        assert_eq!(of(Codec::H264, Framing::Lengths(4), &lengths), expected);
    }

    #[test]
    fn h265_units_are_named_with_their_layers() {
        // VPS, SPS, PPS, a prefix SEI with a mastering display's size, a CRA slice (ITU-T H.265 table 7-1).
        let mut stream = Vec::new();
        for nal in [
            &[0x40, 0x01, 0x0c][..],
            &[0x42, 0x01, 0x01],
            &[0x44, 0x01, 0xc1],
            &[0x4e, 0x01, 0x90, 0x04, 1, 2, 3, 4, 0x80],
            &[0x2a, 0x01, 0xaf],
            &[0x02, 0x0b, 0xd0],
        ] {
            stream.extend([0, 0, 1]);
            stream.extend(nal);
        }
        let expected = [
            (0, 3, 3, Some(32), "Video parameter set"),
            (0, 9, 3, Some(33), "Sequence parameter set"),
            (0, 15, 3, Some(34), "Picture parameter set"),
            (0, 21, 9, Some(39), "SEI before the slices"),
            (1, 21, 4, Some(144), "Content light level"),
            (0, 33, 3, Some(21), "Slice of a CRA picture"),
            (0, 39, 3, Some(1), "Slice of a trailing picture"),
        ];
        assert_eq!(of(Codec::H265, Framing::AnnexB, &stream), expected);
        let config = CodecConfig {
            codec: Codec::H265,
            framing: Framing::AnnexB,
            record: Bytes::new(),
        };
        let last = units(&config, &stream).pop().map(|unit| unit.fields);
        // 0x0b: layer 1, temporal_id_plus1 3.
        assert_eq!(last, Some(vec![("nuh_layer_id", 1), ("TemporalId", 2)]));
    }

    #[test]
    fn av1_units_count_their_headers() {
        // A temporal delimiter, a sequence header of two bytes, a frame with an extension.
        let sample = [0x12, 0x00, 0x0a, 0x02, 7, 7, 0x36, 0x48, 0x03, 8, 8, 8];
        let expected = [
            (0, 0, 2, Some(2), "Temporal delimiter"),
            (0, 2, 4, Some(1), "Sequence header"),
            (0, 6, 6, Some(6), "Frame"),
        ];
        assert_eq!(of(Codec::Av1, Framing::Whole, &sample), expected);
    }

    #[test]
    fn what_has_no_units_has_none_and_damage_ends_the_list() {
        assert_eq!(of(Codec::Jpeg, Framing::Whole, &[0xff, 0xd8]), []);
        assert_eq!(
            of(Codec::H264, Framing::Lengths(4), &[0, 0, 0, 9, 0x65]),
            [(0, 4, 1, Some(5), "Slice of an IDR picture")]
        );
        assert_eq!(of(Codec::H265, Framing::AnnexB, &[0, 0, 1, 0x40]), []);
        assert_eq!(of(Codec::Av1, Framing::Whole, &[0x80]), []);
    }
}
