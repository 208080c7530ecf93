//! Memory of large payloads: pages of their own, which go back to the system as soon as nobody needs
//! them (the heap does not promise that), but for a few that the next payload of that size gets.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use memmap2::MmapMut;

/// Payloads from this size on have pages of their own.
pub(crate) const LEAST: usize = 1 << 20;

/// Bytes that are kept for the next payloads. Fresh pages cost as much as what is written to them.
const MOST_SPARE: usize = 32 << 20;

/// Pages that wait for their next use, the oldest first.
static SPARE: Mutex<Vec<MmapMut>> = Mutex::new(Vec::new());

/// Pages that are in use.
pub(crate) struct Pages {
    /// Always there until this is dropped.
    map: Option<MmapMut>,
    length: usize,
}

impl Pages {
    /// Pages for `length` bytes, aligned to more than Arrow wants. What is in them is not said. `None`
    /// if the system has none.
    pub(crate) fn new(length: usize) -> Option<Self> {
        let map = spare(length).or_else(|| MmapMut::map_anon(length).ok())?;
        Some(Self {
            map: Some(map),
            length,
        })
    }

    /// The bytes, to be written.
    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        let map = self.map.as_mut();
        map.and_then(|map| map.get_mut(..self.length))
            .unwrap_or_default()
    }

    /// The bytes, to be read by any number.
    pub(crate) fn freeze(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Pages {
    fn as_ref(&self) -> &[u8] {
        let map = self.map.as_ref();
        map.and_then(|map| map.get(..self.length))
            .unwrap_or_default()
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let Some(map) = self.map.take().filter(|map| map.len() <= MOST_SPARE) else {
            return;
        };
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        spare.push(map);
        let mut bytes: usize = spare.iter().map(|map| map.len()).sum();
        let mut gone = Vec::new();
        while bytes > MOST_SPARE {
            let oldest = spare.remove(0);
            bytes -= oldest.len();
            gone.push(oldest);
        }
        // Giving them back takes its time.
        drop(spare);
    }
}

/// Pages that were in use and have room for so many bytes and not much more.
fn spare(length: usize) -> Option<MmapMut> {
    let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
    let fits = |map: &MmapMut| (length..=length + length / 8).contains(&map.len());
    let at = spare.iter().position(fits)?;
    Some(spare.remove(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_used_again_and_only_as_long_as_what_is_in_them() {
        let mut first = Pages::new(3 << 20).unwrap();
        first.bytes().fill(7);
        let bytes = first.freeze();
        assert_eq!(bytes.len(), 3 << 20);
        assert!(bytes.iter().all(|byte| *byte == 7));
        drop(bytes);
        let second = Pages::new((3 << 20) - 1000).unwrap();
        assert_eq!(second.as_ref().len(), (3 << 20) - 1000);
    }

    #[test]
    fn no_more_than_a_few_pages_are_kept() {
        let many: Vec<Pages> = (0..20).map(|_| Pages::new(4 << 20).unwrap()).collect();
        drop(many);
        let spare = SPARE.lock().unwrap();
        let bytes: usize = spare.iter().map(|map| map.len()).sum();
        assert!(bytes <= MOST_SPARE, "{bytes} bytes are kept");
    }
}
