// Code values of up to three planes to pixels, in stages that each stand alone:
// target pixel -> picture position -> filtered code values -> R'G'B' -> display. The last two are in
// shader/display.wgsl, which is put behind this.

struct Params {
    // Picture position from target position: dot(row.xy, position) + row.z.
    to_x: vec4<f32>,
    to_y: vec4<f32>,
    // Picture pixels under one target pixel.
    footprint: vec2<f32>,
    opacity: f32,
    // One over the largest code value.
    alpha_step: f32,
    // Position in the chroma planes from picture position.
    chroma_scale: vec2<f32>,
    chroma_offset: vec2<f32>,
    // R', G', B' from code values and one.
    to_red: vec4<f32>,
    to_green: vec4<f32>,
    to_blue: vec4<f32>,
    // First (xy) and last (zw) sample of the planes that may be shown.
    bounds: vec4<i32>,
    chroma_bounds: vec4<i32>,
    // Smallest and largest value that are told apart, half of the value at the low end, half of the
    // way to the high end.
    value_range: vec4<f32>,
    // How far the significant bits lie above the lowest one.
    shift: u32,
    // Picture width.
    width: u32,
    // Column (bit 0) and row (bit 1) of red in a mosaic's cell.
    red_at: u32,
    flags: u32,
    // The shade of one component, from code values and one.
    to_component: vec4<f32>,
    // How many tiles lie side by side in the first plane, and in the others.
    tile_columns: u32,
    chroma_tile_columns: u32,
    // What R', G', B' are multiplied with, and what is then added.
    stretch: vec2<f32>,
    colors: Colors,
    // Stops of a colour ramp, as 0xRRGGBB.
    ramp: array<vec4<u32>, 9>,
}

const RAMP_STEPS = 32.0;
const ZERO_IS_BLACK = 1u;
const ONE_VALUE = 2u;

// What is the same for a whole draw, decided when its pipeline is made.
override planes: u32;
override order: u32;
override values: u32;
override channel: u32;
override floats: u32;
override main_filter: u32;
override chroma_filter: u32;
override output: u32;

const PLANES_MONO = 0u;
const PLANES_PLANAR = 1u;
const PLANES_SEMI_PLANAR = 2u;
const PLANES_RGB = 3u;
const PLANES_RGBA = 4u;
const PLANES_BAYER = 5u;
const PLANES_PACKED = 6u;

// Bits: blue or Cr comes first, chroma before luma.
const ORDER_SWAPPED = 1u;
const ORDER_CHROMA_FIRST = 2u;

const VALUES_CODES = 0u;
const VALUES_GREY = 1u;
const VALUES_RAMP = 2u;
const VALUES_CLASSES = 3u;

const CHANNEL_RED = 1u;
const CHANNEL_GREEN = 2u;
const CHANNEL_BLUE = 3u;
const CHANNEL_ALPHA = 4u;
const CHANNEL_COMPONENT = 5u;

const FILTER_POINT = 0u;
const FILTER_LINEAR = 1u;
const FILTER_AREA = 2u;
const FILTER_CUBIC = 3u;
const FILTER_LANCZOS = 4u;

const OUTPUT_ENCODED = 0u;
const OUTPUT_LINEAR = 1u;
const OUTPUT_STRAIGHT = 2u;
const OUTPUT_WORDS = 3u;

// Most samples that are averaged along one axis. Pictures shrunk further are averaged over every
// second, third… sample, so that no fragment runs for long.
const MAX_TAPS = 128;

// Group 0 is in whole_planes.wgsl and tiled_planes.wgsl.
@group(1) @binding(0) var<uniform> params: Params;

// One triangle over the whole target; the scissor cuts it to the picture.
@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    let corner = vec2<f32>(f32((index << 1u) & 2u), f32(index & 2u));
    return vec4<f32>(corner * 2.0 - 1.0, 0.0, 1.0);
}

