//! Opened videos and recordings, and their frames. Decoding and converting go on without the interpreter's
//! lock.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{
    PyFileNotFoundError, PyIndexError, PyOSError, PyRuntimeError, PyValueError,
};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use reelscope_read::{Cut, Engines, Frames as Read, Opened as File, ReadError};
use reelscope_store::{StreamId, TimelineKind};

/// A file, as Python has it.
#[pyclass(frozen, module = "reelscope._native")]
pub(crate) struct Opened(Mutex<File>);

/// A stream: its number; program and id of its recording; entity, archetype, codec; width and height; and
/// its timelines with what they count.
type StreamRow = (
    u64,
    (String, String),
    (String, String, String),
    (u32, u32),
    Vec<(String, &'static str)>,
);

/// A plane: its values row by row, its rows and columns, values of a pixel, and bytes of a value.
type PlaneRow<'py> = (Bound<'py, PyBytes>, u32, u32, usize, usize);

/// What a timeline counts, by name.
pub(crate) fn kind_name(kind: Option<TimelineKind>) -> &'static str {
    match kind {
        Some(TimelineKind::Sequence) => "sequence",
        Some(TimelineKind::Timestamp) => "timestamp",
        Some(TimelineKind::Duration) | None => "duration",
    }
}

fn raised(error: ReadError) -> PyErr {
    let words = error.to_string();
    match error {
        ReadError::Open { path, .. } if !path.exists() => PyFileNotFoundError::new_err(words),
        ReadError::Open { .. }
        | ReadError::NoTimeline { .. }
        | ReadError::OwnInput { .. }
        | ReadError::SeveralVideos => PyValueError::new_err(words),
        ReadError::NoFrame { .. } => PyIndexError::new_err(words),
        ReadError::Save(_) => PyOSError::new_err(words),
        _ => PyRuntimeError::new_err(words),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[pymethods]
impl Opened {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let opened = py.detach(|| File::open(&path)).map_err(raised)?;
        Ok(Self(Mutex::new(opened)))
    }

    /// True if it is a recording.
    #[getter]
    fn is_recording(&self) -> bool {
        locked(&self.0).is_recording()
    }

    /// What is wrong with the file, in words.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        locked(&self.0).warnings().to_vec()
    }

    /// The names of the program and of the run of each recording.
    fn recordings(&self) -> Vec<(String, String)> {
        locked(&self.0).recordings()
    }

    /// All streams.
    fn streams(&self, py: Python<'_>) -> Vec<StreamRow> {
        let streams = py.detach(|| locked(&self.0).streams());
        let rows = streams.into_iter().map(|it| {
            let timelines = it.timelines.into_iter();
            let timelines = timelines.map(|line| (line.name, kind_name(Some(line.kind))));
            (
                it.id.0,
                (it.application, it.recording),
                (it.entity, it.archetype.to_owned(), it.codec),
                (it.width, it.height),
                timelines.collect(),
            )
        });
        rows.collect()
    }

    /// The frames of a stream.
    fn frames(
        &self,
        py: Python<'_>,
        stream: u64,
        timeline: Option<&str>,
        ffmpeg: Option<PathBuf>,
    ) -> PyResult<Frames> {
        let engines = Engines {
            ffmpeg,
            hwaccel: None,
        };
        let frames = py.detach(|| locked(&self.0).frames(StreamId(stream), timeline, engines));
        Ok(Frames(Mutex::new(frames.map_err(raised)?)))
    }
}

/// The frames of a stream, by number.
#[pyclass(frozen, module = "reelscope._native")]
pub(crate) struct Frames(Mutex<Read>);

#[pymethods]
impl Frames {
    /// Their times: signed numbers of 64 bits in the machine's order.
    fn times<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let times: Vec<u8> = py.detach(|| {
            let frames = locked(&self.0);
            let times = frames.times().iter();
            times.flat_map(|time| time.to_ne_bytes()).collect()
        });
        PyBytes::new(py, &times)
    }

    /// Gives back the decoder until the next frame is asked for.
    fn rest(&self, py: Python<'_>) {
        py.detach(|| locked(&self.0).rest());
    }

    /// What the times are.
    #[getter]
    fn kind(&self, py: Python<'_>) -> &'static str {
        kind_name(py.detach(|| locked(&self.0).kind()))
    }

    /// A frame as rows of red, green and blue, with its width and height.
    fn rgb<'py>(
        &self,
        py: Python<'py>,
        number: usize,
        width: Option<u32>,
    ) -> PyResult<(Bound<'py, PyBytes>, u32, u32)> {
        let picture = py
            .detach(|| locked(&self.0).picture(number, width))
            .map_err(raised)?;
        let (pixels, _) = picture.pixels.as_chunks::<4>();
        let bytes = PyBytes::new_with(py, pixels.len() * 3, |target| {
            for (target, [red, green, blue, _]) in
                target.as_chunks_mut::<3>().0.iter_mut().zip(pixels)
            {
                *target = [*red, *green, *blue];
            }
            Ok(())
        })?;
        Ok((bytes, picture.width, picture.height))
    }

    /// A frame as it was decoded: the name of its format, whether its values are floats, and its planes.
    fn planes<'py>(
        &self,
        py: Python<'py>,
        number: usize,
    ) -> PyResult<(String, bool, Vec<PlaneRow<'py>>)> {
        let frame = py
            .detach(|| locked(&self.0).frame(number))
            .map_err(raised)?;
        let format = frame.format();
        let planes = (0..frame.planes().len()).map(|plane| {
            let (columns, rows) = format.plane_size(plane, frame.width(), frame.height());
            let row = format.row_bytes(plane, frame.width());
            let bytes = PyBytes::new_with(py, row * rows as usize, |target| {
                let targets = target.chunks_mut(row.max(1));
                for (target, row) in targets.zip(frame.rows(plane)) {
                    target.copy_from_slice(row);
                }
                Ok(())
            })?;
            let (values, size) = (format.values_per_pixel(plane), format.bytes_per_value());
            Ok((bytes, rows, columns, values, size))
        });
        let planes = planes.collect::<PyResult<Vec<_>>>()?;
        Ok((format.name(), format.is_float(), planes))
    }

    /// Writes frames into an MP4 file; how many it shows.
    fn remux(
        &self,
        py: Python<'_>,
        path: PathBuf,
        frames: Option<(usize, usize)>,
        exact: bool,
        fragmented: bool,
    ) -> PyResult<usize> {
        let cut = Cut {
            frames: frames.map(|(from, to)| from..to),
            exact,
            fragmented,
        };
        let saved = py.detach(|| locked(&self.0).remux(&cut, &path));
        Ok(saved.map_err(raised)?.frames)
    }
}
