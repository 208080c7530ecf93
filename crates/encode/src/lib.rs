//! Pictures to samples, by an FFmpeg process: what a live logger wants, one sample out for each picture in.
//! Knows neither recordings nor entities.

mod arguments;
mod choice;
mod encoder;
mod engines;
mod error;
mod options;
mod picture;
mod process;
mod reading;

pub use encoder::Encoder;
pub use error::EncodeError;
pub use options::{EncodeOptions, Hardware, Rate, WhenBusy};
pub use picture::{Picture, PictureLayout};
pub use process::CodedSample;
