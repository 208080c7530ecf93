//! The colours that a picture is shown with, each with its source and the reason for it in words.

use std::borrow::Cow;

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, ColorReport, ColorSource, Matrix, PixelFormat, Primaries, Range,
    Transfer,
};

use super::{is_rgb, resolved_color};

/// A value of a colour description as it is shown, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColorValue<T> {
    /// What is shown.
    pub value: T,
    /// Who said so.
    pub source: ColorSource,
    /// Why, in words: `"stated by the container"`, `"guessed from 576 lines"`.
    pub reason: Cow<'static, str>,
}

/// The colours that a picture is shown with, value by value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownColor {
    /// Limited or full range.
    pub range: ColorValue<Range>,
    /// Y'CbCr matrix.
    pub matrix: ColorValue<Matrix>,
    /// Chromaticities of the primaries and the white point.
    pub primaries: ColorValue<Primaries>,
    /// Opto-electronic transfer.
    pub transfer: ColorValue<Transfer>,
    /// Chroma sample position.
    pub site: ColorValue<ChromaSite>,
}

impl ShownColor {
    /// The values alone.
    pub fn color(&self) -> ColorInfo {
        ColorInfo {
            range: self.range.value,
            matrix: self.matrix.value,
            primaries: self.primaries.value,
            transfer: self.transfer.value,
            site: self.site.value,
        }
    }
}

/// The colours that a `width` × `height` picture is shown with, given what was `stated` and by whom
/// ([`reelscope_media::Track::color_report`]). The values are those of [`resolved_color`].
pub fn color_report(
    stated: &ColorReport,
    format: PixelFormat,
    width: u32,
    height: u32,
) -> ShownColor {
    let shown = resolved_color(stated.color, format, width, height);
    let by_size = || Cow::Owned(size_reason(width, height));
    let (color, sources, nothing) = (stated.color, stated.sources, ColorInfo::default());
    let matrix_guess = || match () {
        () if is_rgb(format) => Cow::Borrowed("the values are R, G and B"),
        () if color.matrix != nothing.matrix => {
            let name = color.matrix.name().unwrap_or("a reserved code");
            Cow::Owned(format!("{name} is stated, which these planes cannot have"))
        }
        () if color.primaries != nothing.primaries => Cow::Borrowed("guessed from the primaries"),
        () => by_size(),
    };
    let from_matrix = || match () {
        () if is_rgb(format) => Cow::Borrowed("usual for R, G and B"),
        () if color.matrix == shown.matrix => Cow::Borrowed("guessed from the matrix"),
        () if color.primaries != nothing.primaries => Cow::Borrowed("guessed from the primaries"),
        () => by_size(),
    };
    let matrix = value(color.matrix, shown.matrix, sources.matrix, matrix_guess);
    let primaries = value(
        color.primaries,
        shown.primaries,
        sources.primaries,
        from_matrix,
    );
    let transfer = value(
        color.transfer,
        shown.transfer,
        sources.transfer,
        from_matrix,
    );
    ShownColor {
        range: value(color.range, shown.range, sources.range, || {
            Cow::Borrowed(if is_rgb(format) {
                "usual for R, G and B"
            } else {
                "usual for video"
            })
        }),
        site: value(color.site, shown.site, sources.site, || {
            let shifts = format.chroma().map_or((0, 0), Chroma::shifts);
            Cow::Borrowed(if shifts == (0, 0) {
                "every pixel has its own"
            } else {
                "usual for video"
            })
        }),
        matrix,
        primaries,
        transfer,
    }
}

/// A value that was stated as it is shown, or the guess in its place.
fn value<T: PartialEq + Copy>(
    stated: T,
    shown: T,
    source: ColorSource,
    guess: impl FnOnce() -> Cow<'static, str>,
) -> ColorValue<T> {
    let source = if stated == shown {
        source
    } else {
        ColorSource::Guess
    };
    let reason = match source {
        ColorSource::Chosen => Cow::Borrowed("chosen"),
        ColorSource::Container => Cow::Borrowed("stated by the container"),
        ColorSource::Bitstream => Cow::Borrowed("stated by the bitstream"),
        ColorSource::Guess => guess(),
    };
    ColorValue {
        value: shown,
        source,
        reason,
    }
}

fn size_reason(width: u32, height: u32) -> String {
    // The side that decides in `assumed_color`.
    if width >= 1280 && height < 720 {
        format!("guessed from {width} columns")
    } else {
        format!("guessed from {height} lines")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(chosen: ColorInfo, bitstream: ColorInfo) -> ColorReport {
        ColorReport::new(chosen, ColorInfo::default(), bitstream)
    }

    #[test]
    fn what_nobody_states_is_guessed_from_the_size() {
        let nothing = report(ColorInfo::default(), ColorInfo::default());
        let of = |w, h| color_report(&nothing, PixelFormat::YUV420P, w, h);
        let pal = of(720, 576);
        assert_eq!(pal.matrix.value, Matrix::BT470BG);
        assert_eq!(pal.matrix.source, ColorSource::Guess);
        assert_eq!(pal.matrix.reason, "guessed from 576 lines");
        assert_eq!(of(1920, 1080).primaries.reason, "guessed from 1080 lines");
        assert_eq!(of(1280, 544).matrix.reason, "guessed from 1280 columns");
    }

    #[test]
    fn a_person_goes_before_the_bitstream() {
        let chosen = ColorInfo {
            matrix: Matrix::BT709,
            ..ColorInfo::default()
        };
        let bitstream = ColorInfo {
            matrix: Matrix::SMPTE170M,
            range: Range::Full,
            ..ColorInfo::default()
        };
        let stated = report(chosen, bitstream);
        let shown = color_report(&stated, PixelFormat::YUV420P, 720, 480);
        assert_eq!(shown.matrix.reason, "chosen");
        assert_eq!(shown.range.reason, "stated by the bitstream");
        assert_eq!(shown.primaries.value, Primaries::BT709);
        assert_eq!(shown.primaries.reason, "guessed from the matrix");
        assert_eq!(shown.color().range, Range::Full);
    }

    #[test]
    fn a_stated_value_that_cannot_be_is_a_guess_with_its_reason() {
        let identity = ColorInfo {
            matrix: Matrix::IDENTITY,
            ..ColorInfo::default()
        };
        let stated = report(ColorInfo::default(), identity);
        let matrix = color_report(&stated, PixelFormat::YUV420P, 1920, 1080).matrix;
        assert_eq!(matrix.source, ColorSource::Guess);
        assert_eq!(
            matrix.reason,
            "gbr is stated, which these planes cannot have"
        );
    }
}
