//! JPEG (ITU-T T.81, JFIF as ITU-T T.871): what the frame header, the Adobe marker and EXIF say.

use super::still::{PROFILE_REMARK, Stills};
use super::tiff::exif_orientation;
use super::{Codec, CodecEntry, InspectError, StreamFacts};
use crate::{Chroma, ChromaSite, ColorInfo, Layout, Matrix, Orientation, PixelFormat, Range};

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Jpeg,
    name: "jpeg",
    title: "JPEG",
    intra_only: true,
    inspector: |_| Box::new(Stills::new(read)),
};

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;

/// Before the TIFF file in an APP1 segment (CIPA DC-008 §4.7.2).
const EXIF: &[u8] = b"Exif\0";
/// Before a profile in APP2 segments (ICC.1 §B.4).
const ICC: &[u8] = b"ICC_PROFILE\0";

const INKS: &str = "its colours are inks (CMYK), which are not supported";

/// `transform` of the Adobe marker (ITU-T T.872 §6.5.3): no Y'CbCr, but R, G, B or C, M, Y, K.
const ADOBE_NO_TRANSFORM: u8 = 0;

fn read(sample: &[u8]) -> Result<StreamFacts, InspectError> {
    let [0xff, SOI, rest @ ..] = sample else {
        return Err(InspectError::NotThisCodec { codec: "JPEG" });
    };
    let mut rest = rest;
    let mut adobe_transform = None;
    let mut orientation = Orientation::default();
    let mut remark = None;
    loop {
        let (marker, payload) = next_segment(&mut rest).ok_or(InspectError::Truncated)?;
        match (marker, payload) {
            // SOF0 to SOF15, without DHT, JPG and DAC, whose codes lie between them.
            (0xc0..=0xcf, _) if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let facts = frame_header(marker, payload, adobe_transform)?;
                let remark = facts.remark.or(remark);
                return Ok(StreamFacts { orientation, remark, ..facts });
            }
            (APP1, _) => {
                // A byte of padding follows the name.
                if let Some([_, exif @ ..]) = payload.strip_prefix(EXIF) {
                    orientation = exif_orientation(exif);
                }
            }
            (APP2, _) if payload.starts_with(ICC) => remark = Some(PROFILE_REMARK),
            (APP14, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => {
                adobe_transform = Some(*transform);
            }
            (SOS | EOI, _) => return Err(InspectError::Forbidden { field: "SOF" }),
            _ => {}
        }
    }
}

/// The next marker and the payload of its segment.
fn next_segment<'a>(rest: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    loop {
        // Fill bytes and, in broken files, garbage may stand before a marker.
        let start = rest.iter().position(|byte| *byte == 0xff)?;
        rest.split_off(..start)?;
        let code = rest.iter().position(|byte| *byte != 0xff)?;
        rest.split_off(..code)?;
        match *rest.split_off_first()? {
            // Stuffing, TEM, RST, SOI: no segment follows.
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            EOI => return Some((EOI, &[])),
            marker => {
                let len = u16::from_be_bytes(*rest.first_chunk()?);
                let segment = rest.split_off(..usize::from(len.max(2)))?;
                return Some((marker, segment.get(2..)?));
            }
        }
    }
}

/// §B.2.2.
fn frame_header(
    marker: u8,
    payload: &[u8],
    adobe_transform: Option<u8>,
) -> Result<StreamFacts, InspectError> {
    let [depth, y0, y1, x0, x1, _, components @ ..] = payload else {
        return Err(InspectError::Truncated);
    };
    let height = u32::from(u16::from_be_bytes([*y0, *y1]));
    let width = u32::from(u16::from_be_bytes([*x0, *x1]));
    if width == 0 || height == 0 {
        return Err(InspectError::Forbidden { field: "X" });
    }
    if !(8..=16).contains(depth) {
        return Err(InspectError::Forbidden { field: "P" });
    }
    let layout = match components.as_chunks::<3>().0 {
        [_] => Some(Layout::Planar(Chroma::Mono)),
        [r, g, b]
            if adobe_transform == Some(ADOBE_NO_TRANSFORM)
                || [r[0], g[0], b[0]] == *b"RGB" && adobe_transform.is_none() =>
        {
            Some(Layout::Gbr)
        }
        [y, cb, cr] if cb[1] == cr[1] => subsampling(y[1], cb[1]).map(Layout::Planar),
        // CMYK, or chroma planes of different sizes.
        _ => None,
    };
    let rgb = layout == Some(Layout::Gbr);
    let has_inks = components.as_chunks::<3>().0.len() == 4;
    Ok(StreamFacts {
        width,
        height,
        format: layout.map(|layout| PixelFormat { layout, depth: *depth, high_bits: false }),
        color: ColorInfo {
            range: Range::Full,
            // T.871 §7: the Y'CbCr of ITU-R BT.601, chroma between the luma samples.
            matrix: if rgb { Matrix::IDENTITY } else { Matrix::BT470BG },
            site: if rgb { ChromaSite::Unspecified } else { ChromaSite::Center },
            ..ColorInfo::default()
        },
        profile: Some(profile_name(marker).to_owned()),
        unplayable: has_inks.then_some(INKS),
        ..StreamFacts::default()
    })
}

