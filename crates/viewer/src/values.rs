//! What decides how a stream's pictures look: what was logged, and what the person chose. The colours
//! themselves are made in `render`.

use reelscope_media::{HdrFacts, Presentation};
use reelscope_render::{
    Channel, ChromaFilter, Look, ShownValues, ValueColors, ValueMap, VideoTexture,
};

use crate::picture_choice::PictureChoice;

/// What a person chose for a stream whose values are not colours; the rest is automatic.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ValueChoice {
    /// The values at the low and the high end of the colours; `None` for those of each picture.
    pub range: Option<[f32; 2]>,
    /// The colours; `None` for what suits the stream.
    pub colors: Option<ValueColors>,
}

/// How a stream's pictures are to look at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StreamLook {
    /// What its values mean.
    pub(crate) presentation: Presentation,
    /// What the person chose.
    pub(crate) choice: ValueChoice,
    /// What the person chose of its pictures besides.
    pub(crate) picture: PictureChoice,
    /// How chroma is interpolated.
    pub(crate) chroma_filter: ChromaFilter,
    /// What is stated of its brightness.
    pub(crate) hdr: HdrFacts,
    /// What was logged.
    pub(crate) logged: LoggedLook,
}

/// What the logging program said of the drawing of an image.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LoggedLook {
    /// From 0, invisible, to 1.
    pub(crate) opacity: Option<f32>,
    /// Greater is nearer.
    pub(crate) draw_order: Option<f32>,
}

/// The values that a picture is shown with, for the person to see and change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Values {
    /// Range and colours in use.
    pub(crate) shown: ShownValues,
    /// False if only the range can be chosen, because each of several channels has a colour.
    pub(crate) has_colors: bool,
}

impl StreamLook {
    fn automatic(&self) -> Look {
        Look {
            channel: self.picture.channel,
            chroma_filter: self.chroma_filter,
            exposure: self.picture.exposure.stops(),
            marks_clipping: self.picture.marks_clipping,
            hdr: self.hdr,
            opacity: self.opacity(),
            ..Look::of(self.presentation)
        }
    }

    fn opacity(&self) -> f32 {
        let opacity = self.logged.opacity.unwrap_or(1.0);
        if opacity.is_nan() {
            1.0
        } else {
            opacity.clamp(0.0, 1.0)
        }
    }

    /// True if what lies beneath the picture is meant to be seen.
    pub(crate) fn is_translucent(&self) -> bool {
        self.opacity() < 1.0
    }

    /// How a picture is drawn: what was chosen goes before what is automatic for it.
    pub(crate) fn look(&self, texture: &VideoTexture) -> Look {
        let automatic = self.automatic();
        let shown = texture.shown_values(&automatic);
        let channel = self.picture.channel;
        Look {
            values: self.choice.map(shown),
            channel: if Channel::of(texture.format()).any(|it| it == channel) {
                channel
            } else {
                Channel::All
            },
            ..automatic
        }
    }

    /// The values that a picture is shown with; `None` if its code values are colours.
    pub(crate) fn values(&self, texture: &VideoTexture) -> Option<Values> {
        let shown = texture.shown_values(&self.look(texture))?;
        Some(Values {
            shown: ShownValues {
                // Colours alone leave the range to each picture.
                automatic: self.choice.range.is_none(),
                ..shown
            },
            has_colors: texture.format().is_single_channel(),
        })
    }
}

impl ValueChoice {
    /// What is chosen, completed by what is automatic; `None` if nothing is chosen.
    fn map(self, automatic: Option<ShownValues>) -> Option<ValueMap> {
        if self == Self::default() {
            return None;
        }
        let automatic = automatic.map(|shown| shown.map);
        let [low, high] = self
            .range
            .or_else(|| automatic.map(|map| [map.low, map.high]))?;
        let suiting = automatic.map(|map| map.colors).unwrap_or_default();
        Some(ValueMap {
            low,
            high,
            colors: self.colors.unwrap_or(suiting),
        })
    }
}

/// The name of colours in menus.
pub(crate) fn colors_name(colors: ValueColors) -> &'static str {
    match colors {
        ValueColors::Grey => "Grey",
        ValueColors::Turbo => "Turbo",
        ValueColors::Viridis => "Viridis",
        ValueColors::Classes => "Classes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn automatic() -> ShownValues {
        ShownValues {
            map: ValueMap {
                low: 3.0,
                high: 9.0,
                colors: ValueColors::Turbo,
            },
            automatic: true,
        }
    }

    #[test]
    fn what_is_not_chosen_stays_automatic() {
        let nothing = ValueChoice::default();
        assert_eq!(nothing.map(Some(automatic())), None);
        let grey = ValueChoice {
            colors: Some(ValueColors::Grey),
            ..nothing
        };
        let map = grey.map(Some(automatic()));
        let map = map.map(|map| (map.low, map.high, map.colors));
        assert_eq!(map, Some((3.0, 9.0, ValueColors::Grey)));
        assert_eq!(grey.map(None), None, "pictures of light keep their colours");
        let range = ValueChoice {
            range: Some([0.0, 1.0]),
            ..nothing
        };
        let map = range.map(Some(automatic()));
        let map = map.map(|map| (map.low, map.high, map.colors));
        assert_eq!(map, Some((0.0, 1.0, ValueColors::Turbo)));
    }

    #[test]
    fn a_logged_opacity_that_is_none_is_left_out() {
        let look = |opacity| StreamLook {
            presentation: Presentation::Picture,
            choice: ValueChoice::default(),
            picture: PictureChoice::default(),
            chroma_filter: ChromaFilter::default(),
            hdr: HdrFacts::default(),
            logged: LoggedLook {
                opacity,
                draw_order: None,
            },
        };
        let drawn = [None, Some(f32::NAN), Some(7.0), Some(-1.0), Some(0.5)];
        let drawn = drawn.map(|opacity| look(opacity).opacity());
        assert_eq!(drawn, [1.0, 1.0, 1.0, 0.0, 0.5]);
    }
}
