//! Draws into render passes of others: target formats, clipping, blending, reuse of textures.

use reelscope_media::{ColorInfo, Geometry, Layout, Orientation, PixelFormat};
use reelscope_render::{Draw, Look, Placement, Renderer, VideoTexture};
use wgpu::{Color, TextureFormat};

use crate::gpu::{paint, renderer_for};
use crate::picture::Picture;

const RGB: PixelFormat = PixelFormat {
    layout: Layout::Rgb,
    depth: 8,
    high_bits: false,
};
const SIZE: (u32, u32) = (16, 8);

/// A picture's pixels as red, green, blue.
fn rgb(picture: &Picture) -> Vec<[u8; 3]> {
    picture.planes[0]
        .as_chunks()
        .0
        .iter()
        .map(|pixel: &[u32; 3]| pixel.map(|v| v as u8))
        .collect()
}

#[test]
fn every_kind_of_window_surface_gets_the_same_bytes() {
    let picture = Picture::noise(RGB, SIZE);
    for format in [
        TextureFormat::Rgba8Unorm,
        TextureFormat::Bgra8Unorm,
        TextureFormat::Rgba8UnormSrgb,
        TextureFormat::Bgra8UnormSrgb,
    ] {
        let mut renderer = renderer_for(format);
        let texture = renderer
            .upload(None, &picture.frame(0), ColorInfo::default())
            .unwrap();
        let draw = renderer
            .prepare(
                &texture,
                &Placement::filling(SIZE.0, SIZE.1),
                &Look::default(),
            )
            .unwrap();
        let bgr = matches!(
            format,
            TextureFormat::Bgra8Unorm | TextureFormat::Bgra8UnormSrgb
        );
        for (pixel, [r, g, b]) in paint(&draw, format, SIZE, Color::BLACK)
            .iter()
            .zip(rgb(&picture))
        {
            let expected = if bgr { [b, g, r, 255] } else { [r, g, b, 255] };
            for (is, should) in pixel.iter().zip(expected) {
                // The way through linear light and back may cost one step.
                assert!(
                    is.abs_diff(should) <= u8::from(format.is_srgb()),
                    "{format:?} {pixel:?}"
                );
            }
        }
    }
}

#[test]
fn a_renderer_without_a_window_makes_images() {
    let picture = Picture::noise(RGB, SIZE);
    let image = Renderer::headless()
        .and_then(|mut renderer| {
            let geometry = Geometry::default();
            let frame = picture.frame(0);
            renderer.render_image(
                &frame,
                ColorInfo::default(),
                &geometry,
                None,
                None,
                &Look::default(),
            )
        })
        .unwrap();
    assert_eq!((image.width, image.height), SIZE);
    for (pixel, expected) in image.pixels.chunks(4).zip(rgb(&picture)) {
        assert_eq!(pixel[..3], expected);
    }
}

#[test]
fn draws_can_be_kept_by_the_paint_callbacks_of_gui_toolkits() {
    fn kept<T: Send + Sync + 'static>() {}
    kept::<Draw>();
    kept::<Renderer>();
    kept::<VideoTexture>();
}

#[test]
fn nothing_is_drawn_outside_the_clip_and_the_viewport() {
    let white = Picture::new(RGB, (4, 4), |_, _, _| 255);
    let mut renderer = renderer_for(TextureFormat::Rgba8Unorm);
    let texture = renderer
        .upload(None, &white.frame(0), ColorInfo::default())
        .unwrap();
    let draw = renderer
        .prepare(
            &texture,
            &Placement {
                target: [16, 8],
                viewport: [-3.0, 2.0, 12.0, 4.0],
                clip: [2, 0, 5, 100],
                orientation: Orientation::default(),
                aperture: None,
                opacity: 1.0,
                smooth: false,
            },
            &Look::default(),
        )
        .unwrap();
    for (index, pixel) in paint(&draw, TextureFormat::Rgba8Unorm, SIZE, Color::BLACK)
        .iter()
        .enumerate()
    {
        let (x, y) = (index % 16, index / 16);
        let inside = (2..7).contains(&x) && (2..6).contains(&y);
        assert_eq!(pixel[0], if inside { 255 } else { 0 }, "{x}, {y}");
    }
}

