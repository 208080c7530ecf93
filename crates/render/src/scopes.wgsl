// Counts the levels of a picture's pixels, for histogram, waveform and vectorscope; put behind
// shader.wgsl and shader/display.wgsl. The numbers are those of `Meter` in scopes/meter.rs.

struct Meter {
    // First pixel (xy) of the decoded picture.
    start: vec2<u32>,
    // Pixels that are counted in a row and in a column.
    counted: vec2<u32>,
    step: u32,
    flags: u32,
    // Columns of the waveforms.
    columns: u32,
    unused: u32,
    // Y', Cb and Cr of R', G', B' (xyz).
    luma: vec4<f32>,
    cb: vec4<f32>,
    cr: vec4<f32>,
    // Levels from black to white, level of black and of no chroma with half a code value, levels
    // per unit of chroma.
    levels: vec4<f32>,
}

const METER_DISPLAYED = 1u;
const METER_ALONG_Y = 2u;
const METER_BACKWARDS = 4u;

// As in scopes.rs.
const SCOPE_LEVELS = 256u;
const SCOPE_WAVEFORMS = 4u * SCOPE_LEVELS;
const SCOPE_VECTORS = SCOPE_WAVEFORMS + 4u * SCOPE_LEVELS * SCOPE_LEVELS;

@group(2) @binding(0) var<uniform> meter: Meter;
@group(2) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;

@compute @workgroup_size(16, 16)
fn measure(@builtin(global_invocation_id) id: vec3<u32>) {
    if any(id.xy >= meter.counted) {
        return;
    }
    let picture = vec2<f32>(meter.start + id.xy * meter.step) + 0.5;
    let pixel = code_values(picture);
    let decoded = vec3<f32>(
        dot(params.to_red, vec4<f32>(pixel.rgb, 1.0)),
        dot(params.to_green, vec4<f32>(pixel.rgb, 1.0)),
        dot(params.to_blue, vec4<f32>(pixel.rgb, 1.0)),
    );
    var rgb = picture_signal(decoded);
    var chroma = vec3<f32>(dot(meter.luma.xyz, rgb), dot(meter.cb.xyz, rgb), dot(meter.cr.xyz, rgb));
    if (meter.flags & METER_DISPLAYED) != 0u {
        let shown = displayed(rgb * params.stretch.x + params.stretch.y);
        rgb = clamp(shown.rgb, vec3<f32>(0.0), vec3<f32>(1.0));
        chroma = vec3<f32>(dot(meter.luma.xyz, rgb), dot(meter.cb.xyz, rgb), dot(meter.cr.xyz, rgb));
    } else if components == COMPONENTS_CONSTANT_LUMINANCE {
        // Luma and chroma were coded and are no sums of R', G', B'.
        chroma = decoded;
    }
    let column = column_of(id.xy);
    count(0u, column, rgb.r);
    count(1u, column, rgb.g);
    count(2u, column, rgb.b);
    count(3u, column, chroma.x);
    let at = vec2<u32>(clamp(
        chroma.yz * meter.levels.w + meter.levels.z,
        vec2<f32>(0.0),
        vec2<f32>(255.0),
    ));
    atomicAdd(&counts[SCOPE_VECTORS + at.y * SCOPE_LEVELS + at.x], 1u);
}

fn count(channel: u32, column: u32, value: f32) {
    let level = u32(clamp(value * meter.levels.x + meter.levels.y, 0.0, 255.0));
    let row = channel * SCOPE_LEVELS;
    atomicAdd(&counts[row + level], 1u);
    atomicAdd(&counts[SCOPE_WAVEFORMS + (row + column) * SCOPE_LEVELS + level], 1u);
}

// The waveform's column of a counted pixel.
fn column_of(place: vec2<u32>) -> u32 {
    let along_y = (meter.flags & METER_ALONG_Y) != 0u;
    let across = select(meter.counted.x, meter.counted.y, along_y);
    var at = select(place.x, place.y, along_y);
    if (meter.flags & METER_BACKWARDS) != 0u {
        at = across - 1u - at;
    }
    return at * meter.columns / across;
}
