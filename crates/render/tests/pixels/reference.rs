//! ITU-T H.273 in double precision, the way round that an encoder goes, inverted numerically; and
//! chroma by the positions of its samples on the luma grid. What displays show is in `light`.

pub(crate) mod difference;
pub(crate) mod light;

use reelscope_media::{
    BayerPattern, Chroma, ChromaSite, ColorInfo, Layout, Matrix, Packing, PixelFormat, Range,
};
use reelscope_render::Look;

use crate::picture::Picture;

/// R', G', B' that the display shows, and alpha, of a picture's pixels at their own places. All of
/// `color` is stated.
pub(crate) fn shown(picture: &Picture, color: ColorInfo, look: &Look) -> Vec<[f64; 4]> {
    let show = |[r, g, b, alpha]: [f64; 4]| {
        let [r, g, b] = light::shown([r, g, b], color, look);
        [r, g, b, alpha]
    };
    pixels(picture, color).into_iter().map(show).collect()
}

/// R', G', B' (of ICtCp L', M', S') and alpha of a picture's pixels at their own places, not clipped.
pub(crate) fn pixels(picture: &Picture, color: ColorInfo) -> Vec<[f64; 4]> {
    let mut pixels = Vec::new();
    for y in 0..picture.height {
        for x in 0..picture.width {
            pixels.push(pixel(picture, color, x, y));
        }
    }
    pixels
}

fn pixel(picture: &Picture, color: ColorInfo, x: u32, y: u32) -> [f64; 4] {
    let depth = picture.format.depth;
    let luma = |code: f64| (code - black(depth, color.range)) / luma_span(depth, color.range);
    match picture.format.layout {
        Layout::Rgb => {
            let [r, g, b] = [0, 1, 2].map(|channel| luma(picture.at(0, x, y, channel)));
            [r, g, b, 1.0]
        }
        Layout::Bgr => {
            let [b, g, r] = [0, 1, 2].map(|channel| luma(picture.at(0, x, y, channel)));
            [r, g, b, 1.0]
        }
        Layout::Bgra => {
            let [b, g, r] = [0, 1, 2].map(|channel| luma(picture.at(0, x, y, channel)));
            let alpha = picture.at(0, x, y, 3) / (2f64.powi(i32::from(depth)) - 1.0);
            [r, g, b, alpha]
        }
        Layout::Rgba => {
            let [r, g, b] = [0, 1, 2].map(|channel| luma(picture.at(0, x, y, channel)));
            [
                r,
                g,
                b,
                picture.at(0, x, y, 3) / (2f64.powi(i32::from(depth)) - 1.0),
            ]
        }
        Layout::Gbr => {
            let [g, b, r] = [0, 1, 2].map(|plane| luma(picture.at(plane, x, y, 0)));
            [r, g, b, 1.0]
        }
        Layout::Planar(Chroma::Mono) => {
            let grey = luma(picture.at(0, x, y, 0));
            [grey, grey, grey, 1.0]
        }
        Layout::Bayer(pattern) => {
            let [r, g, b] = demosaiced(picture, pattern, x, y).map(luma);
            [r, g, b, 1.0]
        }
        Layout::Planar(_)
        | Layout::SemiPlanar(_)
        | Layout::SemiPlanarCrCb(_)
        | Layout::Packed(_) => {
            let [r, g, b] = rgb(components(picture, color.site, x, y), depth, color);
            [r, g, b, 1.0]
        }
    }
}

/// Code values of Y', Cb and Cr at a pixel.
pub(crate) fn components(picture: &Picture, site: ChromaSite, x: u32, y: u32) -> [f64; 3] {
    let luma = match picture.format.layout {
        Layout::Packed(packing) => {
            let (left, _, _) = packed_places(packing);
            picture.at(0, x / 2, y, left + 2 * (x % 2))
        }
        _ => picture.at(0, x, y, 0),
    };
    [
        luma,
        chroma_at(picture, site, 0, x, y),
        chroma_at(picture, site, 1, x, y),
    ]
}

/// Where the left Y, Cb and Cr lie among the four values of a pair, as the formats' names spell it.
fn packed_places(packing: Packing) -> (u32, u32, u32) {
    match packing {
        Packing::Yuyv => (0, 1, 3),
        Packing::Yvyu => (0, 3, 1),
        Packing::Uyvy => (1, 0, 2),
    }
}

