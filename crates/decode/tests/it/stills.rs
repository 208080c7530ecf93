//! Still pictures without FFmpeg.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bytes::Bytes;
use reelscope_decode::{DecodeEnv, FfmpegLocator};

use reelscope_media::{Codec, CodecConfig, Framing};

use crate::pictures::{Outcome, decoded, decoded_in, still};
use crate::support::{Rig, clip, env, open};

/// A rig that has no FFmpeg.
fn without_ffmpeg(path: &Path) -> Rig {
    let nowhere = path.with_file_name("no ffmpeg here");
    let env = DecodeEnv::new(Arc::new(FfmpegLocator::new(Some(nowhere))), 1);
    Rig::new(open(path).unwrap(), env)
}

/// The first picture of a file in a pixel format, tightly packed, by FFmpeg.
fn pixels(path: &Path, format: &str) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args(["-frames:v", "1", "-pix_fmt", format, "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    assert!(output.status.success());
    output.stdout
}

fn first_frame(path: &Path) -> (Vec<u8>, String, String) {
    let mut rig = without_ffmpeg(path);
    rig.play_all();
    let frame = rig.seen.last.expect("a frame");
    let packed = (0..frame.planes().len())
        .flat_map(|plane| frame.rows(plane).flatten().copied().collect::<Vec<_>>());
    (
        packed.collect(),
        frame.format().name(),
        rig.worker.engine().unwrap(),
    )
}

#[test]
fn png_pictures_are_exact_in_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    for (format, expected) in [
        ("rgb24", "rgb24"),
        ("rgba", "rgba"),
        ("gray", "gray"),
        ("gray16be", "gray16le"),
        ("rgb48be", "rgb48le"),
        ("rgba64be", "rgba64le"),
        ("ya16be", "rgba64le"),
        ("pal8", "rgba"),
        ("monob", "gray"),
    ] {
        let options = format!("-frames:v 1 -c:v png -pix_fmt {format}");
        let path = clip(folder.path(), "a.mov", "testsrc2=s=33x21:r=1:d=1", &options);
        let (packed, name, engine) = first_frame(&path);
        let name = if format == "pal8" && name == "rgb24" {
            "rgb24".to_owned()
        } else {
            name
        };
        if format != "pal8" {
            assert_eq!(name, expected);
        }
        assert_eq!(engine, "png");
        assert!(packed == pixels(&path, &name), "{format}");
    }
}

#[test]
fn jpeg_pictures_are_near_ffmpegs() {
    let folder = tempfile::tempdir().unwrap();
    for format in ["yuvj444p", "yuvj420p"] {
        let options = format!("-frames:v 1 -c:v mjpeg -q:v 2 -pix_fmt {format}");
        let source = "testsrc2=s=64x48:r=1:d=1";
        let path = clip(folder.path(), "a.mov", source, &options);
        let (packed, name, engine) = first_frame(&path);
        assert_eq!((name.as_str(), engine.as_str()), ("yuv444p", "zune-jpeg"));
        // Luma: chroma is brought to full size in ways that may differ.
        let luma = 64 * 48;
        let truth = pixels(&path, "yuvj444p");
        let apart = packed
            .iter()
            .zip(&truth)
            .take(luma)
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        assert!(apart <= Some(2), "{format}: {apart:?}");
    }
}

/// A picture that FFmpeg made of its test pattern, and its pixels in a format.
fn made(name: &str, options: &str, format: &str) -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let options = format!("-frames:v 1 -update 1 {options}");
    let path = clip(folder.path(), name, "testsrc2=s=33x21:r=1:d=1", &options);
    (std::fs::read(&path).unwrap(), pixels(&path, format))
}

