//! Paths of entities as the protocol writes them: parts between slashes, everything but letters, digits
//! and `_ - .` escaped.

use std::fmt::Write as _;
use std::sync::Arc;

/// The path in the protocol's way: with a leading slash, without empty parts. What is escaped already
/// stays so.
pub(crate) fn normalised(path: &str) -> Arc<str> {
    let mut normal = String::with_capacity(path.len() + 1);
    let mut at_start = true;
    let mut chars = path.chars();
    while let Some(next) = chars.next() {
        if next == '/' {
            at_start = true;
            continue;
        }
        if std::mem::take(&mut at_start) {
            normal.push('/');
        }
        match next {
            // The person escaped it.
            '\\' => {
                normal.push('\\');
                normal.push(chars.next().unwrap_or('\\'));
            }
            _ => escape(next, &mut normal),
        }
    }
    if normal.is_empty() {
        normal.push('/');
    }
    normal.into()
}

fn escape(next: char, path: &mut String) {
    match next {
        '\n' => path.push_str("\\n"),
        '\r' => path.push_str("\\r"),
        '\t' => path.push_str("\\t"),
        '_' | '-' | '.' => path.push(next),
        _ if next.is_alphanumeric() => path.push(next),
        ' ' => path.push_str("\\ "),
        _ if next.is_ascii_punctuation() => {
            path.push('\\');
            path.push(next);
        }
        _ => {
            // Writing into a text does not fail.
            let _ = write!(path, "\\u{{{:X}}}", u32::from(next));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn paths_are_written_as_the_protocol_has_them() {
        for (path, expected) in [
            ("camera", "/camera"),
            ("/world//cam/", "/world/cam"),
            ("", "/"),
            ("a path/ünï[x]", "/a\\ path/ünï\\[x\\]"),
            ("a\\/b", "/a\\/b"),
            ("tab\there", "/tab\\there"),
            ("☃", "/\\u{2603}"),
        ] {
            assert_eq!(&*normalised(path), expected, "{path}");
        }
    }
}
