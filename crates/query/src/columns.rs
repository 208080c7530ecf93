//! The columns of a table: one for each component of each entity, and where their cells are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow_schema::{DataType, Field};
use reelscope_wire::{Chunk, Presence, RowId, TimeKind, component};

use crate::recordings::{Recording, is_property};
use crate::select::Query;

/// A row of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) row_id: RowId,
    pub(crate) chunk: usize,
    pub(crate) row: usize,
}

/// What a component's column holds.
#[derive(Debug)]
pub(crate) struct ComponentColumn {
    pub(crate) entity: Arc<str>,
    pub(crate) component: Arc<str>,
    /// The list type of its cells.
    pub(crate) data_type: DataType,
    archetype: Option<Arc<str>>,
    component_type: Option<Arc<str>>,
    /// True if any cell has a value.
    has_values: bool,
    /// Its value at all times, which goes before all others.
    pub(crate) at_all_times: Option<Place>,
    /// Its cells by time; of several at a time, the one that was logged last.
    pub(crate) cells: BTreeMap<i64, Cell>,
}

/// What a component has at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A value of a row.
    Logged(Place),
    /// Nothing from here on: it was cleared by that row.
    Cleared(Place),
}

impl Cell {
    pub(crate) fn place(self) -> Place {
        match self {
            Self::Logged(place) | Self::Cleared(place) => place,
        }
    }
}

impl ComponentColumn {
    /// Its name in the table: `/camera:VideoStream:sample`.
    pub(crate) fn name(&self) -> String {
        format!("{}:{}", self.entity, self.component)
    }

    /// Its field, with the metadata that the protocol gives columns.
    pub(crate) fn field(&self) -> Field {
        let mut metadata = vec![
            ("rerun:kind", "data".to_owned()),
            ("rerun:entity_path", self.entity.to_string()),
            ("rerun:component", self.component.to_string()),
        ];
        let archetype = self
            .archetype
            .as_ref()
            .map(|it| ("rerun:archetype", it.to_string()));
        let kind = self.component_type.as_ref();
        let kind = kind.map(|it| ("rerun:component_type", it.to_string()));
        metadata.extend(archetype);
        metadata.extend(kind);
        if self.at_all_times.is_some() {
            metadata.push(("rerun:is_static", "true".to_owned()));
        }
        let metadata = metadata.into_iter();
        let metadata: HashMap<String, String> = metadata
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        Field::new(self.name(), self.data_type.clone(), true).with_metadata(metadata)
    }
}

/// The field of a timeline's column.
pub(crate) fn index_field(name: &str, kind: TimeKind) -> Field {
    let metadata = [("rerun:kind", "index"), ("rerun:index_name", name)];
    let metadata: HashMap<String, String> = metadata
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let data_type = match kind {
        TimeKind::Sequence => DataType::Int64,
        TimeKind::Duration => DataType::Duration(arrow_schema::TimeUnit::Nanosecond),
        TimeKind::Timestamp => DataType::Timestamp(arrow_schema::TimeUnit::Nanosecond, None),
    };
    Field::new(name, data_type, true).with_metadata(metadata)
}