#[test]
fn other_pictures_are_exact_and_keep_their_depth() {
    for (name, options, format, engine) in [
        (
            "a.webp",
            "-vf format=bgra,colorchannelmixer=aa=0.5 -c:v libwebp -lossless 1",
            "rgba",
            "image-webp",
        ),
        ("a.bmp", "-c:v bmp -pix_fmt bgr24", "rgb24", "image"),
        ("a.bmp", "-c:v bmp -pix_fmt pal8", "rgb24", "image"),
        ("a.gif", "-c:v gif", "rgba", "gif"),
        ("a.tiff", "-c:v tiff -pix_fmt gray", "gray", "tiff"),
        ("a.tiff", "-c:v tiff -pix_fmt gray16le", "gray16le", "tiff"),
        ("a.tiff", "-c:v tiff -pix_fmt monob", "gray", "tiff"),
        (
            "a.tiff",
            "-c:v tiff -pix_fmt rgb24 -compression_algo lzw",
            "rgb24",
            "tiff",
        ),
        ("a.tiff", "-c:v tiff -pix_fmt rgb48le", "rgb48le", "tiff"),
        ("a.tiff", "-c:v tiff -pix_fmt rgba", "rgba", "tiff"),
        (
            "a.tiff",
            "-c:v tiff -pix_fmt rgba64le -compression_algo deflate",
            "rgba64le",
            "tiff",
        ),
    ] {
        let (bytes, truth) = made(name, options, format);
        let outcome = still(&bytes);
        assert_eq!(outcome.engine.as_deref(), Some(engine), "{options}");
        let (packed, found, _) = outcome.planes();
        assert_eq!(found, format, "{options}");
        assert!(packed == truth, "{options}");
    }
}

#[test]
fn a_lossy_webp_is_near_ffmpegs() {
    // Without chroma, which is brought to full size in ways that may differ.
    let options = "-vf format=gray,format=yuv420p -c:v libwebp -q:v 95";
    let (bytes, truth) = made("a.webp", options, "rgb24");
    let (packed, name, _) = still(&bytes).planes();
    assert_eq!(name, "rgb24");
    let apart = packed.iter().zip(&truth).map(|(a, b)| a.abs_diff(*b));
    assert!(apart.clone().max() <= Some(3), "{:?}", apart.max());
}

/// A TIFF of 2 × 1 pixels in one uncompressed strip, by hand (TIFF 6.0 §2 and §3).
fn tiff(bits: u16, channels: u16, sample_format: u16, strip: &[u8]) -> Vec<u8> {
    let interpretation = if channels == 1 { 1 } else { 2 };
    let fields: [(u16, u16, u32); 9] = [
        (256, 4, 2),
        (257, 4, 1),
        (258, 3, bits.into()),
        (259, 3, 1),
        (262, 3, interpretation),
        (273, 4, 8 + 2 + 9 * 12 + 4),
        (277, 3, channels.into()),
        (279, 4, strip.len() as u32),
        (339, 3, sample_format.into()),
    ];
    let mut bytes = b"II*\0\x08\0\0\0\x09\0".to_vec();
    for (tag, kind, value) in fields {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend(strip);
    bytes
}

#[test]
fn floats_and_signed_values_in_a_tiff_keep_their_values() {
    let floats = |values: [f32; 2]| values.map(f32::to_le_bytes).concat();
    let doubles = [2.5f64, -1e-3].map(f64::to_le_bytes).concat();
    for (bits, sample_format, strip, expected) in [
        (32, 3, floats([17.25, -0.5]), [17.25, -0.5]),
        (64, 3, doubles, [2.5, -1e-3]),
        (16, 2, vec![0xff, 0xff, 0x2c, 0x01], [-1.0, 300.0]),
        (32, 1, vec![0, 0, 1, 0, 9, 0, 0, 0], [65536.0, 9.0]),
    ] {
        let (packed, name, range) = still(&tiff(bits, 1, sample_format, &strip)).planes();
        assert_eq!(name, "grayf32le");
        assert_eq!(packed, floats(expected), "{bits} {sample_format}");
        let [first, second] = expected;
        assert_eq!(range, Some([first.min(second), first.max(second)]));
    }
}

#[test]
fn cut_pictures_and_ones_that_lie_about_their_size_are_errors() {
    for (name, options) in [
        ("a.webp", "-c:v libwebp -lossless 1"),
        ("a.bmp", "-c:v bmp"),
        ("a.gif", "-c:v gif"),
        ("a.tiff", "-c:v tiff"),
    ] {
        let (bytes, _) = made(name, options, "rgb24");
        for end in [16, bytes.len() / 3] {
            let outcome = still(&bytes[..end]);
            assert!(outcome.error.is_some(), "{name} cut at {end}");
            assert!(outcome.frame.is_none(), "{name} cut at {end}");
        }
    }
    let mut bmp = made("a.bmp", "-c:v bmp", "rgb24").0;
    bmp[18..22].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
    assert!(still(&bmp).error.is_some());
    let mut huge = tiff(64, 1, 3, &[0; 16]);
    // Width and height of 16384 pixels.
    huge[18..22].copy_from_slice(&[0, 0x40, 0, 0]);
    huge[30..34].copy_from_slice(&[0, 0x40, 0, 0]);
    assert!(still(&huge).error.is_some());
}

/// An RVL picture of 4 × 2 distances with the header of ROS, its nibbles written by hand from the
/// paper's description: 2 zeros, 3 differences +100 -1 +0, 1 zero, 2 differences -99 +65535.
fn rvl(a: f32, b: f32) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend(a.to_le_bytes());
    bytes.extend(b.to_le_bytes());
    bytes.extend([4, 0, 0, 0, 2, 0, 0, 0]);
    // 200 is 3, 1, 0 in groups of three bits, the last one first: 8+0, 8+1, 3. -1 is 1, -99 is 197:
    // 8+5, 8+0, 3. 65535 - 0 is -1 in 16 bits, so +65535 is 131070: 8+6, then four times 8+7, 3.
    for word in [0x2389_3101u32, 0x2d83_efff, 0xf300_0000] {
        bytes.extend(word.to_le_bytes());
    }
    bytes
}

