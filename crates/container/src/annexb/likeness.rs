//! How much bytes look like a raw H.264 or H.265 stream: both have no magic, so the first NAL units
//! are counted by kind.

use memchr::memmem;

/// NAL units by kind.
#[derive(Default)]
pub(crate) struct Likeness {
    /// Parameter sets, one count for each kind that the codec needs.
    parameter_sets: [u32; 3],
    needed: usize,
    slices: u32,
    /// With a header that the standard forbids or nobody uses.
    strange: u32,
    first_code: Option<usize>,
}

impl Likeness {
    /// The probe's answer.
    pub(crate) fn score(&self, named: bool) -> u8 {
        let whole = self
            .parameter_sets
            .iter()
            .take(self.needed)
            .all(|count| *count > 0);
        let plain = self.slices + self.parameter_sets.iter().sum::<u32>();
        if self.strange * 4 > plain || plain == 0 {
            return 0;
        }
        // Sound streams in transport packets have start codes too, but not at the front.
        let from_start = self.first_code.is_some_and(|place| place < 64);
        let score = match (whole, self.slices > 0, from_start) {
            (true, true, true) => 80,
            (true, _, true) => 60,
            (true, true, false) => 40,
            (false, true, true) => 25,
            (false, false, true) if named => 10,
            _ => 0,
        };
        if score > 0 && named {
            score + 10
        } else {
            score
        }
    }

    fn count(head: &[u8], needed: usize, mut kind: impl FnMut(&[u8]) -> Kind) -> Self {
        let mut likeness = Self {
            needed,
            ..Self::default()
        };
        for code in memmem::find_iter(head, &[0, 0, 1]) {
            likeness.first_code.get_or_insert(code);
            let Some(nal) = head.get(code + 3..).filter(|nal| nal.len() > 2) else {
                break;
            };
            match kind(nal) {
                Kind::ParameterSet(which) => {
                    if let Some(count) = likeness.parameter_sets.get_mut(which) {
                        *count += 1;
                    }
                }
                Kind::Slice => likeness.slices += 1,
                Kind::Other => {}
                Kind::Strange => likeness.strange += 1,
            }
        }
        likeness
    }
}

enum Kind {
    ParameterSet(usize),
    Slice,
    Other,
    Strange,
}

/// Counts the NAL units of H.264 (ITU-T H.264 §7.4.1).
pub(crate) fn h264(head: &[u8]) -> Likeness {
    Likeness::count(head, 2, |nal| {
        let first = nal.first().copied().unwrap_or(0x80);
        let (forbidden, reference, kind) = (first >> 7, first >> 5 & 3, first & 31);
        match (kind, reference) {
            _ if forbidden != 0 => Kind::Strange,
            (7, 1..) => Kind::ParameterSet(0),
            (8, 1..) => Kind::ParameterSet(1),
            (1, _) | (5, 1..) => Kind::Slice,
            (6 | 9 | 10 | 11 | 12, 0) | (2..=4 | 13..=15 | 19..=21, _) => Kind::Other,
            _ => Kind::Strange,
        }
    })
}

/// Counts the NAL units of H.265 (ITU-T H.265 §7.4.2.2).
pub(crate) fn h265(head: &[u8]) -> Likeness {
    Likeness::count(head, 3, |nal| {
        let [first, second, ..] = *nal else {
            return Kind::Strange;
        };
        let (forbidden, kind) = (first >> 7, first >> 1 & 63);
        let (layer, temporal) = ((first & 1) << 5 | second >> 3, second & 7);
        match kind {
            _ if forbidden != 0 || temporal == 0 => Kind::Strange,
            // Upper layers are passed over by every decoder of the base layer.
            0..=40 if layer > 0 => Kind::Other,
            32..=34 => Kind::ParameterSet(usize::from(kind - 32)),
            0..=9 | 16..=21 => Kind::Slice,
            35..=40 => Kind::Other,
            _ => Kind::Strange,
        }
    })
}
