//! What can be asked of the viewer from outside, and what it answers.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reelscope_decode::{HwAccel, Wake};
use reelscope_ingest::ListenOptions;

use crate::export::Export;
use crate::link::Link;

/// How the viewer is to start.
#[derive(Default)]
pub struct ViewerOptions {
    /// Files to open.
    pub files: Vec<PathBuf>,
    /// Where to look once the files are open.
    pub moment: Link,
    /// Where other launches hand over what they are asked for; `None` if they do not.
    pub handover: Option<PathBuf>,
    /// Where pictures of files are kept that were open; `None` to keep none.
    pub cache_folder: Option<PathBuf>,
    /// Take a picture of the window and leave.
    pub screenshot: Option<ScreenshotRequest>,
    /// Memory for decoded frames in bytes; the settings' if `None`.
    pub cache_bytes: Option<usize>,
    /// Memory for decoded frames in bytes if neither this nor the settings say; 1 GiB if `None`.
    pub default_cache_bytes: Option<usize>,
    /// Memory for logged rows in bytes; the settings' if `None`.
    pub memory_limit: Option<usize>,
    /// Memory for logged rows in bytes if neither this nor the settings say; 4 GiB if `None`.
    pub default_memory_limit: Option<usize>,
    /// Where loggers may connect, if they may.
    pub listen: Option<ListenOptions>,
    /// Whether loggers may connect as the settings say where `listen` says nothing.
    pub listen_as_chosen: bool,
    /// Which hardware decodes, if any; what the settings say if `None`.
    pub hwaccel: Option<HwAccel>,
    /// The FFmpeg program to use; the settings' if `None`.
    pub ffmpeg: Option<PathBuf>,
    /// Threads of one decoder, 0 for two.
    pub decoder_threads: usize,
    /// Lets the person choose files; without it there is no file dialog.
    pub dialogs: Option<Box<dyn Dialogs>>,
}

/// A picture of the window once every tile shows its exact frame, or why it has none.
pub struct ScreenshotRequest {
    /// After this time the picture is taken all the same.
    pub time_limit: Duration,
    /// Takes the picture.
    pub deliver: Box<dyn FnOnce(Screenshot) + Send>,
}

/// A picture of the window.
pub struct Screenshot {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Rows from the top, four bytes (R, G, B, A, not premultiplied) per pixel, opaque.
    pub rgba: Vec<u8>,
}

/// How the viewer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person closed the window.
    Closed,
    /// A screenshot was delivered.
    Screenshot {
        /// True if everything was there, false if the time was over before.
        complete: bool,
        /// How many files could not be opened; the picture says why.
        failed: usize,
    },
}

/// Why the viewer could not run.
#[derive(Debug, thiserror::Error)]
pub enum ViewerError {
    /// No window could be opened.
    #[error("the window could not be opened: {reason}")]
    Window {
        /// What the window system said.
        reason: String,
    },
    /// The operating system gives no thread to load files on.
    #[error("no thread to load files on: {source}")]
    Thread {
        /// What it said.
        source: std::io::Error,
    },
    /// The graphics adapter cannot draw pictures.
    #[error(transparent)]
    Render(#[from] reelscope_render::RenderError),
}

/// What a file dialog asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Video files, one or several.
    VideoFiles,
    /// The FFmpeg program.
    FfmpegProgram,
    /// Where to save a recording. The name is a proposal.
    SaveRecording(String),
    /// Where to save a session. The name is a proposal.
    SaveSession(String),
    /// Where a file is that is not where it was.
    Locate(PathBuf),
    /// Where to save a frame. The name is a proposal.
    SaveFrame(String),
    /// Where to save something else. The name is a proposal.
    Export(Export, String),
    /// A folder for the frames of all tiles.
    FramesFolder,
}

/// Lets the person choose files, without making the window wait.
pub trait Dialogs {
    /// False if the system can show none: then the window asks for a path itself.
    fn can_choose(&self) -> bool {
        true
    }

    /// Shows a dialog, at first in `folder`, and returns at once. `wake` is to be called when there is an answer.
    fn choose(&mut self, choice: Choice, folder: Option<&Path>, wake: Wake);

    /// The next answer, if any: what was asked for, and the paths (none if the person cancelled).
    fn try_answer(&mut self) -> Option<(Choice, Vec<PathBuf>)>;
}

impl fmt::Debug for ViewerOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ViewerOptions")
            .field("files", &self.files)
            .field("moment", &self.moment)
            .field("screenshot", &self.screenshot.is_some())
            .finish_non_exhaustive()
    }
}
