//! Commands as a person finds them: the palette, the keys that can be changed, and "go to".

use crate::support::{Window, app, clip, open, open_with, settle};
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use reelscope_viewer::{KeyChoice, KeyPreset, Settings};

const SECOND: i64 = 1_000_000_000;

fn now(window: &Window) -> i64 {
    app(window).clock().now().0
}

/// Opens the palette and types into it.
fn ask(window: &mut Window, query: &str) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run_steps(3);
    window.get_by_label("Find a command").type_text(query);
    window.run_steps(3);
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run_steps(3);
}

fn edit_keys(window: &mut Window) {
    ask(window, "change keys");
    press(window, Key::Enter);
}

#[test]
fn a_command_is_found_by_a_few_letters_and_run() {
    let mut window = open(&[clip("av1.mp4")]);
    ask(&mut window, "gte");
    press(&mut window, Key::Enter);
    settle(&mut window);
    window.get_by_label("Number: #35 of 36");
    assert!(window.query_by_label("Find a command").is_none());
}

#[test]
fn arrows_choose_and_escape_closes_without_doing_anything() {
    let mut window = open(&[clip("av1.mp4")]);
    ask(&mut window, "step");
    let first = "Step forward: Next frame of the focused stream";
    let second = "Step back: Previous frame of the focused stream";
    let is_chosen = |window: &Window, label: &str| {
        let node = window.get_by_label(label);
        node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(is_chosen(&window, first));
    press(&mut window, Key::ArrowDown);
    assert!(!is_chosen(&window, first));
    assert!(is_chosen(&window, second));
    press(&mut window, Key::Escape);
    settle(&mut window);
    assert!(window.query_by_label("Find a command").is_none());
    window.get_by_label("Number: #0 of 36");
}

#[test]
fn what_is_not_possible_says_why_and_stays() {
    let mut window = open(&[]);
    ask(&mut window, "step forward");
    window.get_by_label("Step forward: Nothing is open.");
    press(&mut window, Key::Enter);
    window.get_by_label("Step forward: Nothing is open.");
    press(&mut window, Key::Escape);
    // The key says the same.
    press(&mut window, Key::ArrowRight);
    window.get_by_label("Step forward: nothing is open");
}

#[test]
fn a_command_that_was_run_comes_first_the_next_time() {
    let mut window = open(&[clip("av1.mp4")]);
    ask(&mut window, "loupe");
    press(&mut window, Key::Enter);
    ask(&mut window, "");
    let recent = window.get_by_label_contains("Loupe: Keep").rect();
    let other = window.get_by_label_contains("Open…: Open").rect();
    assert!(recent.top() < other.top());
}

#[test]
fn a_place_can_be_typed_into_the_palette() {
    let mut window = open(&[clip("av1.mp4")]);
    ask(&mut window, "#20");
    // 25 frames per second: ffprobe.
    window.get_by_label("Go to #20: 00:00:00.800, frame #20");
    press(&mut window, Key::Enter);
    settle(&mut window);
    window.get_by_label("Number: #20 of 36");
}

#[test]
fn go_to_says_where_it_leads_or_what_it_understands() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press_modifiers(Modifiers::SHIFT, Key::Colon);
    window.run_steps(3);
    let field = "Go to";
    window.get_by_label(field).type_text("+5");
    window.run_steps(2);
    // Five seconds are beyond the end.
    window.get_by_label("00:00:01.439, frame #35");
    window.get_by_label(field).type_text("f");
    window.run_steps(2);
    window.get_by_label("00:00:00.200, frame #5");
    window.get_by_label(field).type_text("x");
    window.run_steps(2);
    window.get_by_label("Not a place yet. Understood is:");
    assert!(window.get_by_label("Go").accesskit_node().is_disabled());
    press(&mut window, Key::Escape);
    press(&mut window, Key::G);
    window.get_by_label(field).type_text("2026-09-21T14:13:20Z");
    window.run_steps(2);
    window.get_by_label("This timeline has no days.");
    press(&mut window, Key::Escape);
    assert_eq!(now(&window), 0);
}

#[test]
fn a_key_is_added_to_a_command_and_taken_away_again() {
    let mut window = open(&[clip("av1.mp4")]);
    edit_keys(&mut window);
    window.get_by_label("Find a command").type_text("go to end");
    window.run_steps(3);
    window.get_by_label("Add a key to Go to end").click();
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F5);
    window.run_steps(3);
    window.get_by_label("Take End from Go to end").click();
    window.run_steps(3);
    let keys = &app(&window).settings().keys;
    assert_eq!(keys.changes["Go to end"], ["Ctrl+Shift+F5"]);
    press(&mut window, Key::Escape);
    press(&mut window, Key::End);
    assert_eq!(now(&window), 0);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F5);
    settle(&mut window);
    window.get_by_label("Number: #35 of 36");
}

#[test]
fn a_key_of_another_command_is_taken_only_if_one_says_so() {
    let mut window = open(&[clip("av1.mp4")]);
    edit_keys(&mut window);
    window.get_by_label("Find a command").type_text("stop");
    window.run_steps(3);
    window.get_by_label("Add a key to Stop").click();
    window.run_steps(2);
    press(&mut window, Key::F);
    window.get_by_label("F is on “Fit”.");
    assert!(app(&window).settings().keys.changes.is_empty());
    window.get_by_label("Take it").click();
    window.run_steps(3);
    assert_eq!(app(&window).settings().keys.changes["Stop"], ["K", "F"]);
    window.get_by_label("Reset Stop").click();
    window.run_steps(3);
    assert!(app(&window).settings().keys.changes.is_empty());
}

#[test]
fn escape_ends_only_the_recording_of_a_key() {
    let mut window = open(&[]);
    edit_keys(&mut window);
    window.get_by_label("Find a command").type_text("quit");
    window.run_steps(3);
    window.get_by_label("Add a key to Quit").click();
    window.run_steps(2);
    window.get_by_label("Press a key");
    window.event(egui::Event::Copy);
    window.run_steps(2);
    window.get_by_label("The system has this one for copy, cut and paste.");
    press(&mut window, Key::Escape);
    window.get_by_label("Take Ctrl+Q from Quit");
    press(&mut window, Key::Escape);
    assert!(window.query_by_label("Change keys").is_none());
}

#[test]
fn the_keys_of_a_preset_are_in_the_sheet_and_work() {
    let settings = Settings {
        keys: KeyChoice {
            preset: KeyPreset::Rerun,
            ..KeyChoice::default()
        },
        ..Settings::default()
    };
    let mut window = open_with(&[clip("av1.mp4")], settings);
    press(&mut window, Key::ArrowRight);
    assert_eq!(now(&window), SECOND / 10);
    window.key_press_modifiers(Modifiers::COMMAND, Key::ArrowRight);
    settle(&mut window);
    window.get_by_label("Number: #3 of 36");
    window.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    window.run_steps(3);
    window.get_by_label("A tenth of a second on");
    window.get_by_label("Ctrl+Right");
    window.get_by_label("Change keys…").click();
    window.run_steps(3);
    window.get_by_label("reelscope").click();
    window.run_steps(3);
    press(&mut window, Key::Escape);
    press(&mut window, Key::ArrowRight);
    settle(&mut window);
    window.get_by_label("Number: #4 of 36");
}
