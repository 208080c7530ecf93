//! Entity paths: where in a recording something was logged.

use std::fmt;
use std::sync::Arc;

/// A path like `robot/front`, without a leading slash and without empty parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityPath(Arc<str>);

impl EntityPath {
    /// A path from its text. Surplus slashes go.
    pub fn new(text: &str) -> Self {
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
        Self(parts.join("/").into())
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for EntityPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
}
