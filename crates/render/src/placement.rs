//! Where a picture goes on a target, and from there back to the picture: geometry only.

use reelscope_media::Orientation;

/// Where and how a picture is drawn. All target lengths are in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Width and height of the whole target (the colour attachment of the render pass).
    pub target: [u32; 2],
    /// `[x, y, width, height]` of the whole upright picture on the target. It may reach outside,
    /// and its shape need not be that of the picture: that is how pixel aspects are drawn.
    pub viewport: [f32; 4],
    /// `[x, y, width, height]` outside which nothing is drawn.
    pub clip: [u32; 4],
    /// What makes the picture upright.
    pub orientation: Orientation,
    /// The part of the decoded picture that is drawn, `[x, y, width, height]` in its pixels; all of
    /// it if `None` or if nothing would be left.
    pub aperture: Option<[u32; 4]>,
    /// 1 to cover what is beneath, 0 to leave it.
    pub opacity: f32,
    /// True to interpolate at any magnification: for a reduced copy, whose pixels are not those that
    /// were coded. Otherwise pixels shown more than twice as large are blocks.
    pub smooth: bool,
}

impl Placement {
    /// The whole picture over the whole target.
    pub fn filling(width: u32, height: u32) -> Self {
        Self {
            target: [width, height],
            viewport: [0.0, 0.0, width as f32, height as f32],
            clip: [0, 0, width, height],
            orientation: Orientation::default(),
            aperture: None,
            opacity: 1.0,
            smooth: false,
        }
    }

    /// The target pixels whose centres lie on the picture, `[x, y, width, height]`; `None` if there
    /// are none.
    pub(crate) fn covered(&self) -> Option<[u32; 4]> {
        let [x, y, width, height] = self.viewport;
        if ![x, y, width, height].iter().all(|v| v.is_finite()) || width <= 0.0 || height <= 0.0 {
            return None;
        }
        let side = |start: f32, length: f32, clip: u32, clip_length: u32, target: u32| {
            let start = f64::from(start);
            let first = ((start - 0.5).ceil().max(0.0) as u32).max(clip);
            let end = (start + f64::from(length) - 0.5).ceil().max(0.0) as u32;
            let end = end.min(clip.saturating_add(clip_length)).min(target);
            (end > first).then(|| (first, end - first))
        };
        let (x, width) = side(x, width, self.clip[0], self.clip[2], self.target[0])?;
        let (y, height) = side(y, height, self.clip[1], self.clip[3], self.target[1])?;
        Some([x, y, width, height])
    }

    /// The pixel of a `[width, height]` picture that is drawn at a place `[x, y]` of the target, as
    /// column and row of the decoded picture; `None` where nothing of it is drawn.
    pub fn pixel_at(&self, size: [u32; 2], at: [f32; 2]) -> Option<[u32; 2]> {
        let part = self.part(size[0], size[1]);
        let [x, y] = self.to_picture(part).of(at.map(f64::from));
        let inside = |place: f64, start: u32, length: u32| {
            // False if it is not a number.
            let first = f64::from(start);
            (place >= first && place < first + f64::from(length)).then_some(place as u32)
        };
        Some([inside(x, part[0], part[2])?, inside(y, part[1], part[3])?])
    }

    /// The pixels of a `[width, height]` picture that are drawn in an area `[x, y, width, height]` of
    /// the target, in whole or in part: `[x, y, width, height]` in the decoded picture.
    pub fn pixels_in(&self, size: [u32; 2], area: [f32; 4]) -> Option<[u32; 4]> {
        let part = self.part(size[0], size[1]);
        let map = self.to_picture(part);
        let [left, top, width, height] = area.map(f64::from);
        let one = map.of([left, top]);
        let other = map.of([left + width, top + height]);
        let side = |axis: usize| {
            let (start, length) = (part[axis], part[axis + 2]);
            let ends = [one[axis].min(other[axis]), one[axis].max(other[axis])];
            let hold = |place: f64| place.clamp(f64::from(start), f64::from(start + length));
            let (first, end) = (hold(ends[0]).floor() as u32, hold(ends[1]).ceil() as u32);
            (end > first && ends.iter().all(|end| end.is_finite())).then(|| (first, end - first))
        };
        let ((x, width), (y, height)) = (side(0)?, side(1)?);
        Some([x, y, width, height])
    }

