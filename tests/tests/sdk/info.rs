//! Holds `reelscope info FILE.rrd --json` against what was logged.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use reelscope_tests::{
    InfoEntity, InfoRecording, Logged, LoggedEntity, LoggedRecording, RecordingInfo,
};

/// The same recordings, entities, components and timelines, with the same numbers of rows.
pub(crate) fn check(file: &Path, truth: &Logged) -> Result<()> {
    let info = RecordingInfo::of(file)?;
    ensure!(info.container == "rrd", "it is called {}", info.container);
    // One program logs bytes there that are no video: that is said, and no other thing is wrong.
    let invented = |warning: &String| {
        let wrong = ["/asset/", "/stream/"];
        let without_codec = ["/columns/", "/threads"];
        wrong.iter().any(|at| warning.starts_with(at))
            || without_codec.iter().any(|at| {
                warning.starts_with(at) && warning.ends_with("nothing says of which codec they are")
            })
    };
    ensure!(info.warnings.iter().all(invented), "{:?}", info.warnings);
    ensure!(
        info.recordings.len() == truth.recordings.len(),
        "{} recordings",
        info.recordings.len()
    );
    for expected in &truth.recordings {
        let mut all = info.recordings.iter();
        let found = all.find(|found| found.recording_id == expected.recording_id);
        let found = found.context("a recording is missing")?;
        ensure!(
            found.application_id == expected.application_id,
            "of {}",
            found.application_id
        );
        ensure!(
            found.sdk.as_deref() == Some(&truth.sdk),
            "logged with {:?}",
            found.sdk
        );
        ensure!(
            found.source.starts_with("Python 3."),
            "logged from {}",
            found.source
        );
        check_recording(found, expected)?;
    }
    Ok(())
}

fn check_recording(found: &InfoRecording, expected: &LoggedRecording) -> Result<()> {
    for (path, entity) in &expected.entities {
        let other = found.entities.iter().find(|other| other.path == *path);
        let other = other.with_context(|| format!("{path} is missing"))?;
        check_entity(other, entity).with_context(|| path.clone())?;
    }
    let timelines: BTreeSet<&str> = expected
        .entities
        .values()
        .flat_map(|entity| &entity.rows)
        .flat_map(|row| row.times.keys().map(String::as_str))
        .collect();
    for name in timelines {
        let mut times: Vec<i64> = expected
            .entities
            .values()
            .flat_map(|entity| entity.times(name))
            .collect();
        times.sort_unstable();
        let found = found
            .timelines
            .iter()
            .find(|timeline| timeline.name == name);
        let found = found.with_context(|| format!("timeline {name} is missing"))?;
        let range = (Some(&found.min), Some(&found.max));
        ensure!(
            range == (times.first(), times.last()),
            "{name} is from {range:?}"
        );
        ensure!(found.kind == kind(name), "{name} is a {}", found.kind);
    }
    Ok(())
}

/// The kind of timeline that the programs use a name for.
fn kind(timeline: &str) -> &'static str {
    match timeline {
        "time" | "video_time" | "before" => "duration",
        "stamp" | "old" => "timestamp",
        _ => "sequence",
    }
}

fn check_entity(found: &InfoEntity, expected: &LoggedEntity) -> Result<()> {
    let (rows, timeless) = (expected.row_count(), expected.timeless.len());
    ensure!(found.rows == rows, "{} rows, not {rows}", found.rows);
    ensure!(
        found.static_rows == timeless,
        "{} static rows, not {timeless}",
        found.static_rows
    );
    if expected.row_count.is_some() {
        return Ok(());
    }

    let cells = |name: &str| {
        let rows = expected.rows.iter().chain(&expected.timeless);
        rows.filter(|row| row.cells.get(name).is_some_and(Option::is_some))
            .count()
    };
    let names: BTreeSet<&str> = expected
        .rows
        .iter()
        .chain(&expected.timeless)
        .flat_map(|row| row.cells.keys().map(String::as_str))
        .collect();
    let found_names: BTreeSet<&str> = found
        .components
        .iter()
        .map(|component| component.name.as_str())
        .collect();
    ensure!(
        found_names == names,
        "components {found_names:?}, not {names:?}"
    );
    for component in &found.components {
        let rows = cells(&component.name);
        ensure!(
            component.rows == rows,
            "{} rows of {}, not {rows}",
            component.rows,
            component.name
        );
    }

    // What has a stream to decode is a stream of samples, files or pictures.
    let (Some(codec), Some(_)) = (&expected.codec, &expected.stream) else {
        return Ok(());
    };
    let video = found.video.as_ref().context("it is not called a video")?;
    ensure!(video.codec == *codec, "it is called {}", video.codec);
    ensure!(
        video.samples == rows,
        "{} samples, not {rows}",
        video.samples
    );
    if expected.counter.is_some() {
        // As in `tests/sdk/pictures.py`.
        let size = (video.width, video.height);
        ensure!(size == (160, 120), "it is {size:?} large");
    }
    Ok(())
}
