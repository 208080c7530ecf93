//! NAL units of H.264 and H.265: walking over them, in samples and in configuration records, and
//! finding where access units start.

use bytes::Bytes;

use super::{Codec, Framing, h264, h265};

/// Length of `00 00 01`.
const START_CODE: usize = 3;

/// One NAL unit inside a sample.
#[derive(Clone, Copy, Debug)]
pub struct NalUnit<'a> {
    /// Where its header starts in the sample.
    pub offset: usize,
    /// Header and payload, without start code or length, emulation prevention bytes still in.
    pub bytes: &'a [u8],
}

/// The NAL units of a sample. Stops at the first one that is damaged; where a length reaches
/// behind the end of the sample, that is the rest of the sample. [`Framing::Whole`] has none.
///
/// A sample that should carry 4-byte lengths but can only be read with start codes (some muxers
/// write such) is read with start codes.
pub fn nal_units(sample: &[u8], framing: Framing) -> impl Iterator<Item = NalUnit<'_>> {
    let framing = match framing {
        Framing::Lengths(4) if has_start_codes_for_lengths(sample) => Framing::AnnexB,
        framing => framing,
    };
    let mut at = if framing == Framing::AnnexB {
        after_start_code(sample, 0)
    } else {
        0
    };
    std::iter::from_fn(move || {
        loop {
            let (start, end, next) = match framing {
                Framing::Whole => return None,
                Framing::AnnexB => annex_b_unit(sample, at)?,
                Framing::Lengths(bytes) => length_unit(sample, at, usize::from(bytes))?,
            };
            at = next;
            let bytes = sample.get(start..end)?;
            if !bytes.is_empty() {
                return Some(NalUnit {
                    offset: start,
                    bytes,
                });
            }
        }
    })
}

/// Start and end of the NAL unit that begins at `at`, and where the next one begins.
fn annex_b_unit(sample: &[u8], at: usize) -> Option<(usize, usize, usize)> {
    if at >= sample.len() {
        return None;
    }
    let next = after_start_code(sample, at);
    let code = next - START_CODE;
    // Zero bytes before a start code belong to the byte stream, and a NAL unit never ends in one.
    let body = sample.get(at..code)?;
    let end = body
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(at, |last| at + last + 1);
    Some((at, end, next))
}

/// The position right after the first start code from `from` on; if there is none, as if one
/// followed the end.
fn after_start_code(sample: &[u8], from: usize) -> usize {
    let rest = sample.get(from..).unwrap_or_default();
    let mut at = 0;
    // A start code is found by its 1: all other bytes above 1 let three positions be skipped.
    while let Some(&last) = rest.get(at + 2) {
        if last > 1 {
            at += 3;
        } else if last == 1 && rest.get(at..at + 2) == Some(&[0, 0]) {
            return from + at + START_CODE;
        } else {
            at += 1;
        }
    }
    sample.len() + START_CODE
}

fn length_unit(sample: &[u8], at: usize, bytes: usize) -> Option<(usize, usize, usize)> {
    let start = at.checked_add(bytes.clamp(1, 4))?;
    let len = sample
        .get(at..start)?
        .iter()
        .fold(0, |len, byte| len << 8 | usize::from(*byte));
    let end = start.saturating_add(len).min(sample.len());
    Some((start, end, end))
}

/// True for `00 00 00 01` at the start, where the length that would follow a NAL unit of one byte
/// does not fit.
fn has_start_codes_for_lengths(sample: &[u8]) -> bool {
    let [0, 0, 0, 1, _, rest @ ..] = sample else {
        return false;
    };
    match rest.first_chunk() {
        Some(length) => u32::from_be_bytes(*length) as usize > rest.len(),
        None => !rest.is_empty(),
    }
}

/// The NAL units of an `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15 §5.3.3.1) or
/// `HEVCDecoderConfigurationRecord` (§8.3.3.1): parameter sets and, for H.265, whatever else is in
/// its arrays. A record that is an Annex B byte stream (some muxers write such) is read as one.
/// Stops where the record is damaged; empty for other codecs.
pub fn record_nals(codec: Codec, record: &Bytes) -> Vec<Bytes> {
    if matches!(record.as_ref(), [0, 0, 1, ..] | [0, 0, 0, 1, ..]) {
        return nal_units(record, Framing::AnnexB)
            .map(|nal| record.slice_ref(nal.bytes))
            .collect();
    }
    let mut nals = Vec::new();
    let mut rest = record.as_ref();
    // Reading stops with `None` where the record ends; what was found until then counts.
    let _ = match codec {
        Codec::H264 => avcc_nals(&mut rest, record, &mut nals),
        Codec::H265 => hvcc_nals(&mut rest, record, &mut nals),
        _ => None,
    };
    nals
}

fn avcc_nals(rest: &mut &[u8], record: &Bytes, nals: &mut Vec<Bytes>) -> Option<()> {
    rest.split_off(..5)?;
    for count_mask in [0x1f, 0xff] {
        let count = *rest.split_off_first()? & count_mask;
        for _ in 0..count {
            nals.push(sized_nal(rest, record)?);
        }
    }
    Some(())
}

