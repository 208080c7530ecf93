//! The timeline: what its rows show, the strip with all there is, and how near one can look.

use crate::support::{Window, app, clip, open, open_with};
use egui::{Key, Modifiers, Pos2, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use reelscope_viewer::{Settings, TimelineRows};

/// The colours in the middle of a row of the timeline, from one share of its width to another.
fn row_colors(window: &mut Window, row: Rect, y: f32, shares: (f32, f32)) -> Vec<[u8; 3]> {
    let image = window.render().unwrap();
    let x = |share: f32| (row.left() + share * row.width()) as u32;
    (x(shares.0)..x(shares.1))
        .map(|x| {
            let [r, g, b, _] = image.get_pixel(x, y as u32).0;
            [r, g, b]
        })
        .collect()
}

fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    window.hover_at(from);
    window.run_steps(1);
    window.drag_at(from);
    window.run_steps(1);
    for step in 1..=4 {
        window.hover_at(from + (to - from) * (step as f32 / 4.0));
        window.run_steps(1);
    }
    window.drop_at(to);
    window.run_steps(2);
}

/// Where the middle of the timeline is in time: a click there goes to it.
fn middle(window: &mut Window) -> i64 {
    let timeline = window.get_by_label("Timeline").rect();
    let inner = timeline.with_max_x(timeline.right() - 10.0);
    let at = Pos2::new(inner.center().x, timeline.bottom() - 20.0);
    // Not so soon after the last click that both are a double click.
    window.run_steps(20);
    window.hover_at(at);
    window.run_steps(1);
    window.drag_at(at);
    window.run_steps(1);
    window.drop_at(at);
    window.run_steps(2);
    app(window).clock().now().0
}

#[test]
fn lanes_give_way_to_the_focused_one_and_this_is_remembered() {
    let mut window = open(&[clip("av1.mp4"), clip("av1_odd_size.mp4")]);
    let lanes = |window: &Window| window.get_by_label("Timeline").rect().height();
    let full = lanes(&window);
    window.key_press(Key::T);
    window.run_steps(3);
    assert!(lanes(&window) < full - 20.0);
    assert!(window.query_by_label_contains("thumbnails of").is_none());
    assert!(app(&window).settings().timeline_rows.compact);
    window.key_press(Key::T);
    window.run_steps(3);
    assert_eq!(lanes(&window), full);
}

#[test]
fn the_bitrate_lane_says_how_much_there_is_on_average_and_at_most() {
    let settings = Settings {
        timeline_rows: TimelineRows {
            bitrate: true,
            ..TimelineRows::default()
        },
        ..Settings::default()
    };
    let mut window = open_with(&[clip("av1.mp4")], settings);
    window.run_steps(3);
    let label = window.get_by_label_contains("Bitrate of av1.mp4: ");
    let lane = label.rect();
    // The whole timeline keeps some room on both sides.
    let axis = lane.shrink2(egui::vec2(10.0, 0.0));
    let text = label.accesskit_node().label().unwrap();
    // ffprobe: 36 frames in 1.44 s; the sum of their sizes is what the inspector says as well.
    assert!(text.contains("kbit/s on average"), "{text}");
    let accent = |color: &[u8; 3]| color[2] > color[0].saturating_add(40);
    // Keyframes 12 and 24 and those after them take twenty times the bytes of others.
    let mut is_bar = |frame: f32| {
        let share = frame / 36.0;
        let color = row_colors(
            &mut window,
            axis,
            lane.bottom() - 8.0,
            (share, share + 0.001),
        );
        accent(&color[0])
    };
    let bars = [12.5, 13.5, 24.5, 25.5].map(&mut is_bar);
    let others = [8.5, 11.5, 16.5, 22.5, 33.5].map(&mut is_bar);
    assert_eq!((bars, others), ([true; 4], [false; 5]));
    window.key_press_modifiers(Modifiers::SHIFT, Key::T);
    window.run_steps(3);
    assert!(window.query_by_label_contains("Bitrate of").is_none());
}

#[test]
fn a_part_is_chosen_moved_and_left_again_in_the_overview() {
    let mut window = open(&[clip("av1.mp4")]);
    let strip = window.get_by_label("Overview").rect();
    let at = |share: f32| Pos2::new(strip.left() + share * strip.width(), strip.center().y);
    let length = 1_440_000_000.0;
    let is_near = |time: i64, share: f64| (time as f64 / length - share).abs() < 0.03;
    assert!(is_near(middle(&mut window), 0.5));
    // Where nothing is chosen yet, a drag chooses.
    drag(&mut window, at(0.5), at(0.7));
    let there = middle(&mut window);
    assert!(is_near(there, 0.6), "{there}");
    // The frame is dragged,
    drag(&mut window, at(0.6), at(0.3));
    let there = middle(&mut window);
    assert!(is_near(there, 0.3), "{there}");
    // then its right edge.
    drag(&mut window, at(0.4), at(0.6));
    let there = middle(&mut window);
    assert!(is_near(there, 0.4), "{there}");
    window.key_press_modifiers(Modifiers::SHIFT, Key::F);
    window.run_steps(3);
    assert!(is_near(middle(&mut window), 0.5));
}

#[test]
fn one_frame_can_be_as_wide_as_the_timeline() {
    let mut window = open(&[clip("av1.mp4")]);
    let timeline = window.get_by_label("Timeline").rect();
    let ends = [timeline.left() + 2.0, timeline.right() - 14.0];
    window.hover_at(timeline.center());
    window.run_steps(2);
    for _ in 0..40 {
        window.event(egui::Event::Zoom(2.0));
        window.run_steps(1);
    }
    let times = ends.map(|x| {
        let at = Pos2::new(x, timeline.bottom() - 20.0);
        window.hover_at(at);
        window.run_steps(1);
        window.drag_at(at);
        window.run_steps(1);
        window.drop_at(at);
        window.run_steps(2);
        app(&window).clock().now().0
    });
    let seen = times[1] - times[0];
    // A frame of this clip lasts 40 ms.
    assert!((34_000_000..=40_500_000).contains(&seen), "{seen}");
}
