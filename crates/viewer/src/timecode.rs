//! Times and places as people write them: `00:04:11.533`, `12.3s`, `#1500`, `+5f`.

use std::fmt;
use std::str::FromStr;

use reelscope_store::{LogTime, TimelineKind};

/// Nanoseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Units that a number can be written with; the longer name of two with the same end comes first.
const UNITS: [(&str, i64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("min", MINUTE),
    ("s", SECOND),
    ("h", HOUR),
];

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

/// A place on the timeline as a person names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A frame of the focused stream by its number, from 0: `#1500`.
    Frame(u64),
    /// A time in nanoseconds: `12.3s`, `1500ms`, `00:01:02.5`.
    Time(i64),
    /// So many frames from here: `+5f`, `-1f`.
    FramesFromHere(i64),
    /// So many nanoseconds from here: `+2s`, `-00:00:10`.
    NanosFromHere(i64),
}

/// A text that names no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceError {
    /// The text.
    pub text: String,
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "“{}” is no place: write #1500 for a frame, 12.3s, 1500ms or 00:01:02.5 for a time, +5f or -2s for a step",
            self.text
        )
    }
}

impl std::error::Error for PlaceError {}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        parse_place(text.trim()).ok_or_else(|| PlaceError {
            text: text.trim().to_owned(),
        })
    }
}

fn parse_place(text: &str) -> Option<Place> {
    if let Some(number) = text.strip_prefix('#') {
        return number.trim().parse().ok().map(Place::Frame);
    }
    let (sign, body) = match text.strip_prefix('+') {
        Some(rest) => (Some(1), rest),
        None => match text.strip_prefix(['-', '−']) {
            Some(rest) => (Some(-1), rest),
            None => (None, text),
        },
    };
    let body = body.trim();
    if let Some(frames) = body.strip_suffix('f') {
        let frames: i64 = frames.trim().parse().ok().filter(|frames| *frames >= 0)?;
        return Some(match sign {
            Some(sign) => Place::FramesFromHere(sign * frames),
            None => Place::Frame(frames.unsigned_abs()),
        });
    }
    let nanos = parse_nanos(body)?;
    Some(match sign {
        Some(sign) => Place::NanosFromHere(sign * nanos),
        None => Place::Time(nanos),
    })
}

/// A time without a sign. A bare number means seconds.
fn parse_nanos(text: &str) -> Option<i64> {
    if text.contains(':') {
        return parse_clock(text);
    }
    let lower = text.to_ascii_lowercase();
    for (unit, nanos) in UNITS {
        if let Some(number) = lower.strip_suffix(unit) {
            return parse_decimal(number.trim(), nanos);
        }
    }
    parse_decimal(&lower, SECOND)
}

/// `mm:ss` or `hh:mm:ss`, the seconds with a fraction if there is one.
fn parse_clock(text: &str) -> Option<i64> {
    let mut parts = text.rsplit(':');
    let mut total = parse_decimal(parts.next()?, SECOND)?;
    for unit in [MINUTE, HOUR] {
        if let Some(part) = parts.next() {
            let whole: u32 = part.parse().ok()?;
            total = total.checked_add(i64::from(whole).checked_mul(unit)?)?;
        }
    }
    parts.next().is_none().then_some(total)
}

/// A decimal number of units, without ever going through a float. Digits beyond the nanosecond are
/// cut off.
fn parse_decimal(text: &str, unit: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: i64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    // More digits than any unit can tell apart.
    let fraction = fraction.get(..18).unwrap_or(fraction);
    let parts: i128 = if fraction.is_empty() {
        0
    } else {
        fraction.parse().ok()?
    };
    let denominator = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let unit = i128::from(unit);
    let nanos = i128::from(whole) * unit + parts * unit / denominator;
    i64::try_from(nanos).ok()
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

    fn place(text: &str) -> Place {
        text.parse().unwrap()
    }

    #[test]
    fn frames_are_named_by_number() {
        assert_eq!(place("#1500"), Place::Frame(1_500));
        assert_eq!(place(" #0 "), Place::Frame(0));
        assert_eq!(place("45f"), Place::Frame(45));
    }

    #[test]
    fn times_are_read_to_the_nanosecond() {
        assert_eq!(place("12.3s"), Place::Time(12_300_000_000));
        assert_eq!(place("1500ms"), Place::Time(1_500_000_000));
        assert_eq!(place("0.000000001s"), Place::Time(1));
        assert_eq!(place("1.5ms"), Place::Time(1_500_000));
        assert_eq!(place("7"), Place::Time(7 * SECOND));
        assert_eq!(place(".25"), Place::Time(250_000_000));
        assert_eq!(place("1.5 min"), Place::Time(90 * SECOND));
        assert_eq!(place("0.25h"), Place::Time(900 * SECOND));
        assert_eq!(place("12us"), Place::Time(12_000));
    }

    #[test]
    fn clock_times_have_two_or_three_parts() {
        assert_eq!(place("00:01:02.5"), Place::Time(62_500_000_000));
        assert_eq!(place("1:02"), Place::Time(62 * SECOND));
        assert_eq!(place("10:00:00"), Place::Time(10 * HOUR));
    }

    #[test]
    fn a_sign_makes_it_a_step_from_here() {
        assert_eq!(place("+5f"), Place::FramesFromHere(5));
        assert_eq!(place("-1f"), Place::FramesFromHere(-1));
        assert_eq!(place("-2s"), Place::NanosFromHere(-2 * SECOND));
        assert_eq!(place("+0:10"), Place::NanosFromHere(10 * SECOND));
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in [
            "",
            "#",
            "#x",
            "abc",
            "1:2:3:4",
            "--5",
            "1..2",
            "1.2.3s",
            "5ff",
            ":",
            "99999999999999h",
            "#-1",
            "s",
            ".",
        ] {
            assert!(text.parse::<Place>().is_err(), "{text:?}");
        }
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