    /// Where a pixel of a `[width, height]` picture is drawn: `[x, y, width, height]` on the target.
    pub fn rect_of(&self, size: [u32; 2], pixel: [u32; 2]) -> [f32; 4] {
        let map = self.to_picture(self.part(size[0], size[1]));
        let [x, y] = pixel.map(f64::from);
        let (one, other) = (map.back([x, y]), map.back([x + 1.0, y + 1.0]));
        let side = |axis: usize| {
            let (a, b) = (one[axis], other[axis]);
            (a.min(b) as f32, (a - b).abs() as f32)
        };
        let ((x, width), (y, height)) = (side(0), side(1));
        [x, y, width, height]
    }

    /// The drawn part of a `width` × `height` picture, inside it and never empty.
    pub(crate) fn part(&self, width: u32, height: u32) -> [u32; 4] {
        aperture(self.aperture, width, height)
    }

    /// How target positions map to positions in the picture, given its drawn part.
    pub(crate) fn to_picture(self, part: [u32; 4]) -> ToPicture {
        let [left, top, width, height] = self.viewport.map(f64::from);
        // Shares of the way across the upright picture, as [of x, of y, constant].
        let across = [1.0 / width, 0.0, -left / width];
        let down = [0.0, 1.0 / height, -top / height];
        let back = |[x, y, c]: [f64; 3]| [-x, -y, 1.0 - c];
        // The turn undone, then the mirroring.
        let (s, t) = match self.orientation.quarter_turns % 4 {
            0 => (across, down),
            1 => (down, back(across)),
            2 => (back(across), back(down)),
            _ => (back(down), across),
        };
        let s = if self.orientation.mirrored {
            back(s)
        } else {
            s
        };
        let [x, y, part_width, part_height] = part.map(f64::from);
        let place = |[a, b, c]: [f64; 3], length: f64, start: f64| {
            [a * length, b * length, c * length + start]
        };
        ToPicture {
            x: place(s, part_width, x),
            y: place(t, part_height, y),
        }
    }
}

/// A stated aperture as far as it lies inside a `width` × `height` picture, or the whole picture.
pub(crate) fn aperture(stated: Option<[u32; 4]>, width: u32, height: u32) -> [u32; 4] {
    let whole = [0, 0, width, height];
    let Some([x, y, w, h]) = stated else {
        return whole;
    };
    if x >= width || y >= height || w == 0 || h == 0 {
        return whole;
    }
    [x, y, w.min(width - x), h.min(height - y)]
}

/// Picture position from target position, each row `[of x, of y, constant]`. A pixel's centre is at
/// half units on both sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ToPicture {
    pub(crate) x: [f64; 3],
    pub(crate) y: [f64; 3],
}

