//! How large a picture is in its tile and which part of it is seen. Geometry only.

use egui::{Pos2, Rect, Vec2, vec2};

/// Least and most screen pixels per picture pixel.
const LEAST: f32 = 0.02;
const MOST: f32 = 128.0;

/// How a picture lies in its tile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Zoom {
    /// Screen pixels per picture pixel; `None` fills the tile.
    scale: Option<f32>,
    /// The point of the picture in the middle of the tile, as shares of its sides.
    center: Vec2,
}

impl Default for Zoom {
    fn default() -> Self {
        Self {
            scale: None,
            center: vec2(0.5, 0.5),
        }
    }
}

/// A tile with the picture that it shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage {
    /// The tile, in points.
    pub(crate) tile: Rect,
    /// Width and height of the upright picture in square pixels.
    pub(crate) picture: Vec2,
    /// Screen pixels per point.
    pub(crate) pixels_per_point: f32,
}

impl Stage {
    /// The scale at which the picture just fits.
    fn fitting(&self) -> f32 {
        let tile = self.tile.size() * self.pixels_per_point;
        let scale = (tile.x / self.picture.x).min(tile.y / self.picture.y);
        if scale.is_finite() {
            scale.max(LEAST)
        } else {
            1.0
        }
    }
}

impl Zoom {
    /// Scale and centre; `None` if the picture fills the tile.
    pub(crate) fn parts(&self) -> Option<(f32, [f32; 2])> {
        Some((self.scale?, self.center.into()))
    }

    /// A zoom of this scale and centre, as far as they make sense.
    pub(crate) fn from_parts(scale: f32, center: [f32; 2]) -> Self {
        if !scale.is_finite() || center.iter().any(|share| !share.is_finite()) {
            return Self::default();
        }
        Self {
            scale: Some(scale.clamp(LEAST, MOST)),
            center: center.map(|share| share.clamp(0.0, 1.0)).into(),
        }
    }

    /// The picture fills the tile.
    pub(crate) fn fit(&mut self) {
        *self = Self::default();
    }

    /// One screen pixel per picture pixel.
    pub(crate) fn actual_size(&mut self) {
        self.scale = Some(1.0);
    }

    /// True if the picture fills the tile.
    pub(crate) fn is_fit(&self) -> bool {
        self.scale.is_none()
    }

    /// Screen pixels per picture pixel.
    pub(crate) fn scale(&self, stage: &Stage) -> f32 {
        self.scale.unwrap_or_else(|| stage.fitting())
    }

    /// Where the whole picture is, in points, on whole screen pixels.
    pub(crate) fn rect(&self, stage: &Stage) -> Rect {
        let size = stage.picture * self.scale(stage) / stage.pixels_per_point;
        let min = stage.tile.center() - self.center * size;
        let round = |value: f32| (value * stage.pixels_per_point).round() / stage.pixels_per_point;
        Rect::from_min_size(Pos2::new(round(min.x), round(min.y)), size)
    }

    /// Makes the picture larger or smaller; what is under `pointer` stays there.
    pub(crate) fn zoom_at(&mut self, stage: &Stage, pointer: Pos2, factor: f32) {
        let before = self.rect(stage);
        let share = (pointer - before.min) / before.size();
        let scale = (self.scale(stage) * factor).clamp(LEAST, MOST.max(stage.fitting()));
        self.scale = Some(scale);
        let size = stage.picture * scale / stage.pixels_per_point;
        self.center = share - (pointer - stage.tile.center()) / size;
        self.hold(stage);
    }

    /// Moves the picture by a distance in points.
    pub(crate) fn pan(&mut self, stage: &Stage, by: Vec2) {
        if self.scale.is_some() {
            self.center -= by / self.rect(stage).size();
            self.hold(stage);
        }
    }

    /// Keeps the picture in the tile: centred where it is smaller, without a border where larger.
    fn hold(&mut self, stage: &Stage) {
        let size = stage.picture * self.scale(stage) / stage.pixels_per_point;
        for axis in 0..2 {
            let half = stage.tile.size()[axis] / size[axis] / 2.0;
            self.center[axis] = if half >= 0.5 {
                0.5
            } else {
                self.center[axis].clamp(half, 1.0 - half)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    fn stage() -> Stage {
        Stage {
            tile: Rect::from_min_size(pos2(100.0, 50.0), vec2(800.0, 600.0)),
            picture: vec2(1_600.0, 900.0),
            pixels_per_point: 1.0,
        }
    }

    #[test]
    fn a_picture_fits_whole_and_centred() {
        let rect = Zoom::default().rect(&stage());
        assert_eq!(rect.size(), vec2(800.0, 450.0));
        assert_eq!(rect.center(), stage().tile.center());
    }

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let stage = stage();
        let mut zoom = Zoom::default();
        let pointer = pos2(400.0, 300.0);
        let share = |zoom: &Zoom| (pointer - zoom.rect(&stage).min) / zoom.rect(&stage).size();
        let before = share(&zoom);
        zoom.zoom_at(&stage, pointer, 4.0);
        let after = share(&zoom);
        assert!((before - after).length() < 0.002, "{before} {after}");
        assert!((zoom.scale(&stage) - 2.0).abs() < 1e-4);
    }

    #[test]
    fn a_large_picture_leaves_no_border_and_a_small_one_is_centred() {
        let stage = stage();
        let mut zoom = Zoom::default();
        zoom.actual_size();
        zoom.pan(&stage, vec2(10_000.0, 0.0));
        let rect = zoom.rect(&stage);
        assert_eq!(rect.left(), stage.tile.left());
        zoom.zoom_at(&stage, stage.tile.center(), 0.1);
        assert_eq!(zoom.rect(&stage).center(), stage.tile.center());
    }

    #[test]
    fn actual_size_counts_screen_pixels() {
        let stage = Stage {
            pixels_per_point: 2.0,
            ..stage()
        };
        let mut zoom = Zoom::default();
        zoom.actual_size();
        assert_eq!(zoom.rect(&stage).size(), vec2(800.0, 450.0));
    }
}
