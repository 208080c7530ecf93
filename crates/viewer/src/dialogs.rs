//! The dialogs: settings, all keys, go to, about. At most one is open.

use egui::{Align, Frame, Id, Layout, Modal, RichText, ScrollArea, TextEdit, Ui, vec2};
use reelscope_decode::{FfmpegError, FfmpegInstall, HwAccel, MINIMUM_FFMPEG};

use crate::command::{COMMANDS, Command, Commands, Dialog, Group};
use crate::problem::sentence;
use crate::settings::{MAX_CACHE_MIB, MAX_MEMORY_MIB, MIN_CACHE_MIB, Settings, ThemeChoice};
use crate::theme::Palette;
use crate::timecode::Place;

/// Which dialog is open, and what was typed into it.
#[derive(Default)]
pub(crate) struct DialogState {
    open: Option<Dialog>,
    place: String,
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
}

impl DialogState {
    /// Opens a dialog.
    pub(crate) fn show(&mut self, dialog: Dialog, settings: &Settings, hwaccel: &HwAccel) {
        self.open = Some(dialog);
        self.just_opened = true;
        self.place.clear();
        self.set_ffmpeg_text(settings);
        self.hwaccel = match hwaccel {
            HwAccel::Named(name) => name.clone(),
            HwAccel::None | HwAccel::Auto => String::new(),
        };
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
        self.open = None;
    }

    /// True if a dialog is open.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Draws what is open.
    pub(crate) fn ui(&mut self, ctx: &egui::Context, facts: &Facts<'_>, commands: &mut Commands) {
        let Some(dialog) = self.open else {
            return;
        };
        let response = Modal::new(Id::unique("dialog"))
            .frame(frame(ctx))
            .show(ctx, |ui| match dialog {
                Dialog::Settings => self.settings_ui(ui, facts, commands),
                Dialog::Keys => keys_ui(ui, commands),
                Dialog::GoTo => self.go_to_ui(ui, commands),
                Dialog::About => about_ui(ui, commands),
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
        ScrollArea::vertical().max_height(room).show(ui, |ui| {
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

    fn go_to_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        ui.set_width(360.0);
        let heading = ui.heading("Go to");
        ui.add_space(4.0);
        weak(
            ui,
            "#1500 a frame · 12.3s or 00:01:02.5 a time · +5f or -2s a step",
        );
        ui.add_space(6.0);
        let edit = TextEdit::singleline(&mut self.place)
            .hint_text("#1500")
            .margin(vec2(8.0, 6.0))
            .desired_width(f32::INFINITY);
        let response = ui.add(edit).labelled_by(heading.id);
        if self.just_opened {
            response.request_focus();
        }
        let parsed = self.place.parse::<Place>();
        if parsed.is_err() && !self.place.trim().is_empty() {
            let palette = Palette::of(ui.visuals());
            let text = RichText::new("This names no frame and no time yet.").small();
            ui.label(text.color(palette.warning));
        }
        let entered =
            response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        ui.add_space(10.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let go = ui.add_enabled(parsed.is_ok(), egui::Button::new("Go"));
            if let Ok(place) = parsed
                && (go.clicked() || entered)
            {
                commands.push(Command::GoTo(place));
                commands.push(Command::CloseDialog);
            }
            if ui.button("Cancel").clicked() {
                commands.push(Command::CloseDialog);
            }
        });
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

/// Width from which the key sheet has three columns.
const ROOM_FOR_THREE: f32 = 1_000.0;

fn keys_ui(ui: &mut Ui, commands: &mut Commands) {
    let width = 1_120.0_f32.min(ui.ctx().content_rect().width() - 80.0);
    ui.set_width(width);
    ui.heading("Keys");
    ui.add_space(8.0);
    let room = ui.ctx().content_rect().height() - 180.0;
    ScrollArea::vertical().max_height(room).show(ui, |ui| {
        let lists: &[&[Group]] = if width >= ROOM_FOR_THREE {
            &[
                &[Group::Playback],
                &[Group::Picture],
                &[Group::File, Group::View, Group::Help],
            ]
        } else {
            &[
                &[Group::Playback, Group::File],
                &[Group::Picture, Group::View, Group::Help],
            ]
        };
        ui.columns(lists.len(), |columns| {
            for (at, (ui, groups)) in columns.iter_mut().zip(lists).enumerate() {
                for group in *groups {
                    key_group(ui, *group);
                }
                if at == 1 {
                    pointer_help(ui);
                }
            }
        });
    });
    ui.add_space(10.0);
    close_button(ui, commands);
}

fn key_group(ui: &mut Ui, group: Group) {
    ui.label(RichText::new(group.title()).strong());
    ui.add_space(2.0);
    for entry in COMMANDS.iter().filter(|entry| entry.group == group) {
        if entry.keys.is_empty() {
            continue;
        }
        let keys: Vec<String> = entry.keys.iter().map(|keys| keys.text()).collect();
        key_row(ui, &keys.join("  "), entry.description);
    }
    ui.add_space(10.0);
}

fn pointer_help(ui: &mut Ui) {
    ui.label(RichText::new("Pointer").strong());
    ui.add_space(2.0);
    for (what, does) in [
        ("Wheel", "Zoom the picture; pan the timeline"),
        ("Ctrl+wheel", "Zoom the timeline"),
        ("Shift+hover", "Loupe: the values of a pixel"),
        ("Ctrl+click", "Copy the values of a pixel"),
        ("Drag", "Pan the picture; move the playhead"),
        ("Double click", "Maximise a tile; show the whole timeline"),
    ] {
        key_row(ui, what, does);
    }
}

fn key_row(ui: &mut Ui, keys: &str, text: &str) {
    let palette = Palette::of(ui.visuals());
    ui.horizontal(|ui| {
        let keys = RichText::new(keys).monospace().color(palette.text);
        ui.add_sized(vec2(112.0, 18.0), LeftLabel(keys));
        ui.add(egui::Label::new(RichText::new(text).color(palette.weak)).truncate());
    });
}

/// A label at the left of the space it is given.
struct LeftLabel(RichText);

impl egui::Widget for LeftLabel {
    fn ui(self, ui: &mut Ui) -> egui::Response {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.set_width(112.0);
            ui.label(self.0)
        })
        .inner
    }
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
