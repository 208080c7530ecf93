//! The top level of a file: finds the boxes that describe it and reads them, and never the media
//! data between them.

use reelscope_media::ByteSource;

use super::boxes::{BoxBytes, HEADER_LEN, Header, Kind};
use crate::ContainerError;
use crate::window::Window;

/// No description of real media is larger: ten million samples take some 200 MB.
const MAX_BOX: u64 = 512 << 20;

/// Top-level boxes looked at: a million fragments, and not the gigabytes of empty boxes that a
/// hostile file can hold.
const MAX_BOXES: usize = 4 << 20;

/// What is read at once at most while walking from box to box.
const READ_AHEAD: usize = 64 << 10;

/// A top-level box that was read.
pub(super) struct Found {
    pub(super) kind: Kind,
    /// Where its header starts in the file.
    pub(super) offset: u64,
    /// Where it ends.
    pub(super) end: u64,
    /// The payload with 8 bytes before it.
    framed: Vec<u8>,
    /// True if the file ends, or the limit is reached, before the box does.
    pub(super) cut: bool,
}

impl Found {
    pub(super) fn bytes(&self) -> BoxBytes<'_> {
        BoxBytes::new(self.kind, &self.framed)
    }
}

/// Walks the top level, and gives `moov`, `moof`, `sidx` and `ftyp` boxes to `visit` in file order.
/// Returns where and why the walk ended early, if it did, in words.
///
/// # Errors
/// If reading fails.
pub(super) fn walk(
    source: &dyn ByteSource,
    mut visit: impl FnMut(Found),
) -> Result<Option<String>, ContainerError> {
    let mut window = Window::new(source, READ_AHEAD);
    let end = window.len();
    let mut offset = 0_u64;
    for _ in 0..MAX_BOXES {
        if offset >= end {
            return Ok(None);
        }
        let Some(header) = Header::parse(window.get(offset, 2 * HEADER_LEN)?) else {
            return Ok(Some(format!("there is no valid box at byte {offset}")));
        };
        let stated = header.len.and_then(|len| offset.checked_add(len));
        let next = if header.len.is_none() {
            end
        } else {
            stated.unwrap_or(u64::MAX)
        };
        if matches!(&header.kind, b"moov" | b"moof" | b"sidx" | b"ftyp") {
            let from = offset + (header.header_len - HEADER_LEN) as u64;
            let wanted = next.min(end).saturating_sub(from);
            let len = usize::try_from(wanted.min(MAX_BOX)).unwrap_or(0);
            let framed = read(source, from, len)?;
            let cut = next > end || wanted > MAX_BOX;
            visit(Found {
                kind: header.kind,
                offset,
                end: next,
                framed,
                cut,
            });
        }
        offset = next;
    }
    Ok(Some(format!(
        "there are more than {MAX_BOXES} boxes: the rest is not read"
    )))
}

/// Reads bytes that are known to be there.
fn read(source: &dyn ByteSource, offset: u64, len: usize) -> Result<Vec<u8>, ContainerError> {
    let mut bytes = vec![0; len];
    let count = source
        .read_at(offset, &mut bytes)
        .map_err(|error| ContainerError::Io {
            offset,
            reason: error.kind(),
        })?;
    bytes.truncate(count);
    Ok(bytes)
}
