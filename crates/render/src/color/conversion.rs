//! All that is done to a pixel's code values until they are what the display shows, as numbers. The
//! shader does the same with the same numbers; here it is done in double precision for one pixel.

use reelscope_media::{ColorInfo, HdrFacts, PixelFormat, Primaries, Transfer};

use super::curve::Curve;
use super::matrix::{CodeToRgb, Components, code_to_rgb, components};
use super::primaries::{IDENTITY, Matrix3, apply, convert, luma_weights};
use super::tone::{DISPLAY_PEAK, PQ_PEAK, SystemGamma, Tone, dot, into_gamut, tone_and_gamma};
use crate::Look;

/// How code values become R'G'B' of the display. `docs/colour.md` tells the steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Conversion {
    /// Components from code values.
    pub(crate) code_to_rgb: CodeToRgb,
    /// What those are.
    pub(crate) components: Components,
    /// What is done to them.
    pub(crate) display: Display,
    /// The curve from R'G'B' to light.
    pub(crate) light: Curve,
    /// The curve from light to what is shown.
    pub(crate) shown: Curve,
    /// R, G, B of the picture's primaries from what is light.
    pub(crate) to_rgb: Matrix3,
    /// R, G, B of the display from those.
    pub(crate) to_display: Matrix3,
    /// Shares of the picture's R, G, B in luminance.
    pub(crate) weights: [f64; 3],
    /// What light is multiplied with: the exposure.
    pub(crate) gain: f64,
    /// The tone curve of pictures of high dynamic range.
    pub(crate) tone: Tone,
    /// HLG's system gamma.
    pub(crate) gamma: SystemGamma,
}

/// How R'G'B' of the picture becomes R'G'B' of the display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Display {
    /// It is the same.
    AsIs,
    /// By way of light, what is outside the display's gamut being cut off.
    Light,
    /// By way of light, with tone curve and hue-preserving gamut mapping.
    Tone,
}

/// What the display cannot show of a pixel; a step of 8 bits beyond does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clipped {
    /// It is darker than black.
    Dark,
    /// It is brighter than white, or, of high dynamic range, than the picture's stated peak.
    Bright,
    /// It is more colourful than the display's primaries.
    Gamut,
}

/// How far beyond black and white still counts as on it: the rounding of 8-bit code values.
const MARGIN: f64 = 1.0 / 255.0;

/// Exposures beyond this many stops are cut.
const MOST_STOPS: f32 = 32.0;

/// A pixel as it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shown {
    /// R', G', B' of the display from 0 to 1.
    pub(crate) rgb: [f64; 3],
    /// Luminance in cd/m² that the picture means, where it means one.
    pub(crate) nits: Option<f64>,
    /// Why `rgb` is not what the picture means.
    pub(crate) clipped: Option<Clipped>,
}

impl Conversion {
    /// The conversion of a format with fully stated colours, from the primaries `gamut` in a look.
    pub(crate) fn new(
        format: PixelFormat,
        color: ColorInfo,
        gamut: Primaries,
        look: &Look,
    ) -> Self {
        let components = components(format, color);
        let is_hdr = matches!(color.transfer, Transfer::PQ | Transfer::HLG);
        let light = Curve::light(color.transfer);
        let shown = match light {
            Curve::Bt1886 => Curve::Bt1886,
            _ => Curve::Srgb,
        };
        let to_rgb = match components {
            Components::Lms(to_rgb) => to_rgb,
            _ => IDENTITY,
        };
        let gain = f64::from(stops(look.exposure)).exp2();
        let to_display = convert(gamut, Primaries::BT709);
        let same = light == shown && gain == 1.0 && to_display == IDENTITY && to_rgb == IDENTITY;
        let display = match (is_hdr, same) {
            (true, _) => Display::Tone,
            (false, true) => Display::AsIs,
            (false, false) => Display::Light,
        };
        let (tone, gamma) = tone_and_gamma(light, look.hdr);
        Self {
            code_to_rgb: code_to_rgb(format, color),
            components,
            display,
            light,
            shown,
            to_rgb,
            to_display,
            weights: luma_weights(gamut),
            gain,
            tone,
            gamma,
        }
    }

