//! Comparing two views: which, how, and how alike they are.

use std::hash::{DefaultHasher, Hash, Hasher};

use reelscope_ingest::{Measured, Measurer, Pair};
use reelscope_player::ShownState;

use super::App;
use crate::command::Command;
use crate::compare::{Compare, CompareMode};
use crate::view_id::ViewId;

/// What measures how alike pictures are.
pub(super) struct Likenesses {
    measurer: Measurer,
    /// What was asked last, and what came of it.
    asked: Option<u64>,
    answer: Option<Measured>,
}

impl Likenesses {
    pub(super) fn new(measurer: Measurer) -> Self {
        Self {
            measurer,
            asked: None,
            answer: None,
        }
    }
}

impl App {
    pub(super) fn apply_compare(&mut self, command: Command) {
        match command {
            Command::Compare(mode) => self.compare(mode),
            Command::StopComparing => self.tiles.stop_comparing(),
            Command::FlipCompare => {
                if let Some(compare) = self.tiles.compare_mut() {
                    compare.flipped = !compare.flipped;
                }
            }
            Command::SetCompareValue(value) => {
                if let Some(compare) = self.tiles.compare_mut() {
                    compare.set(value);
                }
            }
            view => self.apply_look(view),
        }
    }

    /// Compares the view in focus with another; in the mode that is on already, stops it.
    fn compare(&mut self, mode: CompareMode) {
        match self.tiles.compare_mut() {
            Some(compare) if compare.mode == mode => self.tiles.stop_comparing(),
            Some(compare) => compare.mode = mode,
            None => {
                let Some(one) = self.tiles.focused() else {
                    return;
                };
                if let Some(other) = self.tiles.counterpart() {
                    self.tiles.start_comparing(Compare::new(one, other, mode));
                }
            }
        }
    }

    /// Has the two pictures measured, once both are exact and nothing moves.
    pub(super) fn measure_likeness(&mut self) {
        if let Some(answer) = self.likenesses.measurer.try_answer() {
            self.likenesses.answer = answer;
        }
        let Some(compare) = self.tiles.compare() else {
            return;
        };
        let [one, other] = compare.sides();
        let moves = self.clock.is_playing() || self.clock.is_dragged();
        let name = self.pair_name([one, other]).filter(|_| !moves);
        let known = self
            .likenesses
            .answer
            .filter(|answer| Some(answer.name) == name);
        if let Some(compare) = self.tiles.compare_mut() {
            compare.measured = known;
        }
        let Some(name) = name.filter(|name| self.likenesses.asked != Some(*name)) else {
            return;
        };
        let frame = |id| {
            let shown = self.session.view(id)?.shown.as_ref()?;
            Some(shown.frame.as_ref()?.frame.clone())
        };
        let size = self.still_size(one);
        let still = |id| self.still_as_shown(id, size?);
        let (Some(frames), Some(shown)) = (
            frame(one).zip(frame(other)).map(<[_; 2]>::from),
            still(one).zip(still(other)).map(<[_; 2]>::from),
        ) else {
            return;
        };
        let pair = Pair {
            name,
            frames,
            shown,
        };
        if self.likenesses.measurer.ask(pair) {
            self.likenesses.asked = Some(name);
        }
    }

    /// Names two pictures as they are shown; `None` unless both are exact.
    fn pair_name(&self, views: [ViewId; 2]) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        for id in views {
            let shown = self.session.view(id)?.shown.as_ref()?;
            matches!(shown.state, ShownState::Exact).then_some(())?;
            (id, shown.frame.as_ref()?.sample.0).hash(&mut hasher);
            // Other colours make other pictures.
            format!("{:?}", self.session.picture(id)).hash(&mut hasher);
        }
        Some(hasher.finish())
    }
}