fn hvcc_nals(rest: &mut &[u8], record: &Bytes, nals: &mut Vec<Bytes>) -> Option<()> {
    rest.split_off(..22)?;
    let arrays = *rest.split_off_first()?;
    for _ in 0..arrays {
        rest.split_off_first()?;
        let count = u16::from_be_bytes(*rest.split_off(..2)?.first_chunk()?);
        for _ in 0..count {
            nals.push(sized_nal(rest, record)?);
        }
    }
    Some(())
}

fn sized_nal(rest: &mut &[u8], record: &Bytes) -> Option<Bytes> {
    let len = u16::from_be_bytes(*rest.split_off(..2)?.first_chunk()?);
    Some(record.slice_ref(rest.split_off(..usize::from(len))?))
}

/// The parameter sets inside an access unit: SPS and PPS of H.264; VPS, SPS and PPS of H.265.
pub fn parameter_set_nals(
    codec: Codec,
    access_unit: &[u8],
    framing: Framing,
) -> impl Iterator<Item = NalUnit<'_>> {
    nal_units(access_unit, framing).filter(move |nal| match (codec, nal.bytes.first()) {
        (Codec::H264, Some(header)) => matches!(header & 0x1f, 7 | 8),
        (Codec::H265, Some(header)) => matches!(header >> 1 & 0x3f, 32..=34),
        _ => false,
    })
}

/// Finds where access units start in a sequence of NAL units that has no other structure
/// (H.264 §7.4.1.2.3, H.265 §7.4.2.4.4). Both fields of a frame are one access unit here.
pub struct AccessUnitSplitter(Rules);

enum Rules {
    H264(h264::Splitter),
    H265(h265::Splitter),
}

impl AccessUnitSplitter {
    /// A splitter for H.264 or H.265; `None` for codecs without NAL units.
    pub fn new(codec: Codec) -> Option<Self> {
        match codec {
            Codec::H264 => Some(Self(Rules::H264(h264::Splitter::default()))),
            Codec::H265 => Some(Self(Rules::H265(h265::Splitter::default()))),
            _ => None,
        }
    }

    /// True if this NAL unit is the first one of a new access unit. A slice may be cut off after
    /// its header (256 bytes are enough); parameter sets should be whole.
    pub fn starts(&mut self, nal: &[u8]) -> bool {
        match &mut self.0 {
            Rules::H264(splitter) => splitter.starts(nal),
            Rules::H265(splitter) => splitter.starts(nal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(sample: &[u8], framing: Framing) -> Vec<(usize, &[u8])> {
        nal_units(sample, framing)
            .map(|nal| (nal.offset, nal.bytes))
            .collect()
    }

    #[test]
    fn start_codes_of_three_and_four_bytes_delimit_alike() {
        let stream = [
            9, 0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 0, 0, 3, 0, 0, 0, 0, 1, 0x65, 0,
        ];
        let expected: [(usize, &[u8]); 3] =
            [(5, &[0x67, 1]), (10, &[0x68, 0, 0, 3]), (19, &[0x65])];
        assert_eq!(units(&stream, Framing::AnnexB), expected);
    }

    #[test]
    fn bytes_without_a_start_code_are_no_nal_unit() {
        assert_eq!(units(&[0x67, 1, 2, 3, 4], Framing::AnnexB), []);
        assert_eq!(units(&[0, 0, 1], Framing::AnnexB), []);
        assert_eq!(
            units(&[0, 0, 1, 0, 0, 1, 0, 0, 1, 5], Framing::AnnexB),
            [(9, &[5][..])]
        );
    }

    #[test]
    fn lengths_may_have_one_to_four_bytes_and_may_lie() {
        let expected: [(usize, &[u8]); 2] = [(2, &[7, 7]), (6, &[8])];
        assert_eq!(units(&[0, 2, 7, 7, 0, 1, 8], Framing::Lengths(2)), expected);
        assert_eq!(units(&[9, 7, 7], Framing::Lengths(1)), [(1, &[7, 7][..])]);
        assert_eq!(
            units(&[0xff, 0xff, 0xff, 0xff, 5], Framing::Lengths(4)),
            [(4, &[5][..])]
        );
        assert_eq!(units(&[0, 0, 0], Framing::Lengths(4)), []);
    }

    #[test]
    fn start_codes_in_place_of_lengths_are_noticed() {
        let sample = [0, 0, 0, 1, 0x67, 1, 2, 3, 4, 0, 0, 1, 0x68];
        let expected: [(usize, &[u8]); 2] = [(4, &[0x67, 1, 2, 3, 4]), (12, &[0x68])];
        assert_eq!(units(&sample, Framing::Lengths(4)), expected);
        let lengths = [0, 0, 0, 1, 9, 0, 0, 0, 2, 0x65, 1];
        assert_eq!(units(&lengths, Framing::Lengths(4)).len(), 2);
    }

    #[test]
    fn a_record_gives_its_parameter_sets_until_it_is_cut() {
        let avcc = Bytes::from_static(&[
            1, 100, 0, 31, 0xff, 0xe1, 0, 2, 0x67, 100, 1, 0, 1, 0x68, 0xfd, 0xf8, 0xf8, 0,
        ]);
        assert_eq!(record_nals(Codec::H264, &avcc), [&[0x67, 100][..], &[0x68]]);
        assert_eq!(
            record_nals(Codec::H264, &avcc.slice(..12)),
            [&[0x67, 100][..]]
        );
        assert_eq!(record_nals(Codec::Vp8, &avcc), [] as [Bytes; 0]);
    }
}
