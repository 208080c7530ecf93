//! A recording, as Python has it. Whatever may take long is done without the interpreter's lock, in turns
//! short enough that Ctrl+C is heard.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use reelscope_sdk::{RecordingStream, SdkError, SpawnOptions, TimeColumn, TimeKind};

use crate::component::{Component, ComponentColumn};
use crate::errors::raised;

/// How long Ctrl+C may have to wait.
const TURN: Duration = Duration::from_millis(200);
/// A wait that nobody lives to see the end of, and that no clock overflows by.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// One run of a program as it logs.
#[pyclass(frozen, module = "reelscope._native")]
pub(crate) struct Stream(Mutex<Option<RecordingStream>>);

impl Stream {
    fn taken(&self) -> Option<RecordingStream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn get(&self) -> PyResult<RecordingStream> {
        let stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream
            .clone()
            .ok_or_else(|| PyRuntimeError::new_err(SdkError::Finished.to_string()))
    }

    /// Does something that may take long.
    fn detached(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&RecordingStream) -> Result<(), SdkError> + Send,
    ) -> PyResult<()> {
        let stream = self.get()?;
        py.detach(|| work(&stream)).map_err(raised)
    }

    /// The same, once there is room for what it adds.
    fn added(
        &self,
        py: Python<'_>,
        add: impl FnOnce(&RecordingStream) -> Result<(), SdkError> + Send,
    ) -> PyResult<()> {
        let stream = self.get()?;
        while !py.detach(|| stream.wait_for_room(TURN)) {
            py.check_signals()?;
        }
        py.detach(|| add(&stream)).map_err(raised)
    }
}

/// The kind of timeline of this name.
fn kind_of(name: &str) -> PyResult<TimeKind> {
    match name {
        "sequence" => Ok(TimeKind::Sequence),
        "duration" => Ok(TimeKind::Duration),
        "timestamp" => Ok(TimeKind::Timestamp),
        _ => Err(PyValueError::new_err(format!("there is no kind {name}"))),
    }
}

#[pymethods]
impl Stream {
    #[new]
    fn new(application_id: &str, recording_id: Option<&str>, source: &str) -> PyResult<Self> {
        let mut builder = RecordingStream::new(application_id).source(source);
        if let Some(id) = recording_id {
            builder = builder.recording_id(id);
        }
        let stream = builder.buffered().map_err(raised)?;
        Ok(Self(Mutex::new(Some(stream))))
    }

    /// The name of the program.
    #[getter]
    fn application_id(&self) -> PyResult<String> {
        Ok(self.get()?.application_id().to_owned())
    }

    /// The name of the run.
    #[getter]
    fn recording_id(&self) -> PyResult<String> {
        Ok(self.get()?.recording_id().to_owned())
    }

    /// Logs to a viewer from now on.
    fn connect(&self, py: Python<'_>, addr: &str) -> PyResult<()> {
        self.detached(py, |stream| stream.connect(addr))
    }