#[test]
fn far_zoomed_in_the_picture_stays_in_place() {
    // Each pixel 10 000 target pixels wide: the target lies around the edge of pixels 6 and 7.
    let picture = Picture::new(RGB, (8, 8), |_, x, _| if x / 3 < 7 { 50 } else { 250 });
    let mut renderer = renderer_for(TextureFormat::Rgba8Unorm);
    let texture = renderer
        .upload(None, &picture.frame(0), ColorInfo::default())
        .unwrap();
    let mut placement = Placement::filling(SIZE.0, SIZE.1);
    placement.viewport = [8.0 - 70_000.0, -40_000.0, 80_000.0, 80_000.0];
    let draw = renderer
        .prepare(&texture, &placement, &Look::default())
        .unwrap();
    for (index, pixel) in paint(&draw, TextureFormat::Rgba8Unorm, SIZE, Color::BLACK)
        .iter()
        .enumerate()
    {
        assert_eq!(pixel[0], if index % 16 < 8 { 50 } else { 250 }, "{index}");
    }
}

#[test]
fn a_picture_without_extent_draws_nothing() {
    let picture = Picture::noise(RGB, (4, 4));
    let mut renderer = renderer_for(TextureFormat::Rgba8Unorm);
    let texture = renderer
        .upload(None, &picture.frame(0), ColorInfo::default())
        .unwrap();
    for viewport in [
        [0.0; 4],
        [f32::NAN; 4],
        [0.0, 0.0, f32::INFINITY, 8.0],
        [1e30, 0.0, 4.0, 4.0],
    ] {
        let placement = Placement {
            viewport,
            ..Placement::filling(SIZE.0, SIZE.1)
        };
        let draw = renderer
            .prepare(&texture, &placement, &Look::default())
            .unwrap();
        let pixels = paint(&draw, TextureFormat::Rgba8Unorm, SIZE, Color::BLACK);
        assert!(
            pixels.iter().all(|pixel| *pixel == [0, 0, 0, 255]),
            "{viewport:?}"
        );
    }
}

#[test]
fn opacity_mixes_with_what_is_beneath() {
    let white = Picture::new(RGB, (4, 4), |_, _, _| 255);
    let mut renderer = renderer_for(TextureFormat::Rgba8Unorm);
    let texture = renderer
        .upload(None, &white.frame(0), ColorInfo::default())
        .unwrap();
    let placement = Placement {
        opacity: 0.25,
        ..Placement::filling(SIZE.0, SIZE.1)
    };
    let draw = renderer
        .prepare(&texture, &placement, &Look::default())
        .unwrap();
    let pixels = paint(
        &draw,
        TextureFormat::Rgba8Unorm,
        SIZE,
        Color {
            r: 1.0,
            ..Color::BLACK
        },
    );
    for pixel in pixels {
        assert!(
            pixel[0] == 255 && pixel[1].abs_diff(64) <= 1 && pixel[2].abs_diff(64) <= 1,
            "{pixel:?}"
        );
    }
}

#[test]
fn a_reused_texture_shows_the_new_frame_whatever_its_shape() {
    let mut renderer = renderer_for(TextureFormat::Rgba8Unorm);
    let rgba = PixelFormat {
        layout: Layout::Rgba,
        depth: 8,
        high_bits: false,
    };
    let mut texture = None;
    for (format, size) in [(RGB, (4, 4)), (RGB, (4, 4)), (RGB, (7, 3)), (rgba, (7, 3))] {
        let grey = 30 * size.0;
        let picture = Picture::new(format, size, |_, _, _| grey);
        let uploaded = renderer
            .upload(texture, &picture.frame(0), ColorInfo::default())
            .unwrap();
        assert_eq!(uploaded.size(), size);
        assert_eq!(uploaded.byte_size(), picture.frame(0).byte_size() as u64);
        let draw = renderer
            .prepare(
                &uploaded,
                &Placement::filling(SIZE.0, SIZE.1),
                &Look::default(),
            )
            .unwrap();
        for pixel in paint(&draw, TextureFormat::Rgba8Unorm, SIZE, Color::BLACK) {
            // The alpha of the last picture is its grey, over black.
            let expected = if format == rgba {
                grey * grey / 255
            } else {
                grey
            };
            assert!(
                u32::from(pixel[0]).abs_diff(expected) <= 1,
                "{pixel:?} {expected}"
            );
        }
        texture = Some(uploaded);
    }
}
