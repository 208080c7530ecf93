// How far two pictures are from each other, pixel by pixel. Both were drawn before, as they are shown.

struct Params {
    // Left and top edge of the two pictures on the target.
    corner: vec2<f32>,
    gain: f32,
    // 1 if the target encodes light itself with the sRGB curve.
    linear: f32,
}

@group(0) @binding(0) var one: texture_2d<f32>;
@group(0) @binding(1) var other: texture_2d<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    // One triangle over the whole target.
    let corner = vec2<f32>(f32((index << 1u) & 2u), f32(index & 2u));
    return vec4<f32>(corner * 2.0 - 1.0, 0.0, 1.0);
}

// IEC 61966-2-1.
fn light(value: vec3<f32>) -> vec3<f32> {
    let low = value / 12.92;
    let high = pow((value + 0.055) / 1.055, vec3<f32>(2.4));
    return select(high, low, value <= vec3<f32>(0.04045));
}

@fragment
fn difference(@builtin(position) at: vec4<f32>) -> @location(0) vec4<f32> {
    let texel = vec2<i32>(at.xy - params.corner);
    let a = textureLoad(one, texel, 0).rgb;
    let b = textureLoad(other, texel, 0).rgb;
    let value = clamp(abs(a - b) * params.gain, vec3<f32>(0.0), vec3<f32>(1.0));
    if params.linear > 0.5 {
        return vec4<f32>(light(value), 1.0);
    }
    return vec4<f32>(value, 1.0);
}
