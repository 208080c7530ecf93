//! WebP (RFC 9649): what its first chunk says.

use super::still::{PROFILE_REMARK, Stills, rgb_facts};
use super::tiff::exif_orientation;
use super::{Codec, CodecEntry, InspectError, StreamFacts};
use crate::Layout;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Webp,
    name: "webp",
    title: "WebP",
    intra_only: true,
    inspector: |_| Box::new(Stills::new(read)),
};

/// §2.7.1: there is alpha somewhere in the picture.
const ALPHA_FLAG: u8 = 0x10;
/// There is a colour profile.
const PROFILE_FLAG: u8 = 0x20;
/// There is EXIF, behind the picture.
const EXIF_FLAG: u8 = 0x08;
/// Chunks of a picture that are looked at; an animation has many more.
const MAX_CHUNKS: usize = 64;
/// RFC 6386 §9.1.
const VP8_START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];
/// §3.4.
const LOSSLESS_SIGNATURE: u8 = 0x2f;

fn read(sample: &[u8]) -> Result<StreamFacts, InspectError> {
    let Some(([b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'], rest)) =
        sample.split_first_chunk()
    else {
        return Err(InspectError::NotThisCodec { codec: "WebP" });
    };
    let (name, rest) = rest.split_first_chunk::<4>().ok_or(InspectError::Truncated)?;
    // The chunk's size says nothing that its content does not.
    let body = rest.get(4..).ok_or(InspectError::Truncated)?;
    let (width, height, alpha) = match name {
        b"VP8 " => lossy(body)?,
        b"VP8L" => lossless(body)?,
        b"VP8X" => extended(body)?,
        _ => return Err(InspectError::Forbidden { field: "first chunk" }),
    };
    let mut facts = rgb_facts(width, height, if alpha { Layout::Rgba } else { Layout::Rgb })?;
    if let (b"VP8X", [flags, ..]) = (name, body) {
        facts.remark = (flags & PROFILE_FLAG != 0).then_some(PROFILE_REMARK);
        if let Some(exif) = exif(sample).filter(|_| flags & EXIF_FLAG != 0) {
            facts.orientation = exif_orientation(exif);
        }
    }
    Ok(facts)
}

/// The EXIF chunk of a file (§2.7.1.5). Some writers put the name that JPEG has before it.
fn exif(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file.get(12..)?;
    for _ in 0..MAX_CHUNKS {
        let name: &[u8; 4] = rest.split_off(..4)?.first_chunk()?;
        let len = u32::from_le_bytes(*rest.split_off(..4)?.first_chunk()?) as usize;
        if name == b"EXIF" {
            let exif = rest.get(..len)?;
            return Some(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif));
        }
        rest.split_off(..len.checked_add(len % 2)?)?;
    }
    None
}

fn lossy(body: &[u8]) -> Result<(u32, u32, bool), InspectError> {
    let ([_, _, _, s0, s1, s2, w0, w1, h0, h1], _) =
        body.split_first_chunk().ok_or(InspectError::Truncated)?;
    if [*s0, *s1, *s2] != VP8_START_CODE {
        return Err(InspectError::Forbidden { field: "start_code" });
    }
    // The upper two bits are for scaling.
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Ok((side(*w0, *w1), side(*h0, *h1), false))
}

fn lossless(body: &[u8]) -> Result<(u32, u32, bool), InspectError> {
    let ([signature, bits @ ..], _) =
        body.split_first_chunk::<5>().ok_or(InspectError::Truncated)?;
    if *signature != LOSSLESS_SIGNATURE {
        return Err(InspectError::Forbidden { field: "signature" });
    }
    let bits = u32::from_le_bytes(*bits);
    let side = |from: u32| (bits >> from & 0x3fff) + 1;
    Ok((side(0), side(14), bits >> 28 & 1 == 1))
}

fn extended(body: &[u8]) -> Result<(u32, u32, bool), InspectError> {
    let ([flags, _, _, _, w0, w1, w2, h0, h1, h2], _) =
        body.split_first_chunk().ok_or(InspectError::Truncated)?;
    let side = |a, b, c| u32::from_le_bytes([a, b, c, 0]) + 1;
    Ok((side(*w0, *w1, *w2), side(*h0, *h1, *h2), flags & ALPHA_FLAG != 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Orientation;

    fn webp(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP", &name[..], &[0; 4], body].concat()
    }

    #[test]
    fn each_kind_of_first_chunk_tells_the_size() {
        let lossy = [0, 0, 0, 0x9d, 0x01, 0x2a, 65, 0x40, 49, 0];
        // 64 and 48 in 14 bits each, then the alpha bit.
        let lossless = [0x2f, 64, 0, 12, 0x10];
        let extended = [0x10, 0, 0, 0, 64, 0, 0, 48, 0, 0];
        for (name, body, format) in [
            (b"VP8 ", &lossy[..], "rgb24"),
            (b"VP8L", &lossless[..], "rgba"),
            (b"VP8X", &extended[..], "rgba"),
        ] {
            let whole = webp(name, body);
            let facts = read(&whole).unwrap();
            assert_eq!((facts.width, facts.height), (65, 49), "{name:?}");
            assert_eq!(facts.format.unwrap().name(), format);
            for end in 0..whole.len() {
                assert!(read(&whole[..end]).is_err(), "{end}");
            }
        }
        assert!(read(&webp(b"ICCP", &lossy)).is_err());
    }

    #[test]
    fn exif_behind_the_picture_turns_it() {
        let mut file = webp(b"VP8X", &[0x28, 0, 0, 0, 64, 0, 0, 48, 0, 0]);
        file[16] = 10;
        file.extend(b"VP8L\x03\0\0\0abc\0EXIF\x16\0\0\0II*\0\x08\0\0\0\x01\0");
        // Orientation, SHORT, 1 value: 8, the first row is on the left.
        file.extend([0x12, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0]);
        let facts = read(&file).unwrap();
        assert_eq!(facts.orientation, Orientation { quarter_turns: 3, mirrored: false });
        assert_eq!(facts.remark, Some(PROFILE_REMARK));
        file.pop();
        assert_eq!(read(&file).unwrap().orientation, Orientation::default());
    }
}
