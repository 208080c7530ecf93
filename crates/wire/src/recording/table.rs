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

/// A timeline's name and kind.
type Axis = (Arc<str>, TimeKind);

/// What a recording's chunks are, so far.
#[derive(Debug, Default)]
pub(super) struct Summary {
    chunks: Vec<Entry>,
    /// There were too many to keep.
    is_too_large: bool,
    entities: BTreeSet<Arc<str>>,
    /// With their numbers in entries, as the timelines below.
    components: BTreeMap<Descriptor, u32>,
    timelines: BTreeMap<Axis, (u32, BTreeMap<Descriptor, u32>)>,
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

/// What a column of numbers says of a chunk.
type Number = fn(&Entry) -> u64;

/// One chunk, a row of the table.
#[derive(Debug)]
struct Entry {
    entity: Arc<str>,
    id: [u8; 16],
    is_static: bool,
    rows: u64,
    place: Place,
    /// Components whose values hold at all times.
    statics: Box<[u32]>,
    /// By timeline.
    ranges: Box<[(u32, Times)]>,
}

/// The times of a chunk on one timeline.
#[derive(Debug)]
struct Times {
    range: Option<Range>,
    /// By component: where it has values, and how many.
    components: Box<[(u32, Option<Range>, u64)]>,
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
        if self.is_too_large {
            return;
        }
        let entity = match self.entities.get(&chunk.entity) {
            Some(known) => known.clone(),
            None => {
                self.entities.insert(chunk.entity.clone());
                chunk.entity.clone()
            }
        };
        let is_static = chunk.is_static();
        let mut numbers = Vec::with_capacity(chunk.columns.len());
        for column in &chunk.columns {
            let key = (entity.clone(), descriptor(column));
            let next = number_after(self.components.len());
            numbers.push(*self.components.entry(key.1.clone()).or_insert(next));
            let wide = self.fields.entry(key).or_insert_with(|| WideField {
                field: component_field(column),
                is_static: false,
                is_empty: true,
            });
            wide.is_static |= is_static;
            wide.is_empty &= column.array().values().is_empty();
        }
        let mut ranges = Vec::with_capacity(chunk.times.len());
        for times in &chunk.times {
            let key = (times.name.clone(), times.kind);
            let next = number_after(self.timelines.len());
            let (timeline, known) = self
                .timelines
                .entry(key)
                .or_insert_with(|| (next, BTreeMap::new()));
            for (column, number) in chunk.columns.iter().zip(&numbers) {
                known.insert(descriptor(column), *number);
            }
            let extents = chunk.columns.iter().zip(&numbers).map(|(column, number)| {
                let (range, rows) = extent(times, column);
                (*number, range, rows)
            });
            let times = Times {
                range: times.range(),
                components: extents.collect(),
            };
            ranges.push((*timeline, times));
        }
        self.chunks.push(Entry {
            entity,
            id: chunk.id,
            is_static,
            rows: chunk.rows.len() as u64,
            place,
            statics: if is_static {
                numbers.into()
            } else {
                Box::default()
            },
            ranges: ranges.into(),
        });
        if self.cells() > MAX_CELLS {
            *self = Self {
                is_too_large: true,
                ..Self::default()
            };
        }
    }

    /// Cells of the table.
    fn cells(&self) -> usize {
        let per_timeline = self
            .timelines
            .values()
            .map(|(_, known)| 2 + 3 * known.len());
        let columns = 7 + self.components.len() + per_timeline.sum::<usize>();
        columns.saturating_mul(self.chunks.len())
    }

