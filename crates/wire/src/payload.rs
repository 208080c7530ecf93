//! Payloads of messages: compressing and decompressing Arrow IPC bytes, with every size held against
//! a limit before anything is allocated.

use std::convert::Infallible;

use arrow_buffer::Buffer;
use bytes::Bytes;

use crate::WireError;
use crate::pages::{self, Pages};
use crate::parts::Parts;

/// The most that a payload may be once it is decompressed. Arrow's list offsets end at 2 GiB, and
/// beside the values there is a bitmap of an eighth of their size.
pub(crate) const MAX_PAYLOAD: u64 = 5 << 29;

/// Where the values of Arrow arrays have to start so that they need not be copied.
const ALIGNMENT: usize = 64;

/// How often LZ4 can repeat a byte of its input at most.
const MAX_EXPANSION: u64 = 255;

/// Numbers of the field `compression`.
const UNSPECIFIED: i32 = 0;
const NONE: i32 = 1;
pub(crate) const LZ4: i32 = 2;

/// The bytes of a payload, decompressed and aligned, at most `limit` and [`MAX_PAYLOAD`].
///
/// # Errors
/// [`WireError::UnknownCompression`], [`WireError::TooLarge`], [`WireError::ImplausibleSize`],
/// [`WireError::Decompress`].
pub(crate) fn unpack(
    compression: i32,
    uncompressed_size: u64,
    payload: Bytes,
    limit: u64,
) -> Result<Buffer, WireError> {
    match compression {
        UNSPECIFIED | NONE => {
            check_size(payload.len() as u64, limit)?;
            // Always its own allocation: a slice of what was received would keep all of that alive.
            Ok(aligned_copy(&payload))
        }
        LZ4 => decompress(uncompressed_size, &payload, limit),
        compression => Err(WireError::UnknownCompression { compression }),
    }
}

/// `payload` in memory that is aligned: itself if it is, a copy otherwise.
pub(crate) fn aligned(payload: Bytes) -> Buffer {
    if payload.as_ptr().align_offset(ALIGNMENT) == 0 {
        Buffer::from(payload)
    } else {
        aligned_copy(&payload)
    }
}

/// A payload as it is sent, and how it is compressed: not at all if that would save little, as of coded
/// video and of noise.
pub(crate) fn pack(payload: Parts) -> (i32, Parts) {
    if shrinks(payload.largest()) {
        (LZ4, compress(&payload).into())
    } else {
        (NONE, payload)
    }
}

/// Compresses with LZ4 in its block format, without a size in front.
pub(crate) fn compress(payload: &Parts) -> Bytes {
    let Ok(whole) = filled(payload.len(), |target| {
        payload.copy_to(target);
        Ok::<_, Infallible>(payload.len())
    });
    let room = lz4_flex::block::get_maximum_output_size(payload.len());
    let Ok(compressed) = filled(room, |target| {
        // There is room for whatever comes out.
        Ok::<_, Infallible>(lz4_flex::block::compress_into(&whole, target).unwrap_or_default())
    });
    Bytes::copy_from_slice(&compressed)
}

/// Whether compressing saves a tenth or more, as far as samples of it say.
fn shrinks(bytes: &[u8]) -> bool {
    /// Size of a sample, and how many there are.
    const SAMPLE: usize = 8 << 10;
    const SAMPLES: usize = 8;
    if bytes.len() < SAMPLE * SAMPLES {
        return true;
    }
    let mut target = vec![0; lz4_flex::block::get_maximum_output_size(SAMPLE)];
    let samples = bytes.chunks(bytes.len() / SAMPLES).take(SAMPLES);
    let sizes = samples.map(|part| {
        let sample = part.get(..SAMPLE).unwrap_or(part);
        let compressed = lz4_flex::block::compress_into(sample, &mut target);
        (sample.len(), compressed.unwrap_or(sample.len()))
    });
    let (before, after) = sizes.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    after * 10 <= before * 9
}

fn check_size(size: u64, limit: u64) -> Result<(), WireError> {
    let limit = limit.min(MAX_PAYLOAD);
    if size > limit {
        return Err(WireError::TooLarge { size, limit });
    }
    Ok(())
}

