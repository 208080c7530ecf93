//! What the shader is told of one draw; the other half of `struct Params` in `shader.wgsl`.

use crate::color::code_to_rgb;
use crate::siting::Siting;
use crate::{Placement, VideoTexture};

/// Rows of four 32-bit words.
pub(crate) type Uniform = [[u32; 4]; 10];

pub(crate) fn uniform(texture: &VideoTexture, placement: &Placement) -> Uniform {
    let format = texture.format;
    let part = placement.part(texture.width, texture.height);
    let to_picture = placement.to_picture(part);
    let footprint = to_picture.footprint();
    let siting = Siting::new(format, texture.color.site);
    let chroma_size = format.plane_size(1, texture.width, texture.height);
    let rgb = code_to_rgb(format, texture.color);
    let opacity = if placement.opacity.is_finite() {
        placement.opacity.clamp(0.0, 1.0)
    } else {
        1.0
    };
    let largest_code = f64::from(1u32 << format.depth) - 1.0;
    let shift = if format.high_bits {
        16 - u32::from(format.depth)
    } else {
        0
    };
    let [x, y] = [to_picture.x, to_picture.y];
    [
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
            siting.offset[0],
            siting.offset[1],
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
        [shift, texture.width, 0, 0],
    ]
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
