//! The vectorscope: Cb to the right, Cr upwards, with a graticule of where the colours of 75 % bars and
//! skin belong.

use egui::{Align2, Color32, Pos2, Rect, Response, Role, StrokeKind, Ui, Vec2, WidgetInfo, pos2};
use reelscope_render::{SCOPE_LEVELS, Scopes};

use super::trace::Traces;
use super::well::{LINE, WORD, Well};

const HEIGHT: f32 = 236.0;
/// Strength of the bars in the boxes.
const BARS: f64 = 0.75;
/// Side of a box, in levels.
const BOX: f32 = 12.0;
/// The direction of skin, from Cb towards Cr: that of the +I axis of NTSC.
const SKIN_DEGREES: f32 = 123.0;
/// The level of no chroma.
const MIDDLE: f32 = 128.0;

/// Draws it; gives what is under the pointer as text.
pub(super) fn ui(ui: &mut Ui, scopes: &Scopes, traces: &Traces) -> (Response, Option<String>) {
    let well = Well::new(ui, HEIGHT);
    well.response
        .widget_info(|| WidgetInfo::labeled(Role::Image, true, "Vectorscope"));
    let part = Rect::from_center_size(well.rect.center(), Vec2::splat(HEIGHT - 8.0));
    let at = |cb: f32, cr: f32| -> Pos2 {
        let share = |level: f32| (level + 0.5) / SCOPE_LEVELS as f32;
        pos2(
            part.left() + share(cb) * part.width(),
            part.bottom() - share(cr) * part.height(),
        )
    };
    graticule(&well, scopes, at);
    if let Some(texture) = &traces.vectors {
        let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        well.painter.image(texture.id(), part, all, Color32::WHITE);
    }
    let text = well.pointer(part).map(|[across, up]| {
        let level = |share: f32| ((share * SCOPE_LEVELS as f32) as usize).min(SCOPE_LEVELS - 1);
        let (cb, cr) = (level(across), level(up));
        let count = scopes.vectorscope().get(cr * SCOPE_LEVELS + cb);
        let count = count.copied().unwrap_or(0);
        let [x, y] = [cb as f32 - MIDDLE, cr as f32 - MIDDLE];
        let degrees = (y.atan2(x).to_degrees() + 360.0) % 360.0;
        format!("Cb {cb} Cr {cr}, {degrees:.0}°: {count} px")
    });
    (well.response, text)
}

fn graticule(well: &Well, scopes: &Scopes, at: impl Fn(f32, f32) -> Pos2) {
    let painter = &well.painter;
    let middle = at(MIDDLE, MIDDLE);
    let radius = at(240.0, MIDDLE).x - middle.x;
    painter.circle_stroke(middle, radius, (1.0, LINE));
    painter.line_segment([at(16.0, MIDDLE), at(240.0, MIDDLE)], (1.0, LINE));
    painter.line_segment([at(MIDDLE, 16.0), at(MIDDLE, 240.0)], (1.0, LINE));
    let skin = Vec2::angled(-SKIN_DEGREES.to_radians()) * radius;
    painter.line_segment([middle, middle + skin], (1.0, WORD.gamma_multiply(0.6)));
    well.word(middle + skin * 1.03, Align2::RIGHT_BOTTOM, "skin");
    let level = at(MIDDLE + 1.0, MIDDLE).x - middle.x;
    for target in scopes.scale.targets(BARS) {
        let [cb, cr] = target.place.map(|level| level as f32);
        let place = at(cb, cr);
        let [red, green, blue] = target.rgb.map(|value| 90 + (value * 150.0) as u8);
        let color = Color32::from_rgb(red, green, blue);
        let rect = Rect::from_center_size(place, Vec2::splat(BOX * level));
        painter.rect_stroke(rect, 1.0, (1.0, color), StrokeKind::Middle);
        let outwards = (place - middle).normalized() * (BOX * level);
        well.word(place + outwards, Align2::CENTER_CENTER, target.name);
    }
}
