//! Settings, in sections: what decodes, memory, playback, the window, programs that log.

mod decoding;
mod memory;
mod programs;
mod window;

use egui::{Align, Layout, RichText, Role, ScrollArea, Ui, WidgetInfo, vec2};
use reelscope_decode::HwAccel;

use super::{Facts, close_button, weak};
use crate::command::{Command, Commands};
use crate::settings::{Settings, WhenSlow};

/// Width of the list of sections.
const LIST: f32 = 124.0;
/// Width of a section.
const SECTION: f32 = 440.0;
/// Height of a section, where the window has that much.
const HEIGHT: f32 = 340.0;

/// A part of the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Decoding,
    Memory,
    Playback,
    Window,
    Programs,
}

impl Section {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Decoding, "Decoding"),
        (Self::Memory, "Memory"),
        (Self::Playback, "Playback"),
        (Self::Window, "Window"),
        (Self::Programs, "Logging"),
    ];
}

/// Which section is shown, and what was typed into it.
#[derive(Default)]
pub(super) struct SettingsState {
    section: Section,
    ffmpeg: String,
    hwaccel: String,
    listening: programs::ListeningText,
}

impl SettingsState {
    /// Starts from what is in force.
    pub(super) fn open(&mut self, settings: &Settings, hwaccel: &HwAccel) {
        self.set_ffmpeg_text(settings);
        self.hwaccel = match hwaccel {
            HwAccel::Named(name) => name.clone(),
            HwAccel::None | HwAccel::Auto => String::new(),
        };
        self.listening = programs::ListeningText::of(settings.listening);
    }

    /// Puts the settings' path into the field.
    pub(super) fn set_ffmpeg_text(&mut self, settings: &Settings) {
        let path = settings.ffmpeg_path.as_ref();
        self.ffmpeg = path
            .map(|path| path.display().to_string())
            .unwrap_or_default();
    }

    /// Draws the dialog.
    pub(super) fn ui(&mut self, ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
        ui.set_width(LIST + 20.0 + SECTION);
        ui.heading("Settings");
        ui.add_space(10.0);
        let room = ui.ctx().content_rect().height() - 150.0;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 20.0;
            ui.vertical(|ui| {
                ui.set_width(LIST);
                for (section, name) in Section::ALL {
                    let chosen = self.section == section;
                    let button = egui::Button::selectable(chosen, name).min_size(vec2(LIST, 28.0));
                    let button = ui.add(button);
                    button.widget_info(|| {
                        let label = format!("Settings of {}", name.to_lowercase());
                        WidgetInfo::selected(Role::Tab, true, chosen, label)
                    });
                    if button.clicked() {
                        self.section = section;
                    }
                }
            });
            // At once as high as it will be.
            let height = room.min(HEIGHT);
            let list = ScrollArea::vertical()
                .id_salt(self.section as u8)
                .auto_shrink(false)
                .max_height(height)
                .min_scrolled_height(height);
            let size = vec2(SECTION, height);
            ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
                list.show(ui, |ui| {
                    // Beside the bar that scrolls.
                    ui.set_width(SECTION - 16.0);
                    self.section(ui, facts, commands);
                });
            });
        });
        ui.add_space(16.0);
        close_button(ui, commands);
    }
}

impl SettingsState {
    fn section(&mut self, ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
        match self.section {
            Section::Decoding => {
                decoding::ui(ui, &mut self.ffmpeg, &mut self.hwaccel, facts, commands);
            }
            Section::Memory => memory::ui(ui, facts, commands),
            Section::Playback => playback(ui, facts.settings, commands),
            Section::Window => window::ui(ui, facts.settings, commands),
            Section::Programs => self.listening.ui(ui, facts, commands),
        }
    }
}

/// Between two settings.
fn gap(ui: &mut Ui) {
    ui.add_space(14.0);
}

/// The name of a setting.
fn name(ui: &mut Ui, text: &str) -> egui::Response {
    ui.label(RichText::new(text).strong())
}

fn playback(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    name(ui, "Where decoding is too slow");
    ui.add_space(4.0);
    for (choice, words) in WhenSlow::ALL {
        if ui.radio(settings.when_slow == choice, words).clicked() {
            commands.push(Command::SetWhenSlow(choice));
        }
    }
    weak(
        ui,
        "Stepping and scrubbing show every frame exactly, whatever is chosen.",
    );
    gap(ui);
    let mut previews = settings.previews;
    let text = RichText::new("Previews in idle time").strong();
    if ui.checkbox(&mut previews, text).changed() {
        commands.push(Command::SetPreviews(previews));
    }
    weak(
        ui,
        "Small pictures of the whole file, for the timeline and for fast dragging. \
         They take at most an eighth of the memory for decoded frames.",
    );
    gap(ui);
    let mut hud = settings.hud;
    if ui
        .checkbox(&mut hud, RichText::new("Performance figures").strong())
        .changed()
    {
        commands.push(Command::ToggleHud);
    }
    weak(
        ui,
        "How well playback and seeks keep up, and what takes memory, over the pictures.",
    );
}
