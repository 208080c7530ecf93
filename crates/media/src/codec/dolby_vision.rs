//! Dolby Vision: which pictures a stream has for decoders that do not know it. Its own metadata is
//! not applied.

use super::InspectError;
use super::bits::BitReader;

/// What a Dolby Vision configuration record says (`DOVIDecoderConfigurationRecord`, "Dolby Vision
/// Streams Within the ISO Base Media File Format" §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DolbyVision {
    /// `dv_profile`.
    pub profile: u8,
    /// `dv_bl_signal_compatibility_id`.
    pub compatibility: u8,
    /// False if the track has an enhancement layer only.
    pub has_base: bool,
}

impl DolbyVision {
    /// Reads a record: the payload of a `dvcC`, `dvvC` or `dvwC` box. `None` if it is cut.
    pub fn read(record: &[u8]) -> Option<Self> {
        let [_, _, a, b, c, ..] = record else {
            return None;
        };
        Some(Self {
            profile: a >> 1,
            compatibility: c >> 4,
            has_base: b & 1 == 1,
        })
    }

    /// `"8.1"`; without the compatibility where profiles have no kinds of it.
    fn name(self) -> String {
        match self.profile {
            8.. => format!("{}.{}", self.profile, self.compatibility),
            profile => profile.to_string(),
        }
    }

    /// What decoders that do not know Dolby Vision see in the base layer, `None` if its colours are
    /// not those of any other standard.
    fn base(self) -> Option<&'static str> {
        match (self.profile, self.compatibility) {
            _ if !self.has_base => None,
            // These were made without compatibility from the start.
            (1 | 3 | 5, _) => None,
            (_, 1 | 6) | (7, _) => Some("HDR10"),
            (_, 2) | (0 | 2 | 9, _) => Some("SDR"),
            (_, 4) => Some("HLG"),
            (4 | 6 | 8, _) => Some("own"),
            _ => None,
        }
    }

    /// Why pictures are not as they were meant to be although they can be shown, in words.
    pub fn remark(self) -> Option<String> {
        let base = self.base()?;
        let name = self.name();
        Some(format!(
            "Dolby Vision profile {name}: its {base} base layer is shown"
        ))
    }

    /// Why its pictures cannot be shown, in words.
    pub fn unplayable(self) -> Option<String> {
        let name = self.name();
        match self.base() {
            Some(_) => None,
            None if self.has_base => Some(format!(
                "Dolby Vision profile {name} is not supported, and it has no base layer in colours \
                 of another standard"
            )),
            None => Some(format!(
                "it is only the enhancement layer of Dolby Vision profile {name}; the base layer is \
                 another track"
            )),
        }
    }
}

/// Dolby Vision metadata inside a stream whose container says nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InBand {
    /// Profile 5: no other standard's colours.
    AloneIncompatible,
    /// Another profile, each of which has a compatible base layer.
    Other,
}

impl InBand {
    pub(crate) const REMARK: &str = "Dolby Vision: its base layer is shown";
    pub(crate) const UNPLAYABLE: &str = "Dolby Vision profile 5 is not supported, and it has no base \
                                         layer in colours of another standard";

    /// Reads an H.265 NAL unit of type 62, header included, as far as it tells profiles apart (ETSI
    /// GS CCM 001 §5.3.2, `rpu_data_header`). Profile 5 alone has `vdr_rpu_profile` 0 at full range.
    pub(crate) fn read(nal: &[u8]) -> Result<Self, InspectError> {
        const PREFIX: u32 = 25;
        const VIDEO: u32 = 2;
        let reader = &mut BitReader::escaped(nal);
        reader.skip(16)?;
        if reader.bits(8)? != PREFIX || reader.bits(6)? != VIDEO {
            return Err(InspectError::Forbidden { field: "rpu_type" });
        }
        reader.skip(11)?; // rpu_format
        let profile = reader.bits(4)?;
        reader.skip(4)?; // vdr_rpu_level
        // vdr_seq_info_present_flag
        if !reader.flag()? {
            return Err(InspectError::MissingParameterSet {
                kind: "vdr_seq_info",
            });
        }
        reader.skip(1)?; // chroma_resampling_explicit_filter_flag
        // coefficient_data_type: fixed point has the length of its fraction.
        if reader.bits(2)? == 0 {
            reader.ue()?;
        }
        reader.skip(2)?; // vdr_rpu_normalized_idc
        let full_range = reader.flag()?;
        Ok(if profile == 0 && full_range {
            Self::AloneIncompatible
        } else {
            Self::Other
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::bits::writer::BitWriter;
    use super::*;

    /// A record of version 1.0, level 6.
    fn record(profile: u8, base: bool, compatibility: u8) -> [u8; 5] {
        [
            1,
            0,
            profile << 1,
            6 << 3 | 4 | u8::from(base),
            compatibility << 4,
        ]
    }

    #[test]
    fn compatible_base_layers_are_shown_with_a_remark() {
        for (profile, compatibility, text) in [
            (
                8,
                1,
                "Dolby Vision profile 8.1: its HDR10 base layer is shown",
            ),
            (
                8,
                4,
                "Dolby Vision profile 8.4: its HLG base layer is shown",
            ),
            (
                7,
                6,
                "Dolby Vision profile 7: its HDR10 base layer is shown",
            ),
            (
                9,
                2,
                "Dolby Vision profile 9.2: its SDR base layer is shown",
            ),
            (
                10,
                1,
                "Dolby Vision profile 10.1: its HDR10 base layer is shown",
            ),
        ] {
            let found = DolbyVision::read(&record(profile, true, compatibility)).unwrap();
            assert_eq!(found.remark().as_deref(), Some(text));
            assert_eq!(found.unplayable(), None);
        }
    }

    #[test]
    fn a_stream_without_a_compatible_base_layer_is_not_shown() {
        for (profile, name) in [(5, "profile 5 "), (10, "profile 10.0 ")] {
            let found = DolbyVision::read(&record(profile, true, 0)).unwrap();
            assert_eq!(found.remark(), None);
            assert!(found.unplayable().unwrap().contains(name));
        }
        let enhancement = DolbyVision::read(&record(7, false, 6)).unwrap();
        assert!(
            enhancement
                .unplayable()
                .unwrap()
                .contains("enhancement layer")
        );
        assert_eq!(DolbyVision::read(&[1, 0, 10, 5]), None);
    }

    #[test]
    fn profile_5_is_known_by_its_own_metadata() {
        let rpu = |profile, full_range| {
            let bits = BitWriter::starting_with(&[0x7c, 1, 25])
                .u(6, 2)
                .u(11, 0)
                .u(4, profile);
            let bits = bits
                .u(4, 1)
                .u(1, 1)
                .u(1, 0)
                .u(2, 0)
                .ue(23)
                .u(2, 1)
                .u(1, full_range);
            bits.nal()
        };
        assert_eq!(InBand::read(&rpu(0, 1)), Ok(InBand::AloneIncompatible));
        assert_eq!(InBand::read(&rpu(1, 0)), Ok(InBand::Other));
        let whole = rpu(0, 1);
        for end in 0..whole.len() - 1 {
            assert!(InBand::read(&whole[..end]).is_err(), "{end}");
        }
    }
}
