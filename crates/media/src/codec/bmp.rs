//! Windows bitmaps: what the file header and the bitmap header behind it say.

use super::still::{Stills, rgb_facts};
use super::{Codec, CodecEntry, InspectError, StreamFacts};
use crate::Layout;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Bmp,
    name: "bmp",
    title: "BMP",
    intra_only: true,
    inspector: |_| Box::new(Stills::new(read)),
};

/// Size of a `BITMAPCOREHEADER`, whose sides have 16 bits.
const CORE: u32 = 12;
/// Size of a `BITMAPINFOHEADER`, which all others begin with.
const INFO: u32 = 40;
/// Size of the first header that ends with an alpha mask.
const WITH_ALPHA_MASK: u32 = 56;
/// Where that mask is.
const ALPHA_MASK_AT: usize = 52;

fn read(sample: &[u8]) -> Result<StreamFacts, InspectError> {
    let Some(([b'B', b'M', ..], header)) = sample.split_first_chunk::<14>() else {
        return Err(InspectError::NotThisCodec { codec: "BMP" });
    };
    let size = word(header, 0)?;
    let (width, height) = match size {
        CORE => {
            let sides = word(header, 4)?;
            (sides & 0xffff, sides >> 16)
        }
        // Negative heights are of pictures from top to bottom.
        INFO.. => (word(header, 4)?, word(header, 8)?.cast_signed().unsigned_abs()),
        _ => return Err(InspectError::Forbidden { field: "bcSize" }),
    };
    let alpha = size >= WITH_ALPHA_MASK && word(header, ALPHA_MASK_AT)? != 0;
    rgb_facts(width, height, if alpha { Layout::Rgba } else { Layout::Rgb })
}

fn word(bytes: &[u8], at: usize) -> Result<u32, InspectError> {
    let word = bytes.get(at..).and_then(|rest| rest.first_chunk());
    word.map(|word| u32::from_le_bytes(*word)).ok_or(InspectError::Truncated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bmp(header: &[u8]) -> Vec<u8> {
        [b"BM", &[0; 12][..], header].concat()
    }

    #[test]
    fn old_and_new_headers_tell_the_size() {
        let core = [12, 0, 0, 0, 65, 0, 49, 0, 1, 0, 24, 0];
        let mut info = vec![40, 0, 0, 0, 65, 0, 0, 0];
        info.extend((-49i32).to_le_bytes());
        info.resize(40, 0);
        let mut v4 = vec![108, 0, 0, 0, 65, 0, 0, 0, 49];
        v4.resize(108, 0);
        v4[55] = 0xff;
        for (header, format) in [(&core[..], "rgb24"), (&info, "rgb24"), (&v4, "rgba")] {
            let facts = read(&bmp(header)).unwrap();
            assert_eq!((facts.width, facts.height), (65, 49));
            assert_eq!(facts.format.unwrap().name(), format);
        }
    }

    #[test]
    fn a_cut_header_is_an_error() {
        let mut header = vec![40, 0, 0, 0, 65, 0, 0, 0, 49, 0, 0, 0];
        let whole = bmp(&header);
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "{end}");
        }
        header[0] = 13;
        assert!(read(&bmp(&header)).is_err());
    }
}
