//! How bright pictures were made to be shown: the metadata that comes with high dynamic range.

/// Colour volume of the display that pictures were mastered on, SMPTE ST 2086; in the units of the
/// H.265 message (ITU-T H.265 §D.3.28).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MasteringDisplay {
    /// Chromaticities x, y of red, green and blue in steps of 0.00002.
    pub primaries: [[u16; 2]; 3],
    /// Chromaticity x, y of white in steps of 0.00002.
    pub white: [u16; 2],
    /// Largest luminance in steps of 0.0001 cd/m².
    pub max_luminance: u32,
    /// Smallest luminance in steps of 0.0001 cd/m².
    pub min_luminance: u32,
}

impl MasteringDisplay {
    /// From the fixed-point numbers of AV1 (specification §6.7.4) and of the VP9 binding to ISO files:
    /// chromaticities of red, green, blue and white in 0.16, the largest luminance in 24.8 and the
    /// smallest one in 18.14.
    pub fn from_fixed_point(
        primaries: [[u16; 2]; 3],
        white: [u16; 2],
        luminance: [u32; 2],
    ) -> Self {
        let scaled = |value: u64, steps: u64, fraction: u32| {
            let half = 1 << (fraction - 1);
            u32::try_from((value * steps + half) >> fraction).unwrap_or(u32::MAX)
        };
        let chromaticity = |value: u16| scaled(value.into(), 50_000, 16) as u16;
        Self {
            primaries: primaries.map(|point| point.map(chromaticity)),
            white: white.map(chromaticity),
            max_luminance: scaled(luminance[0].into(), 10_000, 8),
            min_luminance: scaled(luminance[1].into(), 10_000, 14),
        }
    }

    /// From real numbers: chromaticities of red, green, blue and white, the largest and the smallest
    /// luminance in cd/m². `None` if one of them cannot be.
    pub fn from_reals(
        primaries: [[f64; 2]; 3],
        white: [f64; 2],
        luminance: [f64; 2],
    ) -> Option<Self> {
        let steps = |value: f64, steps: f64, most: f64| {
            let value = (value * steps).round();
            (0.0..=most).contains(&value).then_some(value)
        };
        let chromaticity = |value: f64| Some(steps(value, 50_000.0, 50_000.0)? as u16);
        let point = |[x, y]: [f64; 2]| Some([chromaticity(x)?, chromaticity(y)?]);
        let [red, green, blue] = primaries;
        let bright = |value: f64| Some(steps(value, 10_000.0, f64::from(u32::MAX))? as u32);
        Some(Self {
            primaries: [point(red)?, point(green)?, point(blue)?],
            white: point(white)?,
            max_luminance: bright(luminance[0])?,
            min_luminance: bright(luminance[1])?,
        })
    }
}

/// How bright the pictures themselves are, CTA-861.3; H.265 §D.3.35.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentLight {
    /// Luminance of the brightest pixel of all (MaxCLL) in cd/m².
    pub max_content: u16,
    /// Largest mean luminance of a picture (MaxFALL) in cd/m².
    pub max_frame_average: u16,
}

/// What is stated of the brightness of pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HdrFacts {
    /// The display that they were made on.
    pub mastering: Option<MasteringDisplay>,
    /// How bright they are.
    pub content_light: Option<ContentLight>,
}

impl HdrFacts {
    /// These, completed by others.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            mastering: self.mastering.or(other.mastering),
            content_light: self.content_light.or(other.content_light),
        }
    }

    /// The luminance in cd/m² that no picture goes beyond, as far as is stated and plausible: the
    /// brightest pixel's, else the mastering display's.
    pub fn peak(&self) -> Option<f32> {
        let brightest = self.content_light.map(|light| f32::from(light.max_content));
        let display = self.mastering.map(|it| it.max_luminance as f32 * 1e-4);
        [brightest, display]
            .into_iter()
            .flatten()
            .find(|peak| (50.0..=10_000.0).contains(peak))
    }
}
