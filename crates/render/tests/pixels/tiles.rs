//! Pictures and images larger than the adapter's textures, on a device that holds but 64 × 64.

use reelscope_media::{
    BayerPattern, Chroma, ChromaSite, ColorInfo, Geometry, Layout, Orientation, Packing,
    PixelFormat,
};
use reelscope_render::{Look, RenderError, Renderer};

use crate::gpu::{render, renderer, renderer_with};
use crate::picture::Picture;

const SIDE: u32 = 64;

/// Three tiles by two, with sizes that no tile divides.
const SIZE: (u32, u32) = (151, 101);

fn picture(layout: Layout, depth: u8) -> Picture {
    let format = PixelFormat {
        layout,
        depth,
        high_bits: false,
    };
    Picture::noise(format, SIZE)
}

fn site(site: ChromaSite) -> ColorInfo {
    ColorInfo {
        site,
        ..ColorInfo::default()
    }
}

/// Holds a picture in tiles against the same one in one piece.
fn check(small: &mut Renderer, large: &mut Renderer, picture: &Picture, size: (u32, u32)) {
    for color in [site(ChromaSite::Left), site(ChromaSite::BottomLeft)] {
        let tiled = render(small, picture, color, size);
        let whole = render(large, picture, color, size);
        let apart = tiled.pixels.iter().zip(&whole.pixels);
        // The image is made in strips, whose pixels' places are sums that may be rounded another way.
        let most = apart.map(|(a, b)| a.abs_diff(*b)).max();
        let allowed = if size == SIZE { 0 } else { 1 };
        let name = picture.format.name();
        assert!(most <= Some(allowed), "{name} {size:?}: {most:?}");
    }
}

#[test]
fn a_picture_in_tiles_looks_the_same_as_in_one_piece_whatever_its_layout() {
    let (mut small, mut large) = (renderer_with(Some(SIDE), true), renderer());
    for (layout, depth) in [
        (Layout::Planar(Chroma::Mono), 8),
        (Layout::Planar(Chroma::Yuv411), 8),
        (Layout::Planar(Chroma::Yuv440), 10),
        (Layout::SemiPlanar(Chroma::Yuv420), 16),
        (Layout::Packed(Packing::Uyvy), 8),
        (Layout::Gbr, 12),
        (Layout::Rgb, 8),
        (Layout::Bgra, 16),
        (Layout::Bayer(BayerPattern::Gbrg), 12),
    ] {
        check(&mut small, &mut large, &picture(layout, depth), SIZE);
    }
}

#[test]
fn filters_go_on_across_tiles_of_any_texels() {
    let mut large = renderer();
    for normalised in [false, true] {
        let mut small = renderer_with(Some(SIDE), normalised);
        let picture = picture(Layout::Planar(Chroma::Yuv420), 10);
        // Enlarged to blocks, enlarged smoothly, shrunk.
        for size in [(453, 303), (227, 152), (50, 40)] {
            check(&mut small, &mut large, &picture, size);
        }
    }
}

#[test]
fn turned_pictures_and_cut_ones_go_on_across_tiles_too() {
    let (mut small, mut large) = (renderer_with(Some(SIDE), true), renderer());
    let picture = picture(Layout::Planar(Chroma::Yuv420), 8);
    for quarter_turns in 0..4 {
        let geometry = Geometry {
            orientation: Orientation {
                quarter_turns,
                mirrored: quarter_turns == 1,
            },
            clean_aperture: Some([7, 30, 130, 65]),
            ..Geometry::default()
        };
        let shown = |renderer: &mut Renderer| {
            let (frame, color) = (picture.frame(5), ColorInfo::default());
            let look = Look::default();
            renderer.render_image(&frame, color, &geometry, None, None, &look)
        };
        assert_eq!(
            shown(&mut small).unwrap(),
            shown(&mut large).unwrap(),
            "{quarter_turns}"
        );
    }
}

#[test]
fn a_texture_is_used_again_for_another_frame_in_tiles() {
    let small = renderer_with(Some(SIDE), true);
    let mut texture = None;
    for size in [SIZE, SIZE, (20, 20), (65, 1)] {
        let picture = Picture::noise(PixelFormat::YUV420P, size);
        let uploaded = small
            .upload(texture, &picture.frame(0), ColorInfo::default())
            .unwrap();
        assert_eq!(uploaded.size(), size);
        // Tiles may reach beyond the picture, but not far.
        let bytes = picture.frame(0).byte_size() as u64;
        assert!(
            (bytes..=2 * bytes).contains(&uploaded.byte_size()),
            "{size:?}"
        );
        texture = Some(uploaded);
    }
}

#[test]
fn a_picture_of_more_tiles_than_the_adapter_has_layers_is_refused() {
    // The smallest adapters have 256 layers.
    let picture = Picture::new(
        PixelFormat::planar(Chroma::Mono, 8),
        (SIDE * 256 + 1, 1),
        |_, _, _| 0,
    );
    let error = renderer_with(Some(SIDE), true)
        .upload(None, &picture.frame(0), ColorInfo::default())
        .unwrap_err();
    assert!(
        matches!(error, RenderError::TooLarge { limit: SIDE, .. }),
        "{error}"
    );
}
