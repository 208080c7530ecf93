//! Places as people write them, for "go to" and the command line: `#1500`, `12.3s`, `+5f`.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};

use crate::timecode::{HOUR, MINUTE, SECOND};

/// Units that a number can be written with; the longer name of two with the same end comes first.
const UNITS: [(&str, i64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("min", MINUTE),
    ("s", SECOND),
    ("h", HOUR),
];

/// A place on the timeline as a person names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A frame of the focused stream by its number, from 0: `#1500`.
    Frame(u64),
    /// A time in nanoseconds: `12.3s`, `1500ms`, `1:02.5`.
    Time(i64),
    /// Hours, minutes and seconds, in nanoseconds: `00:01:02.5`. A time of day where the timeline has
    /// days, otherwise a time as any other.
    Clock(i64),
    /// A moment in nanoseconds since 1970 (ISO 8601): `2026-09-21T14:13:20.5Z`.
    Moment(i64),
    /// So many frames from here: `+5f`, `-1f`.
    FramesFromHere(i64),
    /// So many nanoseconds from here: `+2s`, `-00:00:10`.
    NanosFromHere(i64),
}

/// As a person would write it, exact.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Frame(number) => write!(f, "#{number}"),
            Self::Time(nanos) => write!(f, "{}s", seconds_text(nanos)),
            Self::Clock(nanos) => {
                let (hours, minutes) = (nanos / HOUR, nanos % HOUR / MINUTE);
                let seconds = seconds_text(nanos % MINUTE);
                write!(f, "{hours:02}:{minutes:02}:{seconds}")
            }
            Self::Moment(nanos) => {
                let moment = chrono::DateTime::from_timestamp_nanos(nanos);
                write!(f, "{}", moment.format("%Y-%m-%dT%H:%M:%S%.fZ"))
            }
            Self::FramesFromHere(frames) => write!(f, "{frames:+}f"),
            Self::NanosFromHere(nanos) if nanos < 0 => write!(f, "{}s", seconds_text(nanos)),
            Self::NanosFromHere(nanos) => write!(f, "+{}s", seconds_text(nanos)),
        }
    }
}

/// Nanoseconds as seconds with as many digits as it takes.
pub(crate) fn seconds_text(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (whole, parts) = (
        nanos.unsigned_abs() / SECOND.unsigned_abs(),
        nanos.unsigned_abs() % SECOND.unsigned_abs(),
    );
    let text = format!("{sign}{whole}.{parts:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
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
            "“{}” is no place: write #1500 for a frame, 12.3s, 1500ms, 00:01:02.5 or \
             2026-09-21T14:13:20Z for a time, +5f or -2s for a step",
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
    if sign.is_none()
        && let Some(nanos) = parse_moment(body)
    {
        return Some(Place::Moment(nanos));
    }
    let nanos = parse_nanos(body)?;
    Some(match sign {
        Some(sign) => Place::NanosFromHere(sign * nanos),
        None if body.matches(':').count() == 2 => Place::Clock(nanos),
        None => Place::Time(nanos),
    })
}

/// A day, or a day and a time, as ISO 8601 has them: with `T` or a space between, in UTC unless an
/// offset is there.
fn parse_moment(text: &str) -> Option<i64> {
    let text = text.to_ascii_uppercase();
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((&text, "00:00"));
    let day: NaiveDate = day.parse().ok()?;
    let time = time.trim();
    let (clock, east) = match time.find(['Z', '+', '-', '−']) {
        Some(at) => {
            let (clock, zone) = time.split_at(at);
            (clock, parse_zone(zone)?)
        }
        None => (time, 0),
    };
    let parts = clock.matches(':').count();
    let nanos = match parts {
        1 => parse_clock(&format!("{clock}:00"))?,
        2 => parse_clock(clock)?,
        _ => return None,
    };
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    midnight
        .timestamp_nanos_opt()?
        .checked_add(nanos)?
        .checked_sub(east)
}

/// How far east of Greenwich a zone is, in nanoseconds: `Z`, `+02:00`, `-0330`, `+2`.
fn parse_zone(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, digits) = match text.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None => digits.split_at_checked(2).unwrap_or((digits, "")),
    };
    let hours: u8 = hours.parse().ok().filter(|hours| *hours < 24)?;
    let minutes: u8 = match minutes {
        "" => 0,
        digits => digits.parse().ok().filter(|minutes| *minutes < 60)?,
    };
    Some(sign * (i64::from(hours) * HOUR + i64::from(minutes) * MINUTE))
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
        assert_eq!(place("00:01:02.5"), Place::Clock(62_500_000_000));
        assert_eq!(place("1:02"), Place::Time(62 * SECOND));
        assert_eq!(place("10:00:00"), Place::Clock(10 * HOUR));
    }

    #[test]
    fn moments_are_read_as_iso_8601_has_them() {
        // date -u -d '2026-09-21T14:13:20Z' +%s
        let moment = Place::Moment(1_790_000_000_500_000_000);
        for text in [
            "2026-09-21T14:13:20.5Z",
            "2026-09-21 14:13:20.5",
            "2026-09-21t16:13:20.5+02:00",
            "2026-09-21T10:43:20.5-0330",
        ] {
            assert_eq!(place(text), moment, "{text}");
        }
        // date -u -d 2026-09-21 +%s
        assert_eq!(place("2026-09-21"), Place::Moment(1_789_948_800 * SECOND));
        assert_eq!(place("1970-01-01T01:00"), Place::Moment(HOUR));
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
            "2026-13-01",
            "2026-09-21T14",
            "2026-09-21T14:13:20+99:00",
            "9999-01-01",
            "+2026-09-21",
        ] {
            assert!(text.parse::<Place>().is_err(), "{text:?}");
        }
    }
}
