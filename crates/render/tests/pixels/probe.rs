//! What is read of single pixels: code values, what they are shown as, what luminance they mean.

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Frame, Layout, Matrix, Packing, PixelFormat, Primaries, Range,
    Transfer,
};
use reelscope_render::{Look, PixelValues, probe};

use crate::picture::Picture;

fn color(matrix: Matrix, primaries: Primaries, transfer: Transfer) -> ColorInfo {
    ColorInfo {
        range: Range::Limited,
        matrix,
        primaries,
        transfer,
        site: ChromaSite::Left,
    }
}

fn bt709() -> ColorInfo {
    color(Matrix::BT709, Primaries::BT709, Transfer::BT709)
}

fn at(frame: &Frame, color: ColorInfo, x: u32, y: u32) -> PixelValues {
    probe(frame, color, &Look::default(), x, y).unwrap()
}

fn codes(values: &PixelValues) -> Vec<(&'static str, f64)> {
    let pair = |code: &reelscope_render::CodeValue| (code.name, code.value);
    values.codes.iter().map(pair).collect()
}

#[test]
fn a_pixel_tells_its_own_luma_and_the_chroma_that_covers_it() {
    for layout in [
        Layout::Planar(Chroma::Yuv420),
        Layout::SemiPlanar(Chroma::Yuv420),
    ] {
        let format = PixelFormat {
            layout,
            depth: 10,
            high_bits: matches!(layout, Layout::SemiPlanar(_)),
        };
        let picture = Picture::noise(format, (5, 3));
        let values = at(&picture.frame(3), bt709(), 4, 2);
        let (cb, cr) = match layout {
            Layout::Planar(_) => (picture.at(1, 2, 1, 0), picture.at(2, 2, 1, 0)),
            _ => (picture.at(1, 2, 1, 0), picture.at(1, 2, 1, 1)),
        };
        let expected = [("Y", picture.at(0, 4, 2, 0)), ("U", cb), ("V", cr)];
        assert_eq!(codes(&values), expected);
    }
}

#[test]
fn a_pixel_tells_its_values_under_their_names_whatever_their_order() {
    let integers = |layout| PixelFormat {
        layout,
        depth: 8,
        high_bits: false,
    };
    // The right pixel of the second pair: Cb, Y, Cr, Y.
    let uyvy = Picture::noise(integers(Layout::Packed(Packing::Uyvy)), (5, 3));
    let value = |index| uyvy.at(0, 1, 1, index);
    let expected = [("Y", value(3)), ("U", value(0)), ("V", value(2))];
    assert_eq!(codes(&at(&uyvy.frame(0), bt709(), 3, 1)), expected);

    let nv21 = Picture::noise(integers(Layout::SemiPlanarCrCb(Chroma::Yuv420)), (5, 3));
    let chroma = |index| nv21.at(1, 1, 0, index);
    let expected = [
        ("Y", nv21.at(0, 3, 1, 0)),
        ("U", chroma(1)),
        ("V", chroma(0)),
    ];
    assert_eq!(codes(&at(&nv21.frame(0), bt709(), 3, 1)), expected);

    let bgr = Picture::noise(integers(Layout::Bgr), (5, 3));
    let value = |index| bgr.at(0, 3, 1, index);
    let expected = [("R", value(2)), ("G", value(1)), ("B", value(0))];
    assert_eq!(codes(&at(&bgr.frame(0), bt709(), 3, 1)), expected);
}

#[test]
fn channels_have_their_names_and_there_is_nothing_outside_the_picture() {
    let format = PixelFormat {
        layout: Layout::Rgba,
        depth: 8,
        high_bits: false,
    };
    let picture = Picture::new(format, (1, 1), |_, x, _| [10, 20, 30, 40][x as usize]);
    let frame = picture.frame(0);
    let values = at(&frame, ColorInfo::default(), 0, 0);
    let expected = [("R", 10.0), ("G", 20.0), ("B", 30.0), ("A", 40.0)];
    assert_eq!(codes(&values), expected);
    assert_eq!(values.rgb, [10.0, 20.0, 30.0].map(|v: f32| v / 255.0));
    let look = Look::default();
    for (x, y) in [(1, 0), (0, 1), (u32::MAX, u32::MAX)] {
        assert_eq!(probe(&frame, ColorInfo::default(), &look, x, y), None);
    }
}

#[test]
fn a_colour_bar_is_read_as_the_recommendation_prints_it() {
    // 75 % yellow of SMPTE RP 219.
    let format = PixelFormat::planar(Chroma::Yuv444, 8);
    let picture = Picture::new(format, (1, 1), |plane, _, _| [168, 44, 136][plane]);
    let values = at(&picture.frame(0), bt709(), 0, 0);
    for (is, should) in values.rgb.iter().zip([0.75, 0.75, 0.0]) {
        assert!((is - should).abs() < 0.004, "{values:?}");
    }
    assert_eq!(values.nits, None);
}

#[test]
fn pq_and_hlg_codes_tell_the_luminance_they_mean() {
    // HDR reference white, 203 cd/m², is 58 % PQ and 75 % HLG on a display of 1000 cd/m²; its
    // 10-bit code values in limited range are 573 and 721 (ITU-R BT.2408 Table 1).
    let format = PixelFormat::planar(Chroma::Yuv420, 10);
    for (transfer, luma) in [(Transfer::PQ, 573), (Transfer::HLG, 721)] {
        let picture = Picture::new(format, (2, 2), |plane, _, _| [luma, 512, 512][plane]);
        let color = color(Matrix::BT2020_NCL, Primaries::BT2020, transfer);
        let values = at(&picture.frame(0), color, 1, 1);
        let nits = values.nits.unwrap();
        assert!((nits - 203.0).abs() < 2.5, "{transfer:?}: {nits}");
    }
}

#[test]
fn floats_are_told_as_they_are() {
    let picture = Picture::floats(Layout::Planar(Chroma::Mono), (2, 1), &[-1.5, 4.25]);
    let mut frame = picture.frame(0);
    frame.measure_values();
    let values = at(&frame, ColorInfo::default(), 1, 0);
    assert_eq!(codes(&values), [("value", 4.25)]);
    assert_eq!(values.rgb, [1.0; 3]);
}
