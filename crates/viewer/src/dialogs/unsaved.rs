//! Whether to save the session before the window is closed.

use egui::{Align, Layout, Ui};

use super::weak;
use crate::command::{AndSave, Command, Commands};

/// Draws the dialog.
pub(super) fn ui(ui: &mut Ui, name: &str, commands: &mut Commands) {
    ui.set_width(400.0);
    ui.heading(format!("Save {name}?"));
    ui.add_space(4.0);
    weak(
        ui,
        "Files, layout, colours or marks were changed since the session was saved.",
    );
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let choices = [
            ("Save", Command::Leave(AndSave::Yes)),
            ("Do not save", Command::Leave(AndSave::No)),
            ("Cancel", Command::CloseDialog),
        ];
        for (name, command) in choices {
            if ui.button(name).clicked() {
                commands.push(command);
            }
        }
    });
}