@fragment
fn shade(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    return shaded(position.xy);
}

// For targets of whole numbers.
@fragment
fn shade_words(@builtin(position) position: vec4<f32>) -> @location(0) vec4<u32> {
    return vec4<u32>(shaded(position.xy) * 65535.0 + 0.5);
}

fn shaded(position: vec2<f32>) -> vec4<f32> {
    let at = vec3<f32>(position, 1.0);
    var picture = vec2<f32>(dot(params.to_x.xyz, at), dot(params.to_y.xyz, at));
    if main_filter == FILTER_POINT {
        picture = floor(picture) + 0.5;
    }
    let pixel = code_values(picture);
    if channel == CHANNEL_COMPONENT {
        return grey(dot(params.to_component, vec4<f32>(pixel.rgb, 1.0)));
    }
    if channel == CHANNEL_ALPHA {
        return grey(pixel.a);
    }
    let components = vec3<f32>(
        dot(params.to_red, vec4<f32>(pixel.rgb, 1.0)),
        dot(params.to_green, vec4<f32>(pixel.rgb, 1.0)),
        dot(params.to_blue, vec4<f32>(pixel.rgb, 1.0)),
    );
    let rgb = picture_signal(components) * params.stretch.x + params.stretch.y;
    if channel == CHANNEL_RED {
        return grey(rgb.r);
    }
    if channel == CHANNEL_GREEN {
        return grey(rgb.g);
    }
    if channel == CHANNEL_BLUE {
        return grey(rgb.b);
    }
    return encode(finished(displayed(rgb), vec2<u32>(position)), pixel.a * params.opacity);
}

// A channel alone, as the shade that its value is: no colour is converted, and nothing is seen
// through.
fn grey(value: f32) -> vec4<f32> {
    return encode(vec3<f32>(clamp(value, 0.0, 1.0)), params.opacity);
}

// Filtered code values at a picture position in the order of the format's planes or channels, and
// alpha from 0 to 1. Where values stand for colours, R'G'B' from 0 to 1 instead.
fn code_values(picture: vec2<f32>) -> vec4<f32> {
    let main = filtered(false, main_filter, picture, params.footprint, params.bounds);
    if planes == PLANES_PLANAR || planes == PLANES_SEMI_PLANAR || planes == PLANES_PACKED {
        let chroma = filtered(
            true,
            chroma_filter,
            picture * params.chroma_scale + params.chroma_offset,
            params.footprint * params.chroma_scale,
            params.chroma_bounds,
        );
        return vec4<f32>(main.x, chroma.xy, 1.0);
    }
    if planes == PLANES_RGBA || values != VALUES_CODES {
        // Averaged weighted by alpha: what is invisible must not colour what is beside it.
        return vec4<f32>(main.rgb / max(main.a, 1e-6), main.a);
    }
    return vec4<f32>(main.rgb, 1.0);
}

fn filtered(
    chroma: bool,
    kind: u32,
    centre: vec2<f32>,
    size: vec2<f32>,
    bounds: vec4<i32>,
) -> vec4<f32> {
    if kind == FILTER_POINT {
        return texel(chroma, vec2<i32>(floor(centre)), bounds);
    }
    if kind == FILTER_LINEAR {
        return linear(chroma, centre, bounds);
    }
    if kind == FILTER_CUBIC || kind == FILTER_LANCZOS {
        return windowed(chroma, kind, centre, bounds);
    }
    return area(chroma, centre, size, bounds);
}

// Linear interpolation between the centres of the four samples around a position.
fn linear(chroma: bool, centre: vec2<f32>, bounds: vec4<i32>) -> vec4<f32> {
    let place = centre - 0.5;
    let at = vec2<i32>(floor(place));
    let share = fract(place);
    let above = mix(
        texel(chroma, at, bounds),
        texel(chroma, at + vec2<i32>(1, 0), bounds),
        share.x,
    );
    let below = mix(
        texel(chroma, at + vec2<i32>(0, 1), bounds),
        texel(chroma, at + vec2<i32>(1, 1), bounds),
        share.x,
    );
    return mix(above, below, share.y);
}

