// A pixel's components to what the target takes: R'G'B', light, tone curve, gamut, R'G'B' of the
// display. docs/colour.md tells the steps; `Conversion` in color/conversion.rs does the same in double
// precision.

struct Colors {
    // R, G, B of the picture from what is light (xyz), and their shares in luminance (w).
    rgb_red: vec4<f32>,
    rgb_green: vec4<f32>,
    rgb_blue: vec4<f32>,
    // R, G, B of the display from those (xyz).
    shown_red: vec4<f32>,
    shown_green: vec4<f32>,
    shown_blue: vec4<f32>,
    // Constant luminance: what Cb is multiplied with below and above zero, then Cr.
    chroma_scales: vec4<f32>,
    // Shares of R, G, B in that luminance.
    constant_weights: vec4<f32>,
    // The picture's peak as PQ value, the display's as share of it, the system gamma's peak and its
    // exponent less one.
    tone: vec4<f32>,
    // What light is multiplied with (x).
    gain: vec4<f32>,
}

override components: u32;
override display: u32;
override coded_curve: u32;
override light_curve: u32;
override shown_curve: u32;
override marks: u32;
override dithers: u32;

const COMPONENTS_CONSTANT_LUMINANCE = 1u;

const DISPLAY_AS_IS = 0u;
const DISPLAY_LIGHT = 1u;

const CURVE_LINEAR = 0u;
const CURVE_CAMERA = 1u;
const CURVE_CAMERA_240 = 2u;
const CURVE_BT1886 = 3u;
const CURVE_GAMMA_22 = 4u;
const CURVE_GAMMA_28 = 5u;
const CURVE_SRGB = 6u;
const CURVE_CINEMA = 7u;
const CURVE_LOG = 8u;
const CURVE_LOG_SQRT = 9u;
const CURVE_PQ = 10u;
const CURVE_HLG = 11u;

const CLIPPED_NOT = 0u;
const CLIPPED_DARK = 1u;
const CLIPPED_BRIGHT = 2u;
const CLIPPED_GAMUT = 3u;

// How far beyond black and white still counts as on it.
const MARGIN = 1.0 / 255.0;
// Luminance of 10000 cd/m2, the unit of light where there is a tone curve, in units of display white.
const PQ_PEAK = 10000.0 / 203.0;

// R'G'B' of the display, not clipped where it is the picture's own, and what it cannot show.
struct Shown {
    rgb: vec3<f32>,
    clipped: u32,
}

// R', G', B' (of ICtCp L', M', S') from components.
fn picture_signal(decoded: vec3<f32>) -> vec3<f32> {
    if components == COMPONENTS_CONSTANT_LUMINANCE {
        return of_constant_luminance(decoded);
    }
    return decoded;
}

fn displayed(rgb: vec3<f32>) -> Shown {
    if display == DISPLAY_AS_IS {
        return Shown(rgb, clipped_of(rgb));
    }
    if display == DISPLAY_LIGHT {
        let light = params.colors.gain.x * picture_rgb(to_linear(light_curve, rgb));
        let shown = from_linear(shown_curve, display_rgb(light));
        return Shown(shown, clipped_of(shown));
    }
    return tone_mapped(rgb);
}

// R', G', B' from Y', Cb, Cr of constant luminance, ITU-T H.273 8.3.
fn of_constant_luminance(coded: vec3<f32>) -> vec3<f32> {
    let scales = params.colors.chroma_scales;
    let weights = params.colors.constant_weights.xyz;
    let blue = coded.x + coded.y * select(scales.y, scales.x, coded.y < 0.0);
    let red = coded.x + coded.z * select(scales.w, scales.z, coded.z < 0.0);
    let light = to_linear(coded_curve, vec3<f32>(coded.x, red, blue));
    let green = (light.x - weights.x * light.y - weights.z * light.z) / weights.y;
    return vec3<f32>(red, from_linear(coded_curve, vec3<f32>(green)).x, blue);
}

fn picture_rgb(light: vec3<f32>) -> vec3<f32> {
    return vec3<f32>(
        dot(params.colors.rgb_red.xyz, light),
        dot(params.colors.rgb_green.xyz, light),
        dot(params.colors.rgb_blue.xyz, light),
    );
}

fn display_rgb(light: vec3<f32>) -> vec3<f32> {
    return vec3<f32>(
        dot(params.colors.shown_red.xyz, light),
        dot(params.colors.shown_green.xyz, light),
        dot(params.colors.shown_blue.xyz, light),
    );
}

