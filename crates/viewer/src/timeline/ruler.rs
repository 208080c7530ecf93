//! The time ruler: ticks at round times, as many as there is room for.

use egui::{FontId, Rect, Ui};
use reelscope_store::{LogTime, TimelineKind};

use super::Axis;
use crate::theme::Palette;
use crate::timecode::{day_text, grouped};

/// Points between two labels at least.
const LABEL_DISTANCE: f64 = 96.0;

const MILLI: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLI;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Steps between labels with the steps between ticks, in nanoseconds.
const STEPS: [(i64, i64); 25] = [
    (10_000, 2_000),
    (50_000, 10_000),
    (100_000, 20_000),
    (500_000, 100_000),
    (MILLI, 200_000),
    (2 * MILLI, 500_000),
    (5 * MILLI, MILLI),
    (10 * MILLI, 2 * MILLI),
    (20 * MILLI, 5 * MILLI),
    (50 * MILLI, 10 * MILLI),
    (100 * MILLI, 20 * MILLI),
    (200 * MILLI, 50 * MILLI),
    (500 * MILLI, 100 * MILLI),
    (SECOND, 200 * MILLI),
    (2 * SECOND, 500 * MILLI),
    (5 * SECOND, SECOND),
    (10 * SECOND, 2 * SECOND),
    (30 * SECOND, 5 * SECOND),
    (MINUTE, 10 * SECOND),
    (2 * MINUTE, 30 * SECOND),
    (5 * MINUTE, MINUTE),
    (10 * MINUTE, 2 * MINUTE),
    (30 * MINUTE, 5 * MINUTE),
    (HOUR, 10 * MINUTE),
    (6 * HOUR, HOUR),
];

/// The step between labels, and between ticks, for a scale.
fn steps(nanos_per_point: f64) -> (i64, i64) {
    let least = nanos_per_point * LABEL_DISTANCE;
    let fitting = STEPS.iter().find(|(label, _)| *label as f64 >= least);
    fitting.copied().unwrap_or_else(|| {
        // Beyond the table: whole days, doubled until they fit.
        let mut days = 24 * HOUR;
        while (days as f64) < least && days < i64::MAX / 4 {
            days *= 2;
        }
        (days, days / 4)
    })
}

/// The steps where numbers are counted: 1, 2, 5 times a power of ten.
fn counted_steps(units_per_point: f64) -> (i64, i64) {
    let least = units_per_point * LABEL_DISTANCE;
    let mut power = 1_i64;
    loop {
        for (label, tick) in [(1, 5), (2, 4), (5, 5)] {
            let label = power.saturating_mul(label);
            if label as f64 >= least || power > i64::MAX / 100 {
                return (label, (label / tick).max(1));
            }
        }
        power *= 10;
    }
}

/// A label: as many digits as the step needs.
fn label(nanos: i64, step: i64) -> String {
    let sign = if nanos < 0 { "−" } else { "" };
    let size = nanos.unsigned_abs();
    let seconds = size / SECOND.unsigned_abs();
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let clock = if hours > 0 {
        format!("{sign}{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{sign}{minutes}:{rest:02}")
    };
    let fraction = size % SECOND.unsigned_abs();
    if step >= SECOND {
        clock
    } else if step >= 100 * MILLI {
        format!("{clock}.{}", fraction / 100_000_000)
    } else if step >= MILLI {
        format!("{clock}.{:03}", fraction / 1_000_000)
    } else {
        format!("{clock}.{:06}", fraction / 1_000)
    }
}

/// A label that tells the time of day (UTC), and at midnight which day begins.
fn time_of_day(nanos: i64, step: i64) -> String {
    let of_day = nanos.rem_euclid(24 * HOUR);
    if of_day == 0 {
        let day = day_text(TimelineKind::Timestamp, LogTime(nanos)).unwrap_or_default();
        return day.trim_end_matches(" UTC").to_owned();
    }
    label(of_day, step)
}

/// Paints the ruler.
pub(super) fn paint(ui: &Ui, rect: Rect, axis: &Axis, kind: TimelineKind) {
    let palette = Palette::of(ui.visuals());
    let painter = ui.painter_at(rect.expand2(egui::vec2(30.0, 0.0)));
    let (label_step, tick_step) = match kind {
        TimelineKind::Sequence => counted_steps(axis.nanos_per_point(rect)),
        _ => steps(axis.nanos_per_point(rect)),
    };
    let (first, last) = axis.range();
    painter.hline(rect.x_range(), rect.bottom(), (1.0, palette.line));
    let mut time = first.0.div_euclid(tick_step).saturating_mul(tick_step);
    while time <= last.0 {
        let x = axis.x_of(LogTime(time), rect);
        if rect.x_range().contains(x) {
            let x = painter.round_to_pixel_center(x);
            let labelled = time.rem_euclid(label_step) == 0;
            let height = if labelled { 6.0 } else { 3.0 };
            let color = if labelled {
                palette.weak
            } else {
                palette.faint
            };
            painter.vline(x, rect.bottom() - height..=rect.bottom(), (1.0, color));
            if labelled {
                let galley = painter.layout_no_wrap(
                    match kind {
                        TimelineKind::Sequence => grouped(time),
                        TimelineKind::Duration => label(time, label_step),
                        TimelineKind::Timestamp => time_of_day(time, label_step),
                    },
                    FontId::proportional(11.0),
                    palette.weak,
                );
                let left = (x - galley.size().x / 2.0).round();
                painter.galley(egui::pos2(left, rect.top() + 3.0), galley, palette.weak);
            }
        }
        match time.checked_add(tick_step) {
            Some(next) => time = next,
            None => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_at_round_times_with_room_between() {
        // One hour, one minute, a second and 40 ms on 1000 points.
        assert_eq!(steps(3.6e9).0, 10 * MINUTE);
        assert_eq!(steps(6e7).0, 10 * SECOND);
        assert_eq!(steps(1e6).0, 100 * MILLI);
        assert_eq!(steps(4e4).0, 5 * MILLI);
        for (label, tick) in STEPS {
            assert_eq!(label % tick, 0, "ticks meet labels");
        }
    }

    #[test]
    fn very_long_extents_end_up_with_days() {
        let (label, _) = steps(1e15);
        assert_eq!(label % (24 * HOUR), 0);
        assert!(label as f64 >= 96e15);
    }

    #[test]
    fn where_a_day_begins_it_is_named() {
        let midnight = 20_000 * 24 * HOUR;
        assert_eq!(time_of_day(midnight, HOUR), "2024-10-04");
        assert_eq!(time_of_day(midnight + HOUR, HOUR), "1:00:00");
    }

    #[test]
    fn labels_have_the_digits_that_their_step_needs() {
        assert_eq!(label(90 * SECOND, 10 * SECOND), "1:30");
        assert_eq!(label(3_725 * SECOND, SECOND), "1:02:05");
        assert_eq!(label(1_500 * MILLI, 500 * MILLI), "0:01.5");
        assert_eq!(label(1_040 * MILLI, 20 * MILLI), "0:01.040");
        assert_eq!(label(1_040_500_000, 500_000), "0:01.040500");
        assert_eq!(label(-SECOND, SECOND), "−0:01");
    }
}
