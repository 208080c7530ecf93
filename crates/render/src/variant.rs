//! Which form of the shader a draw needs; the other half of the `override`s in `shader.wgsl`.
//!
//! Software adapters run every branch of a shader for every pixel, so what is the same for a whole
//! draw is decided when its pipeline is made.

use reelscope_media::{Chroma, Layout};

use crate::color::{Components, Conversion, Curve, Display};
use crate::look::maps_values;
use crate::placement::ToPicture;
use crate::signal::Shown;
use crate::siting::Siting;
use crate::texture::Texels;
use crate::{ChromaFilter, Look, Placement, ValueColors, VideoTexture};

/// What distinguishes one pipeline of a renderer from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    pub(crate) texels: Texels,
    planes: Planes,
    order: u8,
    values: Values,
    channel: Shown,
    float: bool,
    main: Filter,
    chroma: Filter,
    coding: Coding,
    display: Display,
    /// The curve of constant luminance, from R'G'B' to light, from light to what is shown.
    curves: [Curve; 3],
    marks: bool,
    dithers: bool,
    output: Output,
}

/// What the affine map of code values gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Coding {
    /// R'G'B', or what the linear map of light makes R, G, B of.
    Linear,
    /// Y'Cb'Cr' of constant luminance.
    ConstantLuminance,
}

/// What the target takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Output {
    /// R'G'B' times alpha, to be blended.
    Encoded,
    /// Linear light times alpha, to be blended; the target encodes it with the sRGB curve.
    Linear,
    /// R'G'B' and alpha side by side, to be stored.
    Straight,
    /// The same as words of 16 bits.
    Words,
}

/// How code values are spread over textures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Planes {
    Mono,
    Planar,
    SemiPlanar,
    Rgb,
    Rgba,
    Bayer,
    Packed,
}

/// Order bit: blue or Cr comes first.
const SWAPPED: u8 = 1;
/// Order bit: chroma comes before luma.
const CHROMA_FIRST: u8 = 2;

/// In which order the values of a texel lie.
fn order(layout: Layout) -> u8 {
    match layout {
        Layout::SemiPlanarCrCb(_) | Layout::Bgr | Layout::Bgra => SWAPPED,
        Layout::Packed(packing) => {
            let swapped = if packing.cr_first() { SWAPPED } else { 0 };
            let chroma_first = if packing.chroma_first() {
                CHROMA_FIRST
            } else {
                0
            };
            swapped | chroma_first
        }
        _ => 0,
    }
}

/// What values are turned into before they are filtered, so that colours of distances and classes
/// are blended and never the distances and classes themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Values {
    /// Nothing: they are code values.
    Codes,
    /// Shares of a range.
    Grey,
    /// Colours of a ramp.
    Ramp,
    /// Colours of classes.
    Classes,
}

/// How a plane is read at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Filter {
    /// The sample that the position lies in.
    Point,
    /// Linear between the four samples around it.
    Linear,
    /// The mean of all samples under the target pixel.
    Area,
    /// Cubic between the sixteen samples around it.
    Cubic,
    /// Windowed sinc over the thirty-six samples around it.
    Lanczos,
}

/// Beyond this magnification pixels are shown as blocks.
const BLOCKS_BEYOND: f64 = 2.0;

/// How far, in samples, a position may be off a sample's centre and still count as on it.
const NEGLIGIBLE: f64 = 1e-3;

