//! Blocks: their header, and the frames laced into one (RFC 9559 §10).

use super::ebml::vint;

/// A frame inside a block, before its track is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Where its bytes are in the file.
    pub(super) offset: u64,
    pub(super) len: u32,
    /// In ticks of the segment.
    pub(super) time: i64,
    /// In ticks of the segment; 0 where not stated.
    pub(super) duration: u32,
    pub(super) key: bool,
    pub(super) invisible: bool,
    /// Which one of its block it is: later ones have no time of their own.
    pub(super) lace: u16,
}

/// The header of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockHeader {
    pub(super) track: u64,
    /// To be added to the cluster's time.
    pub(super) time: i16,
    flags: u8,
    len: usize,
}

impl BlockHeader {
    /// The longest header: eight bytes of track number, two of time, one of flags.
    pub(super) const LONGEST: usize = 11;

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (track, track_len) = vint(bytes)?;
        let [t0, t1, flags] = *bytes.get(track_len..)?.first_chunk::<3>()?;
        Some(Self {
            track,
            time: i16::from_be_bytes([t0, t1]),
            flags,
            len: track_len + 3,
        })
    }

    pub(super) fn is_key(self) -> bool {
        self.flags & 0x80 != 0
    }

    pub(super) fn is_invisible(self) -> bool {
        self.flags & 0x08 != 0
    }

    /// Length of the header.
    pub(super) fn len(self) -> usize {
        self.len
    }

    pub(super) fn is_laced(self) -> bool {
        self.flags & 0x06 != 0
    }

    /// The lengths of the frames in a laced block, and where the first one starts. `inside` is what
    /// follows the block header, as far as it is needed, and `size` how long that is in the file.
    pub(super) fn laces(self, inside: &[u8], size: u64) -> Option<(usize, Vec<u64>)> {
        let count = usize::from(*inside.first()?) + 1;
        let (lens, used) = match self.flags >> 1 & 3 {
            1 => xiph_lens(inside.get(1..)?, count)?,
            3 => ebml_lens(inside.get(1..)?, count)?,
            _ => {
                let each = size.checked_sub(1)? / count as u64;
                return Some((1, vec![each; count]));
            }
        };
        let start = 1 + used;
        let known = lens
            .iter()
            .try_fold(start as u64, |sum, len| sum.checked_add(*len))?;
        let mut lens = lens;
        lens.push(size.checked_sub(known)?);
        Some((start, lens))
    }
}

/// All lengths but the last one: each the sum of bytes up to one that is not 255.
fn xiph_lens(bytes: &[u8], count: usize) -> Option<(Vec<u64>, usize)> {
    let mut rest = bytes.iter();
    let mut lens = Vec::with_capacity(count);
    for _ in 1..count {
        let mut len = 0;
        loop {
            let byte = *rest.next()?;
            len += u64::from(byte);
            if byte < 255 {
                break;
            }
        }
        lens.push(len);
    }
    Some((lens, bytes.len() - rest.len()))
}

/// All lengths but the last one: a number, then differences to the one before.
fn ebml_lens(bytes: &[u8], count: usize) -> Option<(Vec<u64>, usize)> {
    let mut used = 0;
    let mut lens: Vec<u64> = Vec::with_capacity(count);
    for _ in 1..count {
        let (value, len) = vint(bytes.get(used..)?)?;
        used += len;
        let len = match lens.last() {
            None => value,
            Some(before) => {
                let bias = (1_i64 << (7 * len - 1)) - 1;
                before.checked_add_signed(i64::try_from(value).ok()? - bias)?
            }
        };
        lens.push(len);
    }
    Some((lens, used))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(flags: u8) -> BlockHeader {
        BlockHeader::parse(&[0x81, 0xFF, 0xFE, flags]).unwrap()
    }

    #[test]
    fn a_block_header_has_track_time_and_flags() {
        let block = header(0x88);
        assert_eq!((block.track, block.time, block.len()), (1, -2, 4));
        assert!(block.is_key() && block.is_invisible() && !block.is_laced());
    }

    #[test]
    fn the_lacing_examples_of_the_standard_are_read() {
        // RFC 9559 §10.3: frames of 800, 500 and 1000 bytes.
        let xiph = [2, 255, 255, 255, 35, 255, 245];
        assert_eq!(
            header(2).laces(&xiph, 7 + 2300),
            Some((7, vec![800, 500, 1000]))
        );
        let ebml = [2, 0x43, 0x20, 0x5E, 0xD3];
        assert_eq!(
            header(6).laces(&ebml, 5 + 2300),
            Some((5, vec![800, 500, 1000]))
        );
        // Three frames of 800 bytes.
        assert_eq!(
            header(4).laces(&[2], 1 + 2400),
            Some((1, vec![800, 800, 800]))
        );
    }

    #[test]
    fn laces_that_do_not_fit_are_refused() {
        assert_eq!(
            header(2).laces(&[2, 255, 255, 255, 35, 255, 245], 700),
            None
        );
        assert_eq!(header(6).laces(&[255], 10), None);
        assert_eq!(header(4).laces(&[], 0), None);
    }
}
