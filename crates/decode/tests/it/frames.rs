//! Frames are bit by bit FFmpeg's own, for every codec, depth and layout.

use std::path::Path;

use reelscope_media::{Matrix, Range};

use crate::support::{Rig, clip, ffmpeg, true_md5s};

const SOURCE: &str = "testsrc2=s=176x144:r=25:d=1";
const ODD: &str = "testsrc2=s=65x49:r=25:d=1";
const X265: &str = "-c:v libx265 -x265-params log-level=none:keyint=10:bframes=3";

/// Decodes a file from end to end and holds its frames against FFmpeg's.
fn assert_all_frames(path: &Path, engine: &str) -> Rig {
    let mut rig = Rig::of_file(path);
    rig.play_all();
    assert!(rig.seen.failed.is_none(), "{path:?}: {:?}", rig.seen.failed);
    assert!(
        rig.seen.damaged.is_empty(),
        "{path:?}: {:?}",
        rig.seen.damaged
    );
    assert_eq!(rig.md5_list(), true_md5s(path), "{path:?}");
    assert!(rig.worker.engine().unwrap().starts_with(engine));
    rig
}

fn assert_clip(name: &str, source: &str, options: &str, engine: &str, format: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = clip(folder.path(), name, source, options);
    let rig = assert_all_frames(&path, engine);
    assert_eq!(rig.seen.last.unwrap().format().name(), format, "{options}");
}

#[test]
fn h264_with_b_frames_comes_out_whole() {
    let options = "-c:v libx264 -bf 3 -g 12 -pix_fmt yuv420p";
    assert_clip("a.mp4", SOURCE, options, "FFmpeg", "yuv420p");
    assert_clip("a.h264", SOURCE, options, "FFmpeg", "yuv420p");
}

#[test]
fn h264_keeps_its_depth_and_its_chroma() {
    for format in ["yuv420p10le", "yuv422p", "yuv422p10le", "yuv444p", "gbrp"] {
        let encoder = if format == "gbrp" {
            "libx264rgb -pix_fmt rgb24"
        } else {
            "libx264"
        };
        let pixels = if format == "gbrp" {
            String::new()
        } else {
            format!("-pix_fmt {format}")
        };
        assert_clip(
            "a.mp4",
            SOURCE,
            &format!("-c:v {encoder} {pixels}"),
            "FFmpeg",
            format,
        );
    }
}

#[test]
fn h265_keeps_its_depth_and_its_chroma() {
    for format in [
        "yuv420p",
        "yuv420p10le",
        "yuv422p10le",
        "yuv444p12le",
        "gray",
        "gbrp",
    ] {
        assert_clip(
            "a.mp4",
            SOURCE,
            &format!("{X265} -pix_fmt {format}"),
            "FFmpeg",
            format,
        );
    }
    assert_clip(
        "a.h265",
        SOURCE,
        &format!("{X265} -pix_fmt yuv420p"),
        "FFmpeg",
        "yuv420p",
    );
}

#[test]
fn vp8_and_vp9_of_odd_sizes_come_out_whole() {
    assert_clip("a.webm", ODD, "-c:v libvpx -b:v 300k", "FFmpeg", "yuv420p");
    for format in [
        "yuv420p",
        "yuv422p",
        "yuv440p",
        "yuv444p",
        "yuv420p10le",
        "yuv440p12le",
        "gbrp",
    ] {
        let options = format!("-c:v libvpx-vp9 -b:v 300k -cpu-used 8 -pix_fmt {format}");
        assert_clip("a.webm", ODD, &options, "FFmpeg", format);
    }
}

#[test]
fn av1_of_odd_sizes_comes_out_whole() {
    for format in [
        "yuv420p",
        "yuv422p",
        "yuv444p",
        "gray",
        "yuv420p10le",
        "yuv444p12le",
        "gbrp",
    ] {
        let options = format!("-c:v libaom-av1 -cpu-used 8 -b:v 300k -g 8 -pix_fmt {format}");
        assert_clip(
            "a.mp4",
            "testsrc2=s=65x49:r=25:d=0.6",
            &options,
            "dav1d",
            format,
        );
    }
}

