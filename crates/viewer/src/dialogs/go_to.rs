//! "Go to": a field for a place, which says where it leads while one types.

use egui::{Align, Button, Grid, Key, Layout, RichText, TextEdit, Ui, vec2};

use crate::aim::Aim;
use crate::command::{Command, Commands};
use crate::place::Place;
use crate::problem::sentence;
use crate::theme::Palette;

/// What is understood.
const KINDS: [(&str, &str); 4] = [
    ("#1500", "a frame of the focused stream"),
    ("12.3s   1500ms   00:01:02.5", "a time"),
    ("2026-09-21T14:13:20Z", "a moment, on timelines with days"),
    ("+5f   -2s", "a step from here"),
];

/// Draws the dialog.
pub(super) fn ui(
    ui: &mut Ui,
    text: &mut String,
    just_opened: bool,
    aim: &Aim<'_>,
    commands: &mut Commands,
) {
    ui.set_width(420.0);
    let palette = Palette::of(ui.visuals());
    let heading = ui.heading("Go to");
    ui.add_space(6.0);
    let edit = TextEdit::singleline(text)
        .hint_text("#1500")
        .margin(vec2(8.0, 6.0))
        .desired_width(f32::INFINITY);
    let response = ui.add(edit).labelled_by(heading.id);
    if just_opened {
        response.request_focus();
    }
    let place = text.parse::<Place>().ok();
    let there = place.map(|place| aim.words(place));
    let (words, color) = match &there {
        Some(Ok(words)) => (words.clone(), palette.cached),
        Some(Err(reason)) => (sentence(reason), palette.warning),
        None if text.trim().is_empty() => ("Frames count from #0.".to_owned(), palette.weak),
        None => (
            "Not a place yet. Understood is:".to_owned(),
            palette.warning,
        ),
    };
    ui.add_space(2.0);
    ui.label(RichText::new(words).color(color));
    ui.add_space(6.0);
    let kinds = Grid::new("kinds of places").spacing(vec2(16.0, 2.0));
    kinds.show(ui, |ui| {
        for (example, what) in KINDS {
            let example = RichText::new(example).small().monospace();
            ui.label(example.color(palette.text));
            ui.label(RichText::new(what).small().color(palette.weak));
            ui.end_row();
        }
    });
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.add_space(10.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let place = place.filter(|_| matches!(there, Some(Ok(_))));
        let go = ui.add_enabled(place.is_some(), Button::new("Go"));
        match place {
            Some(place) if go.clicked() || entered => {
                commands.push(Command::GoTo(place));
                commands.push(Command::CloseDialog);
            }
            // So that one can go on typing.
            _ if entered => response.request_focus(),
            _ => {}
        }
        if ui.button("Cancel").clicked() {
            commands.push(Command::CloseDialog);
        }
    });
}
