//! Entity paths: where in a recording something was logged.

use std::fmt;
use std::sync::Arc;

/// A path like `robot/front`: parts between slashes, without a leading slash and without empty parts.
/// The root is the empty path.
///
/// A backslash takes the meaning from the character after it, so that a part may contain a slash
/// (`a\/b`). The escaped text is what paths are compared by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityPath(Arc<str>);

impl EntityPath {
    /// A path from its text. Surplus slashes go.
    pub fn new(text: &str) -> Self {
        let parts: Vec<&str> = parts(text).filter(|part| !part.is_empty()).collect();
        Self(parts.join("/").into())
    }

    /// The path as text, escaped.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part, escaped.
    pub fn name(&self) -> &str {
        parts(&self.0).last().unwrap_or_default()
    }

    /// The last part as a person would write it.
    pub fn readable_name(&self) -> String {
        readable(self.name())
    }

    /// The path without its last part; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        let kept = self.0.len() - self.name().len();
        let parent = self.0.get(..kept).unwrap_or_default();
        Some(Self(parent.strip_suffix('/').unwrap_or(parent).into()))
    }

    /// Number of parts.
    pub fn depth(&self) -> usize {
        parts(&self.0).filter(|part| !part.is_empty()).count()
    }

    /// True for what a logging library keeps for itself (`__properties`, `__warnings`).
    pub fn is_reserved(&self) -> bool {
        self.0.starts_with("__")
    }
}

/// The parts between slashes that no backslash stands before.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    text.split(move |character| {
        let splits = character == '/' && !escaped;
        escaped = character == '\\' && !escaped;
        splits
    })
}

/// A part without its escapes.
fn readable(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut rest = part.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match rest.next() {
            Some('n' | 'r' | 't') => out.push(' '),
            Some('u') => {
                let digits: String = rest
                    .by_ref()
                    .skip_while(|digit| *digit == '{')
                    .take_while(|digit| *digit != '}')
                    .collect();
                let code = u32::from_str_radix(&digits, 16).ok();
                out.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
            }
            Some(plain) => out.push(plain),
            None => {}
        }
    }
    out
}

impl fmt::Display for EntityPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = parts(&self.0).map(readable).collect();
        f.write_str(&parts.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surplus_slashes_do_not_make_another_path() {
        assert_eq!(
            EntityPath::new("/robot//front/"),
            EntityPath::new("robot/front")
        );
        assert_eq!(EntityPath::new("robot/front").name(), "front");
    }

    #[test]
    fn an_escaped_slash_is_part_of_a_name() {
        let path = EntityPath::new(r"/a\/b/ünï\[x\]/c\ d");
        assert_eq!(path.depth(), 3);
        assert_eq!(path.name(), r"c\ d");
        assert_eq!(path.readable_name(), "c d");
        assert_eq!(path.to_string(), "a/b/ünï[x]/c d");
        assert_eq!(EntityPath::new(r"x\u{1F980}").readable_name(), "x🦀");
    }

    #[test]
    fn parents_lead_to_the_root() {
        let path = EntityPath::new(r"/a/b\/c/d");
        let up = std::iter::successors(Some(path), EntityPath::parent);
        let up: Vec<String> = up.map(|path| path.as_str().to_owned()).collect();
        assert_eq!(up, [r"a/b\/c/d", r"a/b\/c", "a", ""]);
    }
}
