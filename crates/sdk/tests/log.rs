//! What is logged arrives: in files, at servers, and at servers that come back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use reelscope_sdk::{
    AssetVideo, ChannelDatatype, Clear, Component, ComponentColumn, ComponentValue, DepthImage,
    EncodedImage, Image, RecordingStream, SegmentationImage, SpawnOptions, TimeColumn, TimeKind,
    VideoCodec, VideoFrameReference, VideoStream,
};
use reelscope_wire::{
    Chunk, Item, LogMessage, Presence, RecordingReader, Server, ServerEvent, ServerOptions,
    component,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// All chunks of a recording file, by entity.
fn chunks(path: &Path) -> BTreeMap<String, Vec<Chunk>> {
    let mut reader = RecordingReader::open(BufReader::new(File::open(path).unwrap())).unwrap();
    let mut all: BTreeMap<String, Vec<Chunk>> = BTreeMap::new();
    while let Some(item) = reader.next().unwrap() {
        if let Item::Message(LogMessage::Chunk(_, chunk), _) = item {
            all.entry(chunk.entity.to_string()).or_default().push(chunk);
        }
    }
    all
}

fn clip() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/clips/av1.mp4");
    std::fs::read(path).unwrap()
}

fn free_addr() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

fn server(addr: SocketAddr) -> (Server, Receiver<ServerEvent>) {
    let (sender, events) = channel();
    let options = ServerOptions {
        addrs: vec![addr],
        ..ServerOptions::default()
    };
    let handler = move |event| drop(sender.send(event));
    (Server::start(&options, Arc::new(handler)).unwrap(), events)
}

/// The frames of the rows of `/camera` that have come, in order; ends once `last` is among them.
fn frames(events: &Receiver<ServerEvent>, last: i64) -> Vec<i64> {
    let start = Instant::now();
    let mut frames = Vec::new();
    while !frames.contains(&last) && start.elapsed() < PATIENCE {
        let Ok(event) = events.recv_timeout(PATIENCE) else {
            break;
        };
        if let ServerEvent::Message(_, LogMessage::Chunk(_, chunk), _) = event
            && &*chunk.entity == "/camera"
            && let Some(times) = chunk.time("frame")
        {
            frames.extend((0..times.len()).filter_map(|row| times.get(row)));
        }
    }
    frames.sort_unstable();
    frames
}

#[test]
fn every_archetype_is_in_the_file_as_it_was_logged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.rrd");
    let recording = RecordingStream::new("all")
        .recording_id("one")
        .save(&path)
        .unwrap();
    assert_eq!(recording.recording_id(), "one");
    recording
        .log_static("stream", &VideoStream::codec(VideoCodec::Vp9))
        .unwrap();
    recording.set_time_sequence("frame", 3);
    recording.set_time_duration("t", 1_500);
    recording.set_time_nanos_since_epoch("when", 1_700_000_000_000_000_000);
    let sample = VideoStream::sample(b"sample".to_vec()).with_is_keyframe(true);
    recording.log("stream", &sample).unwrap();
    let pixels: Vec<u8> = (0..12).collect();
    recording
        .log(
            "raw/picture",
            &Image::from_rgb24(pixels.clone(), 2, 2).unwrap(),
        )
        .unwrap();
    let jpeg = EncodedImage::from_file_contents(b"\xff\xd8\xff\xe0".to_vec()).with_opacity(0.5);
    recording.log("jpeg", &jpeg).unwrap();
    recording
        .log_static("asset", &AssetVideo::from_file_contents(clip()))
        .unwrap();
    let reference = VideoFrameReference::new(40_000_000).with_video_reference("asset");
    recording.log("ref", &reference).unwrap();
    recording.log("raw", &Clear::recursive()).unwrap();
    recording.finish().unwrap();

    let all = chunks(&path);
    let one = |entity: &str, name: &str| {
        let chunk = all[entity]
            .iter()
            .find(|chunk| chunk.column(name).is_some())
            .unwrap();
        (chunk.clone(), chunk.column(name).unwrap().clone())
    };
    let (chunk, codec) = one("/stream", component::VIDEO_STREAM_CODEC);
    assert!(chunk.is_static());
    assert_eq!(codec.u32(0), Some(u32::from_be_bytes(*b"vp09")));
    let (chunk, sample) = one("/stream", component::VIDEO_STREAM_SAMPLE);
    assert_eq!(sample.blob(0).unwrap(), b"sample"[..]);
    assert_eq!(chunk.time("frame").unwrap().get(0), Some(3));
    assert_eq!(chunk.time("t").unwrap().kind, TimeKind::Duration);
    assert_eq!(
        chunk.time("when").unwrap().get(0),
        Some(1_700_000_000_000_000_000)
    );
    assert!(chunk.time("log_time").is_some());
    let (_, buffer) = one("/raw/picture", component::IMAGE_BUFFER);
    assert_eq!(buffer.blob(0).unwrap(), pixels);
    let (_, format) = one("/raw/picture", component::IMAGE_FORMAT);
    assert_eq!(format.image_format(0).unwrap().color_model, Some(2));
    let (_, media_type) = one("/jpeg", component::ENCODED_IMAGE_MEDIA_TYPE);
    assert_eq!(media_type.text(0), Some("image/jpeg"));
    let (_, blob) = one("/asset", component::ASSET_VIDEO_BLOB);
    assert_eq!(blob.blob(0).unwrap(), clip());
    let (_, nanos) = one("/ref", component::VIDEO_FRAME_REFERENCE_TIMESTAMP);
    assert_eq!(nanos.i64(0), Some(40_000_000));
    let (_, recursive) = one("/raw", component::CLEAR_IS_RECURSIVE);
    assert_eq!(recursive.bool(0), Some(true));
    one("/__properties", component::RECORDING_INFO_START_TIME);
}

