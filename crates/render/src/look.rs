//! How values become colours where code values alone do not say it: ranges, ramps, classes, opacity.

mod ramps;

use std::fmt;

use reelscope_media::{Chroma, HdrFacts, Layout, PixelFormat, Presentation};

pub(crate) use ramps::{Ramp, STOPS, TURBO, VIRIDIS};

/// Classes that a legend shows.
const LEGEND_CLASSES: u32 = 12;

/// How a picture is to look, beyond what its code values and colour description say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// What its values mean; decides what is automatic.
    pub presentation: Presentation,
    /// Which values become which colours; `None` for what suits the frame, see
    /// [`VideoTexture::shown_values`](crate::VideoTexture::shown_values).
    pub values: Option<ValueMap>,
    /// Which of a pixel's values are shown.
    pub channel: Channel,
    /// How chroma is interpolated where its planes are smaller than the picture.
    pub chroma_filter: ChromaFilter,
    /// Stops by which pictures are made brighter (darker below 0), in linear light.
    pub exposure: f32,
    /// Whether pictures of more than 8 bits are dithered where the target has 8: an ordered pattern of
    /// less than half a step, so that values that 8 bits can hold stay as they are.
    pub dither: bool,
    /// Whether what the display cannot show is marked by diagonal stripes: blue where it is darker
    /// than black, red where it is too bright, green where it is outside the display's gamut.
    pub marks_clipping: bool,
    /// What is stated of the brightness of pictures, for tone mapping.
    pub hdr: HdrFacts,
    /// 1 to cover what is beneath, 0 to leave it; on top of [`Placement`](crate::Placement)'s.
    pub opacity: f32,
}

/// Which of a pixel's values are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The colour that all of them make.
    #[default]
    All,
    /// R' alone, as a shade of grey, before colours are fitted to the display; also of Y'CbCr
    /// pictures.
    Red,
    /// G' alone.
    Green,
    /// B' alone.
    Blue,
    /// How opaque it is.
    Alpha,
    /// Y', of pictures that have it: the code value's place in its range.
    Luma,
    /// Cb likewise, 0 being middle grey.
    Cb,
    /// Cr likewise.
    Cr,
}

impl Channel {
    /// Those that a picture of this format has: [`Channel::All`], its colours, and where it has them
    /// alpha and Y', Cb, Cr. A look with another one shows all of the picture.
    pub fn of(format: PixelFormat) -> impl Iterator<Item = Self> {
        let alpha = format.has_alpha().then_some(Self::Alpha);
        let luma = format.chroma().map(|_| Self::Luma);
        let has_chroma = format.chroma().is_some_and(|chroma| chroma != Chroma::Mono);
        let chroma = [Self::Cb, Self::Cr].into_iter().filter(move |_| has_chroma);
        [Self::All, Self::Red, Self::Green, Self::Blue]
            .into_iter()
            .chain(alpha)
            .chain(luma)
            .chain(chroma)
    }
}

/// How chroma samples are interpolated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChromaFilter {
    /// Linear between the nearest four.
    #[default]
    Bilinear,
    /// Cubic between the nearest sixteen (Catmull–Rom).
    Bicubic,
    /// Windowed sinc over the nearest thirty-six (Lanczos, three lobes).
    Lanczos,
    /// The nearest one alone.
    Nearest,
}

/// A range of values spread over colours. Values outside take the colour of the nearer end; what is
/// not a number becomes magenta. Of pictures with several channels each channel is spread from black
/// to full, whatever `colors` says; of Y'CbCr pictures and mosaics R', G' and B' are, the range being
/// one of Y' and of the mosaic's code values ([`Frame::percentiles`](reelscope_media::Frame::percentiles)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueMap {
    /// The value at the low end of the colours.
    pub low: f32,
    /// The value at the high end; below `low` to turn the colours round. If both are the same, all
    /// is shown in the colour of the middle.
    pub high: f32,
    /// The colours.
    pub colors: ValueColors,
}

/// The colours that values are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ValueColors {
    /// Black to white.
    #[default]
    Grey,
    /// Dark blue over green and yellow to dark red, every part of the range well told apart.
    Turbo,
    /// Dark violet over green to yellow, evenly brighter and the same for the colour-blind.
    Viridis,
    /// Each whole number a colour of its own, whatever the range; magnified and shrunk without
    /// blending. Zero is black at half opacity. The hue of class `n` is `n` times the golden ratio
    /// of the circle (40503/65536), so neighbours lie far apart; saturation is 0.85 for odd `n`, 0.55
    /// for even; brightness 1, 0.8, 0.6 for `n` modulo 3, so that hues that come near each other
    /// again differ all the same. Negative numbers count from 2³² down, fractions are cut off.
    Classes,
}

/// Which values a picture is shown with, for people as `0.4 … 17.3, automatic`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShownValues {
    /// Range and colours.
    pub map: ValueMap,
    /// False if someone chose them.
    pub automatic: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self::of(Presentation::default())
    }
}

