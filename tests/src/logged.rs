//! What a logger says that it logged, and how that is held against what was found in a recording.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use crate::Counter;

/// Timelines that the SDK adds by itself.
const BUILT_IN: [&str; 2] = ["log_time", "log_tick"];
/// Where the SDK itself logs what is said of a whole recording.
const PROPERTIES: &str = "/__properties";

/// The truth that a program of `tests/sdk` wrote down, or what a reader found, in the same shape.
#[derive(Debug, Deserialize)]
pub struct Logged {
    /// Version of the SDK.
    #[serde(default)]
    pub sdk: String,
    /// All recordings.
    pub recordings: Vec<LoggedRecording>,
}

/// A recording.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct LoggedRecording {
    /// The name of the program.
    pub application_id: String,
    /// The name of the recording.
    pub recording_id: String,
    /// By path: escaped, with a slash in front.
    pub entities: BTreeMap<String, LoggedEntity>,
}

/// An entity.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct LoggedEntity {
    /// Our name of the codec of its video stream.
    pub codec: Option<String>,
    /// True if the order of its rows is known.
    pub ordered: bool,
    /// Its rows, in the order in which they were logged.
    pub rows: Vec<Row>,
    /// Its rows without a time, in the order in which they were logged.
    #[serde(rename = "static")]
    pub timeless: Vec<Row>,
    /// The number of rows, where they are too many to list them.
    pub row_count: Option<usize>,
    /// The name of a file with what FFmpeg has to decode, beside the truth.
    pub stream: Option<String>,
    /// The counter in its pictures.
    pub counter: Option<Counter>,
    /// What the counter says in each frame, in presentation order.
    pub numbers: Vec<u32>,
}

impl Default for LoggedEntity {
    fn default() -> Self {
        Self {
            codec: None,
            ordered: true,
            rows: Vec::new(),
            timeless: Vec::new(),
            row_count: None,
            stream: None,
            counter: None,
            numbers: Vec::new(),
        }
    }
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Row {
    /// By timeline.
    pub times: BTreeMap<String, i64>,
    /// By component; `None` where there is no cell.
    pub cells: BTreeMap<String, Option<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(default)]
pub struct Cell {
    /// Number of values.
    pub count: usize,
    /// Size of a blob in bytes.
    pub bytes: Option<usize>,
    /// MD5 of a blob.
    pub md5: Option<String>,
}

impl Logged {
    /// Reads a truth.
    ///
    /// # Errors
    /// If it is not there, or is no truth.
    pub fn read(path: &Path) -> Result<Self> {
        let name = || path.display().to_string();
        let text = std::fs::read(path).with_context(name)?;
        serde_json::from_slice(&text).with_context(name)
    }

    /// The only recording.
    ///
    /// # Errors
    /// If there are several, or none.
    pub fn single(&self) -> Result<&LoggedRecording> {
        let [recording] = &self.recordings[..] else {
            bail!("{} recordings", self.recordings.len());
        };
        Ok(recording)
    }

    /// Holds what was found against this truth: the same recordings, in any order.
    ///
    /// # Errors
    /// If something is missing, different, or too much.
    pub fn check(&self, found: &Self) -> Result<()> {
        for recording in &self.recordings {
            let same = |other: &&LoggedRecording| {
                (&other.application_id, &other.recording_id)
                    == (&recording.application_id, &recording.recording_id)
            };
            let mut found = found.recordings.iter().filter(same);
            let name = || format!("recording {}", recording.recording_id);
            let found_one = found.next().with_context(name).context("missing")?;
            ensure!(found.next().is_none(), "{} is there twice", name());
            recording.check(found_one).with_context(name)?;
        }
        let (expected, found) = (self.recordings.len(), found.recordings.len());
        ensure!(expected == found, "{found} recordings, not {expected}");
        Ok(())
    }
}

impl LoggedRecording {
    /// Adds what another run of a program logged to the same recording.
    pub fn append(&mut self, other: Self) {
        for (path, entity) in other.entities {
            let known = self.entities.entry(path).or_default();
            known.rows.extend(entity.rows);
            known.timeless.extend(entity.timeless);
            known.numbers.extend(entity.numbers);
            known.codec = known.codec.take().or(entity.codec);
        }
    }