fn decompress(size: u64, payload: &[u8], limit: u64) -> Result<Buffer, WireError> {
    check_size(size, limit)?;
    let compressed = payload.len() as u64;
    let implausible = WireError::ImplausibleSize { size, compressed };
    if size > MAX_EXPANSION.saturating_mul(compressed).saturating_add(64) {
        return Err(implausible);
    }
    let Ok(length) = usize::try_from(size) else {
        return Err(implausible);
    };
    let buffer = filled(length, |target| {
        lz4_flex::block::decompress_into(payload, target)
    })
    .map_err(|source| WireError::Decompress { source })?;
    if buffer.len() != length {
        return Err(implausible);
    }
    Ok(buffer)
}

fn aligned_copy(bytes: &[u8]) -> Buffer {
    let Ok(buffer) = filled(bytes.len(), |target| {
        target.copy_from_slice(bytes);
        Ok::<_, Infallible>(bytes.len())
    });
    buffer
}

/// Aligned bytes with room for `length`, of which `fill` says how many it wrote.
fn filled<E>(length: usize, fill: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<Buffer, E> {
    if length >= pages::LEAST
        && let Some(mut pages) = Pages::new(length)
    {
        let written = fill(pages.bytes())?.min(length);
        return Ok(Buffer::from(pages.freeze()).slice_with_length(0, written));
    }
    let mut bytes = vec![0; length + ALIGNMENT];
    let start = bytes.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
    let written = match bytes.get_mut(start..start + length) {
        Some(target) => fill(target)?.min(length),
        None => 0,
    };
    Ok(Buffer::from_vec(bytes).slice_with_length(start, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compress(bytes: &[u8]) -> Bytes {
        super::compress(&Bytes::copy_from_slice(bytes).into())
    }

    #[test]
    fn a_size_that_lz4_cannot_reach_is_refused_before_it_is_allocated() {
        let refused = unpack(LZ4, 1 << 31, Bytes::from_static(&[0; 100]), u64::MAX);
        assert!(matches!(refused, Err(WireError::ImplausibleSize { .. })));
        let refused = unpack(LZ4, u64::MAX, Bytes::from_static(&[0; 100]), u64::MAX);
        assert!(matches!(refused, Err(WireError::TooLarge { .. })));
    }

    #[test]
    fn a_limit_holds_before_anything_is_allocated() {
        let packed = compress(&[7; 1000]);
        assert!(unpack(LZ4, 1000, packed.clone(), 1000).is_ok());
        let refused = unpack(LZ4, 1000, packed, 999);
        assert!(matches!(
            refused,
            Err(WireError::TooLarge {
                size: 1000,
                limit: 999
            })
        ));
    }

    #[test]
    fn a_size_that_is_not_the_real_one_is_refused() {
        let packed = compress(&[7; 1000]);
        assert!(unpack(LZ4, 1000, packed.clone(), u64::MAX).is_ok());
        assert!(unpack(LZ4, 999, packed.clone(), u64::MAX).is_err());
        assert!(unpack(LZ4, 1001, packed, u64::MAX).is_err());
    }

    #[test]
    fn what_lz4_makes_no_smaller_is_sent_as_it_is() {
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(1 << 20)
        .collect();
        let pattern: Vec<u8> = (0..1 << 20).map(|at| (at / 300) as u8).collect();
        // Half of a picture may be flat.
        let half: Vec<u8> = [&noise[..1 << 19], &pattern[..1 << 19]].concat();
        for (bytes, expected) in [(noise, NONE), (pattern, LZ4), (half, LZ4)] {
            let length = bytes.len() as u64;
            let (compression, packed) = pack(Bytes::from(bytes.clone()).into());
            assert_eq!(compression, expected);
            assert!(expected == NONE || packed.len() < bytes.len() * 9 / 10);
            let packed = packed.into_iter().next().unwrap();
            let unpacked = unpack(compression, length, packed, length).unwrap();
            assert_eq!(unpacked.as_slice(), bytes);
        }
    }

    #[test]
    fn payloads_come_out_aligned() {
        for length in [0, 1, 63, 64, 65, 100_000] {
            let bytes: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let unpacked = unpack(LZ4, length as u64, compress(&bytes), u64::MAX).unwrap();
            assert_eq!(unpacked.as_slice(), bytes);
            assert_eq!(unpacked.as_ptr().align_offset(ALIGNMENT), 0);
        }
    }
}
