//! The playhead by itself.

use super::*;

const SECOND: i64 = 1_000_000_000;

fn clock() -> Clock {
    let mut clock = Clock::default();
    clock.set_extent(Some((LogTime(SECOND), LogTime(11 * SECOND))));
    clock
}

#[test]
fn the_first_extent_puts_the_playhead_at_its_start() {
    assert_eq!(clock().now(), LogTime(SECOND));
}

#[test]
fn time_passes_at_the_chosen_speed() {
    let mut clock = clock();
    clock.set_speed(Speed::from_thousandths(1_500));
    clock.play();
    clock.advance(2 * SECOND);
    assert_eq!(clock.now(), LogTime(4 * SECOND));
}

#[test]
fn fractions_of_a_nanosecond_add_up() {
    let mut clock = clock();
    clock.set_speed(Speed::from_thousandths(333));
    clock.play();
    for _ in 0..1_000 {
        clock.advance(1);
    }
    assert_eq!(clock.now(), LogTime(SECOND + 333));
}

#[test]
fn playback_stops_on_the_last_frame() {
    let mut clock = clock();
    clock.play();
    clock.advance(100 * SECOND);
    assert!(!clock.is_playing());
    assert_eq!(clock.now(), LogTime(11 * SECOND - 1));
    clock.toggle();
    assert_eq!(clock.now(), LogTime(SECOND), "playing again starts over");
}

#[test]
fn a_loop_goes_on_with_what_is_left_over() {
    let mut clock = clock();
    clock.set_loop_mode(LoopMode::Loop);
    clock.play();
    clock.advance(13 * SECOND);
    assert_eq!(clock.now(), LogTime(4 * SECOND));
    clock.set_speed(Speed::from_thousandths(-1_000));
    clock.advance(4 * SECOND);
    assert_eq!(clock.now(), LogTime(10 * SECOND));
    assert!(clock.is_playing());
}

#[test]
fn dragging_pauses_and_letting_go_resumes() {
    let mut clock = clock();
    clock.play();
    clock.begin_drag();
    assert!(clock.is_dragged());
    clock.seek(LogTime(5 * SECOND));
    clock.advance(SECOND);
    assert_eq!(clock.now(), LogTime(5 * SECOND));
    clock.end_drag();
    assert!(clock.is_playing() && !clock.is_dragged());
    clock.pause();
    clock.begin_drag();
    clock.end_drag();
    assert!(!clock.is_playing(), "what was paused stays paused");
}

#[test]
fn a_drag_cannot_leave_the_extent() {
    let mut clock = clock();
    clock.seek(LogTime(-5));
    assert_eq!(clock.now(), LogTime(SECOND));
    clock.seek(LogTime(i64::MAX));
    assert_eq!(clock.now(), LogTime(11 * SECOND - 1));
}

#[test]
fn the_shuttle_doubles_and_turns_round() {
    let mut clock = clock();
    let mut speeds = Vec::new();
    for reverse in [false, false, false, false, false, true, true] {
        clock.shuttle(reverse, false);
        speeds.push(clock.speed().thousandths());
    }
    assert_eq!(speeds, [1_000, 2_000, 4_000, 8_000, 8_000, -1_000, -2_000]);
    clock.shuttle(false, true);
    clock.shuttle(false, true);
    assert_eq!(clock.speed().to_string(), "0.25×");
}

#[test]
fn faster_and_slower_undo_each_other() {
    let mut clock = clock();
    for _ in 0..5 {
        clock.speed_up();
    }
    assert_eq!(clock.speed().to_string(), "1.61×");
    for _ in 0..5 {
        clock.slow_down();
    }
    assert_eq!(clock.speed(), Speed::NORMAL);
}

#[test]
fn the_way_to_a_frame_takes_its_distance_over_the_speed() {
    let mut clock = clock();
    clock.set_speed(Speed::from_thousandths(2_000));
    assert_eq!(clock.wall_nanos_until(LogTime(3 * SECOND)), None);
    clock.play();
    assert_eq!(
        clock.wall_nanos_until(LogTime(3 * SECOND)),
        Some(SECOND as u64)
    );
    assert_eq!(clock.wall_nanos_until(LogTime(0)), None);
}

#[test]
fn frames_are_played_at_their_rate() {
    let mut clock = Clock::default();
    clock.set_extent(Some((LogTime(0), LogTime(1_000))));
    clock.set_pace(Pace::Steps(30));
    clock.play();
    for _ in 0..60 {
        clock.advance(SECOND / 60);
    }
    assert!((29..=30).contains(&clock.now().0), "{:?}", clock.now());
    assert_eq!(
        clock.wall_nanos_until(LogTime(clock.now().0 + 3)),
        Some(100_000_000)
    );
}

