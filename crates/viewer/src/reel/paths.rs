//! Paths of files as a session file has them: relative to its own folder, so that both can move
//! together, with slashes on every system.

use std::path::{Component, Path, PathBuf};

/// A path without `.` and `..`, as far as it says itself.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The text for a complete path in a session file of a folder. `None` if it is no text.
pub(crate) fn relative(path: &Path, folder: &Path) -> Option<String> {
    let (path, folder) = (plain(path), plain(folder));
    let common = path
        .components()
        .zip(folder.components())
        .take_while(|(a, b)| a == b)
        .filter(|(part, _)| matches!(part, Component::Normal(_)))
        .count();
    let roots = |path: &Path| {
        path.components()
            .take_while(|part| !matches!(part, Component::Normal(_)))
            .count()
    };
    let same_root = path
        .components()
        .take(roots(&path))
        .eq(folder.components().take(roots(&folder)));
    // What has nothing in common does not move together.
    if !same_root || common == 0 {
        return path.to_str().map(str::to_owned);
    }
    let up = folder.components().skip(roots(&folder) + common);
    let down = path.components().skip(roots(&path) + common);
    let up = up.map(|_| Some(".."));
    let parts: Option<Vec<&str>> = up
        .chain(down.map(|part| part.as_os_str().to_str()))
        .collect();
    Some(parts?.join("/"))
}

/// The complete path that a text in a session file of a folder means.
pub(crate) fn resolved(text: &str, folder: &Path) -> PathBuf {
    plain(&folder.join(text))
}
