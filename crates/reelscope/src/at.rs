//! The `--at` argument: a time or a frame number.

use std::str::FromStr;

use reelscope_media::{Pts, SampleId, Track};

/// A place on a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// A presentation time in nanoseconds.
    Nanos(i64),
    /// A frame number in presentation order, from 0.
    Frame(usize),
}

/// A text that is no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadAt(String);

impl std::fmt::Display for BadAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\" is no time: use 1.5s, 1500ms, #45 or 00:01:02.5", self.0)
    }
}

impl std::error::Error for BadAt {}

impl FromStr for At {
    type Err = BadAt;

    fn from_str(text: &str) -> Result<Self, BadAt> {
        let bad = || BadAt(text.to_owned());
        let trimmed = text.trim();
        if let Some(number) = trimmed.strip_prefix('#') {
            return number.parse().map(Self::Frame).map_err(|_| bad());
        }
        let (negative, rest) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed),
        };
        let nanos = if let Some(number) = rest.strip_suffix("ns") {
            decimal(number, 0)
        } else if let Some(number) = rest.strip_suffix("us") {
            decimal(number, 3)
        } else if let Some(number) = rest.strip_suffix("ms") {
            decimal(number, 6)
        } else if let Some(number) = rest.strip_suffix('s') {
            decimal(number, 9)
        } else {
            clock(rest)
        };
        let nanos = nanos.ok_or_else(bad)?;
        Ok(Self::Nanos(if negative { -nanos } else { nanos }))
    }
}

/// `[HH:]MM:SS[.fraction]` in nanoseconds.
fn clock(text: &str) -> Option<i64> {
    let mut parts = text.rsplit(':');
    let mut nanos = decimal(parts.next()?, 9)?;
    let mut unit = 60_000_000_000_i64;
    let mut fields = 1;
    for part in parts {
        fields += 1;
        if fields > 3 || part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        nanos = nanos.checked_add(part.parse::<i64>().ok()?.checked_mul(unit)?)?;
        unit *= 60;
    }
    (fields > 1).then_some(nanos)
}

/// A non-negative decimal number times ten to a power, cut off below one. Exact: no float.
fn decimal(text: &str, power: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(power).collect();
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let below: i64 = if kept.is_empty() { 0 } else { kept.parse().ok()? };
    whole.checked_mul(10_i64.checked_pow(u32::try_from(power).ok()?)?)?.checked_add(below)
}

impl At {
    /// The sample on screen there: before the first one the first, after the end the last.
    /// `None` if there is no frame of that number, or no frame at all.
    pub(crate) fn find(self, track: &Track) -> Option<SampleId> {
        let samples = &track.samples;
        match self {
            Self::Frame(number) => samples.shown().get(number).copied(),
            Self::Nanos(nanos) => samples
                .latest_at(Pts(track.timescale.from_nanos(nanos)))
                .or_else(|| samples.shown().first().copied()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_documented_form() {
        let nanos = |text: &str| text.parse::<At>().unwrap();
        assert_eq!(nanos("1.5s"), At::Nanos(1_500_000_000));
        assert_eq!(nanos("1500ms"), At::Nanos(1_500_000_000));
        assert_eq!(nanos("00:01:02.5"), At::Nanos(62_500_000_000));
        assert_eq!(nanos("1:02"), At::Nanos(62_000_000_000));
        assert_eq!(nanos("-0.25s"), At::Nanos(-250_000_000));
        assert_eq!(nanos("33366667ns"), At::Nanos(33_366_667));
        assert_eq!(nanos("#45"), At::Frame(45));
    }

    #[test]
    fn what_is_no_time_is_refused_with_examples() {
        for text in ["", "s", "abc", "1.5", "#", "#-1", "1:2:3:4", "1e3s", ":5", "99999999999s"] {
            let error = text.parse::<At>().unwrap_err();
            assert!(error.to_string().contains("1500ms"), "{text}: {error}");
        }
    }
}
