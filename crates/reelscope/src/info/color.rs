//! What is known of a track's colours and brightness, as it is printed.

use std::fmt;

use reelscope_media::{
    ChromaSite, ColorInfo, ColorSource, HdrFacts, MasteringDisplay, Matrix, Primaries, Range,
    Track, Transfer,
};
use reelscope_render::{ColorValue, color_report};
use serde::Serialize;

/// Colour description in FFmpeg's words; `null` where nothing is stated.
#[derive(Debug, Serialize)]
pub(super) struct ColorNames {
    pub(super) range: Option<&'static str>,
    pub(super) matrix: Option<&'static str>,
    pub(super) primaries: Option<&'static str>,
    pub(super) transfer: Option<&'static str>,
    pub(super) chroma_site: Option<&'static str>,
}

impl From<ColorInfo> for ColorNames {
    fn from(color: ColorInfo) -> Self {
        let nothing = ColorInfo::default();
        Self {
            range: (color.range != nothing.range).then(|| color.range.name()),
            matrix: color
                .matrix
                .name()
                .filter(|_| color.matrix != nothing.matrix),
            primaries: color
                .primaries
                .name()
                .filter(|_| color.primaries != nothing.primaries),
            transfer: color
                .transfer
                .name()
                .filter(|_| color.transfer != nothing.transfer),
            chroma_site: (color.site != nothing.site).then(|| color.site.name()),
        }
    }
}

/// A value of the colours that a track is shown with.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    value: &'static str,
    source: &'static str,
    reason: String,
}

/// The colours that a track is shown with, and who said so.
#[derive(Debug, Serialize)]
pub(super) struct ShownColors {
    matrix: Shown,
    range: Shown,
    primaries: Shown,
    transfer: Shown,
    chroma_site: Shown,
}

impl ShownColors {
    /// `None` as long as the format of the pictures is not known.
    pub(super) fn of(track: &Track) -> Option<Self> {
        let facts = &track.facts;
        let stated = track.color_report(ColorInfo::default());
        let shown = color_report(&stated, facts.format?, facts.width, facts.height);
        let reserved = "a reserved code";
        Some(Self {
            matrix: named(shown.matrix, |it: Matrix| it.name().unwrap_or(reserved)),
            range: named(shown.range, Range::name),
            primaries: named(shown.primaries, |it: Primaries| {
                it.name().unwrap_or(reserved)
            }),
            transfer: named(shown.transfer, |it: Transfer| it.name().unwrap_or(reserved)),
            chroma_site: named(shown.site, ChromaSite::name),
        })
    }
}

fn named<T>(value: ColorValue<T>, name: impl FnOnce(T) -> &'static str) -> Shown {
    Shown {
        value: name(value.value),
        source: match value.source {
            ColorSource::Chosen => "chosen",
            ColorSource::Container => "container",
            ColorSource::Bitstream => "bitstream",
            ColorSource::Guess => "guess",
        },
        reason: value.reason.into_owned(),
    }
}

impl fmt::Display for ShownColors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = [
            ("matrix", &self.matrix),
            ("range", &self.range),
            ("primaries", &self.primaries),
            ("transfer", &self.transfer),
            ("chroma", &self.chroma_site),
        ];
        for (number, (name, shown)) in values.into_iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            write!(f, "{comma}{name} {} ({})", shown.value, shown.reason)?;
        }
        Ok(())
    }
}

/// What is said of brightness, in cd/m²; chromaticities as x and y.
#[derive(Debug, Serialize)]
pub(super) struct Brightness {
    #[serde(skip_serializing_if = "Option::is_none")]
    mastering_display: Option<Display>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_content_light_level: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_frame_average_light_level: Option<u16>,
}

#[derive(Debug, Serialize)]
struct Display {
    red: [f64; 2],
    green: [f64; 2],
    blue: [f64; 2],
    white: [f64; 2],
    min_luminance: f64,
    max_luminance: f64,
}

impl Brightness {
    /// `None` if nothing is said.
    pub(super) fn of(hdr: HdrFacts) -> Option<Self> {
        let light = hdr.content_light;
        (hdr != HdrFacts::default()).then(|| Self {
            mastering_display: hdr.mastering.map(Display::from),
            max_content_light_level: light.map(|light| light.max_content),
            max_frame_average_light_level: light.map(|light| light.max_frame_average),
        })
    }
}

impl From<MasteringDisplay> for Display {
    fn from(display: MasteringDisplay) -> Self {
        let point = |point: [u16; 2]| point.map(|steps| f64::from(steps) / 50_000.0);
        let [red, green, blue] = display.primaries.map(point);
        Self {
            red,
            green,
            blue,
            white: point(display.white),
            min_luminance: f64::from(display.min_luminance) / 10_000.0,
            max_luminance: f64::from(display.max_luminance) / 10_000.0,
        }
    }
}

impl fmt::Display for Brightness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(display) = &self.mastering_display {
            let (min, max) = (display.min_luminance, display.max_luminance);
            parts.push(format!("mastered on {min} to {max} cd/m²"));
        }
        if let Some(most) = self.max_content_light_level {
            parts.push(format!("brightest pixel {most} cd/m²"));
        }
        if let Some(most) = self.max_frame_average_light_level {
            parts.push(format!("brightest frame {most} cd/m² on average"));
        }
        f.write_str(&parts.join(", "))
    }
}
