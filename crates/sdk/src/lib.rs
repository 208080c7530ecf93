//! Log cameras and videos from Rust: to a viewer over TCP, or into a recording file. The protocol is that
//! of the Rerun SDK, so other tools that speak it can be logged to as well.
//!
//! ```no_run
//! use reelscope_sdk::{RecordingStream, VideoCodec, VideoStream};
//!
//! # fn next_sample() -> Option<Vec<u8>> { None }
//! # fn main() -> Result<(), reelscope_sdk::SdkError> {
//! let recording = RecordingStream::new("my_robot").connect("127.0.0.1:9876")?;
//! recording.log_static("camera", &VideoStream::codec(VideoCodec::H264))?;
//! let mut frame = 0;
//! while let Some(sample) = next_sample() {
//!     recording.set_time_sequence("frame", frame);
//!     recording.log("camera", &VideoStream::sample(sample))?;
//!     frame += 1;
//! }
//! recording.finish()
//! # }
//! ```

mod archetypes;
mod batch;
mod batcher;
mod entity_path;
mod error;
mod options;
mod outlets;
mod recording_stream;
mod rules;
mod send_columns;
mod sink;
mod spawn;
mod time;
mod video_encoder;

pub use archetypes::{
    AsComponents, AssetVideo, ChannelDatatype, Clear, ColorModel, Component, ComponentValue,
    DepthImage, EncodedImage, Image, PixelFormat, Scalars, SegmentationImage, TextLog, VideoCodec,
    VideoFrameReference, VideoStream,
};
pub use error::SdkError;
pub use options::{BatchOptions, Builder};
pub use recording_stream::RecordingStream;
pub use reelscope_encode::{EncodeError, Hardware, Picture, PictureLayout, Rate, WhenBusy};
pub use reelscope_media::Chroma;
pub use reelscope_wire::{TimeColumn, TimeKind, WhenFull, WireError};
pub use send_columns::ComponentColumn;
pub use spawn::{SpawnOptions, spawn};
pub use video_encoder::{VideoEncoder, VideoEncoderOptions};
