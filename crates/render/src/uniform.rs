//! What the shader is told of one draw; the other half of `struct Params` in `shader.wgsl`.

use reelscope_media::Layout;

use crate::color::code_to_rgb;
use crate::siting::Siting;
use crate::{Placement, VideoTexture};

/// What the target takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// R'G'B' times alpha, to be blended.
    Encoded,
    /// Linear light times alpha, to be blended; the target encodes it with the sRGB curve.
    Linear,
    /// R'G'B' and alpha side by side, to be stored.
    Straight,
}

/// Rows of four 32-bit words.
pub(crate) type Uniform = [[u32; 4]; 11];

/// Beyond this magnification pixels are shown as blocks.
const BLOCKS_BEYOND: f64 = 2.0;

pub(crate) fn uniform(texture: &VideoTexture, placement: &Placement, output: Output) -> Uniform {
    let format = texture.format;
    let part = placement.part(texture.width, texture.height);
    let to_picture = placement.to_picture(part);
    let footprint = to_picture.footprint();
    let blocks = footprint.iter().all(|side| *side < 1.0 / BLOCKS_BEYOND);
    let siting = Siting::new(format, texture.color.site);
    let chroma_size = format.plane_size(1, texture.width, texture.height);
    let rgb = code_to_rgb(format, texture.color);
    let opacity = if placement.opacity.is_finite() {
        placement.opacity.clamp(0.0, 1.0)
    } else {
        1.0
    };
    let codes = f64::from(1u32 << format.depth) - 1.0;
    let shift = if format.high_bits {
        16 - u32::from(format.depth)
    } else {
        0
    };
    let [x, y] = [to_picture.x, to_picture.y];
    [
        floats([x[0], x[1], x[2], 0.0]),
        floats([y[0], y[1], y[2], 0.0]),
        floats([footprint[0], footprint[1], f64::from(opacity), 1.0 / codes]),
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
        [kind(format.layout), shift, texture.width, u32::from(blocks)],
        [output as u32, 0, 0, 0],
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

/// The shader's number for a layout.
fn kind(layout: Layout) -> u32 {
    match layout {
        Layout::Planar(reelscope_media::Chroma::Mono) => 0,
        Layout::Planar(_) | Layout::Gbr => 1,
        Layout::SemiPlanar(_) => 2,
        Layout::Rgb => 3,
        Layout::Rgba => 4,
    }
}
