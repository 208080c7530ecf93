//! The bar at the top: menus on the left, memory and decoder on the right.

mod picture_menu;
mod recent_menu;

use std::time::Duration;

use egui::{Align, Button, Layout, MenuBar, RichText, Sense, Ui, vec2};
use reelscope_decode::{FfmpegError, FfmpegInstall};
use reelscope_render::ChromaFilter;

use crate::clock::{LoopMode, Speed};
use crate::command::{Command, Commands, Dialog, Group, Situation, entry, why_not};
use crate::compare::CompareMode;
use crate::export::Export;
use crate::icons::Icon;
use crate::keymap::KeyMap;
use crate::picture_choice::PictureChoice;
use crate::problem::sentence;
use crate::recent::RecentFiles;
use crate::session::LiveStatus;
use crate::settings::{PixelText, Recents, ThemeChoice, TimelineRows, UiScale, WhenSlow};
use crate::theme::Palette;
use crate::timecode::bytes_text;

/// What the bar shows.
pub(crate) struct Status<'a> {
    pub(crate) cache_used: usize,
    pub(crate) cache_budget: usize,
    /// What decodes the focused stream.
    pub(crate) engine: Option<String>,
    /// The FFmpeg there is; `None` while it is being looked for.
    pub(crate) ffmpeg: Option<&'a Result<FfmpegInstall, FfmpegError>>,
    pub(crate) theme: ThemeChoice,
    pub(crate) loop_mode: LoopMode,
    /// True while pictures of one size are zoomed together.
    pub(crate) linked: bool,
    /// How two pictures are compared, if they are.
    pub(crate) compares: Option<CompareMode>,
    pub(crate) when_slow: WhenSlow,
    /// True while the performance figures are shown.
    pub(crate) hud: bool,
    pub(crate) timeline_rows: TimelineRows,
    /// How the focused stream's pictures look; `None` if there is none.
    pub(crate) picture: Option<PictureChoice>,
    pub(crate) loupe: bool,
    pub(crate) chroma_filter: ChromaFilter,
    pub(crate) pixel_text: PixelText,
    pub(crate) streams: bool,
    pub(crate) inspector: bool,
    /// What is possible now.
    pub(crate) situation: Situation,
    /// Files that are being opened.
    pub(crate) opening: usize,
    pub(crate) live: LiveStatus,
    /// True while the playhead stays at the newest frame.
    pub(crate) follows: bool,
    /// True while more comes.
    pub(crate) grows: bool,
    /// How long the newest sample was on its way.
    pub(crate) delay: Option<Duration>,
    /// What was opened lately, and what is known of it.
    pub(crate) recents: &'a Recents,
    pub(crate) recent: &'a RecentFiles,
    /// How much of a recording is saved, from 0 to 1.
    pub(crate) saving: Option<f32>,
}

/// Speeds that the menu offers, in thousandths.
pub(crate) const SPEEDS: [i32; 9] = [-1_000, 100, 250, 500, 1_000, 1_500, 2_000, 4_000, 8_000];

/// Draws the bar.
pub(crate) fn ui(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    MenuBar::new().ui(ui, |ui| {
        ui.menu_button(Group::File.title(), |ui| file_menu(ui, status, commands));
        ui.menu_button(Group::View.title(), |ui| view_menu(ui, status, commands));
        ui.menu_button(Group::Picture.title(), |ui| {
            picture_menu::ui(ui, status, commands);
        });
        ui.menu_button(Group::Playback.title(), |ui| {
            playback_menu(ui, status, commands);
        });
        ui.menu_button(Group::Help.title(), |ui| {
            for command in group(Group::Help) {
                item(ui, command, status, commands);
            }
        });
        search(ui, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            memory(ui, status, commands);
            decoder(ui, status, commands);
            rows(ui, status, commands);
            loggers(ui, status, commands);
            saving(ui, status, commands);
            if status.opening > 0 {
                let palette = Palette::of(ui.visuals());
                let files = if status.opening == 1 { "file" } else { "files" };
                ui.label(
                    RichText::new(format!("opening {} {files}…", status.opening))
                        .small()
                        .color(palette.weak),
                );
            }
        });
    });
}