impl Look {
    /// What suits pictures whose values mean this.
    pub fn of(presentation: Presentation) -> Self {
        Self {
            presentation,
            values: None,
            channel: Channel::All,
            chroma_filter: ChromaFilter::Bilinear,
            exposure: 0.0,
            dither: true,
            marks_clipping: false,
            hdr: HdrFacts::default(),
            opacity: 1.0,
        }
    }

    /// The values that a frame is shown with; `None` if its code values are colours already.
    pub(crate) fn shown(
        &self,
        format: PixelFormat,
        value_range: Option<[f32; 2]>,
    ) -> Option<ShownValues> {
        let single = format.is_single_channel();
        let chosen = self
            .values
            .filter(|map| map.low.is_finite() && map.high.is_finite());
        let colors = match (chosen, self.presentation) {
            _ if !single => ValueColors::Grey,
            (Some(map), _) => map.colors,
            (None, Presentation::Picture) => ValueColors::Grey,
            (None, Presentation::Depth { .. }) => ValueColors::Turbo,
            (None, Presentation::Segmentation) => ValueColors::Classes,
        };
        if let Some(map) = chosen {
            return Some(ShownValues {
                map: ValueMap { colors, ..map },
                automatic: false,
            });
        }
        let measures = single && self.presentation != Presentation::Picture;
        let has_no_black_and_white =
            format.is_float() || (single && format.depth > 8 && value_range.is_some());
        if !measures && !has_no_black_and_white {
            return None;
        }
        let all = if format.is_float() {
            1.0
        } else {
            2f32.powi(format.depth.into()) - 1.0
        };
        let [low, high] = value_range.unwrap_or([0.0, all]);
        Some(ShownValues {
            map: ValueMap { low, high, colors },
            automatic: true,
        })
    }

    /// True if zero stands for no measurement, which is black in any colours.
    pub(crate) fn zero_is_black(&self, format: PixelFormat) -> bool {
        format.layout == Layout::Planar(Chroma::Mono)
            && matches!(self.presentation, Presentation::Depth { .. })
    }
}

/// True if the values of such pictures become colours one by one; of others the colours that they
/// make together are stretched.
pub(crate) fn maps_values(format: PixelFormat) -> bool {
    let packed_rgb = matches!(
        format.layout,
        Layout::Rgb | Layout::Rgba | Layout::Bgr | Layout::Bgra
    );
    packed_rgb || format.is_single_channel()
}

impl ValueColors {
    /// Stops for a legend: colours as `0xRRGGBB` at even distances from the low to the high end,
    /// linear in sRGB between them. Of classes, which have no ends, those of 0, 1, 2, ….
    pub fn legend(self) -> Vec<u32> {
        match (self, self.ramp()) {
            (_, Some(ramp)) => ramp.to_vec(),
            (Self::Classes, None) => (0..LEGEND_CLASSES).map(class_color).collect(),
            (_, None) => vec![0x00_00_00, 0xff_ff_ff],
        }
    }

    pub(crate) fn ramp(self) -> Option<&'static Ramp> {
        match self {
            Self::Turbo => Some(&TURBO),
            Self::Viridis => Some(&VIRIDIS),
            Self::Grey | Self::Classes => None,
        }
    }
}

/// The colour of a class, see [`ValueColors::Classes`]. The shader has the same formula.
pub(crate) fn class_color(class: u32) -> u32 {
    if class == 0 {
        return 0;
    }
    let hue = (class.wrapping_mul(40_503) % 65_536) as f32 / 65_536.0 * 6.0;
    let saturation = if class % 2 == 1 { 0.85 } else { 0.55 };
    let value = 1.0 - 0.2 * (class % 3) as f32;
    [0.0, 4.0, 2.0].into_iter().fold(0, |rgb, offset| {
        let pure = (((hue + offset) % 6.0 - 3.0).abs() - 1.0).clamp(0.0, 1.0);
        let channel = value * (1.0 - saturation * (1.0 - pure));
        rgb << 8 | (channel * 255.0).round() as u32
    })
}

impl fmt::Display for ShownValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.map.fmt(f)?;
        if self.automatic {
            f.write_str(", automatic")?;
        }
        Ok(())
    }
}

impl fmt::Display for ValueMap {
    /// The range: `0.4 … 17.3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.colors {
            ValueColors::Classes => f.write_str("classes"),
            _ => write!(f, "{} … {}", Short(self.low), Short(self.high)),
        }
    }
}

