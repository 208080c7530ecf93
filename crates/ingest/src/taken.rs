//! Runs as recordings of a store.

use std::time::{SystemTime, UNIX_EPOCH};

use reelscope_store::{RecordingId, Store};

use crate::ingest::{RunName, Source};

/// The recording of a run; a new one if it is the first time that it is heard of.
pub fn recording(store: &mut Store, run: &RunName, source: &Source) -> RecordingId {
    if let Some(id) = store.find_recording(&run.application, &run.run) {
        let unnamed = store
            .recording(id)
            .is_some_and(|known| known.name.is_empty());
        if unnamed && !run.application.is_empty() {
            store.rename(id, &run.application);
        }
        return id;
    }
    // A run without a name could not be told from an opened video file.
    let name = if run.run.is_empty() {
        "unnamed"
    } else {
        &run.run
    };
    store.add_recording(&run.application, &source.origin, source.kind, name)
}

/// The time in nanoseconds since the Unix epoch.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    })
}