    /// Nothing is done to values that are colours of the display already.
    pub(crate) fn none() -> Self {
        let (tone, gamma) = tone_and_gamma(Curve::Srgb, HdrFacts::default());
        Self {
            code_to_rgb: IDENTITY.map(|[r, g, b]| [r, g, b, 0.0]),
            components: Components::Rgb,
            display: Display::AsIs,
            light: Curve::Srgb,
            shown: Curve::Srgb,
            to_rgb: IDENTITY,
            to_display: IDENTITY,
            weights: luma_weights(Primaries::BT709),
            gain: 1.0,
            tone,
            gamma,
        }
    }

    /// What a pixel with these code values, chroma interpolated, is shown as.
    pub(crate) fn shown(&self, codes: [f64; 3]) -> Shown {
        let rgb = self.signal(codes);
        match self.display {
            Display::AsIs => Shown::from(rgb),
            Display::Light => {
                let light = rgb.map(|value| self.gain * self.light.to_linear(value));
                let light = apply(self.to_display, apply(self.to_rgb, light));
                Shown::from(light.map(|light| self.shown.to_coded(light)))
            }
            Display::Tone => self.tone_mapped(rgb),
        }
    }

    /// R', G', B' (of ICtCp L', M', S') of a pixel with these code values, as coded.
    pub(crate) fn signal(&self, codes: [f64; 3]) -> [f64; 3] {
        let [first, second, third] = codes;
        let decoded = self
            .code_to_rgb
            .map(|[a, b, c, offset]| a * first + b * second + c * third + offset);
        match self.components {
            Components::ConstantLuminance(constant) => constant.to_rgb(decoded),
            _ => decoded,
        }
    }

    fn tone_mapped(&self, rgb: [f64; 3]) -> Shown {
        let light = apply(self.to_rgb, rgb.map(|value| self.light.to_linear(value)));
        let scene = dot(self.weights, light).max(0.0);
        let system = match self.light {
            Curve::Hlg => self.gamma.peak * scene.powf(self.gamma.exponent),
            _ => 1.0,
        };
        let luminance = system * scene;
        let light = light.map(|light| self.gain * system * light);
        let largest = light.into_iter().fold(0.0, f64::max);
        let scale = if largest > 0.0 {
            self.tone.map(largest) / largest
        } else {
            0.0
        };
        let light = light.map(|light| light * scale * (PQ_PEAK / DISPLAY_PEAK));
        let light = apply(self.to_display, light);
        let beyond = Clipped::of(light.map(|light| self.shown.to_coded(light)));
        let too_bright = Curve::Pq.to_coded(largest) > self.tone.source * (1.0 + MARGIN);
        let inside = into_gamut(light, luma_weights(Primaries::BT709));
        Shown {
            rgb: inside.map(|light| self.shown.to_coded(light).clamp(0.0, 1.0)),
            nits: Some(luminance * PQ_PEAK),
            clipped: if too_bright {
                Some(Clipped::Bright)
            } else {
                beyond.map(|_| Clipped::Gamut)
            },
        }
    }
}

impl Clipped {
    /// What a display cannot show of R', G', B'.
    fn of(rgb: [f64; 3]) -> Option<Self> {
        let least = rgb.into_iter().fold(f64::INFINITY, f64::min);
        let most = rgb.into_iter().fold(f64::NEG_INFINITY, f64::max);
        if least < -MARGIN {
            Some(if most <= MARGIN {
                Self::Dark
            } else {
                Self::Gamut
            })
        } else if most > 1.0 + MARGIN {
            Some(Self::Bright)
        } else {
            None
        }
    }
}

impl From<[f64; 3]> for Shown {
    fn from(rgb: [f64; 3]) -> Self {
        Self {
            rgb: rgb.map(|value| value.clamp(0.0, 1.0)),
            nits: None,
            clipped: Clipped::of(rgb),
        }
    }
}

/// An exposure within what floats can express; none if it is no number.
fn stops(exposure: f32) -> f32 {
    if exposure.is_nan() {
        0.0
    } else {
        exposure.clamp(-MOST_STOPS, MOST_STOPS)
    }
}
