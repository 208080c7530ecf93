//! Histograms, waveforms and vectorscopes of known pictures: colour bars stand where the standards
//! print them, ramps have every level as often as every other.

use std::time::{Duration, Instant};

use reelscope_media::{
    BayerPattern, Chroma, ChromaSite, ColorInfo, Layout, Matrix, Orientation, PixelFormat,
    Primaries, Range, Transfer,
};
use reelscope_render::{
    Basis, Look, Renderer, SCOPE_LEVELS, ScopeArea, ScopeChannel, Scopes, measure_frame,
};

use crate::gpu::{renderer, renderers};
use crate::picture::Picture;

const CHANNELS: [ScopeChannel; 4] = [
    ScopeChannel::Red,
    ScopeChannel::Green,
    ScopeChannel::Blue,
    ScopeChannel::Luma,
];

fn color(matrix: Matrix, primaries: Primaries, range: Range) -> ColorInfo {
    ColorInfo {
        range,
        matrix,
        primaries,
        transfer: Transfer::BT709,
        site: ChromaSite::Left,
    }
}

fn bt709(range: Range) -> ColorInfo {
    color(Matrix::BT709, Primaries::BT709, range)
}

fn all_of(picture: &Picture, basis: Basis) -> ScopeArea {
    ScopeArea {
        region: [0, 0, picture.width, picture.height],
        orientation: Orientation::default(),
        basis,
    }
}

