//! How pictures lie over each other.

use super::{Component, ComponentValue, push};

/// How a picture lies over others.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Layer {
    pub(super) opacity: Option<f32>,
    pub(super) draw_order: Option<f32>,
}

impl Layer {
    /// Adds what is known, under the names of an archetype's components.
    pub(super) fn push(self, components: &mut Vec<Component>, opacity: &str, draw_order: &str) {
        let value = self.opacity.map(ComponentValue::F32);
        push(components, opacity, value);
        let value = self.draw_order.map(ComponentValue::F32);
        push(components, draw_order, value);
    }
}

/// The methods of an archetype that has a `layer`.
macro_rules! layered {
    ($archetype:ty) => {
        impl $archetype {
            /// How opaque it is drawn: 0 to 1.
            #[must_use]
            pub fn with_opacity(mut self, opacity: f32) -> Self {
                self.layer.opacity = Some(opacity);
                self
            }

            /// Greater is nearer.
            #[must_use]
            pub fn with_draw_order(mut self, draw_order: f32) -> Self {
                self.layer.draw_order = Some(draw_order);
                self
            }
        }
    };
}

pub(super) use layered;
