//! Bytes that lie in several places and are written one after the other, so that large values go from where
//! they are to the socket or file without being copied.

use arrow_buffer::Buffer;
use bytes::Bytes;

/// Pieces below this size are put together: each costs a call.
const SMALL: usize = 64 << 10;

/// Pieces of bytes, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    parts: Vec<Bytes>,
    length: usize,
}

/// A buffer of Arrow's as the owner of bytes.
struct Owner(Buffer);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Parts {
    /// How many bytes there are.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The pieces.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Bytes> {
        self.parts.iter()
    }

    /// The largest piece.
    pub(crate) fn largest(&self) -> &[u8] {
        let largest = self.parts.iter().max_by_key(|part| part.len());
        largest.map_or(&[], |part| part)
    }

    /// Writes all of it; `target` is as long as it is.
    pub(crate) fn copy_to(&self, target: &mut [u8]) {
        let mut rest = target;
        for part in &self.parts {
            let Some((here, after)) = rest.split_at_mut_checked(part.len()) else {
                return;
            };
            here.copy_from_slice(part);
            rest = after;
        }
    }

    /// The same bytes behind others.
    pub(crate) fn behind(&self, head: Vec<u8>) -> Self {
        let mut parts = Vec::with_capacity(self.parts.len() + 1);
        parts.push(Bytes::from(head));
        parts.extend(self.parts.iter().cloned());
        parts.into()
    }
}

impl From<Vec<Bytes>> for Parts {
    fn from(parts: Vec<Bytes>) -> Self {
        let length = parts.iter().map(Bytes::len).sum();
        Self { parts, length }
    }
}

impl From<Bytes> for Parts {
    fn from(bytes: Bytes) -> Self {
        vec![bytes].into()
    }
}

impl FromIterator<Buffer> for Parts {
    fn from_iter<I: IntoIterator<Item = Buffer>>(buffers: I) -> Self {
        let mut parts = Vec::new();
        let mut small = Vec::new();
        for buffer in buffers {
            if buffer.len() < SMALL {
                small.extend_from_slice(&buffer);
                continue;
            }
            if !small.is_empty() {
                parts.push(Bytes::from(std::mem::take(&mut small)));
            }
            parts.push(Bytes::from_owner(Owner(buffer)));
        }
        if !small.is_empty() {
            parts.push(Bytes::from(small));
        }
        parts.into()
    }
}

impl IntoIterator for Parts {
    type Item = Bytes;
    type IntoIter = std::vec::IntoIter<Bytes>;

    fn into_iter(self) -> Self::IntoIter {
        self.parts.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pieces_stay_where_they_are_and_small_ones_are_put_together() {
        let large = Buffer::from_vec(vec![7_u8; SMALL]);
        let at = large.as_ptr();
        let small = || Buffer::from_vec(vec![1_u8, 2]);
        let parts: Parts = [small(), small(), large, small()].into_iter().collect();
        assert_eq!(parts.len(), SMALL + 6);
        let sizes: Vec<usize> = parts.iter().map(Bytes::len).collect();
        assert_eq!(sizes, [4, SMALL, 2]);
        assert_eq!(parts.largest().as_ptr(), at);
        let mut whole = vec![0; parts.len()];
        parts.copy_to(&mut whole);
        assert_eq!(whole[..5], [1, 2, 1, 2, 7]);
        assert_eq!(whole[SMALL + 3..], [7, 1, 2]);
    }
}
