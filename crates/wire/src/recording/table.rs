//! Gathering what a manifest says about the chunks of one recording, and writing it as a table.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, FixedSizeBinaryArray, RecordBatch, StringArray, UInt64Array,
};
use arrow_buffer::Buffer;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema};
use bytes::Bytes;
use sha2::Digest as _;

use crate::chunk::{array_of, component_field, index_field, row_id_field, stream};
use crate::component;
use crate::{Chunk, Column, Presence, StoreId, TimeColumn, TimeKind, payload, proto};

/// Beyond these many cells the table would need more memory than its use is worth.
const MAX_CELLS: usize = 1 << 26;

/// Archetype, component, type.
type Descriptor = (Option<Arc<str>>, Arc<str>, Option<Arc<str>>);

/// Least and greatest time.
type Range = (i64, i64);

/// What a recording's chunks are, so far.
#[derive(Debug, Default)]
pub(super) struct Summary {
    chunks: Vec<Entry>,
    components: BTreeSet<Descriptor>,
    timelines: BTreeMap<(Arc<str>, TimeKind), BTreeSet<Descriptor>>,
    fields: BTreeMap<(Arc<str>, Descriptor), WideField>,
}

/// One component of one entity.
#[derive(Debug)]
struct WideField {
    field: Field,
    /// Some of its values hold at all times.
    is_static: bool,
    /// There is no value, only lists without any.
    is_empty: bool,
}

/// One chunk, a row of the table.
#[derive(Debug)]
struct Entry {
    entity: Arc<str>,
    id: [u8; 16],
    is_static: bool,
    rows: u64,
    place: Place,
    statics: BTreeSet<Descriptor>,
    ranges: BTreeMap<(Arc<str>, TimeKind), Times>,
}

/// The times of a chunk on one timeline.
#[derive(Debug)]
struct Times {
    range: Option<Range>,
    components: BTreeMap<Descriptor, (Option<Range>, u64)>,
}

/// Where a chunk is in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) uncompressed_size: u64,
}

impl Summary {
    /// Adds a chunk that was written.
    pub(super) fn add(&mut self, chunk: &Chunk, place: Place) {
        let is_static = chunk.is_static();
        for column in &chunk.columns {
            let key = (chunk.entity.clone(), descriptor(column));
            self.components.insert(key.1.clone());
            let wide = self.fields.entry(key).or_insert_with(|| WideField {
                field: component_field(column),
                is_static: false,
                is_empty: true,
            });
            wide.is_static |= is_static;
            wide.is_empty &= column.array().values().is_empty();
        }
        let mut ranges = BTreeMap::new();
        for times in &chunk.times {
            let key = (times.name.clone(), times.kind);
            let known = self.timelines.entry(key.clone()).or_default();
            known.extend(chunk.columns.iter().map(descriptor));
            let components = chunk
                .columns
                .iter()
                .map(|column| (descriptor(column), extent(times, column)));
            let times = Times {
                range: times.range(),
                components: components.collect(),
            };
            ranges.insert(key, times);
        }
        let statics = chunk.columns.iter().filter(|_| is_static).map(descriptor);
        self.chunks.push(Entry {
            entity: chunk.entity.clone(),
            id: chunk.id,
            is_static,
            rows: chunk.rows.len() as u64,
            place,
            statics: statics.collect(),
            ranges,
        });
    }

    /// The manifest; `None` if it would be too large.
    pub(super) fn manifest(&self, store: &StoreId) -> Result<Option<proto::Manifest>, ArrowError> {
        let per_timeline = self.timelines.values().map(|known| 2 + 3 * known.len());
        let columns = 7 + self.components.len() + per_timeline.sum::<usize>();
        if columns.saturating_mul(self.chunks.len()) > MAX_CELLS {
            return Ok(None);
        }
        let schema = self.schema();
        let batch = self.batch()?;
        let table = stream(&batch, batch.get_array_memory_size())?;
        Ok(Some(proto::Manifest {
            store_id: Some(store.to_proto()),
            schema: Some(proto::Schema {
                ipc: schema_bytes(&schema, true)?.into(),
            }),
            schema_sha256: schema_digest(&schema)?,
            table: Some(proto::Table {
                encoding: 1,
                payload: payload::compress(&table),
                compression: payload::LZ4,
                uncompressed_size: table.len() as u64,
            }),
        }))
    }

    /// All columns of the recording as one wide table would have them.
    fn schema(&self) -> Schema {
        let mut fields = vec![row_id_field(None)];
        let timelines = self.timelines.keys();
        fields.extend(timelines.map(|(name, kind)| index_field(name, times_type(*kind))));
        for ((entity, (_, name, _)), wide) in &self.fields {
            let metadata = wide.field.metadata().iter();
            let mut metadata: HashMap<String, String> = metadata
                .map(|(key, value)| (key.to_string(), value.to_string()))
                .collect();
            metadata.insert("rerun:entity_path".to_owned(), entity.to_string());
            let flags = [
                ("is_static", wide.is_static),
                ("is_tombstone", &**name == component::CLEAR_IS_RECURSIVE),
                ("is_semantically_empty", wide.is_empty),
            ];
            for (flag, _) in flags.into_iter().filter(|(_, set)| *set) {
                metadata.insert(format!("rerun:{flag}"), "true".to_owned());
            }
            let name = wide_name(entity, name);
            fields.push(wide.field.clone().with_name(name).with_metadata(metadata));
        }
        Schema::new(fields)
    }

    fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let mut table = Columns::default();
        let chunks = || self.chunks.iter();
        let ids: Vec<u8> = chunks().flat_map(|chunk| chunk.id).collect();
        table.add(
            required("chunk_entity_path", DataType::Utf8),
            StringArray::from_iter_values(chunks().map(|chunk| &*chunk.entity)),
        );
        table.add(
            required("chunk_id", DataType::FixedSizeBinary(16)),
            FixedSizeBinaryArray::try_new(16, Buffer::from_vec(ids), None)?,
        );
        table.add(
            required("chunk_is_static", DataType::Boolean),
            BooleanArray::from_iter(chunks().map(|chunk| Some(chunk.is_static))),
        );
        let numbers: [(&str, fn(&Entry) -> u64); 4] = [
            ("chunk_num_rows", |chunk| chunk.rows),
            ("chunk_byte_offset", |chunk| chunk.place.offset),
            ("chunk_byte_size", |chunk| chunk.place.size),
            ("chunk_byte_size_uncompressed", |chunk| {
                chunk.place.uncompressed_size
            }),
        ];
        for (name, number) in numbers {
            let numbers = UInt64Array::from_iter_values(chunks().map(number));
            table.add(required(name, DataType::UInt64), numbers);
        }
        for component in &self.components {
            let field = required(
                &format!("{}:has_static_data", component.1),
                DataType::Boolean,
            )
            .with_metadata(described("rerun:static", Some(component)));
            let has = chunks().map(|chunk| Some(chunk.statics.contains(component)));
            table.add(field, BooleanArray::from_iter(has));
        }
        for timeline in self.timelines.keys() {
            let ranges = chunks().map(|chunk| chunk.ranges.get(timeline)?.range);
            table.add_range(&timeline.0, timeline, None, ranges);
        }
        for (timeline, components) in &self.timelines {
            for component in components {
                let of = |chunk: &Entry| {
                    let times = chunk.ranges.get(timeline)?;
                    times.components.get(component).copied()
                };
                let prefix = format!("{}:{}", timeline.0, component.1);
                let ranges = chunks().map(|chunk| of(chunk)?.0);
                table.add_range(&prefix, timeline, Some(component), ranges);
                let rows = chunks().map(|chunk| of(chunk).map_or(0, |(_, rows)| rows));
                let field = Field::new(format!("{prefix}:num_rows"), DataType::UInt64, true)
                    .with_metadata(described(&timeline.0, Some(component)));
                table.add(field, UInt64Array::from_iter_values(rows));
            }
        }
        RecordBatch::try_new(Arc::new(Schema::new(table.fields)), table.arrays)
    }
}

/// The columns of the table.
#[derive(Default)]
struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    fn add(&mut self, field: Field, array: impl Array + 'static) {
        self.fields.push(field);
        self.arrays.push(Arc::new(array));
    }

    /// Two columns: where ranges start and where they end.
    fn add_range(
        &mut self,
        prefix: &str,
        (timeline, kind): &(Arc<str>, TimeKind),
        component: Option<&Descriptor>,
        ranges: impl Iterator<Item = Option<Range>> + Clone,
    ) {
        let nulls = || Some(ranges.clone().map(|range| range.is_some()).collect());
        let ends: [(&str, fn(Range) -> i64); 2] = [("start", |r| r.0), ("end", |r| r.1)];
        for (name, end) in ends {
            let times = ranges.clone().map(|range| range.map_or(0, end)).collect();
            let field = Field::new(format!("{prefix}:{name}"), times_type(*kind), true)
                .with_metadata(described(timeline, component));
            self.fields.push(field);
            self.arrays.push(array_of(*kind, times, nulls()));
        }
    }
}

fn descriptor(column: &Column) -> Descriptor {
    (
        column.archetype.clone(),
        column.name.clone(),
        column.component_type.clone(),
    )
}

/// The times at which a column has values, and how many.
fn extent(times: &TimeColumn, column: &Column) -> (Option<Range>, u64) {
    let present = || (0..column.len()).filter(|row| column.presence(*row) != Presence::Null);
    let known = || present().filter_map(|row| times.get(row));
    let range = known().min().zip(known().max());
    (range, present().count() as u64)
}

fn times_type(kind: TimeKind) -> DataType {
    array_of(kind, Vec::new().into(), None).data_type().clone()
}

fn required(name: &str, data_type: DataType) -> Field {
    Field::new(name, data_type, false)
}

fn described(index: &str, component: Option<&Descriptor>) -> HashMap<String, String> {
    let mut metadata = HashMap::new();
    let mut add = |key: &str, value: &str| metadata.insert(key.to_owned(), value.to_owned());
    add("rerun:index", index);
    if let Some((archetype, name, kind)) = component {
        add("rerun:component", name);
        for (key, value) in [("archetype", archetype), ("component_type", kind)] {
            if let Some(value) = value {
                add(&format!("rerun:{key}"), value);
            }
        }
    }
    metadata
}

/// A component's name among those of all entities.
fn wide_name(entity: &str, component: &str) -> String {
    match entity.strip_prefix("/__properties") {
        Some("") => format!("property:{component}"),
        Some(property) if property.starts_with('/') => {
            format!("property:{}:{component}", property.trim_start_matches('/'))
        }
        _ => format!("{entity}:{component}"),
    }
}

fn schema_bytes(schema: &Schema, with_end: bool) -> Result<Vec<u8>, ArrowError> {
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new(&mut bytes, schema)?;
    if with_end {
        writer.finish()?;
    }
    drop(writer);
    Ok(bytes)
}

/// The digest of a schema: of the IPC stream that starts with its sorted fields, without an end.
fn schema_digest(schema: &Schema) -> Result<Bytes, ArrowError> {
    let mut fields: Vec<FieldRef> = schema.fields().iter().cloned().collect();
    fields.sort();
    let digest = sha2::Sha256::digest(schema_bytes(&Schema::new(fields), false)?);
    Ok(Bytes::copy_from_slice(&digest))
}
