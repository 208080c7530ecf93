//! The boolean entropy decoder of VP8 (RFC 6386 §7), for the flags of frame headers.

use super::super::InspectError;

/// Reads arithmetically coded bits.
pub(crate) struct BoolReader<'a> {
    rest: &'a [u8],
    range: u32,
    /// The two bytes under consideration.
    value: u32,
    /// Bits shifted out of the low byte of `value`.
    shifted: u32,
}

impl<'a> BoolReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, InspectError> {
        let (first, rest) = bytes.split_first_chunk().ok_or(InspectError::Truncated)?;
        Ok(Self { rest, range: 255, value: u32::from(u16::from_be_bytes(*first)), shifted: 0 })
    }

    /// A bit that is 0 with a probability of `probability` / 256.
    fn bit(&mut self, probability: u32) -> Result<bool, InspectError> {
        let split = 1 + (((self.range - 1) * probability) >> 8);
        let bit = self.value >= split << 8;
        if bit {
            self.range -= split;
            self.value -= split << 8;
        } else {
            self.range = split;
        }
        while self.range < 128 {
            self.range <<= 1;
            self.value <<= 1;
            self.shifted += 1;
            if self.shifted == 8 {
                self.shifted = 0;
                let (byte, rest) = self.rest.split_first().ok_or(InspectError::Truncated)?;
                self.value |= u32::from(*byte);
                self.rest = rest;
            }
        }
        Ok(bit)
    }

    /// A flag: `F` or `L(1)`.
    pub(crate) fn flag(&mut self) -> Result<bool, InspectError> {
        self.bit(128)
    }

    /// Leaves out a field of `count` bits, `L(count)`.
    pub(crate) fn skip(&mut self, count: usize) -> Result<(), InspectError> {
        (0..count).try_for_each(|_| self.flag().map(drop))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The encoder of RFC 6386 §7.3, for bits of even probability.
    pub(crate) fn encode(bits: &[bool]) -> Vec<u8> {
        let (mut out, mut range, mut bottom, mut count) = (Vec::<u8>::new(), 255_u32, 0_u32, 24);
        for bit in bits.iter().copied().chain([false; 32]) {
            let split = 1 + (((range - 1) * 128) >> 8);
            if bit {
                bottom = bottom.wrapping_add(split);
                range -= split;
            } else {
                range = split;
            }
            while range < 128 {
                range <<= 1;
                if bottom & 1 << 31 != 0 {
                    let byte = out.iter().rposition(|byte| *byte != 255).unwrap();
                    out[byte] += 1;
                    out[byte + 1..].fill(0);
                }
                bottom <<= 1;
                count -= 1;
                if count == 0 {
                    out.push((bottom >> 24) as u8);
                    bottom &= (1 << 24) - 1;
                    count = 8;
                }
            }
        }
        out
    }

    #[test]
    fn bits_come_back_as_they_were_coded() {
        let bits: Vec<bool> = (0..200_u32).map(|n| n * n % 7 < 3).collect();
        let bytes = encode(&bits);
        let mut reader = BoolReader::new(&bytes).unwrap();
        let read: Vec<bool> = bits.iter().map(|_| reader.flag().unwrap()).collect();
        assert_eq!(read, bits);
    }

    #[test]
    fn the_end_is_an_error() {
        assert!(BoolReader::new(&[0]).is_err());
        assert_eq!(BoolReader::new(&[0x55, 0xaa]).unwrap().skip(100), Err(InspectError::Truncated));
    }
}
