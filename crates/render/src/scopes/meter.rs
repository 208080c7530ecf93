//! The numbers by which a pixel's colour becomes levels, the same on the GPU and without one.

use reelscope_media::{ColorInfo, Matrix, PixelFormat, Primaries, Range};

use super::{Basis, SCOPE_LEVELS, ScopeArea};
use crate::color::{Matrix3, apply, rgb_to_luma_and_chroma};
use crate::look::maps_values;
use crate::{Channel, ChromaFilter, Look, ShownValues, ValueColors, ValueMap};

/// What the levels of measurements mean. Levels are code values of 8 bits in the picture's range;
/// of deeper pictures several code values share a level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScopeScale {
    /// The level of black.
    pub black: f64,
    /// The level of white.
    pub white: f64,
    /// Levels of Cb and Cr from one end of their range to the other.
    chroma: f64,
    /// Y', Cb, Cr of R', G', B'.
    components: Matrix3,
    /// True if luma is a weighted sum of R', G', B', and chroma the difference from it.
    is_luma: bool,
}

/// Where a colour of colour bars belongs on a vectorscope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScopeTarget {
    /// `"R"`, `"Mg"`, `"B"`, `"Cy"`, `"G"` or `"Yl"`, as graticules have it.
    pub name: &'static str,
    /// R', G', B' of the colour at full strength.
    pub rgb: [f64; 3],
    /// Levels of Cb and Cr.
    pub place: [f64; 2],
}

/// The colours of colour bars.
const BARS: [(&str, [f64; 3]); 6] = [
    ("R", [1.0, 0.0, 0.0]),
    ("Mg", [1.0, 0.0, 1.0]),
    ("B", [0.0, 0.0, 1.0]),
    ("Cy", [0.0, 1.0, 1.0]),
    ("G", [0.0, 1.0, 0.0]),
    ("Yl", [1.0, 1.0, 0.0]),
];

/// The level of no chroma.
pub(super) const MIDDLE: f64 = 128.0;

impl ScopeScale {
    /// The places of colour bars of a strength from 0 to 1 (0.75 is usual) on the vectorscope; none
    /// where the picture's matrix has no luma.
    pub fn targets(&self, strength: f64) -> impl Iterator<Item = ScopeTarget> + use<> {
        let scale = *self;
        let bars = BARS.into_iter().filter(move |_| scale.is_luma);
        bars.map(move |(name, rgb)| {
            let [_, cb, cr] = apply(scale.components, rgb.map(|value| value * strength));
            ScopeTarget {
                name,
                rgb,
                place: [cb, cr].map(|chroma| MIDDLE + scale.chroma * chroma),
            }
        })
    }

    /// How far a level is from black to white, in per cent.
    pub fn percent(&self, level: f64) -> f64 {
        100.0 * (level - self.black) / (self.white - self.black)
    }
}

/// How pixels are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter {
    /// How code values become colours.
    pub(super) look: Look,
    pub(super) basis: Basis,
    pub(super) scale: ScopeScale,
    /// What is added before a level is rounded down: half a code value.
    pub(super) half_code: f64,
    /// In pixels of the decoded picture.
    pub(super) region: [u32; 4],
    pub(super) step: u32,
    /// True if the columns of the upright picture are rows of the decoded one.
    pub(super) along_y: bool,
    /// True if they run the other way.
    pub(super) backwards: bool,
}

impl Meter {
    /// For a picture of this format, size, colour and range of values, counting about `most` pixels.
    pub(super) fn new(
        (format, size, color): (PixelFormat, (u32, u32), ColorInfo),
        value_range: Option<[f32; 2]>,
        look: &Look,
        area: &ScopeArea,
        most: u64,
    ) -> Option<Self> {
        let region = inside(area.region, size)?;
        let look = measured_look(format, value_range, look, area.basis);
        let is_code = area.basis == Basis::Signal
            && !(maps_values(format) && look.shown(format, value_range).is_some());
        let turns = area.orientation.quarter_turns % 4;
        let mirrored = area.orientation.mirrored;
        let along_y = turns % 2 == 1;
        Some(Self {
            look,
            basis: area.basis,
            scale: scale(is_code, color),
            half_code: if is_code {
                0.5 / 2f64.powi(i32::from(format.depth.clamp(8, 16)) - 8)
            } else {
                0.5
            },
            region,
            step: step(region, most),
            along_y,
            // Mirroring turns the decoded picture's columns round, not its rows.
            backwards: matches!(turns, 1 | 2) != (mirrored && !along_y),
        })
    }

    /// Pixels that are counted in a row and in a column of the decoded picture.
    pub(super) fn counted(&self) -> [u32; 2] {
        let [_, _, width, height] = self.region;
        [width, height].map(|side| side.div_ceil(self.step))
    }

    /// Pixels that are counted along a row of the upright picture.
    pub(super) fn across(&self) -> u32 {
        let [columns, rows] = self.counted();
        if self.along_y { rows } else { columns }
    }

