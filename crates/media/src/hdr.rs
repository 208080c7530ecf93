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
