//! How a decoded picture is placed upright on a screen: orientation, pixel shape, clean aperture.

/// A ratio of two integers. `den` is zero where nothing was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// Numerator.
    pub num: u32,
    /// Denominator.
    pub den: u32,
}

impl Ratio {
    /// One to one.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// The ratio in lowest terms, or `None` if either part is zero.
    pub fn new(num: u32, den: u32) -> Option<Self> {
        if num == 0 || den == 0 {
            return None;
        }
        let (mut a, mut b) = (num, den);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Some(Self {
            num: num / a,
            den: den / a,
        })
    }
}

/// What is done to a decoded picture to show it upright: first mirrored left to right if `mirrored`,
/// then turned clockwise by `quarter_turns` × 90°.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Orientation {
    /// Clockwise quarter turns, 0 to 3.
    pub quarter_turns: u8,
    /// Mirror left to right before turning.
    pub mirrored: bool,
}

impl Orientation {
    /// The clockwise turn in degrees: 0, 90, 180 or 270.
    pub fn degrees(self) -> u32 {
        u32::from(self.quarter_turns % 4) * 90
    }

    /// True if width and height change places.
    pub fn swaps_sides(self) -> bool {
        self.quarter_turns % 2 == 1
    }
}

/// Which field of an interlaced picture was taken first. Its lines lie between those of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldOrder {
    /// The field with the topmost line.
    TopFirst,
    /// The other one.
    BottomFirst,
}

impl FieldOrder {
    /// In words: `"top field first"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TopFirst => "top field first",
            Self::BottomFirst => "bottom field first",
        }
    }
}

/// Placement of a track's pictures, as its container states it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Geometry {
    /// Turn and mirror.
    pub orientation: Orientation,
    /// Shape of one pixel, width to height; `None` where the container says nothing.
    pub pixel_aspect: Option<Ratio>,
    /// Clean aperture in pixels, `[x, y, width, height]` inside the decoded picture.
    pub clean_aperture: Option<[u32; 4]>,
}

impl Geometry {
    /// Width and height in square pixels at which a `width` × `height` picture is shown upright,
    /// given the pixel shape that its bitstream states (used where the container states none).
    /// The side that would shrink is kept and the other one grows, so that no pixel is lost.
    pub fn display_size(&self, width: u32, height: u32, bitstream: Option<Ratio>) -> (u32, u32) {
        let sar = self.pixel_aspect.or(bitstream).unwrap_or(Ratio::ONE);
        let (num, den) = (u64::from(sar.num.max(1)), u64::from(sar.den.max(1)));
        let scale = |side: u32, up: u64, down: u64| {
            u32::try_from((u64::from(side) * up + down / 2) / down)
                .unwrap_or(u32::MAX)
                .max(1)
        };
        let (w, h) = if num >= den {
            (scale(width, num, den), height)
        } else {
            (width, scale(height, den, num))
        };
        if self.orientation.swaps_sides() {
            (h, w)
        } else {
            (w, h)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_picture_with_tall_pixels_keeps_all_its_pixels() {
        let geometry = Geometry {
            orientation: Orientation {
                quarter_turns: 1,
                mirrored: false,
            },
            pixel_aspect: Ratio::new(8, 9),
            clean_aperture: None,
        };
        assert_eq!(geometry.display_size(720, 480, None), (540, 720));
    }

    #[test]
    fn the_container_wins_over_the_bitstream() {
        let geometry = Geometry {
            pixel_aspect: Ratio::new(2, 1),
            ..Geometry::default()
        };
        assert_eq!(geometry.display_size(100, 50, Ratio::new(4, 3)), (200, 50));
        assert_eq!(
            Geometry::default().display_size(90, 50, Ratio::new(4, 3)),
            (120, 50)
        );
    }
}
