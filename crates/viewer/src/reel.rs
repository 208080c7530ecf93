//! What a session file (`.reel`) holds: which files are open, how they lie in the window, what was
//! marked. Readable TOML with paths relative to itself. Knows no window.

mod layout;
mod paths;
mod stamp;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::clock::LoopMode;
use crate::settings::StatedColor;

pub(crate) use layout::Layout;
pub(crate) use paths::{relative, resolved};
pub(crate) use stamp::Stamp;

/// The version of the format. It is raised when an older program would misunderstand.
const VERSION: u32 = 1;
/// More files than anybody looks at.
const MOST_FILES: usize = 256;
/// The first lines of a session file.
const HEADER: &str = "# A reelscope session. Paths are relative to this file.\n";

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reel {
    /// The version of the format.
    reelscope_session: u32,
    /// The file with the recording that is looked at; none for all video files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) looking_at: Option<String>,
    /// The view that has the focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) focused: Option<String>,
    /// True if views of the same size do not share one zoom.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) separate_zooms: bool,
    #[serde(default, rename = "file", skip_serializing_if = "Vec::is_empty")]
    pub(crate) files: Vec<FileEntry>,
    #[serde(default, rename = "view", skip_serializing_if = "Vec::is_empty")]
    pub(crate) views: Vec<ViewEntry>,
    #[serde(default, rename = "timeline", skip_serializing_if = "Vec::is_empty")]
    pub(crate) timelines: Vec<TimelineEntry>,
    /// How the views lie side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) layout: Option<Layout>,
}

/// A file that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileEntry {
    /// Where it is, relative to the session file where it can be.
    pub(crate) path: String,
}

/// A view of a stream. Of several views of one stream the first is its own, the others are copies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewEntry {
    /// What the rest of the session calls it.
    pub(crate) name: String,
    /// The file's path, as the list of files has it.
    pub(crate) file: String,
    /// The stream's entity; none if the file has one stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stream: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) hidden: bool,
    /// How much later than it was recorded it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) offset: Option<Stamp>,
    /// How the picture lies in its tile; none if it fills it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) zoom: Option<ZoomEntry>,
    /// What the person said of its colours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) colors: Option<StatedColor>,
    /// How many stops brighter it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exposure: Option<f64>,
    /// The values that are black and white.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) range: Option<[f64; 2]>,
}

/// How a picture lies in its tile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ZoomEntry {
    /// Screen pixels per picture pixel.
    pub(crate) scale: f64,
    /// The point of the picture in the middle of the tile, as shares of its sides.
    pub(crate) center: [f64; 2],
}

/// What was done along a timeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimelineEntry {
    /// The file whose timeline it is; none for the one that all video files share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Its name, where a file has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Where the playhead is, if this is the timeline that is looked along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) playhead: Option<Stamp>,
    /// Times real time, backwards below 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) speed: Option<f64>,
    /// What playback does at the end.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) at_end: LoopMode,
    /// Start and end (exclusive) of what is played.
    #[serde(default, rename = "loop", skip_serializing_if = "Option::is_none")]
    pub(crate) looped: Option<[Stamp; 2]>,
    #[serde(default, rename = "mark", skip_serializing_if = "Vec::is_empty")]
    pub(crate) marks: Vec<MarkEntry>,
}

/// A mark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkEntry {
    pub(crate) at: Stamp,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
}

/// Why a text is no session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReelError {
    /// Something in it cannot be read.
    #[error("line {line}, column {column}: {reason}")]
    Damaged {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A later program wrote it.
    #[error(
        "it was saved by a later version of reelscope (format {version}; this one knows {VERSION})"
    )]
    Later {
        /// The version of its format.
        version: u32,
    },
    /// It names too many files.
    #[error("it names more than {MOST_FILES} files")]
    TooMany,
}

impl Default for Reel {
    fn default() -> Self {
        Self {
            reelscope_session: VERSION,
            looking_at: None,
            focused: None,
            separate_zooms: false,
            files: Vec::new(),
            views: Vec::new(),
            timelines: Vec::new(),
            layout: None,
        }
    }
}

impl Reel {
    /// Reads a session.
    ///
    /// # Errors
    /// Where and why it is none.
    pub(crate) fn from_text(text: &str) -> Result<Self, ReelError> {
        #[derive(Deserialize)]
        struct Head {
            reelscope_session: u32,
        }
        // First by itself: what a later version has besides is no error of the file.
        let head: Head = toml::from_str(text).map_err(|error| damaged(text, &error))?;
        if head.reelscope_session > VERSION {
            let version = head.reelscope_session;
            return Err(ReelError::Later { version });
        }
        let reel: Self = toml::from_str(text).map_err(|error| damaged(text, &error))?;
        if reel.files.len() > MOST_FILES {
            return Err(ReelError::TooMany);
        }
        Ok(reel)
    }

    /// The session as text.
    ///
    /// # Errors
    /// If there is something in it that TOML cannot hold.
    pub(crate) fn to_text(&self) -> Result<String, toml::ser::Error> {
        Ok(format!("{HEADER}{}", toml::to_string(self)?))
    }

    /// Calls a file by another path.
    pub(crate) fn rename(&mut self, old: &str, new: &str) {
        for path in self.paths_mut() {
            if path == old {
                new.clone_into(path);
            }
        }
    }

    /// Writes all paths in one way: a person may have written them in any.
    pub(crate) fn tidy_paths(&mut self, folder: &Path) {
        for path in self.paths_mut() {
            if let Some(plain) = relative(&resolved(path, folder), folder) {
                *path = plain;
            }
        }
    }

    fn paths_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let of_files = self.files.iter_mut().map(|file| &mut file.path);
        let of_views = self.views.iter_mut().map(|view| &mut view.file);
        let of_timelines = self.timelines.iter_mut().flat_map(|it| &mut it.file);
        let all = of_files.chain(of_views).chain(of_timelines);
        all.chain(&mut self.looking_at)
    }

    /// What a person would miss if it were not saved: not where they look at the moment.
    pub(crate) fn essence(&self) -> Self {
        let mut essence = self.clone();
        essence.focused = None;
        essence.looking_at = None;
        essence.separate_zooms = false;
        for view in &mut essence.views {
            view.zoom = None;
        }
        for timeline in &mut essence.timelines {
            timeline.playhead = None;
            timeline.speed = None;
        }
        essence.timelines.retain(|timeline| {
            !timeline.marks.is_empty() || timeline.looped.is_some() || !is_default(&timeline.at_end)
        });
        essence
    }
}

fn damaged(text: &str, error: &toml::de::Error) -> ReelError {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let column = before.get(line_start..).unwrap_or_default();
    ReelError::Damaged {
        line: before.matches('\n').count() + 1,
        column: column.chars().count() + 1,
        reason: error.message().replace('\n', ", "),
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
