//! Reading bits: big-endian fields and Exp-Golomb codes (ITU-T H.264 §9.1), with the emulation
//! prevention bytes of NAL units taken out on the way.

#[cfg(test)]
pub(crate) mod writer;

use super::InspectError;

/// Reads bits from the most significant one of each byte on.
#[derive(Clone, Debug)]
pub(crate) struct BitReader<'a> {
    rest: std::slice::Iter<'a, u8>,
    /// The next `cached` bits, right-aligned.
    cache: u64,
    cached: u32,
    /// True if `00 00 03` stands for `00 00` (H.264 §7.4.1).
    escaped: bool,
    zeros: u8,
}

impl<'a> BitReader<'a> {
    /// A reader of plain bytes.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes.iter(),
            cache: 0,
            cached: 0,

            escaped: false,
            zeros: 0,
        }
    }

    /// A reader of a NAL unit's bytes, or those from somewhere inside it on.
    pub(crate) fn escaped(bytes: &'a [u8]) -> Self {
        Self {
            escaped: true,
            ..Self::new(bytes)
        }
    }

    fn refill(&mut self) {
        while self.cached <= 56 {
            let Some(&byte) = self.rest.next() else {
                return;
            };
            if self.escaped {
                if self.zeros >= 2 && byte == 3 {
                    self.zeros = 0;
                    continue;
                }
                self.zeros = if byte == 0 {
                    self.zeros.saturating_add(1)
                } else {
                    0
                };
            }
            self.cache = self.cache << 8 | u64::from(byte);
            self.cached += 8;
        }
    }

    /// An unsigned field of up to 32 bits: `u(n)`.
    pub(crate) fn bits(&mut self, count: u32) -> Result<u32, InspectError> {
        debug_assert!(count <= 32, "a field of {count} bits");
        if self.cached < count {
            self.refill();
        }
        if self.cached < count {
            return Err(InspectError::Truncated);
        }
        self.cached -= count;
        Ok((self.cache >> self.cached & ((1 << count) - 1)) as u32)
    }

    /// A field of up to 8 bits.
    pub(crate) fn byte(&mut self, count: u32) -> Result<u8, InspectError> {
        Ok(self.bits(count.min(8))? as u8)
    }

    /// One bit: `u(1)`.
    pub(crate) fn flag(&mut self) -> Result<bool, InspectError> {
        Ok(self.bits(1)? == 1)
    }

    /// Leaves bits out.
    pub(crate) fn skip(&mut self, mut count: usize) -> Result<(), InspectError> {
        while count > 0 {
            let step = count.min(32);
            self.bits(step as u32)?;
            count -= step;
        }
        Ok(())
    }

    /// An unsigned Exp-Golomb code: `ue(v)`.
    pub(crate) fn ue(&mut self) -> Result<u32, InspectError> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return Err(InspectError::Forbidden { field: "ue(v)" });
            }
        }
        Ok((1_u32 << zeros) - 1 + self.bits(zeros)?)
    }

    /// An unsigned Exp-Golomb code that the standard limits to `max`.
    pub(crate) fn ue_max(&mut self, max: u32, field: &'static str) -> Result<u32, InspectError> {
        match self.ue()? {
            value if value <= max => Ok(value),
            _ => Err(InspectError::Forbidden { field }),
        }
    }

    /// A signed Exp-Golomb code: `se(v)`.
    pub(crate) fn se(&mut self) -> Result<i32, InspectError> {
        let code = i64::from(self.ue()?);
        let value = if code % 2 == 1 {
            (code + 1) / 2
        } else {
            -code / 2
        };
        Ok(value as i32)
    }
}

/// A hash of parameter sets that is the same in every run (FNV-1a, 64 bit). Zero bytes at the end
/// belong to the byte stream around them and do not count.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    bytes
        .iter()
        .take(end)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb_codes_are_those_of_table_9_2() {
        // 1 | 010 | 011 | 00100 | 00101 | 00110, then the signed reading of the same codes.
        let bytes = [0b1010_0110, 0b0100_0010, 0b1001_1000];
        let mut reader = BitReader::new(&bytes);
        let unsigned: Vec<u32> = (0..6).map(|_| reader.ue().unwrap()).collect();
        assert_eq!(unsigned, [0, 1, 2, 3, 4, 5]);
        let mut reader = BitReader::new(&bytes);
        let signed: Vec<i32> = (0..6).map(|_| reader.se().unwrap()).collect();
        assert_eq!(signed, [0, 1, -1, 2, -2, 3]);
    }

    #[test]
    fn emulation_prevention_bytes_are_left_out() {
        let mut reader = BitReader::escaped(&[0, 0, 3, 1, 0, 0, 3, 0, 0, 3]);
        let read: Vec<u32> = std::iter::from_fn(|| reader.bits(8).ok()).collect();
        assert_eq!(read, [0, 0, 1, 0, 0, 0, 0]);
    }

    #[test]
    fn the_end_and_endless_codes_are_errors() {
        assert_eq!(BitReader::new(&[]).ue(), Err(InspectError::Truncated));
        assert_eq!(
            BitReader::new(&[0; 4]).ue(),
            Err(InspectError::Forbidden { field: "ue(v)" })
        );
        let largest = [0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe];
        assert_eq!(BitReader::new(&largest).ue(), Ok(u32::MAX - 1));
        assert_eq!(
            BitReader::new(&largest).skip(65),
            Err(InspectError::Truncated)
        );
    }

    #[test]
    fn zero_bytes_after_a_parameter_set_do_not_change_its_hash() {
        assert_eq!(hash_bytes(&[0x67, 1, 0, 0]), hash_bytes(&[0x67, 1]));
        // FNV-1a of "a", from the reference vectors of its authors.
        assert_eq!(hash_bytes(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
