//! What the window looks like, held against committed pictures with a tolerance. After a wanted
//! change: `UPDATE_SNAPSHOTS=1 cargo test -p reelscope-viewer --test ui`, and look at what it wrote.

use std::path::PathBuf;

use egui::{Key, Modifiers};
use egui_kittest::SnapshotOptions;
use egui_kittest::kittest::Queryable;
use reelscope_viewer::{Settings, ThemeChoice, ViewerOptions};

use crate::support::{Window, clip, open_options, settle, wait_for};

const SIZE: [f32; 2] = [1_280.0, 800.0];

/// A window in which nothing depends on the machine: no FFmpeg, and no frames decoded ahead.
fn open(files: &[PathBuf], theme: ThemeChoice, size: [f32; 2]) -> Window {
    let settings = Settings {
        ffmpeg_path: Some("/nowhere/ffmpeg".into()),
        theme,
        ..Settings::default()
    };
    let files = files.to_vec();
    open_options(settings, size, move || ViewerOptions {
        files: files.clone(),
        cache_bytes: Some(1),
        ..ViewerOptions::default()
    })
}

/// Software adapters differ in the last bit of blended edges.
fn compare(mut window: Window, name: &str) {
    let options = SnapshotOptions::new()
        .threshold(1.5)
        .max_failed_pixels(400_usize);
    let path = window
        .query_by_label_contains("Path: ")
        .map(|path| path.rect());
    path.into_iter().for_each(|path| window.mask(path));
    window.snapshot_options(name, &options);
}

#[test]
fn the_empty_window() {
    compare(open(&[], ThemeChoice::Dark, SIZE), "empty");
}

#[test]
fn a_clip_at_a_frame() {
    let mut window = open(&[clip("av1.mp4")], ThemeChoice::Dark, SIZE);
    for _ in 0..5 {
        window.key_press(Key::ArrowRight);
    }
    settle(&mut window);
    compare(window, "clip");
}

/// A tab of the inspector, once what it reads in the background is there.
fn inspector(tab: &str, theme: ThemeChoice, known: &str) -> Window {
    let mut window = open(&[clip("av1.mp4")], theme, SIZE);
    for _ in 0..5 {
        window.key_press(Key::ArrowRight);
    }
    settle(&mut window);
    window.get_by_label(tab).click();
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains(known).is_some()
    });
    settle(&mut window);
    window
}

#[test]
fn the_sizes_of_a_gop() {
    let known = "Bar of frame #0: I";
    compare(inspector("GOP", ThemeChoice::Dark, known), "inspector_gop");
}

#[test]
fn the_table_of_samples() {
    let mut window = inspector("Samples", ThemeChoice::Light, "Sample #5: ");
    // The types of all three GOPs.
    wait_for(&mut window, |window| {
        window.step();
        window
            .query_by_label_contains("Sample #24: decode 24, type I")
            .is_some()
    });
    compare(window, "inspector_samples");
}

#[test]
fn the_units_of_a_sample() {
    // MP4 leaves temporal delimiters out; a frame that was decoded before is shown by its header.
    let known = "Frame header (3)";
    let mut window = inspector("Bitstream", ThemeChoice::Dark, known);
    window.key_press(Key::Home);
    wait_for(&mut window, |window| {
        window.step();
        window
            .query_by_label_contains("Sequence header (1)")
            .is_some()
    });
    settle(&mut window);
    compare(window, "inspector_bitstream");
}

#[test]
fn four_clips_in_light_colours() {
    let clips = ["av1.mp4", "av1_odd_size.mp4", "av1_grey.mp4", "av1_444.mp4"].map(clip);
    compare(open(&clips, ThemeChoice::Light, SIZE), "four_light");
}

#[test]
fn a_missing_ffmpeg() {
    let window = open(&[clip("h264_b_frames.mp4")], ThemeChoice::Dark, SIZE);
    compare(window, "missing_ffmpeg");
}

#[test]
fn a_small_window_with_a_file_that_is_none() {
    let clips = [clip("av1.mp4"), clip("empty.mp4")];
    let mut window = open(&clips, ThemeChoice::Dark, [900.0, 600.0]);
    // The notice fades in.
    window.run_steps(20);
    compare(window, "small_garbage");
}

#[test]
fn the_key_sheet() {
    let mut window = open(&[], ThemeChoice::Dark, SIZE);
    window.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    window.run_steps(20);
    compare(window, "keys");
}

#[test]
fn the_settings() {
    let mut window = open(&[], ThemeChoice::Dark, SIZE);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    window.run_steps(20);
    compare(window, "settings");
}

#[test]
fn the_empty_window_in_light_colours() {
    compare(open(&[], ThemeChoice::Light, SIZE), "empty_light");
}

/// A dialog over the empty window, in light colours.
fn light_dialog(key: Key, modifiers: Modifiers, name: &str) {
    let mut window = open(&[], ThemeChoice::Light, SIZE);
    window.key_press_modifiers(modifiers, key);
    window.run_steps(20);
    compare(window, name);
}

#[test]
fn the_key_sheet_in_light_colours() {
    light_dialog(Key::Questionmark, Modifiers::SHIFT, "keys_light");
}

#[test]
fn the_settings_in_light_colours() {
    light_dialog(Key::Comma, Modifiers::COMMAND, "settings_light");
}

#[test]
fn a_file_that_is_none_in_light_colours() {
    let clips = [clip("av1.mp4"), clip("empty.mp4")];
    let mut window = open(&clips, ThemeChoice::Light, [900.0, 600.0]);
    window.run_steps(20);
    compare(window, "small_garbage_light");
}

#[test]
fn a_missing_ffmpeg_in_light_colours() {
    let window = open(&[clip("h264_b_frames.mp4")], ThemeChoice::Light, SIZE);
    compare(window, "missing_ffmpeg_light");
}

#[test]
fn marks_and_a_loop() {
    let mut window = open(&[clip("av1.mp4")], ThemeChoice::Dark, SIZE);
    let press = |window: &mut Window, key: Key, times: usize| {
        for _ in 0..times {
            window.key_press(key);
            settle(window);
        }
    };
    press(&mut window, Key::ArrowRight, 6);
    press(&mut window, Key::M, 1);
    press(&mut window, Key::I, 1);
    press(&mut window, Key::ArrowRight, 12);
    press(&mut window, Key::O, 1);
    window.key_press_modifiers(Modifiers::SHIFT, Key::M);
    window.run_steps(3);
    window.get_by_label("Mark with note").type_text("green");
    window.run_steps(2);
    press(&mut window, Key::Enter, 1);
    compare(window, "marks");
}

#[test]
fn two_clips_at_a_split() {
    let clips = [clip("av1.mp4"), clip("av1_film_grain.mp4")];
    let mut window = open(&clips, ThemeChoice::Dark, SIZE);
    window.key_press(Key::W);
    settle(&mut window);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("PSNR –").is_none()
    });
    compare(window, "compare_wipe");
}

#[test]
fn the_difference_of_two_clips() {
    let clips = [clip("av1.mp4"), clip("av1_film_grain.mp4")];
    let mut window = open(&clips, ThemeChoice::Light, SIZE);
    window.key_press(Key::D);
    settle(&mut window);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("PSNR –").is_none()
    });
    compare(window, "compare_difference");
}
