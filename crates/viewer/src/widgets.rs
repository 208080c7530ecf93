//! Small widgets that several panels share: icon buttons, elided text, cards with a message.

use egui::{
    Align, Color32, FontId, Layout, Rect, Response, RichText, Role, Sense, StrokeKind, TextStyle,
    Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};

use crate::command::Command;
use crate::icons::{Icon, centered};
use crate::keymap::KeyMap;
use crate::theme::{BUTTON, Palette};

/// A square button with an icon. `label` is its name for assistive technology and its tooltip.
pub(crate) fn icon_button(ui: &mut Ui, icon: Icon, label: &str, selected: bool) -> Response {
    icon_button_sized(ui, icon, label, selected, BUTTON)
}

/// An [`icon_button`] of another size.
pub(crate) fn icon_button_sized(
    ui: &mut Ui,
    icon: Icon,
    label: &str,
    selected: bool,
    side: f32,
) -> Response {
    icon_button_on(ui, icon, label, selected, side, Color32::TRANSPARENT)
}

/// An [`icon_button`] that stands out from its surroundings.
pub(crate) fn prominent_button(ui: &mut Ui, icon: Icon, label: &str, side: f32) -> Response {
    let raised = Palette::of(ui.visuals()).raised;
    icon_button_on(ui, icon, label, false, side, raised)
}

fn icon_button_on(
    ui: &mut Ui,
    icon: Icon,
    label: &str,
    selected: bool,
    side: f32,
    ground: Color32,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, selected, label));
    if ui.is_rect_visible(rect) {
        let palette = Palette::of(ui.visuals());
        let fill = if response.is_pointer_button_down_on() || selected {
            palette.accent_fill
        } else if response.hovered() || response.has_focus() {
            palette.line
        } else {
            ground
        };
        ui.painter().rect_filled(rect, 4.0, fill);
        if response.has_focus() {
            ui.painter()
                .rect_stroke(rect, 4.0, (1.0, palette.accent), StrokeKind::Inside);
        }
        let color = if !enabled {
            palette.faint
        } else if selected {
            palette.accent
        } else {
            palette.text
        };
        icon.paint(ui.painter(), centered(rect, (side * 0.62).round()), color);
    }
    response
}

/// An icon button for a command of the table, with its name and key as the tooltip.
pub(crate) fn command_button(
    ui: &mut Ui,
    icon: Icon,
    label: &str,
    command: &Command,
    selected: bool,
) -> bool {
    let hint = hint(ui, label, command);
    icon_button(ui, icon, label, selected)
        .on_hover_text(hint)
        .clicked()
}

/// A name with the keys of a command: `"Play (Space)"`.
pub(crate) fn hint(ui: &Ui, label: &str, command: &Command) -> String {
    match KeyMap::in_force(ui.ctx()).text(command) {
        none if none.is_empty() => label.to_owned(),
        keys => format!("{label} ({keys})"),
    }
}

/// A text cut in its middle to at most so many characters.
pub(crate) fn elided(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most || most < 5 {
        return text.to_owned();
    }
    // The end of a file name tells more than its middle.
    let tail = (most - 1) * 2 / 5;
    let head = most - 1 - tail;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start}…{end}")
}

/// A text cut in its middle so that it is no wider than that.
pub(crate) fn elided_to_fit(ui: &Ui, text: &str, font: &FontId, width: f32) -> String {
    let fits = |text: &str| {
        let painter = ui.painter();
        let galley = painter.layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE);
        galley.size().x <= width
    };
    // More do not fit anywhere, whatever the font.
    let (mut some, mut too_many) = (4, text.chars().count().min(400) + 1);
    while some + 1 < too_many {
        let middle = some.midpoint(too_many);
        if fits(&elided(text, middle)) {
            some = middle;
        } else {
            too_many = middle;
        }
    }
    elided(text, some.max(5))
}

/// A button of a [`card`].
pub(crate) struct Action<'a> {
    pub(crate) label: &'a str,
    pub(crate) command: Command,
}

/// What a [`card`] says.
pub(crate) struct Message<'a> {
    pub(crate) icon: Icon,
    pub(crate) color: Color32,
    pub(crate) title: &'a str,
    pub(crate) body: &'a str,
    pub(crate) actions: &'a [Action<'a>],
}

/// Width of a card where there is room.
const CARD_WIDTH: f32 = 440.0;
const CARD_MARGIN: f32 = 16.0;
/// Below this width there are more hyphens than words.
const NARROWEST_CARD: f32 = 140.0;
/// Left of a card's title, for the icon.
const CARD_INDENT: f32 = 26.0;

