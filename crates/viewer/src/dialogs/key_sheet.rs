//! The key sheet: all keys in force, and what the pointer does.

use egui::{Align, Layout, RichText, ScrollArea, Ui, vec2};

use super::close_button;
use crate::command::{COMMANDS, Command, Commands, Dialog, Group};
use crate::keymap::KeyMap;
use crate::theme::Palette;

/// Width from which the key sheet has three columns.
const ROOM_FOR_THREE: f32 = 1_000.0;

/// Draws the sheet.
pub(super) fn ui(ui: &mut Ui, commands: &mut Commands) {
    let width = 1_120.0_f32.min(ui.ctx().content_rect().width() - 80.0);
    ui.set_width(width);
    ui.heading("Keys");
    ui.add_space(8.0);
    let room = ui.ctx().content_rect().height() - 180.0;
    // At once as high as it will be.
    let list = ScrollArea::vertical()
        .max_height(room)
        .min_scrolled_height(room);
    list.show(ui, |ui| {
        // All of it is to be seen at once, in most windows.
        ui.spacing_mut().item_spacing.y = 2.0;
        let lists: &[&[Group]] = if width >= ROOM_FOR_THREE {
            &[
                &[Group::Playback],
                &[Group::Picture, Group::File],
                &[Group::View, Group::Help],
            ]
        } else {
            &[
                &[Group::Playback, Group::File],
                &[Group::Picture, Group::View, Group::Help],
            ]
        };
        ui.columns(lists.len(), |columns| {
            for (at, (ui, groups)) in columns.iter_mut().zip(lists).enumerate() {
                for group in *groups {
                    key_group(ui, *group);
                }
                if at == 1 {
                    pointer_help(ui);
                }
            }
        });
    });
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        if ui.button("Change keys…").clicked() {
            commands.push(Command::Show(Dialog::KeyMap));
        }
        close_button(ui, commands);
    });
}

fn key_group(ui: &mut Ui, group: Group) {
    ui.label(RichText::new(group.title()).strong());
    ui.add_space(2.0);
    let map = KeyMap::in_force(ui.ctx());
    for entry in COMMANDS.iter().filter(|entry| entry.group == group) {
        let keys: Vec<String> = map
            .of(&entry.command)
            .iter()
            .map(|keys| keys.text())
            .collect();
        if !keys.is_empty() {
            key_row(ui, &keys.join("  "), entry.description);
        }
    }
    ui.add_space(10.0);
}

fn pointer_help(ui: &mut Ui) {
    ui.label(RichText::new("Pointer").strong());
    ui.add_space(2.0);
    for (what, does) in [
        ("Wheel", "Zoom the picture; pan the timeline"),
        ("Ctrl+wheel", "Zoom the timeline"),
        ("Shift+hover", "Loupe: the values of a pixel"),
        ("Ctrl+click", "Copy the values of a pixel"),
        ("Drag", "Pan the picture; move the playhead"),
        ("Double click", "Maximise a tile; show the whole timeline"),
    ] {
        key_row(ui, what, does);
    }
}

fn key_row(ui: &mut Ui, keys: &str, text: &str) {
    let palette = Palette::of(ui.visuals());
    ui.horizontal_top(|ui| {
        let keys = RichText::new(keys).monospace().color(palette.text);
        ui.add_sized(vec2(112.0, 18.0), LeftLabel(keys));
        ui.add(egui::Label::new(RichText::new(text).color(palette.weak)).wrap());
    });
}

/// A label at the left of the space it is given.
struct LeftLabel(RichText);

impl egui::Widget for LeftLabel {
    fn ui(self, ui: &mut Ui) -> egui::Response {
        ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
            ui.set_width(112.0);
            ui.label(self.0)
        })
        .inner
    }
}
