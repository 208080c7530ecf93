//! The window's icons, painted: no font decides whether they are there. Designed on a 16 × 16 grid.

use egui::epaint::PathShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

/// Something that can be painted as an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Play,
    Pause,
    StepForward,
    StepBack,
    ToStart,
    ToEnd,
    Once,
    Loop,
    PingPong,
    Search,
    EyeOpen,
    EyeClosed,
    Close,
    Error,
    Folder,
    Clipboard,
    Listen,
    Pin,
    Film,
}

/// Paints onto the 16 × 16 grid, wherever that is on screen.
struct Grid<'a> {
    painter: &'a Painter,
    rect: Rect,
    color: Color32,
}

impl Grid<'_> {
    fn at(&self, x: f32, y: f32) -> Pos2 {
        self.rect.min + vec2(x, y) * (self.rect.width() / 16.0)
    }

    fn stroke(&self) -> Stroke {
        Stroke::new(1.4 * self.rect.width() / 16.0, self.color)
    }

    fn polygon(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|(x, y)| self.at(*x, *y)).collect();
        self.painter
            .add(Shape::convex_polygon(points, self.color, Stroke::NONE));
    }

    fn line(&self, points: &[(f32, f32)]) {
        let points: Vec<Pos2> = points.iter().map(|(x, y)| self.at(*x, *y)).collect();
        self.painter.add(PathShape::line(points, self.stroke()));
    }

    fn outline(&self, points: &[(f32, f32)]) {
        let points: Vec<Pos2> = points.iter().map(|(x, y)| self.at(*x, *y)).collect();
        self.painter
            .add(PathShape::closed_line(points, self.stroke()));
    }

    fn bar(&self, left: f32, top: f32, right: f32, bottom: f32) {
        self.painter.rect_filled(
            Rect::from_min_max(self.at(left, top), self.at(right, bottom)),
            0.0,
            self.color,
        );
    }

    fn dot(&self, x: f32, y: f32, radius: f32) {
        self.painter
            .circle_filled(self.at(x, y), radius * self.rect.width() / 16.0, self.color);
    }

    /// Part of an ellipse, angles in degrees, clockwise from the right.
    fn arc(&self, center: (f32, f32), radii: (f32, f32), from: f32, to: f32) {
        const STEPS: u8 = 20;
        let points: Vec<(f32, f32)> = (0..=STEPS)
            .map(|step| {
                let angle = (from + (to - from) * f32::from(step) / f32::from(STEPS)).to_radians();
                (
                    center.0 + radii.0 * angle.cos(),
                    center.1 + radii.1 * angle.sin(),
                )
            })
            .collect();
        self.line(&points);
    }
}

