//! The editor of keys: every command with its keys, which a press replaces. A key that another
//! command has is taken from it only if the person says so.

use egui::{
    Align, Button, Event, Key, Label, Layout, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo,
    vec2,
};

use super::{close_button, weak};
use crate::command::{COMMANDS, Command, Commands, Entry, Group, Shortcut};
use crate::fuzzy;
use crate::keymap::{KeyChoice, KeyMap, KeyPreset};
use crate::theme::Palette;

/// What is recorded, and what is looked for.
#[derive(Default)]
pub(super) struct KeyMapState {
    filter: String,
    recording: Option<Recording>,
}

/// A command that waits for a key.
struct Recording {
    name: &'static str,
    /// What was pressed and belongs to another command, or to nobody.
    pressed: Option<Pressed>,
}

/// A press that cannot simply be taken.
enum Pressed {
    /// Another command has it.
    Taken(Shortcut, &'static str),
    /// It cannot be given to a command.
    Reserved(&'static str),
}

impl KeyMapState {
    /// Draws the editor.
    pub(super) fn ui(&mut self, ui: &mut Ui, choice: &KeyChoice, commands: &mut Commands) {
        ui.set_width(660.0_f32.min(ui.ctx().content_rect().width() - 80.0));
        let keys = KeyMap::in_force(ui.ctx());
        self.record(ui, &keys, commands);
        ui.heading("Change keys");
        ui.add_space(6.0);
        self.header(ui, choice, commands);
        ui.add_space(8.0);
        let room = ui.ctx().content_rect().height() - 240.0;
        let list = ScrollArea::vertical()
            .max_height(room)
            .min_scrolled_height(room);
        list.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(room);
            for group in Group::ALL {
                self.group(ui, group, choice, &keys, commands);
            }
        });
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            let any = !choice.changes.is_empty();
            let reset = ui.add_enabled(any, Button::new("Reset all"));
            if reset
                .on_hover_text("All commands get the keys of the preset again")
                .clicked()
            {
                commands.push(Command::ResetAllKeys);
            }
            close_button(ui, commands);
        });
    }

    fn header(&mut self, ui: &mut Ui, choice: &KeyChoice, commands: &mut Commands) {
        ui.horizontal(|ui| {
            ui.label("Start from");
            for (preset, name, about) in KeyPreset::ALL {
                let chosen = choice.preset == preset;
                if ui.radio(chosen, name).on_hover_text(about).clicked() && !chosen {
                    commands.push(Command::SetKeyPreset(preset));
                }
            }
            let width = ui.available_width();
            let edit = TextEdit::singleline(&mut self.filter)
                .hint_text("Find a command")
                .margin(vec2(8.0, 4.0))
                .desired_width(width - 16.0);
            let field = ui.add(edit);
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Find a command"));
            if self.recording.is_some() {
                field.surrender_focus();
            } else if ui.memory(|memory| memory.focused().is_none()) {
                field.request_focus();
            }
        });
        let preset = KeyPreset::ALL.iter().find(|it| it.0 == choice.preset);
        let about = preset.map_or("", |(_, _, about)| about);
        weak(ui, &format!("{about}. Another preset undoes all changes."));
    }

    fn group(
        &mut self,
        ui: &mut Ui,
        group: Group,
        choice: &KeyChoice,
        keys: &KeyMap,
        commands: &mut Commands,
    ) {
        let found = |entry: &&Entry| {
            let is_found =
                self.filter.is_empty() || fuzzy::find(&self.filter, entry.name).is_some();
            // The window system makes this one.
            entry.group == group && entry.command != Command::Paste && is_found
        };
        let entries: Vec<&Entry> = COMMANDS.iter().filter(found).collect();
        if entries.is_empty() {
            return;
        }
        ui.label(RichText::new(group.title()).strong());
        for entry in entries {
            let is_changed = choice.changes.contains_key(entry.name);
            self.row(ui, entry, keys.of(&entry.command), is_changed, commands);
        }
        ui.add_space(10.0);
    }

    fn row(
        &mut self,
        ui: &mut Ui,
        entry: &'static Entry,
        keys: &[Shortcut],
        is_changed: bool,
        commands: &mut Commands,
    ) {
        let palette = Palette::of(ui.visuals());
        let name = entry.name;
        ui.horizontal(|ui| {
            ui.allocate_ui_with_layout(
                vec2(200.0, 24.0),
                Layout::left_to_right(Align::Center),
                |ui| {
                    ui.set_min_width(200.0);
                    let label = Label::new(RichText::new(name).color(palette.text)).truncate();
                    ui.add(label).on_hover_text(entry.description);
                },
            );
            if self.recording.as_ref().is_some_and(|it| it.name == name) {
                self.recording_ui(ui, entry, keys, commands);
                return;
            }
            for held in keys {
                let text = held.text();
                let button = ui.button(RichText::new(format!("{text}  ×")).monospace());
                let label = format!("Take {text} from {name}");
                button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
                if button.on_hover_text(&label).clicked() {
                    let left: Vec<_> = keys.iter().copied().filter(|it| it != held).collect();
                    commands.push(Command::SetKeys(name, left));
                }
            }
            let add =
                ui.add(Button::new(RichText::new("+").monospace()).frame_when_inactive(false));
            let label = format!("Add a key to {name}");
            add.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
            if add.on_hover_text(&label).clicked() {
                self.recording = Some(Recording {
                    name,
                    pressed: None,
                });
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let label = format!("Reset {name}");
                if is_changed {
                    let reset = ui.link("Reset");
                    reset.widget_info(|| WidgetInfo::labeled(Role::Link, true, &label));
                    if reset.clicked() {
                        commands.push(Command::ResetKeys(name));
                    }
                }
            });
        });
    }

    /// The row of the command that waits for a key.
    fn recording_ui(
        &mut self,
        ui: &mut Ui,
        entry: &'static Entry,
        keys: &[Shortcut],
        commands: &mut Commands,
    ) {
        let palette = Palette::of(ui.visuals());
        let pressed = self.recording.as_ref().and_then(|it| it.pressed.as_ref());
        let (text, color) = match pressed {
            None => ("Press a key".to_owned(), palette.accent),
            Some(Pressed::Taken(held, other)) => {
                let text = format!("{} is on “{other}”.", held.text());
                (text, palette.warning)
            }
            Some(Pressed::Reserved(text)) => ((*text).to_owned(), palette.warning),
        };
        ui.label(RichText::new(text).color(color));
        let taken = match pressed {
            Some(Pressed::Taken(held, _)) => Some(*held),
            _ => None,
        };
        let mut done = false;
        if let Some(held) = taken
            && ui.button("Take it").clicked()
        {
            commands.push(Command::SetKeys(entry.name, with(keys, held)));
            done = true;
        }
        done |= ui.button("Cancel").clicked();
        if done {
            self.recording = None;
        }
    }

    /// Takes the press that a command waits for.
    fn record(&mut self, ui: &Ui, keys: &KeyMap, commands: &mut Commands) {
        let Some(recording) = &mut self.recording else {
            return;
        };
        let Some(event) = take_press(ui) else {
            return;
        };
        let (key, modifiers) = match event {
            Event::Key { key, modifiers, .. } => (key, modifiers),
            _ => {
                let text = "The system has this one for copy, cut and paste.";
                recording.pressed = Some(Pressed::Reserved(text));
                return;
            }
        };
        if key == Key::Escape {
            self.recording = None;
            return;
        }
        if key == Key::Tab {
            let text = "Tab goes from one button to the next.";
            recording.pressed = Some(Pressed::Reserved(text));
            return;
        }
        let held = Shortcut::pressed(key, modifiers);
        let own = COMMANDS.iter().find(|entry| entry.name == recording.name);
        match (keys.holder(held), own) {
            (Some(other), Some(own)) if other.name != own.name => {
                recording.pressed = Some(Pressed::Taken(held, other.name));
            }
            (None, Some(own)) => {
                commands.push(Command::SetKeys(
                    own.name,
                    with(keys.of(&own.command), held),
                ));
                self.recording = None;
            }
            // It has it already.
            _ => self.recording = None,
        }
    }
}

/// Keys and one more.
fn with(keys: &[Shortcut], more: Shortcut) -> Vec<Shortcut> {
    keys.iter().copied().chain([more]).collect()
}

/// Takes the first press out of the input, so that it presses nothing; keys that are only held count
/// for nothing.
fn take_press(ui: &Ui) -> Option<Event> {
    let is_press = |event: &Event| match event {
        Event::Key { key, pressed, .. } => *pressed && !is_modifier(*key),
        Event::Copy | Event::Cut | Event::Paste(_) => true,
        _ => false,
    };
    ui.input_mut(|input| {
        let at = input.events.iter().position(is_press)?;
        Some(input.events.remove(at))
    })
}

fn is_modifier(key: Key) -> bool {
    matches!(
        key,
        Key::ShiftLeft
            | Key::ShiftRight
            | Key::ControlLeft
            | Key::ControlRight
            | Key::AltLeft
            | Key::AltRight
            | Key::SuperLeft
            | Key::SuperRight
    )
}