/// The columns that a question is about, by entity and component, with their cells along its timeline.
pub(crate) fn columns(recording: &Recording, query: &Query) -> Vec<ComponentColumn> {
    let mut all: BTreeMap<(Arc<str>, Arc<str>), ComponentColumn> = BTreeMap::new();
    for (number, chunk) in recording.chunks.iter().enumerate() {
        if !is_wanted(&chunk.entity, query) {
            continue;
        }
        for column in &chunk.columns {
            let wanted = query.components.is_empty()
                || query.components.iter().any(|name| **name == *column.name);
            if *column.name == *component::CLEAR_IS_RECURSIVE || !wanted {
                continue;
            }
            let key = (chunk.entity.clone(), column.name.clone());
            let there = all.entry(key).or_insert_with(|| ComponentColumn {
                entity: chunk.entity.clone(),
                component: column.name.clone(),
                data_type: arrow_array::Array::data_type(column.array()).clone(),
                archetype: column.archetype.clone(),
                component_type: column.component_type.clone(),
                has_values: false,
                at_all_times: None,
                cells: BTreeMap::new(),
            });
            // Cells of another type have no place in the column.
            if there.data_type == *arrow_array::Array::data_type(column.array()) {
                let is_logged = |row: usize| column.presence(row) != Presence::Null;
                let has_value = |row| matches!(column.presence(row), Presence::Values(1..));
                there.has_values |= (0..chunk.rows.len()).any(has_value);
                there.take(chunk, number, query, is_logged);
            }
        }
    }
    // One in which there never was a value says nothing.
    let mut all: Vec<ComponentColumn> = all.into_values().filter(|it| it.has_values).collect();
    for column in &mut all {
        if column.at_all_times.is_some() {
            column.cells.clear();
        }
    }
    clear(recording, query, &mut all);
    all
}

fn is_wanted(entity: &str, query: &Query) -> bool {
    match query.entities.as_slice() {
        [] => !is_property(entity),
        some => {
            let by_name = some.iter().any(|contents| contents.has(entity));
            by_name && (!is_property(entity) || some.iter().any(|it| it.to_string().contains("__")))
        }
    }
}

/// The rows of a chunk with their times on a timeline.
fn timed<'a>(chunk: &'a Chunk, index: &str) -> impl Iterator<Item = (usize, i64)> + 'a {
    let times = chunk.time(index);
    let rows = 0..times.map_or(0, |times| times.len());
    rows.filter_map(move |row| Some((row, times?.get(row)?)))
}

fn place(chunk: &Chunk, number: usize, row: usize) -> Option<Place> {
    Some(Place {
        row_id: *chunk.rows.get(row)?,
        chunk: number,
        row,
    })
}

impl ComponentColumn {
    fn take(
        &mut self,
        chunk: &Chunk,
        number: usize,
        query: &Query,
        is_logged: impl Fn(usize) -> bool,
    ) {
        if chunk.is_static() {
            let rows = (0..chunk.rows.len()).filter(|row| is_logged(*row));
            let newest = rows.filter_map(|row| place(chunk, number, row)).max();
            self.at_all_times = self.at_all_times.max(newest);
            return;
        }
        let Some(index) = &query.index else {
            return;
        };
        for (row, time) in timed(chunk, index).filter(|(row, _)| is_logged(*row)) {
            if let Some(place) = place(chunk, number, row) {
                self.put(time, Cell::Logged(place));
            }
        }
    }

    fn put(&mut self, time: i64, cell: Cell) {
        let there = self.cells.entry(time).or_insert(cell);
        if there.place() < cell.place() {
            *there = cell;
        }
    }
}

/// Puts what was cleared into the columns of the entities concerned.
fn clear(recording: &Recording, query: &Query, columns: &mut [ComponentColumn]) {
    let Some(index) = &query.index else {
        return;
    };
    for (number, chunk) in recording.chunks.iter().enumerate() {
        let Some(recursive) = chunk.column(component::CLEAR_IS_RECURSIVE) else {
            continue;
        };
        for (row, time) in timed(chunk, index) {
            let Some((below, place)) = recursive.bool(row).zip(place(chunk, number, row)) else {
                continue;
            };
            let concerned = columns.iter_mut().filter(|column| {
                let rest = column.entity.strip_prefix(&*chunk.entity);
                let is_concerned = match rest {
                    Some("") => true,
                    Some(rest) => below && (rest.starts_with('/') || &*chunk.entity == "/"),
                    None => false,
                };
                is_concerned && column.at_all_times.is_none()
            });
            concerned.for_each(|column| column.put(time, Cell::Cleared(place)));
        }
    }
}
