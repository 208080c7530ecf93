//! The window itself: colours, size, motion, keys.

use egui::{Slider, Ui};

use super::{gap, name};
use crate::command::{Command, Commands, Dialog};
use crate::dialogs::weak;
use crate::keymap::KeyPreset;
use crate::settings::{Settings, ThemeChoice, UiScale};

/// Draws the section.
pub(super) fn ui(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    colours(ui, settings, commands);
    gap(ui);
    size(ui, settings, commands);
    gap(ui);
    let mut reduced = settings.reduced_motion;
    let text = egui::RichText::new("Reduced motion").strong();
    if ui.checkbox(&mut reduced, text).changed() {
        commands.push(Command::SetReducedMotion(reduced));
    }
    weak(ui, "Nothing fades or slides; the wheel moves at once.");
    gap(ui);
    keys(ui, settings, commands);
}

/// How large everything is. Applied when the slider is let go: it would move away under the pointer.
fn size(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    let heading = name(ui, "Size");
    ui.add_space(4.0);
    let id = ui.scope_id().with("size");
    let chosen = settings.ui_scale.percent();
    let mut percent = ui.data(|data| data.get_temp::<u16>(id)).unwrap_or(chosen);
    ui.horizontal(|ui| {
        let slider = Slider::new(&mut percent, UiScale::LEAST..=UiScale::MOST)
            .step_by(5.0)
            .suffix(" %");
        let response = ui.add(slider).labelled_by(heading.id);
        if response.dragged() {
            ui.data_mut(|data| data.insert_temp(id, percent));
        } else {
            ui.data_mut(|data| data.remove_temp::<u16>(id));
            if percent != chosen {
                commands.push(Command::SetUiScale(UiScale::from_percent(percent)));
            }
        }
        if chosen != UiScale::NORMAL.percent() && ui.button("Normal").clicked() {
            commands.push(Command::SetUiScale(UiScale::NORMAL));
        }
    });
}

fn colours(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    name(ui, "Colours of the window");
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        for (choice, name) in ThemeChoice::ALL {
            if ui.radio(settings.theme == choice, name).clicked() {
                commands.push(Command::SetTheme(choice));
            }
        }
    });
}

fn keys(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    name(ui, "Keys");
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        for (preset, name, about) in KeyPreset::ALL {
            let chosen = settings.keys.preset == preset;
            if ui.radio(chosen, name).on_hover_text(about).clicked() && !chosen {
                commands.push(Command::SetKeyPreset(preset));
            }
        }
        if ui.button("Change keys…").clicked() {
            commands.push(Command::Show(Dialog::KeyMap));
        }
    });
}