#[test]
fn depths_classes_and_lists_are_in_the_file_as_they_were_logged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("more.rrd");
    let recording = RecordingStream::new("more").save(&path).unwrap();
    let depths = DepthImage::new(vec![7; 12], 3, 2, ChannelDatatype::U16).unwrap();
    recording.log("depth", &depths.with_meter(1000.0)).unwrap();
    let classes = SegmentationImage::new(vec![1; 6], 3, 2, ChannelDatatype::U8).unwrap();
    recording.log("classes", &classes).unwrap();
    let mine = vec![
        Component::new("numbers", ComponentValue::F64s([0.5, 1.5].into())),
        Component::new("texts", ComponentValue::Texts(["a".into()].into())),
    ];
    recording.log("mine", &mine).unwrap();
    recording.finish().unwrap();
    let chunks = chunks(&path);
    let depth = &chunks["/depth"][0];
    assert_eq!(
        depth.column("DepthImage:buffer").unwrap().blob(0).unwrap(),
        [7; 12][..]
    );
    assert_eq!(
        depth.column("DepthImage:meter").unwrap().f32(0),
        Some(1000.0)
    );
    let format = chunks["/classes"][0].column("SegmentationImage:format");
    let format = format.unwrap().image_format(0).unwrap();
    assert_eq!((format.width, format.height), (3, 2));
    let counts = |name: &str| chunks["/mine"][0].column(name).unwrap().presence(0);
    assert_eq!(counts("numbers"), Presence::Values(2));
    assert_eq!(counts("texts"), Presence::Values(1));
}

#[test]
fn times_of_frames_count_from_the_first_one() {
    let clips = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clips");
    // `ffprobe -show_entries frame=pts_time`: these start at 0.04 s and 1.44 s.
    for name in ["fragmented.mp4", "h264.ts"] {
        let asset = AssetVideo::from_file(clips.join(name)).unwrap();
        let nanos = asset.read_frame_timestamps_nanos().unwrap();
        assert_eq!(nanos[..3], [0, 40_000_000, 80_000_000], "{name}");
    }
}

#[test]
fn references_to_all_frames_of_a_video_are_sent_as_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refs.rrd");
    let asset = AssetVideo::from_file_contents(clip());
    let nanos = asset.read_frame_timestamps_nanos().unwrap();
    // 36 frames at 25 per second, as ffprobe has it.
    assert_eq!(nanos.len(), 36);
    assert_eq!(nanos[1], 40_000_000);
    let recording = RecordingStream::new("refs").save(&path).unwrap();
    recording.log_static("video", &asset).unwrap();
    let times = TimeColumn::new("video_time", TimeKind::Duration, nanos.clone());
    let columns = VideoFrameReference::columns_nanos(nanos.clone());
    recording
        .send_columns("video", vec![times], columns)
        .unwrap();
    recording.finish().unwrap();
    let all = chunks(&path);
    let rows = all["/video"]
        .iter()
        .find(|chunk| !chunk.is_static())
        .unwrap();
    assert_eq!(rows.rows.len(), 36);
    assert_eq!(rows.time("video_time").unwrap().get(35), Some(nanos[35]));
}

#[test]
fn what_is_logged_before_it_is_said_where_to_goes_there_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("later.rrd");
    let recording = RecordingStream::new("later").buffered().unwrap();
    recording
        .log("camera", &VideoStream::sample(b"early".to_vec()))
        .unwrap();
    recording.save(&path).unwrap();
    recording
        .log("camera", &VideoStream::sample(b"late".to_vec()))
        .unwrap();
    recording.finish().unwrap();
    let all = chunks(&path);
    let blobs = all["/camera"].iter().map(|chunk| {
        let samples = chunk.column(component::VIDEO_STREAM_SAMPLE).unwrap();
        samples.blob(0).unwrap()
    });
    assert_eq!(blobs.collect::<Vec<_>>(), [&b"early"[..], b"late"]);
}

#[test]
fn what_is_no_video_is_an_error_in_words() {
    let asset = AssetVideo::from_file_contents(b"no video at all".to_vec());
    let error = asset.read_frame_timestamps_nanos().unwrap_err();
    assert!(
        error.to_string().starts_with("the video could not be read"),
        "{error}"
    );
}

