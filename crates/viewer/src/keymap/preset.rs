//! Keys as people know them from other programs. A preset says only what differs from the table of
//! commands.

use egui::{Key, Modifiers};

use crate::command::{Command, Dialog, Shortcut};

/// A set of keys to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyPreset {
    /// As the table of commands says.
    #[default]
    Reelscope,
    /// As in the Rerun viewer.
    Rerun,
    /// As in mpv.
    Mpv,
    /// As in programs that cut film.
    Nle,
}

/// The keys of commands.
type Rows = &'static [(Command, &'static [Shortcut])];

const fn on(modifiers: Modifiers, key: Key) -> Shortcut {
    Shortcut { modifiers, key }
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const ALT: Modifiers = Modifiers::ALT;

/// Arrows go a tenth of a second; with Ctrl from one event to the next, as in the table.
static RERUN: Rows = &[
    (Command::StepMillis(100), &[on(NONE, Key::ArrowRight)]),
    (Command::StepMillis(-100), &[on(NONE, Key::ArrowLeft)]),
    (Command::StepFrames(1), &[on(NONE, Key::Period)]),
    (Command::StepFrames(-1), &[on(NONE, Key::Comma)]),
    (
        Command::GoLive,
        &[on(ALT, Key::ArrowRight), on(SHIFT, Key::End)],
    ),
    (
        Command::SeekStart,
        &[on(NONE, Key::Home), on(ALT, Key::ArrowLeft)],
    ),
    (Command::StepKeyframes(1), &[on(SHIFT, Key::Period)]),
    (Command::StepKeyframes(-1), &[on(SHIFT, Key::Comma)]),
    (
        Command::Show(Dialog::Palette),
        &[on(CTRL, Key::P), on(CTRL, Key::K)],
    ),
];

/// Arrows go five seconds, up and down a minute; `.` and `,` go one frame.
static MPV: Rows = &[
    (
        Command::PlayPause,
        &[on(NONE, Key::Space), on(NONE, Key::P)],
    ),
    (Command::StepFrames(1), &[on(NONE, Key::Period)]),
    (Command::StepFrames(-1), &[on(NONE, Key::Comma)]),
    (Command::StepMillis(5_000), &[on(NONE, Key::ArrowRight)]),
    (Command::StepMillis(-5_000), &[on(NONE, Key::ArrowLeft)]),
    (Command::StepMillis(60_000), &[on(NONE, Key::ArrowUp)]),
    (Command::StepMillis(-60_000), &[on(NONE, Key::ArrowDown)]),
    (Command::CycleLoop, &[on(SHIFT, Key::L)]),
    (
        Command::ToggleFullScreen,
        &[on(NONE, Key::F), on(NONE, Key::F11)],
    ),
    (Command::FitVideo, &[on(ALT, Key::F)]),
    (Command::Quit, &[on(NONE, Key::Q), on(CTRL, Key::Q)]),
];

/// J, K and L as everywhere; Shift with arrows goes five frames, up and down from cut to cut, which
/// are the keyframes here.
static NLE: Rows = &[
    (Command::StepFrames(5), &[on(SHIFT, Key::ArrowRight)]),
    (Command::StepFrames(-5), &[on(SHIFT, Key::ArrowLeft)]),
    (
        Command::StepKeyframes(1),
        &[on(NONE, Key::ArrowDown), on(ALT, Key::ArrowRight)],
    ),
    (
        Command::StepKeyframes(-1),
        &[on(NONE, Key::ArrowUp), on(ALT, Key::ArrowLeft)],
    ),
    (
        Command::FitTimeline,
        &[on(NONE, Key::Backslash), on(SHIFT, Key::F)],
    ),
    (
        Command::MaximiseTile,
        &[on(NONE, Key::Backtick), on(NONE, Key::Enter)],
    ),
    (
        Command::ToggleFullScreen,
        &[on(CTRL, Key::Backtick), on(NONE, Key::F11)],
    ),
    (Command::CycleLoop, &[on(CTRL, Key::L)]),
];

impl KeyPreset {
    /// All presets with their names, and what is special about them.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Reelscope, "reelscope", "Arrows go one frame"),
        (Self::Rerun, "Rerun", "Arrows go 0.1 s, with Ctrl one event"),
        (
            Self::Mpv,
            "mpv",
            "Arrows go 5 s, period and comma one frame",
        ),
        (
            Self::Nle,
            "NLE",
            "As film is cut: Shift with arrows goes five frames, up and down go from keyframe to keyframe",
        ),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        let row = Self::ALL.iter().find(|(preset, _, _)| *preset == self);
        row.map_or("", |(_, name, _)| name)
    }

    /// What differs from the table of commands.
    pub(super) fn keys(self) -> Rows {
        match self {
            Self::Reelscope => &[],
            Self::Rerun => RERUN,
            Self::Mpv => MPV,
            Self::Nle => NLE,
        }
    }
}

/// A preset by its name in small letters. A name that is none means reelscope's own.
pub(super) mod text {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::KeyPreset;

    pub(in crate::keymap) fn serialize<S: Serializer>(
        preset: &KeyPreset,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&preset.name().to_ascii_lowercase())
    }

    pub(in crate::keymap) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<KeyPreset, D::Error> {
        let text = String::deserialize(from)?;
        let known = KeyPreset::ALL
            .iter()
            .find(|(_, name, _)| name.eq_ignore_ascii_case(&text));
        Ok(known.map(|(preset, _, _)| *preset).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::entry;
    use crate::keymap::{KeyChoice, KeyMap};

    #[test]
    fn a_preset_gives_each_of_its_commands_all_its_keys() {
        for (preset, name, _) in KeyPreset::ALL {
            let choice = KeyChoice {
                preset,
                ..KeyChoice::default()
            };
            let map = KeyMap::new(&choice);
            for (command, keys) in preset.keys() {
                assert!(entry(command).is_some(), "{name}: {command:?}");
                assert_eq!(map.of(command), *keys, "{name}: {command:?}");
            }
        }
    }
}
