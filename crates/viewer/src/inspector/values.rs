//! The inspector's section about values that are not colours: the range and colours in use, and the
//! means to choose others.

use egui::{
    Align, Color32, ComboBox, DragValue, FontId, Label, Layout, Mesh, Rect, Response, RichText,
    Role, Sense, Ui, WidgetInfo, pos2, vec2,
};
use reelscope_media::Presentation;
use reelscope_render::{ValueColors, ValueMap};

use super::{NAMES, Row, row_ui};
use crate::command::{Command, Commands};
use crate::theme::{MARGIN, Palette};
use crate::values::{StreamLook, ValueChoice, Values, colors_name};
use crate::view_id::ViewId;

const LEGEND: f32 = 12.0;
/// Points of dragging from one end of the range to the other.
const DRAG: f64 = 200.0;

/// Draws the section.
pub(super) fn ui(
    ui: &mut Ui,
    view: ViewId,
    (values, look): (&Values, &StreamLook),
    commands: &mut Commands,
) {
    let map = values.shown.map;
    let has_range = map.colors != ValueColors::Classes;
    ui.add_space(8.0);
    inset(ui, |ui| {
        let palette = Palette::of(ui.visuals());
        ui.label(RichText::new("Values").strong().color(palette.text));
        let word = match values.shown.automatic {
            _ if !has_range => "",
            true => "automatic range",
            false => "chosen range",
        };
        ui.label(RichText::new(word).small().color(palette.weak));
    });
    ui.add_space(4.0);
    legend(ui, map);
    let mut choice = look.choice;
    if has_range {
        ui.add_space(4.0);
        range(ui, map, &mut choice);
    }
    ui.add_space(4.0);
    inset(ui, |ui| {
        if values.has_colors {
            let label = name(ui, "Colours");
            colors(ui, map, look.presentation, &mut choice).labelled_by(label);
        }
        if has_range {
            automatic(ui, map, &mut choice);
        }
    });
    if choice != look.choice {
        commands.push(Command::SetValues(view, choice));
    }
    ui.add_space(2.0);
    if let Some(row) = metres(map, look.presentation) {
        row_ui(ui, &row, commands);
    }
    ui.add_space(6.0);
}

fn inset(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.add_space(f32::from(MARGIN));
        add(ui);
    });
}

fn name(ui: &mut Ui, text: &str) -> egui::Id {
    let palette = Palette::of(ui.visuals());
    let start = ui.cursor().left();
    let label = ui.label(RichText::new(text).size(12.0).color(palette.weak));
    ui.add_space((NAMES + 4.0 - (ui.cursor().left() - start)).max(0.0));
    label.id
}

/// A bar with all colours, from the low end to the high one.
fn legend(ui: &mut Ui, map: ValueMap) {
    let classes = map.colors == ValueColors::Classes;
    let numbers = if classes { 14.0 } else { 0.0 };
    let size = vec2(ui.available_width(), LEGEND + numbers);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Colours of {map}")));
    let bar = rect
        .shrink2(vec2(f32::from(MARGIN), 0.0))
        .with_max_y(rect.top() + LEGEND);
    let stops = map.colors.legend();
    if classes {
        swatches(ui, bar, &stops);
    } else {
        ui.painter().add(ramp(bar, &stops));
    }
    let outline = (1.0, Palette::of(ui.visuals()).line);
    ui.painter()
        .rect_stroke(bar, 0.0, outline, egui::StrokeKind::Outside);
}

