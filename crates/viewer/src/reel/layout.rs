//! How views lie side by side, in words of its own: no toolkit's tree is in a session file.

use serde::{Deserialize, Serialize};

/// A part of the window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Layout {
    /// One view, by its name.
    View(String),
    /// One behind the other.
    Tabs {
        /// The number, from 0, of the one in front.
        #[serde(default)]
        front: usize,
        tiles: Vec<Layout>,
    },
    /// One beside the other.
    Row {
        /// How wide each one is, in relation to the others; empty if all alike.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shares: Vec<f64>,
        tiles: Vec<Layout>,
    },
    /// One below the other.
    Column {
        /// How high each one is, in relation to the others; empty if all alike.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shares: Vec<f64>,
        tiles: Vec<Layout>,
    },
    /// In rows of the same number.
    Grid {
        /// That number; none for what suits the window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        columns: Option<usize>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        widths: Vec<f64>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        heights: Vec<f64>,
        tiles: Vec<Layout>,
    },
}
