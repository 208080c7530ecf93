//! Where H.264 access units start in a byte stream (ITU-T H.264 §7.4.1.2.3, §7.4.1.2.4).

use super::pps::ParameterSets;
use super::slice::{SliceHeader, Structure};

/// How much of the current access unit has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seen {
    /// None: the stream begins.
    #[default]
    Nothing,
    /// NAL units that may only come before its slices.
    Preamble,
    /// Slices of it.
    Slices,
}

/// Finds the first NAL units of access units.
#[derive(Clone, Debug, Default)]
pub(crate) struct Splitter {
    sets: ParameterSets,
    seen: Seen,
    last: Option<SliceHeader>,
    /// The last slice belongs to a first field, so a second field may come.
    in_first_field: bool,
}

impl Splitter {
    /// True if this NAL unit is the first one of an access unit.
    pub(crate) fn starts(&mut self, nal: &[u8]) -> bool {
        let Some(header) = nal.first() else { return false };
        match header & 0x1f {
            1 | 2 | 5 => self.slice(nal),
            kind @ (6..=9 | 14..=18) => {
                // A damaged set is reported by whoever inspects the access unit.
                let _ = self.sets.take(nal);
                self.preamble(kind)
            }
            _ => self.enter(Seen::Preamble, self.seen == Seen::Nothing),
        }
    }

    fn preamble(&mut self, kind: u8) -> bool {
        // The standard has each field as an access unit of its own, with delimiters and messages in
        // front. An SPS does not come between the fields of a frame.
        if self.seen == Seen::Slices && self.in_first_field && kind != 7 {
            return false;
        }
        self.enter(Seen::Preamble, self.seen != Seen::Preamble)
    }

    fn slice(&mut self, nal: &[u8]) -> bool {
        let Ok(slice) = SliceHeader::parse(nal, &self.sets) else {
            // `first_mb_in_slice` 0 is the code "1": most likely a new picture.
            let first = nal.get(1).is_some_and(|byte| byte & 0x80 != 0);
            self.in_first_field = false;
            return self.enter(Seen::Slices, self.seen == Seen::Nothing || self.seen == Seen::Slices && first);
        };
        let new_picture = match &self.last {
            Some(last) if self.seen == Seen::Slices => slice.starts_picture_after(last),
            _ => true,
        };
        let second_field = new_picture
            && self.seen == Seen::Slices
            && self.in_first_field
            && self.last.as_ref().is_some_and(|first| slice.completes(first));
        if new_picture {
            self.in_first_field = slice.structure != Structure::Frame && !second_field;
        }
        if !slice.redundant {
            self.last = Some(slice);
        }
        let starts = match self.seen {
            Seen::Nothing => true,
            Seen::Preamble => false,
            Seen::Slices => new_picture && !second_field,
        };
        self.enter(Seen::Slices, starts)
    }

    /// Notes what was seen; other NAL units inside an access unit do not change it.
    fn enter(&mut self, seen: Seen, starts: bool) -> bool {
        if starts || seen == Seen::Slices {
            self.seen = seen;
        }
        starts
    }
}