fn color(stop: u32) -> Color32 {
    let [_, red, green, blue] = stop.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

fn ramp(bar: Rect, stops: &[u32]) -> Mesh {
    let mut mesh = Mesh::default();
    let last = stops.len().saturating_sub(1).max(1) as f32;
    for (at, stop) in (0_u32..).zip(stops) {
        let x = bar.left() + bar.width() * at as f32 / last;
        mesh.colored_vertex(pos2(x, bar.top()), color(*stop));
        mesh.colored_vertex(pos2(x, bar.bottom()), color(*stop));
        if let Some(before) = at.checked_sub(1) {
            let (old, new) = (2 * before, 2 * at);
            mesh.add_triangle(old, old + 1, new);
            mesh.add_triangle(old + 1, new + 1, new);
        }
    }
    mesh
}

/// Each class beside the others, with its number.
fn swatches(ui: &Ui, bar: Rect, stops: &[u32]) {
    let palette = Palette::of(ui.visuals());
    let width = bar.width() / stops.len().max(1) as f32;
    for (class, stop) in stops.iter().enumerate() {
        let left = bar.left() + width * class as f32;
        let swatch = Rect::from_min_max(
            pos2(left.round(), bar.top()),
            pos2((left + width).round(), bar.bottom()),
        );
        ui.painter().rect_filled(swatch, 0.0, color(*stop));
        ui.painter().text(
            pos2(swatch.center().x, bar.bottom() + 3.0),
            egui::Align2::CENTER_TOP,
            class,
            FontId::proportional(10.0),
            palette.weak,
        );
    }
}

/// The two ends, below those of the legend.
fn range(ui: &mut Ui, map: ValueMap, choice: &mut ValueChoice) {
    let palette = Palette::of(ui.visuals());
    let [mut low, mut high] = [map.low, map.high];
    let word = |text| Label::new(RichText::new(text).small().color(palette.weak));
    let mut changed = false;
    inset(ui, |ui| {
        let label = ui.add(word("Low"));
        changed |= ui.add(end(&mut low, map)).labelled_by(label.id).changed();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(f32::from(MARGIN));
            let field = ui.add(end(&mut high, map));
            let label = ui.add(word("High"));
            changed |= field.labelled_by(label.id).changed();
        });
    });
    if changed && low.is_finite() && high.is_finite() {
        choice.range = Some([low, high]);
    }
}

fn end(value: &mut f32, map: ValueMap) -> DragValue<'_> {
    let span = (f64::from(map.high) - f64::from(map.low)).abs();
    // Both ends may be the same.
    let speed = span.max(f64::from(map.high).abs() * 1e-3).max(1e-6) / DRAG;
    DragValue::new(value)
        .speed(speed)
        .range(f32::MIN..=f32::MAX)
}

fn colors(
    ui: &mut Ui,
    map: ValueMap,
    presentation: Presentation,
    choice: &mut ValueChoice,
) -> Response {
    let ramps = [ValueColors::Grey, ValueColors::Turbo, ValueColors::Viridis];
    let classes = (presentation == Presentation::Segmentation).then_some(ValueColors::Classes);
    ComboBox::from_id_salt("value colours")
        .width(84.0)
        .selected_text(colors_name(map.colors))
        .show_ui(ui, |ui| {
            for colors in classes.into_iter().chain(ramps) {
                let is_shown = colors == map.colors;
                if ui.selectable_label(is_shown, colors_name(colors)).clicked() {
                    choice.colors = Some(colors);
                }
            }
        })
        .response
}

/// Back to the range of each picture, or away from it.
fn automatic(ui: &mut Ui, map: ValueMap, choice: &mut ValueChoice) {
    if choice.range.is_some() {
        let hint = "Show each picture over its own range";
        if ui.button("Automatic").on_hover_text(hint).clicked() {
            choice.range = None;
        }
    } else {
        let hint = "Show all pictures of the stream over this range";
        if ui.button("Keep range").on_hover_text(hint).clicked() {
            choice.range = Some([map.low, map.high]);
        }
    }
}

/// The range in metres, where the logging program said what a metre is.
fn metres(map: ValueMap, presentation: Presentation) -> Option<Row> {
    let Presentation::Depth { meter } = presentation else {
        return None;
    };
    let meter = meter.filter(|meter| meter.is_finite() && *meter > 0.0)?;
    let range = ValueMap {
        low: map.low / meter,
        high: map.high / meter,
        ..map
    };
    Some(Row {
        name: "In metres",
        value: format!("{range} m"),
        raw: None,
        hint: "The range as distances, by the depth meter that was logged",
        note: None,
        alert: false,
    })
}
