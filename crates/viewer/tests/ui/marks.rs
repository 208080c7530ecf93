//! Marks with notes, and the range that is played again and again.

use crate::support::{Window, app, clip, open, settle};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    settle(window);
}

fn marks(window: &Window) -> Vec<(i64, String)> {
    let markers = app(window).markers();
    markers
        .into_iter()
        .flat_map(|markers| markers.iter())
        .map(|(_, mark)| (mark.time.0, mark.note.clone()))
        .collect()
}

#[test]
fn a_mark_keeps_its_note_and_is_gone_back_to() {
    let mut window = open(&[clip("av1.mp4")]);
    press(&mut window, Key::ArrowRight);
    press(&mut window, Key::M);
    press(&mut window, Key::End);
    window.key_press_modifiers(Modifiers::SHIFT, Key::M);
    window.run_steps(3);
    window
        .get_by_label("Mark with note")
        .type_text("light turns green");
    window.run_steps(2);
    press(&mut window, Key::Enter);
    let first = marks(&window).first().map(|(time, _)| *time);
    let notes: Vec<String> = marks(&window).into_iter().map(|(_, note)| note).collect();
    assert_eq!(notes, ["", "light turns green"]);
    press(&mut window, Key::PageUp);
    assert_eq!(Some(app(&window).clock().now().0), first);
    window.get_by_label("Number: #1 of 36");
    press(&mut window, Key::PageDown);
    window.get_by_label("Number: #35 of 36");
}

#[test]
fn a_loop_lies_between_two_frames_and_is_cleared() {
    let mut window = open(&[clip("av1.mp4")]);
    press(&mut window, Key::ArrowRight);
    let start = app(&window).clock().now();
    press(&mut window, Key::I);
    press(&mut window, Key::ArrowRight);
    press(&mut window, Key::O);
    press(&mut window, Key::ArrowRight);
    let after = app(&window).clock().now();
    // The frame at the playhead belongs to the range.
    assert_eq!(app(&window).clock().loop_range(), Some((start, after)));
    press(&mut window, Key::Backslash);
    assert_eq!(app(&window).clock().loop_range(), None);
}

#[test]
fn a_range_is_drawn_over_the_band_and_its_ends_are_dragged() {
    let mut window = open(&[clip("av1.mp4")]);
    let band = window.get_by_label("Loop range").rect();
    let at = |share: f32| egui::pos2(band.left() + share * band.width(), band.center().y);
    drag(&mut window, at(0.25), at(0.75));
    let (start, end) = app(&window).clock().loop_range().unwrap();
    let length = 1_440_000_000.0_f64;
    assert!((start.0 as f64 / length - 0.25).abs() < 0.02, "{start:?}");
    assert!((end.0 as f64 / length - 0.75).abs() < 0.02, "{end:?}");
    let grip = window.get_by_label_contains("Loop end").rect().center();
    drag(&mut window, grip, at(0.5));
    let (same, moved) = app(&window).clock().loop_range().unwrap();
    assert_eq!(same, start);
    assert!((moved.0 as f64 / length - 0.5).abs() < 0.02, "{moved:?}");
}

#[test]
fn a_mark_is_dragged_elsewhere_and_removed_by_its_menu() {
    let mut window = open(&[clip("av1.mp4")]);
    press(&mut window, Key::M);
    let band = window.get_by_label("Loop range").rect();
    let from = window.get_by_label("Mark").rect().center();
    drag(
        &mut window,
        from,
        egui::pos2(band.center().x, band.center().y),
    );
    let (time, _) = marks(&window)[0].clone();
    assert!((time as f64 / 1_440_000_000.0 - 0.5).abs() < 0.02, "{time}");
    window.get_by_label("Mark").click_secondary();
    window.run_steps(3);
    window.get_by_label("Remove").click();
    window.run_steps(3);
    assert!(marks(&window).is_empty());
}

fn drag(window: &mut Window, from: egui::Pos2, to: egui::Pos2) {
    window.hover_at(from);
    window.run_steps(1);
    window.drag_at(from);
    window.run_steps(1);
    for step in 1..=4 {
        let way = from + (to - from) * (step as f32 / 4.0);
        window.hover_at(way);
        window.run_steps(1);
    }
    window.drop_at(to);
    window.run_steps(2);
}
