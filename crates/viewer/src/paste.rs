//! From a pasted or dropped text to file paths: plain, quoted, as `file://` addresses, one per line.

use std::path::PathBuf;

use crate::percent;

/// More paths than anybody pastes on purpose.
const MOST: usize = 256;

/// The paths in a text.
pub(crate) fn paths(text: &str) -> Vec<PathBuf> {
    text.lines()
        .map(str::trim)
        // The first line of a copied file list may say what is to be done with it.
        .filter(|line| !line.is_empty() && !matches!(*line, "copy" | "cut"))
        // Comments of the text/uri-list format, RFC 2483 §5.
        .filter(|line| !line.starts_with('#'))
        .flat_map(line_paths)
        .take(MOST)
        .collect()
}

/// The paths of a line: several if they are quoted.
fn line_paths(line: &str) -> Vec<PathBuf> {
    let mut quoted = Vec::new();
    let mut rest = line;
    while let Some((quote, body)) = rest
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))
        .and_then(|quote| rest.get(1..).map(|body| (quote, body)))
    {
        let Some((path, after)) = body.split_once(quote) else {
            break;
        };
        quoted.push(one_path(path));
        rest = after.trim_start();
    }
    if !quoted.is_empty() && rest.is_empty() {
        return quoted;
    }
    vec![one_path(line)]
}

/// A path, or the one that a `file://` address names.
pub(crate) fn one_path(text: &str) -> PathBuf {
    match text.strip_prefix("file://") {
        Some(address) => {
            // What stands before the first slash is a host, which is this one.
            let path = address.find('/').and_then(|at| address.get(at..));
            percent::path(path.unwrap_or(address))
        }
        None => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        paths(text)
            .iter()
            .map(|path| path.display().to_string())
            .collect()
    }

    #[test]
    fn a_plain_path_may_hold_spaces() {
        assert_eq!(texts(" /videos/my drive.mp4\n"), ["/videos/my drive.mp4"]);
    }

    #[test]
    fn addresses_are_decoded() {
        assert_eq!(
            texts("file:///videos/my%20drive.mp4\r\nfile://localhost/b.mkv"),
            ["/videos/my drive.mp4", "/b.mkv"]
        );
        assert_eq!(texts("file:///100%25%2"), ["/100%%2"]);
    }

    #[test]
    fn quotes_hold_paths_together() {
        assert_eq!(texts("\"/a b.mp4\" '/c.mp4'"), ["/a b.mp4", "/c.mp4"]);
        assert_eq!(texts("'/it.mp4"), ["'/it.mp4"]);
    }

    #[test]
    fn what_file_managers_copy_is_understood() {
        assert_eq!(
            texts("copy\nfile:///a.mp4\nfile:///b.mp4"),
            ["/a.mp4", "/b.mp4"]
        );
        assert_eq!(texts("  \n\n"), Vec::<String>::new());
    }
}