    /// Columns of the waveforms.
    pub(super) fn columns(&self) -> u32 {
        self.across().min(SCOPE_LEVELS as u32)
    }

    /// Y', Cb, Cr of a measured colour.
    pub(super) fn components(&self) -> Matrix3 {
        self.scale.components
    }

    /// Levels per unit of chroma.
    pub(super) fn chroma_gain(&self) -> f64 {
        self.scale.chroma
    }

    /// The level of a value from 0 at black to 1 at white.
    pub(super) fn level(&self, value: f64) -> usize {
        rounded(
            self.scale.black + (self.scale.white - self.scale.black) * value,
            self.half_code,
        )
    }

    /// The level of a chroma value from -0.5 to 0.5.
    pub(super) fn chroma_level(&self, value: f64) -> usize {
        rounded(MIDDLE + self.scale.chroma * value, self.half_code)
    }

    /// The waveform's column of a counted pixel, by its place among them.
    pub(super) fn column(&self, [x, y]: [u32; 2]) -> usize {
        let place = if self.along_y { y } else { x };
        let across = self.across();
        let place = if self.backwards {
            across.saturating_sub(1 + place)
        } else {
            place
        };
        (u64::from(place) * u64::from(self.columns()) / u64::from(across.max(1))) as usize
    }
}

fn rounded(level: f64, half_code: f64) -> usize {
    (level + half_code).clamp(0.0, SCOPE_LEVELS as f64 - 1.0) as usize
}

/// The look in which pixels are counted: nothing marked, dithered or left out; of the signal nothing
/// stretched or coloured either.
fn measured_look(
    format: PixelFormat,
    value_range: Option<[f32; 2]>,
    look: &Look,
    basis: Basis,
) -> Look {
    let plain = Look {
        channel: Channel::All,
        dither: false,
        marks_clipping: false,
        opacity: 1.0,
        ..*look
    };
    if basis == Basis::Displayed {
        return plain;
    }
    let unstretched = Look {
        values: None,
        chroma_filter: ChromaFilter::Nearest,
        ..plain
    };
    // Values without black and white of their own are measured over their range.
    let grey = |shown: ShownValues| ValueMap {
        colors: ValueColors::Grey,
        ..shown.map
    };
    Look {
        values: unstretched.shown(format, value_range).map(grey),
        ..unstretched
    }
}

fn scale(is_code: bool, color: ColorInfo) -> ScopeScale {
    let display = ColorInfo {
        matrix: Matrix::BT709,
        ..color
    };
    let of_rgb = ColorInfo {
        matrix: match color.primaries {
            Primaries::BT2020 => Matrix::BT2020_NCL,
            _ => Matrix::BT709,
        },
        ..color
    };
    let coded = match color.matrix {
        _ if !is_code => display,
        Matrix::IDENTITY => of_rgb,
        _ => color,
    };
    let (black, white, chroma) = match color.range {
        _ if !is_code => (0.0, 255.0, 224.0),
        Range::Full => (0.0, 255.0, 255.0),
        _ => (16.0, 235.0, 224.0),
    };
    let has_no_luma = [Matrix::YCGCO, Matrix::SMPTE2085, Matrix::ICTCP];
    ScopeScale {
        black,
        white,
        chroma,
        components: rgb_to_luma_and_chroma(coded),
        is_luma: !has_no_luma.contains(&coded.matrix),
    }
}

/// The part of a region that lies in a picture.
fn inside([x, y, width, height]: [u32; 4], size: (u32, u32)) -> Option<[u32; 4]> {
    let width = width.min(size.0.checked_sub(x)?);
    let height = height.min(size.1.checked_sub(y)?);
    (width > 0 && height > 0).then_some([x, y, width, height])
}

/// The least distance between pixels of which there are `most` in a region.
fn step([_, _, width, height]: [u32; 4], most: u64) -> u32 {
    let fits = |step: &u32| {
        u64::from(width.div_ceil(*step)) * u64::from(height.div_ceil(*step)) <= most.max(1)
    };
    (1..=width.max(height)).find(fits).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_cut_to_its_picture() {
        assert_eq!(inside([2, 3, 10, 10], (8, 8)), Some([2, 3, 6, 5]));
        assert_eq!(inside([8, 0, 1, 1], (8, 8)), None);
        assert_eq!(inside([9, 0, 1, 1], (8, 8)), None);
        let most = u32::MAX;
        assert_eq!(inside([0, 0, most, most], (8, 4)), Some([0, 0, 8, 4]));
    }

    #[test]
    fn of_large_regions_every_other_pixel_is_counted() {
        assert_eq!(step([0, 0, 1_920, 1_080], 1 << 21), 1);
        assert_eq!(step([0, 0, 3_840, 2_160], 1 << 21), 2);
        assert_eq!(step([0, 0, 1, 1], 0), 1);
    }
}
