//! Which entities are asked about.

use std::fmt;
use std::str::FromStr;

use crate::QueryError;

/// An entity, or all below one: `/camera`, `/camera/**`, `/**`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Without a slash at the end; empty for the root.
    path: String,
    /// True if all below it count, too.
    below: bool,
}

impl Contents {
    /// One entity, by its path as it was logged.
    pub(crate) fn only(entity: &str) -> Self {
        Self {
            path: entity.strip_suffix('/').unwrap_or(entity).to_owned(),
            below: false,
        }
    }

    /// True if a path belongs to it.
    pub fn has(&self, entity: &str) -> bool {
        match entity.strip_prefix(self.path.as_str()) {
            Some("") => true,
            Some("/") => self.path.is_empty(),
            Some(rest) => self.below && rest.starts_with('/'),
            None => false,
        }
    }
}

impl FromStr for Contents {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let trimmed = text.trim();
        let (path, below) = match trimmed.strip_suffix("**") {
            Some(path) => (path.strip_suffix('/').unwrap_or(path), true),
            None => (trimmed.strip_suffix('/').unwrap_or(trimmed), false),
        };
        if trimmed.is_empty() || path.contains("**") {
            return Err(QueryError::Contents {
                text: text.to_owned(),
            });
        }
        let slash = if path.is_empty() || path.starts_with('/') {
            ""
        } else {
            "/"
        };
        Ok(Self {
            path: format!("{slash}{path}"),
            below,
        })
    }
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.path.as_str(), self.below) {
            (path, true) => write!(f, "{path}/**"),
            ("", false) => f.write_str("/"),
            (path, false) => f.write_str(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(contents: &str, entity: &str) -> bool {
        contents.parse::<Contents>().unwrap().has(entity)
    }

    #[test]
    fn a_path_is_itself_and_with_stars_all_below_it() {
        assert!(has("/camera", "/camera"));
        assert!(has("camera/", "/camera"));
        assert!(!has("/camera", "/camera/left"));
        assert!(has("/camera/**", "/camera/left/depth"));
        assert!(has("/camera/**", "/camera"));
        assert!(!has("/camera/**", "/cameras"));
        assert!(has("/**", "/anything/at/all"));
        assert!(has("/**", "/"));
        assert!(has("/", "/"));
        assert!(!has("/", "/camera"));
    }

    #[test]
    fn what_is_no_path_is_said_to_be_none() {
        assert!("".parse::<Contents>().is_err());
        assert!("/a/**/b".parse::<Contents>().is_err());
        assert_eq!("a/**".parse::<Contents>().unwrap().to_string(), "/a/**");
    }
}
