//! FFmpeg as a program: finding it, running it, reading what it writes. What it is run for, decoding or
//! encoding, is the business of the crates that use this one.

mod install;
mod locator;
mod messages;
mod nut_reader;
mod pipe;
mod run;
mod version;

use std::sync::Arc;

#[cfg(unix)]
pub use install::pid;
pub use install::{FfmpegError, FfmpegInstall, download_page, kill, quiet_command};
pub use locator::FfmpegLocator;
pub use messages::{exit_status, last_lines, reason};
pub use nut_reader::{NutReader, Unit, VideoHeader};
pub use pipe::widen;
pub use run::{RunError, run};
pub use version::MINIMUM_FFMPEG;

/// "Something changed, come and look": called from worker threads, must return at once.
pub type Wake = Arc<dyn Fn() + Send + Sync>;
