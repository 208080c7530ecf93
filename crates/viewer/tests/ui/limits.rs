//! What the window does when memory, a file or the window itself comes to an end while a program logs.

use std::fs::File;
use std::io::Write;

use egui_kittest::kittest::Queryable;
use reelscope_ingest::ListenOptions;
use reelscope_viewer::{Settings, ViewerOptions};
use reelscope_wire::{
    ChunkBuilder, Column, ImageFormat, LogMessage, RecordingWriter, StoreId, TimeKind, component,
};

use crate::live::{client, codec, info, sample, samples, send, shows, store};
use crate::support::{Window, app, open, open_options, wait_for};

fn listening(port: u16, memory_limit: Option<usize>) -> Window {
    open_options(Settings::default(), [1_280.0, 800.0], move || {
        ViewerOptions {
            listen: Some(ListenOptions { port, bind: None }),
            memory_limit,
            ..ViewerOptions::default()
        }
    })
}

/// A raw picture of 640 × 480 pixels, all of one grey.
fn picture(number: i64) -> LogMessage {
    let format = ImageFormat {
        width: 640,
        height: 480,
        pixel_format: None,
        color_model: Some(1),
        channel_datatype: Some(6),
    };
    let pixels = vec![number as u8; 640 * 480];
    let chunk = ChunkBuilder::new("/cam")
        .times("frame", TimeKind::Sequence, vec![number])
        .column(Column::new(component::IMAGE_FORMAT, [format]))
        .column(Column::new(component::IMAGE_BUFFER, [&pixels[..]]))
        .build()
        .unwrap();
    LogMessage::Chunk(store(), chunk)
}

#[test]
fn the_oldest_goes_and_the_newest_stays_when_memory_is_full() {
    const PICTURES: i64 = 200;
    // Rows get an eighth of it at least, and no more: tests take more than this by themselves.
    const LIMIT: usize = 64 << 20;
    let mut window = listening(0, Some(LIMIT));
    let client = client(&window);
    send(&client, [info()]);
    send(&client, (0..PICTURES).map(picture));
    wait_for(&mut window, |window| {
        shows(window, "/cam", PICTURES - 1)
            && window
                .query_by_label_contains("The memory limit is reached")
                .is_some()
    });
    let (first, end) = app(&window).clock().extent().unwrap();
    assert_eq!(end.0, PICTURES);
    assert!(first.0 > 0, "the first pictures are still there");
    let kept = usize::try_from(end.0 - first.0).unwrap() * 640 * 480;
    assert!(kept <= LIMIT, "{kept} bytes are kept");
}

#[test]
fn a_recording_that_is_still_written_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("growing.rrd");
    let id = StoreId::recording("growing", "growing");
    let samples = samples("av1.ivf");
    let (first, rest) = samples.split_at(10);
    let mut file = File::create(&path).unwrap();
    // The file grows by what the writer would add, cut in the middle of a message.
    let whole = folder.path().join("whole.rrd");
    let mut writer = RecordingWriter::new(File::create(&whole).unwrap()).unwrap();
    let mut write = |message: LogMessage| {
        if let LogMessage::Chunk(_, chunk) = message {
            writer.chunk(&id, &chunk).unwrap();
        }
        writer.flush().unwrap();
        std::fs::read(&whole).unwrap()
    };
    let mut bytes = write(codec("/cam", b"av01"));
    for logged in first {
        bytes = write(sample("/cam", 0, logged));
    }
    file.write_all(&bytes[..bytes.len() - 100]).unwrap();
    let mut window = open(std::slice::from_ref(&path));
    let nearly = first[first.len() - 2].0;
    let grown_to = |window: &mut Window, time: i64| {
        window.step();
        let extent = app(window).clock().extent();
        extent.is_some_and(|(_, end)| end.0 > time)
    };
    wait_for(&mut window, |window| grown_to(window, nearly));
    assert!(!grown_to(&mut window, first[first.len() - 1].0));
    let written = bytes.len() - 100;
    for logged in rest {
        bytes = write(sample("/cam", 0, logged));
    }
    file.write_all(&bytes[written..]).unwrap();
    file.flush().unwrap();
    let last = samples[samples.len() - 1].0;
    wait_for(&mut window, |window| grown_to(window, last));
}

#[test]
fn a_window_that_is_opened_again_takes_loggers_on_the_same_port() {
    let mut first = listening(0, None);
    let port = app(&first).listening_port().unwrap();
    let logged = samples("av1.ivf");
    let before = client(&first);
    send(
        &before,
        [
            info(),
            codec("/cam", b"av01"),
            sample("/cam", 0, &logged[0]),
        ],
    );
    wait_for(&mut first, |window| shows(window, "/cam", logged[0].0));
    drop(first);
    let mut second = listening(port, None);
    assert_eq!(app(&second).listening_port(), Some(port));
    let again = client(&second);
    let rest = logged.iter().map(|it| sample("/cam", 0, it));
    send(
        &again,
        [info(), codec("/cam", b"av01")].into_iter().chain(rest),
    );
    let last = logged[logged.len() - 1].0;
    wait_for(&mut second, |window| shows(window, "/cam", last));
}