impl ToPicture {
    /// The picture position of a target position.
    fn of(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.x, self.y].map(|[a, b, constant]| a * x + b * y + constant)
    }

    /// The target position of a picture position.
    fn back(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let ([a, b, at_x], [c, d, at_y]) = (self.x, self.y);
        let (x, y) = (x - at_x, y - at_y);
        let determinant = a * d - b * c;
        [(d * x - b * y) / determinant, (a * y - c * x) / determinant]
    }

    /// Width and height, in picture pixels, of one target pixel.
    pub(crate) fn footprint(&self) -> [f64; 2] {
        [self.x, self.y].map(|[a, b, _]| a.abs() + b.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pixels_with_their_centre_on_the_picture_are_covered() {
        let mut placement = Placement::filling(100, 100);
        placement.viewport = [10.5, 10.6, 5.0, 5.0];
        assert_eq!(placement.covered(), Some([10, 11, 5, 5]));
    }

    #[test]
    fn a_picture_larger_than_the_target_is_cut_to_clip_and_target() {
        let mut placement = Placement::filling(100, 50);
        placement.viewport = [-1e6, -1e6, 2e6, 2e6];
        placement.clip = [20, 10, 500, 500];
        assert_eq!(placement.covered(), Some([20, 10, 80, 40]));
    }

    #[test]
    fn a_picture_without_extent_or_off_the_target_covers_nothing() {
        for viewport in [
            [0.0, 0.0, 0.0, 10.0],
            [0.0, 0.0, f32::NAN, 10.0],
            [0.0, 0.0, f32::INFINITY, 10.0],
            [-20.0, 0.0, 10.0, 10.0],
            [200.0, 0.0, 10.0, 10.0],
        ] {
            let placement = Placement {
                viewport,
                ..Placement::filling(100, 100)
            };
            assert_eq!(placement.covered(), None, "{viewport:?}");
        }
    }

    /// A 4 × 2 picture whose right half is shown, four times as wide and twice as high, at (10, 20).
    fn turned(quarter_turns: u8, mirrored: bool) -> Placement {
        let (width, height) = if quarter_turns % 2 == 1 {
            (4.0, 8.0)
        } else {
            (8.0, 4.0)
        };
        Placement {
            viewport: [10.0, 20.0, width, height],
            orientation: Orientation {
                quarter_turns,
                mirrored,
            },
            aperture: Some([2, 0, 2, 2]),
            ..Placement::filling(100, 100)
        }
    }

    #[test]
    fn the_pixel_at_a_place_is_told_in_the_decoded_picture() {
        // What stands in the upper left corner once the picture is upright.
        for (turns, mirrored, pixel) in [
            (0, false, [2, 0]),
            (1, false, [2, 1]),
            (2, false, [3, 1]),
            (3, false, [3, 0]),
            (0, true, [3, 0]),
            (1, true, [3, 1]),
        ] {
            let placement = turned(turns, mirrored);
            assert_eq!(placement.pixel_at([4, 2], [10.5, 20.5]), Some(pixel));
            let [x, y, width, height] = placement.rect_of([4, 2], pixel);
            let expected = if turns % 2 == 1 {
                [2.0, 4.0]
            } else {
                [4.0, 2.0]
            };
            assert_eq!(([x, y], [width, height]), ([10.0, 20.0], expected));
        }
        assert_eq!(turned(0, false).pixel_at([4, 2], [9.9, 20.5]), None);
        assert_eq!(turned(0, false).pixel_at([4, 2], [18.1, 20.5]), None);
    }

    #[test]
    fn the_pixels_in_an_area_are_those_that_reach_into_it() {
        let in_area = |turns, area| turned(turns, false).pixels_in([4, 2], area);
        assert_eq!(in_area(0, [0.0, 0.0, 100.0, 100.0]), Some([2, 0, 2, 2]));
        assert_eq!(in_area(0, [13.0, 20.0, 2.0, 1.0]), Some([2, 0, 2, 1]));
        assert_eq!(in_area(1, [10.0, 20.0, 1.0, 1.0]), Some([2, 1, 1, 1]));
        assert_eq!(in_area(0, [30.0, 20.0, 2.0, 1.0]), None);
        let nowhere = Placement {
            viewport: [0.0; 4],
            ..turned(0, false)
        };
        assert_eq!(nowhere.pixels_in([4, 2], [0.0, 0.0, 9.0, 9.0]), None);
        assert_eq!(nowhere.pixel_at([4, 2], [0.0, 0.0]), None);
    }

    #[test]
    fn an_aperture_outside_the_picture_is_cut_or_ignored() {
        assert_eq!(aperture(Some([2, 4, 100, 6]), 64, 48), [2, 4, 62, 6]);
        assert_eq!(aperture(Some([64, 0, 10, 10]), 64, 48), [0, 0, 64, 48]);
        assert_eq!(aperture(Some([0, 0, 0, 10]), 64, 48), [0, 0, 64, 48]);
    }
}
