//! A key with what is held while it is pressed, and how people read and write it.

use std::fmt;
use std::str::FromStr;

use egui::{Key, Modifiers};

/// A key with the modifiers that have to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// What is held.
    pub modifiers: Modifiers,
    /// What is pressed.
    pub key: Key,
}

pub(crate) const fn key(key: Key) -> Shortcut {
    Shortcut {
        modifiers: Modifiers::NONE,
        key,
    }
}

pub(crate) const fn ctrl(key: Key) -> Shortcut {
    Shortcut {
        modifiers: Modifiers::COMMAND,
        key,
    }
}

pub(crate) const fn ctrl_shift(key: Key) -> Shortcut {
    Shortcut {
        modifiers: Modifiers {
            shift: true,
            ..Modifiers::COMMAND
        },
        key,
    }
}

pub(crate) const fn shift(key: Key) -> Shortcut {
    Shortcut {
        modifiers: Modifiers::SHIFT,
        key,
    }
}

pub(crate) const fn alt(key: Key) -> Shortcut {
    Shortcut {
        modifiers: Modifiers::ALT,
        key,
    }
}

/// Punctuation that needs Shift on one keyboard and not on another.
const SHIFT_OR_NOT: [Key; 9] = [
    Key::Plus,
    Key::Questionmark,
    Key::Exclamationmark,
    Key::Colon,
    Key::Pipe,
    Key::OpenBracket,
    Key::CloseBracket,
    Key::OpenCurlyBracket,
    Key::CloseCurlyBracket,
];

impl Shortcut {
    /// What a person pressed, as it is to be remembered.
    pub fn pressed(key: Key, modifiers: Modifiers) -> Self {
        Self {
            modifiers: Modifiers {
                alt: modifiers.alt,
                shift: modifiers.shift && !SHIFT_OR_NOT.contains(&key),
                command: modifiers.command,
                // Beside Command, as on a Mac.
                ctrl: modifiers.ctrl && !modifiers.command,
                mac_cmd: false,
            },
            key,
        }
    }

    /// The keys as people read them: `Ctrl+O`, `Shift+Left`.
    pub fn text(self) -> String {
        let command = if cfg!(target_os = "macos") {
            "⌘"
        } else {
            "Ctrl"
        };
        let key = match self.key {
            Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown => self.key.name(),
            key => key.symbol_or_name(),
        };
        self.joined(command, key)
    }

    fn joined(self, command: &str, key: &str) -> String {
        let mut text = String::new();
        for (held, name) in [
            (self.modifiers.command, command),
            (self.modifiers.ctrl && !self.modifiers.command, "Control"),
            (self.modifiers.alt, "Alt"),
            (self.modifiers.shift, "Shift"),
        ] {
            if held {
                text.push_str(name);
                text.push('+');
            }
        }
        text + key
    }

    /// True if pressing this key with these modifiers held is meant.
    pub fn matches(self, key: Key, modifiers: Modifiers) -> bool {
        let held = Modifiers {
            shift: modifiers.shift && !SHIFT_OR_NOT.contains(&key),
            ..modifiers
        };
        self.key == key && held.matches_exact(self.modifiers)
    }

    /// True if no press can mean both.
    pub fn differs_from(self, other: Self) -> bool {
        !self.matches(other.key, other.modifiers)
    }
}

/// As the settings hold it, the same on all systems: `Ctrl+Comma`.
impl fmt::Display for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.joined("Ctrl", self.key.name()))
    }
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is no key: write Ctrl+O, Shift+Left, F5 or Comma")]
pub struct ShortcutError {
    /// The text.
    pub text: String,
}

impl FromStr for Shortcut {
    type Err = ShortcutError;

    fn from_str(text: &str) -> Result<Self, ShortcutError> {
        let error = || ShortcutError {
            text: text.to_owned(),
        };
        let mut modifiers = Modifiers::NONE;
        let mut rest = text.trim();
        while let Some((name, after)) = rest.split_once('+') {
            match name.trim().to_ascii_lowercase().as_str() {
                "ctrl" | "cmd" | "command" => modifiers.command = true,
                "control" => modifiers.ctrl = true,
                "alt" => modifiers.alt = true,
                "shift" => modifiers.shift = true,
                _ => return Err(error()),
            }
            rest = after.trim();
        }
        let key = Key::from_name(rest).ok_or_else(error)?;
        Ok(Self { modifiers, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_people_read_them() {
        assert_eq!(shift(Key::ArrowLeft).text(), "Shift+Left");
        #[cfg(not(target_os = "macos"))]
        assert_eq!(ctrl(Key::O).text(), "Ctrl+O");
    }

    #[test]
    fn the_question_mark_works_whatever_key_it_needs() {
        let help = key(Key::Questionmark);
        assert!(help.matches(Key::Questionmark, Modifiers::SHIFT));
        assert!(help.matches(Key::Questionmark, Modifiers::NONE));
        assert!(!key(Key::L).matches(Key::L, Modifiers::SHIFT));
        let pressed = Shortcut::pressed(Key::Questionmark, Modifiers::SHIFT);
        assert_eq!(pressed, help);
    }

    #[test]
    fn keys_survive_being_stored() {
        let both = Modifiers::COMMAND | Modifiers::SHIFT;
        for keys in [
            key(Key::Colon),
            ctrl(Key::Comma),
            alt(Key::ArrowUp),
            key(Key::Plus),
            Shortcut::pressed(Key::F5, both),
        ] {
            assert_eq!(keys.to_string().parse(), Ok(keys), "{keys}");
        }
        assert_eq!("shift + Left".parse(), Ok(shift(Key::ArrowLeft)));
        for text in ["", "Ctrl+", "Hyper+X", "Nonsense", "+"] {
            assert!(text.parse::<Shortcut>().is_err(), "{text:?}");
        }
    }
}
