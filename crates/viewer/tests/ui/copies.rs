//! One stream in two tiles, shifted in time, zoomed together.

use crate::support::{Window, clip, open, settle};
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
