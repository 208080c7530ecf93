//! Chromaticities of the colour primaries, ITU-T H.273 §8.1, and what follows from them.

use reelscope_media::Primaries;

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

/// Kr and Kb of the matrix that is derived from the primaries, H.273 §8.3 (MatrixCoefficients 12):
/// the shares of red and blue in the luminance of white.
pub(super) fn luma_weights(primaries: Primaries) -> (f64, f64) {
    let Chromaticities {
        red,
        green,
        blue,
        white,
    } = chromaticities(primaries);
    // White is a mix of the primaries; Cramer's rule gives each one's share of its luminance.
    let all = determinant(red, green, blue);
    let share = |mixed: f64, own: [f64; 2]| own[1] * mixed / (white[1] * all);
    (
        share(determinant(white, green, blue), red),
        share(determinant(red, green, white), blue),
    )
}

/// Determinant of the matrix whose columns are x, y, z of three chromaticities.
fn determinant(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    let z = |[x, y]: [f64; 2]| 1.0 - x - y;
    a[0] * (b[1] * z(c) - c[1] * z(b)) - b[0] * (a[1] * z(c) - c[1] * z(a))
        + c[0] * (a[1] * z(b) - b[1] * z(a))
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
            let (red, blue) = luma_weights(primaries);
            assert!((red - kr).abs() < 1e-4, "{red}");
            assert!((blue - kb).abs() < 1e-4, "{blue}");
        }
    }
}