/// The way to all commands for those who do not know the key yet.
fn search(ui: &mut Ui, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let show = Command::Show(Dialog::Palette);
    let keys = KeyMap::in_force(ui.ctx()).text(&show);
    ui.add_space(4.0);
    let text = RichText::new(keys).small().color(palette.weak);
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), egui::Sense::hover());
    Icon::Search.paint(ui.painter(), rect, palette.weak);
    let button = ui.add(Button::new(text).frame(false));
    let label = "Find a command…";
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, label));
    if button.on_hover_text(label).clicked() {
        commands.push(show);
    }
}

fn group(group: Group) -> impl Iterator<Item = &'static Command> {
    crate::command::COMMANDS
        .iter()
        .filter(move |entry| entry.group == group)
        .map(|entry| &entry.command)
}

/// A menu item for a command of the table.
fn item(ui: &mut Ui, command: &Command, status: &Status<'_>, commands: &mut Commands) {
    item_marked(ui, command, None, status, commands);
}

/// A menu item that can be on or off. One that is not possible now says why.
fn item_marked(
    ui: &mut Ui,
    command: &Command,
    on: Option<bool>,
    status: &Status<'_>,
    commands: &mut Commands,
) {
    let reason = why_not(command, &status.situation);
    if item_clicked(ui, command, on, reason) {
        commands.push(command.clone());
    }
}

/// Draws a menu item, which may have a reason to be impossible; true if it was clicked.
pub(crate) fn item_clicked(
    ui: &mut Ui,
    command: &Command,
    on: Option<bool>,
    reason: Option<&'static str>,
) -> bool {
    let Some(entry) = entry(command) else {
        return false;
    };
    let mut button = Button::new(entry.name).selected(on.unwrap_or(false));
    let keys = KeyMap::in_force(ui.ctx()).text(command);
    if !keys.is_empty() {
        button = button.shortcut_text(keys);
    }
    let response = ui
        .add_enabled(reason.is_none(), button)
        .on_disabled_hover_text(reason.map(sentence).unwrap_or_default());
    let clicked = response.clicked();
    if clicked {
        ui.close();
    }
    clicked
}

fn file_menu(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(220.0);
    item(ui, &Command::Open, status, commands);
    recent_menu::ui(ui, status, commands);
    for command in [
        Command::Paste,
        Command::CopyLink,
        Command::SaveSession,
        Command::SaveSessionAs,
        Command::SaveRecording,
        Command::CloseFile,
    ] {
        item(ui, &command, status, commands);
    }
    ui.separator();
    for command in [Command::SaveFrame, Command::SaveFrames, Command::CopyFrame] {
        item(ui, &command, status, commands);
    }
    for export in [
        Export::Sheet,
        Export::Video,
        Export::Original,
        Export::Marks,
    ] {
        item(ui, &Command::Export(export), status, commands);
    }
    ui.separator();
    item(ui, &Command::Show(Dialog::Settings), status, commands);
    ui.separator();
    item(ui, &Command::Quit, status, commands);
}

