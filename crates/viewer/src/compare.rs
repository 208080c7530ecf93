//! Two views held against each other in one place: side by side at a split, their difference, one
//! through the other, or by turns.

mod body;
mod header;

use egui::{Rect, Ui, UiBuilder};
use reelscope_ingest::Measured;

use crate::command::Commands;
use crate::tiles::Scene;
use crate::view_id::ViewId;
use crate::zoom::Zoom;

/// Height of the line above the pictures.
const HEADER: f32 = 32.0;
/// The most that differences are amplified.
pub(crate) const MOST_GAIN: f32 = 64.0;

/// How two views are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompareMode {
    /// One on the left of a split, the other on the right.
    #[default]
    Wipe,
    /// How far they are from each other.
    Difference,
    /// One through the other.
    Blend,
}

impl CompareMode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Wipe, Self::Difference, Self::Blend];

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Wipe => "Wipe",
            Self::Difference => "Difference",
            Self::Blend => "Blend",
        }
    }
}

/// Two views that are compared.
#[derive(Clone, Debug)]
pub(crate) struct Compare {
    /// The one that was in focus.
    pub(crate) one: ViewId,
    pub(crate) other: ViewId,
    pub(crate) mode: CompareMode,
    /// Where the split is, as a share of the width.
    pub(crate) split: f32,
    /// What differences are multiplied by.
    pub(crate) gain: f32,
    /// How much of the other is seen through the one.
    pub(crate) blend: f32,
    /// True while the other one stands where the one was.
    pub(crate) flipped: bool,
    /// How alike the two are; `None` while that is not known.
    pub(crate) measured: Option<Measured>,
}

impl Compare {
    /// Two views, halves side by side.
    pub(crate) fn new(one: ViewId, other: ViewId, mode: CompareMode) -> Self {
        Self {
            one,
            other,
            mode,
            split: 0.5,
            gain: 4.0,
            blend: 0.5,
            flipped: false,
            measured: None,
        }
    }

    /// Both, as they stand now.
    pub(crate) fn sides(&self) -> [ViewId; 2] {
        if self.flipped {
            [self.other, self.one]
        } else {
            [self.one, self.other]
        }
    }

    /// True if a view is one of them.
    pub(crate) fn has(&self, view: ViewId) -> bool {
        view == self.one || view == self.other
    }
}

/// What is changed by hand while two views are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CompareValue {
    /// Where the split is, as a share of the width.
    Split(f32),
    /// What differences are multiplied by.
    Gain(f32),
    /// How much of the other is seen.
    Blend(f32),
}

impl Compare {
    /// Takes a value, brought into the range that it can have.
    pub(crate) fn set(&mut self, value: CompareValue) {
        match value {
            CompareValue::Split(split) => self.split = split.clamp(0.0, 1.0),
            CompareValue::Gain(gain) => self.gain = gain.clamp(1.0, MOST_GAIN),
            CompareValue::Blend(blend) => self.blend = blend.clamp(0.0, 1.0),
        }
    }
}

/// Draws the comparison into the space there is.
pub(crate) fn ui(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    compare: &Compare,
    zoom: &mut Zoom,
    commands: &mut Commands,
) {
    let rect = ui.available_rect_before_wrap();
    let head = Rect::from_min_size(rect.min, egui::vec2(rect.width(), HEADER));
    header::ui(ui, head, scene, compare, commands);
    let place = rect.with_min_y(head.bottom());
    ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
        body::ui(ui, place, scene, compare, zoom, commands);
    });
}

#[cfg(test)]
mod tests {
    use reelscope_store::StreamId;

    use super::*;

    #[test]
    fn turning_round_exchanges_the_sides_and_nothing_else() {
        let [a, b] = [1, 2].map(|id| ViewId::from(StreamId(id)));
        let mut compare = Compare::new(a, b, CompareMode::Wipe);
        assert_eq!(compare.sides(), [a, b]);
        compare.flipped = true;
        assert_eq!(compare.sides(), [b, a]);
        assert!(compare.has(a) && compare.has(b));
    }

    #[test]
    fn values_stay_in_their_range() {
        let [a, b] = [1, 2].map(|id| ViewId::from(StreamId(id)));
        let mut compare = Compare::new(a, b, CompareMode::Difference);
        compare.set(CompareValue::Gain(1_000.0));
        compare.set(CompareValue::Split(-1.0));
        assert_eq!((compare.gain, compare.split), (MOST_GAIN, 0.0));
    }
}
