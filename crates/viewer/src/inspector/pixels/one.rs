//! The pixel under the pointer: those around it magnified, and its values.

use egui::{Pos2, Role, Sense, Ui, WidgetInfo, vec2};

use super::super::{Row, Subject, row_ui};
use super::heading;
use crate::command::Commands;
use crate::loupe::{self, Target};
use crate::pixel_text::{number, shown};
use crate::shape::Grid;
use crate::theme::MARGIN;
use crate::video_paint::{Seen, VideoPaint};

/// Height of the magnified strip, and the length of a pixel in it, in points.
const STRIP: f32 = 90.0;
const PIXEL: f32 = 10.0;

/// Draws the section. The pixel that the pointer was over last stays, so that its values can be
/// copied; before that it is the one in the middle.
pub(super) fn ui(
    ui: &mut Ui,
    subject: &Subject<'_>,
    (seen, paint): (Option<&Seen>, &mut VideoPaint),
    commands: &mut Commands,
) {
    let Some([width, height]) = paint.size(subject.id) else {
        return;
    };
    let [x, y, w, h] = seen
        .and_then(|seen| seen.part)
        .unwrap_or([0, 0, width, height]);
    let pointed_at = seen.and_then(|seen| seen.pixel);
    let inside = pointed_at.filter(|[x, y]| *x < width && *y < height);
    let pixel = inside.unwrap_or([x + w / 2, y + h / 2]);
    let Some(values) = paint.pixel(subject.id, &subject.look, pixel) else {
        return;
    };
    heading(ui, "Pixel", |_| ());
    let target = Target {
        view: subject.id,
        at: Pos2::ZERO,
        pixel,
        values,
    };
    if let Some(seen) = seen {
        strip(ui, (subject, seen), &target, paint);
    }
    for row in rows(&target, inside.is_some()) {
        row_ui(ui, &row, commands);
    }
}

fn strip(
    ui: &mut Ui,
    (subject, seen): (&Subject<'_>, &Seen),
    target: &Target,
    paint: &mut VideoPaint,
) {
    let Some([width, height]) = paint.size(subject.id) else {
        return;
    };
    let size = vec2(ui.available_width(), STRIP);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Pixels around"));
    let rect = rect.shrink2(vec2(f32::from(MARGIN), 0.0));
    let grid = Grid::new(&seen.place, (width, height));
    let painter = ui.painter_at(rect);
    let place = (seen.place, &grid);
    loupe::magnified(
        &painter,
        (rect, PIXEL),
        target,
        place,
        (paint, &subject.look),
    );
    ui.add_space(4.0);
}

fn rows(target: &Target, is_pointed_at: bool) -> Vec<Row> {
    let values = &target.values;
    let [x, y] = target.pixel;
    let mut at = Row::new(
        "Place",
        format!("x {x} y {y}"),
        "Column and row in the picture as decoded, from 0",
    );
    at.note = (!is_pointed_at).then_some("the middle");
    let codes: Vec<String> = values
        .codes
        .iter()
        .map(|code| format!("{} {}", code.name, number(code.value)))
        .collect();
    let rgb = shown(values);
    let [red, green, blue] = rgb;
    let mut rows = vec![
        at,
        Row::new(
            "Code",
            codes.join(" "),
            "Code values as decoded, in steps of the picture’s bit depth",
        ),
        Row::new(
            "Shown",
            format!("R {red} G {green} B {blue}"),
            "R’G’B’ on screen, 0 to 255",
        ),
        Row::new("Hex", loupe::hex(rgb), "The same in hexadecimal"),
    ];
    rows.extend(values.nits.map(|nits| {
        Row::new(
            "Light",
            loupe::nits_text(nits),
            "Luminance that the code values mean, before exposure and tone mapping",
        )
    }));
    rows.extend(values.clipped.map(|clipped| {
        let hint = "Why the colour on screen is not the one that the picture means";
        Row::new("Clips", loupe::clipped_text(clipped), hint).alert(true)
    }));
    rows
}
