//! What is chosen of the window itself: how large its text is, and whether it moves.

use serde::{Deserialize, Serialize};

/// Sizes that keys and buttons go through, in percent.
const STEPS: [u16; 11] = [75, 80, 90, 100, 110, 125, 150, 175, 200, 225, 250];

/// The size of everything in the window, in percent of what the system asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u16", into = "u16")]
pub struct UiScale(u16);

impl UiScale {
    /// As the system asks for.
    pub const NORMAL: Self = Self(100);
    /// The smallest in percent.
    pub const LEAST: u16 = 75;
    /// The largest in percent.
    pub const MOST: u16 = 250;

    /// A size in percent, brought into the range that is offered.
    pub fn from_percent(percent: u16) -> Self {
        Self(percent.clamp(Self::LEAST, Self::MOST))
    }

    /// The size in percent.
    pub fn percent(self) -> u16 {
        self.0
    }

    /// The size as a factor.
    pub fn factor(self) -> f32 {
        f32::from(self.0) / 100.0
    }

    /// The next larger (or smaller) size.
    pub fn stepped(self, larger: bool) -> Self {
        let next = if larger {
            STEPS.iter().find(|step| **step > self.0)
        } else {
            STEPS.iter().rev().find(|step| **step < self.0)
        };
        next.map_or(self, |step| Self(*step))
    }
}

impl Default for UiScale {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl From<u16> for UiScale {
    fn from(percent: u16) -> Self {
        Self::from_percent(percent)
    }
}

impl From<UiScale> for u16 {
    fn from(scale: UiScale) -> Self {
        scale.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_end_at_the_ends_and_find_their_way_back() {
        let mut scale = UiScale::NORMAL;
        for _ in 0..20 {
            scale = scale.stepped(true);
        }
        assert_eq!(scale.percent(), UiScale::MOST);
        assert_eq!(scale.stepped(true), scale);
        let odd = UiScale::from_percent(130);
        assert_eq!(odd.stepped(false).percent(), 125);
        assert_eq!(odd.stepped(true).stepped(false).percent(), 125);
        assert_eq!(UiScale::from_percent(1).percent(), UiScale::LEAST);
    }
}
