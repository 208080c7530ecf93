//! A list whose front can be taken away while its entries keep their numbers: what a stream that is
//! recorded for days needs.

/// Entries by number. Taking away at the front costs amortised O(1).
#[derive(Clone, Debug)]
pub(crate) struct Kept<T> {
    items: Vec<T>,
    /// Entries at the front of `items` that were taken away.
    gone: usize,
    /// The number of `items[0]`.
    base: usize,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            gone: 0,
            base: 0,
        }
    }
}

impl<T> Kept<T> {
    /// Number of the first entry that is left.
    pub(crate) fn start(&self) -> usize {
        self.base + self.gone
    }

    /// Number after the last entry.
    pub(crate) fn end(&self) -> usize {
        self.base + self.items.len()
    }

    /// The entries that are left.
    pub(crate) fn as_slice(&self) -> &[T] {
        self.items.get(self.gone..).unwrap_or_default()
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        self.items.get_mut(self.gone..).unwrap_or_default()
    }

    pub(crate) fn get(&self, number: usize) -> Option<&T> {
        self.as_slice().get(number.checked_sub(self.start())?)
    }

    pub(crate) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        let at = number.checked_sub(self.start())?;
        self.as_mut_slice().get_mut(at)
    }

    pub(crate) fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// Puts an entry before the one of a number; those behind it move up by one.
    pub(crate) fn insert(&mut self, number: usize, item: T) {
        let at = number.clamp(self.start(), self.end()) - self.base;
        self.items.insert(at, item);
    }

    /// Takes the entry of a number away; those behind it move down by one, unless it is the first.
    pub(crate) fn remove(&mut self, number: usize) {
        if number == self.start() {
            self.remove_front(1);
        } else if number < self.end() {
            self.items.remove(number - self.base);
        }
    }

    /// Takes so many entries away at the front.
    pub(crate) fn remove_front(&mut self, count: usize) {
        /// Fewer than this are not worth moving the rest.
        const WORTH_MOVING: usize = 64;
        self.gone = (self.gone + count).min(self.items.len());
        if self.gone >= WORTH_MOVING && self.gone > self.items.len() / 2 {
            self.items.drain(..self.gone);
            self.base += self.gone;
            self.gone = 0;
            if self.items.len() < self.items.capacity() / 4 {
                self.items.shrink_to(self.items.len() * 2);
            }
        }
    }
}

impl<T> FromIterator<T> for Kept<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self {
            items: items.into_iter().collect(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_when_the_front_goes() {
        let mut kept: Kept<usize> = (0..1_000).collect();
        for _ in 0..90 {
            kept.remove_front(10);
            assert_eq!(kept.get(kept.start()), Some(&kept.start()));
            assert_eq!(kept.get(999), Some(&999));
        }
        assert_eq!(
            (kept.start(), kept.end(), kept.as_slice().len()),
            (900, 1_000, 100)
        );
        assert_eq!(kept.get(899), None);
        kept.push(1_000);
        assert_eq!(kept.get(1_000), Some(&1_000));
        kept.insert(900, 7);
        assert_eq!(kept.get(900), Some(&7));
        assert_eq!(kept.get(1_001), Some(&1_000));
    }
}