// Interpolation by a kernel that reaches over two or three samples to each side.
fn windowed(chroma: bool, kind: u32, centre: vec2<f32>, bounds: vec4<i32>) -> vec4<f32> {
    let reach = select(2, 3, kind == FILTER_LANCZOS);
    let place = centre - 0.5;
    let first = vec2<i32>(floor(place)) + 1 - reach;
    var sum = vec4<f32>(0.0);
    var total = 0.0;
    for (var y = first.y; y < first.y + 2 * reach; y += 1) {
        let height = kernel(kind, place.y - f32(y));
        for (var x = first.x; x < first.x + 2 * reach; x += 1) {
            let weight = height * kernel(kind, place.x - f32(x));
            sum += weight * texel(chroma, vec2<i32>(x, y), bounds);
            total += weight;
        }
    }
    return sum / total;
}

// How much a sample counts at a distance: R. Keys, "Cubic Convolution Interpolation for Digital Image
// Processing", 1981, with a = -1/2, which goes through the samples; or a sinc of three lobes.
fn kernel(kind: u32, distance: f32) -> f32 {
    let d = abs(distance);
    if kind == FILTER_LANCZOS {
        return select(0.0, sinc(d) * sinc(d / 3.0), d < 3.0);
    }
    let near = (1.5 * d - 2.5) * d * d + 1.0;
    let far = ((2.5 - 0.5 * d) * d - 4.0) * d + 2.0;
    return select(select(0.0, far, d < 2.0), near, d < 1.0);
}

fn sinc(x: f32) -> f32 {
    let angle = 3.14159265 * x;
    return select(sin(angle) / max(angle, 1e-6), 1.0, angle < 1e-4);
}

// The mean of a plane over a box, each sample weighted by its share of the box. A box of one sample
// between sample centres is linear interpolation, so boxes are never smaller.
fn area(chroma: bool, centre: vec2<f32>, size: vec2<f32>, bounds: vec4<i32>) -> vec4<f32> {
    let half_size = 0.5 * max(size, vec2<f32>(1.0));
    let low = centre - half_size;
    let high = centre + half_size;
    let start = vec2<i32>(floor(low));
    let end = vec2<i32>(ceil(high));
    let step = max(vec2<i32>(1), (end - start + MAX_TAPS - 1) / MAX_TAPS);
    var sum = vec4<f32>(0.0);
    var total = 0.0;
    for (var y = start.y; y < end.y; y += step.y) {
        let height = min(high.y, f32(y + step.y)) - max(low.y, f32(y));
        for (var x = start.x; x < end.x; x += step.x) {
            let width = min(high.x, f32(x + step.x)) - max(low.x, f32(x));
            let weight = width * height;
            sum += weight * texel(chroma, vec2<i32>(x, y) + step / 2, bounds);
            total += weight;
        }
    }
    return sum / total;
}

// The code values of one sample, or of the nearest one within bounds; or the colour they stand for.
// Multiplied by alpha.
fn texel(chroma: bool, place: vec2<i32>, bounds: vec4<i32>) -> vec4<f32> {
    let at = clamp(place, bounds.xy, bounds.zw);
    if chroma && planes == PLANES_PLANAR {
        return vec4<f32>(code(second_plane_at(at).x), code(third_plane_at(at).x), 0.0, 1.0);
    }
    if chroma && planes == PLANES_SEMI_PLANAR {
        return chroma_pair(second_plane_at(at).xy);
    }
    if planes == PLANES_PACKED {
        return packed_value(chroma, at);
    }
    if planes == PLANES_BAYER {
        return vec4<f32>(demosaiced(at, bounds), 1.0);
    }
    if planes == PLANES_RGB {
        let first = 3u * u32(at.x);
        let all = vec3<u32>(
            row_value(first, at.y),
            row_value(first + 1u, at.y),
            row_value(first + 2u, at.y),
        );
        return vec4<f32>(channels(in_order(all)), 1.0);
    }
    if planes == PLANES_RGBA {
        let all = first_plane_at(at);
        let alpha = clamp(code(all.a) * params.alpha_step, 0.0, 1.0);
        return vec4<f32>(channels(in_order(all.rgb)) * alpha, alpha);
    }
    let value = first_plane_at(at).x;
    if values == VALUES_CODES {
        return vec4<f32>(code(value), 0.0, 0.0, 1.0);
    }
    return color_of(value);
}

