//! The inspector's tabs: what they say, and where a click leads.

use egui_kittest::kittest::{NodeT, Queryable};
use reelscope_viewer::{InspectorTab, Settings};

use crate::support::{Window, app, clip, copied, open, open_with, settle, wait_for};

fn open_tab(name: &str, tab: InspectorTab) -> Window {
    let settings = Settings {
        inspector_tab: tab,
        ..Settings::default()
    };
    open_with(&[clip(name)], settings)
}

fn click(window: &mut Window, label: &str) {
    window.get_by_label_contains(label).click();
    settle(window);
}

fn hide_type(label: String, picture: &&str) -> String {
    label.replace(&format!("type {picture},"), "type ?,")
}

/// Number and bytes of the samples that the table has in view, from the top.
fn table(window: &Window) -> Vec<String> {
    let mut rows: Vec<(f32, String)> = window
        .query_all_by_label_contains("Sample #")
        .filter_map(|row| Some((row.rect().top(), row.accesskit_node().label()?)))
        // Types are read in the background: they may be there or not yet.
        .map(|(top, label)| (top, ["I", "P", "B", "–"].iter().fold(label, hide_type)))
        .collect();
    rows.sort_by(|one, other| one.0.total_cmp(&other.0));
    rows.into_iter().map(|(_, label)| label).collect()
}

#[test]
fn tabs_divide_what_is_known_and_the_choice_is_remembered() {
    let mut window = open(&[clip("av1.mp4")]);
    window.get_by_label_contains("Number: #0 of 36");
    assert!(window.query_by_label_contains("Codec string").is_none());
    window.get_by_label("Stream").click();
    settle(&mut window);
    window.get_by_label("Codec: AV1");
    window.get_by_label_contains("Codec string: av01");
    assert!(window.query_by_label_contains("Number: #").is_none());
    let stored = app(&window).settings().to_text();
    let window = open_with(&[clip("av1.mp4")], Settings::from_text(&stored));
    window.get_by_label_contains("Codec string: av01");
}

#[test]
fn the_table_has_every_sample_and_a_click_goes_to_it() {
    // `ffprobe -show_entries packet=pts,size,flags h264_b_frames.mp4`: in presentation order 0 has 1357
    // bytes and is a keyframe, 1 to 3 have 78, 72 and 65, 4 has 300 and is decoded second.
    let mut window = open_tab("h264_b_frames.mp4", InspectorTab::Samples);
    window.get_by_label("36 samples");
    assert_eq!(
        table(&window)[..5],
        [
            "Sample #0: decode 0, type ?, sync key, 1357 bytes",
            "Sample #1: decode 2, type ?, sync no, 78 bytes",
            "Sample #2: decode 3, type ?, sync no, 72 bytes",
            "Sample #3: decode 4, type ?, sync no, 65 bytes",
            "Sample #4: decode 1, type ?, sync no, 300 bytes",
        ]
    );
    click(&mut window, "Sample #3:");
    // 1536 of 12800 ticks per second.
    assert_eq!(app(&window).clock().now().0, 120_000_000);
    window.get_by_label("Frame").click();
    settle(&mut window);
    window.get_by_label("Number: #3 of 36");
}

#[test]
fn the_table_is_sorted_by_a_heading_and_filtered_by_words() {
    let mut window = open_tab("h264_b_frames.mp4", InspectorTab::Samples);
    click(&mut window, "Sort by bytes");
    click(&mut window, "Sort by bytes");
    assert_eq!(
        table(&window)[0],
        "Sample #0: decode 0, type ?, sync key, 1357 bytes"
    );
    click(&mut window, "Sort by decode");
    assert_eq!(
        table(&window)[1],
        "Sample #4: decode 1, type ?, sync no, 300 bytes"
    );
    window.get_by_label("Filter samples").focus();
    settle(&mut window);
    window
        .get_by_label("Filter samples")
        .type_text("key number>0");
    settle(&mut window);
    window.get_by_label("2 of 36 samples");
    assert_eq!(
        table(&window),
        [
            "Sample #12: decode 12, type ?, sync key, 842 bytes",
            "Sample #24: decode 24, type ?, sync key, 783 bytes"
        ]
    );
}

#[test]
fn the_rows_are_copied_as_comma_separated_values() {
    let mut window = open_tab("h264_b_frames.mp4", InspectorTab::Samples);
    // The types of the first GOP are read in the background.
    wait_for(&mut window, |window| {
        window.step();
        window.get_by_label("Copy CSV").click();
        window.step();
        let text = copied(window).unwrap_or_default();
        text.contains("\n1,2,B,,78,512,512\n") && text.lines().count() == 37
    });
}

#[test]
fn bars_of_a_gop_have_types_and_lead_to_their_frames() {
    let mut window = open_tab("h264_b_frames.mp4", InspectorTab::Gop);
    let bars = |window: &Window| {
        let mut bars: Vec<(f32, String)> = window
            .query_all_by_label_contains("Bar of frame ")
            .filter_map(|bar| Some((bar.rect().left(), bar.accesskit_node().label()?)))
            .collect();
        bars.sort_by(|one, other| one.0.total_cmp(&other.0));
        bars.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
    };
    // ffprobe: I B B B P B B B P B B P in presentation order.
    wait_for(&mut window, |window| {
        window.step();
        bars(window)
            .first()
            .is_some_and(|bar| bar == "Bar of frame #0: I, 1 357 B")
    });
    let decode = bars(&window);
    assert_eq!(decode.len(), 12);
    assert_eq!(decode[1], "Bar of frame #4: P, 300 B");
    window.get_by_label("Types: 1 I, 3 P, 8 B");
    click(&mut window, "Presentation order");
    let types: String = bars(&window)
        .iter()
        .filter_map(|bar| bar.split(", ").next()?.chars().last())
        .collect();
    assert_eq!(types, "IBBBPBBBPBBP");
    click(&mut window, "Bar of frame #8:");
    // 4096 of 12800 ticks per second.
    assert_eq!(app(&window).clock().now().0, 320_000_000);
    window.get_by_label_contains("GOP: #0 of 3");
}

#[test]
fn the_units_of_the_sample_on_screen_are_listed_with_their_places() {
    let mut window = open_tab("h264_b_frames.mp4", InspectorTab::Bitstream);
    // As `ffmpeg -bsf:v trace_headers` finds them; 4 bytes of length stand before each.
    wait_for(&mut window, |window| {
        window.step();
        let label = "Supplemental enhancement information (6): offset 4,";
        window.query_by_label_contains(label).is_some()
    });
    window.get_by_label_contains("User data, unregistered (5)");
    window
        .get_by_label_contains("Slice of an IDR picture (5): offset ")
        .click();
    window.step();
    assert!(copied(&mut window).is_some_and(|text| text.ends_with(" bytes")));
    window.key_press(egui::Key::ArrowRight);
    settle(&mut window);
    wait_for(&mut window, |window| {
        window.step();
        window
            .query_by_label("Slice (1): offset 4, 74 bytes")
            .is_some()
    });
    window.get_by_label("Sample #1");
}

#[test]
fn units_of_av1_are_listed_and_pictures_in_one_piece_say_so() {
    let mut window = open_tab("av1.mp4", InspectorTab::Bitstream);
    wait_for(&mut window, |window| {
        window.step();
        window
            .query_by_label_contains("Sequence header (1): offset ")
            .is_some()
    });
    let mut window = open_tab("vp8.webm", InspectorTab::Bitstream);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("is one piece").is_some()
    });
}
