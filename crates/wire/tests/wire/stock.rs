//! Recordings that the stock SDK wrote, four versions of it: `recordings/make.py` says what is in them.

use std::path::Path;

use bytes::Bytes;
use reelscope_wire::{
    Chunk, Container, ImageFormat, Presence, RecordingWriter, TimeKind, component, recognise,
};

use crate::recordings::{contents, open};

const VERSIONS: [&str; 4] = ["0.24.1", "0.30.2", "0.36.3", "0.41.0"];

fn stock(version: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    std::fs::read(folder.join(format!("v{version}.rrd"))).unwrap()
}

/// The one chunk of an entity that says something about a component.
fn chunk_with<'a>(chunks: &'a [Chunk], entity: &str, component: &str) -> &'a Chunk {
    let mut found = chunks
        .iter()
        .filter(|chunk| &*chunk.entity == entity && chunk.column(component).is_some());
    let first = found.next().unwrap();
    assert!(found.next().is_none());
    first
}

fn check(version: &str, chunks: &[Chunk]) {
    let codec = chunk_with(chunks, "/camera", component::VIDEO_STREAM_CODEC);
    assert!(codec.is_static());
    let codec = codec.column(component::VIDEO_STREAM_CODEC).unwrap();
    assert_eq!(codec.u32(0).map(u32::to_be_bytes), Some(*b"avc1"));

    let samples = chunk_with(chunks, "/camera", component::VIDEO_STREAM_SAMPLE);
    let times = |name: &str| {
        let times = samples.time(name).unwrap();
        let values: Vec<_> = (0..times.len())
            .map(|row| times.get(row).unwrap())
            .collect();
        (times.kind, values)
    };
    assert_eq!(times("frame"), (TimeKind::Sequence, vec![0, 1, 2]));
    let quarter = 250_000_000;
    assert_eq!(
        times("video"),
        (TimeKind::Duration, vec![0, quarter, 2 * quarter])
    );
    assert_eq!(times("log_time").0, TimeKind::Timestamp);
    // On by default only in the older ones.
    assert_eq!(samples.time("log_tick").is_some(), version < "0.36");
    let column = samples.column(component::VIDEO_STREAM_SAMPLE).unwrap();
    let blobs: Vec<Bytes> = (0..3).map(|row| column.blob(row).unwrap()).collect();
    assert_eq!(blobs, [&[0][..], &[1, 1], &[2, 2, 2]]);
    assert!(samples.rows.is_sorted());

    let file = chunk_with(chunks, "/file", component::ASSET_VIDEO_BLOB);
    let column = |name| file.column(name).unwrap();
    assert_eq!(
        column(component::ASSET_VIDEO_BLOB).blob(0).unwrap(),
        "not a video"
    );
    assert_eq!(
        column(component::ASSET_VIDEO_MEDIA_TYPE).text(0),
        Some("video/mp4")
    );

    let references: Vec<&Chunk> = chunks
        .iter()
        .filter(|chunk| {
            chunk
                .column(component::VIDEO_FRAME_REFERENCE_TIMESTAMP)
                .is_some()
        })
        .collect();
    let says = |name: &str, wanted: Presence| {
        let says = |chunk: &&&Chunk| chunk.column(name).unwrap().presence(0) == wanted;
        references.iter().find(says).unwrap()
    };
    let path = component::VIDEO_FRAME_REFERENCE_VIDEO_REFERENCE;
    let first = says(path, Presence::Values(1));
    assert_eq!(first.column(path).unwrap().text(0), Some("other/file"));
    let time = first
        .column(component::VIDEO_FRAME_REFERENCE_TIMESTAMP)
        .unwrap();
    assert_eq!(time.i64(0), Some(1_500_000_000));
    says(path, Presence::Empty);

    let image = chunk_with(chunks, "/a\\ b/image", component::IMAGE_BUFFER);
    let format = image.column(component::IMAGE_FORMAT).unwrap();
    let expected = ImageFormat {
        width: 2,
        height: 2,
        pixel_format: None,
        color_model: Some(2),
        channel_datatype: Some(6),
    };
    assert_eq!(format.image_format(0), Some(expected));
    let pixels = image
        .column(component::IMAGE_BUFFER)
        .unwrap()
        .blob(0)
        .unwrap();
    assert_eq!(&pixels[..], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    let clear = chunk_with(chunks, "/a\\ b", component::CLEAR_IS_RECURSIVE);
    let clear = clear.column(component::CLEAR_IS_RECURSIVE).unwrap();
    assert_eq!(clear.bool(0), Some(true));
}

#[test]
fn recordings_of_all_versions_hold_what_was_logged() {
    for version in VERSIONS {
        let file = stock(version);
        let Some(Container::Recording { version: written }) = recognise(&file) else {
            panic!("not recognised");
        };
        assert_eq!(written.to_string(), version);
        let mut reader = open(file);
        let read = contents(&mut reader);
        assert!(reader.is_ended() && read.skipped.is_empty());
        for (store, _) in &read.chunks {
            assert_eq!(&*store.application_id, "reelscope_stock");
            assert_eq!(*store.recording_id, *format!("stock-{version}"));
        }
        let chunks: Vec<Chunk> = read.chunks.into_iter().map(|(_, chunk)| chunk).collect();
        check(version, &chunks);
    }
}

#[test]
fn manifests_of_all_versions_that_have_one_lead_to_the_chunks() {
    for version in VERSIONS {
        let mut reader = open(stock(version));
        let Some(manifest) = reader.manifest() else {
            assert_eq!(version, "0.24.1");
            continue;
        };
        let read = manifest.chunks.iter().map(|entry| {
            let (_, chunk) = reader.read_chunk_at(entry.offset, entry.size).unwrap();
            assert_eq!((chunk.id, &chunk.entity), (entry.id, &entry.entity));
            assert_eq!(chunk.rows.len() as u64, entry.rows);
            assert_eq!(chunk.is_static(), entry.is_static);
            chunk
        });
        check(version, &read.collect::<Vec<_>>());
    }
}

#[test]
fn recordings_of_all_versions_survive_being_saved() {
    for version in VERSIONS {
        let mut writer = RecordingWriter::new(Vec::new()).unwrap();
        for (store, chunk) in contents(&mut open(stock(version))).chunks {
            writer.chunk(&store, &chunk).unwrap();
        }
        let mut reader = open(writer.finish().unwrap());
        assert!(reader.manifest().is_some());
        let read = contents(&mut reader)
            .chunks
            .into_iter()
            .map(|(_, chunk)| chunk);
        check(version, &read.collect::<Vec<_>>());
    }
}

/// All recordings of the folder that `REELSCOPE_RECORDINGS` names, if it is set: none has a message
/// that is not readable.
#[test]
fn recordings_of_the_folder_are_readable() {
    let Some(folder) = std::env::var_os("REELSCOPE_RECORDINGS") else {
        return;
    };
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rrd") {
            continue;
        }
        let read = contents(&mut open(std::fs::read(&path).unwrap()));
        assert!(
            read.skipped.is_empty(),
            "{}: {:?}",
            path.display(),
            read.skipped
        );
        assert!(read.stores + read.chunks.len() > 0, "{}", path.display());
        count += 1;
    }
    assert!(count > 0, "no recordings in the folder");
}
