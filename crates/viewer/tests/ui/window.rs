//! The window as a person meets it: found by accessible labels, driven by pointer and keys, drawn by
//! a software adapter.

use crate::support::{self, Window, clip, open, open_options, open_with, settle};
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use reelscope_viewer::{Settings, ViewerOptions, WhenSlow};

const SECOND: i64 = 1_000_000_000;

fn frame_line(number: usize) -> String {
    // 36 frames: `ffprobe -count_frames` of the clip.
    format!("Number: #{number} of 36")
}

fn now(window: &Window) -> i64 {
    support::app(window).clock().now().0
}

#[test]
fn an_empty_window_offers_three_ways_to_begin() {
    let window = open(&[]);
    assert!(!window.get_by_label("Open").accesskit_node().is_disabled());
    assert!(!window.get_by_label("Paste").accesskit_node().is_disabled());
    assert!(!window.get_by_label("Listen").accesskit_node().is_disabled());
}

#[test]
fn a_window_with_nothing_left_to_do_rests() {
    for files in [vec![], vec![clip("av1.mp4")]] {
        let mut window = open(&files);
        // Previews first.
        support::wait_for(&mut window, |window| {
            window.step();
            let mut outputs = window.output().viewport_output.values();
            let rests = |output: &egui::ViewportOutput| {
                output.repaint_delay == std::time::Duration::MAX && output.commands.is_empty()
            };
            outputs.all(rests)
        });
    }
}

#[test]
fn an_opened_clip_shows_its_first_frame() {
    let window = open(&[clip("av1.mp4")]);
    window.get_by_label(&frame_line(0));
    window.get_by_label("Shown: exact");
    window.get_by_label("Size: 160×120");
}

#[test]
fn steps_go_one_frame_either_way() {
    let mut window = open(&[clip("av1.mp4")]);
    window.get_by_label("Step forward").click();
    settle(&mut window);
    window.get_by_label(&frame_line(1));
    for _ in 0..3 {
        window.key_press(Key::ArrowRight);
    }
    window.key_press(Key::Comma);
    settle(&mut window);
    window.get_by_label(&frame_line(3));
    // 25 frames per second: ffprobe.
    assert_eq!(now(&window), 3 * SECOND / 25);
    window.get_by_label("Step back").click();
    window.key_press(Key::Home);
    window.key_press(Key::ArrowLeft);
    settle(&mut window);
    window.get_by_label(&frame_line(0));
}

#[test]
fn the_end_key_shows_the_last_frame() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::End);
    settle(&mut window);
    window.get_by_label(&frame_line(35));
    window.get_by_label("Shown: exact");
}

#[test]
fn the_picture_follows_a_drag_on_the_timeline() {
    let mut window = open(&[clip("av1.mp4")]);
    let timeline = window.get_by_label("Timeline").rect();
    // The middle of 1.44 s is where frame 18 starts; a little before it is frame 17.
    let middle = timeline.left_center() + vec2((timeline.width() - 10.0) / 2.0, 0.0);
    window.drag_at(timeline.left_center() + vec2(30.0, 0.0));
    window.step();
    window.hover_at(middle + vec2(-6.0, 0.0));
    settle(&mut window);
    window.get_by_label(&frame_line(17));
    window.hover_at(middle + vec2(6.0, 0.0));
    window.step();
    window.drop_at(middle + vec2(6.0, 0.0));
    settle(&mut window);
    window.get_by_label(&frame_line(18));
    window.get_by_label("Play");
}

#[test]
fn dragging_pauses_playback_and_letting_go_resumes_it() {
    let mut window = open(&[clip("av1.mp4")]);
    let timeline = window.get_by_label("Timeline").rect();
    window.get_by_label("Play").click();
    window.run_steps(3);
    window.drag_at(timeline.left_center() + vec2(30.0, 0.0));
    window.run_steps(2);
    window.hover_at(timeline.left_center() + vec2(60.0, 0.0));
    settle(&mut window);
    let held_at = now(&window);
    window.run_steps(10);
    assert_eq!(now(&window), held_at, "time stands still while dragged");
    assert!(support::app(&window).clock().is_dragged());
    window.get_by_label("Shown: exact");
    window.drop_at(timeline.left_center() + vec2(60.0, 0.0));
    window.run_steps(6);
    assert!(!support::app(&window).clock().is_dragged());
    assert!(now(&window) > held_at, "time goes on");
}

