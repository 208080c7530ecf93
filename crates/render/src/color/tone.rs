//! Pictures of high dynamic range on a display of standard range: ITU-R BT.2390's tone curve and
//! system gamma, and colours brought into the display's gamut along lines of the same hue.

use reelscope_media::HdrFacts;

use super::curve::Curve;

/// Luminance in cd/m² of the display's white: HDR reference white, ITU-R BT.2408 §2.1. So what SDR
/// shows as white has the luminance that HDR gives to the same white paper.
pub(crate) const DISPLAY_PEAK: f64 = 203.0;
/// Luminance in cd/m² that PQ's largest value means, the unit of light in this file.
pub(crate) const PQ_PEAK: f64 = 10_000.0;
/// Peak in cd/m² of pictures that state none; the nominal one of HLG displays.
const ASSUMED_PEAK: f64 = 1000.0;
/// Peaks of mastering displays that HLG's system gamma is taken for.
const HLG_PEAKS: std::ops::RangeInclusive<f64> = 400.0..=10_000.0;

/// BT.2390 §5.4.1, the electro-electrical transfer function for a display with a black of no light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tone {
    /// The picture's peak, as PQ value.
    pub(crate) source: f64,
    /// The display's peak, as share of `source`; 1 or more leaves pictures as they are.
    pub(crate) largest: f64,
}

impl Tone {
    /// The curve for pictures that go up to `peak` cd/m².
    fn new(peak: f64) -> Self {
        let source = Curve::Pq.to_coded(peak / PQ_PEAK);
        let display = Curve::Pq.to_coded(DISPLAY_PEAK / PQ_PEAK);
        Self {
            source,
            largest: display / source,
        }
    }

    /// Where the roll-off starts.
    pub(crate) fn knee(self) -> f64 {
        1.5 * self.largest - 0.5
    }

    /// Light of the display from light of the picture, both as shares of 10000 cd/m².
    pub(crate) fn map(self, light: f64) -> f64 {
        let value = Curve::Pq.to_coded(light) / self.source;
        let knee = self.knee();
        let shown = if self.largest >= 1.0 {
            value.min(self.largest)
        } else if value < knee {
            value
        } else {
            let t = ((value - knee) / (1.0 - knee)).min(1.0);
            let (t2, t3) = (t * t, t * t * t);
            (2.0 * t3 - 3.0 * t2 + 1.0) * knee
                + (t3 - 2.0 * t2 + t) * (1.0 - knee)
                + (3.0 * t2 - 2.0 * t3) * self.largest
        };
        Curve::Pq.to_linear(shown * self.source)
    }
}

/// How scene light of HLG becomes display light, ITU-R BT.2100 Table 5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SystemGamma {
    /// Nominal peak of the display as share of 10000 cd/m².
    pub(crate) peak: f64,
    /// The exponent of luminance, less one.
    pub(crate) exponent: f64,
}

impl SystemGamma {
    fn new(peak: f64) -> Self {
        let ratio = peak / 1000.0;
        let gamma = if (400.0..=2000.0).contains(&peak) {
            1.2 + 0.42 * ratio.log10()
        } else {
            // BT.2390 §6.2, for displays outside that range.
            1.2 * 1.111f64.powf(ratio.log2())
        };
        Self {
            peak: peak / PQ_PEAK,
            exponent: gamma - 1.0,
        }
    }
}

/// The tone curve, and for HLG the system gamma.
pub(crate) fn tone_and_gamma(curve: Curve, hdr: HdrFacts) -> (Tone, SystemGamma) {
    let stated = hdr.peak().map(f64::from);
    let nominal = hdr
        .mastering
        .map(|display| f64::from(display.max_luminance) * 1e-4)
        .filter(|peak| HLG_PEAKS.contains(peak))
        .unwrap_or(ASSUMED_PEAK);
    let peak = match curve {
        Curve::Hlg => stated.unwrap_or(nominal).min(nominal),
        _ => stated.unwrap_or(ASSUMED_PEAK),
    };
    (Tone::new(peak), SystemGamma::new(nominal))
}

/// A colour in linear light, brought into the display's gamut (0 to 1) by mixing it with the grey of
/// its own luminance: its hue stays, as far as that is a matter of chromaticity.
pub(crate) fn into_gamut(rgb: [f64; 3], weights: [f64; 3]) -> [f64; 3] {
    let luminance = dot(rgb, weights).clamp(0.0, 1.0);
    let share = rgb.into_iter().fold(1.0f64, |share, channel| {
        let way = channel - luminance;
        let room = if way > 0.0 {
            1.0 - luminance
        } else {
            -luminance
        };
        if way == 0.0 {
            share
        } else {
            share.min(room / way)
        }
    });
    rgb.map(|channel| luminance + share * (channel - luminance))
}

pub(crate) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.into_iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_curve_keeps_the_dark_and_meets_the_peaks() {
        let tone = Tone::new(1000.0);
        assert!((tone.map(0.001) - 0.001).abs() < 1e-9);
        assert!((tone.map(0.1) - DISPLAY_PEAK / PQ_PEAK).abs() < 1e-9);
        assert!((tone.map(1.0) - DISPLAY_PEAK / PQ_PEAK).abs() < 1e-9);
    }

    #[test]
    fn pictures_darker_than_the_display_are_left_alone() {
        let tone = Tone::new(100.0);
        assert!((tone.map(0.01) - 0.01).abs() < 1e-9);
    }

    #[test]
    fn the_system_gamma_is_that_of_the_recommendations() {
        for (peak, gamma) in [(1000.0, 1.2), (2000.0, 1.326), (4000.0, 1.481)] {
            let is = SystemGamma::new(peak).exponent + 1.0;
            assert!((is - gamma).abs() < 1e-3, "{peak}: {is}");
        }
    }

    #[test]
    fn colours_outside_the_gamut_move_towards_their_own_grey() {
        let weights = [0.2126, 0.7152, 0.0722];
        let rgb = [1.3, 0.4, -0.2];
        let inside = into_gamut(rgb, weights);
        assert!(inside.iter().all(|v| (-1e-12..=1.0 + 1e-12).contains(v)));
        assert!((dot(inside, weights) - dot(rgb, weights)).abs() < 1e-12);
    }
}
