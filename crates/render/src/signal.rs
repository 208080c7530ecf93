//! Code values as what they are, before they are colours: one channel alone, and ranges stretched.

use reelscope_media::{ColorInfo, PixelFormat, Range};

use crate::{Channel, ShownValues};

/// What the shader makes of a pixel; the other half of its constants `CHANNEL_…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shown {
    /// Its colour.
    Color,
    Red,
    Green,
    Blue,
    Alpha,
    /// Y', Cb or Cr, as [`component`] tells.
    Component,
}

impl Shown {
    /// What a channel of pictures of this format is; its colour where there is no such channel.
    pub(crate) fn of(channel: Channel, format: PixelFormat) -> Self {
        let is_there = Channel::of(format).any(|there| there == channel);
        match channel {
            _ if !is_there => Self::Color,
            Channel::All => Self::Color,
            Channel::Red => Self::Red,
            Channel::Green => Self::Green,
            Channel::Blue => Self::Blue,
            Channel::Alpha => Self::Alpha,
            // Grey has one channel, which is its red one too, whatever its values stand for.
            Channel::Luma if format.is_single_channel() => Self::Red,
            Channel::Luma | Channel::Cb | Channel::Cr => Self::Component,
        }
    }
}

/// The shade of a component from `[first, second, third, 1]`, a pixel's code values: Y' 0 at black
/// and 1 at white, Cb and Cr 0 at the least and 1 at the most of their range (H.273 §8.3, equations
/// 23 to 28, there from -0.5 to 0.5).
pub(crate) fn component(
    channel: Channel,
    format: PixelFormat,
    color: ColorInfo,
    stretched: Stretch,
) -> [f64; 4] {
    let (codes, unit) = codes(format);
    let chroma_step = match color.range {
        Range::Full => 1.0 / (codes - 1.0),
        _ => 1.0 / (224.0 * unit),
    };
    let middle = 0.5 - chroma_step * codes / 2.0;
    match channel {
        Channel::Cb => [0.0, chroma_step, 0.0, middle],
        Channel::Cr => [0.0, 0.0, chroma_step, middle],
        _ => {
            let (step, black) = luma(format, color.range);
            let [gain, offset] = stretched;
            [gain * step, 0.0, 0.0, offset - gain * step * black]
        }
    }
}

/// What R', G', B' are multiplied with, and what is then added.
pub(crate) type Stretch = [f64; 2];

/// What spreads a range of code values from black to white.
pub(crate) fn stretch(
    shown: Option<ShownValues>,
    format: PixelFormat,
    color: ColorInfo,
) -> Stretch {
    let Some(ShownValues { map, .. }) = shown else {
        return [1.0, 0.0];
    };
    let (step, black) = luma(format, color.range);
    let [low, high] = [map.low, map.high].map(|code| (f64::from(code) - black) * step);
    if low == high {
        return [0.0, 0.5];
    }
    let gain = 1.0 / (high - low);
    [gain, -low * gain]
}

/// How far one code value goes between black and white, and the code value of black.
fn luma(format: PixelFormat, range: Range) -> (f64, f64) {
    let (codes, unit) = codes(format);
    match range {
        _ if format.is_float() => (1.0, 0.0),
        Range::Full => (1.0 / (codes - 1.0), 0.0),
        // RGB of limited range has the levels of luma.
        _ => (1.0 / (219.0 * unit), 16.0 * unit),
    }
}

/// How many code values there are, and how many for one of 8 bits.
fn codes(format: PixelFormat) -> (f64, f64) {
    let codes = 2f64.powi(format.depth.into());
    (codes, codes / 256.0)
}
