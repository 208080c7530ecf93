//! Values in order of (time, row): appending costs amortised O(1), looking up O(log n), a late value a
//! move within a block.

use std::collections::VecDeque;

use crate::{LogTime, RowId};

/// Entries of a block; above, it is split.
const BLOCK: usize = 1_024;

/// What values are ordered by.
pub(crate) type Key = (LogTime, RowId);

/// Values in order.
#[derive(Clone, Debug)]
pub(crate) struct Ordered<V> {
    /// None of them is empty.
    blocks: VecDeque<VecDeque<(Key, V)>>,
    len: usize,
}

impl<V> Default for Ordered<V> {
    fn default() -> Self {
        Self {
            blocks: VecDeque::new(),
            len: 0,
        }
    }
}

impl<V> Ordered<V> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn first(&self) -> Option<(Key, &V)> {
        let (key, value) = self.blocks.front()?.front()?;
        Some((*key, value))
    }

    pub(crate) fn last(&self) -> Option<(Key, &V)> {
        let (key, value) = self.blocks.back()?.back()?;
        Some((*key, value))
    }

    /// Adds a value; one of the same key is replaced.
    pub(crate) fn insert(&mut self, key: Key, value: V) {
        let is_last = self.last().is_none_or(|(last, _)| last < key);
        if is_last {
            match self.blocks.back_mut().filter(|block| block.len() < BLOCK) {
                Some(block) => block.push_back((key, value)),
                None => self.blocks.push_back(VecDeque::from([(key, value)])),
            }
            self.len += 1;
            return;
        }
        let at = self.block_of(key);
        let Some(block) = self.blocks.get_mut(at) else {
            return;
        };
        match block.binary_search_by_key(&key, |entry| entry.0) {
            Ok(place) => {
                if let Some(slot) = block.get_mut(place) {
                    slot.1 = value;
                }
                return;
            }
            Err(place) => block.insert(place, (key, value)),
        }
        self.len += 1;
        if block.len() > BLOCK {
            let rest = block.split_off(BLOCK / 2);
            self.blocks.insert(at + 1, rest);
        }
    }

    /// The first block whose last key is not before a key, or the last block.
    fn block_of(&self, key: Key) -> usize {
        let after = self
            .blocks
            .partition_point(|block| block.back().is_some_and(|(last, _)| *last < key));
        after.min(self.blocks.len().saturating_sub(1))
    }

    /// Number of entries up to and with a key.
    pub(crate) fn count_to(&self, key: Key) -> usize {
        let full = self
            .blocks
            .partition_point(|block| block.back().is_some_and(|(last, _)| *last <= key));
        let before: usize = self.blocks.iter().take(full).map(VecDeque::len).sum();
        let inside = self.blocks.get(full);
        before + inside.map_or(0, |block| block.partition_point(|entry| entry.0 <= key))
    }

    /// The entry of a number, in order.
    pub(crate) fn get(&self, mut number: usize) -> Option<(Key, &V)> {
        for block in &self.blocks {
            if let Some((key, value)) = block.get(number) {
                return Some((*key, value));
            }
            number -= block.len();
        }
        None
    }

    /// The last entry at or before a key.
    pub(crate) fn latest_at(&self, key: Key) -> Option<(Key, &V)> {
        let at = self.block_of(key);
        let inside = |at: usize| {
            let block = self.blocks.get(at)?;
            let after = block.partition_point(|entry| entry.0 <= key);
            block.get(after.checked_sub(1)?)
        };
        let (key, value) = inside(at).or_else(|| inside(at.checked_sub(1)?))?;
        Some((*key, value))
    }

    /// The nearest time of an entry after (or before) `time`.
    pub(crate) fn next_time(&self, time: LogTime, forward: bool) -> Option<LogTime> {
        let number = if forward {
            self.count_to((time, RowId::LAST))
        } else {
            let before = LogTime(time.0.checked_sub(1)?);
            self.count_to((before, RowId::LAST)).checked_sub(1)?
        };
        let (key, _) = self.get(number)?;
        Some(key.0)
    }

    /// All entries from one key to another, both included.
    pub(crate) fn range(&self, from: Key, to: Key) -> impl Iterator<Item = (Key, &V)> {
        let first = self.block_of(from);
        self.blocks
            .iter()
            .skip(first)
            .flatten()
            .skip_while(move |entry| entry.0 < from)
            .take_while(move |entry| entry.0 <= to)
            .map(|(key, value)| (*key, value))
    }

    /// Takes an entry away.
    pub(crate) fn remove(&mut self, key: Key) -> Option<V> {
        let at = self.block_of(key);
        let block = self.blocks.get_mut(at)?;
        let place = block.binary_search_by_key(&key, |entry| entry.0).ok()?;
        let (_, value) = block.remove(place)?;
        if block.is_empty() {
            self.blocks.remove(at);
        }
        self.len -= 1;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn key(time: i64, counter: u64) -> Key {
        let row = RowId { time: 0, counter };
        (LogTime(time), row)
    }

    #[test]
    fn any_order_of_arrival_gives_what_a_tree_gives() {
        let (mut ordered, mut tree) = (Ordered::default(), BTreeMap::new());
        let mut random = 7_u64;
        let mut next = || {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            random >> 33
        };
        for step in 0..20_000 {
            let at = key((next() % 500) as i64, next() % 50);
            if step % 5 == 4 {
                assert_eq!(ordered.remove(at), tree.remove(&at));
            } else {
                ordered.insert(at, step);
                tree.insert(at, step);
            }
            let probe = key((next() % 520) as i64 - 10, next() % 50);
            let expected = tree
                .range(..=probe)
                .next_back()
                .map(|(key, value)| (*key, *value));
            assert_eq!(
                ordered.latest_at(probe).map(|(key, value)| (key, *value)),
                expected
            );
        }
        assert_eq!(ordered.len(), tree.len());
        let all: Vec<_> = ordered
            .range(key(100, 0), key(200, 9))
            .map(|(key, _)| key)
            .collect();
        let expected: Vec<_> = tree
            .range(key(100, 0)..=key(200, 9))
            .map(|(key, _)| *key)
            .collect();
        assert_eq!(all, expected);
        let number = ordered.count_to(key(250, 0));
        assert_eq!(number, tree.range(..=key(250, 0)).count());
        assert_eq!(
            ordered.get(number).map(|(key, _)| key),
            tree.range(key(250, 1)..).next().map(|(key, _)| *key)
        );
    }
}
