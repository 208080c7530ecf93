//! Names for files that no demuxer reads, so that the error can say what they are.

/// Formats that are recognised but not read, by the bytes at a place. The longer ones come first.
const FOREIGN: &[(usize, &[u8], &str)] = &[
    (0, b"OggS", "an Ogg file"),
    (
        0,
        &[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11],
        "a Windows Media (ASF) file",
    ),
    (0, b".RMF", "a RealMedia file"),
    (0, b".ra\xFD", "a RealAudio file"),
    (0, &[0, 0, 1, 0xBA], "an MPEG program stream"),
    (0, &[0, 0, 1, 0xB3], "an MPEG-2 video stream"),
    (0, &[0, 0, 1, 0xB0], "an MPEG-4 Part 2 video stream"),
    (
        0,
        &[0x06, 0x0E, 0x2B, 0x34, 0x02, 0x05, 0x01, 0x01],
        "an MXF file",
    ),
    (0, b"YUV4MPEG2", "a raw Y4M video"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (8, b"WAVE", "a WAV sound file"),
    (0, b"fLaC", "a FLAC sound file"),
    (0, b"ID3", "an MP3 sound file"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"v/1\x01", "an OpenEXR picture"),
    (0, b"#?RADIANCE", "a Radiance HDR picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, &[0x1F, 0x8B], "a gzip archive"),
    (0, &[0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive"),
    (0, &[0xFD, b'7', b'z', b'X', b'Z'], "an xz archive"),
    (0, b"7z\xBC\xAF", "a 7-Zip archive"),
    (0, b"SQLite format 3", "an SQLite database"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"#ROSBAG", "a ROS bag"),
    (0, b"\x89MCAP", "an MCAP recording"),
    (0, b"\x7FELF", "a program"),
    (0, b"BM", "a BMP picture"),
];

/// The format's name with its article, if the first bytes tell it.
pub(crate) fn foreign(head: &[u8]) -> Option<&'static str> {
    let at = |place: usize, magic: &[u8]| {
        head.get(place..)
            .is_some_and(|bytes| bytes.starts_with(magic))
    };
    FOREIGN
        .iter()
        .find(|(place, magic, _)| at(*place, magic))
        .map(|(_, _, name)| *name)
}

/// What unknown bytes look like: text, zeros, or neither.
pub(crate) fn looks_like(head: &[u8]) -> String {
    let trimmed = head.trim_ascii_start();
    let lower: Vec<u8> = trimmed
        .iter()
        .take(16)
        .map(u8::to_ascii_lowercase)
        .collect();
    if head.iter().all(|byte| *byte == 0) {
        "its first bytes are all zero".to_owned()
    } else if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") {
        "it is a web page".to_owned()
    } else if trimmed.starts_with(b"version https://git-lfs") {
        "it is a Git LFS pointer: fetch the real file with `git lfs pull`".to_owned()
    } else if is_text(head) {
        "it is a text file".to_owned()
    } else {
        let bytes: Vec<String> = head
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("it starts with the bytes {}", bytes.join(" "))
    }
}

/// True for UTF-8 without control characters other than white space; a last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let whole = head.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty() && !valid.chars().any(|c| c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_files_are_called_by_their_name() {
        assert_eq!(foreign(b"OggS\0\x02"), Some("an Ogg file"));
        assert_eq!(foreign(b"RIFF\0\0\0\0WEBPVP8 "), Some("a WebP picture"));
        assert_eq!(foreign(b"nothing known"), None);
    }

    #[test]
    fn unknown_bytes_are_described() {
        assert_eq!(looks_like(b"Dear reader,\n"), "it is a text file");
        assert_eq!(
            looks_like("Größe".as_bytes().split_last().unwrap().1),
            "it is a text file"
        );
        assert_eq!(looks_like(&[0; 40]), "its first bytes are all zero");
        assert_eq!(looks_like(b"<!DOCTYPE html><p>"), "it is a web page");
        assert_eq!(
            looks_like(&[0xDE, 0xAD, 0, 1]),
            "it starts with the bytes de ad 00 01"
        );
    }
}
