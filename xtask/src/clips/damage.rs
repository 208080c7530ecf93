//! Damage done to clips, the same on every machine.

use anyhow::Result;

/// Keeps the first `PERCENT` of the bytes.
pub(crate) fn cut_at<const PERCENT: usize>(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    bytes.truncate(bytes.len() * PERCENT / 100);
    Ok(bytes)
}

/// Keeps one byte.
pub(crate) fn cut_to_one_byte(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    bytes.truncate(1);
    Ok(bytes)
}

/// Keeps nothing.
pub(crate) fn empty(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    bytes.clear();
    Ok(bytes)
}

/// Flips a bit here and there between the middle and nine tenths.
pub(crate) fn flip_bits(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let (start, end) = (bytes.len() / 2, bytes.len() * 9 / 10);
    let mut noise = Noise::new();
    for byte in bytes.iter_mut().take(end).skip(start) {
        if noise.next().is_multiple_of(150) {
            *byte ^= 1 << (noise.next() % 8);
        }
    }
    Ok(bytes)
}

/// Nothing but noise.
pub(crate) fn noise(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    fill_with_noise(&mut bytes, 0);
    Ok(bytes)
}

/// Noise behind the first 32 bytes, which in our clips hold the `ftyp` box.
pub(crate) fn noise_after_32(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    fill_with_noise(&mut bytes, 32);
    Ok(bytes)
}

fn fill_with_noise(bytes: &mut Vec<u8>, start: usize) {
    bytes.truncate(8192);
    let mut noise = Noise::new();
    for byte in bytes.iter_mut().skip(start) {
        *byte = noise.next().to_le_bytes()[0];
    }
}

/// Nothing but zeros.
pub(crate) fn zeros(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    bytes.truncate(8192);
    bytes.fill(0);
    Ok(bytes)
}

/// A text.
pub(crate) fn text(_: Vec<u8>) -> Result<Vec<u8>> {
    Ok(b"Not every file that is named like a video is one.\n".repeat(40))
}

/// A linear congruential generator (Knuth's MMIX constants): repeatable noise.
struct Noise(u64);

impl Noise {
    fn new() -> Self {
        Self(0x5EED)
    }

    fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }
}
