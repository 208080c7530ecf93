//! Times, lengths of time, numbers and sizes as people read them: `00:04:11.533`, `3.50 s`, `1.5 KiB`.

use reelscope_store::{LogTime, TimelineKind};

/// Nanoseconds in a millisecond.
pub(crate) const MILLISECOND: i64 = 1_000_000;
/// Nanoseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a minute.
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// Nanoseconds in an hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// A time as `hh:mm:ss.mmm`, cut off at the millisecond.
pub(crate) fn clock_text(nanos: i64) -> String {
    let sign = if nanos < 0 { "−" } else { "" };
    let millis = nanos.unsigned_abs() / 1_000_000;
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    format!("{sign}{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
}

/// The time of day (UTC) of a time that counts from 1970, as `hh:mm:ss`.
pub(crate) fn time_of_day(time: LogTime) -> String {
    let text = clock_text(time.0.rem_euclid(24 * HOUR));
    text.split('.').next().unwrap_or_default().to_owned()
}

/// A time on a timeline: a time of day (UTC) where it counts from 1970, a number on a sequence.
pub(crate) fn time_text(kind: TimelineKind, time: LogTime) -> String {
    match kind {
        TimelineKind::Sequence => grouped(time.0),
        TimelineKind::Duration => clock_text(time.0),
        TimelineKind::Timestamp => clock_text(time.0.rem_euclid(24 * HOUR)),
    }
}

/// The day of a time on a timeline that counts from 1970, as `2026-11-23 UTC`.
pub(crate) fn day_text(kind: TimelineKind, time: LogTime) -> Option<String> {
    (kind == TimelineKind::Timestamp).then(|| {
        let day = chrono::DateTime::from_timestamp_nanos(time.0);
        format!("{} UTC", day.format("%Y-%m-%d"))
    })
}

/// A length of time in the largest unit that fits: `"12 ms"`, `"3.50 s"`, `"2:05 min"`.
pub(crate) fn span_text(nanos: i64) -> String {
    let size = nanos.unsigned_abs();
    let sign = if nanos < 0 { "−" } else { "" };
    match size {
        0..1_000_000 => format!("{sign}{} µs", size / 1_000),
        1_000_000..1_000_000_000 => {
            format!("{sign}{}.{} ms", size / 1_000_000, size / 100_000 % 10)
        }
        1_000_000_000..60_000_000_000 => {
            format!(
                "{sign}{}.{:02} s",
                size / 1_000_000_000,
                size / 10_000_000 % 100
            )
        }
        _ => {
            let seconds = size / 1_000_000_000;
            let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
            if hours > 0 {
                format!("{sign}{hours}:{minutes:02}:{seconds:02} h")
            } else {
                format!("{sign}{minutes}:{seconds:02} min")
            }
        }
    }
}

/// A number with its digits in groups of three.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if number < 0 {
        format!("−{text}")
    } else {
        text
    }
}

/// A number of bytes with a binary unit.
pub(crate) fn bytes_text(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    for (size, unit) in STEPS {
        if bytes >= size {
            let tenths = (u128::from(bytes) * 10 / u128::from(size)) as u64;
            return if tenths >= 1_000 {
                format!("{} {unit}", tenths / 10)
            } else {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            };
        }
    }
    format!("{bytes} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_their_timeline_counts() {
        // date -u -d @1790000000.5
        let time = LogTime(1_790_000_000_500_000_000);
        assert_eq!(time_text(TimelineKind::Timestamp, time), "14:13:20.500");
        let day = day_text(TimelineKind::Timestamp, time);
        assert_eq!(day.as_deref(), Some("2026-09-21 UTC"));
        assert_eq!(time_text(TimelineKind::Sequence, LogTime(42)), "42");
        assert_eq!(
            time_text(TimelineKind::Duration, LogTime(1_500_000_000)),
            "00:00:01.500"
        );
    }

    #[test]
    fn times_are_written_for_people() {
        assert_eq!(clock_text(251_533_999_999), "00:04:11.533");
        assert_eq!(clock_text(-40_000_000), "−00:00:00.040");
        assert_eq!(span_text(33_366_667), "33.3 ms");
        assert_eq!(span_text(3_500_000_000), "3.50 s");
        assert_eq!(span_text(125 * SECOND), "2:05 min");
        assert_eq!(span_text(3_725 * SECOND), "1:02:05 h");
    }

    #[test]
    fn numbers_are_grouped_and_sizes_have_units() {
        assert_eq!(grouped(1_234_567), "1 234 567");
        assert_eq!(grouped(-12), "−12");
        assert_eq!(bytes_text(999), "999 B");
        assert_eq!(bytes_text(1_536), "1.5 KiB");
        assert_eq!(bytes_text(3_328_599_655), "3.1 GiB");
        assert_eq!(bytes_text(512 << 20), "512 MiB");
    }
}
