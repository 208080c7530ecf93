//! What one pixel of a frame holds and is shown as, from its planes and without a GPU.

mod sampling;

use reelscope_media::{Chroma, ColorInfo, Frame, Layout, PixelFormat};

use crate::color::{Conversion, gamut, resolved_color};
use crate::look::{class_color, maps_values};
use crate::signal::stretch;
use crate::{Clipped, Look, ShownValues, ValueColors};
use sampling::{chroma, chroma_code, code, demosaiced, luma_code};

/// The values of one pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct PixelValues {
    /// Its code values as decoded, in the order of the format's planes or channels, one to four.
    pub codes: Vec<CodeValue>,
    /// R', G', B' that it is shown as, from 0 to 1: what the shader makes of it at its own size,
    /// opaque, all channels, without dithering and marks.
    pub rgb: [f32; 3],
    /// The luminance in cd/m² that its PQ or HLG code values mean, before exposure and tone mapping.
    pub nits: Option<f32>,
    /// Why `rgb` is not what the picture means, if it is not.
    pub clipped: Option<Clipped>,
}

/// One code value, with its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CodeValue {
    /// `"Y"`, `"U"`, `"V"`, `"R"`, `"G"`, `"B"`, `"A"`, or `"value"` of pictures that have one per
    /// pixel.
    pub name: &'static str,
    /// A whole number, or any if the format's values are floats. Of subsampled chroma the sample that
    /// covers the pixel.
    pub value: f64,
}

/// The values of the pixel in column `x` and row `y` of a frame as it was decoded, shown with what
/// is `stated` of its colours as [`Renderer::upload`](crate::Renderer::upload) takes it. `None`
/// outside the picture.
pub fn probe(frame: &Frame, stated: ColorInfo, look: &Look, x: u32, y: u32) -> Option<PixelValues> {
    let (codes, found) = found(frame, stated, look, x, y)?;
    Some(match found {
        Found::Value(rgb) => PixelValues {
            codes,
            rgb,
            nits: None,
            clipped: None,
        },
        Found::Color(conversion, inputs) => {
            let shown = conversion.shown(inputs);
            PixelValues {
                codes,
                rgb: shown.rgb.map(|value| value as f32),
                nits: shown.nits.map(|nits| nits as f32),
                clipped: shown.clipped,
            }
        }
    })
}

/// R', G', B' (of ICtCp L', M', S') of the same pixel before anything is done for a display, 0 at
/// black and 1 at white, not clipped.
pub(crate) fn signal(
    frame: &Frame,
    stated: ColorInfo,
    look: &Look,
    x: u32,
    y: u32,
) -> Option<[f64; 3]> {
    let (_, found) = found(frame, stated, look, x, y)?;
    Some(match found {
        Found::Value(rgb) => rgb.map(f64::from),
        Found::Color(conversion, inputs) => conversion.signal(inputs),
    })
}

/// What a pixel's code values stand for.
enum Found {
    /// A colour already, from 0 to 1.
    Value([f32; 3]),
    /// What becomes a colour by a conversion, chroma interpolated.
    Color(Box<Conversion>, [f64; 3]),
}

fn found(
    frame: &Frame,
    stated: ColorInfo,
    look: &Look,
    x: u32,
    y: u32,
) -> Option<(Vec<CodeValue>, Found)> {
    if x >= frame.width() || y >= frame.height() {
        return None;
    }
    let format = frame.format();
    let codes = names(format)
        .iter()
        .zip(covering(frame, x, y))
        .map(|(name, value)| {
            Some(CodeValue {
                name,
                value: value?,
            })
        })
        .collect::<Option<Vec<_>>>()?;
    let shown = look.shown(format, frame.value_range);
    if let Some(shown) = shown.filter(|_| maps_values(format)) {
        let rgb = value_color(frame, &codes, shown, look);
        return Some((codes, Found::Value(rgb)));
    }
    let color = resolved_color(stated, format, frame.width(), frame.height());
    let mut conversion = Conversion::new(format, color, gamut(stated, color), look);
    let [gain, offset] = stretch(shown, format, color);
    conversion.code_to_rgb = conversion
        .code_to_rgb
        .map(|[a, b, c, d]| [gain * a, gain * b, gain * c, gain * d + offset]);
    let value = |index: usize| codes.get(index).map_or(0.0, |code| code.value);
    let inputs = match format.layout {
        Layout::Bayer(pattern) => demosaiced(frame, pattern, x, y)?,
        Layout::Planar(Chroma::Mono) => [value(0); 3],
        Layout::Planar(_)
        | Layout::SemiPlanar(_)
        | Layout::SemiPlanarCrCb(_)
        | Layout::Packed(_) => {
            let [cb, cr] = chroma(frame, color.site, look.chroma_filter, x, y)?;
            [value(0), cb, cr]
        }
        Layout::Gbr | Layout::Rgb | Layout::Rgba | Layout::Bgr | Layout::Bgra => {
            [value(0), value(1), value(2)]
        }
    };
    Some((codes, Found::Color(Box::new(conversion), inputs)))
}

