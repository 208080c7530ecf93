//! A chunk's values of one component: a list for each row.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ListArray};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};

use crate::names;

/// The values of one component, a list for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The component: one of [`component`](crate::component), or a name of the user's.
    pub name: Arc<str>,
    /// The archetype that it is a field of.
    pub archetype: Option<Arc<str>>,
    /// What its values mean.
    pub component_type: Option<Arc<str>>,
    list: ListArray,
}

/// What a row says about a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nothing.
    Null,
    /// That it has no value from here on.
    Empty,
    /// That it has these many values.
    Values(usize),
}

impl Column {
    /// A column of any type. Archetype and type are filled in for names of
    /// [`component`](crate::component).
    pub fn from_list(name: &str, list: ListArray) -> Self {
        let full = names::full_names(name);
        Self {
            name: name.into(),
            archetype: full.map(|(archetype, _)| archetype.into()),
            component_type: full.map(|(_, kind)| kind.into()),
            list,
        }
    }

    pub(super) fn named(
        name: Arc<str>,
        archetype: Option<Arc<str>>,
        component_type: Option<Arc<str>>,
        list: ListArray,
    ) -> Self {
        Self {
            name,
            archetype,
            component_type,
            list,
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What a row says; nothing if there is no such row.
    pub fn presence(&self, row: usize) -> Presence {
        if row >= self.list.len() || self.list.is_null(row) {
            return Presence::Null;
        }
        match self.bounds(row) {
            Some((start, end)) if start < end => Presence::Values(end - start),
            _ => Presence::Empty,
        }
    }

    /// The values as Arrow has them.
    pub fn array(&self) -> &ListArray {
        &self.list
    }

    /// The type of the values, for people: `UInt32`, `List(UInt8)`.
    pub fn data_type_name(&self) -> String {
        self.list.value_type().to_string()
    }

    /// Where the first value of a row is among the values of all rows.
    pub(super) fn first(&self, row: usize) -> Option<usize> {
        match self.presence(row) {
            Presence::Values(_) => {
                let (start, _) = self.bounds(row)?;
                (start < self.list.values().len()).then_some(start)
            }
            Presence::Null | Presence::Empty => None,
        }
    }

    fn bounds(&self, row: usize) -> Option<(usize, usize)> {
        let offsets = self.list.value_offsets();
        let start = usize::try_from(*offsets.get(row)?).ok()?;
        let end = usize::try_from(*offsets.get(row + 1)?).ok()?;
        Some((start, end))
    }
}

/// A column of a table as lists: also other kinds of list, and one value for each row. `None` if it
/// has more values than a list can number.
pub(super) fn lists(array: &ArrayRef) -> Option<ListArray> {
    match array.data_type() {
        DataType::List(_) => Some(array.as_list::<i32>().clone()),
        DataType::LargeList(item) => {
            let list = array.as_list::<i64>();
            let last = list.value_offsets().last().copied().unwrap_or(0);
            i32::try_from(last).ok()?;
            let offsets: ScalarBuffer<i32> = list
                .value_offsets()
                .iter()
                .map(|offset| *offset as i32)
                .collect();
            let offsets = OffsetBuffer::new(offsets);
            ListArray::try_new(
                item.clone(),
                offsets,
                list.values().clone(),
                list.nulls().cloned(),
            )
            .ok()
        }
        DataType::FixedSizeList(item, size) => {
            let list = array.as_fixed_size_list();
            let size = usize::try_from(*size).ok()?;
            let offsets = even_offsets(list.len(), size)?;
            ListArray::try_new(
                item.clone(),
                offsets,
                list.values().clone(),
                list.nulls().cloned(),
            )
            .ok()
        }
        data_type => {
            let item = Arc::new(Field::new("item", data_type.clone(), true));
            let offsets = even_offsets(array.len(), 1)?;
            ListArray::try_new(item, offsets, array.clone(), None).ok()
        }
    }
}

/// Offsets of `rows` lists of `size` values each.
fn even_offsets(rows: usize, size: usize) -> Option<OffsetBuffer<i32>> {
    i32::try_from(rows.checked_mul(size)?).ok()?;
    Some(OffsetBuffer::from_repeated_length(size, rows))
}
