//! What decodes: the FFmpeg program, and hardware.

use egui::{RichText, TextEdit, Ui, vec2};
use reelscope_decode::{HwAccel, MINIMUM_FFMPEG};

use super::{gap, name};
use crate::command::{Command, Commands};
use crate::dialogs::{Facts, weak};
use crate::problem::sentence;
use crate::theme::Palette;

/// Draws the section.
pub(super) fn ui(
    ui: &mut Ui,
    path: &mut String,
    method: &mut String,
    facts: &Facts<'_>,
    commands: &mut Commands,
) {
    ffmpeg(ui, path, facts, commands);
    gap(ui);
    hwaccel(ui, method, facts, commands);
}

fn ffmpeg(ui: &mut Ui, path: &mut String, facts: &Facts<'_>, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let heading = name(ui, "FFmpeg program");
    let (major, minor) = MINIMUM_FFMPEG;
    weak(
        ui,
        &format!(
            "Decodes H.264, H.265, VP8 and VP9. Version {major}.{minor} or newer. \
             Leave empty to search for it."
        ),
    );
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(path)
            .hint_text("found automatically")
            .margin(vec2(8.0, 5.0))
            .desired_width(320.0);
        let response = ui.add(edit).labelled_by(heading.id);
        if response.changed() {
            let path = path.trim();
            let path = (!path.is_empty()).then(|| path.into());
            commands.push(Command::SetFfmpegPath(path));
        }
        if ui.button("Choose…").clicked() {
            commands.push(Command::ChooseFfmpeg);
        }
    });
    ui.add_space(2.0);
    match facts.ffmpeg {
        None => weak(ui, "Looking for FFmpeg…"),
        Some(Ok(install)) => {
            let text = format!(
                "FFmpeg {} · {}",
                install.version_text,
                install.path.display()
            );
            ui.label(RichText::new(text).small().color(palette.cached));
        }
        Some(Err(error)) => {
            let text = sentence(&error.to_string());
            ui.label(RichText::new(text).small().color(palette.error));
            if ui.link("Download page").clicked() {
                commands.push(Command::OpenDownloadPage);
            }
        }
    }
}

/// Off, whatever works, or FFmpeg's name of a method.
fn hwaccel(ui: &mut Ui, named: &mut String, facts: &Facts<'_>, commands: &mut Commands) {
    name(ui, "Hardware decoding");
    weak(
        ui,
        "By FFmpeg, where this computer has it. Each codec is tried first; what fails decodes in software.",
    );
    ui.add_space(4.0);
    let chosen = facts.hwaccel;
    ui.horizontal(|ui| {
        for (choice, name) in [(HwAccel::None, "Off"), (HwAccel::Auto, "Automatic")] {
            if ui.radio(*chosen == choice, name).clicked() {
                commands.push(Command::SetHwAccel(choice));
            }
        }
        let is_named = matches!(chosen, HwAccel::Named(_));
        let label = ui.radio(is_named, "By name");
        let edit = TextEdit::singleline(named)
            .hint_text("vaapi")
            .margin(vec2(8.0, 5.0))
            .desired_width(120.0);
        let edit = ui.add(edit).labelled_by(label.id);
        let parsed = named.parse::<HwAccel>();
        // Not with each letter: every change sets all decoders up anew.
        if (label.clicked() || edit.lost_focus())
            && let Ok(choice) = &parsed
        {
            commands.push(Command::SetHwAccel(choice.clone()));
        }
        if parsed.is_err() && !named.is_empty() {
            let palette = Palette::of(ui.visuals());
            let text = RichText::new("no such name").small();
            ui.label(text.color(palette.warning));
        }
    });
}
