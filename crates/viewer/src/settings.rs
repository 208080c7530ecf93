//! What the person chose and wants to find again: kept as TOML in the window's own storage.

use std::collections::BTreeMap;
use std::path::PathBuf;

use reelscope_decode::HwAccel;
use serde::{Deserialize, Serialize};

/// Name of the settings in the storage.
pub(crate) const STORAGE_KEY: &str = "settings";

/// The least memory that can be chosen.
pub(crate) const MIN_CACHE_MIB: u32 = 64;
/// The most memory that can be chosen.
pub(crate) const MAX_CACHE_MIB: u32 = 65_536;
/// The most memory for logged rows that can be chosen.
pub(crate) const MAX_MEMORY_MIB: u32 = 4 << 20;

/// Colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
    /// As the desktop says.
    System,
}

impl ThemeChoice {
    /// All choices with their names.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Dark, "Dark"),
        (Self::Light, "Light"),
        (Self::System, "System"),
    ];
}

impl From<ThemeChoice> for egui::ThemePreference {
    fn from(choice: ThemeChoice) -> Self {
        match choice {
            ThemeChoice::Dark => Self::Dark,
            ThemeChoice::Light => Self::Light,
            ThemeChoice::System => Self::System,
        }
    }
}

/// What the person chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The FFmpeg program; none means that one is searched for.
    pub ffmpeg_path: Option<PathBuf>,
    /// Memory for decoded frames in MiB; none means what suits the machine.
    pub cache_mib: Option<u32>,
    /// Memory for logged rows in MiB; none means what suits the machine.
    pub memory_limit_mib: Option<u32>,
    /// Which timeline was chosen last, by the name of the program that logged.
    pub timelines: BTreeMap<String, String>,
    /// Which hardware decodes, if any.
    #[serde(with = "hwaccel_text")]
    pub hwaccel: HwAccel,
    /// Whether small previews are decoded in idle time.
    pub previews: bool,
    /// Colours.
    pub theme: ThemeChoice,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ffmpeg_path: None,
            cache_mib: None,
            memory_limit_mib: None,
            timelines: BTreeMap::new(),
            hwaccel: HwAccel::default(),
            previews: true,
            theme: ThemeChoice::default(),
        }
    }
}

impl Settings {
    /// Settings from the text that [`Settings::to_text`] made. What cannot be read is as if it had
    /// never been chosen.
    pub fn from_text(text: &str) -> Self {
        let mut settings: Self = toml::from_str(text).unwrap_or_default();
        settings.cache_mib = settings
            .cache_mib
            .map(|mib| mib.clamp(MIN_CACHE_MIB, MAX_CACHE_MIB));
        settings.memory_limit_mib = settings
            .memory_limit_mib
            .map(|mib| mib.clamp(MIN_CACHE_MIB, MAX_MEMORY_MIB));
        settings
    }

    /// Notes which timeline was chosen for what a program logs.
    pub(crate) fn note_timeline(&mut self, program: &str, timeline: &str) {
        /// Programs that are remembered.
        const MOST: usize = 200;
        if self.timelines.len() >= MOST {
            self.timelines.pop_first();
        }
        self.timelines
            .insert(program.to_owned(), timeline.to_owned());
    }

    /// The settings as TOML.
    pub fn to_text(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// Memory for logged rows in bytes, if it was chosen.
    pub fn memory_limit(&self) -> Option<usize> {
        self.memory_limit_mib
            .map(|mib| (mib as usize).saturating_mul(1 << 20))
    }

    /// Memory for decoded frames in bytes, if it was chosen.
    pub fn cache_bytes(&self) -> Option<usize> {
        self.cache_mib
            .map(|mib| (mib as usize).saturating_mul(1 << 20))
    }
}

/// The wish for hardware decoding as text. A text that is none means software.
mod hwaccel_text {
    use reelscope_decode::HwAccel;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(hwaccel: &HwAccel, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(hwaccel)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<HwAccel, D::Error> {
        let text = String::deserialize(from)?;
        Ok(text.parse().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_being_stored() {
        let settings = Settings {
            ffmpeg_path: Some("/opt/ffmpeg/bin/ffmpeg".into()),
            cache_mib: Some(2_048),
            memory_limit_mib: Some(4_096),
            timelines: BTreeMap::from([("app".to_owned(), "frame".to_owned())]),
            hwaccel: HwAccel::Named("vaapi".to_owned()),
            previews: false,
            theme: ThemeChoice::System,
        };
        assert_eq!(Settings::from_text(&settings.to_text()), settings);
    }

    #[test]
    fn settings_that_make_no_sense_become_the_defaults() {
        assert_eq!(Settings::from_text("not = = toml"), Settings::default());
        assert_eq!(
            Settings::from_text("cache_mib = 0").cache_mib,
            Some(MIN_CACHE_MIB)
        );
        assert_eq!(
            Settings::from_text("hwaccel = \"No such thing!\"\ncache_mib = 128"),
            Settings {
                cache_mib: Some(128),
                ..Settings::default()
            }
        );
        assert_eq!(
            Settings::from_text("from_a_later_version = 1"),
            Settings::default()
        );
    }
}