/// Names of a pixel's values in the order of planes, or as they are usually named where they lie in
/// one.
fn names(format: PixelFormat) -> &'static [&'static str] {
    match format.layout {
        Layout::Planar(Chroma::Mono) if format.is_float() => &["value"],
        Layout::Planar(Chroma::Mono) => &["Y"],
        Layout::Planar(_)
        | Layout::SemiPlanar(_)
        | Layout::SemiPlanarCrCb(_)
        | Layout::Packed(_) => &["Y", "U", "V"],
        Layout::Gbr => &["G", "B", "R"],
        Layout::Rgb | Layout::Bgr => &["R", "G", "B"],
        Layout::Rgba | Layout::Bgra => &["R", "G", "B", "A"],
        Layout::Bayer(_) => &["value"],
    }
}

/// The values that cover a pixel, in the order of [`names`].
fn covering(frame: &Frame, x: u32, y: u32) -> [Option<f64>; 4] {
    let format = frame.format();
    let (h, v) = format.chroma().map_or((0, 0), Chroma::shifts);
    let (chroma_x, chroma_y) = (x >> h, y >> v);
    match format.layout {
        Layout::Planar(Chroma::Mono) | Layout::Bayer(_) => {
            [code(frame, 0, x, y, 0), None, None, None]
        }
        Layout::Gbr => [
            code(frame, 0, x, y, 0),
            code(frame, 1, x, y, 0),
            code(frame, 2, x, y, 0),
            None,
        ],
        Layout::Planar(_)
        | Layout::SemiPlanar(_)
        | Layout::SemiPlanarCrCb(_)
        | Layout::Packed(_) => [
            luma_code(frame, x, y),
            chroma_code(frame, 0, chroma_x, chroma_y),
            chroma_code(frame, 1, chroma_x, chroma_y),
            None,
        ],
        Layout::Bgr | Layout::Bgra => [2, 1, 0, 3].map(|channel| code(frame, 0, x, y, channel)),
        Layout::Rgb | Layout::Rgba => [0, 1, 2, 3].map(|channel| code(frame, 0, x, y, channel)),
    }
}

/// The colour of values that are mapped to colours, as the shader's `channels` and `color_of`.
fn value_color(frame: &Frame, codes: &[CodeValue], shown: ShownValues, look: &Look) -> [f32; 3] {
    let format = frame.format();
    let colors = codes.get(..3).unwrap_or(codes);
    if colors.iter().any(|code| code.value.is_nan()) {
        return [1.0, 0.0, 1.0];
    }
    let share = |value: f64| {
        let [low, high] = [shown.map.low, shown.map.high].map(f64::from);
        if low == high {
            0.5
        } else {
            (value.clamp(low.min(high), low.max(high)) - low) / (high - low)
        }
    };
    let [first, second, third] = match colors {
        [red, green, blue] => [red, green, blue].map(|code| code.value),
        [value, ..] => [value.value; 3],
        [] => [0.0; 3],
    };
    if !format.is_single_channel() {
        return [first, second, third].map(|value| share(value) as f32);
    }
    if shown.map.colors == ValueColors::Classes {
        return rgb_of(class_color(first as i64 as u32));
    }
    if look.zero_is_black(format) && first == 0.0 {
        return [0.0; 3];
    }
    let up = share(first);
    let Some(ramp) = shown.map.colors.ramp() else {
        return [up as f32; 3];
    };
    let steps = (ramp.len() - 1) as f64;
    let step = (up * steps).floor().clamp(0.0, steps - 1.0);
    let stop = |index: usize| rgb_of(ramp.get(index).copied().unwrap_or(0));
    let (below, above) = (stop(step as usize), stop(step as usize + 1));
    let between = (up * steps - step) as f32;
    [0, 1, 2].map(|channel: usize| {
        let pick = |color: [f32; 3]| color.get(channel).copied().unwrap_or(0.0);
        pick(below) + (pick(above) - pick(below)) * between
    })
}

/// R', G', B' of `0xRRGGBB`.
fn rgb_of(color: u32) -> [f32; 3] {
    [color >> 16, color >> 8, color].map(|value| (value & 255) as f32 / 255.0)
}
