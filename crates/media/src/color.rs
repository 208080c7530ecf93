//! Colour description by the code points of ITU-T H.273 (ISO/IEC 23091-2), as carried by every codec.

mod report;

pub use report::{ColorReport, ColorSource, ColorSources};

/// MatrixCoefficients, H.273 §8.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Matrix(pub u8);

/// ColourPrimaries, H.273 §8.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Primaries(pub u8);

/// TransferCharacteristics, H.273 §8.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transfer(pub u8);

/// Which code values are black and white (VideoFullRangeFlag, H.273 §8.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Range {
    /// Not stated.
    #[default]
    Unspecified,
    /// Black at 16 and white at 235 in 8 bit ("tv").
    Limited,
    /// Black at 0 and white at the largest code ("pc").
    Full,
}

/// Where chroma samples lie relative to luma (Chroma420SampleLocType, H.273 §8.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChromaSite {
    /// Not stated; treated as `Left` for 4:2:0 and 4:2:2 video.
    #[default]
    Unspecified,
    /// On the left luma column, vertically between two rows (type 0: MPEG-2, H.264, H.265).
    Left,
    /// Between four luma samples (type 1: JPEG, MPEG-1).
    Center,
    /// On the top left luma sample (type 2: BT.2020, AV1 "colocated").
    TopLeft,
    /// Above, between two luma columns (type 3).
    Top,
    /// On the bottom left luma sample (type 4).
    BottomLeft,
    /// Below, between two luma columns (type 5).
    Bottom,
}

/// Everything that says how code values become colours. Each value is "unspecified" until stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ColorInfo {
    /// Limited or full range.
    pub range: Range,
    /// Y'CbCr matrix.
    pub matrix: Matrix,
    /// Chromaticities of the primaries and the white point.
    pub primaries: Primaries,
    /// Opto-electronic transfer.
    pub transfer: Transfer,
    /// Chroma sample position.
    pub site: ChromaSite,
}

impl Default for Matrix {
    fn default() -> Self {
        Self::UNSPECIFIED
    }
}

impl Default for Primaries {
    fn default() -> Self {
        Self::UNSPECIFIED
    }
}

impl Default for Transfer {
    fn default() -> Self {
        Self::UNSPECIFIED
    }
}

macro_rules! names {
    ($ty:ident { $($konst:ident = $value:literal $name:literal $doc:literal),+ $(,)? }) => {
        impl $ty {
            $(#[doc = $doc] pub const $konst: Self = Self($value);)+

            /// FFmpeg's name of the code point (`"bt709"`), or `None` where it has none.
            pub fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$konst => Some($name),)+
                    _ => None,
                }
            }

            /// All code points that have a name, "not stated" among them.
            pub const ALL: &[Self] = &[$(Self::$konst),+];
        }
    };
}

names!(Matrix {
    IDENTITY = 0 "gbr" "The planes are G, B, R.",
    BT709 = 1 "bt709" "ITU-R BT.709.",
    UNSPECIFIED = 2 "unknown" "Not stated.",
    FCC = 4 "fcc" "US FCC Title 47.",
    BT470BG = 5 "bt470bg" "ITU-R BT.601 625 lines.",
    SMPTE170M = 6 "smpte170m" "ITU-R BT.601 525 lines.",
    SMPTE240M = 7 "smpte240m" "SMPTE ST 240.",
    YCGCO = 8 "ycgco" "YCgCo.",
    BT2020_NCL = 9 "bt2020nc" "ITU-R BT.2020, non-constant luminance.",
    BT2020_CL = 10 "bt2020c" "ITU-R BT.2020, constant luminance.",
    SMPTE2085 = 11 "smpte2085" "SMPTE ST 2085.",
    CHROMA_NCL = 12 "chroma-derived-nc" "Derived from the primaries, non-constant luminance.",
    CHROMA_CL = 13 "chroma-derived-c" "Derived from the primaries, constant luminance.",
    ICTCP = 14 "ictcp" "ITU-R BT.2100 ICtCp.",
});

