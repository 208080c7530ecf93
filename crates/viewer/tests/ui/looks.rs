//! What a person chooses of how pictures look: other colours than are stated, brighter, one channel.

use std::path::PathBuf;

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use reelscope_media::{ColorInfo, Matrix};
use reelscope_viewer::{PixelText, Settings, StreamName};

use crate::support::{Window, app, clip, colors, copied, open, open_with, settle};

/// A clip whose container says BT.709, limited range.
const CLIP: &str = "av1.mp4";

/// R, G, B that 8-bit Y’CbCr in limited range is with a matrix of these weights of red and blue, by
/// ITU-R BT.709 item 3: floats that are rounded once.
fn rgb([y, cb, cr]: [f64; 3], [kr, kb]: [f64; 2]) -> [u8; 3] {
    let (y, cb, cr) = (
        (y - 16.0) / 219.0,
        (cb - 128.0) / 224.0,
        (cr - 128.0) / 224.0,
    );
    let red = y + 2.0 * (1.0 - kr) * cr;
    let blue = y + 2.0 * (1.0 - kb) * cb;
    let green = (y - kr * red - kb * blue) / (1.0 - kr - kb);
    [red, green, blue].map(|value| (value * 255.0).round().clamp(0.0, 255.0) as u8)
}

fn assert_near(color: [u8; 3], expected: [u8; 3], tolerance: u8) {
    let mut pairs = color.iter().zip(expected);
    let is_near = pairs.all(|(one, other)| one.abs_diff(other) <= tolerance);
    assert!(is_near, "{color:?} is not {expected:?}");
}

/// A picture of one colour all over.
fn flat(folder: &std::path::Path, color: [u8; 3]) -> PathBuf {
    let path = folder.join("flat.png");
    let image = image::RgbImage::from_pixel(64, 48, image::Rgb(color));
    image.save(&path).unwrap();
    path
}

fn open_menu(window: &mut Window) {
    // The inspector has a section of that name.
    window
        .get_by_role_and_label(Role::Button, "Picture")
        .click();
    window.run_steps(3);
}

fn choose(window: &mut Window, row: &str, value: &str) {
    // Sections above it may fill the inspector.
    window.get_by_label_contains(row).scroll_to_me();
    window.run_steps(4);
    window.get_by_label_contains(row).click();
    window.run_steps(4);
    window.get_by_label(value).click();
    window.run_steps(4);
}

/// Y’CbCr of the first frame at a place where neighbours are alike:
/// `ffmpeg -i av1.mp4 -frames:v 1 -f rawvideo -pix_fmt yuv420p -`, column 142, row 26.
const CODES: [f64; 3] = [174.0, 64.0, 112.0];
const AT: [f32; 2] = [142.5 / 160.0, 26.5 / 120.0];

#[test]
fn another_matrix_changes_the_picture_until_what_is_stated_is_believed_again() {
    let mut window = open(&[clip(CLIP)]);
    window.get_by_label("Matrix: BT.709, container");
    let picture = "Picture of av1.mp4";
    let [stated] = colors(&mut window, picture, [160.0, 120.0], [AT]);
    assert_near(stated, rgb(CODES, [0.2126, 0.0722]), 3);
    choose(&mut window, "Matrix: ", "BT.601 625");
    window.get_by_label("Matrix: BT.601 625, chosen");
    let [chosen] = colors(&mut window, picture, [160.0, 120.0], [AT]);
    assert_near(chosen, rgb(CODES, [0.299, 0.114]), 3);
    assert!(stated[1].abs_diff(chosen[1]) > 6, "{stated:?} {chosen:?}");
    window.get_by_label("Reset colours").click();
    window.run_steps(4);
    window.get_by_label("Matrix: BT.709, container");
    let [again] = colors(&mut window, picture, [160.0, 120.0], [AT]);
    assert_eq!(again, stated);
    assert!(window.query_by_label("Reset colours").is_none());
}

#[test]
fn a_choice_of_colours_holds_when_the_file_is_opened_again() {
    let mut window = open(&[clip(CLIP)]);
    choose(&mut window, "Range: ", "Full (PC)");
    window.get_by_label("Range: Full (PC), chosen");
    let stored = app(&window).settings().to_text();
    let mut window = open_with(&[clip(CLIP)], Settings::from_text(&stored));
    window.get_by_label("Range: Full (PC), chosen");
    choose(&mut window, "Range: ", "As stated");
    window.get_by_label("Range: Limited (TV), container");
    let settings = app(&window).settings();
    let none = Settings::default().corrections;
    assert_eq!(settings.corrections, none, "nothing is left behind");
}

#[test]
fn a_correction_of_another_file_does_not_apply() {
    let mut settings = Settings::default();
    let color = ColorInfo {
        matrix: Matrix::FCC,
        ..ColorInfo::default()
    };
    let stream = StreamName {
        source: "/elsewhere/av1.mp4".to_owned(),
        entity: "video".to_owned(),
    };
    settings.corrections.set(stream, color);
    open_with(&[clip(CLIP)], settings).get_by_label("Matrix: BT.709, container");
}

#[test]
fn what_nobody_states_is_said_to_be_guessed_and_from_what() {
    let window = open(&[clip("h264_color_unstated.mp4")]);
    window.get_by_label("Matrix: BT.601 525, guessed from 120 lines");
    window.get_by_label("Range: Limited (TV), usual for video");
}

