//! FFmpeg's raw-video tags, as its NUT muxer writes them, and the pixel formats they stand for.

use reelscope_media::{Chroma, Layout, PixelFormat};

/// The pixel format of a tag. `None` for one that stands for none of ours; FFmpeg also gives the
/// tag of another format to formats that have none (`yuv440p10le`), so what the bitstream says has
/// to be asked then.
pub(super) fn of_tag(tag: [u8; 4]) -> Option<PixelFormat> {
    let planar = |chroma, depth| Some(PixelFormat::planar(chroma, depth));
    let layout = |layout, depth| {
        Some(PixelFormat {
            layout,
            depth,
            high_bits: false,
        })
    };
    match &tag {
        b"I420" => planar(Chroma::Yuv420, 8),
        b"Y42B" => planar(Chroma::Yuv422, 8),
        b"444P" => planar(Chroma::Yuv444, 8),
        b"440P" => planar(Chroma::Yuv440, 8),
        b"Y41B" => planar(Chroma::Yuv411, 8),
        b"Y800" => planar(Chroma::Mono, 8),
        b"NV12" => layout(Layout::SemiPlanar(Chroma::Yuv420), 8),
        b"RGB\x18" => layout(Layout::Rgb, 8),
        b"RGB0" => layout(Layout::Rgb, 16),
        b"RGBA" => layout(Layout::Rgba, 8),
        [b'Y', b'1', 0, depth @ 9..=16] => planar(Chroma::Mono, *depth),
        [b'Y', b'3', shifts, depth @ 9..=16] => planar(
            match shifts {
                11 => Chroma::Yuv420,
                10 => Chroma::Yuv422,
                0 => Chroma::Yuv444,
                _ => return None,
            },
            *depth,
        ),
        [b'G', b'3', 0, depth @ 8..=16] => layout(Layout::Gbr, *depth),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The tags are those in the stream headers that ffmpeg 5.1.9 wrote for each `-pix_fmt`.
    #[test]
    fn the_tags_that_ffmpeg_writes_are_known() {
        for (tag, name) in [
            ("49343230", "yuv420p"),
            ("59343242", "yuv422p"),
            ("34343450", "yuv444p"),
            ("34343050", "yuv440p"),
            ("59343142", "yuv411p"),
            ("59383030", "gray"),
            ("5931000a", "gray10le"),
            ("59330b0a", "yuv420p10le"),
            ("59330b0c", "yuv420p12le"),
            ("59330a0a", "yuv422p10le"),
            ("5933000c", "yuv444p12le"),
            ("47330008", "gbrp"),
            ("4733000a", "gbrp10le"),
            ("4e563132", "nv12"),
            ("52474218", "rgb24"),
            ("52474241", "rgba"),
            ("52474230", "rgb48le"),
        ] {
            let tag = u32::from_str_radix(tag, 16).unwrap().to_be_bytes();
            assert_eq!(of_tag(tag).map(PixelFormat::name).as_deref(), Some(name));
        }
    }

    #[test]
    fn the_tag_that_stands_for_several_formats_is_not_trusted() {
        // yuv440p10le, yuv440p12le and p010le all come as this one.
        assert_eq!(of_tag([b'R', b'G', b'B', 15]), None);
    }
}
