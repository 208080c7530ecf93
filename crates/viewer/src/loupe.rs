//! The loupe: the pixels around the pointer, magnified, and what the one in the middle holds and is
//! shown as. Values come from the decoded planes.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align2, Area, Color32, FontId, Frame, Order, Painter, Pos2, Rect, RichText, Role, Sense,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use reelscope_render::{Clipped, PixelValues};

use crate::pixel_text::{number, shown};
use crate::shape::Grid;
use crate::theme::Palette;
use crate::values::StreamLook;
use crate::video_paint::{Spot, VideoPaint, Where};
use crate::view_id::ViewId;

/// Pixels on a side, and the length of each in points.
const PIXELS: f32 = 11.0;
const PIXEL: f32 = 18.0;
/// Distance from the pointer.
const DISTANCE: f32 = 22.0;
/// Width of the names of values.
const NAMES: f32 = 44.0;
/// Height of a line.
const LINE: f32 = 15.0;

/// A pixel that is looked at.
pub(crate) struct Target {
    pub(crate) view: ViewId,
    /// Where the loupe is to be.
    pub(crate) at: Pos2,
    /// Column and row in the decoded picture.
    pub(crate) pixel: [u32; 2],
    pub(crate) values: PixelValues,
}

/// Draws the loupe. `place` is where the whole picture is.
pub(crate) fn ui(
    ui: &Ui,
    target: &Target,
    (place, grid): (Where, &Grid),
    (paint, look): (&mut VideoPaint, &StreamLook),
) {
    let screen = ui.ctx().content_rect().shrink(4.0);
    let room = screen.center();
    let (side_x, pivot_x) = if target.at.x < room.x {
        (1.0, 0)
    } else {
        (-1.0, 1)
    };
    let (side_y, pivot_y) = if target.at.y < room.y {
        (1.0, 0)
    } else {
        (-1.0, 1)
    };
    let pivots = [
        [Align2::LEFT_TOP, Align2::RIGHT_TOP],
        [Align2::LEFT_BOTTOM, Align2::RIGHT_BOTTOM],
    ];
    Area::new(egui::Id::unique("loupe"))
        .order(Order::Tooltip)
        .interactable(false)
        .pivot(pivots[pivot_y][pivot_x])
        .fixed_pos(target.at + DISTANCE * vec2(side_x, side_y))
        .constrain_to(screen)
        .fade_in(false)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).inner_margin(8).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(4.0, 3.0);
                ui.spacing_mut().interact_size.y = LINE;
                let side = Vec2::splat(PIXELS * PIXEL);
                let (rect, response) = ui.allocate_exact_size(side, Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Loupe"));
                magnified(
                    &ui.painter_at(rect),
                    rect,
                    target,
                    (place, grid),
                    (paint, look),
                );
                ui.add_space(3.0);
                words(ui, target);
            });
        });
}

/// The pixels around the one that is looked at, which is in the middle.
fn magnified(
    painter: &Painter,
    rect: Rect,
    target: &Target,
    (place, grid): (Where, &Grid),
    (paint, look): (&mut VideoPaint, &StreamLook),
) {
    let palette = Palette::of(&painter.ctx().global_style().visuals);
    painter.rect_filled(rect, 0.0, palette.sunken);
    let pixel = grid.rect_of(target.pixel);
    let scale = PIXEL / pixel.size().min_elem();
    let center = rect.center();
    let whole = Where {
        rect: Rect::from_min_size(
            center + (place.rect.min - pixel.center()) * scale,
            place.rect.size() * scale,
        ),
        smooth: false,
        ..place
    };
    paint.paint(painter, (target.view, Spot::Tile), whole, look);
    let cell = Rect::from_center_size(center, pixel.size() * scale);
    lines(painter, rect, cell);
    painter.rect_stroke(cell, 0.0, (1.0, Color32::WHITE), StrokeKind::Inside);
    painter.rect_stroke(cell, 0.0, (1.0, Color32::BLACK), StrokeKind::Outside);
    painter.rect_stroke(rect, 0.0, (1.0, palette.line), StrokeKind::Inside);
}

/// Thin lines between pixels, at distances from the one in the middle.
fn lines(painter: &Painter, rect: Rect, cell: Rect) {
    let stroke = (1.0, Color32::from_black_alpha(70));
    let count = (PIXELS / 2.0).ceil() as i32;
    for step in -count..=count {
        let corner = cell.min + step as f32 * cell.size();
        painter.vline(corner.x, rect.y_range(), stroke);
        painter.hline(rect.x_range(), corner.y, stroke);
    }
}

