//! What is chosen of the timeline: how many rows it has.

use serde::{Deserialize, Serialize};

/// Which rows the timeline has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimelineRows {
    /// Only the lane of the focused stream, and no thumbnails.
    pub compact: bool,
    /// A lane for the bitrate of the focused stream.
    pub bitrate: bool,
}
