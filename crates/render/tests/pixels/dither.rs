//! Pictures of more than 8 bits on targets of 8.

use reelscope_media::{Chroma, ColorInfo, Matrix, PixelFormat, Primaries, Range, Transfer};
use reelscope_render::{Look, Renderer};

use crate::gpu::{render_exactly, render_frame, renderer, renderers};
use crate::picture::Picture;

const SIDE: u32 = 16;

fn full_range() -> ColorInfo {
    ColorInfo {
        range: Range::Full,
        matrix: Matrix::BT709,
        primaries: Primaries::BT709,
        transfer: Transfer::BT709,
        ..ColorInfo::default()
    }
}

fn flat(depth: u8, code: u32) -> Picture {
    let format = PixelFormat::planar(Chroma::Mono, depth);
    Picture::new(format, (SIDE, SIDE), |_, _, _| code)
}

fn greys(renderer: &mut Renderer, picture: &Picture) -> Vec<f64> {
    let look = Look::default();
    let image = render_frame(
        renderer,
        &picture.frame(0),
        full_range(),
        (SIDE, SIDE),
        &look,
    );
    let first = |pixel: &[u8]| f64::from(pixel[0]);
    image.pixels.chunks(4).map(first).collect()
}

#[test]
fn areas_have_the_mean_that_8_bits_cannot_express() {
    for mut renderer in renderers() {
        for code in [0, 1, 2, 3, 5, 333, 512, 1021, 1023] {
            let exact = f64::from(code) / 1023.0 * 255.0;
            let shown = greys(&mut renderer, &flat(10, code));
            let mean = shown.iter().sum::<f64>() / shown.len() as f64;
            // The pattern has 64 levels.
            assert!(
                (mean - exact).abs() <= 1.0 / 64.0,
                "{code}: {mean} instead of {exact}"
            );
            assert!(
                shown.iter().all(|v| (v - exact).abs() <= 1.0),
                "{code}: {shown:?}"
            );
        }
    }
}

#[test]
fn what_8_bits_can_express_is_not_dithered() {
    let mut renderer = renderer();
    for step in [0, 51, 128, 255] {
        // 16 bits are 257 times 8 bits.
        let shown = greys(&mut renderer, &flat(16, step * 257));
        assert_eq!(shown, vec![f64::from(step); (SIDE * SIDE) as usize]);
    }
}

#[test]
fn pictures_of_8_bits_are_never_dithered() {
    let format = PixelFormat::YUV420P;
    let picture = Picture::noise(format, (SIDE, SIDE));
    let mut renderer = renderer();
    let look = Look::default();
    let image = render_frame(
        &mut renderer,
        &picture.frame(0),
        full_range(),
        (SIDE, SIDE),
        &look,
    );
    let exact = render_exactly(&mut renderer, &picture, full_range(), &look);
    assert_eq!(image.pixels.as_chunks().0, exact);
}
