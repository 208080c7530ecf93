//! What `reelscope info FILE.rrd --json` prints.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::Run;

/// `reelscope info FILE.rrd --json`.
#[derive(Debug, Deserialize)]
pub struct RecordingInfo {
    /// Always `"rrd"`.
    pub container: String,
    /// All recordings.
    pub recordings: Vec<InfoRecording>,
    /// What was wrong with the file.
    pub warnings: Vec<String>,
}

/// A recording.
#[derive(Debug, Deserialize)]
pub struct InfoRecording {
    /// The name of the program that logged it.
    pub application_id: String,
    /// Its own name.
    pub recording_id: String,
    /// Version of the SDK.
    pub sdk: Option<String>,
    /// The language of the program, with its version.
    pub source: String,
    /// All entities.
    pub entities: Vec<InfoEntity>,
    /// All timelines.
    pub timelines: Vec<InfoTimeline>,
}

/// An entity.
#[derive(Debug, Deserialize)]
pub struct InfoEntity {
    /// Escaped, with a slash in front.
    pub path: String,
    /// Rows with a time.
    pub rows: usize,
    /// Rows without one.
    pub static_rows: usize,
    /// All components.
    pub components: Vec<InfoComponent>,
    /// What can be seen of it.
    pub video: Option<InfoVideo>,
}

/// A component.
#[derive(Debug, Deserialize)]
pub struct InfoComponent {
    /// Archetype and field, or a name of the user's own.
    pub name: String,
    /// Rows with a cell of it.
    pub rows: usize,
}

/// The pictures of an entity.
#[derive(Debug, Deserialize)]
pub struct InfoVideo {
    /// Which archetype they come from.
    pub archetype: String,
    /// Short name.
    pub codec: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Number of samples.
    pub samples: usize,
}

/// A timeline.
#[derive(Debug, Deserialize)]
pub struct InfoTimeline {
    /// Its name.
    pub name: String,
    /// `"sequence"`, `"duration"` or `"timestamp"`.
    pub kind: String,
    /// The first time.
    pub min: i64,
    /// The last time.
    pub max: i64,
}

impl RecordingInfo {
    /// Runs `reelscope info FILE.rrd --json` and expects it to end well.
    ///
    /// # Errors
    /// If it does not, or prints something else than a recording's description.
    pub fn of(path: &Path) -> Result<Self> {
        let args = ["info".as_ref(), path.as_os_str(), "--json".as_ref()];
        let outcome = Run::new(args).success()?;
        serde_json::from_str(&outcome.stdout)
            .context("info printed something else than what it promises")
    }
}
