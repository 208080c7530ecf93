//! A second, independent judge: what FFmpeg's `zscale` makes of FFmpeg's own test pictures.

use std::process::{Command, Stdio};

use bytes::Bytes;
use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Frame, Matrix, PixelFormat, Primaries, Range, Transfer,
};
use reelscope_render::{Look, probe};

use crate::gpu::{render_frame, renderers};

const WIDTH: u32 = 322;
const HEIGHT: u32 = 182;

/// The least agreement that is asked for, in dB.
const LEAST_PSNR: f64 = 48.0;

/// What `ffmpeg` writes with these arguments and this input.
fn ffmpeg(args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin"])
        .args(args)
        .args(["-f", "rawvideo", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("these tests need `ffmpeg` with zscale: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || std::io::Write::write_all(&mut stdin, input));
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "ffmpeg {args:?} failed");
    output.stdout
}

/// zscale's names for a description, each with `suffix` behind its key: `in` for the input.
fn options(color: ColorInfo, suffix: &str) -> String {
    let matrix = match color.matrix {
        Matrix::IDENTITY => "gbr",
        Matrix::BT709 => "709",
        Matrix::BT470BG => "470bg",
        Matrix::SMPTE170M => "170m",
        Matrix::SMPTE240M => "smpte2400m", // Its own spelling.
        Matrix::FCC => "fcc",
        Matrix::YCGCO => "ycgco",
        Matrix::BT2020_NCL => "2020_ncl",
        Matrix::ICTCP => "ictcp",
        other => panic!("zscale knows no matrix {other:?}"),
    };
    let primaries = match color.primaries {
        Primaries::BT709 => "709",
        Primaries::BT470BG => "bt470bg",
        Primaries::SMPTE170M => "170m",
        Primaries::BT2020 => "2020",
        Primaries::SMPTE432 => "smpte432",
        Primaries::SMPTE431 => "smpte431",
        other => panic!("zscale knows no primaries {other:?}"),
    };
    let transfer = match color.transfer {
        Transfer::BT709 => "709",
        Transfer::SMPTE170M => "601",
        Transfer::SRGB => "iec61966-2-1",
        Transfer::LINEAR => "linear",
        Transfer::BT2020_10 => "2020_10",
        Transfer::PQ => "smpte2084",
        Transfer::HLG => "arib-std-b67",
        other => panic!("zscale knows no transfer {other:?}"),
    };
    let range = if color.range == Range::Full {
        "full"
    } else {
        "limited"
    };
    format!(
        "matrix{suffix}={matrix}:primaries{suffix}={primaries}:transfer{suffix}={transfer}\
         :range{suffix}={range}"
    )
}

fn site_name(site: ChromaSite) -> &'static str {
    match site {
        ChromaSite::Center => "center",
        ChromaSite::TopLeft => "topleft",
        ChromaSite::Top => "top",
        ChromaSite::Bottom => "bottom",
        ChromaSite::BottomLeft => "bottomleft",
        ChromaSite::Left | ChromaSite::Unspecified => "left",
    }
}

fn rgb(primaries: Primaries, transfer: Transfer) -> ColorInfo {
    ColorInfo {
        range: Range::Full,
        matrix: Matrix::IDENTITY,
        primaries,
        transfer,
        site: ChromaSite::Center,
    }
}

/// FFmpeg's test picture in a format, its R'G'B' taken to be of the format's primaries.
fn test_picture(format: PixelFormat, color: ColorInfo) -> Frame {
    let input = options(rgb(color.primaries, color.transfer), "in");
    let filter = format!(
        "format=gbrp,zscale={input}:{}:chromal={}:filter=bicubic,format={name}",
        options(color, ""),
        site_name(color.site),
        name = format.name(),
    );
    let source = format!("testsrc2=size={WIDTH}x{HEIGHT}:rate=1");
    let args = [
        "-f",
        "lavfi",
        "-i",
        &source,
        "-frames:v",
        "1",
        "-vf",
        &filter,
    ];
    let packed = Bytes::from(ffmpeg(&args, &[]));
    Frame::from_packed(format, WIDTH, HEIGHT, packed, color).unwrap()
}

/// The same luma, its 10-bit chroma in the middle.
fn without_colour(frame: &Frame) -> Frame {
    let mut packed = frame.planes()[0].data.to_vec();
    packed.extend([0x00, 0x02].repeat(packed.len()));
    let packed = Bytes::from(packed);
    Frame::from_packed(frame.format(), WIDTH, HEIGHT, packed, frame.color).unwrap()
}

/// A frame as zscale converts it, in planes G, B, R of FFmpeg's `pixel_format`.
fn converted(frame: &Frame, color: ColorInfo, to: ColorInfo, pixel_format: &str) -> Vec<u8> {
    let size = format!("{WIDTH}x{HEIGHT}");
    let filter = format!(
        "zscale={}:chromalin={}:{}:filter=bilinear:dither=none:npl=1000,format={pixel_format}",
        options(color, "in"),
        site_name(color.site),
        options(to, ""),
    );
    let name = frame.format().name();
    let args = [
        "-f", "rawvideo", "-pix_fmt", &name, "-s", &size, "-i", "-", "-vf", &filter,
    ];
    let planes: Vec<u8> = frame
        .planes()
        .iter()
        .flat_map(|plane| plane.data.to_vec())
        .collect();
    ffmpeg(&args, &planes)
}

/// Holds what both adapters render, dithered where it is, against zscale; gives the least PSNR in dB.
fn check(format: PixelFormat, color: ColorInfo, to: ColorInfo) -> f64 {
    let frame = test_picture(format, color);
    let expected = converted(&frame, color, to, "gbrp");
    let count = (WIDTH * HEIGHT) as usize;
    assert_eq!(expected.len(), 3 * count);
    let psnr = renderers().map(|mut renderer| {
        let look = Look::default();
        let image = render_frame(&mut renderer, &frame, color, (WIDTH, HEIGHT), &look);
        let mut error = 0.0;
        for (index, pixel) in image.pixels.chunks(4).enumerate() {
            for (channel, plane) in [2, 0, 1].into_iter().enumerate() {
                let should = f64::from(expected[plane * count + index]);
                error += (f64::from(pixel[channel]) - should).powi(2);
            }
        }
        let mean = error / (3 * count) as f64;
        10.0 * (255.0 * 255.0 / mean.max(1e-9)).log10()
    });
    let least = psnr[0].min(psnr[1]);
    assert!(
        least >= LEAST_PSNR,
        "{} {color:?}: {psnr:?} dB",
        format.name()
    );
    least
}

#[test]
fn matrices_ranges_layouts_and_sites_agree_with_zscale() {
    let mut least = f64::INFINITY;
    for (matrix, primaries, transfer) in [
        (Matrix::BT709, Primaries::BT709, Transfer::BT709),
        (Matrix::SMPTE170M, Primaries::BT709, Transfer::BT709),
        (Matrix::BT2020_NCL, Primaries::BT709, Transfer::BT709),
    ] {
        for chroma in [Chroma::Yuv420, Chroma::Yuv422, Chroma::Yuv444] {
            for depth in [8, 10] {
                for range in [Range::Limited, Range::Full] {
                    for site in [ChromaSite::Left, ChromaSite::Center, ChromaSite::TopLeft] {
                        let color = ColorInfo {
                            range,
                            matrix,
                            primaries,
                            transfer,
                            site,
                        };
                        let format = PixelFormat::planar(chroma, depth);
                        least = least.min(check(format, color, rgb(primaries, transfer)));
                    }
                }
            }
        }
    }
    eprintln!("least PSNR: {least:.1} dB");
}

#[test]
fn rarer_matrices_agree_with_zscale() {
    for matrix in [Matrix::SMPTE240M, Matrix::FCC, Matrix::YCGCO] {
        let color = ColorInfo {
            range: Range::Limited,
            matrix,
            primaries: Primaries::BT709,
            transfer: Transfer::BT709,
            site: ChromaSite::Left,
        };
        let to = rgb(Primaries::BT709, Transfer::BT709);
        let psnr = check(PixelFormat::planar(Chroma::Yuv444, 10), color, to);
        eprintln!("{matrix:?}: {psnr:.1} dB");
    }
}

#[test]
fn primaries_agree_with_zscale() {
    for (matrix, primaries, transfer) in [
        (Matrix::SMPTE170M, Primaries::SMPTE170M, Transfer::BT709),
        (Matrix::BT470BG, Primaries::BT470BG, Transfer::BT709),
        (Matrix::BT2020_NCL, Primaries::BT2020, Transfer::BT709),
        (Matrix::BT709, Primaries::SMPTE432, Transfer::SRGB),
        (Matrix::BT709, Primaries::SMPTE431, Transfer::SRGB),
    ] {
        for (chroma, depth) in [(Chroma::Yuv420, 8), (Chroma::Yuv444, 10)] {
            let color = ColorInfo {
                range: Range::Limited,
                matrix,
                primaries,
                transfer,
                site: ChromaSite::Left,
            };
            let to = rgb(Primaries::BT709, transfer);
            let psnr = check(PixelFormat::planar(chroma, depth), color, to);
            eprintln!("{primaries:?} {chroma:?} {depth} bit: {psnr:.1} dB");
        }
    }
}

#[test]
fn the_luminance_of_pq_and_hlg_agrees_with_zscale() {
    let format = PixelFormat::planar(Chroma::Yuv444, 10);
    for (matrix, transfer) in [
        (Matrix::BT2020_NCL, Transfer::PQ),
        (Matrix::BT2020_NCL, Transfer::HLG),
        (Matrix::ICTCP, Transfer::PQ),
    ] {
        let color = ColorInfo {
            range: Range::Limited,
            matrix,
            primaries: Primaries::BT2020,
            transfer,
            site: ChromaSite::Left,
        };
        let mut frame = test_picture(format, color);
        if transfer == Transfer::HLG {
            // zscale applies the system gamma to each channel, BT.2100 to luminance: greys agree.
            frame = without_colour(&frame);
        }
        // Light of 1 is 1000 cd/m².
        let to = rgb(Primaries::BT2020, Transfer::LINEAR);
        let light = converted(&frame, color, to, "gbrpf32le");
        let light: Vec<f32> = light
            .as_chunks()
            .0
            .iter()
            .map(|v| f32::from_le_bytes(*v))
            .collect();
        let count = (WIDTH * HEIGHT) as usize;
        let mut compared = 0;
        for index in (0..count).step_by(7) {
            let [g, b, r] = [0, 1, 2].map(|plane| 1000.0 * light[plane * count + index]);
            // PQ ends at 10000 cd/m², of R, G, B or of L, M, S; zscale goes on beyond it.
            if [r, g, b].iter().any(|value| value.abs() >= 1e4) {
                continue;
            }
            compared += 1;
            let should = 0.2627 * r + 0.6780 * g + 0.0593 * b;
            let (x, y) = (index as u32 % WIDTH, index as u32 / WIDTH);
            let values = probe(&frame, color, &Look::default(), x, y).unwrap();
            let is = values.nits.unwrap();
            assert!(
                (is - should).abs() <= 0.01 + 5e-3 * should.abs(),
                "{color:?}: {is} instead of {should} at {x}, {y}; {:?}, zscale {r} {g} {b}",
                values.codes,
            );
        }
        assert!(
            4 * compared > count / 7,
            "{compared} of {} compared",
            count / 7
        );
    }
}
