//! Chunks: what was put in comes out, whatever the Arrow type that carries it.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, FixedSizeListArray, LargeBinaryArray, LargeListArray, ListArray,
    RecordBatch, UInt8Array, UInt32Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;
use reelscope_wire::{
    Cell, Chunk, ChunkBuilder, Column, ImageFormat, Presence, RowId, TimeColumn, TimeKind,
    component,
};

use crate::samples;

fn reread(chunk: &Chunk) -> Chunk {
    Chunk::decode(chunk.encode().unwrap().into()).unwrap()
}

#[test]
fn all_types_of_values_survive_encoding() {
    let format = ImageFormat {
        width: 1920,
        height: 1080,
        pixel_format: None,
        color_model: Some(2),
        channel_datatype: Some(6),
    };
    let chunk = ChunkBuilder::new("/a\\ path/ünï\\[x\\]")
        .times("frame", TimeKind::Sequence, vec![-5])
        .times(
            "log_time",
            TimeKind::Timestamp,
            vec![1_700_000_000_000_000_000],
        )
        .times("video", TimeKind::Duration, vec![i64::MAX])
        .column(Column::new(
            component::VIDEO_STREAM_CODEC,
            [0x6176_6331_u32],
        ))
        .column(Column::new(
            component::VIDEO_STREAM_SAMPLE,
            [&b"\0\0\0\x01\x65"[..]],
        ))
        .column(Column::new(component::VIDEO_STREAM_IS_KEYFRAME, [true]))
        .column(Column::new(
            component::VIDEO_FRAME_REFERENCE_TIMESTAMP,
            [-1_i64],
        ))
        .column(Column::new(component::IMAGE_FORMAT, [format]))
        .column(Column::new(component::IMAGE_OPACITY, [0.5_f32]))
        .column(Column::new(component::SCALARS_SCALARS, [1e300_f64]))
        .column(Column::new(
            component::ASSET_VIDEO_MEDIA_TYPE,
            ["video/mp4"],
        ))
        .column(Column::new("mine", [200_u8]))
        .build()
        .unwrap();
    let read = reread(&chunk);

    assert_eq!(&*read.entity, "/a\\ path/ünï\\[x\\]");
    assert_eq!((read.id, &read.rows), (chunk.id, &chunk.rows));
    assert_eq!(read.times, chunk.times);
    let column = |name| read.column(name).unwrap();
    assert_eq!(
        column(component::VIDEO_STREAM_CODEC).u32(0),
        Some(0x6176_6331)
    );
    let sample = column(component::VIDEO_STREAM_SAMPLE).blob(0).unwrap();
    assert_eq!(&sample[..], b"\0\0\0\x01\x65");
    assert_eq!(
        column(component::VIDEO_STREAM_IS_KEYFRAME).bool(0),
        Some(true)
    );
    assert_eq!(
        column(component::VIDEO_FRAME_REFERENCE_TIMESTAMP).i64(0),
        Some(-1)
    );
    assert_eq!(
        column(component::IMAGE_FORMAT).image_format(0),
        Some(format)
    );
    assert_eq!(column(component::IMAGE_OPACITY).f32(0), Some(0.5));
    assert_eq!(column(component::SCALARS_SCALARS).f64(0), Some(1e300));
    assert_eq!(
        column(component::ASSET_VIDEO_MEDIA_TYPE).text(0),
        Some("video/mp4")
    );
    assert_eq!(column("mine").u8(0), Some(200));
    assert_eq!(column("mine").archetype, None);
    let archetype = column(component::IMAGE_FORMAT).archetype.as_deref();
    assert_eq!(archetype, Some("rerun.archetypes.Image"));
}

#[test]
fn null_and_empty_and_a_value_are_three_things() {
    let cells = [Cell::Null, Cell::Empty, Cell::Value(7_u32)];
    let chunk = ChunkBuilder::new("/x")
        .column(Column::from_cells("n", cells))
        .build()
        .unwrap();
    assert!(chunk.is_static());
    let column = &reread(&chunk).columns[0];
    let presence: Vec<Presence> = (0..4).map(|row| column.presence(row)).collect();
    assert_eq!(
        presence,
        [
            Presence::Null,
            Presence::Empty,
            Presence::Values(1),
            Presence::Null
        ]
    );
    let values: Vec<_> = (0..4).map(|row| column.u32(row)).collect();
    assert_eq!(values, [None, None, Some(7), None]);
}

