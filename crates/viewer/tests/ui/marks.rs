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
