//! What goes in comes out: every codec, size, layout, each sample at once.

use std::time::Duration;

use reelscope_encode::{EncodeOptions, Picture, PictureLayout, Rate};
use reelscope_media::Codec;

use crate::support::{decoded, encoder, psnr, rgb, software};

const PATIENCE: Duration = Duration::from_secs(30);

/// Encodes and decodes 40 pictures.
fn round_trip(options: EncodeOptions, width: u32, height: u32) {
    let codec = options.codec;
    let pictures: Vec<Vec<u8>> = (0..40).map(|number| rgb(width, height, number)).collect();
    let (mut encoder, samples) = encoder(options);
    for (number, rows) in pictures.iter().enumerate() {
        let picture = Picture::new(rows, width, height, PictureLayout::Rgb8).unwrap();
        encoder.push(&picture, number as u32).unwrap();
    }
    encoder.finish().unwrap();
    let samples: Vec<_> = samples.try_iter().collect();
    let tags: Vec<u32> = samples.iter().map(|sample| sample.tag).collect();
    assert_eq!(tags, (0..40).collect::<Vec<u32>>());
    let keys = samples.iter().filter(|sample| sample.is_keyframe);
    let keys: Vec<u32> = keys.map(|sample| sample.tag).collect();
    assert_eq!(keys, [0, 30], "{codec:?}: a keyframe every second");
    // From the second keyframe on alone, too: it has all that a decoder needs.
    for from in [0, 30] {
        let frames = decoded(codec, width, height, &samples[from..]);
        let psnr = psnr(&frames, &pictures[from..].concat());
        assert!(psnr > 35.0, "{codec:?} {width}x{height}: {psnr:.1} dB");
    }
}

#[test]
fn h264_comes_back() {
    round_trip(software(Codec::H264), 320, 240);
}

#[test]
fn h265_comes_back() {
    round_trip(software(Codec::H265), 320, 240);
}

#[test]
fn av1_comes_back() {
    round_trip(software(Codec::Av1), 320, 240);
}

#[test]
fn vp9_comes_back() {
    round_trip(software(Codec::Vp9), 320, 240);
}

#[test]
fn vp8_comes_back() {
    round_trip(software(Codec::Vp8), 320, 240);
}

#[test]
fn odd_sizes_come_back_whole() {
    for codec in [Codec::H264, Codec::H265, Codec::Vp9, Codec::Av1] {
        round_trip(software(codec), 65, 49);
    }
}

#[test]
fn ten_bits_come_back() {
    for codec in [Codec::H264, Codec::H265] {
        let options = EncodeOptions {
            ten_bit: true,
            ..software(codec)
        };
        round_trip(options, 320, 240);
    }
}

#[test]
fn every_layout_gives_the_same_picture() {
    let (width, height) = (64, 48);
    let reference = rgb(width, height, 3);
    let map = |of: fn(&[u8]) -> Vec<u8>| reference.chunks(3).flat_map(of).collect::<Vec<u8>>();
    let red_as_grey = map(|p| vec![p[0]; 3]);
    let cases = [
        (
            PictureLayout::Bgr8,
            map(|p| vec![p[2], p[1], p[0]]),
            &reference,
        ),
        (
            PictureLayout::Rgba8,
            map(|p| vec![p[0], p[1], p[2], 9]),
            &reference,
        ),
        (
            PictureLayout::Bgra8,
            map(|p| vec![p[2], p[1], p[0], 9]),
            &reference,
        ),
        (
            PictureLayout::Rgb16,
            map(|p| vec![0, p[0], 0, p[1], 0, p[2]]),
            &reference,
        ),
        (PictureLayout::L8, map(|p| vec![p[0]]), &red_as_grey),
        (PictureLayout::L16, map(|p| vec![0, p[0]]), &red_as_grey),
    ];
    for (layout, rows, expected) in cases {
        let (mut encoder, samples) = encoder(software(Codec::H264));
        let picture = Picture::new(&rows, width, height, layout).unwrap();
        encoder.push(&picture, 0).unwrap();
        encoder.finish().unwrap();
        let samples: Vec<_> = samples.try_iter().collect();
        let frames = decoded(Codec::H264, width, height, &samples);
        let psnr = psnr(&frames, expected);
        assert!(psnr > 32.0, "{layout:?}: {psnr:.1} dB");
    }
}

#[test]
fn each_sample_comes_before_the_next_picture_is_given() {
    for codec in [Codec::H264, Codec::H265, Codec::Av1, Codec::Vp9, Codec::Vp8] {
        let (mut encoder, samples) = encoder(software(codec));
        for number in 0..10 {
            let rows = rgb(320, 240, number);
            let picture = Picture::new(&rows, 320, 240, PictureLayout::Rgb8).unwrap();
            encoder.push(&picture, number).unwrap();
            let sample = samples.recv_timeout(PATIENCE).unwrap();
            assert_eq!(sample.tag, number, "{codec:?}");
            assert_eq!(encoder.under_way(), 0, "{codec:?}");
        }
    }
}

#[test]
fn another_size_starts_anew_and_nothing_is_lost() {
    let (mut encoder, samples) = encoder(software(Codec::H264));
    let sizes = [(64, 48), (64, 48), (128, 64), (64, 48)];
    for (number, (width, height)) in (0..).zip(sizes) {
        let rows = rgb(width, height, 0);
        let picture = Picture::new(&rows, width, height, PictureLayout::Rgb8).unwrap();
        encoder.push(&picture, number).unwrap();
    }
    encoder.finish().unwrap();
    let samples = samples.try_iter();
    let got: Vec<_> = samples.map(|it| (it.tag, it.is_keyframe)).collect();
    assert_eq!(got, [(0, true), (1, false), (2, true), (3, true)]);
}

#[test]
fn a_bitrate_is_kept_about() {
    let bits = |rate| {
        let options = EncodeOptions {
            rate,
            ..software(Codec::H264)
        };
        let (mut encoder, samples) = encoder(options);
        let mut seed = 1_u32;
        for number in 0..60 {
            let noise = (0..320 * 240).map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            });
            let rows: Vec<u8> = noise.collect();
            let picture = Picture::new(&rows, 320, 240, PictureLayout::L8).unwrap();
            encoder.push(&picture, number).unwrap();
        }
        encoder.finish().unwrap();
        let bits: usize = samples.try_iter().map(|it| it.bytes.len() * 8).sum();
        bits / 2
    };
    let kept = bits(Rate::Bitrate(1_000_000));
    assert!((500_000..1_700_000).contains(&kept), "{kept} bits a second");
    assert!(bits(Rate::Quality(20)) > 4 * kept);
}