/// Bilinear: of each colour, the value at the pixel itself or the mean of all that touch it.
fn demosaiced(picture: &Picture, pattern: BayerPattern, x: u32, y: u32) -> [f64; 3] {
    // Colours of the cell's values: 0 red, 1 green, 2 blue.
    let cell = match pattern {
        BayerPattern::Rggb => [[0, 1], [1, 2]],
        BayerPattern::Bggr => [[2, 1], [1, 0]],
        BayerPattern::Gbrg => [[1, 2], [0, 1]],
        BayerPattern::Grbg => [[1, 0], [2, 1]],
    };
    let mirrored = |at: i64, count: u32| {
        let last = i64::from(count) - 1;
        let at = if at > last { 2 * last - at } else { at.abs() };
        u32::try_from(at).unwrap()
    };
    [0, 1, 2].map(|color| {
        if cell[y as usize % 2][x as usize % 2] == color {
            return picture.at(0, x, y, 0);
        }
        let mut values = Vec::new();
        for down in -1..=1 {
            for right in -1..=1 {
                let column = mirrored(i64::from(x) + right, picture.width);
                let row = mirrored(i64::from(y) + down, picture.height);
                if cell[row as usize % 2][column as usize % 2] == color {
                    values.push(picture.at(0, column, row, 0));
                }
            }
        }
        values.iter().sum::<f64>() / values.len() as f64
    })
}

fn rgb([y, cb, cr]: [f64; 3], depth: u8, color: ColorInfo) -> [f64; 3] {
    let (black, span) = (black(depth, color.range), luma_span(depth, color.range));
    let middle = 2f64.powi(i32::from(depth) - 1);
    match color.matrix {
        Matrix::IDENTITY => [cr, y, cb].map(|code| (code - black) / span),
        Matrix::YCGCO => {
            // H.273 equations 44 to 47, on quantised values.
            let (cg, co) = (cb - middle, cr - middle);
            let t = y - cg;
            [t + co, y + cg, t - co].map(|code| (code - black) / span)
        }
        _ => {
            let chroma_span = match color.range {
                Range::Full => 2f64.powi(i32::from(depth)) - 1.0,
                _ => 224.0 * 2f64.powi(i32::from(depth) - 8),
            };
            let components = [
                (y - black) / span,
                (cb - middle) / chroma_span,
                (cr - middle) / chroma_span,
            ];
            match color.matrix {
                Matrix::BT2020_CL | Matrix::CHROMA_CL => constant_luminance(components, color),
                _ => apply(invert(encoder_matrix(color)), components),
            }
        }
    }
}

/// R', G', B' of constant luminance, by BT.2020 Table 4 or H.273's MatrixCoefficients 13; the curve is
/// that of BT.2020.
fn constant_luminance([y, cb, cr]: [f64; 3], color: ColorInfo) -> [f64; 3] {
    assert!(matches!(color.transfer.0, 1 | 6 | 14 | 15));
    let (alpha, beta) = (1.09929682680944, 0.018053968510807);
    let coded = |light: f64| {
        let size = light.abs();
        let value = if size < beta {
            4.5 * size
        } else {
            alpha * size.powf(0.45) - (alpha - 1.0)
        };
        value * light.signum()
    };
    let light = |value: f64| {
        let size = value.abs();
        let light = if size < 4.5 * beta {
            size / 4.5
        } else {
            ((size + alpha - 1.0) / alpha).powf(1.0 / 0.45)
        };
        light * value.signum()
    };
    let ([kr, kg, kb], [blue_below, blue_above, red_below, red_above]) =
        if color.matrix == Matrix::BT2020_CL {
            ([0.2627, 0.6780, 0.0593], [1.9404, 1.5816, 1.7184, 0.9936])
        } else {
            let [kr, kg, kb] = light::rgb_to_xyz(color.primaries)[1];
            let below = |share: f64| 2.0 * coded(1.0 - share);
            let above = |share: f64| 2.0 * (1.0 - coded(share));
            ([kr, kg, kb], [below(kb), above(kb), below(kr), above(kr)])
        };
    let b = y + cb * if cb > 0.0 { blue_above } else { blue_below };
    let r = y + cr * if cr > 0.0 { red_above } else { red_below };
    [r, coded((light(y) - kr * light(r) - kb * light(b)) / kg), b]
}

fn black(depth: u8, range: Range) -> f64 {
    if range == Range::Full {
        0.0
    } else {
        16.0 * 2f64.powi(i32::from(depth) - 8)
    }
}

fn luma_span(depth: u8, range: Range) -> f64 {
    match range {
        Range::Full => 2f64.powi(i32::from(depth)) - 1.0,
        _ => 219.0 * 2f64.powi(i32::from(depth) - 8),
    }
}

