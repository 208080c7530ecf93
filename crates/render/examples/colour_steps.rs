//! Makes the pictures of `docs/colour.md`, each from planes of its own and by the shader itself:
//! `cargo xtask colour-pictures`.

use std::error::Error;
use std::path::PathBuf;

use bytes::Bytes;
use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Frame, Geometry, Layout, Matrix, PixelFormat, Primaries, Range,
    Transfer,
};
use reelscope_render::{ChromaFilter, Look, Renderer, RgbaImage};

type Outcome<T> = Result<T, Box<dyn Error>>;

const WIDTH: u32 = 240;
const HEIGHT: u32 = 135;
/// Pixels between pictures side by side.
const GAP: u32 = 6;

fn main() -> Outcome<()> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .ok_or("usage: colour_steps FOLDER")?,
    );
    let mut renderer = Renderer::headless()?;
    for (name, make) in PICTURES {
        let rows = make(&mut renderer)?;
        save(&folder.join(name), &rows)?;
    }
    Ok(())
}

type Make = fn(&mut Renderer) -> Outcome<Vec<Vec<RgbaImage>>>;

const PICTURES: &[(&str, Make)] = &[
    ("planes.png", planes),
    ("chroma.png", chroma),
    ("matrix.png", matrix),
    ("tone.png", tone),
    ("primaries.png", primaries),
    ("marks.png", marks),
    ("dither.png", dither),
];

/// Hues across, from pale to full downwards, over a ramp of greys.
fn hues(x: u32, y: u32) -> [f64; 3] {
    let across = f64::from(x) / f64::from(WIDTH - 1);
    let down = f64::from(y) / f64::from(HEIGHT - 1);
    if down > 0.8 {
        return [across; 3];
    }
    let saturation = down / 0.8;
    [0.0, 4.0, 2.0].map(|offset: f64| {
        let pure = (((across * 6.0 + offset) % 6.0 - 3.0).abs() - 1.0).clamp(0.0, 1.0);
        0.9 * (1.0 - saturation * (1.0 - pure))
    })
}

/// A 16-bit full-range frame in planes G, B, R.
fn gbr(rgb: impl Fn(u32, u32) -> [f64; 3]) -> Outcome<Frame> {
    let format = PixelFormat {
        layout: Layout::Gbr,
        depth: 16,
        high_bits: false,
    };
    let code = |value: f64| ((value.clamp(0.0, 1.0) * 65535.0).round() as u16).to_le_bytes();
    frame(format, |plane, x, y| {
        let [r, g, b] = rgb(x, y);
        code([g, b, r][plane]).to_vec()
    })
}

fn frame(format: PixelFormat, value: impl Fn(usize, u32, u32) -> Vec<u8>) -> Outcome<Frame> {
    let mut packed = Vec::new();
    for plane in 0..format.plane_count() {
        let (width, height) = format.plane_size(plane, WIDTH, HEIGHT);
        for y in 0..height {
            packed.extend((0..width).flat_map(|x| value(plane, x, y)));
        }
    }
    let color = ColorInfo::default();
    Ok(Frame::from_packed(
        format,
        WIDTH,
        HEIGHT,
        Bytes::from(packed),
        color,
    )?)
}

/// 8-bit limited-range BT.601 of the hues.
fn bt601_codes(x: u32, y: u32) -> [f64; 3] {
    let [r, g, b] = hues(x, y);
    let luma = 0.299 * r + 0.587 * g + 0.114 * b;
    let (cb, cr) = ((b - luma) / 1.772, (r - luma) / 1.402);
    [16.0 + 219.0 * luma, 128.0 + 224.0 * cb, 128.0 + 224.0 * cr]
}

fn stated(matrix: Matrix, primaries: Primaries, transfer: Transfer, range: Range) -> ColorInfo {
    ColorInfo {
        range,
        matrix,
        primaries,
        transfer,
        site: ChromaSite::Left,
    }
}

