//! Row ids: when a row was logged, and which of those logged at that instant it was.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Names one row among all recordings. The order is that of logging.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId {
    /// Nanoseconds since the Unix epoch.
    pub time_ns: u64,
    /// Tells rows of the same instant apart.
    pub counter: u64,
}

/// The id given out last, by any thread.
static LAST: Mutex<Option<RowId>> = Mutex::new(None);

impl RowId {
    /// A new id, greater than every one that this process made before.
    pub fn new() -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| {
                u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
            });
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        let next = match *last {
            // Random, so that two processes do not give out the same id in the same instant.
            None => Self {
                time_ns: now,
                counter: RandomState::new().hash_one(std::process::id()) >> 1,
            },
            Some(last) => Self {
                time_ns: now.max(last.time_ns),
                counter: last.counter.wrapping_add(1),
            },
        };
        *last = Some(next);
        next
    }

    /// Sixteen bytes whose byte-wise order is that of the ids.
    pub fn to_bytes(self) -> [u8; 16] {
        self.to_u128().to_be_bytes()
    }

    /// The reverse of [`RowId::to_bytes`].
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self::from_u128(u128::from_be_bytes(bytes))
    }

    pub(crate) fn to_u128(self) -> u128 {
        u128::from(self.time_ns) << 64 | u128::from(self.counter)
    }

    fn from_u128(id: u128) -> Self {
        Self {
            time_ns: (id >> 64) as u64,
            counter: id as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ids_rise() {
        let ids: Vec<RowId> = (0..1000).map(|_| RowId::new()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn bytes_are_big_endian_time_then_counter() {
        let id = RowId {
            time_ns: 0x0102_0304_0506_0708,
            counter: 0x090a_0b0c_0d0e_0f10,
        };
        let bytes: [u8; 16] = std::array::from_fn(|i| i as u8 + 1);
        assert_eq!(id.to_bytes(), bytes);
        assert_eq!(RowId::from_bytes(bytes), id);
    }
}
