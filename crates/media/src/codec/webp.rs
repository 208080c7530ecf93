//! WebP (RFC 9649): what its first chunk says.

use super::still::{Stills, rgb_facts};
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
    rgb_facts(width, height, if alpha { Layout::Rgba } else { Layout::Rgb })
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
}
