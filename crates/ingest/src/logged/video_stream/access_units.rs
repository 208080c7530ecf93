//! Samples that hold several access units, although there should be one in each.

use bytes::Bytes;
use reelscope_media::codec::{AccessUnitSplitter, nal_units};
use reelscope_media::{Codec, Framing};

/// Access units of one sample; a hostile sample could be all headers.
const MOST: usize = 4_096;

/// The access units of a sample, nearly always the sample itself.
pub(super) fn split(codec: Codec, framing: Framing, sample: &Bytes) -> Vec<Bytes> {
    let starts = match codec {
        Codec::H264 | Codec::H265 => nal_starts(codec, framing, sample),
        Codec::Av1 => temporal_units(sample),
        _ => Vec::new(),
    };
    if starts.len() < 2 {
        return vec![sample.clone()];
    }
    let ends = starts.iter().skip(1).copied().chain([sample.len()]);
    starts
        .iter()
        .zip(ends)
        .filter(|(start, end)| **start < *end)
        .map(|(start, end)| sample.slice(*start..end))
        .collect()
}

/// Where access units of H.264 and H.265 start.
fn nal_starts(codec: Codec, framing: Framing, sample: &[u8]) -> Vec<usize> {
    let Some(mut splitter) = AccessUnitSplitter::new(codec) else {
        return Vec::new();
    };
    let mut starts = Vec::new();
    for nal in nal_units(sample, framing) {
        if splitter.starts(nal.bytes) && starts.len() < MOST {
            starts.push(delimiter(sample, framing, nal.offset));
        }
    }
    // Whatever comes before the first one belongs to it.
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    starts
}

/// Where the start code or length before a NAL unit begins.
fn delimiter(sample: &[u8], framing: Framing, nal: usize) -> usize {
    match framing {
        Framing::Lengths(size) => nal.saturating_sub(usize::from(size)),
        _ => {
            let code = nal.saturating_sub(3);
            let zero = code.checked_sub(1).and_then(|at| sample.get(at));
            if zero == Some(&0) { code - 1 } else { code }
        }
    }
}

/// Where temporal units of AV1 start: at temporal delimiters (AV1 specification §5.6).
fn temporal_units(sample: &[u8]) -> Vec<usize> {
    const TEMPORAL_DELIMITER: u8 = 2;
    let mut starts = vec![0];
    let mut at = 0;
    while let Some(header) = sample.get(at) {
        let (kind, has_extension, has_size) = (header >> 3 & 0xf, header & 4 != 0, header & 2 != 0);
        if kind == TEMPORAL_DELIMITER && at > 0 && starts.len() < MOST {
            starts.push(at);
        }
        let size_at = at + 1 + usize::from(has_extension);
        if !has_size {
            break;
        }
        let Some((size, length)) = leb128(sample.get(size_at..).unwrap_or_default()) else {
            break;
        };
        at = match size_at.saturating_add(length).checked_add(size) {
            Some(next) if next > at => next,
            _ => break,
        };
    }
    starts
}

/// An unsigned number (AV1 specification §4.10.5), and its length in bytes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().take(8).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_temporal_units_in_one_sample_are_two() {
        // A temporal delimiter and a padding OBU of three bytes, twice.
        let unit = [0x12, 0, 0x7a, 3, 1, 2, 0x80];
        let sample = Bytes::from([unit, unit].concat());
        assert_eq!(
            split(Codec::Av1, Framing::Whole, &sample),
            [&unit[..], &unit]
        );
        let single = Bytes::from_static(&[0x12, 0, 0x7a, 3, 1, 2, 0x80]);
        assert_eq!(split(Codec::Av1, Framing::Whole, &single), [&single]);
    }

    #[test]
    fn a_size_that_reaches_anywhere_ends_the_search() {
        let sample = Bytes::from_static(&[
            0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x12, 0,
        ]);
        assert_eq!(split(Codec::Av1, Framing::Whole, &sample).len(), 1);
    }
}
