//! Code values to R'G'B', ITU-T H.273 §8.3 and §8.4, in double precision: an affine map, and for some
//! matrices a step after it that is none.

use reelscope_media::{Chroma, ColorInfo, Layout, Matrix, PixelFormat, Primaries, Range, Transfer};

use super::curve::Curve;
use super::primaries::{IDENTITY, Matrix3, invert, luma_weights};

/// Three rows that give a pixel's components (black 0, white 1) from `[first, second, third, 1]`,
/// where the first three are its code values in the order of the format's planes or channels.
pub(crate) type CodeToRgb = [[f64; 4]; 3];

/// What the components are that the affine map gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Components {
    /// R', G', B'.
    Rgb,
    /// Y' of light, and the differences of B' and R' from it.
    ConstantLuminance(ConstantLuminance),
    /// L', M', S', which the linear map makes R, G, B of once they are light.
    Lms(Matrix3),
}

/// Constant luminance, H.273 §8.3 (MatrixCoefficients 10 and 13).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ConstantLuminance {
    /// Shares of red, green and blue in luminance.
    pub(crate) weights: [f64; 3],
    /// What Cb is multiplied with to give B' − Y' below and above zero, then the same for Cr and R'.
    pub(crate) scales: [f64; 4],
    /// The curve between R'G'B' and light.
    pub(crate) curve: Curve,
}

impl ConstantLuminance {
    fn new(color: ColorInfo) -> Self {
        let weights = match color.matrix {
            Matrix::BT2020_CL => [0.2627, 0.6780, 0.0593],
            _ => luma_weights(color.primaries),
        };
        let curve = Curve::coded(color.transfer);
        let [red, _, blue] = weights;
        let below = |share: f64| 2.0 * curve.to_coded(1.0 - share);
        let above = |share: f64| 2.0 * (1.0 - curve.to_coded(share));
        Self {
            weights,
            scales: [below(blue), above(blue), below(red), above(red)],
            curve,
        }
    }

    /// R', G', B' of Y', Cb, Cr.
    pub(crate) fn to_rgb(self, [luma, cb, cr]: [f64; 3]) -> [f64; 3] {
        let [blue_below, blue_above, red_below, red_above] = self.scales;
        let side = |chroma: f64, below: f64, above: f64| {
            luma + chroma * if chroma < 0.0 { below } else { above }
        };
        let blue = side(cb, blue_below, blue_above);
        let red = side(cr, red_below, red_above);
        let [kr, kg, kb] = self.weights;
        let light = |value: f64| self.curve.to_linear(value);
        let green = (light(luma) - kr * light(red) - kb * light(blue)) / kg;
        [red, self.curve.to_coded(green), blue]
    }
}

/// What the components of a format and fully stated colours are.
pub(crate) fn components(format: PixelFormat, color: ColorInfo) -> Components {
    if !matches!(format.chroma(), Some(chroma) if chroma != Chroma::Mono) {
        return Components::Rgb;
    }
    match color.matrix {
        Matrix::BT2020_CL | Matrix::CHROMA_CL => {
            Components::ConstantLuminance(ConstantLuminance::new(color))
        }
        Matrix::ICTCP => Components::Lms(invert(LMS_OF_RGB)),
        _ => Components::Rgb,
    }
}

/// The affine map for a format and fully stated colours.
pub(crate) fn code_to_rgb(format: PixelFormat, color: ColorInfo) -> CodeToRgb {
    let steps = Steps::new(format.depth, color.range, color.matrix);
    let luma = |weights: [f64; 3]| steps.row(weights, [0.0; 2]);
    let planes_are_gbr = format.layout == Layout::Gbr
        || (color.matrix == Matrix::IDENTITY && format.chroma() == Some(Chroma::Yuv444));
    match format.layout {
        Layout::Rgb | Layout::Rgba | Layout::Bgr | Layout::Bgra | Layout::Bayer(_) => {
            IDENTITY.map(luma)
        }
        Layout::Planar(Chroma::Mono) => [luma([1.0, 0.0, 0.0]); 3],
        _ if planes_are_gbr => [
            luma([0.0, 0.0, 1.0]),
            luma([1.0, 0.0, 0.0]),
            luma([0.0, 1.0, 0.0]),
        ],
        _ => luma_and_chroma_weights(color).map(|[y, cb, cr]| steps.row([y, 0.0, 0.0], [cb, cr])),
    }
}