fn measured(
    renderer: &mut Renderer,
    picture: &Picture,
    stated: ColorInfo,
    look: &Look,
    area: &ScopeArea,
) -> Scopes {
    let texture = renderer.upload(None, &picture.frame(0), stated).unwrap();
    let measuring = renderer.measure(&texture, look, area).unwrap().unwrap();
    let start = Instant::now();
    loop {
        if let Some(scopes) = measuring.try_read() {
            return scopes.unwrap();
        }
        assert!(start.elapsed() < Duration::from_secs(60), "no answer");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn signal(picture: &Picture, stated: ColorInfo) -> Scopes {
    let area = all_of(picture, Basis::Signal);
    measured(&mut renderer(), picture, stated, &Look::default(), &area)
}

/// Levels that occur, and how often.
fn levels(counts: &[u32]) -> Vec<(usize, u32)> {
    let all = counts.iter().copied().enumerate();
    all.filter(|(_, count)| *count > 0).collect()
}

/// Bars of 8 × 4 pixels each, side by side.
fn bars(codes: &[[u32; 3]]) -> Picture {
    let format = PixelFormat::planar(Chroma::Yuv444, 8);
    Picture::new(format, (8 * codes.len() as u32, 4), |plane, x, _| {
        codes[(x / 8) as usize][plane]
    })
}

/// 75 % bars of SMPTE RP 219, Y', Cb, Cr: red, magenta, blue, cyan, green, yellow.
const BARS_709: [[u32; 3]; 6] = [
    [51, 109, 212],
    [63, 193, 204],
    [28, 212, 120],
    [145, 147, 44],
    [133, 63, 52],
    [168, 44, 136],
];

/// The same with the matrix of ITU-R BT.601 (ITU-R BT.801, 100/0/75/0).
const BARS_601: [[u32; 3]; 6] = [
    [65, 100, 212],
    [84, 184, 198],
    [35, 212, 114],
    [131, 156, 44],
    [112, 72, 58],
    [162, 44, 142],
];

#[test]
fn colour_bars_are_counted_where_the_standards_have_them() {
    let bt601 = color(Matrix::SMPTE170M, Primaries::SMPTE170M, Range::Limited);
    for (codes, stated) in [(BARS_709, bt709(Range::Limited)), (BARS_601, bt601)] {
        let scopes = signal(&bars(&codes), stated);
        assert_eq!(scopes.pixels(), 6 * 32);
        for [y, cb, cr] in codes.map(|bar| bar.map(|code| code as usize)) {
            assert_eq!(scopes.histogram(ScopeChannel::Luma)[y], 32, "{codes:?}");
            assert_eq!(scopes.vectorscope()[cr * SCOPE_LEVELS + cb], 32);
        }
        // The graticule's boxes, which know no codes, lie there too.
        let targets: Vec<_> = scopes.scale.targets(0.75).collect();
        for (target, [_, cb, cr]) in targets.iter().zip(codes) {
            let [x, y] = target.place;
            let off = (x - f64::from(cb)).abs().max((y - f64::from(cr)).abs());
            assert!(off <= 0.5 + 1e-9, "{}: {x} {y} and {cb} {cr}", target.name);
        }
        // 75 % of the way from 16 to 235 is 180.25; bars have whole codes.
        for channel in [ScopeChannel::Red, ScopeChannel::Green, ScopeChannel::Blue] {
            let near = |level: usize| scopes.histogram(channel)[level - 2..=level + 2].iter();
            assert_eq!(near(16).sum::<u32>(), 96);
            assert_eq!(near(180).sum::<u32>(), 96);
        }
    }
}

#[test]
fn a_ramp_has_every_level_equally_often_and_climbs_along_its_waveform() {
    let format = PixelFormat::planar(Chroma::Mono, 8);
    let ramp = Picture::new(format, (256, 4), |_, x, _| x);
    for range in [Range::Full, Range::Limited] {
        let scopes = signal(&ramp, bt709(range));
        for channel in CHANNELS {
            assert_eq!(scopes.histogram(channel), [4; SCOPE_LEVELS]);
            for column in 0..256 {
                assert_eq!(levels(scopes.waveform(channel, column)), [(column, 4)]);
            }
        }
        assert_eq!(scopes.vectorscope()[128 * SCOPE_LEVELS + 128], 1_024);
        let white = if range == Range::Full { 255.0 } else { 235.0 };
        assert_eq!(scopes.scale.percent(white), 100.0);
    }
}

#[test]
fn four_codes_of_ten_bits_share_a_level() {
    let format = PixelFormat::planar(Chroma::Yuv420, 10);
    let ramp = Picture::new(
        format,
        (1_024, 2),
        |plane, x, _| {
            if plane == 0 { x } else { 512 }
        },
    );
    let scopes = signal(&ramp, bt709(Range::Limited));
    assert_eq!(scopes.histogram(ScopeChannel::Luma), [8; SCOPE_LEVELS]);
    // As many columns as levels, each of four columns of the picture.
    assert_eq!(scopes.columns, 256);
    assert_eq!(levels(scopes.waveform(ScopeChannel::Luma, 7)), [(7, 8)]);
}

#[test]
fn only_the_region_is_counted() {
    let scopes = {
        let picture = bars(&BARS_709);
        let area = ScopeArea {
            region: [12, 1, 8, 2],
            ..all_of(&picture, Basis::Signal)
        };
        let stated = bt709(Range::Limited);
        measured(&mut renderer(), &picture, stated, &Look::default(), &area)
    };
    // Four columns of magenta, four of blue.
    assert_eq!(
        levels(scopes.histogram(ScopeChannel::Luma)),
        [(28, 8), (63, 8)]
    );
    assert_eq!(scopes.columns, 8);
    assert_eq!((scopes.region, scopes.step), ([12, 1, 8, 2], 1));
}

#[test]
fn columns_of_a_waveform_are_those_of_the_upright_picture() {
    let format = PixelFormat::planar(Chroma::Mono, 8);
    // Columns 10 and 20 above 30 and 40.
    let picture = Picture::new(format, (2, 2), |_, x, y| 10 + 10 * x + 20 * y);
    let columns = |quarter_turns, mirrored| {
        let area = ScopeArea {
            orientation: Orientation {
                quarter_turns,
                mirrored,
            },
            ..all_of(&picture, Basis::Signal)
        };
        let stated = bt709(Range::Full);
        let look = Look::default();
        let scopes = measured(&mut renderer(), &picture, stated, &look, &area);
        let on_cpu = measure_frame(&picture.frame(0), stated, &look, &area).unwrap();
        assert_eq!(scopes, on_cpu);
        [0, 1].map(|column| {
            let levels = levels(scopes.waveform(ScopeChannel::Luma, column));
            levels
                .into_iter()
                .map(|(level, _)| level)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(columns(0, false), [vec![10, 30], vec![20, 40]]);
    // Clockwise: the lower row comes to stand on the left.
    assert_eq!(columns(1, false), [vec![30, 40], vec![10, 20]]);
    assert_eq!(columns(2, false), [vec![20, 40], vec![10, 30]]);
    assert_eq!(columns(3, false), [vec![10, 20], vec![30, 40]]);
    assert_eq!(columns(0, true), [vec![20, 40], vec![10, 30]]);
    assert_eq!(columns(1, true), [vec![30, 40], vec![10, 20]]);
}

#[test]
fn what_is_beyond_white_is_in_the_signal_and_not_in_what_is_displayed() {
    let format = PixelFormat::planar(Chroma::Mono, 8);
    let picture = Picture::new(format, (4, 1), |_, x, _| [0, 16, 235, 255][x as usize]);
    let stated = bt709(Range::Limited);
    let scopes = signal(&picture, stated);
    let luma = |scopes: &Scopes| levels(scopes.histogram(ScopeChannel::Luma));
    assert_eq!(luma(&scopes), [(0, 1), (16, 1), (235, 1), (255, 1)]);
    let area = all_of(&picture, Basis::Displayed);
    let look = Look::default();
    let scopes = measured(&mut renderer(), &picture, stated, &look, &area);
    assert_eq!(luma(&scopes), [(0, 2), (255, 2)]);
    assert_eq!(scopes.scale.percent(255.0), 100.0);
}

#[test]
fn the_gpu_counts_what_is_counted_without_it() {
    let integers = |layout, depth| PixelFormat {
        layout,
        depth,
        high_bits: false,
    };
    let mut renderer = renderer();
    for format in [
        PixelFormat::planar(Chroma::Yuv420, 8),
        integers(Layout::SemiPlanar(Chroma::Yuv422), 8),
        PixelFormat::planar(Chroma::Yuv444, 12),
        integers(Layout::Bgra, 8),
        integers(Layout::Rgb, 16),
        integers(Layout::Bayer(BayerPattern::Grbg), 8),
    ] {
        let picture = Picture::noise(format, (61, 37));
        for basis in [Basis::Signal, Basis::Displayed] {
            for stated in [
                bt709(Range::Limited),
                color(Matrix::BT2020_NCL, Primaries::BT2020, Range::Full),
            ] {
                let area = all_of(&picture, basis);
                let look = Look::default();
                let on_gpu = measured(&mut renderer, &picture, stated, &look, &area);
                let on_cpu = measure_frame(&picture.frame(0), stated, &look, &area).unwrap();
                assert_eq!(on_gpu.pixels(), on_cpu.pixels());
                // Single precision falls on the other side of a step now and then, more often behind
                // the curves of displays.
                let share = if basis == Basis::Signal { 50 } else { 15 };
                let most = 61 * 37 / share;
                for channel in CHANNELS {
                    let pair = (on_gpu.histogram(channel), on_cpu.histogram(channel));
                    let off = difference(pair);
                    assert!(off < most, "{} {basis:?} {channel:?}: {off}", format.name());
                }
                let off = difference((on_gpu.vectorscope(), on_cpu.vectorscope()));
                assert!(off < 2 * most, "{} {basis:?}: {off}", format.name());
            }
        }
    }
}

fn difference((one, other): (&[u32], &[u32])) -> u32 {
    let pairs = one.iter().zip(other);
    pairs.map(|(one, other)| one.abs_diff(*other)).sum()
}

#[test]
fn distances_are_measured_over_their_range() {
    let values: Vec<f32> = (0..256).map(|step| 2.0 + step as f32 / 255.0).collect();
    let picture = Picture::floats(Layout::Planar(Chroma::Mono), (256, 1), &values);
    let mut frame = picture.frame(0);
    frame.value_range = Some([2.0, 3.0]);
    let look = Look::default();
    let area = all_of(&picture, Basis::Signal);
    let stated = ColorInfo::default();
    let scopes = measure_frame(&frame, stated, &look, &area).unwrap();
    assert_eq!(scopes.histogram(ScopeChannel::Luma), [1; SCOPE_LEVELS]);
}

#[test]
fn a_device_without_compute_shaders_says_so() {
    let [_, mut without] = renderers();
    let picture = bars(&BARS_709);
    let stated = bt709(Range::Limited);
    let texture = without.upload(None, &picture.frame(0), stated).unwrap();
    let area = all_of(&picture, Basis::Signal);
    assert!(!without.can_measure());
    let measuring = without.measure(&texture, &Look::default(), &area);
    assert!(measuring.unwrap().is_none());
    assert!(
        measure_frame(&picture.frame(0), stated, &Look::default(), &area).is_some(),
        "the CPU measures in its place"
    );
}