/// What the pixel holds and is shown as.
fn words(ui: &mut Ui, target: &Target) {
    let values = &target.values;
    let [x, y] = target.pixel;
    let codes = values
        .codes
        .iter()
        .map(|code| (code.name, number(code.value)));
    row(ui, "Code", codes);
    let rgb = shown(values);
    row(
        ui,
        "Shown",
        ["R", "G", "B"]
            .into_iter()
            .zip(rgb.map(|it| it.to_string())),
    );
    ui.horizontal(|ui| {
        name(ui, "");
        ui.label(RichText::new(hex(rgb)).monospace());
        let (swatch, _) = ui.allocate_exact_size(vec2(28.0, 12.0), Sense::hover());
        let [red, green, blue] = rgb;
        ui.painter()
            .rect_filled(swatch, 2.0, Color32::from_rgb(red, green, blue));
    });
    if let Some(nits) = values.nits {
        row(ui, "Light", [("", nits_text(nits))]);
    }
    if let Some(clipped) = values.clipped {
        row(ui, "Clips", [("", clipped_text(clipped).to_owned())]);
    }
    row(ui, "At", [("x", x.to_string()), ("y", y.to_string())]);
}

fn row<'a>(ui: &mut Ui, title: &str, values: impl IntoIterator<Item = (&'a str, String)>) {
    let palette = Palette::of(ui.visuals());
    let mut job = LayoutJob::default();
    let font = FontId::monospace(12.0);
    for (name, value) in values {
        let gap = if job.is_empty() { "" } else { " " };
        if !name.is_empty() {
            let weak = TextFormat::simple(font.clone(), palette.weak);
            job.append(&format!("{gap}{name} "), 0.0, weak);
        }
        job.append(&value, 0.0, TextFormat::simple(font.clone(), palette.text));
    }
    job.wrap.max_width = PIXELS * PIXEL - NAMES - 4.0;
    ui.horizontal_top(|ui| {
        name(ui, title);
        ui.label(job);
    });
}

fn name(ui: &mut Ui, text: &str) {
    let palette = Palette::of(ui.visuals());
    let (rect, _) = ui.allocate_exact_size(vec2(NAMES, LINE), Sense::hover());
    let font = FontId::proportional(11.0);
    ui.painter().text(
        pos2(rect.left(), rect.center().y),
        Align2::LEFT_CENTER,
        text,
        font,
        palette.weak,
    );
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

fn nits_text(nits: f32) -> String {
    match nits {
        100.0.. => format!("{nits:.0} cd/m²"),
        1.0.. => format!("{nits:.1} cd/m²"),
        _ => format!("{nits:.4} cd/m²"),
    }
}

/// Why the colour shown is not the picture's.
fn clipped_text(clipped: Clipped) -> &'static str {
    match clipped {
        Clipped::Dark => "below black",
        Clipped::Bright => "above white",
        Clipped::Gamut => "outside the gamut",
    }
}

/// All of it on one line, for the clipboard.
pub(crate) fn text(pixel: [u32; 2], values: &PixelValues) -> String {
    let [x, y] = pixel;
    let codes = values.codes.iter();
    let codes: Vec<String> = codes
        .map(|code| format!("{} {}", code.name, number(code.value)))
        .collect();
    let rgb = shown(values);
    let [red, green, blue] = rgb;
    let mut parts = vec![
        format!("x {x} y {y}"),
        codes.join(" "),
        format!("shown R {red} G {green} B {blue} {}", hex(rgb)),
    ];
    parts.extend(values.nits.map(nits_text));
    parts.extend(values.clipped.map(|it| clipped_text(it).to_owned()));
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use reelscope_render::CodeValue;

    use super::*;

    #[test]
    fn a_pixel_is_copied_as_one_line() {
        let code = |name, value| CodeValue { name, value };
        let values = PixelValues {
            codes: vec![code("Y", 520.0), code("U", 512.0), code("V", 511.0)],
            rgb: [0.5, 0.0, 1.0],
            nits: Some(92.25),
            clipped: Some(Clipped::Gamut),
        };
        assert_eq!(
            text([12, 7], &values),
            "x 12 y 7 · Y 520 U 512 V 511 · shown R 128 G 0 B 255 #8000FF · 92.2 cd/m² · outside the gamut"
        );
    }
}
