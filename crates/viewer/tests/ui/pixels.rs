//! The inspector's tab about pixels, and what is said of coding and rhythm, held against FFmpeg.

use egui::{Event, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use reelscope_viewer::{InspectorTab, Settings};

use crate::support::{Window, app, clip, copied, open_with, settle, wait_for};

fn open_tab(name: &str, tab: InspectorTab) -> Window {
    let settings = Settings {
        inspector_tab: tab,
        ..Settings::default()
    };
    open_with(&[clip(name)], settings)
}

/// Waits for a label that starts with these words, and gives all of it.
fn label(window: &mut Window, start: &str) -> String {
    let mut found = None;
    wait_for(window, |window| {
        window.step();
        let mut all = window.query_all_by_label_contains(start);
        found = all.find_map(|node| node.accesskit_node().label());
        found.is_some()
    });
    found.unwrap_or_default()
}

#[test]
fn the_levels_in_view_are_those_that_ffmpeg_counts() {
    let mut window = open_tab("av1.mp4", InspectorTab::Pixels);
    label(&mut window, "Histogram of 19 200 px");
    assert_eq!(label(&mut window, "Region:"), "Region: 160 × 120 px");
    // `ffprobe -f lavfi movie=av1.mp4,signalstats`: YMIN 13, YMAX 195, YAVG 138.593.
    assert_eq!(label(&mut window, "Y’:"), "Y’: 13 to 195, mean 138.6");
    label(&mut window, "Vectorscope");
    window.get_by_label("Waveform of luma");
    window.get_by_label("RGB").click();
    label(&mut window, "Waveforms of R’, G’ and B’");
    window.get_by_label("Region: 160 × 120 px").click();
    window.step();
    assert_eq!(copied(&mut window).as_deref(), Some("160x120+0+0"));
}

#[test]
fn what_is_displayed_is_measured_from_black_to_white() {
    let mut window = open_tab("av1.mp4", InspectorTab::Pixels);
    label(&mut window, "Y’: 13 to 195");
    window.get_by_label("Displayed").click();
    // (195 − 16) ⋅ 255 / 219 is 208; 13 is below black.
    label(&mut window, "Y’: 0 to 208,");
}

#[test]
fn zooming_in_measures_what_is_left_in_view() {
    let mut window = open_tab("av1.mp4", InspectorTab::Pixels);
    label(&mut window, "Region: 160 × 120 px");
    let tile = window.get_by_label("Picture of av1.mp4").rect();
    window.hover_at(tile.center());
    window.run_steps(2);
    window.event(Event::Zoom(8.0));
    wait_for(&mut window, |window| {
        window.step();
        let whole = window.query_by_label("Region: 160 × 120 px");
        whole.is_none() && window.query_by_label_contains("Histogram of").is_some()
    });
    let region = label(&mut window, "Region:");
    let numbers: Vec<u32> = region
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    assert!(numbers.iter().all(|side| *side < 120), "{region}");
    // The pixel under the pointer is told, also once the pointer has left.
    window.hover_at(tile.center() + vec2(0.5, 0.5));
    window.run_steps(2);
    let place = label(&mut window, "Place: x ");
    window.hover_at(tile.right_top() + vec2(60.0, 60.0));
    window.run_steps(2);
    assert_eq!(label(&mut window, "Place: x "), place);
}

#[test]
fn quantiser_and_references_of_the_frame_are_told_and_lead_there() {
    // `-bsf:v trace_headers`: 26 and a slice_qp_delta of 5.
    let mut window = open_tab("h264_b_frames.mp4", InspectorTab::Frame);
    assert_eq!(label(&mut window, "QP:"), "QP: 31");
    window.get_by_label("Type: I");
    window.get_by_label("References: none");
    // The same: picture 2 has the reference picture set {-2, +2}.
    let mut window = open_tab("h265.mp4", InspectorTab::Frame);
    for _ in 0..2 {
        window.key_press(egui::Key::ArrowRight);
        settle(&mut window);
    }
    label(&mut window, "Reference: #0, 2 before");
    assert_eq!(label(&mut window, "QP:"), "QP: 34");
    window.get_by_label("Reference: #4, 2 after").click();
    settle(&mut window);
    assert_eq!(app(&window).clock().now().0, 160_000_000);
    label(&mut window, "Reference: #0, 4 before");
}

#[test]
fn the_rhythm_of_a_stream_is_told_with_what_is_odd_about_it() {
    let mut window = open_tab("h264_b_frames.mp4", InspectorTab::Stream);
    assert_eq!(label(&mut window, "Spacing:"), "Spacing: constant");
    window.get_by_label("Median: 40 ms");
    window.get_by_label("GOP length: 12 samples each");
    window.get_by_label("Counted: 2 GOPs");
    assert!(window.query_by_label_contains("Open:").is_none());
    assert!(window.query_by_label_contains("No keyframe:").is_none());
    // `ffprobe -show_entries packet=flags`: keyframes 0, 9 and 21, the second and third CRA.
    let mut window = open_tab("h265_open_gop.mp4", InspectorTab::Stream);
    assert_eq!(label(&mut window, "GOP length:"), "GOP length: 9 to 12");
    window.get_by_label("Open: 1 GOP");
}