#[test]
fn the_moment_under_the_pointer_is_shown_small_once_it_was_prepared() {
    let mut window = open(&[clip("av1.mp4"), clip("av1_odd_size.mp4")]);
    let timeline = window.get_by_label("Timeline").rect();
    let ruler = timeline.left_top() + vec2(timeline.width() / 3.0, 12.0);
    // Prepared in idle time: nothing else has to be done for it.
    support::wait_for(&mut window, |window| {
        window.hover_at(ruler + vec2(1.0, 0.0));
        window.step();
        window.hover_at(ruler);
        window.step();
        window.query_all_by_label_contains("Preview of ").count() == 2
    });
    let first = window.get_by_label("Preview of av1.mp4").rect();
    let second = window.get_by_label("Preview of av1_odd_size.mp4").rect();
    assert!(first.bottom() < timeline.top() && first.right() < second.left());
    window.get_by_label_contains("thumbnails of av1.mp4");
    // The focused stream's strip lies just below the ruler.
    window.hover_at(timeline.left_top() + vec2(timeline.width() / 3.0, 28.0 + 13.0));
    window.run_steps(3);
    window.get_by_label("Preview of av1.mp4");
    assert!(
        window
            .query_by_label("Preview of av1_odd_size.mp4")
            .is_none()
    );
    window.hover_at(window.get_by_label("Picture of av1.mp4").rect().center());
    window.run_steps(3);
    assert!(window.query_by_label_contains("Preview of ").is_none());
}

#[test]
fn playing_moves_on_and_space_pauses() {
    let mut window = open(&[clip("av1.mp4")]);
    window.get_by_label("Play").click();
    for _ in 0..12 {
        window.step();
    }
    window.get_by_label("Pause");
    assert!(now(&window) > SECOND / 10, "at {} ns", now(&window));
    window.key_press(Key::Space);
    settle(&mut window);
    let paused_at = now(&window);
    window.get_by_label("Play");
    window.run_steps(5);
    assert_eq!(now(&window), paused_at);
}

#[test]
fn playback_starts_over_if_it_loops_and_stops_if_not() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::End);
    settle(&mut window);
    window
        .get_by_label("Loop mode: Once (stops at the end)")
        .click();
    window.get_by_label("Play").click();
    // Pressing play at the end starts over anyway; two seconds go once round.
    for _ in 0..200 {
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    window.get_by_label("Pause");
    window.get_by_label("Loop mode: Loop (starts over)").click();
    window.run_steps(2);
    window
        .get_by_label("Loop mode: Ping-pong (turns round)")
        .click();
    for _ in 0..200 {
        window.step();
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    window.get_by_label("Play");
    window.get_by_label(&frame_line(35));
}

#[test]
fn a_frame_is_gone_to_by_its_number() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::G);
    window.run_steps(2);
    window.get_by_label("Go to").type_text("#20");
    window.run_steps(2);
    window.key_press(Key::Enter);
    settle(&mut window);
    window.get_by_label(&frame_line(20));
}

#[test]
fn several_files_stand_side_by_side_on_one_timeline() {
    let window = open(&[clip("av1.mp4"), clip("av1_odd_size.mp4")]);
    let first = window.get_by_label("Picture of av1.mp4").rect();
    let second = window.get_by_label("Picture of av1_odd_size.mp4").rect();
    assert_eq!(first.top(), second.top());
    assert!(first.right() <= second.left());
    assert_eq!(window.get_all_by_label("Timeline").count(), 1);
}

#[test]
fn a_hidden_tile_comes_back_by_its_eye() {
    let mut window = open(&[clip("av1.mp4"), clip("av1_odd_size.mp4")]);
    window.key_press(Key::Delete);
    settle(&mut window);
    assert!(window.query_by_label("Picture of av1.mp4").is_none());
    window.get_by_label("Show video").click();
    settle(&mut window);
    window.get_by_label("Picture of av1.mp4");
}

#[test]
fn garbage_is_named_with_the_reason_and_nothing_else_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("garbage.mp4");
    std::fs::write(&path, "this is no video at all").unwrap();
    let mut window = open(&[clip("av1.mp4"), path]);
    window.get_by_label("garbage.mp4 could not be opened");
    window.get_by_label(&frame_line(0));
    window.get_by_label("Dismiss").click();
    settle(&mut window);
    assert!(
        window
            .query_by_label("garbage.mp4 could not be opened")
            .is_none()
    );
}

