//! What was opened lately, so that it is found again without a file dialog.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// Files that are remembered.
const MOST: usize = 12;

/// Files and recordings that were opened: those that the person pinned first, then the latest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recents(Vec<Recent>);

/// A file that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Its path, from the root on.
    pub path: String,
    /// True if it stays whatever else is opened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
}

impl Recents {
    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Recent> {
        self.0.iter()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes that a file was opened just now. A path that is no text is not remembered. Gives the
    /// paths that are forgotten for it.
    pub(crate) fn note(&mut self, path: &Path) -> Vec<String> {
        let Some(path) = path.to_str() else {
            return Vec::new();
        };
        let before = self.0.iter().find(|recent| recent.path == path);
        let pinned = before.is_some_and(|recent| recent.pinned);
        self.0.retain(|recent| recent.path != path);
        let path = path.to_owned();
        self.0.insert(0, Recent { path, pinned });
        self.hold()
    }

    /// Lets a file stay whatever else is opened, or no longer.
    pub(crate) fn pin(&mut self, path: &str, pinned: bool) {
        if let Some(recent) = self.0.iter_mut().find(|recent| recent.path == path) {
            recent.pinned = pinned;
        }
        self.hold();
    }

    /// Forgets a file.
    pub(crate) fn remove(&mut self, path: &str) {
        self.0.retain(|recent| recent.path != path);
    }

    /// Forgets all files. Gives their paths.
    pub(crate) fn clear(&mut self) -> Vec<String> {
        self.0.drain(..).map(|recent| recent.path).collect()
    }

    /// Puts the pinned ones first, and keeps no more than can be kept.
    pub(super) fn hold(&mut self) -> Vec<String> {
        self.0.sort_by_key(|recent| !recent.pinned);
        let surplus = self.0.len().saturating_sub(MOST);
        let kept = self.0.len() - surplus;
        self.0.drain(kept..).map(|recent| recent.path).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(recents: &Recents) -> Vec<&str> {
        recents.iter().map(|recent| recent.path.as_str()).collect()
    }

    fn noted(paths: &[&str]) -> Recents {
        let mut recents = Recents::default();
        for path in paths {
            recents.note(Path::new(path));
        }
        recents
    }

    #[test]
    fn the_latest_comes_first_and_nothing_is_there_twice() {
        let recents = noted(&["/a", "/b", "/a"]);
        assert_eq!(names(&recents), ["/a", "/b"]);
    }

    #[test]
    fn what_is_pinned_stays_in_front() {
        let mut recents = noted(&["/a", "/b"]);
        recents.pin("/a", true);
        let many: Vec<String> = (0..MOST).map(|number| format!("/{number}")).collect();
        let mut forgotten = Vec::new();
        for path in &many {
            forgotten.extend(recents.note(Path::new(path)));
        }
        assert_eq!(names(&recents).first(), Some(&"/a"));
        assert_eq!(recents.iter().len(), MOST);
        assert_eq!(forgotten, ["/b", "/0"]);
    }

    #[test]
    fn what_is_removed_is_gone() {
        let mut recents = noted(&["/a", "/b", "/c"]);
        recents.remove("/b");
        assert_eq!(names(&recents), ["/c", "/a"]);
        assert_eq!(recents.clear(), ["/c", "/a"]);
        assert!(recents.is_empty());
    }
}
