//! The length-delimited format of AV1's Annex B, and its conversion to the low-overhead format that
//! decoders take.

use bytes::Bytes;
use reelscope_media::{LoadError, SampleSource, WholeSource};

use super::{Units, leb128};
use crate::ContainerError;
use crate::assemble::MAX_SAMPLES;
use crate::window::Window;

/// Which lengths the bytes to convert start with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// `frame_unit_size`: the inside of a temporal unit.
    FrameUnit,
    /// `obu_length`: the inside of a frame unit.
    Obu,
}

/// Samples that are temporal units of Annex B, given out in the low-overhead format.
pub(super) struct LengthDelimited(pub(super) WholeSource);

impl SampleSource for LengthDelimited {
    fn load(&self, offset: u64, len: u32) -> Result<Bytes, LoadError> {
        let unit = self.0.load(offset, len)?;
        Ok(as_low_overhead(&unit, Depth::FrameUnit).into())
    }
}

/// Converts as far as the lengths make sense. An OBU that is cut off is given as far as it goes,
/// with the size that it was to have.
pub(super) fn as_low_overhead(bytes: &[u8], depth: Depth) -> Vec<u8> {
    let mut converted = Vec::with_capacity(bytes.len() + 16);
    let mut rest = bytes;
    while !rest.is_empty() {
        let inside = match depth {
            Depth::Obu => std::mem::take(&mut rest),
            Depth::FrameUnit => match cut(&mut rest) {
                Some((_, inside)) => inside,
                None => break,
            },
        };
        if append_obus(inside, &mut converted).is_none() {
            break;
        }
    }
    converted
}

fn append_obus(mut obus: &[u8], converted: &mut Vec<u8>) -> Option<()> {
    while !obus.is_empty() {
        let (claimed, obu) = cut(&mut obus)?;
        let (first, _) = obu.split_first()?;
        let extension = usize::from(first >> 2 & 1);
        let has_size = first & 2 != 0;
        if has_size {
            converted.extend_from_slice(obu);
            continue;
        }
        converted.push(first | 2);
        converted.extend(obu.get(1..=extension)?);
        push_leb128(claimed.saturating_sub(1 + extension as u64), converted);
        converted.extend(obu.get(1 + extension..)?);
    }
    Some(())
}

/// Takes a length and that many bytes, or as many as there are, from the front.
fn cut<'a>(bytes: &mut &'a [u8]) -> Option<(u64, &'a [u8])> {
    let (claimed, from) = leb128(bytes)?;
    let rest = bytes.get(from..)?;
    let len = usize::try_from(claimed)
        .unwrap_or(usize::MAX)
        .min(rest.len());
    let (inside, behind) = rest.split_at_checked(len)?;
    *bytes = behind;
    Some((claimed, inside))
}

fn push_leb128(mut value: u64, bytes: &mut Vec<u8>) {
    loop {
        let low = (value & 0x7F) as u8;
        value >>= 7;
        bytes.push(low | if value > 0 { 0x80 } else { 0 });
        if value == 0 {
            return;
        }
    }
}

/// Walks over the temporal units by their lengths.
pub(super) fn units(window: &mut Window<'_>) -> Result<Units, ContainerError> {
    let (mut units, mut warnings) = (Vec::new(), Vec::new());
    let end = window.len();
    let mut offset = 0;
    while offset < end && units.len() < MAX_SAMPLES {
        let Some((claimed, size_len)) = leb128(window.get(offset, 8)?) else {
            warnings.push(format!("what follows byte {offset} is no AV1"));
            break;
        };
        let start = offset + size_len as u64;
        let len = claimed.min(end - start);
        if len < claimed {
            warnings.push("its last temporal unit is cut off".to_owned());
        }
        if len > 0 {
            units.push((start, u32::try_from(len).unwrap_or(u32::MAX)));
        }
        offset = start + len;
    }
    Ok((units, warnings))
}
