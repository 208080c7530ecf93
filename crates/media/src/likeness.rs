//! How alike two pictures are, in numbers: mean squared error, PSNR and SSIM. Shades only, no colours.

use crate::{Frame, Layout};

/// Side of the windows of SSIM, and the distance from one to the next.
const WINDOW: usize = 8;
const STEP: usize = 4;
/// The constants K1 and K2 of SSIM.
const K1: f64 = 0.01;
const K2: f64 = 0.03;

/// The shades of a picture, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shades {
    values: Vec<u16>,
    width: usize,
    /// The largest value there can be.
    peak: u16,
}

impl Shades {
    /// From rows of `width` values, none above `peak`. `None` if that makes no picture.
    pub fn new(values: Vec<u16>, width: usize, peak: u16) -> Option<Self> {
        let whole = width > 0 && !values.is_empty() && values.len().is_multiple_of(width);
        (whole && peak > 0).then_some(Self {
            values,
            width,
            peak,
        })
    }

    /// The luma of a frame as it was decoded. `None` where luma has no plane of its own.
    pub fn luma(frame: &Frame) -> Option<Self> {
        let format = frame.format();
        let has_luma = matches!(
            format.layout,
            Layout::Planar(_) | Layout::SemiPlanar(_) | Layout::SemiPlanarCrCb(_)
        );
        if !has_luma || format.is_float() {
            return None;
        }
        let mut values = Vec::with_capacity(frame.width() as usize * frame.height() as usize);
        for row in frame.rows(0) {
            if format.bytes_per_value() == 1 {
                values.extend(row.iter().map(|value| u16::from(*value)));
            } else {
                let shift = format.low_bits();
                let words = row.as_chunks::<2>().0.iter();
                values.extend(words.map(|word| u16::from_le_bytes(*word) >> shift));
            }
        }
        let peak = (1_u32 << format.depth).saturating_sub(1);
        Self::new(values, frame.width() as usize, u16::try_from(peak).ok()?)
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.width, self.values.len(), self.peak) == (other.width, other.values.len(), other.peak)
    }
}

/// How alike two pictures are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// The mean of the squared differences, in squared code values.
    pub mse: f64,
    /// The largest value there can be.
    pub peak: u16,
    /// The mean structural similarity, 1 for equal pictures; `None` if a side is shorter than a
    /// window.
    pub ssim: Option<f64>,
}

impl Likeness {
    /// Compares two pictures of one size and depth; `None` if they are not.
    ///
    /// SSIM is that of Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error
    /// visibility to structural similarity", IEEE Transactions on Image Processing 13 (2004),
    /// equation 13, with K1 = 0.01 and K2 = 0.03: the mean over windows of 8 × 8 equal weights at
    /// every fourth row and column, variances divided by n − 1 (equations 14 to 16 with equal
    /// weights). The paper's own example weights windows of 11 × 11 by a Gaussian instead.
    pub fn of(one: &Shades, other: &Shades) -> Option<Self> {
        if !one.is_like(other) {
            return None;
        }
        let squares: f64 = one
            .values
            .iter()
            .zip(&other.values)
            .map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2))
            .sum();
        Some(Self {
            mse: squares / one.values.len() as f64,
            peak: one.peak,
            ssim: ssim(one, other),
        })
    }

    /// Peak signal-to-noise ratio in decibels, 10 log₁₀(peak² / MSE); infinite for equal pictures.
    pub fn psnr(&self) -> f64 {
        10.0 * (f64::from(self.peak).powi(2) / self.mse).log10()
    }
}

/// What a window needs to know of two pictures: sums of values, squares and products.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    one: f64,
    other: f64,
    one_squared: f64,
    other_squared: f64,
    product: f64,
}

impl Sums {
    fn add(&mut self, one: u16, other: u16) {
        let (one, other) = (f64::from(one), f64::from(other));
        self.one += one;
        self.other += other;
        self.one_squared += one * one;
        self.other_squared += other * other;
        self.product += one * other;
    }

