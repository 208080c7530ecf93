//! Saying that what was logged before does not count any more.

use reelscope_wire::component::CLEAR_IS_RECURSIVE;

use super::{AsComponents, Component, ComponentValue};

/// From the time of the row on, nothing that was logged to the entity before is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clear {
    recursive: bool,
}

impl Clear {
    /// The entity alone.
    pub fn flat() -> Self {
        Self { recursive: false }
    }

    /// The entity and all below it.
    pub fn recursive() -> Self {
        Self { recursive: true }
    }
}

impl AsComponents for Clear {
    fn components(&self) -> Vec<Component> {
        let value = ComponentValue::Bool(self.recursive);
        vec![Component::new(CLEAR_IS_RECURSIVE, value)]
    }
}
