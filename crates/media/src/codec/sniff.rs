//! Which codec a still picture is coded with, by its first bytes or by its media type.

use super::Codec;

/// The codec of a still picture by its signature: JPEG, PNG, WebP, BMP, TIFF, GIF.
pub fn sniff_image(bytes: &[u8]) -> Option<Codec> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(Codec::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Codec::Png),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some(Codec::Webp),
        [b'I', b'I', b'*' | b'+', 0, ..] | [b'M', b'M', 0, b'*' | b'+', ..] => Some(Codec::Tiff),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Codec::Gif),
        [b'B', b'M', ..] => Some(Codec::Bmp),
        _ => None,
    }
}

impl Codec {
    /// The codec of still pictures of this media type (IANA), such as `"image/jpeg"`. Letter case
    /// and parameters do not count.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "image/jpeg" | "image/jpg" => Some(Self::Jpeg),
            "image/png" | "image/x-png" => Some(Self::Png),
            "image/webp" => Some(Self::Webp),
            "image/bmp" | "image/x-bmp" | "image/x-ms-bmp" => Some(Self::Bmp),
            "image/tiff" | "image/tiff-fx" => Some(Self::Tiff),
            "image/gif" => Some(Self::Gif),
            "application/rvl" => Some(Self::Rvl),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_told_apart() {
        for (bytes, codec) in [
            (&b"\xff\xd8\xff\xe0"[..], Some(Codec::Jpeg)),
            (b"\x89PNG\r\n\x1a\n", Some(Codec::Png)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(Codec::Webp)),
            (b"RIFF\x10\0\0\0AVI LIST", None),
            (b"BM\x36\0", Some(Codec::Bmp)),
            (b"II*\0\x08", Some(Codec::Tiff)),
            (b"MM\0*\0", Some(Codec::Tiff)),
            (b"GIF89a", Some(Codec::Gif)),
            (b"", None),
            (b"\xff\xd8", None),
        ] {
            assert_eq!(sniff_image(bytes), codec, "{bytes:?}");
        }
    }

    #[test]
    fn media_types_are_known_whatever_their_case_and_parameters() {
        assert_eq!(Codec::of_media_type("image/jpeg"), Some(Codec::Jpeg));
        assert_eq!(Codec::of_media_type(" Image/PNG; q=1"), Some(Codec::Png));
        assert_eq!(Codec::of_media_type("video/mp4"), None);
    }
}
