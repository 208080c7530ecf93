//! The values of pixels as text, and written into pixels that are shown very large.

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontId, Painter, Rect};
use reelscope_media::PixelFormat;
use reelscope_render::{Channel, PixelValues};

use crate::settings::PixelText;
use crate::shape::Grid;

/// Screen pixels per picture pixel from which values are written into pixels.
const FROM: f32 = 32.0;
/// Sizes of type that can be read and do not shout, in points.
const SIZES: [f32; 2] = [6.0, 14.0];
/// Size of type from which there is room for the names of values.
const NAMED: f32 = 9.0;
/// Height of a line and width of a digit, for type of size 1.
const LINE: f32 = 1.2;
const DIGIT: f32 = 0.62;
/// More pixels than can be read on any screen.
const MOST: usize = 20_000;

/// A number as people read it: whole ones in full, others with four digits after the point.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if value == value.trunc() && size < 1e7 {
        format!("{value:.0}")
    } else if (1e-3..1e7).contains(&size) {
        format!("{value:.4}")
    } else {
        format!("{value:.3e}")
    }
}

/// R’, G’ and B’ as shown, in 8 bits.
pub(crate) fn shown(values: &PixelValues) -> [u8; 3] {
    values
        .rgb
        .map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// Writes values into the pixels that are seen, if those are large enough. `look` gives a pixel's
/// values and which of them are shown.
pub(crate) fn paint(
    painter: &Painter,
    grid: &Grid,
    (format, text, channel): (PixelFormat, PixelText, Channel),
    values: impl Fn([u32; 2]) -> Option<PixelValues>,
) {
    let seen = painter.clip_rect();
    let mut pixels = grid.pixels_in(seen).take(MOST + 1).peekable();
    let Some(first) = pixels.peek() else {
        return;
    };
    let cell = grid.rect_of(*first).size();
    let is_large = cell.min_elem() * painter.pixels_per_point() >= FROM;
    if text == PixelText::Nothing || !is_large {
        return;
    }
    let count = values(*first).map_or(1, |values| values.codes.len());
    let (lines, digits) = match text {
        PixelText::Codes => (count, digits(format)),
        _ => (3, 3),
    };
    let [least, most] = SIZES;
    let fitting = |digits: usize| {
        let width = cell.x / (digits as f32 * DIGIT + 0.8);
        width.min(cell.y / (lines as f32 * LINE + 0.4)).min(most)
    };
    let named = fitting(digits + 2);
    let is_named = named >= NAMED;
    let size = if is_named { named } else { fitting(digits) };
    if size < least {
        return;
    }
    let font = FontId::monospace(size);
    for pixel in pixels {
        let rect = grid.rect_of(pixel);
        if let Some(values) = values(pixel) {
            let color = readable_on(brightness(&values, format, channel));
            let stroke = (1.0, color.gamma_multiply(0.15));
            painter.vline(rect.left(), rect.y_range(), stroke);
            painter.hline(rect.x_range(), rect.top(), stroke);
            let lines = lines_of(&values, text, is_named);
            write(painter, rect, &lines, &font, color);
        }
    }
}

/// The most characters that a code value has.
fn digits(format: PixelFormat) -> usize {
    match format.depth {
        ..=8 => 3,
        9 => 3,
        10..=13 => 4,
        14..=16 => 5,
        _ => 8,
    }
}

fn lines_of(values: &PixelValues, text: PixelText, named: bool) -> String {
    let line = |name: &str, value: String| {
        // The name of the only value says nothing.
        if named && name.len() == 1 {
            format!("{name} {value}")
        } else {
            value
        }
    };
    let codes = values.codes.iter();
    let lines: Vec<String> = match text {
        PixelText::Codes => codes
            .map(|code| line(code.name, number(code.value)))
            .collect(),
        _ => ["R", "G", "B"]
            .into_iter()
            .zip(shown(values))
            .map(|(name, value)| line(name, value.to_string()))
            .collect(),
    };
    lines.join("\n")
}

/// How bright a pixel is on screen, from 0 to 1.
fn brightness(values: &PixelValues, format: PixelFormat, channel: Channel) -> f32 {
    let [red, green, blue] = values.rgb;
    let code = |name: &str| {
        let most = 2f64.powi(i32::from(format.depth.min(16))) - 1.0;
        let found = values.codes.iter().find(|code| code.name == name);
        found.map_or(0.5, |code| (code.value / most) as f32)
    };
    match channel {
        // Luma of BT.709: near enough for black or white.
        Channel::All => 0.2126 * red + 0.7152 * green + 0.0722 * blue,
        Channel::Red => red,
        Channel::Green => green,
        Channel::Blue => blue,
        Channel::Alpha => code("A"),
        Channel::Luma => code("Y"),
        Channel::Cb => code("U"),
        Channel::Cr => code("V"),
    }
}

fn readable_on(brightness: f32) -> Color32 {
    if brightness > 0.45 {
        Color32::BLACK
    } else {
        Color32::WHITE
    }
}

fn write(painter: &Painter, rect: Rect, text: &str, font: &FontId, color: Color32) {
    let format = TextFormat {
        line_height: Some(font.size * LINE),
        ..TextFormat::simple(font.clone(), color)
    };
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.halign = Align::Center;
    let galley = painter.layout_job(job);
    let top = rect.center().y - galley.size().y / 2.0;
    painter.galley(egui::pos2(rect.center().x, top), galley, color);
}

#[cfg(test)]
mod tests {
    use reelscope_render::CodeValue;

    use super::*;

    #[test]
    fn values_are_written_with_their_names_where_there_is_room() {
        let code = |name, value| CodeValue { name, value };
        let values = PixelValues {
            codes: vec![code("Y", 81.0), code("U", 90.0), code("V", 240.0)],
            rgb: [1.0, 0.0, 0.5],
            nits: None,
            clipped: None,
        };
        let lines = |text, named| lines_of(&values, text, named);
        assert_eq!(lines(PixelText::Codes, true), "Y 81\nU 90\nV 240");
        assert_eq!(lines(PixelText::Codes, false), "81\n90\n240");
        assert_eq!(lines(PixelText::Shown, true), "R 255\nG 0\nB 128");
    }

    #[test]
    fn numbers_are_short() {
        let texts = [235.0, 65_535.0, 0.25, -1.5, 1e-7, 3.2e12].map(number);
        let expected = ["235", "65535", "0.2500", "-1.5000", "1.000e-7", "3.200e12"];
        assert_eq!(texts, expected);
    }
}
