//! A path to be typed, where the system shows no file dialog.

use egui::{Align, Layout, TextEdit, Ui, vec2};

use super::weak;
use crate::command::{Command, Commands};
use crate::options::Choice;

/// What a path to save at means.
const SAVE: &str = "The path to save it at. A file that is there already is replaced. Without a folder it is \
                    the one that reelscope was started in.";

/// What a path is asked for, and what was typed so far.
pub(super) struct PathField {
    choice: Choice,
    text: String,
}

impl PathField {
    /// An empty field, or the name that was proposed.
    pub(super) fn new(choice: Choice) -> Self {
        let text = match &choice {
            Choice::SaveRecording(name) | Choice::SaveSession(name) | Choice::SaveFrame(name) => {
                name.clone()
            }
            Choice::Locate(lost) => lost.display().to_string(),
            Choice::FramesFolder => ".".to_owned(),
            Choice::VideoFiles | Choice::FfmpegProgram => String::new(),
        };
        Self { choice, text }
    }

    fn words(&self) -> (&'static str, &'static str, &'static str) {
        match self.choice {
            Choice::VideoFiles => (
                "Open",
                "The path of a video or a recording. Dropping files on the window opens them, too.",
                "Open",
            ),
            Choice::FfmpegProgram => ("Choose FFmpeg", "The path of the ffmpeg program.", "Choose"),
            Choice::SaveRecording(_) => ("Save recording", SAVE, "Save"),
            Choice::SaveSession(_) => ("Save session", SAVE, "Save"),
            Choice::Locate(_) => ("Locate", "The path at which the file is now.", "Open"),
            Choice::SaveFrame(_) => ("Save frame", SAVE, "Save"),
            Choice::FramesFolder => (
                "Save all frames",
                "The folder to save them in, each under the name of its stream and its time.",
                "Save",
            ),
        }
    }

    /// What is to be done with the path.
    fn command(&self) -> Option<Command> {
        let text = self.text.trim();
        if text.is_empty() {
            return None;
        }
        Some(match &self.choice {
            Choice::VideoFiles => Command::OpenText(text.to_owned()),
            Choice::FfmpegProgram => Command::SetFfmpegPath(Some(text.into())),
            Choice::SaveRecording(_) => Command::SaveRecordingTo(text.into()),
            Choice::SaveSession(_) => Command::SaveSessionTo(text.into()),
            Choice::Locate(lost) => Command::Located(lost.clone(), text.into()),
            Choice::SaveFrame(_) => Command::SaveFrameTo(text.into()),
            Choice::FramesFolder => Command::SaveFramesIn(text.into()),
        })
    }

    /// Draws it.
    pub(super) fn ui(&mut self, ui: &mut Ui, just_opened: bool, commands: &mut Commands) {
        let (title, help, verb) = self.words();
        ui.set_width(440.0);
        let heading = ui.heading(title);
        ui.add_space(4.0);
        weak(
            ui,
            "This system shows no file dialog: neither its portal nor zenity is there.",
        );
        weak(ui, help);
        ui.add_space(6.0);
        let edit = TextEdit::singleline(&mut self.text)
            .hint_text("/path/to/the file")
            .margin(vec2(8.0, 6.0))
            .desired_width(f32::INFINITY);
        let response = ui.add(edit).labelled_by(heading.id);
        if just_opened {
            response.request_focus();
        }
        let entered =
            response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        ui.add_space(10.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let command = self.command();
            let done = ui.add_enabled(command.is_some(), egui::Button::new(verb));
            if let Some(command) = command
                && (done.clicked() || entered)
            {
                commands.push(command);
                commands.push(Command::CloseDialog);
            }
            if ui.button("Cancel").clicked() {
                commands.push(Command::CloseDialog);
            }
        });
    }
}
