//! Pictures in, a video stream out.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use reelscope_sdk::{
    EncodeError, Hardware, Picture, PictureLayout, Rate, SdkError, VideoCodec,
    VideoEncoder as Encoder, VideoEncoderOptions, WhenBusy,
};

use crate::errors::raised;
use crate::stream::Stream;

/// The layouts of pictures by the names of the Python half.
const LAYOUTS: [(&str, PictureLayout); 7] = [
    ("L8", PictureLayout::L8),
    ("RGB8", PictureLayout::Rgb8),
    ("RGBA8", PictureLayout::Rgba8),
    ("BGR8", PictureLayout::Bgr8),
    ("BGRA8", PictureLayout::Bgra8),
    ("L16", PictureLayout::L16),
    ("RGB16", PictureLayout::Rgb16),
];

/// What can be encoded.
const CODECS: [VideoCodec; 5] = [
    VideoCodec::H264,
    VideoCodec::H265,
    VideoCodec::Av1,
    VideoCodec::Vp8,
    VideoCodec::Vp9,
];

/// An encoder, as Python has it.
#[pyclass(frozen, module = "reelscope._native")]
pub(crate) struct VideoEncoder(Mutex<Encoder>);

impl VideoEncoder {
    fn encoder(&self) -> MutexGuard<'_, Encoder> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(error: SdkError) -> PyErr {
    let words = error.to_string();
    match error {
        SdkError::Encode(EncodeError::Picture { .. }) => PyValueError::new_err(words),
        SdkError::Encode(_) => PyRuntimeError::new_err(words),
        error => raised(error),
    }
}

#[pymethods]
impl VideoEncoder {
    #[new]
    #[pyo3(signature = (entity, codec, *, fps, quality, bitrate, gop, preset, hardware, ten_bit, leave_out, ffmpeg))]
    #[allow(clippy::too_many_arguments, reason = "they have names in Python")]
    fn new(
        py: Python<'_>,
        entity: &str,
        codec: u32,
        fps: f64,
        quality: Option<u8>,
        bitrate: Option<u64>,
        gop: Option<u32>,
        preset: Option<String>,
        hardware: String,
        ten_bit: bool,
        leave_out: bool,
        ffmpeg: Option<std::path::PathBuf>,
    ) -> PyResult<Self> {
        let codec = CODECS.into_iter().find(|one| one.number() == codec);
        let options = VideoEncoderOptions {
            codec: codec.ok_or_else(|| PyValueError::new_err("there is no such codec"))?,
            rate: match (quality, bitrate) {
                (Some(quality), None) => Rate::Quality(quality),
                (None, Some(bits)) => Rate::Bitrate(bits),
                (None, None) => Rate::Usual,
                _ => {
                    let words = "an encoder aims at a quality or at a bitrate, not at both";
                    return Err(PyValueError::new_err(words));
                }
            },
            fps,
            gop,
            preset,
            hardware: match hardware.as_str() {
                "auto" => Hardware::Auto,
                "none" => Hardware::None,
                _ => Hardware::Named(hardware),
            },
            chroma: None,
            ten_bit,
            when_busy: match leave_out {
                true => WhenBusy::LeaveOut,
                false => WhenBusy::Wait,
            },
            ffmpeg,
        };
        let encoder = py.detach(|| Encoder::new(entity, options));
        Ok(Self(Mutex::new(encoder.map_err(failed)?)))
    }

    /// Logs a picture.
    fn log(
        &self,
        py: Python<'_>,
        stream: &Stream,
        buffer: PyBackedBytes,
        width: u32,
        height: u32,
        layout: &str,
    ) -> PyResult<()> {
        let recording = stream.get()?;
        let layout = LAYOUTS.iter().find(|(name, _)| *name == layout);
        let (_, layout) = layout.ok_or_else(|| PyValueError::new_err("there is no such layout"))?;
        let logged = py.detach(|| {
            let picture = Picture::new(&buffer, width, height, *layout)?;
            self.encoder().log(&recording, &picture)
        });
        logged.map_err(failed)
    }

    /// Waits until all pictures are encoded and logged.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.encoder().finish()).map_err(failed)
    }

    /// Pictures that were left out.
    #[getter]
    fn left_out(&self) -> u64 {
        self.encoder().left_out()
    }

    /// How long the last sample took, in seconds.
    #[getter]
    fn latency(&self) -> f64 {
        self.encoder().latency().as_secs_f64()
    }

    /// What encodes.
    #[getter]
    fn engine(&self) -> Option<&'static str> {
        self.encoder().engine()
    }

    /// Why it is not the hardware that was asked for.
    #[getter]
    fn note(&self) -> Option<String> {
        self.encoder().note().map(str::to_owned)
    }
}
