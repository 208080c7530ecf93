//! Reading a source front to back through a bounded window, with skips. Knows no format.

use reelscope_media::ByteSource;

use crate::ContainerError;

/// What a jump reads first: enough for a frame's headers, little when only headers are wanted.
const FIRST_READ: usize = 4 << 10;

/// A window over a source that follows the places asked for. Where they follow one another it reads
/// more and more at once, where they jump it reads little.
pub(crate) struct Window<'a> {
    source: &'a dyn ByteSource,
    len: u64,
    bytes: Vec<u8>,
    start: u64,
    ahead: usize,
    largest: usize,
}

impl<'a> Window<'a> {
    /// A window that reads at most `largest` bytes at once, unless more are asked for.
    pub(crate) fn new(source: &'a dyn ByteSource, largest: usize) -> Self {
        let ahead = FIRST_READ.min(largest);
        Self {
            source,
            len: source.len(),
            bytes: Vec::new(),
            start: 0,
            ahead,
            largest,
        }
    }

    /// Length of the source.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Up to `len` bytes from `offset` on: fewer only at the end of the source.
    pub(crate) fn get(&mut self, offset: u64, len: usize) -> Result<&[u8], ContainerError> {
        let rest = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let want = len.min(rest);
        if want == 0 {
            return Ok(&[]);
        }
        let held = self.start + self.bytes.len() as u64;
        if offset < self.start || offset.saturating_add(want as u64) > held {
            let follows = offset >= self.start && offset <= held && !self.bytes.is_empty();
            self.ahead = if follows {
                self.ahead.saturating_mul(2)
            } else {
                FIRST_READ
            };
            self.ahead = self.ahead.min(self.largest);
            self.fill(offset, want.max(self.ahead).min(rest))?;
        }
        let from = usize::try_from(offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let held = self.bytes.get(from..).unwrap_or_default();
        Ok(held.get(..want).unwrap_or(held))
    }

    /// All that is at hand from `offset` on, at least `len` bytes: fewer only at the end of the source.
    pub(crate) fn at_least(&mut self, offset: u64, len: usize) -> Result<&[u8], ContainerError> {
        self.get(offset, len)?;
        let from = usize::try_from(offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
        Ok(self.bytes.get(from..).unwrap_or_default())
    }

    /// Exactly `N` bytes at `offset`, `None` if the source ends before.
    pub(crate) fn array<const N: usize>(
        &mut self,
        offset: u64,
    ) -> Result<Option<[u8; N]>, ContainerError> {
        Ok(self.get(offset, N)?.try_into().ok())
    }

    fn fill(&mut self, offset: u64, count: usize) -> Result<(), ContainerError> {
        self.start = offset;
        self.bytes.resize(count, 0);
        let read = self.source.read_at(offset, &mut self.bytes);
        let read = read.map_err(|error| ContainerError::Io {
            offset,
            reason: error.kind(),
        });
        self.bytes.truncate(*read.as_ref().unwrap_or(&0));
        read.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_window_gives_the_bytes_of_every_place_in_any_order() {
        let source = Bytes::from((0..=255_u8).cycle().take(100_000).collect::<Vec<_>>());
        let mut window = Window::new(&source, 16 << 10);
        for offset in [0, 4_000, 8_000, 90_000, 16, 40_000, 99_990] {
            let end = (offset + 100).min(source.len());
            assert_eq!(
                window.get(offset as u64, 100).unwrap(),
                &source[offset..end]
            );
        }
        assert_eq!(window.get(0, 50_000).unwrap(), &source[..50_000]);
        assert_eq!(
            window.array::<4>(99_996).unwrap(),
            Some([156, 157, 158, 159])
        );
        assert_eq!(window.array::<4>(99_997).unwrap(), None);
        assert!(window.get(u64::MAX, 1).unwrap().is_empty());
        assert!(window.at_least(u64::MAX, 1).unwrap().is_empty());
        assert!(source[70..].starts_with(window.at_least(70, 9).unwrap()));
    }
}
