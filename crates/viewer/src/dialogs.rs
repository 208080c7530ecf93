//! The dialogs: settings, the palette of commands, keys, go to, about, a path. At most one is open.

mod go_to;
mod key_map;
mod key_sheet;
mod note;
mod palette;
mod path;

use egui::{Align, Align2, Frame, Id, Layout, Modal, RichText, ScrollArea, TextEdit, Ui, vec2};
use reelscope_decode::{FfmpegError, FfmpegInstall, HwAccel, MINIMUM_FFMPEG};

use self::key_map::KeyMapState;
use self::palette::PaletteState;
use self::path::PathField;
use crate::aim::Aim;
use crate::command::{Command, Commands, Dialog, Situation};
use crate::keymap::KeyPreset;
use crate::markers::Markers;
use crate::options::Choice;
use crate::problem::sentence;
use crate::settings::{MAX_CACHE_MIB, MAX_MEMORY_MIB, MIN_CACHE_MIB, Settings, ThemeChoice};
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
    ffmpeg: String,
    hwaccel: String,
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
    /// What is possible now.
    pub(crate) situation: Situation,
    /// The marks, if there are any.
    pub(crate) markers: Option<&'a Markers>,
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
        self.set_ffmpeg_text(settings);
        self.hwaccel = match hwaccel {
            HwAccel::Named(name) => name.clone(),
            HwAccel::None | HwAccel::Auto => String::new(),
        };
    }

    /// Asks for a path, where there is no file dialog.
    pub(crate) fn ask_for_path(&mut self, choice: Choice) {
        self.path = Some(PathField::new(choice));
        self.just_opened = true;
    }

    /// Puts the settings' path into the field.
    pub(crate) fn set_ffmpeg_text(&mut self, settings: &Settings) {
        self.ffmpeg = settings
            .ffmpeg_path
            .as_ref()
            .map(|path| path.display().to_string())
            .unwrap_or_default();
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
                (None, Some(Dialog::Settings)) => self.settings_ui(ui, facts, commands),
                (None, Some(Dialog::Palette)) => self.palette.ui(ui, facts, commands),
                (None, Some(Dialog::Keys)) => key_sheet::ui(ui, commands),
                (None, Some(Dialog::KeyMap)) => self.key_map.ui(ui, &facts.settings.keys, commands),
                (None, Some(Dialog::GoTo)) => {
                    go_to::ui(ui, &mut self.place, self.just_opened, &facts.aim, commands);
                }
                (None, Some(Dialog::Note)) => {
                    note::ui(ui, &mut self.note, self.just_opened, facts, commands);
                }
                (None, Some(Dialog::About)) => about_ui(ui, commands),
                (None, None) => {}
            }
        });
        if response.should_close() {
            commands.push(Command::CloseDialog);
        }
        self.just_opened = false;
    }

    fn settings_ui(&mut self, ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
        ui.set_width(520.0);
        ui.heading("Settings");
        ui.add_space(10.0);
        let room = ui.ctx().content_rect().height() - 170.0;
        // At once as high as it will be.
        let list = ScrollArea::vertical()
            .max_height(room)
            .min_scrolled_height(room);
        list.show(ui, |ui| {
            self.ffmpeg_ui(ui, facts, commands);
            ui.add_space(14.0);
            memory_ui(ui, facts, commands);
            ui.add_space(14.0);
            rows_ui(ui, facts, commands);
            ui.add_space(14.0);
            previews_ui(ui, facts.settings, commands);
            ui.add_space(14.0);
            hwaccel_ui(ui, &mut self.hwaccel, facts, commands);
            ui.add_space(14.0);
            colours_ui(ui, facts.settings, commands);
            ui.add_space(14.0);
            keys_ui(ui, facts.settings, commands);
        });
        ui.add_space(16.0);
        close_button(ui, commands);
    }

    fn ffmpeg_ui(&mut self, ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
        let palette = Palette::of(ui.visuals());
        let heading = ui.label(RichText::new("FFmpeg program").strong());
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
            let edit = TextEdit::singleline(&mut self.ffmpeg)
                .hint_text("found automatically")
                .margin(vec2(8.0, 5.0))
                .desired_width(408.0);
            let response = ui.add(edit).labelled_by(heading.id);
            if response.changed() {
                let path = self.ffmpeg.trim();
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

fn memory_ui(ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
    let heading = ui.label(RichText::new("Memory for decoded frames").strong());
    weak(
        ui,
        "More memory means more frames that can be stepped through and scrubbed without decoding again.",
    );
    ui.add_space(4.0);
    let in_force = u32::try_from(facts.cache_bytes >> 20).unwrap_or(u32::MAX);
    let chosen = facts.settings.cache_mib;
    // Within the range: what lies outside would be taken for a choice.
    let mut mib = chosen
        .unwrap_or(in_force)
        .clamp(MIN_CACHE_MIB, MAX_CACHE_MIB);
    ui.horizontal(|ui| {
        let drag = egui::DragValue::new(&mut mib)
            .range(MIN_CACHE_MIB..=MAX_CACHE_MIB)
            .speed(16.0)
            .suffix(" MiB");
        if ui.add(drag).labelled_by(heading.id).changed() {
            commands.push(Command::SetCacheSize(Some(mib)));
        }
        if chosen.is_none() {
            weak(ui, "by the memory that this computer has");
        } else if ui.button("Automatic").clicked() {
            commands.push(Command::SetCacheSize(None));
        }
    });
}

/// Memory for what programs log.
fn rows_ui(ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
    let heading = ui.label(RichText::new("Memory in all").strong());
    weak(
        ui,
        "When it is full, the oldest of what programs have logged goes, in whole groups of pictures.",
    );
    ui.add_space(4.0);
    let in_force = u32::try_from(facts.memory_limit >> 20).unwrap_or(u32::MAX);
    let chosen = facts.settings.memory_limit_mib;
    let mut mib = chosen
        .unwrap_or(in_force)
        .clamp(MIN_CACHE_MIB, MAX_MEMORY_MIB);
    ui.horizontal(|ui| {
        let drag = egui::DragValue::new(&mut mib)
            .range(MIN_CACHE_MIB..=MAX_MEMORY_MIB)
            .speed(64.0)
            .suffix(" MiB");
        if ui.add(drag).labelled_by(heading.id).changed() {
            commands.push(Command::SetMemoryLimit(Some(mib)));
        }
        if chosen.is_none() {
            weak(ui, "by the memory that this computer has");
        } else if ui.button("Automatic").clicked() {
            commands.push(Command::SetMemoryLimit(None));
        }
    });
}

fn previews_ui(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    let mut previews = settings.previews;
    if ui
        .checkbox(
            &mut previews,
            RichText::new("Previews in idle time").strong(),
        )
        .changed()
    {
        commands.push(Command::SetPreviews(previews));
    }
    weak(
        ui,
        "Small pictures of the whole file, for the timeline and for fast dragging. \
         They take at most an eighth of the memory for decoded frames.",
    );
}

/// Off, whatever works, or FFmpeg's name of a method.
fn hwaccel_ui(ui: &mut Ui, named: &mut String, facts: &Facts<'_>, commands: &mut Commands) {
    ui.label(RichText::new("Hardware decoding").strong());
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

fn colours_ui(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    ui.label(RichText::new("Colours of the window").strong());
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        for (choice, name) in ThemeChoice::ALL {
            if ui.radio(settings.theme == choice, name).clicked() {
                commands.push(Command::SetTheme(choice));
            }
        }
    });
}

fn keys_ui(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    ui.label(RichText::new("Keys").strong());
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
