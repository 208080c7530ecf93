//! What the middle shows while nothing is open: three ways to begin, and what was open before.

mod recent;

use egui::{
    Align, Layout, Rect, RichText, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2,
};

use reelscope_ingest::ListenOptions;

use crate::command::{Command, Commands};
use crate::icons::{Icon, centered};
use crate::keymap::KeyMap;
use crate::recent::RecentFiles;
use crate::settings::Recents;
use crate::theme::Palette;

/// Size of one of the three tiles.
const TILE: egui::Vec2 = vec2(196.0, 132.0);
const BETWEEN: f32 = 16.0;

/// One way to begin.
struct Verb {
    icon: Icon,
    name: &'static str,
    text: String,
    keys: String,
    command: Option<Command>,
}

/// Draws the ways to begin.
pub(crate) fn ui(
    ui: &mut Ui,
    port: Option<u16>,
    recents: (&Recents, &RecentFiles),
    commands: &mut Commands,
) {
    let keys = KeyMap::in_force(ui.ctx());
    let listen = match port {
        Some(port) => Verb {
            icon: Icon::Listen,
            name: "Listen",
            text: format!("Programs can log to port {port}"),
            keys: "click to copy the address".to_owned(),
            command: Some(Command::Copy(format!(
                "rerun+http://127.0.0.1:{port}/proxy"
            ))),
        },
        None => Verb {
            icon: Icon::Listen,
            name: "Listen",
            text: "Let programs log to this window".to_owned(),
            keys: String::new(),
            command: Some(Command::Listen(ListenOptions::DEFAULT_PORT)),
        },
    };
    let verbs = [
        Verb {
            icon: Icon::Folder,
            name: "Open",
            text: "Choose videos or recordings".to_owned(),
            keys: keys.text(&Command::Open),
            command: Some(Command::Open),
        },
        Verb {
            icon: Icon::Clipboard,
            name: "Paste",
            text: "Open a copied file or path".to_owned(),
            keys: keys.text(&Command::Paste),
            command: Some(Command::Paste),
        },
        listen,
    ];
    let palette = Palette::of(ui.visuals());
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, palette.sunken);
    let across = rect.width() >= 3.0 * TILE.x + 4.0 * BETWEEN;
    let size = if across {
        vec2(3.0 * TILE.x + 2.0 * BETWEEN, TILE.y)
    } else {
        vec2(TILE.x, 3.0 * TILE.y + 2.0 * BETWEEN)
    };
    let verbs_height = size.y + 130.0;
    let room = rect.height() - verbs_height - 2.0 * BETWEEN;
    // Where the verbs stand one below the other, there is no room.
    let cards = if across {
        recent::height(recents.0, size.x, room)
    } else {
        0.0
    };
    let whole = Rect::from_center_size(rect.center(), vec2(size.x, verbs_height + cards));
    let block = whole.with_max_y(whole.top() + verbs_height);
    if cards > 0.0 {
        let min = egui::pos2(block.left().round(), block.bottom().round());
        let place = Rect::from_min_size(min, vec2(size.x, cards));
        recent::ui(ui, place, recents, commands);
    }
    let heading = block.with_max_y(block.top() + 70.0);
    ui.scope_builder(
        UiBuilder::new()
            .max_rect(heading)
            .layout(Layout::top_down(Align::Center)),
        |ui| {
            ui.label(
                RichText::new("Watch video frame by frame")
                    .size(22.0)
                    .color(palette.text),
            );
            ui.add_space(2.0);
            ui.label(
                RichText::new("Every frame exact, side by side on one timeline")
                    .color(palette.weak),
            );
        },
    );
    let mut at = egui::pos2(block.left().round(), (heading.bottom() + 6.0).round());
    for verb in &verbs {
        verb_ui(ui, Rect::from_min_size(at, TILE), verb, commands);
        if across {
            at.x += TILE.x + BETWEEN;
        } else {
            at.y += TILE.y + BETWEEN;
        }
    }
    let hint = Rect::from_min_max(
        egui::pos2(rect.left(), block.bottom() - 36.0),
        egui::pos2(rect.right(), block.bottom()),
    );
    ui.scope_builder(
        UiBuilder::new()
            .max_rect(hint)
            .layout(Layout::top_down(Align::Center)),
        |ui| {
            ui.label(RichText::new("or drop files anywhere in this window").color(palette.weak));
            if port.is_some() {
                let text = "Programs that logged to an earlier window do not come back by themselves: \
                            start them again.";
                ui.label(RichText::new(text).small().color(palette.weak));
            }
        },
    );
}

/// Says why there is no tile.
pub(crate) fn message(ui: &mut Ui, text: &str) {
    let palette = Palette::of(ui.visuals());
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, palette.sunken);
    let text = RichText::new(text).color(palette.weak);
    ui.put(rect, egui::Label::new(text));
}

fn verb_ui(ui: &mut Ui, rect: Rect, verb: &Verb, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let enabled = verb.command.is_some();
    let sense = if enabled {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(rect, ui.scope_id().with(verb.name), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, verb.name));
    let active = enabled && (response.hovered() || response.has_focus());
    let (fill, line) = if active {
        (palette.raised, palette.accent)
    } else {
        (palette.surface, palette.line)
    };
    ui.painter()
        .rect(rect, 8.0, fill, (1.0, line), StrokeKind::Inside);
    let (strong, weak) = if enabled {
        (palette.text, palette.weak)
    } else {
        (palette.faint, palette.faint)
    };
    let icon = Rect::from_center_size(rect.min + vec2(30.0, 34.0), vec2(24.0, 24.0));
    let color = if enabled {
        palette.accent
    } else {
        palette.faint
    };
    verb.icon.paint(ui.painter(), centered(icon, 24.0), color);
    let painter = ui.painter_at(rect);
    painter.text(
        rect.right_top() + vec2(-16.0, 24.0),
        egui::Align2::RIGHT_TOP,
        &verb.keys,
        egui::FontId::proportional(11.0),
        weak,
    );
    painter.text(
        rect.min + vec2(18.0, 60.0),
        egui::Align2::LEFT_TOP,
        verb.name,
        egui::FontId::proportional(16.0),
        strong,
    );
    let text = painter.layout(
        verb.text.clone(),
        egui::FontId::proportional(12.5),
        weak,
        rect.width() - 36.0,
    );
    painter.galley(rect.min + vec2(18.0, 84.0), text, weak);
    if response.clicked()
        && let Some(command) = &verb.command
    {
        commands.push(command.clone());
    }
}
