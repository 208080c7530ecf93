//! The times that a thread has set: what it logs carries them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use reelscope_wire::TimeKind;

/// The timeline that every row is on by itself.
pub(crate) const LOG_TIME: &str = "log_time";

/// The times of a row, in order of the timelines' names.
pub(crate) type Times = Vec<(Arc<str>, TimeKind, i64)>;

/// Tells recordings of this process apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TimesOf(u64);

impl TimesOf {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// The times of one recording, by timeline.
type Set = BTreeMap<Arc<str>, (TimeKind, i64)>;

thread_local! {
    static SET: RefCell<HashMap<TimesOf, Set>> = RefCell::default();
}

/// Sets this thread's time on a timeline.
pub(crate) fn set(of: TimesOf, timeline: &str, kind: TimeKind, time: i64) {
    SET.with_borrow_mut(|all| {
        let times = all.entry(of).or_default();
        match times.get_mut(timeline) {
            Some(there) => *there = (kind, time),
            None => drop(times.insert(timeline.into(), (kind, time))),
        }
    });
}

/// Takes a timeline away from this thread.
pub(crate) fn disable(of: TimesOf, timeline: &str) {
    SET.with_borrow_mut(|all| {
        if let Some(times) = all.get_mut(&of) {
            times.remove(timeline);
        }
    });
}

/// Takes all timelines away from this thread.
pub(crate) fn reset(of: TimesOf) {
    SET.with_borrow_mut(|all| drop(all.remove(&of)));
}

/// The times of a row that this thread logs now.
pub(crate) fn now(of: TimesOf) -> Times {
    let log_time = (Arc::from(LOG_TIME), TimeKind::Timestamp, wall_clock());
    SET.with_borrow(|all| {
        let set = all.get(&of).into_iter().flatten();
        let mut times: Times = set
            .map(|(name, (kind, time))| (name.clone(), *kind, *time))
            .collect();
        if !times.iter().any(|(name, ..)| **name == *LOG_TIME) {
            let at = times.partition_point(|(name, ..)| **name < *LOG_TIME);
            times.insert(at, log_time);
        }
        times
    })
}

/// Nanoseconds since the Unix epoch.
pub(crate) fn wall_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_has_times_of_its_own_in_order_of_their_names() {
        let of = TimesOf::new();
        set(of, "zoo", TimeKind::Sequence, 3);
        set(of, "frame", TimeKind::Sequence, 7);
        std::thread::spawn(move || set(of, "frame", TimeKind::Sequence, 99))
            .join()
            .unwrap();
        let names = |times: &Times| -> Vec<String> {
            times.iter().map(|(name, ..)| name.to_string()).collect()
        };
        let times = now(of);
        assert_eq!(names(&times), ["frame", "log_time", "zoo"]);
        assert_eq!(times[0].2, 7);
        disable(of, "zoo");
        assert_eq!(names(&now(of)), ["frame", "log_time"]);
        reset(of);
        assert_eq!(names(&now(of)), ["log_time"]);
    }
}
