//! H.265 profile, tier and level (ITU-T H.265 §7.3.3).

use super::super::InspectError;
use super::super::bits::BitReader;

/// The general part of `profile_tier_level()`, as it also stands in the configuration record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProfileTierLevel {
    pub(crate) space: u8,
    pub(crate) high_tier: bool,
    pub(crate) profile_idc: u8,
    pub(crate) compatibility: u32,
    pub(crate) constraints: [u8; 6],
    pub(crate) level_idc: u8,
}

impl ProfileTierLevel {
    /// Reads the general part.
    pub(crate) fn read(reader: &mut BitReader<'_>) -> Result<Self, InspectError> {
        let space = reader.byte(2)?;
        let high_tier = reader.flag()?;
        let profile_idc = reader.byte(5)?;
        let compatibility = reader.bits(32)?;
        let mut constraints = [0; 6];
        for byte in &mut constraints {
            *byte = reader.byte(8)?;
        }
        let level_idc = reader.byte(8)?;
        Ok(Self { space, high_tier, profile_idc, compatibility, constraints, level_idc })
    }

    /// Leaves out what follows the general part for `sub_layers` sub-layers.
    pub(crate) fn skip_sub_layers(
        reader: &mut BitReader<'_>,
        sub_layers: usize,
    ) -> Result<(), InspectError> {
        let lower = sub_layers.saturating_sub(1);
        let mut bits = 0;
        for _ in 0..lower {
            // The flags of the parts that are there: profile of 88 bits, level of 8.
            bits += if reader.flag()? { 88 } else { 0 };
            bits += if reader.flag()? { 8 } else { 0 };
        }
        if lower > 0 {
            reader.skip(2 * (8 - lower))?;
        }
        reader.skip(bits)
    }

    /// Profile for people (§A.3).
    pub(crate) fn profile_name(&self) -> Option<String> {
        // Old streams state profile 0 and only the compatibility flags.
        let flagged = |profile: u32| self.compatibility >> (31 - profile) & 1 == 1;
        let idc = match u32::from(self.profile_idc) {
            0 => (1..12).find(|profile| flagged(*profile))?,
            idc => idc,
        };
        let name = match idc {
            1 => "Main",
            2 => "Main 10",
            3 => "Main Still Picture",
            4 => "Format Range Extensions",
            5 => "High Throughput",
            6 => "Multiview Main",
            7 => "Scalable Main",
            8 => "3D Main",
            9 => "Screen-Extended Main",
            10 => "Scalable Format Range Extensions",
            11 => "High Throughput Screen-Extended",
            _ => return None,
        };
        Some(name.to_owned())
    }

    /// ISO/IEC 14496-15 §E.3: `hvc1.1.6.L93.B0`.
    pub(crate) fn codec_string(&self, sample_entry: &str) -> String {
        let space = ["", "A", "B", "C"].get(usize::from(self.space)).copied().unwrap_or("");
        let tier = if self.high_tier { 'H' } else { 'L' };
        let mut text = format!(
            "{sample_entry}.{space}{}.{:X}.{tier}{}",
            self.profile_idc,
            self.compatibility.reverse_bits(),
            self.level_idc
        );
        let used = self.constraints.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for byte in self.constraints.iter().take(used) {
            text.push_str(&format!(".{byte:X}"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codec_strings_are_those_of_iso_14496_15_annex_e() {
        let mut profile = ProfileTierLevel {
            space: 0,
            high_tier: false,
            profile_idc: 1,
            compatibility: 0x6000_0000,
            constraints: [0xb0, 0, 0, 0, 0, 0],
            level_idc: 93,
        };
        assert_eq!(profile.codec_string("hvc1"), "hvc1.1.6.L93.B0");
        profile.space = 1;
        profile.profile_idc = 3;
        profile.compatibility = 0xe000_0000;
        profile.high_tier = true;
        profile.constraints = [0xb0, 0x23, 0, 0, 0, 0];
        assert_eq!(profile.codec_string("hev1"), "hev1.A3.7.H93.B0.23");
    }
}