#[test]
fn av1_film_grain_is_applied() {
    let options = "-c:v libaom-av1 -cpu-used 8 -b:v 200k -denoise-noise-level 50";
    let source = "testsrc2=s=176x144:r=25:d=0.4,noise=alls=30:allf=t";
    assert_clip(
        "a.mp4",
        source,
        &format!("{options} -pix_fmt yuv420p"),
        "dav1d",
        "yuv420p",
    );
}

#[test]
fn jpeg_planes_stay_as_they_are_in_the_file() {
    for (format, name) in [
        ("yuvj420p", "yuv420p"),
        ("yuvj422p", "yuv422p"),
        ("yuvj444p", "yuv444p"),
    ] {
        assert_clip(
            "a.mov",
            ODD,
            &format!("-c:v mjpeg -pix_fmt {format}"),
            "FFmpeg",
            name,
        );
    }
}

#[test]
fn open_gops_come_out_whole_when_played_from_the_start() {
    let options =
        "-c:v libx265 -x265-params log-level=none:open-gop=1:keyint=8:bframes=3:scenecut=0";
    assert_clip("a.mp4", SOURCE, options, "FFmpeg", "yuv420p");
}

#[test]
fn interlaced_h264_comes_out_whole() {
    let options = "-c:v libx264 -flags +ilme+ildct -x264opts tff=1 -bf 2 -pix_fmt yuv420p";
    assert_clip("a.mp4", SOURCE, options, "FFmpeg", "yuv420p");
}

#[test]
fn colours_are_those_of_the_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let tags = "-colorspace bt470bg -color_range pc -pix_fmt yuvj420p";
    for (name, encoder) in [("a.mp4", "libx264"), ("b.mp4", "libaom-av1 -cpu-used 8")] {
        let path = clip(
            folder.path(),
            name,
            SOURCE,
            &format!("-c:v {encoder} {tags} -frames:v 3"),
        );
        let rig = assert_all_frames(&path, "");
        let color = rig.seen.last.unwrap().color;
        assert_eq!(
            (color.range, color.matrix),
            (Range::Full, Matrix::BT470BG),
            "{encoder}"
        );
    }
}

/// Streams of two sizes, and of two pixel formats, one after the other.
#[test]
fn a_stream_may_change_its_size_and_its_depth() {
    let folder = tempfile::tempdir().unwrap();
    for (extension, encoder) in [("h264", "-c:v libx264 -bf 2"), ("h265", X265)] {
        let part = |name: &str, size: &str, format: &str| {
            let options = format!("{encoder} -pix_fmt {format}");
            let source = format!("testsrc2=s={size}:r=25:d=0.5");
            clip(
                folder.path(),
                &format!("{name}.{extension}"),
                &source,
                &options,
            )
        };
        let parts = [
            part("small", "96x80", "yuv420p"),
            part("large", "160x112", "yuv420p"),
            part("deep", "160x112", "yuv420p10le"),
            part("small again", "96x80", "yuv420p"),
        ];
        let whole = folder.path().join(format!("whole.{extension}"));
        let bytes: Vec<u8> = parts
            .iter()
            .flat_map(|part| std::fs::read(part).unwrap())
            .collect();
        std::fs::write(&whole, bytes).unwrap();
        let mut rig = Rig::of_file(&whole);
        rig.play_all();
        let expected: Vec<String> = parts.iter().flat_map(|part| true_md5s(part)).collect();
        assert_eq!(rig.md5_list(), expected, "{extension}");
    }
}

