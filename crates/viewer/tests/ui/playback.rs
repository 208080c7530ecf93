//! Playback: what is chosen of it, and what is measured of it.

use crate::live::{client, codec, info, listening, numbered_sample, samples, send};
use crate::support::{Window, app, clip, open, open_options, open_with, settle, wait_for};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use reelscope_viewer::{Listening, LoopMode, Pace, Settings, ViewerOptions};

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

/// Types into a field that is a button until it is clicked.
fn type_into(window: &mut Window, label: &str, text: &str) {
    window.get_by_label(label).click();
    window.run_steps(2);
    window.get_by_label(label).type_text(text);
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(3);
}

#[test]
fn the_speed_is_typed_or_chosen() {
    let mut window = open(&[clip("av1.mp4")]);
    let speed = |window: &Window| app(window).clock().speed().to_string();
    type_into(&mut window, "Speed 1×", "-2x");
    assert_eq!(speed(&window), "−2×");
    type_into(&mut window, "Speed −2×", "fast");
    assert_eq!(speed(&window), "−2×", "what is none changes nothing");
    type_into(&mut window, "Speed −2×", "0");
    assert_eq!(speed(&window), "−2×");
    window.get_by_label("Choose a speed").click();
    window.run_steps(3);
    window.get_by_label("0.25×").click();
    window.run_steps(3);
    assert_eq!(speed(&window), "0.25×");
}

#[test]
fn the_steps_of_a_second_are_chosen_for_a_timeline_that_counts() {
    let mut window = listening();
    let logger = client(&window);
    let samples = samples("av1.ivf");
    let rows = (0..).zip(&samples);
    let rows = rows.map(|(at, it)| numbered_sample("/cam", at, it));
    send(&logger, [info(), codec("/cam", b"av01")]);
    send(&logger, rows);
    wait_for(&mut window, |window| {
        window.step();
        app(window).shown_exactly().contains_key("/cam")
    });
    if window.query_by_label("Timeline time").is_some() {
        window.get_by_label("Timeline time").click();
        window.run_steps(3);
        window.get_by_label("frame").click();
        settle(&mut window);
    }
    type_into(&mut window, "Steps per second: 30", "10");
    assert_eq!(app(&window).clock().pace(), Pace::Steps(10));
    let rates = &app(&window).settings().step_rates;
    assert_eq!(rates.get("cameras", "frame"), 10);
    assert_eq!(rates.get("another program", "frame"), 30);
}

#[test]
fn frames_that_are_passed_are_counted_while_playing() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::L);
    window.key_press(Key::L);
    window.key_press(Key::L);
    window.key_press(Key::L);
    // Eight times as fast as the frames follow each other, and one repaint for each of them.
    window.run_steps(10);
    assert!(window.query_by_label_contains("dropped").is_some());
}

#[test]
fn whether_programs_may_log_is_chosen_and_remembered() {
    let settings = Settings {
        listening: Listening {
            port: 0,
            ..Listening::default()
        },
        ..Settings::default()
    };
    let mut window = open_options(settings, [800.0, 600.0], || ViewerOptions {
        listen_as_chosen: true,
        ..ViewerOptions::default()
    });
    assert!(app(&window).listening_port().is_some());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    window.run_steps(3);
    window.get_by_label("Settings of logging").click();
    window.run_steps(3);
    window
        .get_by_label("Let programs log to this window")
        .click();
    window.run_steps(3);
    assert_eq!(app(&window).listening_port(), None);
    window.get_by_label("Nobody can log now.");
    let kept = Settings::from_text(&app(&window).settings().to_text());
    assert!(!kept.listening.on);
    window
        .get_by_label("Let programs log to this window")
        .click();
    window.run_steps(3);
    assert!(app(&window).listening_port().is_some());
}

#[test]
fn each_section_of_the_settings_fits_a_small_window() {
    let size = [800.0, 600.0];
    let mut window = open_options(Settings::default(), size, ViewerOptions::default);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    window.run_steps(3);
    for section in ["decoding", "memory", "playback", "window", "logging"] {
        let tab = format!("Settings of {section}");
        window.get_by_label(&tab).click();
        window.run_steps(3);
        let close = window.get_by_label("Close").rect();
        assert!(close.max.x < size[0] && close.max.y < size[1], "{section}");
    }
}

#[test]
fn with_reduced_motion_the_wheel_moves_at_once() {
    let turned = |reduced_motion| {
        let settings = Settings {
            reduced_motion,
            ..Settings::default()
        };
        let mut window = open_with(&[clip("av1.mp4")], settings);
        // Too low for all keys.
        window.set_size(egui::vec2(1280.0, 500.0));
        window.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
        window.run_steps(20);
        let label = "Previous frame of the focused stream";
        let before = window.get_by_label(label).rect();
        window.hover_at(before.center());
        window.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Line,
            delta: egui::vec2(0.0, -1.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        });
        // The list is drawn at its new place in the repaint after.
        window.run_steps(2);
        let soon = window.get_by_label(label).rect();
        window.run_steps(30);
        let later = window.get_by_label(label).rect();
        (before.min.y - soon.min.y, before.min.y - later.min.y)
    };
    let (soon, later) = turned(true);
    assert!(soon > 0.0 && (soon - later).abs() < 0.5, "{soon}, {later}");
    let (soon, later) = turned(false);
    assert!(soon < later - 1.0, "{soon}, {later}");
}
