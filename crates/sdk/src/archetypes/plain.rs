//! Text and numbers beside the pictures. The viewer keeps and lists them.

use std::sync::Arc;

use reelscope_wire::component::{SCALARS_SCALARS, TEXT_LOG_LEVEL, TEXT_LOG_TEXT};

use super::{AsComponents, Component, ComponentValue, push};

/// A line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLog {
    text: Arc<str>,
    level: Option<Arc<str>>,
}

impl TextLog {
    /// A line.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            level: None,
        }
    }

    /// How much it matters: `INFO`, `WARN`, `ERROR`, …
    #[must_use]
    pub fn with_level(mut self, level: &str) -> Self {
        self.level = Some(level.into());
        self
    }
}

impl AsComponents for TextLog {
    fn components(&self) -> Vec<Component> {
        let mut all = vec![Component::new(
            TEXT_LOG_TEXT,
            ComponentValue::Text(self.text.clone()),
        )];
        push(
            &mut all,
            TEXT_LOG_LEVEL,
            self.level.clone().map(ComponentValue::Text),
        );
        all
    }
}

/// A number over time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scalars {
    value: f64,
}

impl Scalars {
    /// One number.
    pub fn new(value: f64) -> Self {
        Self { value }
    }
}

impl AsComponents for Scalars {
    fn components(&self) -> Vec<Component> {
        vec![Component::new(
            SCALARS_SCALARS,
            ComponentValue::F64(self.value),
        )]
    }
}
