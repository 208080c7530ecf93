//! RVL depth pictures (A. D. Wilson, "Fast Lossless Depth Image Compression", 2017): runs of zeros and
//! of differences, as numbers of variable length in nibbles, eight of them in each word.

use bytes::Bytes;
use reelscope_media::{Frame, RvlHeader};

use super::damaged;
use crate::DecodeError;
use crate::limits::check_size;

/// Nibbles of a number: 11 hold 32 bits.
const MAX_NIBBLES: u32 = 11;

pub(super) fn decode(bytes: &[u8]) -> Result<Frame, DecodeError> {
    let (header, words) = RvlHeader::read(bytes).map_err(damaged)?;
    let (width, height) = (header.width, header.height);
    check_size(width, height)?;
    let depths = depths(words, width as usize * height as usize)
        .ok_or_else(|| damaged("it ends before its last pixel, or a run goes beyond it"))?;
    let packed: Vec<u8> = match header.inverse {
        None => depths
            .iter()
            .flat_map(|depth| depth.to_le_bytes())
            .collect(),
        Some([a, b]) => {
            let distance = |depth: u16| match depth {
                0 => 0.0,
                _ => a / (f32::from(depth) - b),
            };
            let distances = depths.iter().map(|depth| distance(*depth));
            distances.flat_map(f32::to_le_bytes).collect()
        }
    };
    let (format, color) = (header.frame_format(), header.color());
    let frame = Frame::from_packed(format, width, height, Bytes::from(packed), color);
    let mut frame = frame.map_err(damaged)?;
    frame.measure_values();
    Ok(frame)
}

/// The coded values of `count` pixels.
fn depths(words: &[u8], count: usize) -> Option<Vec<u16>> {
    // A nibble codes no more than one pixel that is not zero, so only zeros cost memory unread.
    let mut depths = Vec::new();
    let mut nibbles = Nibbles::new(words);
    let mut last = 0u16;
    while depths.len() < count {
        let zeros = nibbles.number()? as usize;
        let values = nibbles.number()? as usize;
        let run = zeros.checked_add(values)?;
        if run > count - depths.len() || run == 0 {
            return None;
        }
        depths.resize(depths.len() + zeros, 0);
        for _ in 0..values {
            let zigzag = nibbles.number()?;
            let difference = (zigzag >> 1) ^ (zigzag & 1).wrapping_neg();
            last = last.wrapping_add(difference as u16);
            depths.push(last);
        }
    }
    Some(depths)
}

/// Reads nibbles from little-endian words of 32 bits, the most significant one first.
struct Nibbles<'a> {
    words: std::slice::Iter<'a, [u8; 4]>,
    word: u32,
    left: u32,
}

impl<'a> Nibbles<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            words: bytes.as_chunks::<4>().0.iter(),
            word: 0,
            left: 0,
        }
    }

    fn next(&mut self) -> Option<u32> {
        if self.left == 0 {
            self.word = u32::from_le_bytes(*self.words.next()?);
            self.left = 8;
        }
        let nibble = self.word >> 28;
        self.word <<= 4;
        self.left -= 1;
        Some(nibble)
    }

    /// Three bits in each nibble, the lowest first; the fourth says that more follow.
    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for place in 0..MAX_NIBBLES {
            let nibble = self.next()?;
            number |= (nibble & 7).checked_shl(3 * place)?;
            if nibble & 8 == 0 {
                return Some(number);
            }
        }
        None
    }
}
