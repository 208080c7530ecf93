//! The frames inside a VP9 superframe (VP9 bitstream specification, Annex B).

/// The frames of a sample: those of its superframe, or the sample itself.
pub(crate) fn frames(sample: &[u8]) -> impl Iterator<Item = &[u8]> {
    let sizes = index(sample);
    let mut rest = sample;
    let mut next = 0;
    std::iter::from_fn(move || {
        let size = match &sizes {
            Some((sizes, width)) => {
                let size = sizes.chunks(*width).nth(next)?;
                size.iter().rev().fold(0, |size, byte| size << 8 | usize::from(*byte))
            }
            None if next == 0 => rest.len(),
            None => return None,
        };
        next += 1;
        rest.split_off(..size.min(rest.len()))
    })
    .filter(|frame| !frame.is_empty())
}

/// The sizes at the end of a superframe, and how many bytes each has.
fn index(sample: &[u8]) -> Option<(&[u8], usize)> {
    let marker = *sample.last()?;
    if marker & 0xe0 != 0xc0 {
        return None;
    }
    let width = usize::from(marker >> 3 & 3) + 1;
    let count = usize::from(marker & 7) + 1;
    let index = sample.get(sample.len().checked_sub(2 + width * count)?..)?;
    let [first, sizes @ .., _] = index else { return None };
    (*first == marker).then_some((sizes, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_superframe_is_taken_apart() {
        // Two frames, sizes of two bytes.
        let sample = [1, 1, 1, 2, 0xc9, 3, 0, 1, 0, 0xc9];
        let found: Vec<&[u8]> = frames(&sample).collect();
        assert_eq!(found, [&[1, 1, 1][..], &[2]]);
    }

    #[test]
    fn a_sample_without_an_index_is_one_frame() {
        for sample in [&[0x82, 1, 2][..], &[0xc9], &[7, 0xc0, 9, 0xc1]] {
            assert_eq!(frames(sample).collect::<Vec<_>>(), [sample]);
        }
        assert_eq!(frames(&[]).count(), 0);
    }
}