#[test]
fn a_row_may_have_no_time() {
    let times = TimeColumn::sparse("frame", TimeKind::Sequence, &[Some(3), None]);
    let chunk = ChunkBuilder::new("/x")
        .time_column(times)
        .column(Column::new("n", [1_u8, 2]))
        .build()
        .unwrap();
    let times = &reread(&chunk).times[0];
    assert_eq!(
        (times.get(0), times.get(1), times.get(2)),
        (Some(3), None, None)
    );
    assert_eq!(times.range(), Some((3, 3)));
}

#[test]
fn another_type_than_expected_is_no_value() {
    let column = Column::new(component::VIDEO_STREAM_CODEC, ["H264"]);
    assert_eq!(column.u32(0), None);
    assert_eq!(column.blob(0), None);
    assert_eq!(column.image_format(0), None);
    assert_eq!(column.text(0), Some("H264"));
    assert_eq!(column.data_type_name(), "Utf8");
}

#[test]
fn columns_of_different_lengths_are_no_chunk() {
    let built = ChunkBuilder::new("/x")
        .times("frame", TimeKind::Sequence, vec![1, 2])
        .column(Column::new("n", [1_u8]))
        .build();
    let words = built.unwrap_err().to_string();
    assert_eq!(words, "the column n has 1 rows, its chunk 2");
}

#[test]
fn a_blob_is_not_copied_out_of_a_chunk() {
    let chunk = samples(&[&[1; 1000], &[2; 1000]]);
    // Aligned as a received payload is.
    let encoded = chunk.encode().unwrap();
    let chunk = Chunk::decode(encoded.into()).unwrap();
    let column = chunk.column(component::VIDEO_STREAM_SAMPLE).unwrap();
    let (first, second) = (column.blob(0).unwrap(), column.blob(1).unwrap());
    assert_eq!(second.as_ptr() as usize - first.as_ptr() as usize, 1000);
    drop(chunk);
    assert_eq!(second, &[2; 1000][..]);
}

#[test]
fn other_tools_find_the_metadata_that_they_look_for() {
    let chunk = samples(&[b"sample"]);
    let encoded = chunk.encode().unwrap();
    let reader = StreamReader::try_new(&encoded[..], None).unwrap();
    let schema = reader.schema();
    let metadata = |key: &str| schema.metadata().get(key).map(ToString::to_string);
    assert_eq!(metadata("rerun:entity_path").as_deref(), Some("/camera"));
    assert_eq!(metadata("sorbet:version").as_deref(), Some("0.1.3"));
    let id = u128::from_be_bytes(chunk.id);
    assert_eq!(metadata("rerun:id"), Some(format!("chunk_{id:032X}")));

    let field = |at: usize, key: &str| {
        let value = schema.field(at).metadata().get(key);
        value.map(ToString::to_string)
    };
    let expected = [
        (0, "rerun:kind", "control"),
        (0, "rerun:is_sorted", "true"),
        (0, "ARROW:extension:name", "rerun.datatypes.TUID"),
        (0, "ARROW:extension:metadata", "{\"namespace\":\"row\"}"),
        (1, "rerun:kind", "index"),
        (1, "rerun:index_name", "frame"),
        (1, "rerun:is_sorted", "true"),
        (2, "rerun:kind", "data"),
        (2, "rerun:component", "VideoStream:sample"),
        (2, "rerun:archetype", "rerun.archetypes.VideoStream"),
        (2, "rerun:component_type", "rerun.components.VideoSample"),
    ];
    for (at, key, value) in expected {
        assert_eq!(field(at, key).as_deref(), Some(value), "{key}");
    }
    let types: Vec<String> = schema
        .fields()
        .iter()
        .map(|field| field.data_type().to_string())
        .collect();
    let list = "List(List(non-null UInt8))";
    assert_eq!(types, ["FixedSizeBinary(16)", "Int64", list]);
}

#[test]
fn unsorted_times_are_not_said_to_be_sorted() {
    let chunk = ChunkBuilder::new("/x")
        .times("frame", TimeKind::Sequence, vec![2, 1])
        .column(Column::new("n", [1_u8, 2]))
        .build()
        .unwrap();
    let encoded = chunk.encode().unwrap();
    let schema = StreamReader::try_new(&encoded[..], None).unwrap().schema();
    assert!(schema.field(1).metadata().get("rerun:is_sorted").is_none());
}

