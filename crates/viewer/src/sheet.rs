//! A contact sheet: frames of several streams at several times as one picture, with names and times.

use egui::{Color32, Context, FontId};
use reelscope_ingest::{Still, StillValues};

/// Width of a cell in pixels.
pub(crate) const CELL: u32 = 320;
/// Between cells, and around them.
const GAP: u32 = 12;
/// Height of a line of text.
const LINE: u32 = 26;
/// Points of the letters.
const LETTERS: f32 = 15.0;
const GROUND: [u8; 3] = [0x16, 0x18, 0x1b];
const TEXT: [u8; 3] = [0xdf, 0xe2, 0xe7];

/// A line of text as coverage, 255 where a letter is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Label {
    width: u32,
    coverage: Vec<u8>,
}

impl Label {
    /// Draws a line of text as the window would.
    pub(crate) fn new(ctx: &Context, text: &str) -> Self {
        let font = FontId::proportional(LETTERS);
        let (galley, atlas) = ctx.fonts_mut(|fonts| {
            let galley = fonts.layout_no_wrap(text.to_owned(), font, Color32::WHITE);
            (galley, fonts.image())
        });
        let scale = ctx.pixels_per_point();
        let size = galley.size();
        let (width, height) = (
            (size.x * scale).ceil().max(1.0) as u32,
            (size.y * scale).ceil().max(1.0) as u32,
        );
        let mut label = Self {
            width,
            coverage: vec![0; width as usize * height as usize],
        };
        for row in &galley.rows {
            // Four corners for each letter: the first has the smallest coordinates, the last the largest.
            for letter in row.row.visuals.mesh.vertices.chunks_exact(4) {
                let [first, .., last] = letter else { continue };
                let from = (row.pos + first.pos.to_vec2()) * scale;
                let texels = (first.uv, last.uv);
                let columns = (texels.1.x - texels.0.x).round().max(0.0) as u32;
                let rows = (texels.1.y - texels.0.y).round().max(0.0) as u32;
                for (x, y) in (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))) {
                    let texel = (
                        texels.0.x as usize + x as usize,
                        texels.0.y as usize + y as usize,
                    );
                    let place = texel.1 * atlas.size[0] + texel.0;
                    let alpha = atlas.pixels.get(place).map_or(0, Color32::a);
                    label.put(
                        from.x.round() as i64 + i64::from(x),
                        from.y.round() as i64 + i64::from(y),
                        alpha,
                    );
                }
            }
        }
        label
    }

    fn put(&mut self, x: i64, y: i64, alpha: u8) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
            return;
        };
        if x < self.width {
            let place = y as usize * self.width as usize + x as usize;
            if let Some(value) = self.coverage.get_mut(place) {
                *value = (*value).max(alpha);
            }
        }
    }
}

/// A row of cells: one stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct SheetRow {
    /// The name of the stream.
    pub(crate) name: Label,
    /// Height of its cells in pixels.
    pub(crate) height: u32,
    /// The frames, from the first time; `None` where there is none.
    pub(crate) cells: Vec<Option<Still>>,
}

/// Puts the rows under each other, the times above them.
pub(crate) fn compose(times: &[Label], rows: &[SheetRow]) -> Still {
    let columns = times.len() as u32;
    let width = GAP + columns * (CELL + GAP);
    let heights = rows.iter().map(|row| LINE + row.height + GAP);
    let height = GAP + LINE + heights.sum::<u32>();
    let mut sheet = Sheet {
        width,
        pixels: GROUND
            .iter()
            .copied()
            .chain([255])
            .cycle()
            .take(width as usize * height as usize * 4)
            .collect(),
    };
    let left = |column: usize| GAP + column as u32 * (CELL + GAP);
    for (column, time) in times.iter().enumerate() {
        sheet.text(time, left(column), GAP);
    }
    let mut top = GAP + LINE;
    for row in rows {
        sheet.text(&row.name, GAP, top);
        top += LINE;
        for (column, cell) in row.cells.iter().enumerate() {
            if let Some(cell) = cell {
                sheet.picture(cell, left(column), top);
            }
        }
        top += row.height + GAP;
    }
    Still {
        width,
        height,
        values: StillValues::Eight(sheet.pixels),
    }
}

struct Sheet {
    width: u32,
    pixels: Vec<u8>,
}

impl Sheet {
    /// Part of a row, from a pixel on.
    fn span(&mut self, x: u32, y: u32, pixels: u32) -> &mut [u8] {
        let pixels = pixels.min(self.width.saturating_sub(x)) as usize;
        let from = (y as usize * self.width as usize + x as usize) * 4;
        self.pixels
            .get_mut(from..from + pixels * 4)
            .unwrap_or_default()
    }

    /// Mixes letters in.
    fn text(&mut self, label: &Label, x: u32, y: u32) {
        for (row, coverage) in (0..).zip(label.coverage.chunks(label.width.max(1) as usize)) {
            let (pixels, _) = self.span(x, y + row, label.width).as_chunks_mut::<4>();
            for ([red, green, blue, _], alpha) in pixels.iter_mut().zip(coverage) {
                for (value, ink) in [red, green, blue].into_iter().zip(TEXT) {
                    let (below, alpha) = (u32::from(*value), u32::from(*alpha));
                    *value = ((below * (255 - alpha) + u32::from(ink) * alpha) / 255) as u8;
                }
            }
        }
    }

    fn picture(&mut self, still: &Still, x: u32, y: u32) {
        let StillValues::Eight(values) = &still.values else {
            return;
        };
        let width = still.width as usize;
        for (row, values) in (0..).zip(values.chunks(width.max(1) * 4)) {
            let (target, _) = self.span(x, y + row, still.width).as_chunks_mut::<4>();
            let (source, _) = values.as_chunks::<4>();
            for (target, [red, green, blue, alpha]) in target.iter_mut().zip(source) {
                if *alpha > 0 {
                    *target = [*red, *green, *blue, 255];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_in_rows_and_columns() {
        let cell = |value: u8| {
            Some(Still {
                width: CELL,
                height: 2,
                values: StillValues::Eight(vec![value; CELL as usize * 2 * 4]),
            })
        };
        let rows = [vec![cell(200), None], vec![cell(90), cell(91)]].map(|cells| SheetRow {
            name: Label::default(),
            height: 2,
            cells,
        });
        let sheet = compose(&[Label::default(), Label::default()], &rows);
        assert_eq!(sheet.width, 3 * GAP + 2 * CELL);
        assert_eq!(sheet.height, 3 * GAP + 3 * LINE + 4);
        let StillValues::Eight(values) = sheet.values else {
            panic!("a sheet has 8 bits");
        };
        let at = |x: u32, y: u32| values[(y * sheet.width + x) as usize * 4];
        let (first, second) = (GAP + 2 * LINE, 2 * GAP + 3 * LINE + 2);
        assert_eq!(at(GAP, first), 200);
        assert_eq!(at(GAP - 1, first), GROUND[0]);
        assert_eq!(at(2 * GAP + CELL, first), GROUND[0], "there is no frame");
        assert_eq!((at(GAP, second), at(2 * GAP + CELL, second + 1)), (90, 91));
    }
}
