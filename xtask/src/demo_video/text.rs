//! Lettering for the time and frame number: strokes on a grid of 4 × 8 units.

use super::canvas::Canvas;
use super::sprites::line;

/// Polylines of a letter, each point a pair of column (0 to 4) and row (0 to 8).
fn strokes(letter: char) -> &'static [&'static [(i8, i8)]] {
    match letter {
        '0' => &[&[
            (1, 0),
            (3, 0),
            (4, 1),
            (4, 7),
            (3, 8),
            (1, 8),
            (0, 7),
            (0, 1),
            (1, 0),
        ]],
        '1' => &[&[(1, 1), (2, 0), (2, 8)]],
        '2' => &[&[(0, 1), (1, 0), (3, 0), (4, 1), (4, 3), (0, 8), (4, 8)]],
        '3' => &[
            &[(0, 1), (1, 0), (3, 0), (4, 1), (4, 3), (3, 4), (2, 4)],
            &[(3, 4), (4, 5), (4, 7), (3, 8), (1, 8), (0, 7)],
        ],
        '4' => &[&[(3, 8), (3, 0), (0, 6), (4, 6)]],
        '5' => &[&[
            (4, 0),
            (0, 0),
            (0, 4),
            (1, 3),
            (3, 3),
            (4, 4),
            (4, 7),
            (3, 8),
            (1, 8),
            (0, 7),
        ]],
        '6' => &[&[
            (4, 1),
            (3, 0),
            (1, 0),
            (0, 1),
            (0, 7),
            (1, 8),
            (3, 8),
            (4, 7),
            (4, 5),
            (3, 4),
            (1, 4),
            (0, 5),
        ]],
        '7' => &[&[(0, 0), (4, 0), (4, 1), (1, 8)]],
        '8' => &[
            &[
                (1, 4),
                (0, 3),
                (0, 1),
                (1, 0),
                (3, 0),
                (4, 1),
                (4, 3),
                (3, 4),
                (1, 4),
            ],
            &[
                (1, 4),
                (0, 5),
                (0, 7),
                (1, 8),
                (3, 8),
                (4, 7),
                (4, 5),
                (3, 4),
            ],
        ],
        '9' => &[&[
            (0, 7),
            (1, 8),
            (3, 8),
            (4, 7),
            (4, 1),
            (3, 0),
            (1, 0),
            (0, 1),
            (0, 3),
            (1, 4),
            (3, 4),
            (4, 3),
        ]],
        ':' => &[&[(0, 2), (0, 2)], &[(0, 6), (0, 6)]],
        '.' => &[&[(0, 8), (0, 8)]],
        '#' => &[
            &[(0, 3), (4, 3)],
            &[(0, 5), (4, 5)],
            &[(2, 1), (1, 7)],
            &[(3, 1), (2, 7)],
        ],
        _ => &[],
    }
}

/// Draws `text` with its upper left corner at `x`, `y`; `unit` is an eighth of a letter's height.
pub(crate) fn draw(canvas: &mut Canvas, text: &str, (x, y): (f32, f32), unit: f32) {
    // A dark rim first, so that it reads before any background.
    for (half, color) in [
        (unit * 0.75, [0.004, 0.005, 0.012]),
        (unit * 0.40, [0.95, 0.95, 0.98]),
    ] {
        let mut left = x;
        for letter in text.chars() {
            let narrow = matches!(letter, ':' | '.');
            let half = if narrow { half * 1.25 } else { half };
            for stroke in strokes(letter) {
                for pair in stroke.windows(2) {
                    let [a, b] = [pair[0], pair[1]].map(|(column, row)| {
                        (left + f32::from(column) * unit, y + f32::from(row) * unit)
                    });
                    line(canvas, a, b, half, color);
                }
            }
            left += unit * if narrow { 2.3 } else { 6.3 };
        }
    }
}
