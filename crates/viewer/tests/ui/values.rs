//! Logged images whose values are not colours, and what was logged of how images are drawn.

use crate::support::{self, Window, open, settle};
use egui::{Key, Role};
use egui_kittest::kittest::Queryable;
use reelscope_wire::{
    Cell, ChunkBuilder, Column, ImageFormat, RecordingWriter, StoreId, TimeKind, component,
};

/// Numbers of the protocol: one channel, three; types of values.
const GREY: u8 = 1;
const RGB: u8 = 2;
const U8: u8 = 6;
const U16: u8 = 8;
const F32: u8 = 34;

const WIDTH: u32 = 64;
const HEIGHT: u32 = 48;

/// A picture of the window, with the size that its values have.
struct Logged {
    buffer: &'static str,
    format: &'static str,
    layout: [u8; 2],
    bytes: Vec<u8>,
    other: Vec<Column>,
}

/// A window with a recording of one entity: the same picture at frames 0 and 1.
fn window(logged: Logged) -> Window {
    let [color_model, channel_datatype] = logged.layout.map(Some);
    let format = ImageFormat {
        width: WIDTH,
        height: HEIGHT,
        pixel_format: None,
        color_model,
        channel_datatype,
    };
    let bytes = logged.bytes.as_slice();
    let mut chunk = ChunkBuilder::new("/camera")
        .times("frame", TimeKind::Sequence, vec![0, 1])
        .column(Column::new(logged.format, [format, format]))
        .column(Column::new(logged.buffer, [bytes, bytes]));
    for column in logged.other {
        chunk = chunk.column(column);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("values.rrd");
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = RecordingWriter::new(file).unwrap();
    let store = StoreId::recording("values", "run");
    writer.chunk(&store, &chunk.build().unwrap()).unwrap();
    writer.finish().unwrap();
    let mut window = open(&[path]);
    window.key_press(Key::Home);
    settle(&mut window);
    window
}

/// The values of a picture, by column.
fn columns<const N: usize>(value: impl Fn(u32) -> [u8; N]) -> Vec<u8> {
    (0..HEIGHT)
        .flat_map(|_| (0..WIDTH).flat_map(&value))
        .collect()
}

/// Distances: the left half near, the right half far.
fn halves(near: f32, far: f32) -> Logged {
    Logged {
        buffer: component::IMAGE_BUFFER,
        format: component::IMAGE_FORMAT,
        layout: [GREY, F32],
        bytes: columns(|x| if x < WIDTH / 2 { near } else { far }.to_le_bytes()),
        other: Vec::new(),
    }
}

/// The colours on screen at shares of the picture's width, half way down.
fn colors<const N: usize>(window: &mut Window, shares: [f32; N]) -> [[u8; 3]; N] {
    let shape = [WIDTH as f32, HEIGHT as f32];
    let places = shares.map(|share| [share, 0.5]);
    support::colors(window, "Picture of /camera", shape, places)
}

fn assert_near(color: [u8; 3], expected: [u8; 3]) {
    let is_near = color
        .iter()
        .zip(expected)
        .all(|(one, other)| one.abs_diff(other) <= 2);
    assert!(is_near, "{color:?} is not {expected:?}");
}

#[test]
fn floats_are_spread_from_black_to_white_over_a_range_that_can_be_seen() {
    let mut window = window(halves(0.5, 17.25));
    window.get_by_label("Shown: exact");
    window.get_by_label("0.5 … 17.25");
    window.get_by_label("automatic range");
    window.get_by_label("Colours of 0.5 … 17.25");
    let [near, far] = colors(&mut window, [0.25, 0.75]);
    assert_near(near, [0; 3]);
    assert_near(far, [255; 3]);
}

#[test]
fn another_range_changes_the_picture_until_it_is_automatic_again() {
    let mut window = window(halves(0.5, 17.25));
    let high = window.get_by_role_and_label(Role::SpinButton, "High");
    high.set_value_accesskit(34.0);
    window.run_steps(3);
    window.get_by_label("0.5 … 34");
    window.get_by_label("chosen range");
    // (17.25 − 0.5) / (34 − 0.5) is a half.
    let [near, far] = colors(&mut window, [0.25, 0.75]);
    assert_near(near, [0; 3]);
    assert_near(far, [127; 3]);
    window.get_by_label("Automatic").click();
    window.run_steps(3);
    window.get_by_label("0.5 … 17.25");
    let [far] = colors(&mut window, [0.75]);
    assert_near(far, [255; 3]);
    window.get_by_label("Keep range").click();
    window.run_steps(3);
    window.get_by_label("chosen range");
    window.get_by_label("Automatic");
}

#[test]
fn other_colours_are_chosen_by_name() {
    let mut window = window(halves(0.5, 17.25));
    window
        .get_by_role_and_label(Role::ComboBox, "Colours")
        .click();
    window.run_steps(3);
    window.get_by_label("Viridis").click();
    window.run_steps(3);
    // The ends of viridis as matplotlib has them.
    let [near, far] = colors(&mut window, [0.25, 0.75]);
    assert_near(near, [0x44, 0x01, 0x54]);
    assert_near(far, [0xfd, 0xe7, 0x25]);
    window.get_by_label("0.5 … 17.25");
}

#[test]
fn distances_are_coloured_and_said_in_metres() {
    let mut window = window(Logged {
        buffer: component::DEPTH_IMAGE_BUFFER,
        format: component::DEPTH_IMAGE_FORMAT,
        layout: [GREY, U16],
        bytes: columns(|x| if x < WIDTH / 2 { 500_u16 } else { 4_000 }.to_le_bytes()),
        other: vec![Column::new(
            component::DEPTH_IMAGE_METER,
            [1_000.0_f32, 1_000.0],
        )],
    });
    window.get_by_label("500 … 4000");
    window.get_by_label("In metres: 0.5 … 4 m");
    // The ends of turbo as its paper has them.
    let [near, far] = colors(&mut window, [0.25, 0.75]);
    assert_near(near, [0x30, 0x12, 0x3b]);
    assert_near(far, [0x7a, 0x04, 0x03]);
}

#[test]
fn each_class_of_a_segmentation_has_a_colour_of_its_own() {
    let mut window = window(Logged {
        buffer: component::SEGMENTATION_IMAGE_BUFFER,
        format: component::SEGMENTATION_IMAGE_FORMAT,
        layout: [GREY, U8],
        bytes: columns(|x| [(x * 4 / WIDTH) as u8]),
        other: Vec::new(),
    });
    window.get_by_label("Colours of classes");
    let [_, one, two, three] = colors(&mut window, [0.125, 0.375, 0.625, 0.875]);
    // Hue n · 40503/65536, saturation 0.85 or 0.55, brightness 1, 0.8 or 0.6: Python's colorsys.
    assert_near(one, [31, 81, 204]);
    assert_near(two, [118, 153, 69]);
    assert_near(three, [255, 38, 228]);
}

#[test]
fn a_logged_opacity_lets_what_is_beneath_through() {
    let half = [Cell::Null, Cell::Value(0.5_f32)];
    let mut window = window(Logged {
        buffer: component::IMAGE_BUFFER,
        format: component::IMAGE_FORMAT,
        layout: [RGB, U8],
        bytes: columns(|_| [255; 3]),
        other: vec![
            Column::from_cells(component::IMAGE_OPACITY, half),
            Column::new(component::IMAGE_DRAW_ORDER, [3.0_f32, 3.0]),
        ],
    });
    window.get_by_label("Draw order: 3");
    assert!(window.query_by_label_contains("Opacity").is_none());
    assert!(window.query_by_label_contains("Colours of").is_none());
    let [opaque] = colors(&mut window, [0.5]);
    assert_near(opaque, [255; 3]);
    window.key_press(Key::ArrowRight);
    settle(&mut window);
    window.get_by_label("Opacity: 0.5");
    // Half white, half dark squares.
    let [translucent] = colors(&mut window, [0.5]);
    assert!(
        translucent
            .iter()
            .all(|channel| (128..=160).contains(channel)),
        "{translucent:?}"
    );
}
