//! Questions about recordings; the answers go to Python as Arrow streams, without a copy.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use pyo3::exceptions::{PyFileNotFoundError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use reelscope_query::{Query, QueryError, Recording, Recordings, Table as Answer};

fn raised(error: QueryError) -> PyErr {
    let words = error.to_string();
    match error {
        QueryError::File { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            PyFileNotFoundError::new_err(words)
        }
        _ => PyValueError::new_err(words),
    }
}

/// The tables of a recording file.
#[pyclass(frozen, module = "reelscope._native")]
pub(crate) struct Tables(Recordings);

impl Tables {
    fn recording(&self, name: Option<&str>) -> PyResult<&Recording> {
        match name {
            Some(name) => self.0.named(name),
            None => self.0.only(),
        }
        .map_err(raised)
    }
}

#[pymethods]
impl Tables {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let opened = py.detach(|| Recordings::open(&path));
        Ok(Self(opened.map_err(raised)?))
    }

    /// The timelines of a recording, and what they count.
    fn timelines(&self, recording: Option<&str>) -> PyResult<Vec<(String, &'static str)>> {
        let timelines = self.recording(recording)?.timelines().into_iter();
        Ok(timelines.map(|(name, kind)| (name, kind.name())).collect())
    }

    /// The entities of a recording.
    fn entities(&self, recording: Option<&str>) -> PyResult<Vec<String>> {
        Ok(self.recording(recording)?.entities().into_iter().collect())
    }

    /// Answers a question; times are in the timeline's units.
    #[pyo3(signature = (recording, *, entities, components, index, range, at, fill_latest_at))]
    #[allow(clippy::too_many_arguments, reason = "they have names in Python")]
    fn select(
        &self,
        py: Python<'_>,
        recording: Option<&str>,
        entities: Vec<String>,
        components: Vec<String>,
        index: Option<String>,
        range: Option<(i64, i64)>,
        at: Option<Vec<i64>>,
        fill_latest_at: bool,
    ) -> PyResult<Table> {
        let entities = entities.iter().map(|text| text.parse().map_err(raised));
        let query = Query {
            entities: entities.collect::<PyResult<_>>()?,
            components,
            index,
            range,
            at,
            fill_latest_at,
        };
        let recording = self.recording(recording)?;
        let table = py.detach(|| recording.select(&query)).map_err(raised)?;
        Ok(Table(Mutex::new(Some(table))))
    }
}

/// A table on its way to whoever reads Arrow streams.
#[pyclass(frozen, module = "reelscope._native")]
pub(crate) struct Table(Mutex<Option<Answer>>);

#[pymethods]
impl Table {
    /// The stream, once: Arrow's PyCapsule interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Whoever wants other types converts by himself, as the interface allows.
        let _ = requested_schema;
        let table = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let table = table.ok_or_else(|| {
            PyRuntimeError::new_err("the table was read already: ask for it again")
        })?;
        let stream = FFI_ArrowArrayStream::new(Box::new(table));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}
