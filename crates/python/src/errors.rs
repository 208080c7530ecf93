//! What went wrong, as Python's exceptions.

use std::io;
use std::path::Path;

use pyo3::PyErr;
use pyo3::exceptions::{
    PyConnectionError, PyFileNotFoundError, PyOSError, PyRuntimeError, PyTimeoutError, PyValueError,
};
use reelscope_sdk::{SdkError, WireError};

/// The exception for an error: wrong values are a `ValueError`, what the system refuses an `OSError`.
pub(crate) fn raised(error: SdkError) -> PyErr {
    let words = error.to_string();
    match error {
        SdkError::File { path, source } | SdkError::Spawn { path, source } => {
            with_path(&path, &source)
        }
        SdkError::PictureSize { .. }
        | SdkError::NotForJpeg { .. }
        | SdkError::Video(_)
        | SdkError::ColumnLength { .. }
        | SdkError::TimelineName
        | SdkError::TimelineKind { .. }
        | SdkError::Twice { .. }
        | SdkError::Address { .. } => PyValueError::new_err(words),
        SdkError::NoViewer { .. } => PyFileNotFoundError::new_err(words),
        SdkError::Wire(error) => wire(&error, words),
        _ => PyRuntimeError::new_err(words),
    }
}

fn wire(error: &WireError, words: String) -> PyErr {
    match error {
        WireError::Timeout { .. } => PyTimeoutError::new_err(words),
        WireError::Connection { .. } | WireError::Status { .. } => {
            PyConnectionError::new_err(words)
        }
        WireError::Io { .. } => PyOSError::new_err(words),
        WireError::TooLarge { .. } | WireError::ColumnLength { .. } => PyValueError::new_err(words),
        _ => PyRuntimeError::new_err(words),
    }
}

/// Python makes a `FileNotFoundError`, a `PermissionError`, … of the system's number, and adds the path.
fn with_path(path: &Path, source: &io::Error) -> PyErr {
    match source.raw_os_error() {
        Some(number) => {
            let words = source.to_string();
            let words = words.split(" (os error").next().unwrap_or_default();
            PyOSError::new_err((number, words.to_owned(), path.as_os_str().to_owned()))
        }
        None => PyOSError::new_err(format!("{}: {source}", path.display())),
    }
}