#[test]
fn what_grows_is_followed_until_the_person_looks_elsewhere() {
    let mut clock = clock();
    clock.set_grows(true);
    clock.seek_end();
    assert!(clock.is_live() && clock.is_playing());
    clock.set_extent(Some((LogTime(SECOND), LogTime(21 * SECOND))));
    clock.advance(SECOND);
    assert_eq!(clock.now(), LogTime(21 * SECOND - 1));
    clock.seek(LogTime(5 * SECOND));
    clock.set_extent(Some((LogTime(SECOND), LogTime(31 * SECOND))));
    assert!(!clock.is_live() && !clock.is_playing());
    assert_eq!(clock.now(), LogTime(5 * SECOND));
    clock.play();
    clock.advance(60 * SECOND);
    assert!(clock.is_live(), "who catches up stays at the end");
    clock.set_grows(false);
    assert!(!clock.is_live() && !clock.is_playing());
}

#[test]
fn nothing_to_play_means_nothing_happens() {
    let mut clock = Clock::default();
    clock.toggle();
    clock.advance(SECOND);
    clock.seek_end();
    assert_eq!((clock.now(), clock.is_playing()), (LogTime(0), false));
}

#[test]
fn ping_pong_turns_round_at_both_ends() {
    let mut clock = clock();
    clock.set_loop_mode(LoopMode::PingPong);
    clock.play();
    clock.advance(13 * SECOND);
    assert_eq!(
        clock.now(),
        LogTime(8 * SECOND - 1),
        "three seconds back from the end"
    );
    assert!(clock.speed().is_reverse());
    clock.advance(8 * SECOND);
    assert_eq!(
        clock.now(),
        LogTime(2 * SECOND),
        "and a second forth from the start"
    );
    assert!(!clock.speed().is_reverse());
    assert!(clock.is_playing());
}

#[test]
fn a_range_is_played_while_the_playhead_is_in_it() {
    let mut clock = clock();
    clock.set_loop_mode(LoopMode::Loop);
    clock.set_loop_range(Some((LogTime(4 * SECOND), LogTime(6 * SECOND))));
    clock.seek(LogTime(5 * SECOND));
    clock.play();
    clock.advance(2 * SECOND);
    assert_eq!(clock.now(), LogTime(5 * SECOND));
    clock.seek(LogTime(7 * SECOND));
    clock.advance(2 * SECOND);
    assert_eq!(
        clock.now(),
        LogTime(9 * SECOND),
        "behind it the rest is played"
    );
}

#[test]
fn once_stops_at_the_end_of_the_range() {
    let mut clock = clock();
    clock.set_loop_range(Some((LogTime(4 * SECOND), LogTime(6 * SECOND))));
    clock.seek(LogTime(5 * SECOND));
    clock.play();
    clock.advance(3 * SECOND);
    assert_eq!(clock.now(), LogTime(6 * SECOND - 1));
    assert!(!clock.is_playing());
    clock.play();
    assert_eq!(
        clock.now(),
        LogTime(4 * SECOND),
        "playing again starts it over"
    );
}

#[test]
fn the_ends_of_a_range_push_each_other() {
    let mut clock = clock();
    clock.seek(LogTime(5 * SECOND));
    clock.loop_from_here();
    let all = LogTime(11 * SECOND);
    assert_eq!(clock.loop_range(), Some((LogTime(5 * SECOND), all)));
    clock.loop_until(LogTime(3 * SECOND));
    assert_eq!(
        clock.loop_range(),
        Some((LogTime(SECOND), LogTime(3 * SECOND)))
    );
    clock.set_loop_range(Some((all, all)));
    assert_eq!(clock.loop_range(), None, "an empty one is none");
}

#[test]
fn a_speed_is_read_as_people_write_it() {
    for (text, thousandths) in [
        ("0.25", 250),
        ("-2x", -2_000),
        (" 1.5 × ", 1_500),
        ("−1×", -1_000),
        ("0,5", 500),
        ("1e9", 32_000),
        ("0.001", 10),
    ] {
        let speed = text.parse::<Speed>().map(Speed::thousandths);
        assert_eq!(speed, Ok(thousandths), "{text}");
    }
    for text in ["", "0", "x", "fast", "NaN", "inf", "2xx"] {
        assert!(text.parse::<Speed>().is_err(), "{text}");
    }
    let speed = Speed::from_thousandths(-1_250);
    assert_eq!(speed.to_string().parse(), Ok(speed));
}
