//! H.265 NAL unit headers (ITU-T H.265 §7.3.1.2, Table 7-1).

/// The two bytes at the start of each NAL unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NalHeader {
    /// `nal_unit_type`.
    pub(crate) kind: u8,
    /// `nuh_layer_id`: 0 is the base layer.
    pub(crate) layer: u8,
    /// `TemporalId`.
    pub(crate) temporal_id: u8,
}

impl NalHeader {
    /// The header of a NAL unit, `None` if it is cut off.
    pub(crate) fn read(nal: &[u8]) -> Option<Self> {
        let [first, second, ..] = nal else { return None };
        Some(Self {
            kind: first >> 1 & 0x3f,
            layer: (first & 1) << 5 | second >> 3,
            temporal_id: (second & 7).saturating_sub(1),
        })
    }

    /// A slice segment.
    pub(crate) fn is_slice(self) -> bool {
        matches!(self.kind, 0..=9 | 16..=21)
    }

    /// BLA, IDR or CRA: an intra random access point.
    pub(crate) fn is_irap(self) -> bool {
        matches!(self.kind, 16..=23)
    }

    pub(crate) fn is_idr(self) -> bool {
        matches!(self.kind, 19 | 20)
    }

    /// BLA: a CRA at which two streams were joined.
    pub(crate) fn is_bla(self) -> bool {
        matches!(self.kind, 16..=18)
    }

    /// RADL or RASL: shown before the random access point that it follows.
    pub(crate) fn is_leading(self) -> bool {
        matches!(self.kind, 6..=9)
    }

    /// Refers to pictures from before the random access point that it follows.
    pub(crate) fn is_rasl(self) -> bool {
        matches!(self.kind, 8 | 9)
    }

    /// No picture of the same sub-layer refers to it.
    pub(crate) fn is_sub_layer_non_reference(self) -> bool {
        self.kind <= 14 && self.kind.is_multiple_of(2)
    }
}
