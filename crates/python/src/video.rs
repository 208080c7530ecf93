//! Video files.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use reelscope_sdk::AssetVideo;

use crate::component::{Component, shared};
use crate::errors::raised;

/// A video file; what it is follows from its first bytes, unless it is said.
#[pyfunction]
pub(crate) fn asset_video(contents: PyBackedBytes, media_type: Option<&str>) -> Vec<Component> {
    let video = AssetVideo::from_file_contents(shared(contents));
    Component::all_of(&match media_type {
        Some(media_type) => video.with_media_type(media_type),
        None => video,
    })
}

/// The presentation times of a video file's frames, in nanoseconds from its start.
#[pyfunction]
pub(crate) fn frame_timestamps(py: Python<'_>, contents: PyBackedBytes) -> PyResult<Vec<i64>> {
    let video = AssetVideo::from_file_contents(shared(contents));
    py.detach(|| video.read_frame_timestamps_nanos())
        .map_err(raised)
}