/// A number with four significant digits, whole ones up to ten million in full.
struct Short(f32);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        let size = value.abs();
        if value == value.trunc() && size < 1e7 {
            return write!(f, "{value:.0}");
        }
        if !(1e-3..1e7).contains(&size) {
            return write!(f, "{value:.3e}");
        }
        let decimals = (3.0 - size.log10().floor()).clamp(0.0, 6.0) as usize;
        let text = format!("{value:.decimals$}");
        let trimmed = match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.'),
            false => &text,
        };
        f.write_str(trimmed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREY: Layout = Layout::Planar(Chroma::Mono);

    fn integers(layout: Layout, depth: u8) -> PixelFormat {
        PixelFormat {
            layout,
            depth,
            high_bits: false,
        }
    }

    fn automatic(
        presentation: Presentation,
        format: PixelFormat,
        range: Option<[f32; 2]>,
    ) -> Option<ValueMap> {
        let shown = Look::of(presentation).shown(format, range);
        shown
            .inspect(|shown| assert!(shown.automatic))
            .map(|shown| shown.map)
    }

    #[test]
    fn pictures_that_have_black_and_white_keep_them() {
        let range = Some([3.0, 99.0]);
        let picture = Presentation::Picture;
        for (format, range) in [
            (integers(GREY, 8), range),
            (integers(GREY, 16), None),
            (integers(Layout::Rgb, 16), None),
            (PixelFormat::YUV420P, None),
        ] {
            assert_eq!(automatic(picture, format, range), None, "{}", format.name());
        }
    }

    #[test]
    fn floats_and_measured_grey_of_more_than_8_bits_are_spread_from_black_to_white() {
        for format in [
            integers(GREY, 16),
            PixelFormat::float(GREY),
            PixelFormat::float(Layout::Rgb),
            PixelFormat::float(Layout::Rgba),
        ] {
            let map = automatic(Presentation::Picture, format, Some([3.0, 99.0])).unwrap();
            assert_eq!(
                (map.low, map.high, map.colors),
                (3.0, 99.0, ValueColors::Grey)
            );
        }
        let nothing_finite = automatic(Presentation::Picture, PixelFormat::float(GREY), None);
        assert_eq!(
            nothing_finite.map(|map| (map.low, map.high)),
            Some((0.0, 1.0))
        );
    }

    #[test]
    fn depth_and_classes_have_colours_of_their_own() {
        let depth = Presentation::Depth { meter: None };
        let map = automatic(depth, integers(GREY, 16), None).unwrap();
        assert_eq!(
            (map.low, map.high, map.colors),
            (0.0, 65535.0, ValueColors::Turbo)
        );
        let map = automatic(Presentation::Segmentation, integers(GREY, 8), None).unwrap();
        assert_eq!(map.colors, ValueColors::Classes);
        // Three channels are a picture, whatever is said of them.
        assert_eq!(automatic(depth, integers(Layout::Rgb, 8), None), None);
    }

    #[test]
    fn what_is_chosen_goes_before_what_is_automatic_unless_it_is_no_range() {
        let colors = ValueColors::Viridis;
        let chosen = |low, high| Look {
            values: Some(ValueMap { low, high, colors }),
            ..Look::default()
        };
        let range = Some([3.0, 99.0]);
        let shown = chosen(1.0, 2.0).shown(integers(GREY, 8), range).unwrap();
        assert_eq!(shown.to_string(), "1 … 2");
        assert_eq!(shown.map.colors, colors);
        let shown = chosen(1.0, 2.0)
            .shown(integers(Layout::Rgb, 8), None)
            .unwrap();
        assert_eq!(shown.map.colors, ValueColors::Grey);
        let format = PixelFormat::float(GREY);
        let shown = chosen(f32::NAN, 2.0).shown(format, range).unwrap();
        assert!(shown.automatic);
        let shown = chosen(1.0, 2.0).shown(PixelFormat::YUV420P, None).unwrap();
        assert_eq!(shown.map.colors, ValueColors::Grey);
    }

    #[test]
    fn pictures_have_the_channels_that_their_formats_have() {
        let all = |format| Channel::of(format).collect::<Vec<_>>();
        let colors = [Channel::All, Channel::Red, Channel::Green, Channel::Blue];
        assert_eq!(all(integers(Layout::Bgr, 8)), colors);
        let with_alpha = [&colors[..], &[Channel::Alpha]].concat();
        assert_eq!(all(integers(Layout::Rgba, 8)), with_alpha);
        let with_luma = [&colors[..], &[Channel::Luma]].concat();
        assert_eq!(all(integers(GREY, 8)), with_luma);
        let with_chroma = [&with_luma[..], &[Channel::Cb, Channel::Cr]].concat();
        assert_eq!(all(PixelFormat::YUV420P), with_chroma);
    }

    #[test]
    fn ranges_read_well() {
        for (low, high, text) in [
            (0.4, 17.3, "0.4 … 17.3, automatic"),
            (0.0, 65535.0, "0 … 65535, automatic"),
            (-1.23456, 1234.56, "-1.235 … 1235, automatic"),
            (1e-5, 3.5e20, "1.000e-5 … 3.500e20, automatic"),
        ] {
            let colors = ValueColors::Grey;
            let map = ValueMap { low, high, colors };
            let shown = ShownValues {
                map,
                automatic: true,
            };
            assert_eq!(shown.to_string(), text);
        }
    }
}
