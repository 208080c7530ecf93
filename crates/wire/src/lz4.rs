//! Reading LZ4 blocks ("LZ4 Block Format Description", Y. Collet). Compressing is the library's, whose
//! errors do not say what is wrong with the bytes.

/// Why bytes are not an LZ4 block of the stated size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lz4Error {
    /// They end in the middle.
    #[error("the compressed bytes end too early")]
    Cut,
    /// They give more than was stated.
    #[error("there is more than the {size} bytes that were stated")]
    Longer {
        /// The stated size.
        size: usize,
    },
    /// They give less than was stated.
    #[error("there are {written} bytes instead of the {size} that were stated")]
    Shorter {
        /// How many bytes there are.
        written: usize,
        /// The stated size.
        size: usize,
    },
    /// A repetition starts before the first byte.
    #[error("a repetition goes back {offset} bytes from byte {at}")]
    Offset {
        /// How far it goes back.
        offset: usize,
        /// Where it is.
        at: usize,
    },
}

/// The shortest repetition.
const LEAST_MATCH: usize = 4;
/// A length in a token that goes on in the bytes behind it.
const GOES_ON: usize = 15;

/// Fills `target` with what a block holds.
pub(crate) fn decompress(mut block: &[u8], target: &mut [u8]) -> Result<(), Lz4Error> {
    let size = target.len();
    let mut at = 0;
    loop {
        let token = usize::from(byte(&mut block)?);
        let literals = length(&mut block, token >> 4)?;
        let Some((copied, rest)) = block.split_at_checked(literals) else {
            return Err(Lz4Error::Cut);
        };
        let Some(place) = target.get_mut(at..at + literals) else {
            return Err(Lz4Error::Longer { size });
        };
        place.copy_from_slice(copied);
        at += literals;
        block = rest;
        if block.is_empty() {
            break;
        }
        let offset = usize::from(byte(&mut block)?) | usize::from(byte(&mut block)?) << 8;
        let repeated = length(&mut block, token & GOES_ON)?.saturating_add(LEAST_MATCH);
        if offset == 0 || offset > at {
            return Err(Lz4Error::Offset { offset, at });
        }
        if repeated > size - at {
            return Err(Lz4Error::Longer { size });
        }
        repeat(target, at, offset, repeated);
        at += repeated;
    }
    if at != size {
        return Err(Lz4Error::Shorter { written: at, size });
    }
    Ok(())
}

fn byte(block: &mut &[u8]) -> Result<u8, Lz4Error> {
    let (first, rest) = block.split_first().ok_or(Lz4Error::Cut)?;
    *block = rest;
    Ok(*first)
}

/// A length whose first part stands in the token.
fn length(block: &mut &[u8], first: usize) -> Result<usize, Lz4Error> {
    let mut length = first;
    if first == GOES_ON {
        loop {
            let more = byte(block)?;
            length += usize::from(more);
            if more != u8::MAX {
                break;
            }
        }
    }
    Ok(length)
}

/// Writes at `at` the `length` bytes that stand `offset` bytes before. Where they are more than
/// `offset`, what was written is repeated as well.
fn repeat(target: &mut [u8], at: usize, offset: usize, length: usize) {
    let from = at - offset;
    let end = at + length;
    let mut at = at;
    while at < end {
        let taken = (end - at).min(at - from);
        target.copy_within(from..from + taken, at);
        at += taken;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decompressed(block: &[u8], size: usize) -> Result<Vec<u8>, Lz4Error> {
        let mut target = vec![0xee; size];
        decompress(block, &mut target)?;
        Ok(target)
    }

    #[test]
    fn the_smallest_blocks_are_as_the_description_says() {
        assert_eq!(decompressed(&[0], 0), Ok(vec![]));
        assert_eq!(decompressed(&[0x20, 7, 8], 2), Ok(vec![7, 8]));
        // Two literals, six bytes from two before, one literal.
        let block = [0x22, 7, 8, 2, 0, 0x10, 9];
        assert_eq!(decompressed(&block, 9), Ok(vec![7, 8, 7, 8, 7, 8, 7, 8, 9]));
    }

    #[test]
    fn what_is_wrong_with_a_block_is_named() {
        assert_eq!(decompressed(&[], 0), Err(Lz4Error::Cut));
        assert_eq!(decompressed(&[0x30, 1, 2], 3), Err(Lz4Error::Cut));
        assert_eq!(decompressed(&[0xf0, 255], 500), Err(Lz4Error::Cut));
        let longer = Err(Lz4Error::Longer { size: 1 });
        assert_eq!(decompressed(&[0x20, 7, 8], 1), longer);
        let shorter = Lz4Error::Shorter {
            written: 2,
            size: 3,
        };
        assert_eq!(decompressed(&[0x20, 7, 8], 3), Err(shorter));
        let offset = Lz4Error::Offset { offset: 2, at: 1 };
        assert_eq!(decompressed(&[0x10, 7, 2, 0, 0], 5), Err(offset));
        let offset = Lz4Error::Offset { offset: 0, at: 1 };
        assert_eq!(decompressed(&[0x10, 7, 0, 0, 0], 5), Err(offset));
    }

    /// Bytes with repetitions of all kinds.
    fn repetitive() -> impl Strategy<Value = Vec<u8>> {
        let run = (any::<u8>(), 1_usize..700).prop_map(|(byte, count)| vec![byte; count]);
        let noise = proptest::collection::vec(any::<u8>(), 0..400);
        let few = proptest::collection::vec(0_u8..3, 0..400);
        proptest::collection::vec(prop_oneof![run, noise, few], 0..12)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn what_the_library_compresses_comes_out_again(bytes in repetitive()) {
            let block = lz4_flex::block::compress(&bytes);
            prop_assert_eq!(decompressed(&block, bytes.len()), Ok(bytes));
        }

        #[test]
        fn any_bytes_give_what_the_library_gives(
            mut block in repetitive().prop_map(|bytes| lz4_flex::block::compress(&bytes)),
            flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            size in 0_usize..4000,
        ) {
            for (at, byte) in flips {
                let at = at.index(block.len());
                block[at] = byte;
            }
            let mut theirs = vec![0; size];
            let written = lz4_flex::block::decompress_into(&block, &mut theirs);
            let full = written.is_ok_and(|written| written == size);
            let ours = decompressed(&block, size);
            prop_assert_eq!(ours.ok(), full.then_some(theirs));
        }
    }
}