// Of pictures of high dynamic range: HLG's system gamma, exposure, the tone curve on the largest of
// R, G, B, and colours outside the display's gamut mixed with grey of the same luminance.
fn tone_mapped(rgb: vec3<f32>) -> Shown {
    let tone = params.colors.tone;
    var light = picture_rgb(to_linear(light_curve, rgb));
    if light_curve == CURVE_HLG {
        let weights = vec3<f32>(
            params.colors.rgb_red.w,
            params.colors.rgb_green.w,
            params.colors.rgb_blue.w,
        );
        light *= tone.z * pow(max(dot(weights, light), 0.0), tone.w);
    }
    light *= params.colors.gain.x;
    let largest = max(max(light.r, light.g), light.b);
    let value = from_linear(CURVE_PQ, vec3<f32>(max(largest, 0.0))).x;
    let mapped = to_linear(CURVE_PQ, vec3<f32>(tone.x * rolled_off(value / tone.x, tone.y))).x;
    light *= select(0.0, PQ_PEAK * mapped / largest, largest > 1e-9);
    light = display_rgb(light);
    let shown = from_linear(shown_curve, in_gamut(light));
    if value > tone.x * (1.0 + MARGIN) {
        return Shown(shown, CLIPPED_BRIGHT);
    }
    let beyond = clipped_of(from_linear(shown_curve, light));
    return Shown(shown, select(CLIPPED_GAMUT, CLIPPED_NOT, beyond == CLIPPED_NOT));
}

// ITU-R BT.2390 5.4.1: a PQ value, as share of the picture's peak, for a display whose peak is the
// share `largest` of it.
fn rolled_off(value: f32, largest: f32) -> f32 {
    if largest >= 1.0 {
        return min(value, largest);
    }
    let knee = 1.5 * largest - 0.5;
    let t = clamp((value - knee) / (1.0 - knee), 0.0, 1.0);
    let t2 = t * t;
    let t3 = t2 * t;
    let rolled = (2.0 * t3 - 3.0 * t2 + 1.0) * knee
        + (t3 - 2.0 * t2 + t) * (1.0 - knee)
        + (3.0 * t2 - 2.0 * t3) * largest;
    return select(rolled, value, value < knee);
}

fn in_gamut(light: vec3<f32>) -> vec3<f32> {
    let luminance = clamp(dot(light, vec3<f32>(0.2126390, 0.7151687, 0.0721923)), 0.0, 1.0);
    let way = light - luminance;
    let room = select(vec3<f32>(-luminance), vec3<f32>(1.0 - luminance), way > vec3<f32>(0.0));
    let off_grey = abs(way) > vec3<f32>(1e-9);
    let shares = select(vec3<f32>(1.0), room / select(vec3<f32>(1.0), way, off_grey), off_grey);
    return luminance + min(min(min(shares.x, shares.y), shares.z), 1.0) * way;
}

fn clipped_of(rgb: vec3<f32>) -> u32 {
    let least = min(min(rgb.r, rgb.g), rgb.b);
    let most = max(max(rgb.r, rgb.g), rgb.b);
    if least < -MARGIN {
        return select(CLIPPED_GAMUT, CLIPPED_DARK, most <= MARGIN);
    }
    return select(CLIPPED_NOT, CLIPPED_BRIGHT, most > 1.0 + MARGIN);
}

// What is clipped cut off, marked and dithered.
fn finished(shown: Shown, at: vec2<u32>) -> vec3<f32> {
    var rgb = clamp(shown.rgb, vec3<f32>(0.0), vec3<f32>(1.0));
    if dithers == 1u {
        rgb += dither(at) / 255.0;
    }
    if marks == 1u && shown.clipped != CLIPPED_NOT && ((at.x + at.y) & 7u) < 4u {
        return mark(shown.clipped);
    }
    return rgb;
}

fn mark(clipped: u32) -> vec3<f32> {
    switch clipped {
        case CLIPPED_DARK: { return vec3<f32>(0.0, 0.0, 1.0); }
        case CLIPPED_BRIGHT: { return vec3<f32>(1.0, 0.0, 0.0); }
        default: { return vec3<f32>(0.0, 1.0, 0.0); }
    }
}

// Ordered dither, less than half a step of 8 bits to either side: B. E. Bayer, "An optimum method for
// two-level rendition of continuous-tone pictures", 1973, an 8 x 8 matrix.
fn dither(at: vec2<u32>) -> f32 {
    let x = at.x ^ at.y;
    let y = at.y;
    let order = ((x & 1u) << 5u) | ((y & 1u) << 4u) | ((x & 2u) << 2u) | ((y & 2u) << 1u)
        | ((x & 4u) >> 1u) | ((y & 4u) >> 2u);
    return (f32(order) + 0.5) / 64.0 - 0.5;
}

// What is written to the target.
fn encode(rgb: vec3<f32>, alpha: f32) -> vec4<f32> {
    if output == OUTPUT_STRAIGHT || output == OUTPUT_WORDS {
        return vec4<f32>(rgb, alpha);
    }
    if output == OUTPUT_LINEAR {
        return vec4<f32>(to_linear(CURVE_SRGB, rgb) * alpha, alpha);
    }
    return vec4<f32>(rgb * alpha, alpha);
}

// Alpha and beta of ITU-R BT.2020 Table 4 and of SMPTE ST 240.
const CAMERA = vec2<f32>(1.0992968, 0.018053969);
const CAMERA_240 = vec2<f32>(1.1115722, 0.022821586);
// ITU-R BT.2100 Table 5.
const HLG_A = 0.17883277;
const HLG_B = 0.28466892;
const HLG_C = 0.55991073;
// SMPTE ST 2084.
const PQ_M1 = 0.1593017578125;
const PQ_M2 = 78.84375;
const PQ_C1 = 0.8359375;
const PQ_C2 = 18.8515625;
const PQ_C3 = 18.6875;

