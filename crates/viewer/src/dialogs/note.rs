//! The note of a mark at the playhead.

use egui::{Align, Key, Layout, RichText, TextEdit, Ui, vec2};

use crate::command::{Command, Commands};
use crate::theme::Palette;
use crate::timecode::time_text;

use super::Facts;

/// Draws the dialog.
pub(super) fn ui(
    ui: &mut Ui,
    text: &mut String,
    just_opened: bool,
    facts: &Facts<'_>,
    commands: &mut Commands,
) {
    ui.set_width(360.0);
    let palette = Palette::of(ui.visuals());
    let now = facts.aim.clock.now();
    if just_opened {
        let marks = facts.markers;
        let there = marks.and_then(|marks| marks.at(now));
        *text = there.map(|(_, mark)| mark.note.clone()).unwrap_or_default();
    }
    let heading = ui.heading("Mark with note");
    let time = time_text(facts.aim.session.timeline_kind(), now);
    ui.label(RichText::new(time).monospace().color(palette.weak));
    ui.add_space(6.0);
    let edit = TextEdit::singleline(text)
        .hint_text("What is to be seen here")
        .margin(vec2(8.0, 6.0))
        .desired_width(f32::INFINITY);
    let response = ui.add(edit).labelled_by(heading.id);
    if just_opened {
        response.request_focus();
    }
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.add_space(10.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.button("Mark").clicked() || entered {
            commands.push(Command::AddMarkerAt(now, text.trim().to_owned()));
            commands.push(Command::CloseDialog);
        }
        if ui.button("Cancel").clicked() {
            commands.push(Command::CloseDialog);
        }
    });
}