fn sdr(matrix: Matrix, range: Range) -> ColorInfo {
    stated(matrix, Primaries::BT709, Transfer::BT709, range)
}

fn render(
    renderer: &mut Renderer,
    frame: &Frame,
    color: ColorInfo,
    look: Look,
) -> Outcome<RgbaImage> {
    let geometry = Geometry::default();
    Ok(renderer.render_image(frame, color, &geometry, None, None, &look)?)
}

fn planes(renderer: &mut Renderer) -> Outcome<Vec<Vec<RgbaImage>>> {
    let grey = PixelFormat::planar(Chroma::Mono, 8);
    let color = sdr(Matrix::BT709, Range::Full);
    let mut row = Vec::new();
    for component in 0..3 {
        let frame = frame(grey, |_, x, y| {
            vec![bt601_codes(x, y)[component].round() as u8]
        })?;
        row.push(render(renderer, &frame, color, Look::default())?);
    }
    Ok(vec![row])
}

fn matrix(renderer: &mut Renderer) -> Outcome<Vec<Vec<RgbaImage>>> {
    let format = PixelFormat::planar(Chroma::Yuv444, 8);
    let frame = frame(format, |plane, x, y| {
        vec![bt601_codes(x, y)[plane].round() as u8]
    })?;
    let row = [
        sdr(Matrix::SMPTE170M, Range::Limited),
        sdr(Matrix::BT709, Range::Limited),
        sdr(Matrix::SMPTE170M, Range::Full),
    ]
    .map(|color| render(renderer, &frame, color, Look::default()));
    Ok(vec![row.into_iter().collect::<Outcome<_>>()?])
}

fn chroma(renderer: &mut Renderer) -> Outcome<Vec<Vec<RgbaImage>>> {
    // A disc of red on blue, of one luma.
    let frame = frame(PixelFormat::YUV420P, |plane, x, y| {
        let inside = (f64::from(x) - 14.0).hypot(f64::from(y) - 17.0) < 11.0;
        vec![match (plane, inside) {
            (0, _) => 110,
            (1, true) | (2, false) => 100,
            (1, false) => 180,
            _ => 190,
        }]
    })?;
    let filters = [
        ChromaFilter::Nearest,
        ChromaFilter::Bilinear,
        ChromaFilter::Bicubic,
        ChromaFilter::Lanczos,
    ];
    let mut row = Vec::new();
    for chroma_filter in filters {
        let look = Look {
            chroma_filter,
            ..Look::default()
        };
        let image = render(renderer, &frame, sdr(Matrix::BT709, Range::Limited), look)?;
        row.push(enlarged(&image, 4, 60));
    }
    Ok(vec![row])
}

/// The top left `side` × `side` pixels, each `times` as large.
fn enlarged(image: &RgbaImage, times: u32, side: u32) -> RgbaImage {
    let size = side * times / 2;
    let pixel = |x: u32, y: u32| {
        let start = ((y / times * image.width + x / times) * 4) as usize;
        image.pixels.iter().skip(start).take(4).copied()
    };
    RgbaImage {
        width: size,
        height: size,
        pixels: (0..size)
            .flat_map(|y| (0..size).flat_map(move |x| pixel(x, y)))
            .collect(),
    }
}

/// PQ of hues from 1 to 1000 cd/m² downwards.
fn pq_scene(x: u32, y: u32) -> [f64; 3] {
    let down = f64::from(y) / f64::from(HEIGHT - 1);
    let nits = 10f64.powf(3.0 * (1.0 - down));
    let [r, g, b] = hues(x, HEIGHT / 2);
    let largest = r.max(g).max(b);
    [r, g, b].map(|value| {
        let light = (value / largest).powf(2.4) * nits / 10_000.0;
        let power = light.powf(0.159_301_757_812_5);
        ((0.8359375 + 18.8515625 * power) / (1.0 + 18.6875 * power)).powf(78.84375)
    })
}

