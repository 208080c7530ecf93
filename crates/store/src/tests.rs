//! The store as a logging program and a viewer use it.

mod eviction;
mod queries;
mod streams;

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{Codec, CodecConfig, Framing, Presentation, SyncKind, Visibility};

use crate::*;

/// Numbers as cells; `None` is a cell that was not logged, NaN an empty one.
struct Numbers(Vec<Option<f64>>);

impl Cells for Numbers {
    fn presence(&self, row: usize) -> Presence {
        match self.0.get(row) {
            Some(Some(value)) if value.is_nan() => Presence::Empty,
            Some(Some(_)) => Presence::Values(1),
            _ => Presence::Null,
        }
    }

    fn number(&self, row: usize) -> Option<f64> {
        self.0.get(row).copied().flatten()
    }

    fn text(&self, _: usize) -> Option<String> {
        None
    }
}

struct Words(Vec<&'static str>);

impl Cells for Words {
    fn presence(&self, row: usize) -> Presence {
        self.0
            .get(row)
            .map_or(Presence::Null, |_| Presence::Values(1))
    }

    fn number(&self, _: usize) -> Option<f64> {
        None
    }

    fn text(&self, row: usize) -> Option<String> {
        self.0.get(row).map(|text| (*text).to_owned())
    }
}

fn row(number: u64) -> RowId {
    RowId {
        time: 1_000 + number,
        counter: 0,
    }
}

fn frame() -> Timeline {
    Timeline {
        name: "frame".into(),
        kind: TimelineKind::Sequence,
    }
}

fn column(name: &str, cells: impl Cells + 'static) -> Column {
    Column {
        component: Component {
            name: name.into(),
            archetype: None,
            component_type: None,
            data_type: "test".into(),
        },
        cells: Arc::new(cells),
    }
}

/// Rows of (row number, time on `frame`); without times, static rows.
fn rows(ids: &[u64], times: Option<&[i64]>) -> LoggedRows {
    let times = times.map(|times| TimeColumn {
        timeline: frame(),
        times: times.iter().map(|time| Some(LogTime(*time))).collect(),
    });
    LoggedRows {
        ids: ids.iter().map(|id| row(*id)).collect(),
        times: times.into_iter().collect(),
        columns: Vec::new(),
        content: Vec::new(),
        byte_size: 0,
        origin: None,
        sent_at: None,
    }
}

fn add(store: &mut Store, recording: RecordingId, path: &str, rows: LoggedRows) -> Added {
    let chunk = Chunk {
        entity: EntityPath::new(path),
        rows: Rows::Logged(rows),
    };
    store.add_chunk(recording, chunk, 0)
}

fn number_at(store: &Store, recording: RecordingId, path: &str, time: i64) -> Option<f64> {
    let recording = store.recording(recording)?;
    let path = EntityPath::new(path);
    let found = recording.latest_at(&path, "value", &frame(), LogTime(time))?;
    found.column.cells.number(found.row)
}

fn values(ids: &[u64], times: Option<&[i64]>, values: &[f64]) -> LoggedRows {
    let cells = values.iter().map(|value| Some(*value)).collect();
    LoggedRows {
        columns: vec![column("value", Numbers(cells))],
        ..rows(ids, times)
    }
}

/// A sample of so many bytes; a keyframe if it says so.
fn sample(row: u32, key: bool, bytes: usize) -> LoggedSample {
    LoggedSample {
        row,
        sync: if key {
            SyncKind::Closed
        } else {
            SyncKind::None
        },
        visibility: Visibility::Shown,
        config: Arc::new(CodecConfig {
            codec: Codec::H264,
            framing: Framing::AnnexB,
            record: Bytes::new(),
        }),
        data: Bytes::from(vec![0; bytes]),
        facts: None,
        presentation: Presentation::Picture,
    }
}

/// Samples logged at (row number, time, keyframe), all in one chunk.
fn video(samples: &[(u64, i64, bool)], bytes: usize) -> LoggedRows {
    let ids: Vec<u64> = samples.iter().map(|sample| sample.0).collect();
    let times: Vec<i64> = samples.iter().map(|sample| sample.1).collect();
    let made = samples
        .iter()
        .zip(0..)
        .map(|((_, _, key), at)| sample(at, *key, bytes));
    LoggedRows {
        content: vec![Content::Samples(StreamKind::VideoStream, made.collect())],
        byte_size: bytes * samples.len(),
        ..rows(&ids, Some(&times))
    }
}

fn open() -> (Store, RecordingId) {
    let mut store = Store::new();
    let recording = store.add_recording("app", "test", "live", "run");
    (store, recording)
}

/// The presentation time of what is on screen of the only stream.
fn shown_at(store: &Store, recording: RecordingId, time: i64) -> Result<i64, Nothing> {
    let recording = store.recording(recording).unwrap();
    let view = store.streams_of(recording).next().unwrap();
    store
        .hit(recording, &view, LogTime(time))
        .map(|hit| hit.pts.0)
}
