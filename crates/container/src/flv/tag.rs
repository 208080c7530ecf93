//! The head of a video tag: its codec, and what it holds.

use reelscope_media::Codec;

use crate::assemble::{codec_of_fourcc, fourcc_text};

/// What a video tag holds.
pub(super) enum Content {
    /// The decoder configuration.
    Config,
    /// A picture, with its composition time.
    Picture(i32),
    /// Nothing that is shown.
    Nothing,
}

/// The head of a video tag.
pub(super) struct VideoTag {
    pub(super) codec: Codec,
    pub(super) name: String,
    pub(super) key: bool,
    pub(super) content: Content,
    /// Length of the head.
    pub(super) len: usize,
}

impl VideoTag {
    /// The longest head.
    pub(super) const LONGEST_HEAD: usize = 8;

    pub(super) fn parse(head: &[u8]) -> Option<Self> {
        let first = *head.first()?;
        let kind = first >> 4 & 7;
        let mut tag = if first & 0x80 != 0 {
            Self::parse_enhanced(first & 15, head)?
        } else {
            Self::parse_plain(first & 15, head)?
        };
        tag.key = kind == 1;
        /// Video information, or a command to the player.
        const COMMAND: u8 = 5;
        if kind == COMMAND {
            tag.content = Content::Nothing;
        }
        Some(tag)
    }

    fn parse_plain(codec_id: u8, head: &[u8]) -> Option<Self> {
        let (codec, name) = match codec_id {
            2 => (Codec::Unknown, "Sorenson H.263"),
            3 => (Codec::Unknown, "Screen video"),
            4 | 5 => (Codec::Unknown, "VP6"),
            6 => (Codec::Unknown, "Screen video 2"),
            7 => (Codec::H264, "H.264"),
            12 => (Codec::H265, "H.265"),
            _ => (Codec::Unknown, "an unknown codec"),
        };
        let name = name.to_owned();
        if codec == Codec::Unknown {
            return Some(Self {
                codec,
                name,
                key: false,
                content: Content::Picture(0),
                len: 1,
            });
        }
        let content = match head.get(1)? {
            0 => Content::Config,
            1 => Content::Picture(signed_24(head.get(2..5)?)?),
            _ => Content::Nothing,
        };
        Some(Self {
            codec,
            name,
            key: false,
            content,
            len: 5,
        })
    }

    fn parse_enhanced(kind: u8, head: &[u8]) -> Option<Self> {
        let fourcc = *head.get(1..)?.first_chunk::<4>()?;
        let codec = match &fourcc {
            b"vp09" => Codec::Vp9,
            b"vp08" => Codec::Vp8,
            _ => codec_of_fourcc(fourcc),
        };
        let has_composition_time = matches!(codec, Codec::H264 | Codec::H265);
        let (content, len) = match kind {
            0 => (Content::Config, 5),
            1 if has_composition_time => (Content::Picture(signed_24(head.get(5..8)?)?), 8),
            1 | 3 => (Content::Picture(0), 5),
            _ => (Content::Nothing, 5),
        };
        Some(Self {
            codec,
            name: fourcc_text(fourcc),
            key: false,
            content,
            len,
        })
    }
}

fn signed_24(bytes: &[u8]) -> Option<i32> {
    let [a, b, c] = *bytes.first_chunk::<3>()?;
    Some(i32::from_be_bytes([a, b, c, 0]) >> 8)
}