/// How much of Y', Cb and Cr there is in each component.
fn luma_and_chroma_weights(color: ColorInfo) -> Matrix3 {
    match color.matrix {
        // Cb carries Cg, Cr carries Co.
        Matrix::YCGCO => [[1.0, -1.0, 1.0], [1.0, 1.0, 0.0], [1.0, -1.0, -1.0]],
        // SMPTE ST 2085: Y' is G', Cb is half of 0.986566 B' − Y', Cr half of R' − 0.991902 Y'.
        Matrix::SMPTE2085 => [
            [0.991_902, 0.0, 2.0],
            [1.0, 0.0, 0.0],
            [1.0 / 0.986_566, 2.0 / 0.986_566, 0.0],
        ],
        Matrix::ICTCP if color.transfer == Transfer::HLG => invert(ICTCP_OF_LMS_HLG),
        Matrix::ICTCP => invert(ICTCP_OF_LMS_PQ),
        Matrix::BT2020_CL | Matrix::CHROMA_CL => IDENTITY,
        _ => {
            let [kr, kg, kb] = weights(color.matrix, color.primaries);
            let (red, blue) = (2.0 * (1.0 - kr), 2.0 * (1.0 - kb));
            [
                [1.0, 0.0, red],
                [1.0, -kb * blue / kg, -kr * red / kg],
                [1.0, blue, 0.0],
            ]
        }
    }
}

/// Y', Cb and Cr (or what takes their places) of R', G', B' (of ICtCp L', M', S').
pub(crate) fn rgb_to_luma_and_chroma(color: ColorInfo) -> Matrix3 {
    match color.matrix {
        // Of constant luminance only near greys; the coded ones are at hand where it matters.
        Matrix::BT2020_CL => rgb_to_luma_and_chroma(ColorInfo {
            matrix: Matrix::BT2020_NCL,
            ..color
        }),
        Matrix::CHROMA_CL => rgb_to_luma_and_chroma(ColorInfo {
            matrix: Matrix::CHROMA_NCL,
            ..color
        }),
        _ => invert(luma_and_chroma_weights(color)),
    }
}

/// Kr, Kg and Kb of a matrix.
fn weights(matrix: Matrix, primaries: Primaries) -> [f64; 3] {
    let (kr, kb) = match matrix {
        Matrix::FCC => (0.30, 0.11),
        Matrix::BT470BG | Matrix::SMPTE170M => (0.299, 0.114),
        Matrix::SMPTE240M => (0.212, 0.087),
        Matrix::BT2020_NCL => (0.2627, 0.0593),
        Matrix::CHROMA_NCL => return luma_weights(primaries),
        _ => (0.2126, 0.0722),
    };
    [kr, 1.0 - kr - kb, kb]
}

/// L, M, S from R, G, B of BT.2020, ITU-R BT.2100 Table 7.
const LMS_OF_RGB: Matrix3 = [
    [1688.0 / 4096.0, 2146.0 / 4096.0, 262.0 / 4096.0],
    [683.0 / 4096.0, 2951.0 / 4096.0, 462.0 / 4096.0],
    [99.0 / 4096.0, 309.0 / 4096.0, 3688.0 / 4096.0],
];

/// I, Ct, Cp from L', M', S' of PQ, the same table.
const ICTCP_OF_LMS_PQ: Matrix3 = [
    [0.5, 0.5, 0.0],
    [6610.0 / 4096.0, -13613.0 / 4096.0, 7003.0 / 4096.0],
    [17933.0 / 4096.0, -17390.0 / 4096.0, -543.0 / 4096.0],
];

/// I, Ct, Cp from L', M', S' of HLG, the same table.
const ICTCP_OF_LMS_HLG: Matrix3 = [
    [0.5, 0.5, 0.0],
    [3625.0 / 4096.0, -7465.0 / 4096.0, 3840.0 / 4096.0],
    [9500.0 / 4096.0, -9212.0 / 4096.0, -288.0 / 4096.0],
];

/// Where black and "no chroma" lie among the code values, and how far a code value's step goes.
struct Steps {
    black: f64,
    luma: f64,
    grey: f64,
    chroma: f64,
}

impl Steps {
    fn new(depth: u8, range: Range, matrix: Matrix) -> Self {
        let codes = 2f64.powi(i32::from(depth));
        let unit = codes / 256.0;
        let (black, luma, chroma) = if range == Range::Full {
            (0.0, 1.0 / (codes - 1.0), 1.0 / (codes - 1.0))
        } else {
            (16.0 * unit, 1.0 / (219.0 * unit), 1.0 / (224.0 * unit))
        };
        // H.273 computes YCgCo from quantised R, G, B: its chroma has the steps of luma.
        let chroma = if matrix == Matrix::YCGCO {
            luma
        } else {
            chroma
        };
        Self {
            black,
            luma,
            grey: codes / 2.0,
            chroma,
        }
    }

    /// One row from the weights of values that have luma's range, by channel, and of Cb and Cr.
    fn row(&self, luma: [f64; 3], chroma: [f64; 2]) -> [f64; 4] {
        let [first, second, third] = luma.map(|weight| weight * self.luma);
        let [blue, red] = chroma.map(|weight| weight * self.chroma);
        let offset = self.black * (first + second + third) + self.grey * (blue + red);
        [first, second + blue, third + red, -offset]
    }
}
