//! The menu about how the focused picture looks.

use egui::Ui;

use super::{Status, item_clicked, item_marked};
use crate::command::{Command, Commands, why_not};
use crate::picture_choice::{CHANNELS, CHROMA_FILTERS, Stretch};
use crate::settings::PixelText;

/// Draws the menu.
pub(super) fn ui(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(240.0);
    for command in [Command::FitVideo, Command::ActualSize] {
        item_marked(ui, &command, None, status, commands);
    }
    ui.separator();
    ui.menu_button("Channels", |ui| channels(ui, status, commands));
    ui.menu_button("Exposure", |ui| exposure(ui, status, commands));
    ui.menu_button("Stretch", |ui| {
        ui.set_min_width(180.0);
        for stretch in Stretch::ALL {
            item_marked(ui, &Command::Stretch(stretch), None, status, commands);
        }
    });
    let marks = status.picture.as_ref().map(|it| it.marks_clipping);
    item_marked(ui, &Command::ToggleClipping, marks, status, commands);
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
        status,
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
        let is_shown = status
            .picture
            .as_ref()
            .is_some_and(|choice| choice.channel == channel);
        let reason = why_not(&command, &status.situation);
        // What is shown already would be taken back.
        if item_clicked(ui, &command, Some(is_shown), reason) && !is_shown {
            commands.push(command);
        }
    }
}

fn exposure(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(180.0);
    for command in [Command::Brighten(1), Command::Brighten(-1)] {
        item_marked(ui, &command, None, status, commands);
    }
    item_marked(ui, &Command::ResetExposure, None, status, commands);
}