fn view_menu(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(240.0);
    for command in [
        Command::MaximiseTile,
        Command::DuplicateTile,
        Command::CloseTile,
    ] {
        item(ui, &command, status, commands);
    }
    let linked = Some(status.linked);
    item_marked(ui, &Command::ToggleLinkedZoom, linked, status, commands);
    ui.separator();
    for command in [Command::PinFrame, Command::AlignHere, Command::ResetShift] {
        item(ui, &command, status, commands);
    }
    ui.separator();
    for mode in CompareMode::ALL {
        let on = Some(status.compares == Some(mode));
        item_marked(ui, &Command::Compare(mode), on, status, commands);
    }
    item(ui, &Command::FlipCompare, status, commands);
    ui.separator();
    item(ui, &Command::FitTimeline, status, commands);
    let lanes = Some(!status.timeline_rows.compact);
    item_marked(ui, &Command::ToggleLanes, lanes, status, commands);
    let bitrate = Some(status.timeline_rows.bitrate);
    item_marked(ui, &Command::ToggleBitrate, bitrate, status, commands);
    item_marked(
        ui,
        &Command::ToggleStreams,
        Some(status.streams),
        status,
        commands,
    );
    item_marked(
        ui,
        &Command::ToggleInspector,
        Some(status.inspector),
        status,
        commands,
    );
    item_marked(ui, &Command::ToggleHud, Some(status.hud), status, commands);
    item(ui, &Command::ToggleFullScreen, status, commands);
    ui.separator();
    for larger in [true, false] {
        item(ui, &Command::ZoomUi(larger), status, commands);
    }
    let normal = Command::SetUiScale(UiScale::NORMAL);
    item(ui, &normal, status, commands);
    ui.menu_button("Colours", |ui| {
        for (choice, name) in ThemeChoice::ALL {
            if ui.radio(status.theme == choice, name).clicked() {
                commands.push(Command::SetTheme(choice));
                ui.close();
            }
        }
    });
}

fn playback_menu(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    ui.set_min_width(260.0);
    for command in group(Group::Playback) {
        if matches!(
            command,
            Command::StepFrames(1) | Command::SeekStart | Command::SlowDown
        ) {
            ui.separator();
        }
        item(ui, command, status, commands);
    }
    ui.menu_button("Speed", |ui| speed_menu(ui, commands));
    ui.menu_button("When decoding is too slow", |ui| {
        for (choice, name) in WhenSlow::ALL {
            if ui.radio(status.when_slow == choice, name).clicked() {
                commands.push(Command::SetWhenSlow(choice));
                ui.close();
            }
        }
    });
    ui.menu_button("At the end", |ui| {
        for mode in LoopMode::ALL {
            if ui.radio(status.loop_mode == mode, mode.title()).clicked() {
                commands.push(Command::SetLoopMode(mode));
                ui.close();
            }
        }
    });
}

/// The speeds to choose from.
pub(crate) fn speed_menu(ui: &mut Ui, commands: &mut Commands) {
    for thousandths in SPEEDS {
        let speed = Speed::from_thousandths(thousandths);
        if ui.button(speed.to_string()).clicked() {
            commands.push(Command::SetSpeed(speed));
            ui.close();
        }
    }
}

/// How much of the memory for decoded frames is in use.
fn memory(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let used = bytes_text(status.cache_used as u64);
    let budget = bytes_text(status.cache_budget as u64);
    let share = status.cache_used as f32 / status.cache_budget.max(1) as f32;
    let text = RichText::new(format!("{used} / {budget}")).small();
    let label = egui::Label::new(text.color(palette.weak)).sense(Sense::click());
    let response = ui.add(label);
    let (bar, _) = ui.allocate_exact_size(vec2(64.0, 4.0), Sense::hover());
    ui.painter().rect_filled(bar, 2.0, palette.line);
    let filled = bar.with_max_x(bar.left() + bar.width() * share.min(1.0));
    ui.painter().rect_filled(filled, 2.0, palette.cached);
    let tip = "Memory for decoded frames. Click to change it.";
    if response.on_hover_text(tip).clicked() {
        commands.push(Command::Show(Dialog::Settings));
    }
    ui.add_space(10.0);
}

/// How much memory logged rows take, once there are any.
fn rows(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    let live = &status.live;
    if live.bytes == 0 {
        return;
    }
    let palette = Palette::of(ui.visuals());
    let dropped = live.dropped.bytes > 0;
    let (used, limit) = (bytes_text(live.bytes as u64), bytes_text(live.limit as u64));
    let color = if dropped {
        palette.warning
    } else {
        palette.weak
    };
    let text = RichText::new(format!("log {used}")).small().color(color);
    let label = egui::Label::new(text).sense(Sense::click());
    let tip = if dropped {
        format!(
            "What was logged takes {used} of {limit}. The oldest {} ({} GOPs) had to go. Click to \
             change the limit.",
            bytes_text(live.dropped.bytes as u64),
            live.dropped.gops
        )
    } else {
        format!("What was logged takes {used} of {limit}. Click to change the limit.")
    };
    if ui.add(label).on_hover_text(tip).clicked() {
        commands.push(Command::Show(Dialog::Settings));
    }
    ui.add_space(10.0);
}

