//! What a person chose of how a stream's pictures look: another colour description, one channel alone,
//! brighter or darker. What becomes of it is up to `render`.

use reelscope_media::{ColorInfo, Frame};
use reelscope_render::{Channel, ChromaFilter};

use crate::command::{Command, entry};

/// What a person chose for a stream's pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PictureChoice {
    /// What goes before all that is stated of the colours; unspecified where nothing was chosen.
    pub color: ColorInfo,
    /// Which of a pixel's values are shown.
    pub channel: Channel,
    /// How much brighter.
    pub exposure: Exposure,
    /// Whether pixels that the display cannot show are marked.
    pub marks_clipping: bool,
}

/// How much brighter pictures are made, in half stops: two make light twice as strong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure(i8);

impl Exposure {
    /// As it is.
    pub const NONE: Self = Self(0);
    /// Ten stops either way: 1 cd/m² becomes 1024, or the other way round.
    const MOST: i8 = 20;

    /// So many half stops brighter, up to ten stops.
    #[must_use]
    pub fn brighter(self, half_stops: i8) -> Self {
        let sum = self.0.saturating_add(half_stops);
        Self(sum.clamp(-Self::MOST, Self::MOST))
    }

    /// The one of so many stops, rounded to halves.
    pub(crate) fn of_stops(stops: f64) -> Self {
        // Saturates where it is out of range.
        Self::NONE.brighter((stops * 2.0).round() as i8)
    }

    /// The factor of light as a power of two.
    pub fn stops(self) -> f32 {
        f32::from(self.0) / 2.0
    }

    /// With its sign: `+1.5 EV`; `None` if nothing is changed.
    pub(crate) fn text(self) -> Option<String> {
        let sign = if self.0 < 0 { "−" } else { "+" };
        let stops = self.stops().abs();
        (self != Self::NONE).then(|| format!("{sign}{stops} EV"))
    }
}

/// All channels in the order of menus.
pub(crate) const CHANNELS: [Channel; 8] = [
    Channel::All,
    Channel::Red,
    Channel::Green,
    Channel::Blue,
    Channel::Alpha,
    Channel::Luma,
    Channel::Cb,
    Channel::Cr,
];

/// The name of a channel, that of the command that shows it.
pub(crate) fn channel_name(channel: Channel) -> &'static str {
    entry(&Command::ShowChannel(channel)).map_or("", |entry| entry.name)
}

/// How the values of a picture are spread over all shades. The range is taken from the picture that is
/// looked at and kept for the others, so that they can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stretch {
    /// Not at all.
    None,
    /// From the smallest value to the largest.
    Extremes,
    /// From the value that one in a hundred lies below to the one that one in a hundred lies above.
    Most,
}

impl Stretch {
    /// All of them in the order of menus.
    pub(crate) const ALL: [Self; 3] = [Self::None, Self::Extremes, Self::Most];

    /// The range of values of a frame that becomes black to white.
    pub(crate) fn range(self, frame: &Frame) -> Option<[f32; 2]> {
        match self {
            Self::None => None,
            Self::Extremes => frame.percentiles(0.0, 100.0),
            Self::Most => frame.percentiles(1.0, 99.0),
        }
    }
}

/// All ways to interpolate chroma in the order of menus, with their names.
pub(crate) const CHROMA_FILTERS: [(ChromaFilter, &str); 4] = [
    (ChromaFilter::Nearest, "Nearest"),
    (ChromaFilter::Bilinear, "Bilinear"),
    (ChromaFilter::Bicubic, "Bicubic"),
    (ChromaFilter::Lanczos, "Lanczos"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposure_goes_in_half_stops_and_has_ends() {
        let brighter = Exposure::NONE.brighter(3);
        assert_eq!(brighter.text().as_deref(), Some("+1.5 EV"));
        assert_eq!(brighter.brighter(-5).text().as_deref(), Some("−1 EV"));
        assert_eq!(brighter.brighter(-3).text(), None);
        assert_eq!(brighter.brighter(i8::MAX).stops(), 10.0);
        assert_eq!(brighter.brighter(i8::MIN).stops(), -10.0);
    }

    #[test]
    fn every_channel_has_a_name() {
        assert!(
            CHANNELS
                .iter()
                .all(|channel| !channel_name(*channel).is_empty())
        );
    }
}
