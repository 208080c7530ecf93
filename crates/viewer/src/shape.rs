//! How a picture of a stream lies on screen, whether it is whole or reduced: a reduced one takes the
//! place of the whole one. Geometry only.

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use reelscope_media::{Frame, Track};
use reelscope_render::Placement;

use crate::video_paint::Where;

/// Width and height of the upright picture in square pixels, for a whole picture of `size` pixels as
/// decoded.
pub(crate) fn display_size(track: &Track, size: (u32, u32)) -> Vec2 {
    let (width, height) = size;
    let (width, height) = match track.geometry.clean_aperture {
        Some([x, y, w, h]) if w > 0 && h > 0 && x < width && y < height => {
            (w.min(width - x), h.min(height - y))
        }
        _ => (width, height),
    };
    let (width, height) =
        track
            .geometry
            .display_size(width.max(1), height.max(1), track.facts.pixel_aspect);
    vec2(width as f32, height as f32)
}

/// The part of a frame that is shown, in its own pixels. `size` is that of whole pictures.
pub(crate) fn aperture(track: &Track, size: (u32, u32), frame: &Frame) -> Option<[u32; 4]> {
    let [x, y, width, height] = track.geometry.clean_aperture?;
    Some([
        scaled(x, frame.width(), size.0),
        scaled(y, frame.height(), size.1),
        scaled(width, frame.width(), size.0).max(1),
        scaled(height, frame.height(), size.1).max(1),
    ])
}

/// Where the pixels of a frame are on screen, in points.
pub(crate) struct Grid {
    placement: Placement,
    size: [u32; 2],
}

impl Grid {
    /// Of a frame of `size` pixels at a place.
    pub(crate) fn new(place: &Where, (width, height): (u32, u32)) -> Self {
        let rect = place.rect;
        Self {
            placement: Placement {
                viewport: [rect.left(), rect.top(), rect.width(), rect.height()],
                orientation: place.orientation,
                aperture: place.aperture,
                ..Placement::filling(1, 1)
            },
            size: [width, height],
        }
    }

    /// Column and row, in the decoded picture, of the pixel at a point.
    pub(crate) fn pixel_at(&self, at: Pos2) -> Option<[u32; 2]> {
        self.placement.pixel_at(self.size, [at.x, at.y])
    }

    /// Where a pixel is.
    pub(crate) fn rect_of(&self, pixel: [u32; 2]) -> Rect {
        let [x, y, width, height] = self.placement.rect_of(self.size, pixel);
        Rect::from_min_size(pos2(x, y), vec2(width, height))
    }

    /// The part of the decoded picture that is seen in an area, `[x, y, width, height]`.
    pub(crate) fn part_in(&self, area: Rect) -> Option<[u32; 4]> {
        let area = [area.left(), area.top(), area.width(), area.height()];
        self.placement.pixels_in(self.size, area)
    }

    /// The pixels that are seen in an area, row by row.
    pub(crate) fn pixels_in(&self, area: Rect) -> impl Iterator<Item = [u32; 2]> + use<> {
        let [x, y, width, height] = self.part_in(area).unwrap_or_default();
        (y..y + height).flat_map(move |y| (x..x + width).map(move |x| [x, y]))
    }
}

/// The largest size of this shape that fits into `space`.
pub(crate) fn fitting(shape: Vec2, space: Vec2) -> Vec2 {
    let scale = (space / shape.max(Vec2::splat(1.0))).min_elem();
    (shape * scale).max(Vec2::splat(1.0))
}

/// A length of a picture that is `of` long, in one that is `to` long.
fn scaled(length: u32, to: u32, of: u32) -> u32 {
    let of = u64::from(of.max(1));
    let length = (u64::from(length) * u64::from(to) + of / 2) / of;
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_shrinks_with_its_picture_and_stays_in_a_whole_one() {
        assert_eq!(scaled(1_080, 320, 1_920), 180);
        assert_eq!(scaled(1_917, 320, 1_920), 320);
        assert_eq!(scaled(17, 1_920, 1_920), 17);
        assert_eq!(scaled(u32::MAX, u32::MAX, 1), u32::MAX);
    }

    #[test]
    fn a_shape_fills_one_side_of_its_space() {
        let space = vec2(200.0, 100.0);
        assert_eq!(fitting(vec2(1_920.0, 1_080.0), space).y, 100.0);
        assert_eq!(fitting(vec2(4.0, 1.0), space), vec2(200.0, 50.0));
    }
}
