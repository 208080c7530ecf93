//! Where H.265 access units start in a byte stream (ITU-T H.265 §7.4.2.4.4).

use super::nal_header::NalHeader;

/// Finds the first NAL units of access units.
#[derive(Clone, Debug)]
pub(crate) struct Splitter {
    /// The stream has begun.
    begun: bool,
    /// A slice of the current access unit has come.
    in_slices: bool,
}

impl Default for Splitter {
    fn default() -> Self {
        Self { begun: false, in_slices: true }
    }
}

impl Splitter {
    /// True if this NAL unit is the first one of an access unit.
    pub(crate) fn starts(&mut self, nal: &[u8]) -> bool {
        let Some(header) = NalHeader::read(nal) else { return false };
        let begins = !std::mem::replace(&mut self.begun, true);
        if header.layer > 0 {
            return begins;
        }
        match header.kind {
            0..=31 => {
                // first_slice_segment_in_pic_flag
                let first = nal.get(2).is_some_and(|byte| byte & 0x80 != 0);
                let starts = self.in_slices && first;
                self.in_slices = true;
                starts || begins
            }
            // Parameter sets, delimiter, prefix SEI, and what is reserved for the like.
            32..=35 | 39 | 41..=44 | 48..=55 => {
                std::mem::replace(&mut self.in_slices, false) || begins
            }
            _ => begins,
        }
    }
}
