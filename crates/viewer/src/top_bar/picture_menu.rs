//! The menu about how the focused picture looks.

use egui::{Button, Ui};

use super::{Status, item_marked};
use crate::command::{Command, Commands, entry};
use reelscope_render::Channel;

use crate::picture_choice::{CHANNELS, CHROMA_FILTERS, Stretch};
use crate::settings::PixelText;

/// Draws the menu.
pub(super) fn ui(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(240.0);
    let any = status.picture.is_some();
    for command in [Command::FitVideo, Command::ActualSize] {
        item_marked(ui, &command, None, any, commands);
    }
    ui.separator();
    ui.menu_button("Channels", |ui| channels(ui, status, commands));
    ui.menu_button("Exposure", |ui| exposure(ui, status, commands));
    ui.menu_button("Stretch", |ui| {
        ui.set_min_width(180.0);
        for stretch in Stretch::ALL {
            item_marked(ui, &Command::Stretch(stretch), None, any, commands);
        }
    });
    let marks = status.picture.as_ref().map(|it| it.choice.marks_clipping);
    item_marked(ui, &Command::ToggleClipping, marks, any, commands);
    ui.menu_button("Chroma interpolation", |ui| {
        for (filter, name) in CHROMA_FILTERS {
            if ui.radio(status.chroma_filter == filter, name).clicked() {
                commands.push(Command::SetChromaFilter(filter));
                ui.close();
            }
        }
    });
    ui.separator();
    item_marked(
        ui,
        &Command::ToggleLoupe,
        Some(status.loupe),
        true,
        commands,
    );
    ui.menu_button("Written into pixels", |ui| {
        for (text, name) in PixelText::ALL {
            let hint = "What stands in pixels that are shown 32 times as large or larger";
            if ui
                .radio(status.pixel_text == text, name)
                .on_hover_text(hint)
                .clicked()
            {
                commands.push(Command::SetPixelText(text));
                ui.close();
            }
        }
    });
}

/// One channel alone, as far as the picture has it.
fn channels(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(180.0);
    for channel in CHANNELS {
        let command = Command::ShowChannel(channel);
        let Some(entry) = entry(&command) else {
            continue;
        };
        let keys = entry.keys.first().map(|keys| keys.text());
        let has = status.picture.as_ref().is_some_and(|picture| {
            let has = |format| Channel::of(format).any(|it| it == channel);
            picture.format.is_none_or(has)
        });
        let is_shown = status
            .picture
            .as_ref()
            .is_some_and(|picture| picture.choice.channel == channel);
        let button = Button::new(entry.name)
            .shortcut_text(keys.unwrap_or_default())
            .selected(is_shown);
        let response = ui
            .add_enabled(has, button)
            .on_disabled_hover_text("The focused picture has no such channel");
        if response.clicked() {
            // What is shown already would be taken back.
            if !is_shown {
                commands.push(command);
            }
            ui.close();
        }
    }
}

fn exposure(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(180.0);
    let exposure = status.picture.as_ref().map(|it| it.choice.exposure);
    for command in [Command::Brighten(1), Command::Brighten(-1)] {
        item_marked(ui, &command, None, exposure.is_some(), commands);
    }
    let changed = exposure.is_some_and(|exposure| exposure.text().is_some());
    item_marked(ui, &Command::ResetExposure, None, changed, commands);
}