impl Variant {
    pub(crate) fn new(
        texture: &VideoTexture,
        placement: &Placement,
        look: &Look,
        conversion: &Conversion,
        (target, output): (wgpu::TextureFormat, Output),
    ) -> Self {
        let format = texture.format;
        let to_picture = placement.to_picture(placement.part(texture.width, texture.height));
        let [width, height] = to_picture.footprint();
        let shown = texture.shown_values(look);
        let values = match shown.map(|shown| shown.map.colors) {
            _ if !maps_values(format) => Values::Codes,
            None => Values::Codes,
            Some(ValueColors::Grey) => Values::Grey,
            Some(ValueColors::Turbo | ValueColors::Viridis) => Values::Ramp,
            Some(ValueColors::Classes) => Values::Classes,
        };
        let main = if values == Values::Classes || keeps_samples(to_picture, placement) {
            Filter::Point
        } else {
            Filter::spanning([width, height])
        };
        let [x_scale, y_scale] = Siting::new(format, texture.color.site).scale;
        let chroma = match main {
            // Positions are on luma samples then, which in full-resolution planes are chroma's too.
            Filter::Point if [x_scale, y_scale] == [1.0, 1.0] => Filter::Point,
            _ => match Filter::spanning([width * x_scale, height * y_scale]) {
                Filter::Linear => Filter::interpolating(look.chroma_filter),
                shrinking => shrinking,
            },
        };
        let (coding, coded_curve) = match conversion.components {
            Components::ConstantLuminance(constant) => (Coding::ConstantLuminance, constant.curve),
            _ => (Coding::Linear, Curve::Linear),
        };
        let (light, shown) = match conversion.display {
            Display::AsIs => (Curve::Linear, Curve::Linear),
            _ => (conversion.light, conversion.shown),
        };
        let planes = match format.layout {
            Layout::Planar(Chroma::Mono) => Planes::Mono,
            Layout::Bayer(_) => Planes::Bayer,
            Layout::Planar(_) | Layout::Gbr => Planes::Planar,
            Layout::SemiPlanar(_) | Layout::SemiPlanarCrCb(_) => Planes::SemiPlanar,
            Layout::Packed(_) => Planes::Packed,
            Layout::Rgb | Layout::Bgr => Planes::Rgb,
            Layout::Rgba | Layout::Bgra => Planes::Rgba,
        };
        Self {
            texels: texture.texels,
            planes,
            order: order(format.layout),
            values,
            channel: Shown::of(look.channel, format),
            float: format.is_float(),
            main,
            chroma,
            coding,
            display: conversion.display,
            curves: [coded_curve, light, shown],
            marks: look.marks_clipping,
            dithers: look.dither
                && has_eight_bits(target)
                && format.depth > 8
                && values == Values::Codes,
            output,
        }
    }

    /// True if its pixels go over what the target holds, false if they replace it.
    pub(crate) fn blends(self) -> bool {
        matches!(self.output, Output::Encoded | Output::Linear)
    }

    /// The fragment shader's entry point.
    pub(crate) fn entry_point(self) -> &'static str {
        match self.output {
            Output::Words => "shade_words",
            _ => "shade",
        }
    }

    /// The values of the shader's `override`s.
    pub(crate) fn constants(self) -> [(&'static str, f64); 15] {
        let [coded, light, shown] = self.curves;
        [
            ("planes", f64::from(self.planes as u8)),
            ("order", f64::from(self.order)),
            ("values", f64::from(self.values as u8)),
            ("channel", f64::from(self.channel as u8)),
            ("floats", f64::from(u8::from(self.float))),
            ("main_filter", f64::from(self.main as u8)),
            ("chroma_filter", f64::from(self.chroma as u8)),
            ("components", f64::from(self.coding as u8)),
            ("display", f64::from(self.display as u8)),
            ("coded_curve", f64::from(coded as u8)),
            ("light_curve", f64::from(light as u8)),
            ("shown_curve", f64::from(shown as u8)),
            ("marks", f64::from(u8::from(self.marks))),
            ("dithers", f64::from(u8::from(self.dithers))),
            ("output", f64::from(self.output as u8)),
        ]
    }
}

impl Filter {
    /// The filter for target pixels of this width and height in samples.
    fn spanning(footprint: [f64; 2]) -> Self {
        let shrinks = footprint.iter().any(|side| *side > 1.0 + NEGLIGIBLE / 16.0);
        if shrinks { Self::Area } else { Self::Linear }
    }

    /// The filter between chroma samples.
    fn interpolating(filter: ChromaFilter) -> Self {
        match filter {
            ChromaFilter::Bilinear => Self::Linear,
            ChromaFilter::Bicubic => Self::Cubic,
            ChromaFilter::Lanczos => Self::Lanczos,
            ChromaFilter::Nearest => Self::Point,
        }
    }
}

/// True if a target stores colours in 8 bits.
fn has_eight_bits(target: wgpu::TextureFormat) -> bool {
    matches!(
        target.remove_srgb_suffix(),
        wgpu::TextureFormat::Rgba8Unorm | wgpu::TextureFormat::Bgra8Unorm
    )
}

/// True if each target pixel shows one sample: where pixels are blocks, and where target pixels and
/// picture pixels are the same.
fn keeps_samples(to_picture: ToPicture, placement: &Placement) -> bool {
    let Placement { target, smooth, .. } = *placement;
    let footprint = to_picture.footprint();
    if !smooth && footprint.iter().all(|side| *side < 1.0 / BLOCKS_BEYOND) {
        return true;
    }
    let length = f64::from(target[0].max(target[1])).max(1.0);
    footprint
        .iter()
        .all(|side| (side - 1.0).abs() * length < NEGLIGIBLE)
        && [to_picture.x, to_picture.y].iter().all(|[a, b, constant]| {
            // The target's first pixel centre, which is to be a picture's pixel centre.
            let place = 0.5 * a + 0.5 * b + constant - 0.5;
            (place - place.round()).abs() < NEGLIGIBLE
        })
}
