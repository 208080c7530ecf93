//! What is in a recording file, read with our own reader.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use md5::{Digest as _, Md5};
use reelscope_tests::{Cell, Logged, LoggedRecording, Row};
use reelscope_wire::{
    Chunk, Column, Item, LogMessage, Presence, RecordingReader, RowId, StoreId, StoreKind,
};

/// Rows as they are in the file, with and without times.
#[derive(Default)]
struct Rows {
    rows: Vec<(RowId, Row)>,
    timeless: Vec<(RowId, Row)>,
}

/// How a file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With the end that a writer makes.
    Finished,
    /// Anywhere.
    Cut,
}

/// All recordings in a file, in the shape of a truth. Rows are in the order of their ids, which is
/// that in which they were logged.
pub(crate) fn read(path: &Path, end: End) -> Result<Logged> {
    let mut stores: BTreeMap<StoreId, BTreeMap<String, Rows>> = BTreeMap::new();
    visit(path, end, |store, chunk| {
        let entities = stores.entry(store).or_default();
        let entity = entities.entry(chunk.entity.to_string()).or_default();
        let known = if chunk.is_static() {
            &mut entity.timeless
        } else {
            &mut entity.rows
        };
        known.extend(
            chunk
                .rows
                .iter()
                .enumerate()
                .map(|(row, id)| (*id, row_of(chunk, row))),
        );
        Ok(())
    })?;
    let recordings = stores
        .into_iter()
        .map(|(store, entities)| recording(&store, entities));
    Ok(Logged {
        sdk: String::new(),
        recordings: recordings.collect(),
    })
}

/// Shows all chunks of recordings in a file to `look`.
pub(crate) fn visit(
    path: &Path,
    end: End,
    mut look: impl FnMut(StoreId, &Chunk) -> Result<()>,
) -> Result<()> {
    let mut reader = RecordingReader::open(File::open(path)?)?;
    let mut finished = false;
    while let Some(item) = reader.next()? {
        match item {
            Item::Message(LogMessage::Chunk(store, chunk), _)
                if store.kind == StoreKind::Recording =>
            {
                look(store, &chunk)?;
            }
            Item::Message(..) => {}
            Item::Skipped(error) => bail!("a message is not readable: {error}"),
            Item::End => finished = true,
        }
    }
    ensure!(
        finished || end == End::Cut,
        "it does not end: {} bytes are missing",
        reader.missing()
    );
    Ok(())
}

/// The versions of the SDKs that a file names, with where the programs came from.
pub(crate) fn sources(path: &Path) -> Result<Vec<(String, String)>> {
    let mut reader = RecordingReader::open(File::open(path)?)?;
    let mut sources = Vec::new();
    while let Some(item) = reader.next()? {
        if let Item::Message(LogMessage::Store(info), _) = item {
            let version = info.sdk_version.context("no version")?;
            sources.push((version.to_string(), info.source));
        }
    }
    Ok(sources)
}

fn recording(store: &StoreId, entities: BTreeMap<String, Rows>) -> LoggedRecording {
    let mut recording = LoggedRecording {
        application_id: store.application_id.to_string(),
        recording_id: store.recording_id.to_string(),
        ..LoggedRecording::default()
    };
    for (path, mut rows) in entities {
        let entity = recording.entities.entry(path).or_default();
        entity.rows = in_order(&mut rows.rows);
        entity.timeless = in_order(&mut rows.timeless);
    }
    recording
}

fn in_order(rows: &mut Vec<(RowId, Row)>) -> Vec<Row> {
    rows.sort();
    rows.drain(..).map(|(_, row)| row).collect()
}

fn row_of(chunk: &Chunk, row: usize) -> Row {
    let times = chunk.times.iter();
    let cells = chunk.columns.iter();
    Row {
        times: times
            .filter_map(|times| Some((times.name.to_string(), times.get(row)?)))
            .collect(),
        cells: cells
            .map(|column| (column.name.to_string(), cell_of(column, row)))
            .collect(),
    }
}

fn cell_of(column: &Column, row: usize) -> Option<Cell> {
    let count = match column.presence(row) {
        Presence::Null => return None,
        Presence::Empty => 0,
        Presence::Values(count) => count,
    };
    let blob = column.blob(row).filter(|_| count == 1);
    Some(Cell {
        count,
        bytes: blob.as_ref().map(|blob| blob.len()),
        md5: blob.map(|blob| hex(&Md5::digest(&blob))),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