#[test]
fn vp9_may_change_its_size_between_key_frames() {
    let folder = tempfile::tempdir().unwrap();
    let encoder = "-c:v libvpx-vp9 -cpu-used 8 -b:v 300k";
    let list = folder.path().join("list.txt");
    let sizes = ["96x80", "161x111", "64x48"];
    let mut lines = String::new();
    for size in sizes {
        let source = format!("testsrc2=s={size}:r=25:d=0.4");
        let path = clip(folder.path(), &format!("{size}.webm"), &source, encoder);
        lines += &format!("file '{}'\n", path.display());
    }
    std::fs::write(&list, lines).unwrap();
    let whole = folder.path().join("whole.ivf");
    let (list, out) = (list.to_string_lossy(), whole.to_string_lossy());
    ffmpeg(&[
        "-f", "concat", "-safe", "0", "-i", &list, "-c", "copy", &out,
    ]);
    let rig = assert_all_frames(&whole, "FFmpeg");
    let last = rig.seen.last.unwrap();
    assert_eq!((last.width(), last.height()), (64, 48));
}

/// Without `bitstream_restriction` in its VUI an H.264 stream does not say how far its pictures are
/// out of order, and a decoder that guesses drops or swaps the first ones.
#[test]
fn a_b_pyramid_of_unstated_depth_comes_out_whole_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let options = "-c:v libx264 -bf 8 -b_strategy 0 -g 25 -x264opts b-pyramid=normal:ref=6";
    let stated = clip(
        folder.path(),
        "stated.h264",
        SOURCE,
        &format!("{options} -pix_fmt yuv420p"),
    );
    let bytes = std::fs::read(&stated).unwrap();
    let unstated = folder.path().join("unstated.h264");
    std::fs::write(&unstated, without_bitstream_restriction(&bytes)).unwrap();
    let rig = assert_all_frames(&unstated, "FFmpeg");
    let ranks: Vec<_> = rig
        .seen
        .frames
        .iter()
        .map(|(id, _)| rig.rank(*id))
        .collect();
    assert!(ranks.is_sorted());
    assert_eq!(rig.md5_list(), true_md5s(&stated));
}

/// Rewrites every sequence parameter set of an Annex B stream to end with
/// `bitstream_restriction_flag` 0 (ITU-T H.264 §E.1.1). The flag and its fields are the last ones.
fn without_bitstream_restriction(stream: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let starts: Vec<usize> = (0..stream.len() - 3)
        .filter(|at| stream[*at..*at + 3] == [0, 0, 1])
        .collect();
    let mut rewritten = 0;
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(stream.len());
        let nal = &stream[start + 3..end];
        out.extend([0, 0, 1]);
        if nal[0] & 0x1f == 7 {
            out.extend(shortened(nal));
            rewritten += 1;
        } else {
            out.extend(nal);
        }
    }
    assert!(rewritten > 0);
    out
}

fn shortened(sps: &[u8]) -> Vec<u8> {
    let mut bits: String = sps.iter().map(|byte| format!("{byte:08b}")).collect();
    bits.truncate(bits.trim_end_matches('0').len() - 1);
    let golomb = |value: u32| {
        let code = format!("{:b}", value + 1);
        "0".repeat(code.len() - 1) + &code
    };
    // The fields' values are small: find the ones with which the set ends.
    let tail = (0..17_u32)
        .flat_map(|mv| (0..17).flat_map(move |reorder| (0..17).map(move |dpb| (mv, reorder, dpb))))
        .map(|(mv, reorder, dpb)| {
            // The flag, motion_vectors_over_pic_boundaries_flag, two denominators of 0.
            let fields = [golomb(mv), golomb(mv), golomb(reorder), golomb(dpb)];
            format!("1111{}", fields.concat())
        })
        .filter(|tail| bits.ends_with(tail.as_str()))
        .max_by_key(String::len)
        .expect("x264 states its reordering");
    bits.truncate(bits.len() - tail.len());
    bits += "01";
    bits += &"0".repeat(bits.len().next_multiple_of(8) - bits.len());
    bits.as_bytes()
        .chunks(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}
