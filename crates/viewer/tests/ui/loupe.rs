//! The loupe and the values in pixels, held against what FFmpeg decodes.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::kittest::Queryable;

use crate::support::{Window, clip, colors, copied, open, settle};

/// Where a point of a picture is on screen, given in pixels of the upright picture of that size.
fn point(window: &Window, title: &str, size: [f32; 2], at: [f32; 2]) -> Pos2 {
    let tile = window.get_by_label(&format!("Picture of {title}")).rect();
    let shape = vec2(size[0], size[1]);
    let scale = (tile.size() / shape).min_elem();
    tile.center() + (vec2(at[0], at[1]) - shape / 2.0) * scale
}

fn hold(window: &Window, modifiers: Modifiers) {
    window.event(Event::ModifiersChanged(modifiers));
}

#[test]
fn shift_shows_the_code_values_of_the_pixel_at_the_pointer() {
    let mut window = open(&[clip("av1.mp4")]);
    let at = point(&window, "av1.mp4", [160.0, 120.0], [80.5, 60.5]);
    window.hover_at(at);
    window.run_steps(3);
    assert!(window.query_by_label("Loupe").is_none());
    hold(&window, Modifiers::SHIFT);
    window.run_steps(3);
    window.get_by_label("Loupe");
    // `ffmpeg -i av1.mp4 -frames:v 1 -f rawvideo -pix_fmt yuv420p -`, column 80, row 60.
    window.get_by_label("Y 115 U 94 V 172");
    window.get_by_label("x 80 y 60");
    assert!(window.query_by_label_contains("cd/m²").is_none());
    hold(&window, Modifiers::NONE);
    window.run_steps(3);
    assert!(window.query_by_label("Loupe").is_none());
}

#[test]
fn the_colour_in_the_loupe_is_the_one_on_screen() {
    let mut window = open(&[clip("av1.mp4")]);
    let share = [20.5 / 160.0, 20.5 / 120.0];
    let [screen] = colors(&mut window, "Picture of av1.mp4", [160.0, 120.0], [share]);
    let at = point(&window, "av1.mp4", [160.0, 120.0], [20.5, 20.5]);
    window.hover_at(at);
    hold(&window, Modifiers::SHIFT);
    window.run_steps(3);
    window.get_by_label("Y 184 U 117 V 111");
    let [red, green, blue] = screen;
    window.get_by_label(&format!("R {red} G {green} B {blue}"));
    window.get_by_label(&format!("#{red:02X}{green:02X}{blue:02X}"));
}

#[test]
fn ten_bits_and_the_light_that_they_mean_are_shown() {
    let mut window = open(&[clip("av1_10bit_hlg.mp4")]);
    let at = point(&window, "av1_10bit_hlg.mp4", [160.0, 120.0], [20.5, 20.5]);
    window.hover_at(at);
    hold(&window, Modifiers::SHIFT);
    window.run_steps(3);
    // The same with `-pix_fmt yuv420p10le`.
    window.get_by_label("Y 725 U 479 V 441");
    window.get_by_label_contains("cd/m²");
}

#[test]
fn places_are_told_in_the_decoded_picture_however_it_is_turned() {
    let mut window = open(&[clip("rotated_90.mp4")]);
    // ffprobe: shown turned clockwise by 90 degrees. So column x, row y is shown at (119 − y, x).
    let upright = [119.0 - 20.0 + 0.5, 30.5];
    let at = point(&window, "rotated_90.mp4", [120.0, 160.0], upright);
    window.hover_at(at);
    hold(&window, Modifiers::SHIFT);
    window.run_steps(3);
    window.get_by_label("x 30 y 20");
    window.get_by_label("Y 185 U 113 V 115");
}

#[test]
fn a_key_keeps_the_loupe_at_the_pointer_or_in_the_middle_without_one() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::X);
    settle(&mut window);
    // The middle of the tile lies where four pixels meet.
    let middles = ["x 79 y 59", "x 80 y 59", "x 79 y 60", "x 80 y 60"];
    let is_middle = |label: &str| window.query_by_label(label).is_some();
    assert!(middles.into_iter().any(is_middle));
    let at = point(&window, "av1.mp4", [160.0, 120.0], [20.5, 20.5]);
    window.hover_at(at);
    window.run_steps(3);
    window.get_by_label("x 20 y 20");
    window.key_press(Key::X);
    settle(&mut window);
    assert!(window.query_by_label("Loupe").is_none());
}

#[test]
fn a_click_with_ctrl_copies_the_values() {
    let mut window = open(&[clip("av1.mp4")]);
    let at = point(&window, "av1.mp4", [160.0, 120.0], [80.5, 60.5]);
    window.hover_at(at);
    hold(&window, Modifiers::COMMAND);
    window.step();
    let button = |pressed| Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::COMMAND,
    };
    window.event(button(true));
    window.step();
    window.event(button(false));
    let mut text = None;
    for _ in 0..4 {
        window.step();
        text = text.or_else(|| copied(&mut window));
    }
    let text = text.unwrap();
    assert!(
        text.starts_with("x 80 y 60 · Y 115 U 94 V 172 · shown R "),
        "{text}"
    );
}

#[test]
fn values_stand_in_pixels_that_are_shown_very_large() {
    let mut window = open(&[clip("av1_odd_size.mp4")]);
    let title = "Picture of av1_odd_size.mp4";
    let tile = window.get_by_label(title).rect();
    window.hover_at(tile.center());
    window.event(Event::Zoom(100.0));
    window.run_steps(5);
    // Contrast within the tile: text on what is next to flat at this size.
    let written = contrast(&mut window, title);
    assert!(written > 0.4, "{written}");
    window
        .get_by_role_and_label(egui::Role::Button, "Picture")
        .click();
    window.run_steps(3);
    window.get_by_label_contains("Written into pixels").click();
    window.run_steps(3);
    window.get_by_label("Nothing").click();
    window.run_steps(8);
    let plain = contrast(&mut window, title);
    assert!(plain < written / 2.0, "{plain} {written}");
}

/// The greatest step in brightness between neighbours on screen in the middle of a picture.
fn contrast(window: &mut Window, title: &str) -> f32 {
    let center = window.get_by_label(title).rect().center();
    let image = window.render().unwrap();
    let light = |x: i32, y: i32| {
        let (x, y) = (center.x as i32 + x, center.y as i32 + y);
        let [r, g, b, _] = image.get_pixel(x as u32, y as u32).0.map(f32::from);
        (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255.0
    };
    let near = (-100..100).flat_map(|y| (-100..100).map(move |x| (x, y)));
    near.map(|(x, y)| (light(x, y) - light(x + 1, y)).abs())
        .fold(0.0, f32::max)
}
