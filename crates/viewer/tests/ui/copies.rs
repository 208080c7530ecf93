//! One stream in two tiles, shifted in time, zoomed together.

use crate::support::{Window, app, clip, open, settle};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

fn duplicate(window: &mut Window) {
    press(window, Modifiers::COMMAND, Key::D);
}

#[test]
fn a_copy_shows_another_time_and_is_closed_for_good() {
    let mut window = open(&[clip("av1.mp4")]);
    duplicate(&mut window);
    window.get_by_label("Picture of av1.mp4");
    window.get_by_label("Picture of av1.mp4 (2)");
    for _ in 0..10 {
        press(&mut window, Modifiers::NONE, Key::ArrowRight);
    }
    // The copy has the focus: it falls three frames behind the playhead.
    for _ in 0..3 {
        press(&mut window, Modifiers::NONE, Key::Quote);
    }
    window.get_by_label("Number: #7 of 36");
    window.get_by_label("+120 ms");
    // A step goes by its frames, the other tile stays three ahead.
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    window.get_by_label("Number: #8 of 36");
    window.get_by_label("#11");
    press(&mut window, Modifiers::NONE, Key::Delete);
    assert!(window.query_by_label("Picture of av1.mp4 (2)").is_none());
    window.get_by_label("Number: #11 of 36");
}

#[test]
fn two_times_of_one_stream_are_compared() {
    let mut window = open(&[clip("av1.mp4")]);
    duplicate(&mut window);
    press(&mut window, Modifiers::NONE, Key::Semicolon);
    press(&mut window, Modifiers::NONE, Key::W);
    window.get_by_label_contains("A #1");
    window.get_by_label_contains("B #0");
}

#[test]
fn pictures_of_one_size_are_zoomed_together_unless_unlinked() {
    let mut window = open(&[clip("av1.mp4"), clip("av1_film_grain.mp4")]);
    let zoom = |window: &mut Window| {
        let picture = window.get_by_label("Picture of av1.mp4").rect().center();
        window.hover_at(picture);
        window.run_steps(1);
        window.event(egui::Event::Zoom(2.0));
        window.run_steps(20);
    };
    let percents = |window: &Window| window.query_all_by_label_contains(" %").count();
    let same = |window: &Window| {
        use egui_kittest::kittest::NodeT;
        let all = window.query_all_by_label_contains(" %");
        let texts: Vec<_> = all.map(|node| node.accesskit_node().value()).collect();
        texts.windows(2).all(|pair| pair[0] == pair[1])
    };
    zoom(&mut window);
    assert_eq!(percents(&window), 2);
    assert!(same(&window));
    press(&mut window, Modifiers::SHIFT, Key::Z);
    zoom(&mut window);
    assert!(!same(&window));
}

#[test]
fn a_pinned_frame_is_aligned_with_the_playhead() {
    let mut window = open(&[clip("av1.mp4")]);
    duplicate(&mut window);
    press(&mut window, Modifiers::SHIFT, Key::N);
    window.get_by_label("Align here: no frame is pinned");
    for _ in 0..2 {
        press(&mut window, Modifiers::NONE, Key::ArrowRight);
    }
    press(&mut window, Modifiers::NONE, Key::N);
    for _ in 0..5 {
        press(&mut window, Modifiers::NONE, Key::ArrowRight);
    }
    press(&mut window, Modifiers::SHIFT, Key::N);
    // Frame 2 of the copy is where frame 7 of the other one is.
    window.get_by_label("Number: #2 of 36");
    window.get_by_label("#7");
    window.get_by_label("+200 ms");
    // The copy ends later than the stream did.
    press(&mut window, Modifiers::NONE, Key::End);
    window.get_by_label("Number: #35 of 36");
}

#[test]
fn a_drag_with_alt_shifts_a_lane_and_leaves_the_playhead() {
    let mut window = open(&[clip("av1.mp4"), clip("av1_film_grain.mp4")]);
    let names: Vec<egui::Rect> = window
        .query_all_by_label("av1.mp4")
        .map(|node| node.rect())
        .collect();
    // Lowest in the window: the name of its lane.
    let lane = names.iter().map(|rect| rect.center().y).fold(0.0, f32::max);
    let from = egui::pos2(700.0, lane);
    window.hover_at(from);
    window.run_steps(1);
    window.event_modifiers(egui::Event::PointerMoved(from), Modifiers::ALT);
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::ALT,
    };
    let now = app(&window).clock().now();
    window.event_modifiers(button(from, true), Modifiers::ALT);
    window.step();
    let to = from + egui::vec2(100.0, 0.0);
    window.event_modifiers(egui::Event::PointerMoved(to), Modifiers::ALT);
    window.run_steps(2);
    window.event_modifiers(button(to, false), Modifiers::ALT);
    settle(&mut window);
    assert_eq!(app(&window).clock().now(), now);
    // In its tile and at its lane.
    let shifts = window.query_all_by_label_contains(" ms").count();
    assert!(shifts >= 2, "{shifts}");
    window.get_by_label("starts later");
}