/// Where programs can log to, who does, and how far behind it is.
fn loggers(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let live = &status.live;
    let Some(port) = live.port else {
        return;
    };
    let count = live.peers.len();
    let text = match count {
        0 => format!("listening on {port}"),
        1 => format!("1 logger · {}/s", bytes_text(live.bytes_per_second as u64)),
        _ => format!(
            "{count} loggers · {}/s",
            bytes_text(live.bytes_per_second as u64)
        ),
    };
    let color = if live.is_open {
        palette.warning
    } else {
        palette.weak
    };
    let response = ui.add(egui::Label::new(RichText::new(text).small().color(color)));
    let mut tip = format!("Programs can log to {}.", live.addrs.join(" and "));
    if live.is_open {
        tip.push_str("\nOther computers can, too: there is no authentication.");
    }
    if count > 0 {
        tip.push_str(&format!("\nConnected: {}", live.peers.join(", ")));
    }
    tip.push_str(
        "\nA program that logged to an earlier window does not come back: start it again.",
    );
    response.on_hover_text(tip);
    if status.grows {
        let behind = status
            .delay
            .map(|delay| format!(" −{:.2} s", delay.as_secs_f64()))
            .unwrap_or_default();
        let (text, color) = if status.follows {
            (format!("LIVE{behind}"), palette.error)
        } else {
            ("go live".to_owned(), palette.text)
        };
        ui.add_space(4.0);
        let button = Button::new(RichText::new(text).small().color(color));
        let tip = crate::widgets::hint(
            ui,
            "Stay at the newest frame; the figure is how long it was on its way",
            &Command::GoLive,
        );
        if ui.add(button).on_hover_text(tip).clicked() {
            commands.push(Command::GoLive);
        }
        let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
        if status.follows {
            ui.painter().circle_filled(dot.center(), 3.5, palette.error);
        } else {
            ui.painter()
                .circle_stroke(dot.center(), 3.0, (1.0, palette.weak));
        }
    }
    ui.add_space(10.0);
}

/// How far saving is.
fn saving(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    let Some(progress) = status.saving else {
        return;
    };
    let percent = (progress * 100.0).round();
    if ui
        .small_button("Stop")
        .on_hover_text("Stop saving; no file is made")
        .clicked()
    {
        commands.push(Command::CancelSaving);
    }
    ui.label(RichText::new(format!("saving {percent} %")).small());
    ui.add_space(10.0);
}

/// What decodes, or what is missing to decode.
fn decoder(ui: &mut Ui, status: &Status<'_>, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let (text, tip, color) = match (&status.engine, status.ffmpeg) {
        (Some(engine), _) => (
            short_engine(engine),
            format!("{engine} decodes the focused stream"),
            palette.weak,
        ),
        (None, Some(Ok(install))) => (
            format!("FFmpeg {}", short_version(&install.version_text)),
            format!("{}\n{}", install.version_text, install.path.display()),
            palette.weak,
        ),
        (None, Some(Err(error))) => (
            "no FFmpeg".to_owned(),
            crate::problem::sentence(&error.to_string()),
            palette.warning,
        ),
        (None, None) => return,
    };
    let label = egui::Label::new(RichText::new(text).small().color(color)).sense(Sense::click());
    if ui.add(label).on_hover_text(tip).clicked() {
        commands.push(Command::Show(Dialog::Settings));
    }
    ui.add_space(10.0);
}

/// A decoder's name with the short version.
fn short_engine(text: &str) -> String {
    match text.split_once(' ') {
        Some((name, version)) => format!("{name} {}", short_version(version)),
        None => text.to_owned(),
    }
}

/// The part of an FFmpeg version before the distribution's additions.
fn short_version(text: &str) -> &str {
    text.split(['-', '+', ' ']).next().unwrap_or(text)
}
