//! Which colours the person said that a stream has, kept so that they hold the next time it is opened.

use reelscope_media::{ChromaSite, ColorInfo, Matrix, Primaries, Range, Transfer};
use serde::{Deserialize, Serialize};

/// Streams that are remembered.
const MOST: usize = 500;

/// Corrected streams, those corrected last at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Corrections(Vec<Correction>);

/// Names a stream in whatever window it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamName {
    /// The file's path, or the name of the program that logs.
    pub source: String,
    /// The stream's entity in it.
    pub entity: String,
}

/// What a person said of one stream's colours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Correction {
    #[serde(flatten)]
    stream: StreamName,
    #[serde(flatten)]
    color: StatedColor,
}

/// Colours as a file has them. Numbers are the code points of ITU-T H.273; what is not there was not
/// said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StatedColor {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) full_range: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) matrix: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) primaries: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) transfer: Option<u8>,
    /// Chroma420SampleLocType, H.273 §8.7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chroma_site: Option<u8>,
}

/// Chroma sites in the order of their numbers.
const SITES: [ChromaSite; 6] = [
    ChromaSite::Left,
    ChromaSite::Center,
    ChromaSite::TopLeft,
    ChromaSite::Top,
    ChromaSite::BottomLeft,
    ChromaSite::Bottom,
];

impl Corrections {
    /// What was said of a stream; nothing is stated where nothing was said.
    pub fn get(&self, stream: &StreamName) -> ColorInfo {
        let found = self.0.iter().find(|kept| kept.stream == *stream);
        found.map(|kept| kept.color.into()).unwrap_or_default()
    }

    /// Remembers what is said of a stream; forgets it if that is nothing. Of too many streams the one
    /// that was corrected longest ago is forgotten.
    pub fn set(&mut self, stream: StreamName, color: ColorInfo) {
        self.0.retain(|kept| kept.stream != stream);
        if color == ColorInfo::default() {
            return;
        }
        self.0.push(Correction {
            stream,
            color: color.into(),
        });
        self.hold();
    }

    /// Keeps no more than can be kept.
    pub(super) fn hold(&mut self) {
        let surplus = self.0.len().saturating_sub(MOST);
        self.0.drain(..surplus);
    }
}

impl From<ColorInfo> for StatedColor {
    fn from(color: ColorInfo) -> Self {
        let stated = |code: u8, unspecified: u8| (code != unspecified).then_some(code);
        let site = SITES.iter().position(|site| *site == color.site);
        Self {
            full_range: match color.range {
                Range::Unspecified => None,
                range => Some(range == Range::Full),
            },
            matrix: stated(color.matrix.0, Matrix::UNSPECIFIED.0),
            primaries: stated(color.primaries.0, Primaries::UNSPECIFIED.0),
            transfer: stated(color.transfer.0, Transfer::UNSPECIFIED.0),
            chroma_site: site.and_then(|site| u8::try_from(site).ok()),
        }
    }
}

impl From<StatedColor> for ColorInfo {
    fn from(stated: StatedColor) -> Self {
        Self {
            range: match stated.full_range {
                None => Range::Unspecified,
                Some(true) => Range::Full,
                Some(false) => Range::Limited,
            },
            matrix: stated.matrix.map(Matrix).unwrap_or_default(),
            primaries: stated.primaries.map(Primaries).unwrap_or_default(),
            transfer: stated.transfer.map(Transfer).unwrap_or_default(),
            site: stated
                .chroma_site
                .and_then(|site| SITES.get(usize::from(site)).copied())
                .unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(source: &str) -> StreamName {
        StreamName {
            source: source.to_owned(),
            entity: "video".to_owned(),
        }
    }

    fn limited() -> ColorInfo {
        ColorInfo {
            range: Range::Limited,
            ..ColorInfo::default()
        }
    }

    #[test]
    fn what_was_said_of_a_stream_is_found_again() {
        let mut corrections = Corrections::default();
        let color = ColorInfo {
            range: Range::Full,
            matrix: Matrix::BT470BG,
            primaries: Primaries::BT2020,
            transfer: Transfer::HLG,
            site: ChromaSite::TopLeft,
        };
        corrections.set(stream("a.mp4"), color);
        corrections.set(stream("b.mp4"), limited());
        assert_eq!(corrections.get(&stream("a.mp4")), color);
        assert_eq!(corrections.get(&stream("b.mp4")), limited());
        assert_eq!(corrections.get(&stream("c.mp4")), ColorInfo::default());
    }

    #[test]
    fn taking_a_correction_back_forgets_the_stream() {
        let mut corrections = Corrections::default();
        corrections.set(stream("a.mp4"), limited());
        corrections.set(stream("a.mp4"), ColorInfo::default());
        assert_eq!(corrections, Corrections::default());
    }

    #[test]
    fn of_too_many_streams_the_one_corrected_longest_ago_is_forgotten() {
        let mut corrections = Corrections::default();
        for number in 0..=MOST {
            corrections.set(stream(&number.to_string()), limited());
        }
        assert_eq!(corrections.0.len(), MOST);
        assert_eq!(corrections.get(&stream("0")), ColorInfo::default());
        assert_eq!(corrections.get(&stream("1")), limited());
    }
}