impl Icon {
    /// Paints the icon into a square.
    pub(crate) fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let grid = Grid {
            painter,
            rect,
            color,
        };
        match self {
            Self::Play => grid.polygon(&[(4.0, 2.5), (13.5, 8.0), (4.0, 13.5)]),
            Self::Pause => {
                grid.bar(4.0, 3.0, 6.6, 13.0);
                grid.bar(9.4, 3.0, 12.0, 13.0);
            }
            Self::StepForward => {
                grid.bar(3.0, 3.5, 4.8, 12.5);
                grid.polygon(&[(6.5, 3.5), (13.5, 8.0), (6.5, 12.5)]);
            }
            Self::StepBack => {
                grid.bar(11.2, 3.5, 13.0, 12.5);
                grid.polygon(&[(9.5, 3.5), (9.5, 12.5), (2.5, 8.0)]);
            }
            Self::ToStart => {
                grid.bar(2.5, 3.5, 4.2, 12.5);
                grid.polygon(&[(9.0, 3.5), (9.0, 12.5), (4.4, 8.0)]);
                grid.polygon(&[(13.8, 3.5), (13.8, 12.5), (9.2, 8.0)]);
            }
            Self::ToEnd => {
                grid.bar(11.8, 3.5, 13.5, 12.5);
                grid.polygon(&[(7.0, 3.5), (11.6, 8.0), (7.0, 12.5)]);
                grid.polygon(&[(2.2, 3.5), (6.8, 8.0), (2.2, 12.5)]);
            }
            Self::Once => {
                grid.line(&[(2.0, 8.0), (9.5, 8.0)]);
                grid.polygon(&[(8.2, 4.6), (12.2, 8.0), (8.2, 11.4)]);
                grid.bar(12.6, 3.4, 14.2, 12.6);
            }
            Self::Loop => paint_loop(&grid),
            Self::PingPong => {
                grid.line(&[(2.4, 5.2), (11.0, 5.2)]);
                grid.polygon(&[(10.2, 2.4), (14.2, 5.2), (10.2, 8.0)]);
                grid.line(&[(5.0, 10.8), (13.6, 10.8)]);
                grid.polygon(&[(5.8, 8.0), (1.8, 10.8), (5.8, 13.6)]);
            }
            Self::Search => {
                let radius = 4.6 * grid.rect.width() / 16.0;
                let stroke = grid.stroke();
                grid.painter
                    .circle_stroke(grid.at(6.8, 6.8), radius, stroke);
                grid.line(&[(10.2, 10.2), (14.0, 14.0)]);
            }
            Self::EyeOpen => {
                grid.arc((8.0, 13.2), (8.0, 9.0), 216.0, 324.0);
                grid.arc((8.0, 2.8), (8.0, 9.0), 36.0, 144.0);
                grid.dot(8.0, 8.0, 2.2);
            }
            Self::EyeClosed => {
                grid.arc((8.0, 4.0), (7.2, 6.0), 20.0, 160.0);
                grid.line(&[(3.6, 8.9), (2.4, 11.0)]);
                grid.line(&[(8.0, 10.0), (8.0, 12.6)]);
                grid.line(&[(12.4, 8.9), (13.6, 11.0)]);
            }
            Self::Close => {
                grid.line(&[(4.0, 4.0), (12.0, 12.0)]);
                grid.line(&[(12.0, 4.0), (4.0, 12.0)]);
            }
            Self::Error => {
                grid.painter.circle_stroke(
                    grid.at(8.0, 8.0),
                    6.3 * grid.rect.width() / 16.0,
                    grid.stroke(),
                );
                grid.line(&[(8.0, 4.6), (8.0, 8.8)]);
                grid.dot(8.0, 11.1, 0.95);
            }
            Self::Folder => grid.outline(&[
                (1.8, 3.2),
                (6.2, 3.2),
                (7.8, 5.0),
                (14.2, 5.0),
                (14.2, 13.0),
                (1.8, 13.0),
            ]),
            Self::Clipboard => {
                grid.outline(&[(3.0, 3.4), (13.0, 3.4), (13.0, 14.2), (3.0, 14.2)]);
                grid.bar(5.6, 1.8, 10.4, 4.8);
                grid.line(&[(5.6, 8.0), (10.4, 8.0)]);
                grid.line(&[(5.6, 11.0), (10.4, 11.0)]);
            }
            Self::Pin => {
                grid.polygon(&[(5.2, 1.8), (10.8, 1.8), (10.2, 7.0), (5.8, 7.0)]);
                grid.bar(3.6, 7.0, 12.4, 8.8);
                grid.line(&[(8.0, 8.8), (8.0, 14.4)]);
            }
            Self::Film => {
                grid.outline(&[(1.8, 3.0), (14.2, 3.0), (14.2, 13.0), (1.8, 13.0)]);
                grid.polygon(&[(6.4, 5.4), (10.8, 8.0), (6.4, 10.6)]);
            }
            Self::Listen => {
                grid.dot(8.0, 8.0, 1.5);
                grid.arc((8.0, 8.0), (3.9, 3.9), -45.0, 45.0);
                grid.arc((8.0, 8.0), (3.9, 3.9), 135.0, 225.0);
                grid.arc((8.0, 8.0), (6.8, 6.8), -45.0, 45.0);
                grid.arc((8.0, 8.0), (6.8, 6.8), 135.0, 225.0);
            }
        }
    }
}

fn paint_loop(grid: &Grid<'_>) {
    grid.line(&[(2.4, 8.4), (2.4, 6.6), (4.0, 5.0), (12.0, 5.0)]);
    grid.polygon(&[(10.6, 2.4), (14.0, 5.0), (10.6, 7.6)]);
    grid.line(&[(13.6, 7.6), (13.6, 9.4), (12.0, 11.0), (4.0, 11.0)]);
    grid.polygon(&[(5.4, 8.4), (5.4, 13.6), (2.0, 11.0)]);
}

/// The square of a given side in the middle of a rectangle, on whole points.
pub(crate) fn centered(rect: Rect, side: f32) -> Rect {
    let center = rect.center();
    let min = pos2(
        (center.x - side / 2.0).round(),
        (center.y - side / 2.0).round(),
    );
    Rect::from_min_size(min, vec2(side, side))
}