#[test]
fn threads_have_times_of_their_own_and_no_row_is_lost() {
    let addr = free_addr();
    let (_server, events) = server(addr);
    let recording = RecordingStream::new("threads")
        .connect(&addr.to_string())
        .unwrap();
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let recording = recording.clone();
            std::thread::spawn(move || {
                for frame in 0..250 {
                    recording.set_time_sequence("frame", thread * 250 + frame);
                    recording
                        .log("camera", &VideoStream::sample(vec![0; 100]))
                        .unwrap();
                }
            })
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    recording.set_time_sequence("frame", 1_000);
    recording
        .log("camera", &VideoStream::sample(vec![1]))
        .unwrap();
    recording.flush(PATIENCE).unwrap();
    assert_eq!(frames(&events, 1_000), (0..=1_000).collect::<Vec<i64>>());
    assert_eq!(recording.dropped(), 0);
}

#[test]
fn a_viewer_that_is_restarted_while_a_program_logs_has_all_rows() {
    let addr = free_addr();
    let (first, _events) = server(addr);
    let recording = RecordingStream::new("restart")
        .connect(&addr.to_string())
        .unwrap();
    let log = |frame: i64| {
        recording.set_time_sequence("frame", frame);
        recording
            .log("camera", &VideoStream::sample(vec![7; 1_000]))
            .unwrap();
        std::thread::sleep(Duration::from_millis(2));
    };
    (0..200).for_each(log);
    drop(first);
    (200..400).for_each(log);
    let (_second, events) = server(addr);
    (400..600).for_each(log);
    recording.flush(PATIENCE).unwrap();
    let mut there = frames(&events, 599);
    // What the first one may have had is sent again with the same ids.
    there.dedup();
    assert_eq!(there, (0..600).collect::<Vec<i64>>());
    recording.finish().unwrap();
}

#[test]
fn nothing_that_is_logged_just_before_the_end_is_lost() {
    let addr = free_addr();
    let (_server, events) = server(addr);
    let recording = RecordingStream::new("end")
        .connect(&addr.to_string())
        .unwrap();
    for frame in 0..50 {
        recording.set_time_sequence("frame", frame);
        recording
            .log("camera", &VideoStream::sample(vec![0; 100_000]))
            .unwrap();
    }
    drop(recording);
    assert_eq!(frames(&events, 49).len(), 50);
}

#[test]
fn without_a_viewer_flushing_says_where_none_is() {
    let addr = free_addr();
    let recording = RecordingStream::new("none")
        .connect(&addr.to_string())
        .unwrap();
    recording
        .log("camera", &VideoStream::sample(vec![0]))
        .unwrap();
    let error = recording.flush(Duration::from_millis(300)).unwrap_err();
    assert!(error.to_string().contains(&addr.to_string()), "{error}");
    assert!(recording.trouble().is_some());
}

#[test]
fn a_viewer_that_takes_nothing_does_not_keep_a_program_from_ending() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let recording = RecordingStream::new("stuck")
        .memory(1 << 20, 0)
        .connect(&silent.local_addr().unwrap().to_string())
        .unwrap();
    for number in 0..8 {
        // Noise: it does not become smaller on its way.
        let mut noise = number;
        let bytes: Vec<u8> = (0..1 << 20)
            .map(|_| {
                noise = 0x5851_f42d_4c95_7f2d_u64
                    .wrapping_mul(noise)
                    .wrapping_add(1);
                (noise >> 56) as u8
            })
            .collect();
        recording
            .log("camera", &VideoStream::sample(bytes))
            .unwrap();
    }
    let start = Instant::now();
    assert!(recording.finish().is_err());
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn a_viewer_that_is_not_installed_is_named() {
    let options = SpawnOptions {
        port: free_addr().port(),
        executable: Some("/nowhere/reelscope".into()),
        ..SpawnOptions::default()
    };
    let error = RecordingStream::new("spawn").spawn(&options).err().unwrap();
    assert!(error.to_string().contains("/nowhere/reelscope"), "{error}");
}

#[test]
fn values_of_ones_own_are_logged_under_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.rrd");
    let recording = RecordingStream::new("own").save(&path).unwrap();
    let columns = vec![ComponentColumn::new(
        "temperature",
        [20.5, 21.0].map(ComponentValue::F64),
    )];
    let times = vec![TimeColumn::new("tick", TimeKind::Sequence, vec![5, 6])];
    recording.send_columns("motor", times, columns).unwrap();
    recording.finish().unwrap();
    let all = chunks(&path);
    let column = all["/motor"][0].column("temperature").unwrap();
    assert_eq!(column.f64(1), Some(21.0));
}

#[test]
fn a_recording_that_has_nothing_left_to_send_ends_at_once() {
    let start = std::time::Instant::now();
    let recording = RecordingStream::new("ends").buffered().unwrap();
    recording.finish().unwrap();
    // A viewer that takes nothing is given 5 s; here is none.
    assert!(start.elapsed() < std::time::Duration::from_secs(4));
}