// Cb and Cr, in whichever order they lie.
fn chroma_pair(pair: vec2<u32>) -> vec4<f32> {
    if (order & ORDER_SWAPPED) != 0u {
        return vec4<f32>(code(pair.y), code(pair.x), 0.0, 1.0);
    }
    return vec4<f32>(code(pair.x), code(pair.y), 0.0, 1.0);
}

// A value of packed 4:2:2, whose texels are pairs of pixels: luma by picture column, or chroma by
// pair.
fn packed_value(chroma: bool, at: vec2<i32>) -> vec4<f32> {
    var pair: vec4<u32>;
    if chroma {
        pair = first_plane_at(at);
    } else {
        pair = first_plane_at(vec2<i32>(at.x / 2, at.y));
    }
    if (order & ORDER_CHROMA_FIRST) != 0u {
        pair = pair.yxwz;
    }
    if chroma {
        return chroma_pair(pair.yw);
    }
    return vec4<f32>(code(select(pair.x, pair.z, (at.x & 1) == 1)), 0.0, 0.0, 1.0);
}

fn in_order(all: vec3<u32>) -> vec3<u32> {
    if (order & ORDER_SWAPPED) != 0u {
        return all.bgr;
    }
    return all;
}

// Three code values, or the colour that they stand for.
fn channels(all: vec3<u32>) -> vec3<f32> {
    if values == VALUES_CODES {
        return vec3<f32>(code(all.r), code(all.g), code(all.b));
    }
    if is_no_number(all.r) || is_no_number(all.g) || is_no_number(all.b) {
        return NO_NUMBER.rgb;
    }
    return vec3<f32>(share(all.r), share(all.g), share(all.b));
}

// A value of packed RGB, whose rows are cut into three lengths of `width` values.
fn row_value(place: u32, y: i32) -> u32 {
    let at = vec2<i32>(i32(place % params.width), y);
    switch place / params.width {
        case 0u: { return first_plane_at(at).x; }
        case 1u: { return second_plane_at(at).x; }
        default: { return third_plane_at(at).x; }
    }
}

const LARGEST_FLOAT = 3.4028234e38;

// The value of a texel. Infinities become the largest floats: shader compilers may do away with
// what is not finite, so it is found by its bits (IEEE 754).
fn code(value: u32) -> f32 {
    if floats == 0u {
        return f32(value >> params.shift);
    }
    if (value & 0x7f800000u) == 0x7f800000u {
        return select(LARGEST_FLOAT, -LARGEST_FLOAT, value > 0x7fffffffu);
    }
    return bitcast<f32>(value);
}

fn is_no_number(value: u32) -> bool {
    return floats == 1u && (value & 0x7fffffffu) > 0x7f800000u;
}

// How far up the range of values a value lies, 0 to 1.
fn share(value: u32) -> f32 {
    if (params.flags & ONE_VALUE) != 0u {
        return 0.5;
    }
    let within = clamp(code(value), params.value_range.x, params.value_range.y);
    return clamp((0.5 * within - params.value_range.z) / params.value_range.w, 0.0, 1.0);
}

// Magenta.
const NO_NUMBER = vec4<f32>(1.0, 0.0, 1.0, 1.0);

