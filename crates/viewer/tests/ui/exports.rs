//! Streams, marks, tables and originals that leave the window as files.

use std::path::Path;
use std::process::Command;

use crate::live::{client, info, listening, send, store};
use crate::support::{Window, app, clip, open, settle, wait_for};
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use reelscope_wire::{ChunkBuilder, Column, LogMessage, component};

/// Types a path where the system has no file dialog, and waits until the file is there.
fn save_as(window: &mut Window, path: &Path) {
    window.run_steps(3);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text(path.display().to_string()));
    window.run_steps(2);
    window.get_by_label("Save").click();
    window.run_steps(2);
    wait_for(window, |window| {
        window.step();
        window.query_by_label_contains("Saved ").is_some()
    });
}

/// Picks a line of the File menu.
fn from_menu(window: &mut Window, name: &str) {
    window.get_by_label("File").click();
    window.run_steps(3);
    window.get_by_label(name).click();
    window.run_steps(3);
}

/// Number of frames and their times in seconds, as ffprobe tells.
fn frame_times(path: &Path) -> Vec<f64> {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0"])
        .args(["-show_entries", "frame=pts_time", "-of", "csv=p=0"])
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // Frames with side data are followed by an empty line.
    let times = text.lines().map(|line| line.trim_end_matches(','));
    let times = times.filter(|line| !line.is_empty());
    times.map(|time| time.parse().unwrap()).collect()
}

#[test]
fn a_stream_is_saved_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.mp4");
    let mut window = open(&[clip("h264_b_frames.mp4")]);
    from_menu(&mut window, "Save stream as MP4…");
    save_as(&mut window, &path);
    assert_eq!(frame_times(&path), frame_times(&clip("h264_b_frames.mp4")));
}

#[test]
fn the_looped_part_is_saved_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("part.mp4");
    let mut window = open(&[clip("h264_b_frames.mp4")]);
    for _ in 0..5 {
        window.key_press(Key::ArrowRight);
    }
    settle(&mut window);
    window.key_press(Key::I);
    for _ in 0..3 {
        window.key_press(Key::ArrowRight);
    }
    settle(&mut window);
    window.key_press(Key::O);
    window.run_steps(3);
    from_menu(&mut window, "Save stream as MP4…");
    save_as(&mut window, &path);
    let times = frame_times(&path);
    let all = frame_times(&clip("h264_b_frames.mp4"));
    let expected: Vec<f64> = all[5..=8].iter().map(|time| time - all[5]).collect();
    assert_eq!(times.len(), 4, "{times:?}");
    for (ours, theirs) in times.iter().zip(&expected) {
        assert!((ours - theirs).abs() < 1e-3, "{times:?}, not {expected:?}");
    }
}

#[test]
fn marks_are_saved_with_their_notes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("marks.json");
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::M);
    window.run_steps(2);
    window.key_press(Key::ArrowRight);
    settle(&mut window);
    window.key_press(Key::M);
    window.run_steps(2);
    from_menu(&mut window, "Save marks…");
    save_as(&mut window, &path);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"time\": 40000000"), "{text}");
    assert_eq!(text.matches("\"note\"").count(), 2, "{text}");
}

#[test]
fn a_logged_file_comes_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("original.mp4");
    let original = std::fs::read(clip("av1.mp4")).unwrap();
    let mut window = listening();
    let client = client(&window);
    let blob = Column::new(component::ASSET_VIDEO_BLOB, [original.as_slice()]);
    let chunk = ChunkBuilder::new("/drive").column(blob).build().unwrap();
    send(&client, [info(), LogMessage::Chunk(store(), chunk)]);
    wait_for(&mut window, |window| {
        window.step();
        app(window).shown_exactly().contains_key("/drive")
    });
    from_menu(&mut window, "Save original file…");
    save_as(&mut window, &path);
    assert!(std::fs::read(&path).unwrap() == original, "other bytes");
}

#[test]
fn the_table_of_samples_is_saved_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("samples.csv");
    let mut window = open(&[clip("av1.mp4")]);
    window.get_by_label("Samples").click();
    window.run_steps(3);
    window.get_by_label("Save CSV…").click();
    save_as(&mut window, &path);
    let text = std::fs::read_to_string(&path).unwrap();
    // A heading, and a row for each of the clip's samples.
    assert_eq!(
        text.lines().count(),
        1 + frame_times(&clip("av1.mp4")).len()
    );
}

#[test]
fn what_there_is_none_of_cannot_be_saved() {
    let mut window = open(&[clip("av1.mp4")]);
    window.get_by_label("File").click();
    window.run_steps(3);
    for name in ["Save original file…", "Save marks…"] {
        let line = window.get_by_label(name);
        assert!(line.accesskit_node().is_disabled(), "{name}");
    }
}

#[test]
fn a_contact_sheet_has_the_frames_of_all_tiles_at_the_marks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sheet.png");
    let mut window = open(&[clip("av1.mp4"), clip("av1_grey.mp4")]);
    for _ in 0..3 {
        window.key_press(Key::M);
        window.run_steps(2);
        for _ in 0..10 {
            window.key_press(Key::ArrowRight);
            settle(&mut window);
        }
    }
    let before = app(&window).clock().now();
    from_menu(&mut window, "Save contact sheet…");
    save_as(&mut window, &path);
    assert_eq!(
        app(&window).clock().now(),
        before,
        "the playhead is where it was"
    );
    let sheet = image::open(&path).unwrap().to_rgb8();
    // Three columns of 320 points with 12 around each; two rows of pictures of 4:3 under a name each.
    assert_eq!(
        sheet.dimensions(),
        (3 * 332 + 12, 12 + 26 + 2 * (26 + 240 + 12))
    );
    // The bar at the top of the clip has a white field for each bit of the frame's number: #0, #10, #20.
    let bits = |column: u32, row: u32| {
        let (left, top) = (12 + column * 332, 12 + 26 + 26 + row * 278);
        // The bar reaches from 8 to 136 of 160 pixels, in fields of 8; it lies 8 pixels below the top.
        (0..16).fold(0_u32, |number, bit| {
            let (x, y) = (left + 2 * (8 + bit * 8 + 4), top + 2 * 12);
            number | u32::from(sheet.get_pixel(x, y).0[1] > 128) << bit
        })
    };
    for row in 0..2 {
        assert_eq!([0, 1, 2].map(|column| bits(column, row)), [0, 10, 20]);
    }
    // The times and names are written.
    let inked = |y: std::ops::Range<u32>| {
        let mut pixels = y.flat_map(|y| (12..200).map(move |x| (x, y)));
        pixels.any(|(x, y)| sheet.get_pixel(x, y).0[0] > 150)
    };
    assert!(inked(12..38) && inked(38..64));
}
