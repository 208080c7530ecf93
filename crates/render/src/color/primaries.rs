//! Chromaticities of the colour primaries, ITU-T H.273 §8.1 (Table 2), and what follows from them.

use reelscope_media::Primaries;

/// Rows of a linear map of three values.
pub(crate) type Matrix3 = [[f64; 3]; 3];

/// Chromaticity coordinates x, y of red, green, blue and white.
struct Chromaticities {
    red: [f64; 2],
    green: [f64; 2],
    blue: [f64; 2],
    white: [f64; 2],
}

const D65: [f64; 2] = [0.3127, 0.3290];
const ILLUMINANT_C: [f64; 2] = [0.310, 0.316];
const DCI_WHITE: [f64; 2] = [0.314, 0.351];
const EQUAL_ENERGY: [f64; 2] = [1.0 / 3.0, 1.0 / 3.0];

/// H.273 Table 2; BT.709 for code points without chromaticities of their own.
fn chromaticities(primaries: Primaries) -> Chromaticities {
    let (red, green, blue, white) = match primaries {
        Primaries::BT470M => ([0.67, 0.33], [0.21, 0.71], [0.14, 0.08], ILLUMINANT_C),
        Primaries::BT470BG => ([0.64, 0.33], [0.29, 0.60], [0.15, 0.06], D65),
        Primaries::SMPTE170M | Primaries::SMPTE240M => {
            ([0.630, 0.340], [0.310, 0.595], [0.155, 0.070], D65)
        }
        Primaries::FILM => ([0.681, 0.319], [0.243, 0.692], [0.145, 0.049], ILLUMINANT_C),
        Primaries::BT2020 => ([0.708, 0.292], [0.170, 0.797], [0.131, 0.046], D65),
        // The "primaries" are X, Y and Z themselves.
        Primaries::SMPTE428 => ([1.0, 0.0], [0.0, 1.0], [0.0, 0.0], EQUAL_ENERGY),
        Primaries::SMPTE431 => ([0.680, 0.320], [0.265, 0.690], [0.150, 0.060], DCI_WHITE),
        Primaries::SMPTE432 => ([0.680, 0.320], [0.265, 0.690], [0.150, 0.060], D65),
        Primaries::EBU3213 => ([0.630, 0.340], [0.295, 0.605], [0.155, 0.077], D65),
        _ => ([0.640, 0.330], [0.300, 0.600], [0.150, 0.060], D65),
    };
    Chromaticities {
        red,
        green,
        blue,
        white,
    }
}

/// Shares of red, green and blue in the luminance of white; Kr, Kg and Kb of the matrices that are
/// derived from the primaries, H.273 §8.3 (MatrixCoefficients 12 and 13).
pub(crate) fn luma_weights(primaries: Primaries) -> [f64; 3] {
    to_xyz(primaries)[1]
}

/// Linear light of one set of primaries from that of another. White stays white: where white points
/// differ, colours are adapted as the ICC profile specification does it (linear Bradford, ISO
/// 15076-1 Annex E). X, Y, Z have no white of their own: they are colours as measured, and stay.
pub(crate) fn convert(from: Primaries, to: Primaries) -> Matrix3 {
    if from == to {
        return IDENTITY;
    }
    let (white, new_white) = (chromaticities(from).white, chromaticities(to).white);
    let adapted = if white == new_white || from == Primaries::SMPTE428 {
        to_xyz(from)
    } else {
        multiply(adaptation(white, new_white), to_xyz(from))
    };
    multiply(invert(to_xyz(to)), adapted)
}

pub(crate) const IDENTITY: Matrix3 = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// X, Y, Z from linear light, so that white has Y = 1: SMPTE RP 177.
fn to_xyz(primaries: Primaries) -> Matrix3 {
    let Chromaticities {
        red,
        green,
        blue,
        white,
    } = chromaticities(primaries);
    let columns = transpose([red, green, blue].map(|[x, y]| [x, y, 1.0 - x - y]));
    let amounts = apply(invert(columns), xyz_of(white));
    columns.map(|[r, g, b]| [r * amounts[0], g * amounts[1], b * amounts[2]])
}

/// X, Y, Z of a chromaticity at Y = 1.
fn xyz_of([x, y]: [f64; 2]) -> [f64; 3] {
    [x / y, 1.0, (1.0 - x - y) / y]
}

const BRADFORD: Matrix3 = [
    [0.8951, 0.2664, -0.1614],
    [-0.7502, 1.7135, 0.0367],
    [0.0389, -0.0685, 1.0296],
];

fn adaptation(from: [f64; 2], to: [f64; 2]) -> Matrix3 {
    let [r, g, b] = apply(BRADFORD, xyz_of(from));
    let [to_r, to_g, to_b] = apply(BRADFORD, xyz_of(to));
    let scale = [
        [to_r / r, 0.0, 0.0],
        [0.0, to_g / g, 0.0],
        [0.0, 0.0, to_b / b],
    ];
    multiply(invert(BRADFORD), multiply(scale, BRADFORD))
}

pub(crate) fn apply(matrix: Matrix3, v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

pub(crate) fn multiply(a: Matrix3, b: Matrix3) -> Matrix3 {
    let columns = transpose(b).map(|column| apply(a, column));
    transpose(columns)
}

fn transpose([a, b, c]: Matrix3) -> Matrix3 {
    [[a[0], b[0], c[0]], [a[1], b[1], c[1]], [a[2], b[2], c[2]]]
}

/// The inverse by cofactors; none of the matrices here is singular.
pub(crate) fn invert([a, b, c]: Matrix3) -> Matrix3 {
    let columns = [cross(b, c), cross(c, a), cross(a, b)];
    let [first, ..] = columns;
    let determinant = a[0] * first[0] + a[1] * first[1] + a[2] * first[2];
    transpose(columns.map(|column| column.map(|value| value / determinant)))
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derived_weights_are_those_that_the_systems_round_to() {
        // BT.709 and BT.2020 print their weights with four digits.
        for (primaries, kr, kb) in [
            (Primaries::BT709, 0.2126, 0.0722),
            (Primaries::BT2020, 0.2627, 0.0593),
        ] {
            let [red, green, blue] = luma_weights(primaries);
            assert!((red - kr).abs() < 1e-4, "{red}");
            assert!((blue - kb).abs() < 1e-4, "{blue}");
            assert!((red + green + blue - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn wide_primaries_become_what_the_report_prints() {
        // ITU-R BT.2087-0 §2 has the inverse way, BT.709 to BT.2020, with four digits.
        let printed = [
            [0.6274, 0.3293, 0.0433],
            [0.0691, 0.9195, 0.0114],
            [0.0164, 0.0880, 0.8956],
        ];
        let is = convert(Primaries::BT709, Primaries::BT2020);
        for (is, printed) in is.as_flattened().iter().zip(printed.as_flattened()) {
            assert!((is - printed).abs() < 1e-4, "{is} {printed}");
        }
    }

    #[test]
    fn white_stays_white_whatever_it_is() {
        for code in [4, 5, 6, 7, 8, 9, 11, 12, 22] {
            let white = apply(convert(Primaries(code), Primaries::BT709), [1.0; 3]);
            assert!(white.iter().all(|v| (v - 1.0).abs() < 1e-9), "{code}");
        }
    }
}
