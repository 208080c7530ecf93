//! What can go wrong while encoding, in words for a person.

use reelscope_ffmpeg::{FfmpegError, MINIMUM_FFMPEG, RunError, download_page};

use crate::PictureLayout;

/// Why a picture could not be encoded.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// There is no FFmpeg that can be used.
    #[error(
        "{0}. A program that logs names it in its options or in the variable REELSCOPE_FFMPEG. \
         FFmpeg is at {page}",
        page = download_page()
    )]
    Ffmpeg(#[from] FfmpegError),
    /// FFmpeg did not say what it can encode.
    #[error("FFmpeg did not say what it can encode: {0}")]
    Unlisted(#[from] RunError),
    /// This FFmpeg cannot encode that codec.
    #[error(
        "{ffmpeg} cannot encode {codec}{as_what}: an FFmpeg {}.{} or newer with one of {engines} is needed, \
         or another codec",
        MINIMUM_FFMPEG.0, MINIMUM_FFMPEG.1
    )]
    NoEngine {
        /// The program.
        ffmpeg: String,
        /// The codec's name.
        codec: &'static str,
        /// The format where others could be encoded, with a space before it.
        as_what: String,
        /// The encoders that could be used if they were there.
        engines: String,
    },
    /// A picture of no size, or too large.
    #[error("a picture of {width} × {height} pixels cannot be encoded: each side has 1 to {most}")]
    Size {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// The most that a side may have.
        most: u32,
    },
    /// A picture has not as many bytes as its size and layout need.
    #[error(
        "a picture of {width} × {height} pixels as {layout:?} with {stride} bytes a row has {expected} bytes, \
         not {bytes}"
    )]
    Picture {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// How its pixels lie.
        layout: PictureLayout,
        /// Bytes from one row to the next.
        stride: usize,
        /// Bytes that it should have.
        expected: usize,
        /// Bytes that were given.
        bytes: usize,
    },
    /// The size does not go with the colour that was asked for.
    #[error(
        "{codec} cannot have {width} × {height} pixels with less colour than light: leave the choice of chroma to \
         the encoder, or use 4:4:4"
    )]
    OddSize {
        /// The codec's name.
        codec: &'static str,
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// No number of pictures in a second.
    #[error("{fps} pictures in a second are no pace: it lies between 0.001 and 100000")]
    Fps {
        /// What was given.
        fps: f64,
    },
    /// The process ended.
    #[error("FFmpeg's encoder {engine} stopped: {reason}")]
    Stopped {
        /// FFmpeg's name of the encoder.
        engine: &'static str,
        /// Its last words.
        reason: String,
    },
    /// The process does nothing.
    #[error(
        "FFmpeg's encoder {engine} did nothing for {seconds} seconds and was ended; the next picture starts another"
    )]
    Hung {
        /// FFmpeg's name of the encoder.
        engine: &'static str,
        /// How long it was waited for.
        seconds: u64,
    },
}