fn rvl_outcome(bytes: Vec<u8>) -> Outcome {
    let config = CodecConfig {
        codec: Codec::Rvl,
        framing: Framing::Whole,
        record: Bytes::new(),
    };
    decoded(config, Bytes::from(bytes))
}

#[test]
fn rvl_gives_the_distances_that_its_differences_add_up_to() {
    let distances = [0, 0, 100, 99, 99, 0, 0, 65535u16];
    let (packed, name, range) = rvl_outcome(rvl(0.0, 0.0)).planes();
    assert_eq!(name, "gray16le");
    let words: Vec<u8> = distances
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    assert_eq!(packed, words);
    assert_eq!(range, Some([0.0, 65535.0]));
    // As inverse values: 50 / (v + 1), and nothing measured stays zero.
    let (packed, name, _) = rvl_outcome(rvl(50.0, -1.0)).planes();
    assert_eq!(name, "grayf32le");
    for (bytes, value) in packed.as_chunks().0.iter().zip(distances) {
        let expected = if value == 0 {
            0.0
        } else {
            50.0 / (f32::from(value) + 1.0)
        };
        assert_eq!(f32::from_le_bytes(*bytes), expected);
    }
}

#[test]
fn cut_or_lying_rvl_is_damaged() {
    let whole = rvl(0.0, 0.0);
    for end in 0..whole.len() {
        assert!(rvl_outcome(whole[..end].to_vec()).error.is_some(), "{end}");
    }
    let mut huge = whole.clone();
    huge[12..16].copy_from_slice(&[0xff; 4]);
    assert!(rvl_outcome(huge).error.is_some());
    // Runs of nothing for ever.
    let mut empty = whole[..20].to_vec();
    empty.extend([0; 64]);
    assert!(rvl_outcome(empty).error.is_some());
}

#[test]
fn a_jpeg_that_is_cut_off_is_damaged_whatever_decodes_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = clip(
        folder.path(),
        "whole.jpg",
        "testsrc=size=160x120",
        "-frames:v 1",
    );
    let whole = std::fs::read(path).unwrap();
    let config = || CodecConfig {
        codec: Codec::Jpeg,
        framing: Framing::Whole,
        record: Bytes::new(),
    };
    for has_ffmpeg in [true, false] {
        let decoded = |length: usize| {
            let bytes = Bytes::copy_from_slice(&whole[..length]);
            match has_ffmpeg {
                true => decoded_in(env(), config(), bytes),
                false => decoded(config(), bytes),
            }
        };
        for length in [20, whole.len() / 2, whole.len() * 3 / 4] {
            let error = decoded(length).error.expect("an error");
            let said = format!("the JPEG is cut off after {length} bytes");
            assert!(error.ends_with(&said), "{error}");
        }
        // The end marker alone may be missing.
        for length in [whole.len() - 2, whole.len()] {
            let outcome = decoded(length);
            assert_eq!(outcome.error, None);
            assert!(outcome.frame.is_some(), "{length}");
        }
    }
}
