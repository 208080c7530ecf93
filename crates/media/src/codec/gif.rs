//! GIF (89a): what the logical screen descriptor says. Of an animation the first picture counts.

use super::still::{Stills, rgb_facts};
use super::{Codec, CodecEntry, InspectError, StreamFacts};
use crate::Layout;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Gif,
    name: "gif",
    title: "GIF",
    intra_only: true,
    inspector: |_| Box::new(Stills::new(read)),
};

fn read(sample: &[u8]) -> Result<StreamFacts, InspectError> {
    let Some(([b'G', b'I', b'F', b'8', b'7' | b'9', b'a'], rest)) = sample.split_first_chunk()
    else {
        return Err(InspectError::NotThisCodec { codec: "GIF" });
    };
    let ([w0, w1, h0, h1], _) = rest.split_first_chunk().ok_or(InspectError::Truncated)?;
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]));
    rgb_facts(side(*w0, *w1), side(*h0, *h1), Layout::Rgba)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_screen_tells_the_size() {
        let facts = read(b"GIF89a\x41\0\x31\0").unwrap();
        assert_eq!((facts.width, facts.height), (65, 49));
        assert_eq!(facts.format.unwrap().name(), "rgba");
        assert_eq!(read(b"GIF87a\x41\0\x31"), Err(InspectError::Truncated));
        assert!(read(b"GIF89a\x41\0\0\0").is_err());
        assert!(read(b"GIF88a\x41\0\x31\0").is_err());
    }
}
