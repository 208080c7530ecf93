//! What the shader is told of one draw; the other half of `struct Params` in `shader.wgsl`.

use reelscope_media::Layout;

use crate::color::{Components, Conversion};
use crate::look::{STOPS, maps_values};
use crate::signal::{component, stretch};
use crate::siting::Siting;
use crate::{ChromaFilter, Look, Placement, ShownValues, VideoTexture};

/// Rows before those of the colours.
const ROWS: usize = 13;
/// Rows of the colours, `struct Colors` in `shader/display.wgsl`.
const COLOR_ROWS: usize = 10;
/// Rows of the ramp, four colours each.
const RAMP_ROWS: usize = STOPS.div_ceil(4);

/// Flag: zero is shown black.
const ZERO_IS_BLACK: u32 = 1;
/// Flag: the range of values is a single one.
const ONE_VALUE: u32 = 2;

/// Rows of four 32-bit words.
pub(crate) type Uniform = [[u32; 4]; ROWS + COLOR_ROWS + RAMP_ROWS];

pub(crate) fn uniform(
    texture: &VideoTexture,
    placement: &Placement,
    look: &Look,
    conversion: &Conversion,
) -> Uniform {
    let format = texture.format;
    let part = placement.part(texture.width, texture.height);
    let to_picture = placement.to_picture(part);
    let footprint = to_picture.footprint();
    let siting = Siting::new(format, texture.color.site);
    let chroma_offset = match look.chroma_filter {
        // The sample that covers the pixel, wherever it lies.
        ChromaFilter::Nearest => [0.0; 2],
        _ => siting.offset,
    };
    let chroma_size = format.chroma_size(texture.width, texture.height);
    let shown = texture.shown_values(look);
    let rgb = conversion.code_to_rgb;
    let stretched = stretch(
        shown.filter(|_| !maps_values(format)),
        format,
        texture.color,
    );
    let [tile_columns, chroma_tile_columns] = texture.tile_columns();
    let opacity = share(placement.opacity) * share(look.opacity);
    let largest_code = if format.is_float() {
        1.0
    } else {
        2f64.powi(format.depth.into()) - 1.0
    };
    let shift = format.low_bits();
    let red = match format.layout {
        Layout::Bayer(pattern) => pattern.red(),
        _ => (0, 0),
    };
    let mut flags = 0;
    if look.zero_is_black(format) {
        flags |= ZERO_IS_BLACK;
    }
    if shown.is_some_and(|shown| shown.map.low == shown.map.high) {
        flags |= ONE_VALUE;
    }
    let [x, y] = [to_picture.x, to_picture.y];
    let rows: [[u32; 4]; ROWS] = [
        floats([x[0], x[1], x[2], 0.0]),
        floats([y[0], y[1], y[2], 0.0]),
        floats([
            footprint[0],
            footprint[1],
            f64::from(opacity),
            1.0 / largest_code,
        ]),
        floats([
            siting.scale[0],
            siting.scale[1],
            chroma_offset[0],
            chroma_offset[1],
        ]),
        floats(rgb[0]),
        floats(rgb[1]),
        floats(rgb[2]),
        bounds(part, [1, 1], (texture.width, texture.height)),
        bounds(
            part,
            siting.scale.map(|scale| (1.0 / scale) as u32),
            chroma_size,
        ),
        value_range(shown),
        [shift, texture.width, red.0 | red.1 << 1, flags],
        floats(component(look.channel, format, texture.color, stretched)),
        [
            tile_columns,
            chroma_tile_columns,
            (stretched[0] as f32).to_bits(),
            (stretched[1] as f32).to_bits(),
        ],
    ];
    let mut uniform = [[0; 4]; ROWS + COLOR_ROWS + RAMP_ROWS];
    let colors = colors(conversion);
    let words = rows.as_flattened().iter().chain(colors.as_flattened());
    let words = words.chain(ramp(shown));
    for (word, value) in uniform.as_flattened_mut().iter_mut().zip(words) {
        *word = *value;
    }
    uniform
}

/// The words of `struct Colors`.
fn colors(conversion: &Conversion) -> [[u32; 4]; COLOR_ROWS] {
    let with = |[a, b, c]: [f64; 3], last: f64| floats([a, b, c, last]);
    let [red, green, blue] = conversion.to_rgb;
    let [kr, kg, kb] = conversion.weights;
    let [shown_red, shown_green, shown_blue] = conversion.to_display;
    let (scales, constant_weights) = match conversion.components {
        Components::ConstantLuminance(constant) => (constant.scales, constant.weights),
        _ => ([0.0; 4], [0.0; 3]),
    };
    let (tone, gamma) = (conversion.tone, conversion.gamma);
    [
        with(red, kr),
        with(green, kg),
        with(blue, kb),
        with(shown_red, 0.0),
        with(shown_green, 0.0),
        with(shown_blue, 0.0),
        floats(scales),
        with(constant_weights, 0.0),
        floats([tone.source, tone.largest, gamma.peak, gamma.exponent]),
        floats([conversion.gain, 0.0, 0.0, 0.0]),
    ]
}

/// The smallest and the largest value that are told apart, half of the low end, half of the way to
/// the high end. Halves, because the whole way may be longer than the largest float.
fn value_range(shown: Option<ShownValues>) -> [u32; 4] {
    let [low, high] = shown.map_or([0.0, 1.0], |shown| [shown.map.low, shown.map.high]);
    let half_way = 0.5 * (f64::from(high) - f64::from(low));
    let half_way = if half_way == 0.0 { 1.0 } else { half_way };
    floats([
        low.min(high).into(),
        low.max(high).into(),
        0.5 * f64::from(low),
        half_way,
    ])
}

fn ramp(shown: Option<ShownValues>) -> &'static [u32] {
    let ramp = shown.and_then(|shown| shown.map.colors.ramp());
    ramp.map_or(&[], |ramp| ramp.as_slice())
}

/// A share from 0 to 1; what is no number counts as all.
fn share(value: f32) -> f32 {
    if value.is_finite() {
        value.clamp(0.0, 1.0)
    } else {
        1.0
    }
}

fn floats(row: [f64; 4]) -> [u32; 4] {
    row.map(|value| (value as f32).to_bits())
}

/// First and last sample `[x, y, x, y]` of a plane that belong to a part of the picture.
fn bounds(part: [u32; 4], subsampling: [u32; 2], size: (u32, u32)) -> [u32; 4] {
    let [x, y, width, height] = part;
    let last = |start: u32, length: u32, step: u32, size: u32| {
        (start + length).div_ceil(step).min(size).saturating_sub(1)
    };
    let [h, v] = subsampling;
    [
        x / h,
        y / v,
        last(x, width, h, size.0),
        last(y, height, v, size.1),
    ]
}