/// A chunk as another writer might make it: with these values in its one column.
fn foreign(values: ArrayRef, kinds: [&str; 2], metadata: &[(&str, &str)]) -> Bytes {
    let rows = (0..values.len() as u64).map(|counter| RowId {
        time_ns: 1,
        counter,
    });
    let ids: Vec<[u8; 16]> = rows.map(RowId::to_bytes).collect();
    let ids = arrow_array::FixedSizeBinaryArray::try_from_iter(ids.into_iter()).unwrap();
    let strings = |pairs: &[(&str, &str)]| -> HashMap<String, String> {
        let pairs = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        pairs.collect()
    };
    let kind = |kind: &str| strings(&[("rerun:kind", kind)]);
    let schema = Schema::new_with_metadata(
        vec![
            Field::new("rerun.controls.RowId", DataType::FixedSizeBinary(16), false)
                .with_metadata(kind(kinds[0])),
            Field::new("blob", values.data_type().clone(), true).with_metadata(kind(kinds[1])),
        ],
        strings(metadata),
    );
    let batch = RecordBatch::try_new(Arc::new(schema), vec![Arc::new(ids), values]).unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap().into()
}

const ENTITY: &[(&str, &str)] = &[("rerun:entity_path", "/x")];

/// One list for each value.
fn one_each(values: ArrayRef) -> ArrayRef {
    let item = Arc::new(Field::new("item", values.data_type().clone(), true));
    let offsets = OffsetBuffer::from_repeated_length(1, values.len());
    Arc::new(ListArray::new(item, offsets, values, None))
}

#[test]
fn blobs_are_read_from_all_types_that_can_hold_bytes() {
    let blobs: [&[u8]; 2] = [b"first", b"second blob"];
    let bytes: ArrayRef = Arc::new(UInt8Array::from(blobs.concat()));
    let byte = Arc::new(Field::new("item", DataType::UInt8, false));
    let offsets = OffsetBuffer::from_lengths([5, 11]);
    let lists: ArrayRef = Arc::new(ListArray::new(byte.clone(), offsets, bytes.clone(), None));
    let offsets = OffsetBuffer::from_lengths([5, 11]);
    let large: ArrayRef = Arc::new(LargeListArray::new(byte, offsets, bytes, None));
    let item = Arc::new(Field::new("item", lists.data_type().clone(), true));
    let outer = LargeListArray::new(
        item.clone(),
        OffsetBuffer::from_lengths([1, 1]),
        lists.clone(),
        None,
    );
    let fixed = FixedSizeListArray::new(item, 1, lists.clone(), None);
    let columns: [ArrayRef; 6] = [
        one_each(lists),
        one_each(large),
        one_each(Arc::new(BinaryArray::from(blobs.to_vec()))),
        one_each(Arc::new(LargeBinaryArray::from(blobs.to_vec()))),
        Arc::new(outer),
        Arc::new(fixed),
    ];
    for column in columns {
        let name = column.data_type().to_string();
        let chunk = Chunk::decode(foreign(column, ["control", "data"], ENTITY)).unwrap();
        let read: Vec<_> = (0..2)
            .filter_map(|row| chunk.columns[0].blob(row))
            .collect();
        assert_eq!(read, blobs, "{name}");
    }
}

#[test]
fn a_column_without_lists_has_one_value_in_each_row() {
    let values = Arc::new(UInt32Array::from(vec![5, 6]));
    let chunk = Chunk::decode(foreign(values, ["row_id", "component"], ENTITY)).unwrap();
    assert_eq!(chunk.columns[0].u32(1), Some(6));
}

#[test]
fn what_makes_no_chunk_is_refused_in_words() {
    let values: ArrayRef = Arc::new(UInt32Array::from(vec![5]));
    let words = |ipc| Chunk::decode(ipc).unwrap_err().to_string();
    let older = foreign(
        values.clone(),
        ["control", "data"],
        &[("rerun.entity_path", "/x")],
    );
    assert!(words(older).contains("before 0.24"));
    let unnamed = foreign(values.clone(), ["data", "data"], ENTITY);
    assert_eq!(words(unnamed), "a chunk has no row ids");
    let odd_times = foreign(one_each(values), ["control", "index"], ENTITY);
    assert!(words(odd_times).starts_with("the column blob of a chunk has the type List"));
    assert!(words(Bytes::new()).contains("0 tables"));
}

#[test]
fn a_chunk_has_one_table() {
    let chunk = samples(&[b"sample"]).encode().unwrap();
    let batch = StreamReader::try_new(&chunk[..], None)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.write(&batch).unwrap();
    let twice = writer.into_inner().unwrap();
    let words = Chunk::decode(twice.into()).unwrap_err().to_string();
    assert_eq!(words, "a chunk has 2 tables in place of one");
}

#[test]
fn the_time_of_encoding_is_kept() {
    let mut chunk = samples(&[b"sample"]);
    chunk.encoded_at = Some(1_700_000_000_000_000_042);
    assert_eq!(reread(&chunk).encoded_at, chunk.encoded_at);
}
