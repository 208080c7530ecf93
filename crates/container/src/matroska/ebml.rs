//! EBML (RFC 8794): element headers, values, and the identifiers that are used here.

use crate::ContainerError;
use crate::window::Window;

/// Element identifiers with their length marker, as RFC 9559 writes them.
pub(super) type Id = u32;

macro_rules! ids {
    ($($name:ident = $value:literal),+ $(,)?) => { $(pub(crate) const $name: Id = $value;)+ };
}

ids! {
    EBML = 0x1A45_DFA3, DOC_TYPE = 0x4282,
    SEGMENT = 0x1853_8067, CLUSTER = 0x1F43_B675, INFO = 0x1549_A966, TRACKS = 0x1654_AE6B,
    CUES = 0x1C53_BB6B, TAGS = 0x1254_C367, SEEK_HEAD = 0x114D_9B74, CHAPTERS = 0x1043_A770,
    ATTACHMENTS = 0x1941_A469, TIMESTAMP_SCALE = 0x2A_D7B1,
    TIMESTAMP = 0xE7, SIMPLE_BLOCK = 0xA3, BLOCK_GROUP = 0xA0, BLOCK = 0xA1,
    BLOCK_DURATION = 0x9B, REFERENCE_BLOCK = 0xFB,
    TRACK_ENTRY = 0xAE, TRACK_NUMBER = 0xD7, TRACK_TYPE = 0x83, CODEC_ID = 0x86,
    CODEC_PRIVATE = 0x63A2, DEFAULT_DURATION = 0x23_E383,
    VIDEO = 0xE0, PIXEL_WIDTH = 0xB0, PIXEL_HEIGHT = 0xBA,
    DISPLAY_WIDTH = 0x54B0, DISPLAY_HEIGHT = 0x54BA, DISPLAY_UNIT = 0x54B2,
    COLOUR = 0x55B0, MATRIX_COEFFICIENTS = 0x55B1, CHROMA_SITING_HORZ = 0x55B7,
    CHROMA_SITING_VERT = 0x55B8, RANGE = 0x55B9, TRANSFER = 0x55BA, PRIMARIES = 0x55BB,
    MAX_CLL = 0x55BC, MAX_FALL = 0x55BD, MASTERING = 0x55D0, PRIMARY_R_X = 0x55D1,
    LUMINANCE_MIN = 0x55DA, FLAG_INTERLACED = 0x9A, FIELD_ORDER = 0x9D,
    BLOCK_ADDITION_MAPPING = 0x41E4, BLOCK_ADD_ID_TYPE = 0x41E7, BLOCK_ADD_ID_EXTRA = 0x41ED,
    PROJECTION = 0x7670, PROJECTION_TYPE = 0x7671, POSE_YAW = 0x7673, POSE_PITCH = 0x7674,
    POSE_ROLL = 0x7675,
    CONTENT_ENCODINGS = 0x6D80, CONTENT_ENCODING = 0x6240, CONTENT_ENCODING_SCOPE = 0x5032,
    CONTENT_ENCODING_TYPE = 0x5033, CONTENT_COMPRESSION = 0x5034, CONTENT_COMP_ALGO = 0x4254,
    CONTENT_COMP_SETTINGS = 0x4255,
}

/// An element's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) id: Id,
    /// Length of the header itself.
    pub(super) len: u64,
    /// Length of what it holds; `None` if unknown: up to whatever cannot be inside.
    pub(super) size: Option<u64>,
}

impl Header {
    /// The longest header: four bytes of identifier, eight of size.
    const LONGEST: usize = 12;

    /// Reads a header; `None` if there is none.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let id_len = usize::try_from(bytes.first()?.leading_zeros()).ok()? + 1;
        if id_len > 4 {
            return None;
        }
        let id = bytes
            .get(..id_len)?
            .iter()
            .fold(0, |id, byte| id << 8 | u32::from(*byte));
        let (size, size_len) = vint(bytes.get(id_len..)?)?;
        let unknown = (1 << (7 * size_len)) - 1;
        Some(Self {
            id,
            len: (id_len + size_len) as u64,
            size: (size != unknown).then_some(size),
        })
    }

    /// Reads the header at a place of the file.
    pub(super) fn read(
        window: &mut Window<'_>,
        offset: u64,
    ) -> Result<Option<Self>, ContainerError> {
        Ok(Self::parse(window.get(offset, Self::LONGEST)?))
    }
}

/// A variable-size integer without its marker, and its length in bytes (RFC 8794 §4).
pub(super) fn vint(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let len = usize::try_from(first.leading_zeros()).ok()? + 1;
    if len > 8 {
        return None;
    }
    let start = u64::from(first) & ((1 << (8 - len)) - 1);
    let rest = bytes.get(1..len)?;
    Some((
        rest.iter()
            .fold(start, |value, byte| value << 8 | u64::from(*byte)),
        len,
    ))
}

/// The elements inside a master element that is in memory. Stops at the first one that is damaged;
/// one that reaches over the end is given as far as it goes.
pub(super) fn children(mut bytes: &[u8]) -> impl Iterator<Item = (Id, &[u8])> {
    std::iter::from_fn(move || {
        let header = Header::parse(bytes)?;
        let rest = bytes.get(usize::try_from(header.len).ok()?..)?;
        let size = header
            .size
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(usize::MAX);
        let (inside, behind) = rest.split_at_checked(size).unwrap_or((rest, &[]));
        bytes = behind;
        Some((header.id, inside))
    })
}

/// An unsigned integer element. Only the last eight bytes count.
pub(super) fn unsigned(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// A floating-point element (RFC 8794 §7.3): empty, of four bytes or of eight.
pub(super) fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        0 => Some(0.0),
        4 => bytes
            .first_chunk()
            .map(|it| f64::from(f32::from_be_bytes(*it))),
        8 => bytes.first_chunk().map(|it| f64::from_be_bytes(*it)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_marker_taken_off() {
        // The examples of RFC 8794 §4.4: the number 2 in one to four bytes.
        for bytes in [
            &[0x82][..],
            &[0x40, 0x02],
            &[0x20, 0, 0x02],
            &[0x10, 0, 0, 0x02],
        ] {
            assert_eq!(vint(bytes), Some((2, bytes.len())));
        }
        assert_eq!(vint(&[0]), None);
        assert_eq!(vint(&[0x40]), None);
    }

    #[test]
    fn a_size_of_all_ones_is_unknown() {
        let known = Header {
            id: CLUSTER,
            len: 5,
            size: Some(126),
        };
        assert_eq!(Header::parse(&[0x1F, 0x43, 0xB6, 0x75, 0xFE]), Some(known));
        let unknown = Header {
            id: CLUSTER,
            len: 12,
            size: None,
        };
        let bytes = [0x1F, 0x43, 0xB6, 0x75, 1, 255, 255, 255, 255, 255, 255, 255];
        assert_eq!(Header::parse(&bytes), Some(unknown));
    }

    #[test]
    fn the_last_child_may_be_cut_off() {
        let bytes = [0xD7, 0x81, 5, 0x83, 0x84, 1, 2];
        let found: Vec<_> = children(&bytes).collect();
        assert_eq!(found, [(TRACK_NUMBER, &[5][..]), (TRACK_TYPE, &[1, 2])]);
    }
}