/// The subsampling that two components' sampling factors (horizontal and vertical, 4 bits each)
/// amount to.
fn subsampling(luma: u8, chroma: u8) -> Option<Chroma> {
    let ratio = |luma: u8, chroma: u8| (chroma > 0 && luma.is_multiple_of(chroma)).then(|| luma / chroma);
    match (ratio(luma >> 4, chroma >> 4)?, ratio(luma & 15, chroma & 15)?) {
        (1, 1) => Some(Chroma::Yuv444),
        (2, 1) => Some(Chroma::Yuv422),
        (2, 2) => Some(Chroma::Yuv420),
        (1, 2) => Some(Chroma::Yuv440),
        (4, 1) => Some(Chroma::Yuv411),
        _ => None,
    }
}

fn profile_name(marker: u8) -> &'static str {
    match marker {
        0xc0 => "Baseline",
        0xc1 | 0xc5 | 0xc9 | 0xcd => "Sequential",
        0xc2 | 0xc6 | 0xca | 0xce => "Progressive",
        _ => "Lossless",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Start of image, an optional Adobe marker, and a frame header of 65 × 49 pixels.
    fn jpeg(adobe: Option<u8>, components: &[[u8; 3]]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        if let Some(transform) = adobe {
            bytes.extend([0xff, 0xee, 0, 14]);
            bytes.extend(b"Adobe\0\x64\0\0\0\0");
            bytes.push(transform);
        }
        bytes.extend([0xff, 0xff, 0xc0, 0, 8 + 3 * components.len() as u8, 8, 0, 49, 0, 65]);
        bytes.push(components.len() as u8);
        bytes.extend(components.iter().flatten());
        bytes
    }

    #[test]
    fn sampling_factors_give_the_subsampling() {
        for (luma, name) in [
            (0x22, "yuvj420p"),
            (0x21, "yuvj422p"),
            (0x12, "yuvj440p"),
            (0x11, "yuvj444p"),
            (0x41, "yuv411p"),
        ] {
            let facts = read(&jpeg(None, &[[1, luma, 0], [2, 0x11, 1], [3, 0x11, 1]])).unwrap();
            assert_eq!((facts.width, facts.height), (65, 49));
            assert_eq!(facts.format.unwrap().name_with_range(true), name);
            assert_eq!(facts.color.site, ChromaSite::Center);
        }
    }

    #[test]
    fn the_adobe_marker_tells_rgb_from_ycbcr() {
        let components = [[1, 0x11, 0], [2, 0x11, 0], [3, 0x11, 0]];
        assert_eq!(read(&jpeg(Some(0), &components)).unwrap().format.unwrap().name(), "gbrp");
        assert_eq!(read(&jpeg(Some(1), &components)).unwrap().format.unwrap().name(), "yuv444p");
        let letters = [[b'R', 0x11, 0], [b'G', 0x11, 0], [b'B', 0x11, 0]];
        assert_eq!(read(&jpeg(None, &letters)).unwrap().format.unwrap().name(), "gbrp");
        assert_eq!(read(&jpeg(None, &[[1, 0x11, 0]])).unwrap().format.unwrap().name(), "gray");
        let cmyk = [[1, 0x11, 0], [2, 0x11, 0], [3, 0x11, 0], [4, 0x11, 0]];
        let cmyk = read(&jpeg(Some(2), &cmyk)).unwrap();
        assert_eq!((cmyk.format, cmyk.unplayable), (None, Some(INKS)));
    }

    #[test]
    fn exif_turns_the_picture_and_a_profile_is_told() {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1, 0, 2 + 6 + 8 + 2 + 12];
        bytes.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01");
        // Orientation, SHORT, 1 value: 6, the first row is on the right.
        bytes.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
        bytes.extend([0xff, 0xe2, 0, 16]);
        bytes.extend(b"ICC_PROFILE\0\x01\x01");
        bytes.extend(&jpeg(None, &[[1, 0x11, 0]])[2..]);
        let facts = read(&bytes).unwrap();
        assert_eq!(facts.orientation, Orientation { quarter_turns: 1, mirrored: false });
        assert_eq!(facts.remark, Some(PROFILE_REMARK));
    }

    #[test]
    fn a_cut_header_is_an_error() {
        let whole = jpeg(Some(1), &[[1, 0x11, 0]]);
        for end in 2..whole.len() {
            assert_eq!(read(&whole[..end]), Err(InspectError::Truncated), "{end}");
        }
        let other = InspectError::NotThisCodec { codec: "JPEG" };
        assert_eq!(read(b"\x89PNG"), Err(other));
    }
}
