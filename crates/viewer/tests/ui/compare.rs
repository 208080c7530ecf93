//! Two tiles held against each other.

use std::path::Path;
use std::process::Command;

use crate::support::{Window, clip, colors, open, settle, wait_for};
use egui::{Key, Modifiers, pos2};
use egui_kittest::kittest::{NodeT, Queryable};

const ONE: &str = "av1.mp4";
const OTHER: &str = "h264_b_frames.mp4";

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    settle(window);
}

/// Text of a label that starts like this.
fn text(window: &Window, start: &str) -> Option<String> {
    let node = window.query_by_label_contains(start)?;
    let node = node.accesskit_node();
    node.value().or(node.label())
}

#[test]
fn a_wipe_shows_both_at_a_split_that_is_dragged() {
    let mut window = open(&[clip(ONE), clip(OTHER)]);
    press(&mut window, Key::W);
    window.get_by_label("Split between A and B");
    let split = window.get_by_label("Split between A and B").rect().center();
    let to = pos2(split.x - 200.0, split.y);
    window.hover_at(split);
    window.run_steps(1);
    window.drag_at(split);
    for step in 1..=4 {
        window.hover_at(split + (to - split) * (step as f32 / 4.0));
        window.run_steps(1);
    }
    window.drop_at(to);
    window.run_steps(2);
    let moved = window.get_by_label("Split between A and B").rect().center();
    assert!((moved.x - to.x).abs() < 8.0, "{moved:?}");
    // The same key ends it.
    press(&mut window, Key::W);
    assert!(window.query_by_label("Split between A and B").is_none());
    window.get_by_label(&format!("Picture of {OTHER}"));
}

#[test]
fn tab_turns_the_two_round_only_while_they_are_compared() {
    let mut window = open(&[clip(ONE), clip(OTHER)]);
    press(&mut window, Key::Tab);
    assert!(
        window.ctx.memory(|memory| memory.focused()).is_some(),
        "tab finds a widget"
    );
    press(&mut window, Key::Escape);
    press(&mut window, Key::B);
    let picture = |window: &Window, name: &str| {
        window
            .query_by_label(&format!("Picture of {name}"))
            .is_some()
    };
    assert!(picture(&window, ONE) && !picture(&window, OTHER));
    press(&mut window, Key::Tab);
    assert!(picture(&window, OTHER) && !picture(&window, ONE));
}

#[test]
fn equal_pictures_have_no_difference_and_no_noise() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.mp4");
    std::fs::copy(clip(ONE), &copy).unwrap();
    let mut window = open(&[clip(ONE), copy]);
    press(&mut window, Key::D);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label("PSNR ∞ dB  SSIM 1.0000").is_some()
    });
    let picture = format!("Picture of {ONE}");
    let places = [[0.3, 0.5], [0.6, 0.5], [0.7, 0.9]];
    assert_eq!(
        colors(&mut window, &picture, [160.0, 120.0], places),
        [[0, 0, 0]; 3]
    );
    // One frame on in one of them alone is not possible: both follow the one playhead.
    press(&mut window, Key::ArrowRight);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label("PSNR ∞ dB  SSIM 1.0000").is_some()
    });
}

#[test]
fn likeness_is_what_ffmpeg_measures() {
    let mut window = open(&[clip(ONE), clip(OTHER)]);
    press(&mut window, Key::D);
    let mut words = String::new();
    wait_for(&mut window, |window| {
        window.step();
        words = text(window, "PSNR").unwrap_or_default();
        words.contains("dB")
    });
    let numbers: Vec<f64> = words
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let psnr = measured("psnr", "psnr_y:", [&clip(ONE), &clip(OTHER)]);
    let ssim = measured("ssim", "Y:", [&clip(ONE), &clip(OTHER)]);
    assert!(
        (numbers[0] - psnr).abs() < 0.02,
        "{words}, FFmpeg says {psnr} dB"
    );
    // Its windows are the same, its sums are rounded.
    assert!(
        (numbers[1] - ssim).abs() < 0.01,
        "{words}, FFmpeg says {ssim}"
    );
}

/// What a filter of FFmpeg says of the first frames' luma.
fn measured(filter: &str, field: &str, [one, other]: [&Path; 2]) -> f64 {
    let graph = format!("[0:v][1:v]{filter}=stats_file=-");
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(one)
        .arg("-i")
        .arg(other)
        .args(["-lavfi", &graph, "-frames:v", "1", "-f", "null", "-"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said.lines().next().unwrap();
    let value = line
        .split_whitespace()
        .find_map(|word| word.strip_prefix(field));
    value.unwrap().parse().unwrap()
}

#[test]
fn with_one_picture_there_is_nothing_to_compare_and_it_says_so() {
    let mut window = open(&[clip(ONE)]);
    press(&mut window, Key::W);
    window.get_by_label("Wipe: there is no second picture on screen");
}

#[test]
fn sizes_that_differ_are_said_to_be_scaled() {
    let mut window = open(&[clip(ONE), clip("av1_odd_size.mp4")]);
    window.key_press_modifiers(Modifiers::NONE, Key::W);
    settle(&mut window);
    window.get_by_label_contains("B is scaled to the size of A");
}