    fn ssim(&self, peak: f64) -> f64 {
        let count = (WINDOW * WINDOW) as f64;
        let (c1, c2) = ((K1 * peak).powi(2), (K2 * peak).powi(2));
        let (one, other) = (self.one / count, self.other / count);
        let spread = |sum: f64, a: f64, b: f64| (sum - count * a * b) / (count - 1.0);
        let variances =
            spread(self.one_squared, one, one) + spread(self.other_squared, other, other);
        let covariance = spread(self.product, one, other);
        let means = (2.0 * one * other + c1) / (one * one + other * other + c1);
        means * (2.0 * covariance + c2) / (variances + c2)
    }
}

/// Window by window. `None` if none fits.
fn ssim(one: &Shades, other: &Shades) -> Option<f64> {
    let rows: Vec<(&[u16], &[u16])> = one
        .values
        .chunks_exact(one.width)
        .zip(other.values.chunks_exact(other.width))
        .collect();
    let peak = f64::from(one.peak);
    let (mut total, mut count) = (0.0, 0_u64);
    for band in rows.windows(WINDOW).step_by(STEP) {
        for left in (0..=one.width.checked_sub(WINDOW)?).step_by(STEP) {
            let mut sums = Sums::default();
            for (a, b) in band {
                let part = left..left + WINDOW;
                let values = a.get(part.clone()).zip(b.get(part));
                let (a, b) = values.unwrap_or_default();
                a.iter().zip(b).for_each(|(a, b)| sums.add(*a, *b));
            }
            total += sums.ssim(peak);
            count += 1;
        }
    }
    (count > 0).then(|| total / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shades(width: usize, height: usize, value: impl Fn(usize, usize) -> u16) -> Shades {
        let at = |index: usize| value(index % width, index / width);
        Shades::new((0..width * height).map(at).collect(), width, 255).unwrap()
    }

    #[test]
    fn equal_pictures_are_infinitely_alike() {
        let picture = shades(20, 12, |x, y| (x * 7 + y * 13) as u16);
        let likeness = Likeness::of(&picture, &picture).unwrap();
        assert_eq!(likeness.psnr(), f64::INFINITY);
        assert!((likeness.ssim.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_known_error_has_the_psnr_of_the_formula() {
        let one = shades(8, 8, |_, _| 100);
        let other = shades(8, 8, |_, _| 105);
        let likeness = Likeness::of(&one, &other).unwrap();
        assert_eq!(likeness.mse, 25.0);
        // 20 log10(255 / 5).
        assert!((likeness.psnr() - 34.151_403_5).abs() < 1e-6);
    }

    #[test]
    fn the_similarity_of_flat_pictures_is_that_of_their_means() {
        // No variance: what is left of equation 13 is (2ab + c1) / (a² + b² + c1), c1 = 2.55².
        let one = shades(8, 8, |_, _| 100);
        let other = shades(8, 8, |_, _| 150);
        let ssim = Likeness::of(&one, &other).unwrap().ssim.unwrap();
        let expected = (30_000.0 + 6.502_5) / (10_000.0 + 22_500.0 + 6.502_5);
        assert!((ssim - expected).abs() < 1e-12, "{ssim} {expected}");
    }

    #[test]
    fn stripes_against_their_opposite_are_unlike() {
        // Means 127.5, variances 127.5² · 64 / 63, covariance its negative.
        let one = shades(8, 8, |x, _| if x % 2 == 0 { 0 } else { 255 });
        let other = shades(8, 8, |x, _| if x % 2 == 0 { 255 } else { 0 });
        let ssim = Likeness::of(&one, &other).unwrap().ssim.unwrap();
        let variance = 127.5_f64.powi(2) * 64.0 / 63.0;
        let c2 = 7.65_f64.powi(2);
        let expected = (c2 - 2.0 * variance) / (c2 + 2.0 * variance);
        assert!((ssim - expected).abs() < 1e-12, "{ssim} {expected}");
    }

    #[test]
    fn pictures_of_other_sizes_are_not_compared() {
        let one = shades(8, 8, |_, _| 0);
        assert_eq!(Likeness::of(&one, &shades(4, 16, |_, _| 0)), None);
        let narrow = shades(4, 16, |_, _| 3);
        let likeness = Likeness::of(&narrow, &narrow).unwrap();
        assert_eq!(likeness.ssim, None, "no window fits");
        let low = shades(16, 4, |_, _| 3);
        assert_eq!(Likeness::of(&low, &low).unwrap().ssim, None);
    }
}
