//! What is chosen of playback: how fast timelines that count are played, and what gives way where
//! decoding is too slow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Steps that are played in a second where nobody chose.
const STEP_RATE: u32 = 30;
/// The most that can be chosen.
pub(crate) const MAX_STEP_RATE: u32 = 1_000;
/// Programs that are remembered.
const MOST: usize = 200;

/// What gives way where frames are decoded more slowly than they are played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhenSlow {
    /// The playhead waits for the slowest stream on screen.
    #[default]
    Wait,
    /// Frames are left out; the playhead keeps its speed.
    Drop,
}

impl WhenSlow {
    /// All choices with their names.
    pub const ALL: [(Self, &'static str); 2] = [
        (Self::Wait, "Wait for the slowest stream"),
        (Self::Drop, "Drop frames, keep the speed"),
    ];
}

/// Steps a second of timelines that count, by program and timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepRates(BTreeMap<String, BTreeMap<String, u32>>);

impl StepRates {
    /// How many steps of a program's timeline are played in a second.
    pub fn get(&self, program: &str, timeline: &str) -> u32 {
        let chosen = self.0.get(program).and_then(|it| it.get(timeline));
        chosen.copied().unwrap_or(STEP_RATE)
    }

    /// Notes how many it shall be.
    pub fn set(&mut self, program: &str, timeline: &str, rate: u32) {
        if self.0.len() >= MOST && !self.0.contains_key(program) {
            self.0.pop_first();
        }
        let rates = self.0.entry(program.to_owned()).or_default();
        if rates.len() >= MOST {
            rates.pop_first();
        }
        rates.insert(timeline.to_owned(), rate.clamp(1, MAX_STEP_RATE));
    }

    /// Brings what was read into the range that can be chosen.
    pub(super) fn hold(&mut self) {
        for rate in self.0.values_mut().flat_map(BTreeMap::values_mut) {
            *rate = (*rate).clamp(1, MAX_STEP_RATE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_timeline_of_a_program_has_a_rate_of_its_own() {
        let mut rates = StepRates::default();
        rates.set("robot", "frame", 60);
        rates.set("robot", "tick", 0);
        assert_eq!(rates.get("robot", "frame"), 60);
        assert_eq!(rates.get("robot", "tick"), 1);
        assert_eq!(rates.get("drone", "frame"), STEP_RATE);
    }
}
