//! The dialogs: settings, the palette of commands, keys, go to, about, a path. At most one is open.

mod go_to;
mod key_map;
mod key_sheet;
mod note;
mod palette;
mod path;
mod settings;
mod unsaved;

use egui::{Align, Align2, Frame, Id, Layout, Modal, RichText, Ui, vec2};
use reelscope_decode::{FfmpegError, FfmpegInstall, HwAccel};

use self::key_map::KeyMapState;
use self::palette::PaletteState;
use self::path::PathField;
use self::settings::SettingsState;
use crate::aim::Aim;
use crate::command::{Command, Commands, Dialog, Situation};
use crate::markers::Markers;
use crate::options::Choice;
use crate::settings::Settings;
use crate::theme::Palette;

/// From the top of the window to a dialog that is filled in quickly.
const BELOW_TOP: f32 = 64.0;

/// Which dialog is open, and what was typed into it.
#[derive(Default)]
pub(crate) struct DialogState {
    open: Option<Dialog>,
    /// A path that is asked for, in front of any other dialog.
    path: Option<PathField>,
    place: String,
    note: String,
    palette: PaletteState,
    key_map: KeyMapState,
    settings: SettingsState,
    just_opened: bool,
}

/// What the dialogs show.
pub(crate) struct Facts<'a> {
    pub(crate) settings: &'a Settings,
    /// Memory for decoded frames that is in force, in bytes.
    pub(crate) cache_bytes: usize,
    pub(crate) memory_limit: usize,
    /// The wish for hardware decoding that is in force.
    pub(crate) hwaccel: &'a HwAccel,
    /// The FFmpeg there is; `None` while it is being looked for.
    pub(crate) ffmpeg: Option<&'a Result<FfmpegInstall, FfmpegError>>,
    /// Where programs can log to now.
    pub(crate) listens_at: Vec<String>,
    /// What is possible now.
    pub(crate) situation: Situation,
    /// The marks, if there are any.
    pub(crate) markers: Option<&'a Markers>,
    /// The name of the session file; empty if there is none.
    pub(crate) session_name: &'a str,
    /// Where places are.
    pub(crate) aim: Aim<'a>,
}

impl DialogState {
    /// Opens a dialog.
    pub(crate) fn show(&mut self, dialog: Dialog, settings: &Settings, hwaccel: &HwAccel) {
        self.open = Some(dialog);
        self.just_opened = true;
        self.place.clear();
        self.palette.open();
        self.key_map = KeyMapState::default();
        self.settings.open(settings, hwaccel);
    }

    /// Asks for a path, where there is no file dialog.
    pub(crate) fn ask_for_path(&mut self, choice: Choice) {
        self.path = Some(PathField::new(choice));
        self.just_opened = true;
    }

    /// Puts the settings' path into the field.
    pub(crate) fn set_ffmpeg_text(&mut self, settings: &Settings) {
        self.settings.set_ffmpeg_text(settings);
    }

    /// Closes what is open.
    pub(crate) fn close(&mut self) {
        if self.path.take().is_none() {
            self.open = None;
        }
    }

    /// True if a dialog is open.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some() || self.path.is_some()
    }

    /// Draws what is open.
    pub(crate) fn ui(&mut self, ctx: &egui::Context, facts: &Facts<'_>, commands: &mut Commands) {
        if !self.is_open() {
            return;
        }
        // One size each: the last one's is not that of the next.
        let id = Id::unique(("dialog", self.path.is_some(), self.open.map(|it| it as u8)));
        let mut area = Modal::default_area(id);
        if self.path.is_none()
            && matches!(
                self.open,
                Some(Dialog::Palette | Dialog::GoTo | Dialog::Note)
            )
        {
            // What grows and shrinks while one types stays where it is, and hides less there.
            area = area.anchor(Align2::CENTER_TOP, vec2(0.0, BELOW_TOP));
        }
        let response = Modal::new(id).area(area).frame(frame(ctx)).show(ctx, |ui| {
            match (&mut self.path, self.open) {
                (Some(path), _) => path.ui(ui, self.just_opened, commands),
                (None, Some(Dialog::Settings)) => self.settings.ui(ui, facts, commands),
                (None, Some(Dialog::Palette)) => self.palette.ui(ui, facts, commands),
                (None, Some(Dialog::Keys)) => key_sheet::ui(ui, commands),
                (None, Some(Dialog::KeyMap)) => self.key_map.ui(ui, &facts.settings.keys, commands),
                (None, Some(Dialog::GoTo)) => {
                    go_to::ui(ui, &mut self.place, self.just_opened, &facts.aim, commands);
                }
                (None, Some(Dialog::Note)) => {
                    note::ui(ui, &mut self.note, self.just_opened, facts, commands);
                }
                (None, Some(Dialog::Unsaved)) => unsaved::ui(ui, facts.session_name, commands),
                (None, Some(Dialog::About)) => about_ui(ui, commands),
                (None, None) => {}
            }
        });
        if response.should_close() {
            commands.push(Command::CloseDialog);
        }
        self.just_opened = false;
    }
}

fn frame(ctx: &egui::Context) -> Frame {
    Frame::popup(&ctx.style_of(ctx.theme()))
        .inner_margin(20)
        .corner_radius(8)
}

fn weak(ui: &mut Ui, text: &str) {
    let palette = Palette::of(ui.visuals());
    ui.label(RichText::new(text).small().color(palette.weak));
}

fn close_button(ui: &mut Ui, commands: &mut Commands) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.button("Close").clicked() {
            commands.push(Command::CloseDialog);
        }
    });
}

fn about_ui(ui: &mut Ui, commands: &mut Commands) {
    ui.set_width(360.0);
    ui.heading("reelscope");
    weak(ui, &format!("Version {}", env!("CARGO_PKG_VERSION")));
    ui.add_space(8.0);
    ui.label("A viewer for video logs: every frame exact, many streams on one timeline.");
    ui.add_space(4.0);
    weak(ui, "Licence: MIT");
    ui.add_space(12.0);
    close_button(ui, commands);
}
