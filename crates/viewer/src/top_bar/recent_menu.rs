//! The menu of what was opened lately.

use std::path::Path;

use egui::{RichText, Ui};

use super::Status;
use crate::command::{Command, Commands};
use crate::session::file_name;
use crate::theme::Palette;
use crate::widgets::elided;

/// Characters of a name that are shown.
const NAME: usize = 44;

/// Draws it, as an item of another menu.
pub(super) fn ui(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    let any = !status.recents.is_empty();
    ui.add_enabled_ui(any, |ui| {
        ui.menu_button("Open recent", |ui| list(ui, status, commands))
            .response
            .on_disabled_hover_text("Nothing has been opened yet");
    });
}

fn list(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(280.0);
    let palette = Palette::of(ui.visuals());
    for recent in status.recents.iter() {
        let path = Path::new(&recent.path);
        let known = status.recent.known(&recent.path);
        let missing = known.and_then(|known| known.missing.as_deref());
        let name = RichText::new(elided(&file_name(path), NAME));
        let name = if missing.is_some() {
            name.color(palette.faint)
        } else {
            name
        };
        let tip = match missing {
            Some(reason) => format!("{}\n{reason}", recent.path),
            None => recent.path.clone(),
        };
        if ui.button(name).on_hover_text(tip).clicked() {
            commands.push(Command::OpenPaths(vec![path.to_owned()]));
            ui.close();
        }
    }
    ui.separator();
    if ui.button("Clear list").clicked() {
        commands.push(Command::ClearRecents);
        ui.close();
    }
}
