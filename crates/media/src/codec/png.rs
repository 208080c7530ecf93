//! PNG (W3C Portable Network Graphics, third edition): what the header chunks say.

mod color;

use super::still::Stills;
use super::tiff::exif_orientation;
use super::{Codec, CodecEntry, InspectError, StreamFacts};
use crate::{Chroma, ColorInfo, Layout, Matrix, PixelFormat, Range, Ratio};
use color::ColorChunks;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Png,
    name: "png",
    title: "PNG",
    intra_only: true,
    inspector: |_| Box::new(Stills::new(read)),
};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// §11.2.1.
const GRAY: u8 = 0;
const RGB: u8 = 2;
const PALETTE: u8 = 3;
const GRAY_ALPHA: u8 = 4;
const RGB_ALPHA: u8 = 6;

fn read(sample: &[u8]) -> Result<StreamFacts, InspectError> {
    let Some(mut rest) = sample.strip_prefix(SIGNATURE) else {
        return Err(InspectError::NotThisCodec { codec: "PNG" });
    };
    let (b"IHDR", header) = next_chunk(&mut rest).ok_or(InspectError::Truncated)? else {
        return Err(InspectError::Forbidden { field: "IHDR" });
    };
    let ([w0, w1, w2, w3, h0, h1, h2, h3, depth, kind], _) =
        header.split_first_chunk().ok_or(InspectError::Truncated)?;
    let width = u32::from_be_bytes([*w0, *w1, *w2, *w3]);
    let height = u32::from_be_bytes([*h0, *h1, *h2, *h3]);
    if width == 0 || height == 0 {
        return Err(InspectError::Forbidden { field: "IHDR" });
    }
    let mut layout = match *kind {
        GRAY => Layout::Planar(Chroma::Mono),
        RGB | PALETTE => Layout::Rgb,
        GRAY_ALPHA | RGB_ALPHA => Layout::Rgba,
        _ => return Err(InspectError::Forbidden { field: "colour type" }),
    };
    let mut facts = StreamFacts {
        width,
        height,
        color: ColorInfo {
            range: Range::Full,
            matrix: if layout == Layout::Planar(Chroma::Mono) {
                Matrix::UNSPECIFIED
            } else {
                Matrix::IDENTITY
            },
            ..ColorInfo::default()
        },
        ..StreamFacts::default()
    };
    let mut colors = ColorChunks::default();
    // The rest is optional: a cut or damaged chunk ends it.
    while let Some((name, body)) = next_chunk(&mut rest) {
        match (name, body) {
            (b"IDAT", _) => break,
            (b"tRNS", _) => layout = Layout::Rgba,
            (b"eXIf", _) => facts.orientation = exif_orientation(body),
            // Pixels per unit, and which unit: their ratio is what counts.
            (b"pHYs", [x0, x1, x2, x3, y0, y1, y2, y3, _]) => {
                let across = u32::from_be_bytes([*x0, *x1, *x2, *x3]);
                let down = u32::from_be_bytes([*y0, *y1, *y2, *y3]);
                facts.pixel_aspect = Ratio::new(down, across);
            }
            _ => colors.take(name, body),
        }
    }
    colors.apply(&mut facts);
    let depth = if *depth == 16 { 16 } else { 8 };
    facts.format = Some(PixelFormat { layout, depth, high_bits: false });
    Ok(facts)
}

/// §5.3: name and body of the next chunk. Its checksum is for the decoder.
fn next_chunk<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8; 4], &'a [u8])> {
    let len = u32::from_be_bytes(*rest.split_off(..4)?.first_chunk()?);
    let name = rest.split_off(..4)?.first_chunk()?;
    let body = rest.split_off(..usize::try_from(len).ok()?)?;
    rest.split_off(..4.min(rest.len()))?;
    Some((name, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let len = (body.len() as u32).to_be_bytes();
        [&len, &name[..], body, &[0; 4]].concat()
    }

    fn png(depth: u8, kind: u8, chunks: &[Vec<u8>]) -> Vec<u8> {
        let header = chunk(b"IHDR", &[0, 0, 0, 65, 0, 0, 0, 49, depth, kind, 0, 0, 0]);
        [SIGNATURE, &header, &chunks.concat()].concat()
    }

    #[test]
    fn colour_type_and_depth_give_the_format() {
        for (depth, kind, name) in [
            (1, 0, "gray"),
            (16, 0, "gray16le"),
            (8, 2, "rgb24"),
            (16, 2, "rgb48le"),
            (4, 3, "rgb24"),
            (8, 4, "rgba"),
            (16, 6, "rgba64le"),
        ] {
            let facts = read(&png(depth, kind, &[])).unwrap();
            assert_eq!((facts.width, facts.height), (65, 49));
            assert_eq!(facts.format.unwrap().name(), name);
        }
        assert!(read(&png(8, 5, &[])).is_err());
    }

    #[test]
    fn chunks_before_the_picture_are_read() {
        let chunks = [
            chunk(b"pHYs", &[0, 0, 0, 1, 0, 0, 0, 2, 0]),
            chunk(b"cICP", &[9, 16, 0, 1]),
            chunk(b"sRGB", &[0]),
            chunk(b"tRNS", &[0]),
            chunk(b"IDAT", &[]),
            chunk(b"cICP", &[1, 1, 1, 0]),
        ];
        let facts = read(&png(8, 3, &chunks)).unwrap();
        assert_eq!(facts.color.primaries, crate::Primaries::BT2020);
        assert_eq!(facts.color.transfer, crate::Transfer::PQ);
        assert_eq!(facts.color.range, Range::Full);
        assert_eq!(facts.pixel_aspect, Ratio::new(2, 1));
        assert_eq!(facts.format.unwrap().name(), "rgba");
    }

    #[test]
    fn a_cut_header_is_an_error() {
        let whole = png(8, 2, &[]);
        for end in 8..8 + 8 + 13 {
            assert!(read(&whole[..end]).is_err(), "{end}");
        }
    }
}
