//! Where the pointer drags the playhead: recorded in a file, or made up.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use reelscope_media::Track;

use super::args::DragOf;
use super::random::Random;

/// Repaints per second of a window.
pub(super) const TICKS_PER_SECOND: u32 = 60;
/// Bytes of a trace file.
const LARGEST: u64 = 16 << 20;
/// Milliseconds of a trace.
const LONGEST_MS: f64 = 3_600_000.0;
/// Ticks of the sweep, one way.
const SWEEP_TICKS: i64 = 6 * TICKS_PER_SECOND as i64;
/// Ticks of the jitter.
const JITTER_TICKS: usize = 10 * TICKS_PER_SECOND as usize;
/// Nanoseconds that the jitter moves at a tick, at most.
const JITTER_STEP: i64 = 100_000_000;
/// Nanoseconds that it goes away from the middle, at most.
const JITTER_REACH: i64 = 2_000_000_000;

/// A place of the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// When it came there, in milliseconds.
    pub(super) at_ms: f64,
    /// The time that it stands for.
    pub(super) nanos: i64,
}

/// The points of a drag over a track, at least one.
///
/// # Errors
/// If its file cannot be read, or has a line that is no point.
pub(super) fn points(of: &DragOf, track: &Track, seed: u64) -> anyhow::Result<Vec<Point>> {
    let samples = &track.samples;
    let nanos = |at: Option<_>| {
        at.map_or(0, |id| {
            track.nanos(samples.get(id).map_or_else(Default::default, |it| it.pts))
        })
    };
    let first = nanos(samples.shown().first().copied());
    let last = nanos(samples.shown().last().copied());
    Ok(match of {
        DragOf::Sweep => sweep(first, last),
        DragOf::Jitter => jitter(first, last, seed),
        DragOf::File(path) => read(path)?,
    })
}

fn at_ticks(nanos: impl IntoIterator<Item = i64>) -> Vec<Point> {
    let at_ms = |tick: usize| tick as f64 * 1e3 / f64::from(TICKS_PER_SECOND);
    let point = |(tick, nanos)| Point {
        at_ms: at_ms(tick),
        nanos,
    };
    nanos.into_iter().enumerate().map(point).collect()
}

/// Over the whole clip, and back.
fn sweep(first: i64, last: i64) -> Vec<Point> {
    let length = i128::from(last) - i128::from(first);
    let place = |tick: i64| {
        let way = length * i128::from(tick) / i128::from(SWEEP_TICKS);
        first.saturating_add(i64::try_from(way).unwrap_or(i64::MAX))
    };
    at_ticks((0..=SWEEP_TICKS).chain((0..SWEEP_TICKS).rev()).map(place))
}

/// A random walk around the middle.
fn jitter(first: i64, last: i64, seed: u64) -> Vec<Point> {
    let middle = first.midpoint(last);
    let (low, high) = (
        middle.saturating_sub(JITTER_REACH).max(first),
        middle.saturating_add(JITTER_REACH).min(last),
    );
    let mut random = Random::new(seed);
    let mut nanos = middle;
    at_ticks((0..JITTER_TICKS).map(|_| {
        let step = random.below(2 * JITTER_STEP as u64 + 1) as i64 - JITTER_STEP;
        nanos = nanos.saturating_add(step).clamp(low, high.max(low));
        nanos
    }))
}

fn read(path: &Path) -> anyhow::Result<Vec<Point>> {
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
        .with_context(|| {
            let path = path.display();
            format!("{path}: a drag is \"sweep\", \"jitter\", or a text file that can be read")
        })?;
    if text.len() as u64 > LARGEST {
        bail!(
            "{}: more than {} MiB are no trace of a drag",
            path.display(),
            LARGEST >> 20
        );
    }
    parse(&text).with_context(|| path.display().to_string())
}

fn parse(text: &str) -> anyhow::Result<Vec<Point>> {
    let mut points: Vec<Point> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let Some(point) = point(line) else {
            bail!(
                "line {number}: \"{line}\" is not \"T_MS PTS_NS\": milliseconds since the start of \
                 the drag (0 to {LONGEST_MS}), and a time in the file in whole nanoseconds"
            );
        };
        if let Some(before) = points.last().filter(|before| before.at_ms > point.at_ms) {
            bail!(
                "line {number}: {} ms comes before the {} ms of the line before",
                point.at_ms,
                before.at_ms
            );
        }
        points.push(point);
    }
    if points.is_empty() {
        bail!("it has no line \"T_MS PTS_NS\"");
    }
    Ok(points)
}

fn point(line: &str) -> Option<Point> {
    let (at_ms, nanos) = line.split_once(char::is_whitespace)?;
    let at_ms = at_ms.parse().ok()?;
    (0.0..=LONGEST_MS).contains(&at_ms).then_some(Point {
        at_ms,
        nanos: nanos.trim().parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_empty_lines_are_no_points() {
        let points = parse("# a drag\n0 0\n\n16.7\t-40 # left of the start\n").unwrap();
        let expected = [(0.0, 0), (16.7, -40)].map(|(at_ms, nanos)| Point { at_ms, nanos });
        assert_eq!(points, expected);
    }

    #[test]
    fn a_line_that_is_no_point_is_named() {
        for (text, line) in [
            ("0 0\n5", "line 2"),
            ("soon 0", "line 1"),
            ("-1 0", "line 1"),
            ("0 0\n1 0.5", "line 2"),
            ("NaN 0", "line 1"),
            ("0 0 0", "line 1"),
            ("5 0\n#\n4 0", "line 3"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(line), "{text:?}: {error}");
        }
        assert!(parse("# nothing\n").is_err());
    }

    #[test]
    fn the_sweep_goes_to_the_end_and_back() {
        let points = sweep(0, 60_000_000_000);
        let nanos = |at: usize| points.get(at).unwrap().nanos;
        assert_eq!([nanos(0), nanos(360), nanos(720)], [0, 60_000_000_000, 0]);
        assert_eq!(points.len(), 721);
        assert!((points.last().unwrap().at_ms - 12_000.0).abs() < 1e-6);
    }

    #[test]
    fn the_jitter_stays_in_the_clip() {
        let points = jitter(0, 1_000_000_000, 3);
        assert!(
            points
                .iter()
                .all(|point| (0..=1_000_000_000).contains(&point.nanos))
        );
        assert!(points.windows(2).any(|pair| pair[1].nanos < pair[0].nanos));
    }
}