#[test]
fn a_missing_ffmpeg_is_said_over_the_tile_with_the_remedy() {
    let settings = reelscope_viewer::Settings {
        ffmpeg_path: Some("/nowhere/ffmpeg".into()),
        ..Default::default()
    };
    let window = open_with(&[clip("h264_b_frames.mp4"), clip("av1.mp4")], settings);
    window.get_by_label("Choose FFmpeg…");
    window.get_by_label("Download page");
    window.get_by_label("Retry");
    assert!(window.query_all_by_label("H.264 needs FFmpeg").count() >= 1);
    window.get_by_label("Picture of av1.mp4");
}

#[test]
fn what_is_wrong_fits_into_a_narrow_tile() {
    for width in [100.0, 150.0, 190.0, 260.0] {
        let settings = Settings {
            ffmpeg_path: Some("/nowhere/ffmpeg".into()),
            ..Settings::default()
        };
        let window = open_options(settings, [width, 900.0], || ViewerOptions {
            files: vec![clip("h264_b_frames.mp4")],
            ..ViewerOptions::default()
        });
        let labels = [
            "H.264 needs FFmpeg",
            "Choose FFmpeg…",
            "Download page",
            "Retry",
        ];
        let found = labels
            .iter()
            .flat_map(|label| window.query_all_by_label(label));
        let rects: Vec<egui::Rect> = found.map(|node| node.rect()).collect();
        for rect in &rects {
            let inside = rect.left() >= 0.0 && rect.right() <= width;
            assert!(inside, "{rect:?} is not within {width}");
        }
        // Too narrow for a card: one line that the pointer explains.
        let has_card = rects.len() == labels.len();
        assert_eq!(has_card, width >= 190.0, "{width}: {rects:?}");
        if !has_card {
            let line = window.get_by_label("Problem: H.264 needs FFmpeg").rect();
            assert!(line.left() >= 0.0 && line.right() <= width, "{line:?}");
        }
    }
}

#[test]
fn a_path_can_be_pasted() {
    let mut window = open(&[]);
    let text = format!("\"{}\"\n", clip("av1.mp4").display());
    window.event(egui::Event::Paste(text));
    settle(&mut window);
    window.get_by_label(&frame_line(0));
}

#[test]
fn settings_open_by_key_and_change_the_colours() {
    let mut window = open(&[]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    window.run_steps(3);
    window.get_by_label("Settings of window").click();
    window.run_steps(2);
    window.get_by_label("Light").click();
    window.run_steps(3);
    assert!(!window.ctx.style_of(window.ctx.theme()).visuals.dark_mode);
    window.get_by_label("Close").click();
    window.run_steps(3);
    assert!(window.query_by_label("Light").is_none());
}

#[test]
fn what_decodes_and_how_much_it_keeps_is_chosen_in_the_settings() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    window.run_steps(3);
    window.get_by_label("Automatic").click();
    window.get_by_label("Settings of playback").click();
    window.run_steps(3);
    window.get_by_label("Previews in idle time").click();
    window.get_by_label("Drop frames, keep the speed").click();
    window.run_steps(3);
    let settings = support::app(&window).settings().clone();
    assert!(!settings.previews);
    assert_eq!(settings.hwaccel.to_string(), "auto");
    assert_eq!(settings.cache_mib, None);
    assert_eq!(settings.when_slow, WhenSlow::Drop);
    window.key_press(Key::Escape);
    window.run_steps(2);
    window.key_press(Key::End);
    settle(&mut window);
    window.get_by_label(&frame_line(35));
}

#[test]
fn the_question_mark_shows_all_keys() {
    let mut window = open(&[]);
    window.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    window.run_steps(3);
    window.get_by_label("Previous keyframe of the focused stream");
    window.key_press(Key::Escape);
    window.run_steps(3);
    assert!(window.query_by_label("Keys").is_none());
}

#[test]
fn values_of_the_inspector_are_copied_by_a_click() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::ArrowRight);
    settle(&mut window);
    window.get_by_label("PTS: 40 000 000 ns").click();
    window.step();
    let copied = support::copied(&mut window);
    assert_eq!(copied.as_deref(), Some("40000000"));
}
