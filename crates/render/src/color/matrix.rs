//! Code values to R'G'B' as one affine map, ITU-T H.273 §8.3 and §8.4, in double precision.

use reelscope_media::{Chroma, ColorInfo, Layout, Matrix, PixelFormat, Range};

use super::primaries::luma_weights;

/// Three rows that give R', G', B' (black 0, white 1) from `[first, second, third, 1]`, where the
/// first three are a pixel's code values in the order of the format's planes or channels.
pub(crate) type CodeToRgb = [[f64; 4]; 3];

/// The map for a format and fully stated colours.
pub(crate) fn code_to_rgb(format: PixelFormat, color: ColorInfo) -> CodeToRgb {
    let steps = Steps::new(format.depth, color.range, color.matrix);
    let luma = |weights: [f64; 3]| steps.row(weights, [0.0; 2]);
    let planes_are_gbr = format.layout == Layout::Gbr
        || (color.matrix == Matrix::IDENTITY && format.chroma() == Some(Chroma::Yuv444));
    match format.layout {
        Layout::Rgb | Layout::Rgba | Layout::Bgr | Layout::Bgra | Layout::Bayer(_) => [
            luma([1.0, 0.0, 0.0]),
            luma([0.0, 1.0, 0.0]),
            luma([0.0, 0.0, 1.0]),
        ],
        Layout::Planar(Chroma::Mono) => [luma([1.0, 0.0, 0.0]); 3],
        _ if planes_are_gbr => [
            luma([0.0, 0.0, 1.0]),
            luma([1.0, 0.0, 0.0]),
            luma([0.0, 1.0, 0.0]),
        ],
        _ => chroma_weights(color).map(|chroma| steps.row([1.0, 0.0, 0.0], chroma)),
    }
}

/// How much of Cb and Cr there is in R', G' and B' beside Y'.
fn chroma_weights(color: ColorInfo) -> [[f64; 2]; 3] {
    if color.matrix == Matrix::YCGCO {
        // Cb carries Cg, Cr carries Co.
        return [[-1.0, 1.0], [1.0, 0.0], [-1.0, -1.0]];
    }
    let (kr, kb) = match color.matrix {
        Matrix::FCC => (0.30, 0.11),
        Matrix::BT470BG | Matrix::SMPTE170M => (0.299, 0.114),
        Matrix::SMPTE240M => (0.212, 0.087),
        Matrix::BT2020_NCL => (0.2627, 0.0593),
        Matrix::CHROMA_NCL => luma_weights(color.primaries),
        _ => (0.2126, 0.0722),
    };
    let kg = 1.0 - kr - kb;
    let (red, blue) = (2.0 * (1.0 - kr), 2.0 * (1.0 - kb));
    [[0.0, red], [-kb * blue / kg, -kr * red / kg], [blue, 0.0]]
}

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