// Light from coded values: ITU-T H.273 Table 3, as `Curve` in color/curve.rs tells.
fn to_linear(curve: u32, value: vec3<f32>) -> vec3<f32> {
    let size = abs(value);
    switch curve {
        case CURVE_LINEAR: { return value; }
        case CURVE_CAMERA: { return sign(value) * camera_to_linear(size, CAMERA, 4.5); }
        case CURVE_CAMERA_240: { return sign(value) * camera_to_linear(size, CAMERA_240, 4.0); }
        case CURVE_GAMMA_22: { return sign(value) * power(size, 2.2); }
        case CURVE_GAMMA_28: { return sign(value) * power(size, 2.8); }
        case CURVE_SRGB: {
            let high = power((size + 0.055) / 1.055, 2.4);
            return sign(value) * select(high, size / 12.92, size <= vec3<f32>(0.04045));
        }
        case CURVE_CINEMA: { return sign(value) * power(size, 2.6) * (52.37 / 48.0); }
        case CURVE_LOG: { return log_to_linear(value, 2.0); }
        case CURVE_LOG_SQRT: { return log_to_linear(value, 2.5); }
        case CURVE_PQ: {
            let root = power(clamp(value, vec3<f32>(0.0), vec3<f32>(1.0)), 1.0 / PQ_M2);
            let ratio = max(root - PQ_C1, vec3<f32>(0.0)) / (PQ_C2 - PQ_C3 * root);
            return power(ratio, 1.0 / PQ_M1);
        }
        case CURVE_HLG: {
            let high = (exp((size - HLG_C) / HLG_A) + HLG_B) / 12.0;
            return sign(value) * select(high, size * size / 3.0, size <= vec3<f32>(0.5));
        }
        default: { return sign(value) * power(size, 2.4); }
    }
}

// Coded values of light.
fn from_linear(curve: u32, light: vec3<f32>) -> vec3<f32> {
    let size = abs(light);
    switch curve {
        case CURVE_LINEAR: { return light; }
        case CURVE_CAMERA: { return sign(light) * camera_from_linear(size, CAMERA, 4.5); }
        case CURVE_CAMERA_240: { return sign(light) * camera_from_linear(size, CAMERA_240, 4.0); }
        case CURVE_GAMMA_22: { return sign(light) * power(size, 1.0 / 2.2); }
        case CURVE_GAMMA_28: { return sign(light) * power(size, 1.0 / 2.8); }
        case CURVE_SRGB: {
            let high = 1.055 * power(size, 1.0 / 2.4) - 0.055;
            return sign(light) * select(high, size * 12.92, size <= vec3<f32>(0.0031308));
        }
        case CURVE_CINEMA: { return sign(light) * power(size * (48.0 / 52.37), 1.0 / 2.6); }
        case CURVE_LOG: { return log_from_linear(light, 2.0); }
        case CURVE_LOG_SQRT: { return log_from_linear(light, 2.5); }
        case CURVE_PQ: {
            let root = power(max(light, vec3<f32>(0.0)), PQ_M1);
            return power((PQ_C1 + PQ_C2 * root) / (1.0 + PQ_C3 * root), PQ_M2);
        }
        case CURVE_HLG: {
            let high = HLG_A * log(max(12.0 * size - HLG_B, vec3<f32>(1e-6))) + HLG_C;
            return sign(light) * select(high, sqrt(3.0 * size), size <= vec3<f32>(1.0 / 12.0));
        }
        default: { return sign(light) * power(size, 1.0 / 2.4); }
    }
}

fn power(base: vec3<f32>, exponent: f32) -> vec3<f32> {
    return pow(base, vec3<f32>(exponent));
}

fn camera_to_linear(value: vec3<f32>, camera: vec2<f32>, slope: f32) -> vec3<f32> {
    let high = power((value + camera.x - 1.0) / camera.x, 1.0 / 0.45);
    return select(high, value / slope, value < vec3<f32>(slope * camera.y));
}

fn camera_from_linear(light: vec3<f32>, camera: vec2<f32>, slope: f32) -> vec3<f32> {
    let high = camera.x * power(light, 0.45) - camera.x + 1.0;
    return select(high, light * slope, light < vec3<f32>(camera.y));
}

fn log_to_linear(value: vec3<f32>, decades: f32) -> vec3<f32> {
    let light = exp2(3.3219281 * decades * (value - 1.0));
    return select(light, vec3<f32>(0.0), value <= vec3<f32>(0.0));
}

fn log_from_linear(light: vec3<f32>, decades: f32) -> vec3<f32> {
    let least = exp2(-3.3219281 * decades);
    let value = 1.0 + log2(max(light, vec3<f32>(least))) / (3.3219281 * decades);
    return select(value, vec3<f32>(0.0), light <= vec3<f32>(least));
}
