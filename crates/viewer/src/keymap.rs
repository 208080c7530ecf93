//! Which command is on which key: a preset, and what the person changed about it.

mod preset;

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Context, Id, Key, Modifiers};
use serde::{Deserialize, Serialize};

use crate::command::{COMMANDS, Command, Entry, Shortcut};

pub use preset::KeyPreset;

/// What the person chose about keys, as the settings keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyChoice {
    /// The keys to start from.
    #[serde(with = "preset::text")]
    pub preset: KeyPreset,
    /// The keys of the commands that were changed, by the command's name: `Ctrl+Shift+F5`. What
    /// names no command or no key is as if it were not there.
    pub changes: BTreeMap<String, Vec<String>>,
}

impl KeyChoice {
    /// Gives a command these keys, and takes them from all others that were changed.
    pub(crate) fn set(&mut self, name: &str, keys: &[Shortcut]) {
        for held in self.changes.values_mut() {
            held.retain(|text| {
                let held = text.parse::<Shortcut>();
                held.is_ok_and(|held| keys.iter().all(|new| new.differs_from(held)))
            });
        }
        let texts = keys.iter().map(Shortcut::to_string).collect();
        self.changes.insert(name.to_owned(), texts);
    }

    /// Gives a command the keys of the preset again.
    pub(crate) fn reset(&mut self, name: &str) {
        self.changes.remove(name);
    }

    /// The person's own keys of a command.
    fn of(&self, entry: &Entry) -> Option<Vec<Shortcut>> {
        let texts = self.changes.get(entry.name)?;
        Some(texts.iter().filter_map(|text| text.parse().ok()).collect())
    }
}

/// The keys in force. No key is on two commands: what the person chose goes before the preset, the
/// preset before the table of commands.
#[derive(Debug, Default)]
pub(crate) struct KeyMap {
    /// In the order of the table.
    keys: Vec<Vec<Shortcut>>,
}

impl KeyMap {
    /// The keys that follow from a choice.
    pub(crate) fn new(choice: &KeyChoice) -> Self {
        let mut map = Self {
            keys: vec![Vec::new(); COMMANDS.len()],
        };
        let preset = choice.preset.keys();
        let of_preset = |entry: &Entry| {
            let row = preset.iter().find(|(command, _)| *command == entry.command);
            row.map(|(_, keys)| keys.to_vec())
        };
        // The window system turns this key into a paste.
        map.take(|entry| (entry.command == Command::Paste).then(|| entry.keys.to_vec()));
        map.take(|entry| choice.of(entry));
        let unchanged = |entry: &&Entry| choice.of(entry).is_none();
        map.take(|entry| Some(entry).filter(unchanged).and_then(of_preset));
        map.take(|entry| {
            let own = unchanged(&entry) && of_preset(entry).is_none();
            own.then(|| entry.keys.to_vec())
        });
        map
    }

    /// Gives commands their keys as far as those are free.
    fn take(&mut self, wanted: impl Fn(&Entry) -> Option<Vec<Shortcut>>) {
        for (at, entry) in COMMANDS.iter().enumerate() {
            for keys in wanted(entry).unwrap_or_default() {
                let is_free = self.holder(keys).is_none();
                if let Some(own) = self.keys.get_mut(at).filter(|_| is_free) {
                    own.push(keys);
                }
            }
        }
    }

    /// The keys of a command, the one to show first.
    pub(crate) fn of(&self, command: &Command) -> &[Shortcut] {
        let at = COMMANDS.iter().position(|entry| entry.command == *command);
        at.and_then(|at| self.keys.get(at))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The first key of a command as people read it; empty if it has none.
    pub(crate) fn text(&self, command: &Command) -> String {
        let first = self.of(command).first();
        first.map(|keys| keys.text()).unwrap_or_default()
    }

    /// The command that a press means.
    pub(crate) fn pressed(&self, key: Key, modifiers: Modifiers) -> Option<&'static Entry> {
        let held = |all: &Vec<Shortcut>| all.iter().any(|keys| keys.matches(key, modifiers));
        COMMANDS.get(self.keys.iter().position(held)?)
    }

    /// The command that has a key.
    pub(crate) fn holder(&self, keys: Shortcut) -> Option<&'static Entry> {
        self.pressed(keys.key, keys.modifiers)
    }

    /// Lets everything that is drawn know the keys, as it knows the style.
    pub(crate) fn install(self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_temp(Id::unique("keys in force"), Arc::new(self)));
    }

    /// The keys that were installed last.
    pub(crate) fn in_force(ctx: &Context) -> Arc<Self> {
        let installed = ctx.data(|data| data.get_temp(Id::unique("keys in force")));
        installed.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(map: &KeyMap, command: &Command) -> Vec<String> {
        map.of(command).iter().map(|keys| keys.text()).collect()
    }

    fn choice(changes: &[(&str, &[&str])]) -> KeyChoice {
        let texts = |keys: &[&str]| keys.iter().map(|&text| text.to_owned()).collect();
        KeyChoice {
            changes: changes
                .iter()
                .map(|(name, keys)| ((*name).to_owned(), texts(keys)))
                .collect(),
            ..KeyChoice::default()
        }
    }

    #[test]
    fn a_key_that_was_chosen_leaves_the_command_that_had_it() {
        let map = KeyMap::new(&choice(&[("Stop", &["F"])]));
        assert_eq!(text(&map, &Command::Stop), ["F"]);
        assert!(map.of(&Command::FitVideo).is_empty());
        assert!(map.pressed(Key::K, Modifiers::NONE).is_none());
        let found = map.pressed(Key::F, Modifiers::NONE).map(|it| it.name);
        assert_eq!(found, Some("Stop"));
    }

    #[test]
    fn a_key_goes_back_where_it_came_from() {
        let mut choice = choice(&[("Fit", &["Ctrl+F"])]);
        choice.set("Stop", &["Ctrl+F".parse().unwrap()]);
        assert!(KeyMap::new(&choice).of(&Command::FitVideo).is_empty());
        choice.reset("Fit");
        choice.reset("Stop");
        let map = KeyMap::new(&choice);
        assert_eq!(text(&map, &Command::FitVideo), ["F"]);
        assert_eq!(text(&map, &Command::Stop), ["K"]);
    }

    #[test]
    fn what_makes_no_sense_changes_nothing_else() {
        let map = KeyMap::new(&choice(&[
            ("No such command", &["F"]),
            ("Stop", &["Hyper+F", "F6"]),
            ("Loop mode", &["F6", "Ctrl+V"]),
        ]));
        assert_eq!(text(&map, &Command::FitVideo), ["F"]);
        assert_eq!(text(&map, &Command::Stop), ["F6"]);
        assert!(map.of(&Command::CycleLoop).is_empty());
    }

    #[test]
    fn choices_survive_being_stored() {
        let mut kept = choice(&[("Stop", &["Ctrl+Comma"])]);
        kept.preset = KeyPreset::Mpv;
        let text = toml::to_string(&kept).unwrap();
        assert!(text.contains("preset = \"mpv\""), "{text}");
        assert_eq!(toml::from_str::<KeyChoice>(&text).unwrap(), kept);
        let unknown = toml::from_str::<KeyChoice>("preset = \"vi\"").unwrap();
        assert_eq!(unknown, KeyChoice::default());
    }
}
