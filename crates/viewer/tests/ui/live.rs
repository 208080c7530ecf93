//! Programs that log into the window, and recordings that are opened in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use egui::Key;
use egui_kittest::kittest::Queryable;
use reelscope_ingest::{FileSource, ListenOptions};
use reelscope_media::Track;
use reelscope_store::LogTime;
use reelscope_viewer::{KeyChoice, Settings, ViewerOptions};
use reelscope_wire::{
    ChunkBuilder, Client, Column, LogMessage, RecordingWriter, StoreId, StoreInfo, TimeKind,
    component,
};

use crate::support::{Window, app, clip, open, open_options, open_with, settle, wait_for};

/// A window that programs can log to.
pub(crate) fn listening() -> Window {
    open_options(Settings::default(), [1_280.0, 800.0], || ViewerOptions {
        listen: Some(ListenOptions {
            port: 0,
            bind: None,
        }),
        ..ViewerOptions::default()
    })
}

pub(crate) fn client(window: &Window) -> Client {
    let port = app(window).listening_port().unwrap();
    Client::connect(&format!("127.0.0.1:{port}")).unwrap()
}

pub(crate) fn store() -> StoreId {
    StoreId::recording("cameras", "run-1")
}

pub(crate) fn info() -> LogMessage {
    info_of("run-1")
}

pub(crate) fn info_of(run: &str) -> LogMessage {
    LogMessage::Store(StoreInfo {
        id: StoreId::recording("cameras", run),
        source: "Rust".to_owned(),
        sdk_version: None,
    })
}

fn track(name: &str) -> Track {
    let source = Arc::new(FileSource::open(&clip(name)).unwrap());
    let mut movie = reelscope_container::open(source, name).unwrap();
    movie.tracks.remove(0)
}

/// A clip's samples in decode order with their presentation times in nanoseconds.
pub(crate) fn samples(name: &str) -> Vec<(i64, Vec<u8>)> {
    let track = track(name);
    let index = &track.samples;
    let ids = index
        .positions()
        .filter_map(|at| index.at_decode_position(at));
    ids.map(|id| {
        let sample = index.get(id).unwrap();
        let bytes = sample.data.load(track.source.as_ref()).unwrap();
        (track.nanos(sample.pts), bytes.to_vec())
    })
    .collect()
}

pub(crate) fn codec(entity: &str, code: &[u8; 4]) -> LogMessage {
    let codec = Column::new(component::VIDEO_STREAM_CODEC, [u32::from_be_bytes(*code)]);
    let chunk = ChunkBuilder::new(entity).column(codec).build().unwrap();
    LogMessage::Chunk(store(), chunk)
}

/// A sample on the timeline `time`.
pub(crate) fn sample(entity: &str, _: i64, (time, bytes): &(i64, Vec<u8>)) -> LogMessage {
    let chunk = ChunkBuilder::new(entity)
        .times("time", TimeKind::Duration, vec![*time])
        .column(Column::new(component::VIDEO_STREAM_SAMPLE, [&bytes[..]]))
        .build()
        .unwrap();
    LogMessage::Chunk(store(), chunk)
}

/// A sample on two timelines: `time` and `frame`.
pub(crate) fn numbered_sample(
    entity: &str,
    number: i64,
    (time, bytes): &(i64, Vec<u8>),
) -> LogMessage {
    let chunk = ChunkBuilder::new(entity)
        .times("time", TimeKind::Duration, vec![*time])
        .times("frame", TimeKind::Sequence, vec![number])
        .column(Column::new(component::VIDEO_STREAM_SAMPLE, [&bytes[..]]))
        .build()
        .unwrap();
    LogMessage::Chunk(store(), chunk)
}

pub(crate) fn send(client: &Client, messages: impl IntoIterator<Item = LogMessage>) {
    for message in messages {
        client.send(&message).unwrap();
    }
    client.flush(Duration::from_secs(20)).unwrap();
}

pub(crate) fn shows(window: &mut Window, title: &str, time: i64) -> bool {
    window.step();
    app(window).shown_exactly().get(title) == Some(&LogTime(time))
}

