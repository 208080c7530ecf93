//! The files that were open before, as cards with pictures.

use std::path::Path;

use egui::{
    Align2, Color32, CornerRadius, FontId, Popup, Rect, Response, RichText, Role, Sense,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::command::{Command, Commands};
use crate::icons::{Icon, centered};
use crate::recent::{Known, RecentFiles};
use crate::session::file_name;
use crate::settings::{Recent, Recents};
use crate::shape;
use crate::theme::Palette;
use crate::widgets::{elided, paint_line};

/// Cards side by side.
const COLUMNS: usize = 4;
/// Rows of cards, at most.
const MOST_ROWS: usize = 3;
/// Between cards.
const GAP: f32 = 12.0;
/// Below a picture, for the name and the folder.
const TEXT: f32 = 42.0;
/// Height of the heading.
const HEADING: f32 = 30.0;
/// Shape of the place for a picture.
const SHAPE: f32 = 16.0 / 9.0;
/// Characters of names and folders; more do not fit.
const CHARACTERS: usize = 23;
/// Corners of cards.
const ROUND: u8 = 6;

/// The size of a card where all cards take a width.
fn card_size(width: f32) -> egui::Vec2 {
    let columns = COLUMNS as f32;
    let width = ((width - GAP * (columns - 1.0)) / columns).floor();
    vec2(width, (width / SHAPE).round() + TEXT)
}

/// The rows that there are, as far as they fit into a room.
fn rows(recents: &Recents, width: f32, room: f32) -> usize {
    let row = card_size(width).y + GAP;
    let fitting = ((room - HEADING + GAP) / row).floor().max(0.0) as usize;
    recents
        .iter()
        .len()
        .div_ceil(COLUMNS)
        .min(MOST_ROWS)
        .min(fitting)
}

/// The height that all of it takes in a room of some height; 0 if there is nothing to show.
pub(super) fn height(recents: &Recents, width: f32, room: f32) -> f32 {
    match rows(recents, width, room) {
        0 => 0.0,
        rows => HEADING + rows as f32 * (card_size(width).y + GAP) - GAP,
    }
}

/// Draws it into a rectangle that is as high as [`height`] says.
pub(super) fn ui(
    ui: &mut Ui,
    rect: Rect,
    (recents, files): (&Recents, &RecentFiles),
    commands: &mut Commands,
) {
    let palette = Palette::of(ui.visuals());
    ui.painter().text(
        rect.left_top(),
        Align2::LEFT_TOP,
        "Recent",
        FontId::proportional(13.0),
        palette.weak,
    );
    let size = card_size(rect.width());
    let rows = rows(recents, rect.width(), rect.height());
    for (number, recent) in recents.iter().take(rows * COLUMNS).enumerate() {
        let (row, column) = (number / COLUMNS, number % COLUMNS);
        let min = pos2(
            rect.left() + column as f32 * (size.x + GAP),
            rect.top() + HEADING + row as f32 * (size.y + GAP),
        );
        let place = Rect::from_min_size(min, size);
        card(ui, place, recent, files.known(&recent.path), commands);
    }
}

fn card(ui: &mut Ui, rect: Rect, recent: &Recent, known: Option<&Known>, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let path = Path::new(&recent.path);
    let name = file_name(path);
    let missing = known.and_then(|known| known.missing.as_deref());
    let response = ui.interact(rect, ui.scope_id().with(&recent.path), Sense::click());
    response.widget_info(|| {
        let why = missing.map(|why| format!(" ({why})")).unwrap_or_default();
        WidgetInfo::labeled(Role::Button, true, format!("Open recent {name}{why}"))
    });
    let active = response.hovered() || response.has_focus();
    let (fill, line) = if active {
        (palette.raised, palette.accent)
    } else {
        (palette.surface, palette.line)
    };
    let round = CornerRadius::same(ROUND);
    ui.painter()
        .rect(rect, round, fill, (1.0, line), StrokeKind::Inside);
    let place = rect.with_max_y(rect.bottom() - TEXT).shrink(1.0);
    picture(ui, place, known, missing.is_some());
    let text = Rect::from_min_max(
        pos2(rect.left() + 10.0, place.bottom() + 5.0),
        pos2(rect.right() - 8.0, rect.bottom() - 5.0),
    );
    let (upper, lower) = text.split_top_bottom_at_fraction(0.52);
    let folder = path.parent().map(|parent| parent.display().to_string());
    let (below, color) = match missing {
        Some(why) => (why.trim_end_matches('.').to_owned(), palette.warning),
        None => (folder.unwrap_or_default(), palette.weak),
    };
    let strong = if missing.is_some() {
        palette.weak
    } else {
        palette.text
    };
    let (large, small) = (FontId::proportional(12.5), FontId::proportional(11.0));
    paint_line(ui, upper, &elided(&name, CHARACTERS), large, strong);
    paint_line(ui, lower, &elided(&below, CHARACTERS + 3), small, color);
    if recent.pinned {
        let corner = Rect::from_min_size(place.min + vec2(5.0, 5.0), vec2(18.0, 18.0));
        ui.painter().rect_filled(corner, 4.0, palette.surface);
        Icon::Pin.paint(ui.painter(), centered(corner, 13.0), palette.accent);
    }
    if remove_button(ui, place, &name, active) {
        commands.push(Command::RemoveRecent(recent.path.clone()));
    } else if response.clicked() {
        commands.push(Command::OpenPaths(vec![path.to_owned()]));
    }
    card_menu(&response, recent, commands);
    let tip = match missing {
        Some(why) => format!("{}\n{why}", recent.path),
        None => recent.path.clone(),
    };
    response.on_hover_text(tip);
}

/// The picture of a file, as large as it fits; a sign where there is none.
fn picture(ui: &Ui, place: Rect, known: Option<&Known>, is_missing: bool) {
    let palette = Palette::of(ui.visuals());
    let round = CornerRadius {
        nw: ROUND,
        ne: ROUND,
        ..CornerRadius::ZERO
    };
    ui.painter().rect_filled(place, round, palette.sunken);
    let painter = ui.painter_at(place);
    let Some(texture) = known.and_then(|known| known.picture.as_ref()) else {
        let sign = centered(place, 26.0);
        Icon::Film.paint(&painter, sign, palette.faint);
        return;
    };
    let size = shape::fitting(texture.size_vec2(), place.size());
    let rect = Rect::from_center_size(place.center(), size);
    let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let tint = if is_missing {
        Color32::from_white_alpha(70)
    } else {
        Color32::WHITE
    };
    painter.image(texture.id(), rect, all, tint);
}

/// The button that takes a card from the list, while the pointer or the focus is there.
fn remove_button(ui: &mut Ui, place: Rect, name: &str, active: bool) -> bool {
    let palette = Palette::of(ui.visuals());
    let rect = Rect::from_min_size(
        pos2(place.right() - 23.0, place.top() + 5.0),
        vec2(18.0, 18.0),
    );
    let id = ui
        .scope_id()
        .with(("remove", name, place.min.x as i32, place.min.y as i32));
    let response = ui.interact(rect, id, Sense::click());
    let label = format!("Remove {name} from the list");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    if active || response.hovered() || response.has_focus() {
        let (fill, color) = if response.hovered() || response.has_focus() {
            (palette.accent_fill, palette.accent)
        } else {
            (palette.surface, palette.text)
        };
        ui.painter().rect_filled(rect, 4.0, fill);
        Icon::Close.paint(ui.painter(), centered(rect, 12.0), color);
    }
    response.on_hover_text("Remove from the list").clicked()
}

fn card_menu(response: &Response, recent: &Recent, commands: &mut Commands) {
    Popup::context_menu(response).show(|ui| {
        let path = &recent.path;
        let pin = if recent.pinned { "Unpin" } else { "Pin" };
        let items = [
            ("Open", Command::OpenPaths(vec![path.into()])),
            (pin, Command::PinRecent(path.clone(), !recent.pinned)),
            ("Copy path", Command::Copy(path.clone())),
            ("Remove from the list", Command::RemoveRecent(path.clone())),
        ];
        for (name, command) in items {
            if ui.button(RichText::new(name)).clicked() {
                commands.push(command);
                ui.close();
            }
        }
    });
}
