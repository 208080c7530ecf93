//! What the person chose and wants to find again: kept as TOML in the window's own storage.

mod corrections;
mod listening;
mod playback;
mod recents;
mod window;

use std::collections::BTreeMap;
use std::path::PathBuf;

use reelscope_decode::HwAccel;
use reelscope_render::ChromaFilter;
use serde::{Deserialize, Serialize};

use crate::inspector::InspectorTab;
use crate::keymap::KeyChoice;

pub(crate) use corrections::StatedColor;
pub use corrections::{Corrections, StreamName};
pub use listening::Listening;
pub(crate) use playback::MAX_STEP_RATE;
pub use playback::{StepRates, WhenSlow};
pub use recents::{Recent, Recents};
pub use window::UiScale;

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
    /// Steps of timelines that count which are played in a second.
    pub step_rates: StepRates,
    /// What gives way where decoding is slower than playback.
    pub when_slow: WhenSlow,
    /// Which hardware decodes, if any.
    #[serde(with = "hwaccel_text")]
    pub hwaccel: HwAccel,
    /// Whether small previews are decoded in idle time.
    pub previews: bool,
    /// Colours.
    pub theme: ThemeChoice,
    /// The size of everything in the window.
    pub ui_scale: UiScale,
    /// Whether nothing in the window moves by itself.
    pub reduced_motion: bool,
    /// Whether the figures of how well the window keeps up are shown.
    pub hud: bool,
    /// Where programs may log to.
    pub listening: Listening,
    /// How chroma is interpolated.
    #[serde(with = "chroma_text")]
    pub chroma_filter: ChromaFilter,
    /// What is written into pixels that are shown very large.
    pub pixel_text: PixelText,
    /// Which command is on which key.
    pub keys: KeyChoice,
    /// What the inspector shows.
    pub inspector_tab: InspectorTab,
    /// Which colours the person said that streams have.
    pub corrections: Corrections,
    /// What was opened lately.
    pub recents: Recents,
}

/// What is written into pixels that are shown very large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PixelText {
    /// Code values as decoded.
    #[default]
    Codes,
    /// R’G’B’ as shown, 0 to 255.
    Shown,
    /// Nothing.
    Nothing,
}

impl PixelText {
    /// All choices with their names.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Codes, "Code values"),
        (Self::Shown, "R’G’B’ as shown"),
        (Self::Nothing, "Nothing"),
    ];
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ffmpeg_path: None,
            cache_mib: None,
            memory_limit_mib: None,
            timelines: BTreeMap::new(),
            step_rates: StepRates::default(),
            when_slow: WhenSlow::default(),
            hwaccel: HwAccel::default(),
            previews: true,
            theme: ThemeChoice::default(),
            ui_scale: UiScale::default(),
            reduced_motion: false,
            hud: false,
            listening: Listening::default(),
            chroma_filter: ChromaFilter::default(),
            pixel_text: PixelText::default(),
            keys: KeyChoice::default(),
            inspector_tab: InspectorTab::default(),
            corrections: Corrections::default(),
            recents: Recents::default(),
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
        settings.step_rates.hold();
        settings.corrections.hold();
        settings.recents.hold();
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

/// The way to interpolate chroma by its name. A name that is none means the usual way.
mod chroma_text {
    use reelscope_render::ChromaFilter;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::picture_choice::CHROMA_FILTERS;

    pub(super) fn serialize<S: Serializer>(
        filter: &ChromaFilter,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let known = CHROMA_FILTERS.iter().find(|(other, _)| other == filter);
        to.serialize_str(known.map_or("", |(_, name)| name))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<ChromaFilter, D::Error> {
        let text = String::deserialize(from)?;
        let known = CHROMA_FILTERS.iter().find(|(_, name)| *name == text);
        Ok(known.map(|(filter, _)| *filter).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use reelscope_media::{ColorInfo, Matrix};

    use super::*;
    use crate::keymap::KeyPreset;

    #[test]
    fn settings_survive_being_stored() {
        let stream = StreamName {
            source: "/media/camera 1.mp4".to_owned(),
            entity: "video".to_owned(),
        };
        let color = ColorInfo {
            matrix: Matrix::BT470BG,
            ..ColorInfo::default()
        };
        let mut corrections = Corrections::default();
        corrections.set(stream, color);
        let mut recents = Recents::default();
        recents.note(std::path::Path::new("/media/camera 1.mp4"));
        recents.pin("/media/camera 1.mp4", true);
        let settings = Settings {
            ffmpeg_path: Some("/opt/ffmpeg/bin/ffmpeg".into()),
            cache_mib: Some(2_048),
            memory_limit_mib: Some(4_096),
            timelines: BTreeMap::from([("app".to_owned(), "frame".to_owned())]),
            step_rates: StepRates::default(),
            when_slow: WhenSlow::Drop,
            hwaccel: HwAccel::Named("vaapi".to_owned()),
            previews: false,
            theme: ThemeChoice::System,
            ui_scale: UiScale::from_percent(125),
            reduced_motion: true,
            hud: true,
            listening: Listening {
                on: false,
                bind: Some([0, 0, 0, 0].into()),
                port: 9_000,
            },
            chroma_filter: ChromaFilter::Lanczos,
            pixel_text: PixelText::Shown,
            keys: KeyChoice {
                preset: KeyPreset::Nle,
                changes: BTreeMap::from([("Stop".to_owned(), vec!["Ctrl+F5".to_owned()])]),
            },
            inspector_tab: InspectorTab::Samples,
            corrections,
            recents,
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