/// E'Y, E'PB, E'PR from E'R, E'G, E'B: H.273 equations 38 to 40.
fn encoder_matrix(color: ColorInfo) -> [[f64; 3]; 3] {
    let ictcp = |ct: [f64; 3], cp: [f64; 3]| {
        [[2048.0, 2048.0, 0.0], ct, cp].map(|row| row.map(|v| v / 4096.0))
    };
    match (color.matrix, color.transfer.0) {
        // H.273 equations for MatrixCoefficients 11: 0.986566 B' - Y' and R' - 0.991902 Y', halved.
        (Matrix::SMPTE2085, _) => {
            return [
                [0.0, 1.0, 0.0],
                [0.0, -0.5, 0.493283],
                [0.5, -0.495951, 0.0],
            ];
        }
        // BT.2100 Table 7.
        (Matrix::ICTCP, 18) => return ictcp([3625.0, -7465.0, 3840.0], [9500.0, -9212.0, -288.0]),
        (Matrix::ICTCP, _) => {
            return ictcp([6610.0, -13613.0, 7003.0], [17933.0, -17390.0, -543.0]);
        }
        _ => {}
    }
    let [kr, kg, kb] = match color.matrix.0 {
        1 => [0.2126, 0.7152, 0.0722],
        4 => [0.30, 0.59, 0.11],
        5 | 6 => [0.299, 0.587, 0.114],
        7 => [0.212, 0.701, 0.087],
        9 => [0.2627, 0.6780, 0.0593],
        12 => light::rgb_to_xyz(color.primaries)[1],
        other => panic!("no weights for matrix {other}"),
    };
    let blue = 0.5 / (1.0 - kb);
    let red = 0.5 / (1.0 - kr);
    [
        [kr, kg, kb],
        [-kr * blue, -kg * blue, (1.0 - kb) * blue],
        [(1.0 - kr) * red, -kg * red, -kb * red],
    ]
}

fn apply(matrix: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// Gauss–Jordan elimination with pivoting.
fn invert(matrix: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut rows = [[0.0; 6]; 3];
    for i in 0..3 {
        rows[i][..3].copy_from_slice(&matrix[i]);
        rows[i][3 + i] = 1.0;
    }
    for column in 0..3 {
        let pivot = (column..3)
            .max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))
            .unwrap();
        rows.swap(column, pivot);
        let scale = rows[column][column];
        rows[column].iter_mut().for_each(|value| *value /= scale);
        let pivot_row = rows[column];
        for (i, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if i != column {
                row.iter_mut()
                    .zip(pivot_row)
                    .for_each(|(value, p)| *value -= factor * p);
            }
        }
    }
    rows.map(|row| [row[3], row[4], row[5]])
}

/// Cb (0) or Cr (1) at a luma sample: linear between the chroma samples around it, the outermost
/// ones going on beyond the edge.
fn chroma_at(picture: &Picture, site: ChromaSite, which: u32, x: u32, y: u32) -> f64 {
    let format = picture.format;
    let (across, down) = subsampling(format);
    let (columns, rows) = format.plane_size(1, picture.width, picture.height);
    let (first_column, first_row) = first_sample(site, across, down);
    let (left, right, right_share) = neighbours(x, first_column, across, columns);
    let (above, below, below_share) = neighbours(y, first_row, down, rows);
    let value = |x, y| match format.layout {
        Layout::SemiPlanar(_) => picture.at(1, x, y, which),
        Layout::SemiPlanarCrCb(_) => picture.at(1, x, y, 1 - which),
        Layout::Packed(packing) => {
            let (_, cb, cr) = packed_places(packing);
            picture.at(0, x, y, [cb, cr][which as usize])
        }
        _ => picture.at(1 + which as usize, x, y, 0),
    };
    let mix = |a: f64, b: f64, share: f64| a + (b - a) * share;
    mix(
        mix(value(left, above), value(right, above), right_share),
        mix(value(left, below), value(right, below), right_share),
        below_share,
    )
}

/// Luma samples per chroma sample across and down.
fn subsampling(format: PixelFormat) -> (u32, u32) {
    match format.chroma().unwrap() {
        Chroma::Yuv420 => (2, 2),
        Chroma::Yuv422 => (2, 1),
        Chroma::Yuv440 => (1, 2),
        Chroma::Yuv411 => (4, 1),
        Chroma::Yuv444 | Chroma::Mono => (1, 1),
    }
}

/// Where the first chroma sample lies, in luma samples from the first one: H.273 figure 1.
fn first_sample(site: ChromaSite, across: u32, down: u32) -> (f64, f64) {
    let (last_column, last_row) = (f64::from(across - 1), f64::from(down - 1));
    match site {
        ChromaSite::Left | ChromaSite::Unspecified => (0.0, last_row / 2.0),
        ChromaSite::Center => (last_column / 2.0, last_row / 2.0),
        ChromaSite::TopLeft => (0.0, 0.0),
        ChromaSite::Top => (last_column / 2.0, 0.0),
        ChromaSite::BottomLeft => (0.0, last_row),
        ChromaSite::Bottom => (last_column / 2.0, last_row),
    }
}

/// The chroma samples before and after a luma sample, and how much of the way to the later one.
fn neighbours(luma: u32, first: f64, step: u32, count: u32) -> (u32, u32, f64) {
    let place = |sample: u32| first + f64::from(sample * step);
    let luma = f64::from(luma);
    let after = (0..count).find(|&sample| place(sample) > luma);
    match after {
        Some(0) => (0, 0, 0.0),
        Some(after) => (
            after - 1,
            after,
            (luma - place(after - 1)) / f64::from(step),
        ),
        None => (count - 1, count - 1, 0.0),
    }
}
