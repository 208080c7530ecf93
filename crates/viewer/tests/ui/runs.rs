//! What programs log that is no video, lies, or goes again: what the window says of it.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use reelscope_ingest::ListenOptions;
use reelscope_viewer::{Settings, ViewerOptions};
use reelscope_wire::{ChunkBuilder, Column, LogMessage, StoreId, TimeKind};

use crate::live::{client, codec, info, info_of, listening, sample, samples, send, shows, store};
use crate::support::{app, clip, open_options, wait_for};

#[test]
fn a_logger_without_video_takes_no_view_away() {
    let mut window = open_options(Settings::default(), [1_280.0, 800.0], || ViewerOptions {
        files: vec![clip("av1.mp4")],
        listen: Some(ListenOptions {
            port: 0,
            bind: None,
        }),
        ..ViewerOptions::default()
    });
    let client = client(&window);
    send(&client, [info()]);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label("cameras, live").is_some()
    });
    assert!(app(&window).shown_exactly().keys().eq(["av1.mp4"]));
    // Its first video is looked at.
    let samples = samples("av1.ivf");
    let messages = [codec("/cam", b"av01"), sample("/cam", 0, &samples[0])];
    send(&client, messages);
    wait_for(&mut window, |window| shows(window, "/cam", samples[0].0));
}

#[test]
fn a_run_without_video_is_said_to_have_none_so_far() {
    let mut window = listening();
    let client = client(&window);
    send(&client, [info()]);
    wait_for(&mut window, |window| {
        window.step();
        window
            .query_by_label_contains("Nothing that is video has been logged yet")
            .is_some()
    });
}

#[test]
fn samples_of_another_codec_than_stated_are_said_to_have_no_keyframe() {
    let mut window = listening();
    let client = client(&window);
    let samples = samples("av1.ivf");
    send(&client, [info(), codec("/cam", b"hev1")]);
    let all = (0..).zip(&samples).map(|(at, it)| sample("/cam", at, it));
    send(&client, all);
    wait_for(&mut window, |window| {
        window.step();
        let said = window.query_all_by_label_contains("none is a keyframe of H.265");
        said.count() > 0
    });
}

#[test]
fn the_empty_window_says_that_earlier_loggers_do_not_come_back() {
    let window = listening();
    window.get_by_label_contains("do not come back by themselves");
}

#[test]
fn runs_of_one_program_are_told_apart_and_end_with_their_loggers() {
    let mut window = listening();
    let logger = client(&window);
    send(&logger, [info_of("9f31c4d2")]);
    let other = client(&window);
    // 2023-11-14 22:13:20 UTC.
    let start = Column::new("RecordingInfo:start_time", [1_700_000_000_000_000_000_i64]);
    let name = Column::new("RecordingInfo:name", ["night drive"]);
    let properties = ChunkBuilder::new("/__properties").column(start);
    let properties = properties.column(name).build();
    let id = StoreId::recording("cameras", "second");
    let properties = LogMessage::Chunk(id, properties.unwrap());
    send(&other, [info_of("second"), properties]);
    wait_for(&mut window, |window| {
        window.step();
        let has = |name: &str| window.query_by_label(name).is_some();
        has("cameras · 9f31c4, live") && has("cameras · night drive · 22:13:20 UTC, live")
    });
    drop(logger);
    wait_for(&mut window, |window| {
        window.step();
        let has = |name: &str| window.query_by_label(name).is_some();
        has("cameras · 9f31c4, ended") && has("cameras · night drive · 22:13:20 UTC, live")
    });
}

#[test]
fn frames_are_counted_from_the_first_that_came_also_when_that_had_to_go() {
    let samples = samples("av1.ivf");
    let mut window = open_options(Settings::default(), [1_280.0, 800.0], || ViewerOptions {
        listen: Some(ListenOptions {
            port: 0,
            bind: None,
        }),
        memory_limit: Some(1 << 20),
        ..ViewerOptions::default()
    });
    let client = client(&window);
    send(&client, [info(), codec("/cam", b"av01")]);
    // The clip again and again, until its first GOPs have to go.
    let step = samples[1].0 - samples[0].0;
    let mut count = 0;
    while window
        .query_by_label_contains("Dropped: the first")
        .is_none()
    {
        assert!(count < 10_000, "nothing is dropped");
        let clip = (count..).zip(&samples);
        let clip = clip.map(|(at, (_, bytes))| sample("/cam", at, &(at * step, bytes.clone())));
        send(&client, clip);
        count += samples.len() as i64;
        let last = count - 1;
        wait_for(&mut window, |window| shows(window, "/cam", last * step));
        window.run_steps(3);
    }
    let last = count - 1;
    window.get_by_label_contains(&format!("Number: #{last} of"));
    window.get_by_label_contains(&format!("Decode order: #{last} of"));
    assert!(window.query_all_by_label(&format!("#{last}")).count() > 0);
}

#[test]
fn without_a_file_dialog_a_path_can_be_typed() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = listening();
    let client = client(&window);
    let samples = samples("av1.ivf");
    let messages = [
        info(),
        codec("/cam", b"av01"),
        sample("/cam", 0, &samples[0]),
    ];
    send(&client, messages);
    wait_for(&mut window, |window| shows(window, "/cam", samples[0].0));
    window.get_by_label("File").click();
    window.run_steps(3);
    window.get_by_label_contains("Save recording…").click();
    window.run_steps(3);
    window.get_by_label_contains("shows no file dialog");
    let path = folder.path().join("saved.rrd");
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(2);
    let field = window.get_by_role(egui::accesskit::Role::TextInput);
    field.type_text(path.to_str().unwrap());
    window.run_steps(2);
    window.get_by_label("Save").click();
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("Saved saved.rrd").is_some()
    });
    assert!(reelscope_ingest::is_recording_file(&path));
    // The same for opening.
    window.key_press_modifiers(Modifiers::COMMAND, Key::O);
    window.run_steps(3);
    let field = window.get_by_role(egui::accesskit::Role::TextInput);
    field.type_text(clip("av1.mp4").to_str().unwrap());
    window.run_steps(2);
    window
        .get_by_role_and_label(egui::accesskit::Role::Button, "Open")
        .click();
    wait_for(&mut window, |window| {
        window.step();
        app(window).shown_exactly().contains_key("av1.mp4")
    });
}

#[test]
fn from_a_timeline_without_video_there_is_a_way_back() {
    let mut window = listening();
    let client = client(&window);
    let samples = samples("av1.ivf");
    let text = ChunkBuilder::new("/notes")
        .times("lunch", TimeKind::Sequence, vec![0])
        .column(Column::new("TextLog:text", ["hello"]))
        .build()
        .unwrap();
    let messages = [
        info(),
        codec("/cam", b"av01"),
        sample("/cam", 0, &samples[0]),
    ];
    send(&client, messages);
    send(&client, [LogMessage::Chunk(store(), text)]);
    wait_for(&mut window, |window| shows(window, "/cam", samples[0].0));
    window.get_by_label("Timeline time").click();
    window.run_steps(3);
    window.get_by_label("lunch").click();
    window.run_steps(3);
    window.get_by_label_contains("No video was logged on this timeline");
    window.run_steps(10);
    window.get_by_label("Timeline lunch").click();
    window.run_steps(10);
    window.get_by_label("time").click();
    wait_for(&mut window, |window| shows(window, "/cam", samples[0].0));
}