#[test]
fn the_newest_frame_is_shown_as_it_is_logged_until_the_person_looks_elsewhere() {
    let mut window = listening();
    let client = client(&window);
    let samples = samples("av1.ivf");
    send(&client, [info(), codec("/cam", b"av01")]);
    let (first, rest) = samples.split_at(20);
    for (number, logged) in (0..).zip(first) {
        send(&client, [sample("/cam", number, logged)]);
        wait_for(&mut window, |window| shows(window, "/cam", logged.0));
    }
    assert!(app(&window).clock().is_live());
    window.get_by_label_contains("LIVE");
    // Back to the start: what comes does not move the playhead.
    window.key_press(Key::Home);
    wait_for(&mut window, |window| shows(window, "/cam", samples[0].0));
    send(
        &client,
        (20..).zip(rest).map(|(at, it)| sample("/cam", at, it)),
    );
    let last = samples.last().unwrap().0;
    wait_for(&mut window, |window| {
        window.step();
        app(window)
            .clock()
            .extent()
            .is_some_and(|(_, end)| end.0 > last)
    });
    assert!(!app(&window).clock().is_live());
    assert!(shows(&mut window, "/cam", samples[0].0));
    window.get_by_label_contains("go live").click();
    wait_for(&mut window, |window| shows(window, "/cam", last));
    assert!(app(&window).clock().is_live());
}

#[test]
fn a_stream_with_b_frames_is_shown_in_the_order_of_its_times() {
    let mut window = listening();
    let client = client(&window);
    let samples = samples("h264_b_pyramid.mp4");
    // Length-prefixed with the parameter sets out of band is what the file has: they go first.
    let config = track("h264_b_pyramid.mp4").configs[0].clone();
    let sets = reelscope_media::codec::record_nals(config.codec, &config.record);
    let sets: Vec<u8> = sets
        .iter()
        .flat_map(|set| [&(set.len() as u32).to_be_bytes()[..], set].concat())
        .collect();
    let first = samples[0].0;
    send(&client, [info(), codec("/cam", b"avc1")]);
    send(&client, [sample("/cam", -1, &(first - 1, sets))]);
    send(
        &client,
        (0..).zip(&samples).map(|(at, it)| sample("/cam", at, it)),
    );
    let mut times: Vec<i64> = samples.iter().map(|it| it.0).collect();
    times.sort_unstable();
    wait_for(&mut window, |window| {
        shows(window, "/cam", times[times.len() - 1])
    });
    window.key_press(Key::Home);
    wait_for(&mut window, |window| shows(window, "/cam", times[0]));
    for time in &times[1..] {
        window.key_press(Key::ArrowRight);
        wait_for(&mut window, |window| shows(window, "/cam", *time));
    }
}

#[test]
fn a_stream_that_starts_in_mid_gop_says_what_it_waits_for() {
    let mut window = listening();
    let client = client(&window);
    let samples = samples("av1.ivf");
    let index = track("av1.ivf").samples;
    let syncs: Vec<usize> = index
        .sync_samples()
        .filter_map(|id| index.decode_position(id))
        .collect();
    let next = *syncs.get(1).expect("the clip has more than one GOP");
    send(&client, [info(), codec("/cam", b"av01")]);
    let early = (5..next).map(|at| sample("/cam", at as i64, &samples[at]));
    send(&client, early);
    wait_for(&mut window, |window| {
        window.step();
        let all = window.query_all_by_label_contains("Waiting for a keyframe");
        all.count() > 0
    });
    let late = (next..samples.len()).map(|at| sample("/cam", at as i64, &samples[at]));
    send(&client, late);
    let last = samples.last().unwrap().0;
    wait_for(&mut window, |window| shows(window, "/cam", last));
}