names!(Primaries {
    BT709 = 1 "bt709" "ITU-R BT.709.",
    UNSPECIFIED = 2 "unknown" "Not stated.",
    BT470M = 4 "bt470m" "ITU-R BT.470 System M.",
    BT470BG = 5 "bt470bg" "ITU-R BT.601 625 lines.",
    SMPTE170M = 6 "smpte170m" "ITU-R BT.601 525 lines.",
    SMPTE240M = 7 "smpte240m" "SMPTE ST 240.",
    FILM = 8 "film" "Generic film.",
    BT2020 = 9 "bt2020" "ITU-R BT.2020.",
    SMPTE428 = 10 "smpte428" "SMPTE ST 428-1 (XYZ).",
    SMPTE431 = 11 "smpte431" "DCI P3.",
    SMPTE432 = 12 "smpte432" "Display P3.",
    EBU3213 = 22 "ebu3213" "EBU Tech 3213-E.",
});

names!(Transfer {
    BT709 = 1 "bt709" "ITU-R BT.709.",
    UNSPECIFIED = 2 "unknown" "Not stated.",
    GAMMA22 = 4 "bt470m" "Gamma 2.2.",
    GAMMA28 = 5 "bt470bg" "Gamma 2.8.",
    SMPTE170M = 6 "smpte170m" "ITU-R BT.601.",
    SMPTE240M = 7 "smpte240m" "SMPTE ST 240.",
    LINEAR = 8 "linear" "Linear light.",
    LOG = 9 "log100" "Logarithmic, 100:1.",
    LOG_SQRT = 10 "log316" "Logarithmic, 316:1.",
    XVYCC = 11 "iec61966-2-4" "IEC 61966-2-4.",
    BT1361 = 12 "bt1361e" "ITU-R BT.1361.",
    SRGB = 13 "iec61966-2-1" "sRGB, IEC 61966-2-1.",
    BT2020_10 = 14 "bt2020-10" "ITU-R BT.2020, 10 bit.",
    BT2020_12 = 15 "bt2020-12" "ITU-R BT.2020, 12 bit.",
    PQ = 16 "smpte2084" "SMPTE ST 2084, perceptual quantiser.",
    SMPTE428 = 17 "smpte428" "SMPTE ST 428-1.",
    HLG = 18 "arib-std-b67" "Hybrid log-gamma, ARIB STD-B67.",
});

impl Range {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Unspecified, Self::Limited, Self::Full];

    /// FFmpeg's name: `"tv"`, `"pc"` or `"unknown"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unknown",
            Self::Limited => "tv",
            Self::Full => "pc",
        }
    }
}

impl ChromaSite {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Unspecified,
        Self::Left,
        Self::Center,
        Self::TopLeft,
        Self::Top,
        Self::BottomLeft,
        Self::Bottom,
    ];

    /// FFmpeg's name: `"left"`, `"topleft"`, …, `"unspecified"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Left => "left",
            Self::Center => "center",
            Self::TopLeft => "topleft",
            Self::Top => "top",
            Self::BottomLeft => "bottomleft",
            Self::Bottom => "bottom",
        }
    }
}

impl ColorInfo {
    /// This description with each unstated value taken from `other`.
    pub fn or(self, other: Self) -> Self {
        fn pick<T: PartialEq + Copy>(a: T, b: T, unspecified: T) -> T {
            if a == unspecified { b } else { a }
        }
        Self {
            range: pick(self.range, other.range, Range::Unspecified),
            matrix: pick(self.matrix, other.matrix, Matrix::UNSPECIFIED),
            primaries: pick(self.primaries, other.primaries, Primaries::UNSPECIFIED),
            transfer: pick(self.transfer, other.transfer, Transfer::UNSPECIFIED),
            site: pick(self.site, other.site, ChromaSite::Unspecified),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_source_leaves_out_the_next_one_states() {
        let container = ColorInfo {
            matrix: Matrix::BT709,
            ..ColorInfo::default()
        };
        let bitstream = ColorInfo {
            matrix: Matrix::BT470BG,
            range: Range::Full,
            ..ColorInfo::default()
        };
        let both = container.or(bitstream);
        assert_eq!(both.matrix, Matrix::BT709);
        assert_eq!(both.range, Range::Full);
        assert_eq!(both.primaries, Primaries::UNSPECIFIED);
    }
}
