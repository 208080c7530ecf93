//! Pictures, images and targets that cannot be.

use reelscope_media::{Chroma, ColorInfo, Geometry, PixelFormat};
use reelscope_render::{Look, RenderError, Renderer};
use wgpu::TextureFormat;

use crate::gpu::{device, renderer};
use crate::picture::Picture;

#[test]
fn an_image_without_pixels_or_with_too_many_is_refused() {
    let frame = Picture::noise(PixelFormat::YUV420P, (4, 4)).frame(0);
    let mut renderer = renderer();
    let mut render = |size| {
        let geometry = Geometry::default();
        renderer.render_image(
            &frame,
            ColorInfo::default(),
            &geometry,
            None,
            Some(size),
            &Look::default(),
        )
    };
    assert!(matches!(render((0, 10)), Err(RenderError::Empty { .. })));
    assert!(matches!(
        render((u32::MAX, 10)),
        Err(RenderError::ImageTooLarge { .. })
    ));
    assert!(matches!(
        render((10, u32::MAX)),
        Err(RenderError::ImageTooLarge { .. })
    ));
}

#[test]
fn impossible_depths_are_refused() {
    for depth in [0, 1, 7, 17, 31, 33, 255] {
        let format = PixelFormat::planar(Chroma::Mono, depth);
        let picture = Picture::new(format, (2, 2), |_, _, _| 0);
        let error = renderer()
            .upload(None, &picture.frame(0), ColorInfo::default())
            .unwrap_err();
        assert!(matches!(error, RenderError::Depth { depth: stated } if stated == depth));
    }
}

#[test]
fn targets_that_hold_no_colours_are_refused() {
    let device = device();
    for format in [TextureFormat::Rgba8Uint, TextureFormat::Depth32Float] {
        let error = Renderer::new(&device.0, &device.1, format).unwrap_err();
        assert!(matches!(error, RenderError::Target { .. }));
    }
}