    /// The manifest; `None` if it would be too large.
    pub(super) fn manifest(&self, store: &StoreId) -> Result<Option<proto::Manifest>, ArrowError> {
        if self.is_too_large {
            return Ok(None);
        }
        let schema = self.schema();
        let batch = self.batch()?;
        let table = stream(&batch)?;
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
        let numbers: [(&str, Number); 4] = [
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
        for (component, number) in &self.components {
            let field = required(
                &format!("{}:has_static_data", component.1),
                DataType::Boolean,
            )
            .with_metadata(described("rerun:static", Some(component)));
            let has = chunks().map(|chunk| Some(chunk.statics.contains(number)));
            table.add(field, BooleanArray::from_iter(has));
        }
        for (timeline, (number, _)) in &self.timelines {
            let ranges = chunks().map(|chunk| chunk.times(*number)?.range);
            table.add_range(&timeline.0, timeline, None, ranges);
        }
        for (timeline, (axis, components)) in &self.timelines {
            for (component, number) in components {
                let of = |chunk: &Entry| {
                    let mut known = chunk.times(*axis)?.components.iter();
                    let found = known.find(|(known, ..)| known == number);
                    found.map(|(_, range, rows)| (*range, *rows))
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

impl Entry {
    fn times(&self, timeline: u32) -> Option<&Times> {
        let mut ranges = self.ranges.iter();
        let found = ranges.find(|(known, _)| *known == timeline);
        found.map(|(_, times)| times)
    }
}

fn number_after(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
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
        for name in ["start", "end"] {
            let end = |(start, end): Range| if name == "start" { start } else { end };
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use prost::Message as _;

    use super::*;
    use crate::LogMessage;
    use crate::chunk::one_batch;
    use crate::recording::layout::FooterEntry;
    use crate::recording::{Item, RecordingReader};

    const STOCK: [&[u8]; 3] = [
        include_bytes!("../../tests/recordings/v0.30.2.rrd"),
        include_bytes!("../../tests/recordings/v0.36.3.rrd"),
        include_bytes!("../../tests/recordings/v0.41.0.rrd"),
    ];

    fn manifest(file: &[u8]) -> proto::Manifest {
        let entry = FooterEntry::read(&file[file.len() - 32..]).unwrap();
        let body = &file[entry.start as usize..][..entry.length as usize];
        proto::Footer::decode(body).unwrap().manifests.remove(0)
    }

    #[test]
    fn the_digest_of_a_schema_is_the_one_that_the_stock_sdk_computes() {
        for file in STOCK {
            let manifest = manifest(file);
            let ipc = manifest.schema.unwrap().ipc;
            let reader = arrow_ipc::reader::StreamReader::try_new(Cursor::new(ipc), None).unwrap();
            let digest = schema_digest(&reader.schema()).unwrap();
            assert_eq!(digest, manifest.schema_sha256);
        }
    }

    #[test]
    fn the_manifest_is_the_one_that_the_stock_sdk_writes() {
        let file = STOCK[2];
        let stock = manifest(file);
        let store = StoreId::from_proto(stock.store_id.as_ref().unwrap());
        let mut summary = Summary::default();
        let mut reader = RecordingReader::open(Cursor::new(file)).unwrap();
        while let Some(item) = reader.next().unwrap() {
            if let Item::Message(LogMessage::Chunk(_, chunk), _) = item {
                let place = Place {
                    offset: 0,
                    size: 0,
                    uncompressed_size: 0,
                };
                summary.add(&chunk, place);
            }
        }
        let ours = summary.manifest(&store).unwrap().unwrap();
        assert_eq!(ours.schema_sha256, stock.schema_sha256);
        let table = |manifest: proto::Manifest| {
            let table = manifest.table.unwrap();
            let ipc = payload::unpack(
                table.compression,
                table.uncompressed_size,
                table.payload,
                u64::MAX,
            );
            one_batch(ipc.unwrap()).unwrap()
        };
        let (ours, stock) = (table(ours), table(stock));
        assert_eq!(ours.num_columns(), stock.num_columns());
        for (field, column) in stock.schema().fields().iter().zip(stock.columns()) {
            let name = field.name();
            let is_place = name.starts_with("chunk_byte_");
            assert_eq!(ours.schema().field_with_name(name).unwrap(), &**field);
            assert!(
                is_place || ours.column_by_name(name).unwrap() == column,
                "{name}"
            );
        }
    }
}