fn tone(renderer: &mut Renderer) -> Outcome<Vec<Vec<RgbaImage>>> {
    let frame = gbr(pq_scene)?;
    let pq = stated(
        Matrix::IDENTITY,
        Primaries::BT2020,
        Transfer::PQ,
        Range::Full,
    );
    let exposed = |exposure| Look {
        exposure,
        ..Look::default()
    };
    let as_if_sdr = render(
        renderer,
        &frame,
        sdr(Matrix::IDENTITY, Range::Full),
        exposed(0.0),
    )?;
    Ok(vec![
        vec![as_if_sdr, render(renderer, &frame, pq, exposed(0.0))?],
        vec![
            render(renderer, &frame, pq, exposed(-1.0))?,
            render(renderer, &frame, pq, exposed(-2.0))?,
        ],
    ])
}

fn wide() -> ColorInfo {
    stated(
        Matrix::IDENTITY,
        Primaries::BT2020,
        Transfer::BT2020_10,
        Range::Full,
    )
}

fn primaries(renderer: &mut Renderer) -> Outcome<Vec<Vec<RgbaImage>>> {
    let frame = gbr(hues)?;
    let unconverted = sdr(Matrix::IDENTITY, Range::Full);
    let left = render(renderer, &frame, unconverted, Look::default())?;
    let right = render(renderer, &frame, wide(), Look::default())?;
    Ok(vec![vec![left, right]])
}

fn marks(renderer: &mut Renderer) -> Outcome<Vec<Vec<RgbaImage>>> {
    // Limited range, so that the ramp of greys reaches beyond black and white.
    let frame = gbr(hues)?;
    let color = ColorInfo {
        range: Range::Limited,
        ..wide()
    };
    let look = Look {
        marks_clipping: true,
        ..Look::default()
    };
    let plain = render(renderer, &frame, color, Look::default())?;
    let marked = render(renderer, &frame, color, look)?;
    Ok(vec![vec![plain, marked]])
}

fn dither(renderer: &mut Renderer) -> Outcome<Vec<Vec<RgbaImage>>> {
    let ramp = gbr(|x, _| [(8.0 + 8.0 * f64::from(x) / f64::from(WIDTH)) / 255.0; 3])?;
    let mut row = Vec::new();
    for dither in [false, true] {
        let look = Look {
            dither,
            ..Look::default()
        };
        let mut image = render(renderer, &ramp, sdr(Matrix::IDENTITY, Range::Full), look)?;
        for value in image.pixels.iter_mut().filter(|value| **value < 32) {
            *value = value.saturating_sub(6) * 16;
        }
        row.push(image);
    }
    Ok(vec![row])
}

/// Writes pictures in rows, on a transparent ground, as a PNG.
fn save(path: &std::path::Path, rows: &[Vec<RgbaImage>]) -> Outcome<()> {
    let row_width =
        |row: &Vec<RgbaImage>| row.iter().map(|image| image.width + GAP).sum::<u32>() - GAP;
    let width = rows.iter().map(row_width).max().ok_or("no pictures")?;
    let mut pixels = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let height = row
            .iter()
            .map(|image| image.height)
            .max()
            .ok_or("no pictures")?;
        if index > 0 {
            pixels.resize(pixels.len() + (width * GAP * 4) as usize, 0);
        }
        for y in 0..height as usize {
            let mut line = Vec::new();
            for image in row {
                let bytes = image.width as usize * 4;
                line.extend(image.pixels.chunks(bytes).nth(y).into_iter().flatten());
                line.resize(line.len() + GAP as usize * 4, 0);
            }
            line.resize(width as usize * 4, 0);
            pixels.extend(line);
        }
    }
    let height = u32::try_from(pixels.len())? / (width * 4);
    let file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::High);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder.write_header()?.write_image_data(&pixels)?;
    println!("{}", path.display());
    Ok(())
}
