//! Playback: what is chosen of it, and what is measured of it.

use crate::support::{Window, app, clip, open, open_with, settle};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use reelscope_viewer::{LoopMode, Settings};

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    settle(window);
}

#[test]
fn the_figures_come_and_go_by_key_and_count_seeks() {
    let mut window = open(&[clip("h264_b_frames.mp4")]);
    assert!(window.query_by_label("Seek p95").is_none());
    press(&mut window, Key::H);
    window.get_by_label("paused");
    for _ in 0..3 {
        press(&mut window, Key::ArrowRight);
    }
    window.get_by_label("Seek p95");
    let seeks = window.get_by_label("Seeks measured").rect();
    assert!(seeks.width() > 0.0);
    assert!(app(&window).settings().hud, "it is remembered");
    press(&mut window, Key::H);
    assert!(window.query_by_label("Seek p95").is_none());
}

#[test]
fn the_size_of_everything_follows_the_keys() {
    let mut window = open(&[clip("av1.mp4")]);
    let before = window.ctx.zoom_factor();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
    window.run_steps(3);
    assert!(window.ctx.zoom_factor() > before);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num0);
    window.run_steps(3);
    assert_eq!(window.ctx.zoom_factor(), before);
}

#[test]
fn the_button_says_what_happens_at_the_end_and_the_range_can_be_cleared() {
    let mut window = open(&[clip("av1.mp4")]);
    window
        .get_by_label("Loop mode: Once (stops at the end)")
        .click();
    window.run_steps(2);
    assert_eq!(app(&window).clock().loop_mode(), LoopMode::Loop);
    press(&mut window, Key::I);
    press(&mut window, Key::ArrowRight);
    press(&mut window, Key::O);
    window.get_by_label("Clear loop").click();
    window.run_steps(2);
    assert_eq!(app(&window).clock().loop_range(), None);
}

#[test]
fn events_are_gone_to_in_any_stream_on_screen() {
    let mut window = open(&[clip("av1.mp4"), clip("h264_b_frames.mp4")]);
    let start = app(&window).clock().now();
    window.key_press_modifiers(Modifiers::COMMAND, Key::ArrowRight);
    settle(&mut window);
    let next = app(&window).clock().now();
    assert!(next > start);
    window.key_press_modifiers(Modifiers::COMMAND, Key::ArrowLeft);
    settle(&mut window);
    assert_eq!(app(&window).clock().now(), start);
}

#[test]
fn reduced_motion_stops_what_moves_by_itself() {
    let settings = Settings {
        reduced_motion: true,
        ..Settings::default()
    };
    let window = open_with(&[clip("av1.mp4")], settings);
    let style = window.ctx.style_of(window.ctx.theme());
    assert_eq!(style.animation_time, 0.0);
}