    fn check(&self, found: &Self) -> Result<()> {
        for (path, entity) in &self.entities {
            let other = found.entities.get(path);
            let other = other.with_context(|| format!("{path} is missing"))?;
            entity.check(other).with_context(|| path.clone())?;
        }
        for path in found.entities.keys() {
            let known = self.entities.contains_key(path) || path.starts_with(PROPERTIES);
            ensure!(known, "nobody logged {path}");
        }
        Ok(())
    }
}

impl LoggedEntity {
    /// The number of rows with a time.
    pub fn row_count(&self) -> usize {
        self.row_count.unwrap_or(self.rows.len())
    }

    /// The times of all rows on a timeline, rising.
    pub fn times(&self, timeline: &str) -> Vec<i64> {
        let mut times: Vec<i64> = self
            .rows
            .iter()
            .filter_map(|row| row.times.get(timeline).copied())
            .collect();
        times.sort_unstable();
        times
    }

    /// A timeline that its rows are on.
    ///
    /// # Errors
    /// If there is none.
    pub fn timeline(&self) -> Result<&str> {
        let first = self.rows.first().and_then(|row| row.times.keys().next());
        Ok(first.context("it has no row with a time")?)
    }

    fn check(&self, found: &Self) -> Result<()> {
        if let Some(count) = self.row_count {
            let rows = found.row_count();
            ensure!(rows == count, "{rows} rows, not {count}");
            return Ok(());
        }
        check_rows(&self.rows, &found.rows, self.ordered).context("rows")?;
        check_rows(&self.timeless, &found.timeless, self.ordered).context("static rows")
    }
}

fn check_rows(expected: &[Row], found: &[Row], ordered: bool) -> Result<()> {
    let (mut expected, mut found) = (expected.to_vec(), found.to_vec());
    for row in expected.iter_mut().chain(&mut found) {
        row.times
            .retain(|name, _| !BUILT_IN.contains(&name.as_str()));
        row.cells.retain(|_, cell| cell.is_some());
    }
    if !ordered {
        expected.sort();
        found.sort();
    }
    for (number, (expected, found)) in expected.iter().zip(&found).enumerate() {
        ensure!(
            expected == found,
            "row {number} is {found:?}, not {expected:?}"
        );
    }
    let (expected, found) = (expected.len(), found.len());
    ensure!(expected == found, "{found}, not {expected}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(frame: i64, md5: &str) -> Row {
        let cell = Cell {
            count: 1,
            bytes: Some(3),
            md5: Some(md5.to_owned()),
        };
        Row {
            times: [("frame".to_owned(), frame)].into(),
            cells: [("VideoStream:sample".to_owned(), Some(cell))].into(),
        }
    }

    #[test]
    fn a_row_that_is_missing_or_different_is_found() {
        let expected = [row(1, "a"), row(2, "b")];
        assert!(check_rows(&expected, &expected, true).is_ok());
        assert!(check_rows(&expected, &expected[..1], true).is_err());
        assert!(check_rows(&expected, &[row(1, "a"), row(2, "c")], true).is_err());
    }

    #[test]
    fn the_order_counts_only_where_it_is_known() {
        let (expected, found) = ([row(1, "a"), row(2, "b")], [row(2, "b"), row(1, "a")]);
        assert!(check_rows(&expected, &found, true).is_err());
        assert!(check_rows(&expected, &found, false).is_ok());
    }

    #[test]
    fn the_timelines_that_the_sdk_adds_do_not_count() {
        let mut found = row(1, "a");
        found.times.insert("log_time".to_owned(), 5);
        assert!(check_rows(&[row(1, "a")], &[found], true).is_ok());
    }
}