#[test]
fn the_timeline_can_be_changed_and_is_remembered_by_the_program_that_logs() {
    let mut window = listening();
    let logger = client(&window);
    let samples = samples("av1.ivf");
    send(&logger, [info(), codec("/cam", b"av01")]);
    send(
        &logger,
        (0..)
            .zip(&samples)
            .map(|(at, it)| numbered_sample("/cam", at, it)),
    );
    wait_for(&mut window, |window| {
        window.step();
        app(window).shown_exactly().contains_key("/cam")
    });
    let chosen = if window.query_by_label("Timeline frame").is_some() {
        "time"
    } else {
        "frame"
    };
    let current = if chosen == "time" { "frame" } else { "time" };
    window.get_by_label(&format!("Timeline {current}")).click();
    window.run_steps(3);
    window.get_by_label(chosen).click();
    settle(&mut window);
    window.get_by_label(&format!("Timeline {chosen}"));
    let timelines = &app(&window).settings().timelines;
    assert_eq!(timelines.get("cameras").map(String::as_str), Some(chosen));
}

/// A recording of a clip, written to a folder.
fn recorded(folder: &Path, name: &str) -> std::path::PathBuf {
    let path = folder.join(format!("{name}.rrd"));
    let mut writer = RecordingWriter::new(std::fs::File::create(&path).unwrap()).unwrap();
    let info = StoreInfo {
        id: StoreId::recording(name, name),
        source: "Rust".to_owned(),
        sdk_version: None,
    };
    writer.store(&info).unwrap();
    let samples = samples("av1.ivf");
    let messages = [codec("/front/cam", b"av01")].into_iter();
    let messages = messages.chain(
        (0..)
            .zip(&samples)
            .map(|(at, it)| sample("/front/cam", at, it)),
    );
    for message in messages {
        if let LogMessage::Chunk(_, chunk) = message {
            writer.chunk(&info.id, &chunk).unwrap();
        }
    }
    writer.finish().unwrap();
    path
}

#[test]
fn recordings_are_opened_like_files_and_looked_at_one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        recorded(folder.path(), "yesterday"),
        recorded(folder.path(), "today"),
        clip("av1.mp4"),
    ];
    let mut window = open(&files);
    wait_for(&mut window, |window| {
        window.step();
        let has = |name: &str| window.query_by_label(name).is_some();
        has("yesterday, rrd") && has("today, rrd")
    });
    window.get_by_label("yesterday, rrd").click();
    wait_for(&mut window, |window| {
        window.step();
        app(window).shown_exactly().keys().eq(["/front/cam"])
    });
    // The list has moved with what is looked at.
    window.run_steps(2);
    window.get_by_label("av1.mp4").click();
    wait_for(&mut window, |window| {
        window.step();
        app(window).shown_exactly().keys().eq(["av1.mp4"])
    });
}

#[test]
fn a_port_that_is_taken_is_said_and_another_one_offered() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut window = open_options(Settings::default(), [1_280.0, 800.0], move || {
        ViewerOptions {
            listen: Some(ListenOptions { port, bind: None }),
            ..ViewerOptions::default()
        }
    });
    window.get_by_label_contains(&port.to_string());
    window.get_by_label("Use a free port").click();
    window.run_steps(3);
    assert!(
        app(&window)
            .listening_port()
            .is_some_and(|other| other != port)
    );
}

#[test]
fn what_is_no_video_is_listed_and_no_error() {
    let mut window = listening();
    let client = client(&window);
    let text = ChunkBuilder::new("/notes/a b")
        .times("frame", TimeKind::Sequence, vec![0])
        .column(Column::new("TextLog:text", ["hello"]))
        .build()
        .unwrap();
    send(&client, [info(), LogMessage::Chunk(store(), text)]);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("Not video (1)").is_some()
    });
    window.get_by_label_contains("Not video (1)").click();
    window.run_steps(8);
    window.get_by_label_contains("notes");
}

#[test]
fn saving_without_a_recording_says_why_not() {
    let keys = BTreeMap::from([("Save recording…".to_owned(), vec!["F9".to_owned()])]);
    let settings = Settings {
        keys: KeyChoice {
            changes: keys,
            ..KeyChoice::default()
        },
        ..Settings::default()
    };
    let mut window = open_with(&[clip("av1.mp4")], settings);
    window.key_press(Key::F9);
    window.run_steps(3);
    window.get_by_label_contains("Save recording: only what programs logged can be saved");
}
