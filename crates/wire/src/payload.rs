//! Payloads of messages: compressing and decompressing Arrow IPC bytes, with every size held against
//! a limit before anything is allocated.

use arrow_buffer::Buffer;
use bytes::Bytes;

use crate::WireError;
use crate::pages::{self, Pages};

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

/// Compresses with LZ4 in its block format, without a size in front.
pub(crate) fn compress(bytes: &[u8]) -> Bytes {
    Bytes::from(lz4_flex::block::compress(bytes))
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
    let written = std::cell::Cell::new(0);
    let buffer = filled(length, |target| {
        written.set(lz4_flex::block::decompress_into(payload, target)?);
        Ok(())
    })
    .map_err(|source: lz4_flex::block::DecompressError| WireError::Decompress { source })?;
    if written.get() != length {
        return Err(implausible);
    }
    Ok(buffer)
}

fn aligned_copy(bytes: &[u8]) -> Buffer {
    let copied: Result<Buffer, std::convert::Infallible> = filled(bytes.len(), |target| {
        target.copy_from_slice(bytes);
        Ok(())
    });
    match copied {
        Ok(buffer) => buffer,
    }
}

/// `length` aligned bytes that `fill` writes.
fn filled<E>(length: usize, fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Buffer, E> {
    if length >= pages::LEAST
        && let Some(mut pages) = Pages::new(length)
    {
        fill(pages.bytes())?;
        return Ok(Buffer::from(pages.freeze()));
    }
    let mut bytes = vec![0; length + ALIGNMENT];
    let start = bytes.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
    if let Some(target) = bytes.get_mut(start..start + length) {
        fill(target)?;
    }
    Ok(Buffer::from_vec(bytes).slice_with_length(start, length))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn payloads_come_out_aligned() {
        for length in [0, 1, 63, 64, 65, 100_000] {
            let bytes: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let unpacked = unpack(LZ4, length as u64, compress(&bytes), u64::MAX).unwrap();
            assert_eq!(unpacked.as_slice(), bytes);
            assert_eq!(unpacked.as_ptr().align_offset(ALIGNMENT), 0);
        }
    }
}