#[test]
fn interlaced_pictures_are_said_to_be_shown_as_decoded() {
    let window = open(&[clip("h264_interlaced.mp4")]);
    window.get_by_label("Scan: interlaced");
    assert!(
        open(&[clip(CLIP)])
            .query_by_label_contains("Scan")
            .is_none()
    );
}

#[test]
fn a_stop_more_doubles_the_light() {
    // IEC 61966-2-1: 100 is 0.12744 of full light, twice that is 138.6, half of it 71.1.
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(&[flat(folder.path(), [100; 3])]);
    let color = |window: &mut Window| {
        let [color] = colors(window, "Picture of flat.png", [64.0, 48.0], [[0.5; 2]]);
        color
    };
    assert_eq!(color(&mut window), [100; 3]);
    window.key_press(Key::E);
    window.key_press(Key::E);
    settle(&mut window);
    window.get_by_label("+1 EV");
    assert_near(color(&mut window), [139; 3], 1);
    for _ in 0..4 {
        window.key_press_modifiers(Modifiers::SHIFT, Key::E);
    }
    settle(&mut window);
    window.get_by_label("−1 EV");
    assert_near(color(&mut window), [71; 3], 1);
    window.key_press_modifiers(Modifiers::ALT, Key::E);
    settle(&mut window);
    assert!(window.query_by_label_contains(" EV").is_none());
    assert_eq!(color(&mut window), [100; 3]);
}

#[test]
fn keys_choose_a_channel_and_take_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(&[flat(folder.path(), [200, 100, 50])]);
    for (modifiers, key, name) in [
        (Modifiers::NONE, Key::R, "Red"),
        (Modifiers::SHIFT, Key::G, "Green"),
        (Modifiers::SHIFT, Key::B, "Blue"),
    ] {
        window.key_press_modifiers(modifiers, key);
        settle(&mut window);
        window.get_by_label(name);
    }
    window.key_press_modifiers(Modifiers::SHIFT, Key::B);
    settle(&mut window);
    assert!(window.query_by_label("Blue").is_none());
    window.key_press(Key::U);
    window.run_steps(2);
    window.get_by_label_contains("Chroma Cb (U): the focused picture has no such channel");
    assert!(window.query_by_label("Chroma Cb (U)").is_none());
}

#[test]
fn the_menu_offers_the_channels_that_the_picture_has() {
    let mut window = open(&[clip(CLIP)]);
    open_menu(&mut window);
    window.get_by_label_contains("Channels").click();
    window.run_steps(3);
    let is_off = |name: &str| {
        let node = window.get_by_label_contains(name);
        node.accesskit_node().is_disabled()
    };
    assert!(is_off("Alpha"));
    assert!(!is_off("Luma (Y’)"));
    assert!(!is_off("Chroma Cr (V)"));
}

#[test]
fn how_chroma_is_interpolated_is_remembered() {
    let mut window = open(&[clip(CLIP)]);
    open_menu(&mut window);
    window.get_by_label_contains("Chroma interpolation").click();
    window.run_steps(3);
    window.get_by_label("Lanczos").click();
    window.run_steps(3);
    let text = app(&window).settings().to_text();
    assert!(text.contains("chroma_filter = \"Lanczos\""), "{text}");
    assert_eq!(app(&window).settings().pixel_text, PixelText::Codes);
    assert!(copied(&mut window).is_none());
}

#[test]
fn keys_show_a_channel_alone_and_all_of_them_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(&[flat(folder.path(), [200, 100, 50])]);
    let color = |window: &mut Window| {
        settle(window);
        let [color] = colors(window, "Picture of flat.png", [64.0, 48.0], [[0.5; 2]]);
        color
    };
    for (modifiers, key, name, grey) in [
        (Modifiers::NONE, Key::R, "Red", 200),
        (Modifiers::SHIFT, Key::G, "Green", 100),
        (Modifiers::SHIFT, Key::B, "Blue", 50),
    ] {
        window.key_press_modifiers(modifiers, key);
        assert_near(color(&mut window), [grey; 3], 1);
        window.get_by_label(name);
    }
    window.key_press_modifiers(Modifiers::SHIFT, Key::B);
    assert_eq!(color(&mut window), [200, 100, 50]);
    window.key_press(Key::U);
    window.run_steps(2);
    window.get_by_label_contains("Chroma Cb (U): the focused picture has no such channel");
    assert_eq!(color(&mut window), [200, 100, 50]);
}

#[test]
fn values_are_stretched_over_all_shades_until_they_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flat.png");
    let halves = image::RgbImage::from_fn(64, 48, |x, _| {
        image::Rgb([if x < 32 { 60 } else { 110 }; 3])
    });
    halves.save(&path).unwrap();
    let mut window = open(&[path]);
    let shades = |window: &mut Window| {
        settle(window);
        let places = [[0.25, 0.5], [0.75, 0.5]];
        let shown = colors(window, "Picture of flat.png", [64.0, 48.0], places);
        shown.map(|[red, ..]| red)
    };
    assert_eq!(shades(&mut window), [60, 110]);
    let stretch = |window: &mut Window, how: &str| {
        open_menu(window);
        window.get_by_label_contains("Stretch").click();
        window.run_steps(3);
        window.get_by_label_contains(how).click();
        window.run_steps(3);
    };
    stretch(&mut window, "Smallest to largest");
    assert_eq!(shades(&mut window), [0, 255]);
    window.get_by_label("chosen range");
    stretch(&mut window, "No stretch");
    assert_eq!(shades(&mut window), [60, 110]);
}
