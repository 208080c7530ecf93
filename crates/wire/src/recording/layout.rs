//! The fixed parts of a recording file. All integers are little-endian.
//!
//! ```text
//! header   "RRF2" | version 4 × u8 | compression u8 | serializer u8 | 0 | 0
//! message  kind u64 | length u64 | length bytes           any number of times
//! end      kind 0 | length u64 | length bytes             maybe; the bytes are a manifest
//! footer   (start u64 | length u64 | xxHash32 u32) × n | "RRF2" | "FOOT" | n u32
//! ```
//!
//! Such streams may follow each other in one file.

use crate::{SdkVersion, WireError};

pub(super) const MAGIC: &[u8; 4] = b"RRF2";
pub(super) const FOOTER_MAGIC: &[u8; 8] = b"RRF2FOOT";
pub(super) const HEADER: u64 = 12;
pub(super) const MESSAGE_HEADER: u64 = 16;
pub(super) const FOOTER_ENTRY: u64 = 20;
pub(super) const FOOTER_TAIL: u64 = 12;

pub(super) const KIND_END: u64 = 0;
pub(super) const KIND_STORE: u64 = 1;
pub(super) const KIND_CHUNK: u64 = 2;
pub(super) const KIND_BLUEPRINT: u64 = 3;

/// The version that is written into headers: the first with the manifest as we write it.
const WRITTEN_VERSION: SdkVersion = SdkVersion {
    major: 0,
    minor: 30,
    patch: 0,
    meta: 0,
};

/// The first version with this container.
const FIRST_VERSION: (u8, u8) = (0, 23);

/// Of the checksum of the manifest.
const CHECKSUM_SEED: u32 = 7_850_921;

/// What a file is, judged by its first bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Container {
    /// A recording that can be read.
    Recording {
        /// Of what wrote it.
        version: SdkVersion,
    },
    /// A recording from before this container.
    Older {
        /// Of what wrote it, or the name of its container.
        version: String,
    },
}

/// Recognises a recording by the first 8 bytes or more.
pub fn recognise(first: &[u8]) -> Option<Container> {
    let (magic, rest) = first.split_first_chunk::<4>()?;
    if magic == b"RRF0" || magic == b"RRF1" {
        let version = String::from_utf8_lossy(magic).into_owned();
        return Some(Container::Older { version });
    }
    if magic != MAGIC {
        return None;
    }
    let version = SdkVersion::from_bytes(*rest.first_chunk::<4>()?);
    Some(if (version.major, version.minor) < FIRST_VERSION {
        Container::Older {
            version: version.to_string(),
        }
    } else {
        Container::Recording { version }
    })
}

/// Like [`recognise`], with an error for what cannot be read.
pub(super) fn check(first: &[u8]) -> Result<(), WireError> {
    match recognise(first) {
        Some(Container::Recording { .. }) => Ok(()),
        Some(Container::Older { version }) => Err(WireError::OlderRecording { version }),
        None => Err(WireError::NotARecording),
    }
}

/// The header of a recording that we write.
pub(super) fn header() -> [u8; HEADER as usize] {
    const LZ4: u8 = 1;
    const PROTOBUF: u8 = 2;
    let [r, f, t, two] = *MAGIC;
    let [major, minor, patch, meta] = WRITTEN_VERSION.to_bytes();
    [r, f, t, two, major, minor, patch, meta, LZ4, PROTOBUF, 0, 0]
}

/// Kind and length of a message.
pub(super) fn message_header(bytes: &[u8]) -> Option<(u64, u64)> {
    let (kind, rest) = bytes.split_first_chunk()?;
    let length = rest.first_chunk()?;
    Some((u64::from_le_bytes(*kind), u64::from_le_bytes(*length)))
}

/// Where a manifest is, relative to the header of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FooterEntry {
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) checksum: u32,
}

impl FooterEntry {
    /// Reads a footer with one entry, which is the only kind there is so far.
    pub(super) fn read(footer: &[u8]) -> Option<Self> {
        let (start, rest) = footer.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (checksum, rest) = rest.split_first_chunk()?;
        let count = rest.strip_prefix(FOOTER_MAGIC)?;
        (count == 1_u32.to_le_bytes()).then_some(Self {
            start: u64::from_le_bytes(*start),
            length: u64::from_le_bytes(*length),
            checksum: u32::from_le_bytes(*checksum),
        })
    }

    /// The footer with this entry.
    pub(super) fn write(self) -> Vec<u8> {
        let mut footer = Vec::new();
        footer.extend(self.start.to_le_bytes());
        footer.extend(self.length.to_le_bytes());
        footer.extend(self.checksum.to_le_bytes());
        footer.extend(FOOTER_MAGIC);
        footer.extend(1_u32.to_le_bytes());
        footer
    }
}

/// The checksum of a manifest.
pub(super) fn checksum(manifest: &[u8]) -> u32 {
    twox_hash::XxHash32::oneshot(CHECKSUM_SEED, manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_recognised_by_their_first_bytes() {
        let older = |version: &str| {
            let version = version.to_owned();
            Some(Container::Older { version })
        };
        assert_eq!(
            recognise(b"RRF2\x00\x29\x00\x00"),
            Some(Container::Recording {
                version: SdkVersion::from_bytes([0, 41, 0, 0])
            })
        );
        assert_eq!(recognise(b"RRF2\x00\x16\x01\x00"), older("0.22.1"));
        assert_eq!(recognise(b"RRF1...."), older("RRF1"));
        assert_eq!(recognise(b"ftypisom"), None);
        assert_eq!(recognise(b"RR"), None);
    }
}