// The colour of a single value, multiplied by alpha.
fn color_of(value: u32) -> vec4<f32> {
    if is_no_number(value) {
        return NO_NUMBER;
    }
    if values == VALUES_CLASSES {
        return class_color(class_of(code(value)));
    }
    if (params.flags & ZERO_IS_BLACK) != 0u && code(value) == 0.0 {
        return vec4<f32>(0.0, 0.0, 0.0, 1.0);
    }
    let up = share(value);
    if values == VALUES_RAMP {
        let step = min(u32(up * RAMP_STEPS), u32(RAMP_STEPS) - 1u);
        let color = mix(ramp_stop(step), ramp_stop(step + 1u), up * RAMP_STEPS - f32(step));
        return vec4<f32>(color, 1.0);
    }
    return vec4<f32>(up, up, up, 1.0);
}

fn ramp_stop(index: u32) -> vec3<f32> {
    let color = params.ramp[index / 4u][index % 4u];
    return vec3<f32>(f32(color >> 16u), f32((color >> 8u) & 255u), f32(color & 255u)) / 255.0;
}

fn class_of(value: f32) -> u32 {
    if value < 0.0 {
        return bitcast<u32>(i32(max(value, -2147483648.0)));
    }
    return u32(min(value, 4294967040.0));
}

// The palette of classes, as `ValueColors::Classes` tells.
fn class_color(id: u32) -> vec4<f32> {
    if id == 0u {
        return vec4<f32>(0.0, 0.0, 0.0, 0.5);
    }
    let hue = f32((id * 40503u) & 0xffffu) / 65536.0;
    let saturation = select(0.55, 0.85, id % 2u == 1u);
    let brightness = 1.0 - 0.2 * f32(id % 3u);
    let sixths = 6.0 * fract(hue + vec3<f32>(0.0, 2.0 / 3.0, 1.0 / 3.0));
    let pure = clamp(abs(sixths - 3.0) - 1.0, vec3<f32>(0.0), vec3<f32>(1.0));
    return vec4<f32>(brightness * mix(vec3<f32>(1.0), pure, saturation), 1.0);
}

// R, G, B at a place of a mosaic: what was not measured there is the mean of the nearest values that
// were. Beyond the edge the mosaic is mirrored, which keeps its colours in their places.
fn demosaiced(at: vec2<i32>, bounds: vec4<i32>) -> vec3<f32> {
    let here = mosaic(at, bounds);
    let across = 0.5
        * (mosaic(at + vec2<i32>(-1, 0), bounds) + mosaic(at + vec2<i32>(1, 0), bounds));
    let along = 0.5
        * (mosaic(at + vec2<i32>(0, -1), bounds) + mosaic(at + vec2<i32>(0, 1), bounds));
    let red_row = (u32(at.y) & 1u) == params.red_at >> 1u;
    let red_column = (u32(at.x) & 1u) == (params.red_at & 1u);
    if red_row && !red_column {
        return vec3<f32>(across, here, along);
    }
    if !red_row && red_column {
        return vec3<f32>(along, here, across);
    }
    let corners = 0.25
        * (mosaic(at + vec2<i32>(-1, -1), bounds) + mosaic(at + vec2<i32>(1, -1), bounds)
            + mosaic(at + vec2<i32>(-1, 1), bounds) + mosaic(at + vec2<i32>(1, 1), bounds));
    let green = 0.5 * (across + along);
    if red_row {
        return vec3<f32>(here, green, corners);
    }
    return vec3<f32>(corners, green, here);
}

fn mosaic(place: vec2<i32>, bounds: vec4<i32>) -> f32 {
    let low = bounds.xy;
    let high = bounds.zw;
    var at = select(place, 2 * low - place, place < low);
    at = select(at, 2 * high - at, at > high);
    return code(first_plane_at(clamp(at, low, high)).x);
}