/// Where there is no room for a card: what it is about, in one line; the rest while the pointer is
/// there. Gives the first action's command if it is clicked.
fn small_card(ui: &mut Ui, within: Rect, message: &Message<'_>) -> Option<Command> {
    const ICON: f32 = 16.0;
    let palette = Palette::of(ui.visuals());
    let font = TextStyle::Small.resolve(ui.style());
    let room = within.width() - ICON - 20.0;
    let title = line_galley(ui, message.title, font, palette.text, room.max(0.0));
    let size = vec2(title.size().x + ICON + 6.0, ICON.max(title.size().y));
    let rect = Rect::from_center_size(within.center(), size).intersect(within);
    let icon = Rect::from_min_size(rect.min, Vec2::splat(ICON));
    message.icon.paint(ui.painter(), icon, message.color);
    let at = rect.left_center() + vec2(ICON + 6.0, -title.size().y / 2.0);
    ui.painter().galley(at, title, palette.text);
    let id = ui.scope_id().with("small card");
    let sense = if message.actions.is_empty() {
        Sense::hover()
    } else {
        Sense::click()
    };
    let response = ui.interact(rect, id, sense);
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Label, true, format!("Problem: {}", message.title))
    });
    let response = response.on_hover_text(format!("{}\n{}", message.title, message.body));
    let first = message.actions.first();
    first
        .filter(|_| response.clicked())
        .map(|action| action.command.clone())
}

/// A message in the middle of a rectangle. Returns the command of the button that was pressed.
pub(crate) fn card(ui: &mut Ui, within: Rect, message: &Message<'_>) -> Option<Command> {
    let width = CARD_WIDTH.min(within.width() - 2.0 * CARD_MARGIN);
    if width < NARROWEST_CARD {
        return small_card(ui, within, message);
    }
    let palette = Palette::of(ui.visuals());
    let font = TextStyle::Body.resolve(ui.style());
    let text_width = width - 2.0 * CARD_MARGIN;
    let body = ui
        .painter()
        .layout(message.body.to_owned(), font, palette.weak, text_width);
    let room = text_width - CARD_INDENT - ui.spacing().item_spacing.x;
    let title_font = FontId::proportional(14.0);
    let painter = ui.painter();
    let title = painter.layout(message.title.to_owned(), title_font, palette.text, room);
    let more_lines = title.size().y * (1.0 - 1.0 / title.rows.len().max(1) as f32);
    let buttons = match button_rows(ui, message.actions, text_width) {
        0 => 0.0,
        rows => 40.0 + (rows - 1) as f32 * 30.0,
    };
    let height = 2.0 * CARD_MARGIN + 26.0 + more_lines + body.size().y + buttons;
    if height > within.height() {
        return small_card(ui, within, message);
    }
    let rect = Rect::from_center_size(within.center(), vec2(width, height)).round_to_points();
    ui.painter().rect(
        rect,
        8.0,
        palette.surface,
        (1.0, palette.line),
        StrokeKind::Inside,
    );
    let inner = rect.shrink(CARD_MARGIN);
    let icon = Rect::from_min_size(inner.min, Vec2::splat(18.0));
    message.icon.paint(ui.painter(), icon, message.color);
    let mut chosen = None;
    ui.scope_builder(
        UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::top_down(Align::Min)),
        |ui| {
            ui.horizontal(|ui| {
                ui.add_space(CARD_INDENT);
                let title = RichText::new(message.title).size(14.0).color(palette.text);
                ui.add(egui::Label::new(title).wrap());
            });
            ui.add_space(4.0);
            let body = RichText::new(message.body).color(palette.weak);
            ui.add(egui::Label::new(body).wrap());
            if !message.actions.is_empty() {
                ui.add_space(10.0);
                ui.horizontal_wrapped(|ui| {
                    for action in message.actions {
                        if ui.button(action.label).clicked() {
                            chosen = Some(action.command.clone());
                        }
                    }
                });
            }
        },
    );
    chosen
}

/// Rows that buttons take in a width.
fn button_rows(ui: &Ui, actions: &[Action<'_>], width: f32) -> usize {
    let font = TextStyle::Button.resolve(ui.style());
    let spacing = ui.spacing();
    let mut rows = 0;
    let mut left = 0.0;
    for action in actions {
        let text = line_galley(
            ui,
            action.label,
            font.clone(),
            Color32::WHITE,
            f32::INFINITY,
        );
        let button = text.size().x + 2.0 * spacing.button_padding.x;
        if rows == 0 || button > left {
            rows += 1;
            left = width;
        }
        left -= button + spacing.item_spacing.x;
    }
    rows
}

/// A text on one line, cut at its end with an ellipsis where it does not fit.
pub(crate) fn line_galley(
    ui: &Ui,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// Paints a text on one line, vertically in the middle.
pub(crate) fn paint_line(ui: &Ui, rect: Rect, text: &str, font: FontId, color: Color32) {
    let galley = line_galley(ui, text, font, color, rect.width());
    let y = rect.center().y - galley.size().y / 2.0;
    ui.painter()
        .galley(egui::pos2(rect.left(), y.round()), galley, color);
}

trait RoundRect {
    fn round_to_points(self) -> Self;
}

impl RoundRect for Rect {
    fn round_to_points(self) -> Self {
        Self::from_min_max(self.min.round(), self.max.round())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_their_start_and_end() {
        assert_eq!(elided("short.mp4", 20), "short.mp4");
        assert_eq!(
            elided("2026-03-01_drive_front_camera.mp4", 20),
            "2026-03-01_d…era.mp4"
        );
    }
}
