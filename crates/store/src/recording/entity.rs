//! An entity of a recording: its components, each with all its values in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Place;
use crate::chunk::{Column, LoggedRows, Presence};
use crate::line::ChunkKey;
use crate::order::Ordered;
use crate::{Component, LogTime, RowId, Timeline};

/// All that was logged to one path.
#[derive(Debug, Default)]
pub struct Entity {
    pub(super) components: BTreeMap<Arc<str>, Indexed>,
    pub(super) clears: BTreeMap<Timeline, Ordered<ChunkKey>>,
    pub(super) recursive_clears: BTreeMap<Timeline, Ordered<ChunkKey>>,
    pub(super) static_chunks: Vec<ChunkKey>,
    /// Chunks that are kept.
    pub(super) chunks: usize,
    pub(super) static_clear: Option<RowId>,
    pub(super) static_recursive_clear: Option<RowId>,
    /// Rows with a time.
    pub rows: u64,
    /// Rows that hold at all times.
    pub static_rows: u64,
}

/// A component of an entity, with all its values in order.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) component: Component,
    pub(super) statics: Option<(RowId, Place)>,
    pub(super) lines: BTreeMap<Timeline, Ordered<Place>>,
    rows: u64,
}

impl Entity {
    /// Its components, with the number of rows of each.
    pub fn components(&self) -> impl Iterator<Item = (&Component, u64)> {
        self.components
            .values()
            .map(|indexed| (&indexed.component, indexed.rows))
    }

    /// The nearest time of a row after (or before) `time`.
    pub(super) fn next_row(
        &self,
        timeline: &Timeline,
        time: LogTime,
        forward: bool,
    ) -> Option<LogTime> {
        let lines = self.components.values();
        let lines = lines.filter_map(|indexed| indexed.lines.get(timeline));
        let values = lines.filter_map(|line| line.next_time(time, forward));
        let clears = self.clears.get(timeline);
        let clears = clears.and_then(|clears| clears.next_time(time, forward));
        let times = values.chain(clears);
        if forward { times.min() } else { times.max() }
    }

    pub(super) fn index(&mut self, chunk: ChunkKey, column: &Column, rows: &LoggedRows) {
        let name = column.component.name.clone();
        let indexed = self.components.entry(name).or_insert_with(|| Indexed {
            component: column.component.clone(),
            statics: None,
            lines: BTreeMap::new(),
            rows: 0,
        });
        for (number, id) in rows.ids.iter().enumerate() {
            if column.cells.presence(number) == Presence::Null {
                continue;
            }
            indexed.rows += 1;
            let row = u32::try_from(number).unwrap_or(u32::MAX);
            let place = Place { chunk, row };
            if rows.times.is_empty() && indexed.statics.is_none_or(|(known, _)| known <= *id) {
                indexed.statics = Some((*id, place));
            }
            for times in &rows.times {
                if let Some(Some(time)) = times.times.get(number) {
                    let line = match indexed.lines.get_mut(&times.timeline) {
                        Some(line) => line,
                        None => indexed.lines.entry(times.timeline.clone()).or_default(),
                    };
                    line.insert((*time, *id), place);
                }
            }
        }
    }

    pub(super) fn note_clears(
        &mut self,
        chunk: ChunkKey,
        clears: &[(u32, bool)],
        rows: &LoggedRows,
    ) {
        for (row, is_recursive) in clears {
            let row = *row as usize;
            let Some(id) = rows.ids.get(row) else {
                continue;
            };
            if rows.times.is_empty() {
                self.static_clear = self.static_clear.max(Some(*id));
                if *is_recursive {
                    self.static_recursive_clear = self.static_recursive_clear.max(Some(*id));
                }
            }
            for times in &rows.times {
                if let Some(Some(time)) = times.times.get(row) {
                    let key = (*time, *id);
                    let of = |clears: &mut BTreeMap<Timeline, Ordered<ChunkKey>>| {
                        let line = clears.entry(times.timeline.clone()).or_default();
                        line.insert(key, chunk);
                    };
                    of(&mut self.clears);
                    if *is_recursive {
                        of(&mut self.recursive_clears);
                    }
                }
            }
        }
    }

    pub(super) fn forget(&mut self, chunk: ChunkKey, rows: &LoggedRows) {
        for column in &rows.columns {
            let Some(indexed) = self.components.get_mut(&column.component.name) else {
                continue;
            };
            indexed.statics = indexed.statics.filter(|(_, place)| place.chunk != chunk);
            for times in &rows.times {
                let Some(line) = indexed.lines.get_mut(&times.timeline) else {
                    continue;
                };
                for (id, time) in rows.ids.iter().zip(&times.times) {
                    if let Some(time) = time {
                        line.remove((*time, *id));
                    }
                }
            }
        }
    }
}