    /// Writes a recording file from now on.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        self.detached(py, |stream| stream.save(path))
    }

    /// Keeps what is logged until it is said where to.
    fn disconnect(&self, py: Python<'_>) -> PyResult<()> {
        self.detached(py, RecordingStream::disconnect)
    }

    /// Sets this thread's time on a timeline.
    fn set_time(&self, timeline: &str, kind: &str, time: i64) -> PyResult<()> {
        let stream = self.get()?;
        match kind_of(kind)? {
            TimeKind::Sequence => stream.set_time_sequence(timeline, time),
            TimeKind::Duration => stream.set_time_duration(timeline, time),
            TimeKind::Timestamp => stream.set_time_nanos_since_epoch(timeline, time),
        }
        Ok(())
    }

    /// Takes this thread off a timeline.
    fn disable_timeline(&self, timeline: &str) -> PyResult<()> {
        self.get()?.disable_timeline(timeline);
        Ok(())
    }

    /// Takes this thread off all timelines.
    fn reset_time(&self) -> PyResult<()> {
        self.get()?.reset_time();
        Ok(())
    }

    /// Logs one row.
    fn log(
        &self,
        py: Python<'_>,
        entity: &str,
        components: Vec<PyRef<'_, Component>>,
        is_static: bool,
    ) -> PyResult<()> {
        let row: Vec<_> = components.iter().map(|it| it.to_sdk()).collect();
        self.added(py, |stream| {
            if is_static {
                stream.log_static(entity, &row)
            } else {
                stream.log(entity, &row)
            }
        })
    }

    /// Logs many rows.
    fn send_columns(
        &self,
        py: Python<'_>,
        entity: &str,
        times: Vec<(String, String, Vec<i64>)>,
        columns: Vec<PyRef<'_, ComponentColumn>>,
    ) -> PyResult<()> {
        let times = times
            .into_iter()
            .map(|(name, kind, times)| Ok(TimeColumn::new(&name, kind_of(&kind)?, times)));
        let times = times.collect::<PyResult<Vec<TimeColumn>>>()?;
        let columns = columns.iter().map(|column| column.to_sdk()).collect();
        self.added(py, |stream| stream.send_columns(entity, times, columns))
    }

    /// Waits until all is received, or in the file.
    fn flush(&self, py: Python<'_>, seconds: f64) -> PyResult<()> {
        let patience = match Duration::try_from_secs_f64(seconds) {
            Ok(patience) => patience.min(FOREVER),
            Err(_) if seconds > 0.0 => FOREVER,
            Err(_) => {
                let words = format!("the timeout has to be 0 s or more, not {seconds}");
                return Err(PyValueError::new_err(words));
            }
        };
        let (stream, start) = (self.get()?, Instant::now());
        loop {
            let (turn, left) = (Instant::now(), patience.saturating_sub(start.elapsed()));
            let Err(error) = py.detach(|| stream.flush(left.min(TURN))) else {
                return Ok(());
            };
            let is_final = turn.elapsed() < left.min(TURN) || left <= TURN;
            if is_final {
                return Err(with_whole_wait(error, &stream, seconds));
            }
            py.check_signals()?;
        }
    }

    /// Rows and messages that were dropped.
    fn dropped(&self) -> PyResult<u64> {
        Ok(self.get()?.dropped())
    }

    /// What is wrong with the connection now, in words.
    fn trouble(&self) -> PyResult<Option<String>> {
        Ok(self.get()?.trouble())
    }

    /// Sends what is left and ends the recording. Doing it twice is no mistake.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        let Some(stream) = self.taken() else {
            return Ok(());
        };
        py.detach(|| stream.finish()).map_err(raised)
    }
}

/// The error of the last turn says how long that turn was; a person wants to know of the whole wait.
fn with_whole_wait(error: SdkError, stream: &RecordingStream, seconds: f64) -> PyErr {
    let exception = raised(error);
    let is_timeout =
        Python::attach(|py| exception.is_instance_of::<pyo3::exceptions::PyTimeoutError>(py));
    if !is_timeout {
        return exception;
    }
    let why = stream.trouble().map(|why| format!(": {why}"));
    let words = format!(
        "not everything was received within {seconds} s{}",
        why.unwrap_or_default()
    );
    pyo3::exceptions::PyTimeoutError::new_err(words)
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Ending it may take a while, and it is Python's collector that waits.
        if let Some(stream) = self.taken() {
            let _ = Python::try_attach(|py| py.detach(|| drop(stream)));
        }
    }
}

/// Never drops a recording, an encoder or a reader: in the child of a fork, ending it would wait for threads
/// that are not there.
#[pyfunction]
pub(crate) fn leave_behind(object: Py<PyAny>) {
    std::mem::forget(object);
}

/// Starts a viewer unless one listens at the port.
#[pyfunction]
pub(crate) fn spawn(
    py: Python<'_>,
    port: u16,
    executable: PathBuf,
    arguments: Vec<String>,
) -> PyResult<()> {
    let options = SpawnOptions {
        port,
        executable: Some(executable),
        arguments,
    };
    py.detach(|| reelscope_sdk::spawn(&options)).map_err(raised)
}
