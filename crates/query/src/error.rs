//! What can be wrong with a question, or with what it is asked about.

use std::path::PathBuf;

use arrow_schema::ArrowError;
use reelscope_wire::WireError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The recording cannot be read.
    #[error("{}: {source}", path.display())]
    Recording {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: WireError,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// There is no such recording in the file, or several and nobody said which.
    #[error("{}", which(wanted.as_deref(), there))]
    WhichRecording {
        /// The id that was asked for.
        wanted: Option<String>,
        /// The ids of those that are there.
        there: Vec<String>,
    },
    /// There is no such timeline.
    #[error("there is no timeline “{wanted}”: the recording has {}", listed(there))]
    NoTimeline {
        /// The name that was asked for.
        wanted: String,
        /// Those that are there.
        there: Vec<String>,
    },
    /// Nothing was logged to the entities that were asked for.
    #[error("nothing was logged to {wanted}: the recording has {}", listed(there))]
    NoSuchEntity {
        /// What was asked for.
        wanted: String,
        /// The entities that are there.
        there: Vec<String>,
    },
    /// No entity has a component that was asked for.
    #[error("there is no component “{wanted}” in the recording")]
    NoSuchComponent {
        /// Its name.
        wanted: String,
    },
    /// The path of an entity cannot be understood.
    #[error("“{text}” is no path of entities: write /camera, or /camera/** for all below it")]
    Contents {
        /// What was given.
        text: String,
    },
    /// A table could not be made or written.
    #[error("the table could not be made: {source}")]
    Arrow {
        /// What is wrong with it.
        #[from]
        source: ArrowError,
    },
    /// A Parquet file could not be written.
    #[error("the Parquet file could not be written: {source}")]
    Parquet {
        /// What is wrong.
        #[from]
        source: parquet::errors::ParquetError,
    },
    /// The table could not be written.
    #[error("the table could not be written: {source}")]
    Write {
        /// The system's reason.
        #[from]
        source: std::io::Error,
    },
}

fn which(wanted: Option<&str>, there: &[String]) -> String {
    match (wanted, there) {
        (_, []) => "there is no recording in the file".to_owned(),
        (Some(wanted), _) => format!(
            "there is no recording “{wanted}”: the file has {}",
            listed(there)
        ),
        (None, _) => format!(
            "the file has several recordings ({}): say which",
            listed(there)
        ),
    }
}

/// Names for a sentence, not all of them if there are many.
fn listed(names: &[String]) -> String {
    /// More than this do not help.
    const MOST: usize = 12;
    let some: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match names.len().saturating_sub(MOST) {
        _ if names.is_empty() => "none".to_owned(),
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}
