//! Which colours a picture's code values mean: what was stated, completed by documented guesses.

mod conversion;
mod curve;
mod matrix;
mod primaries;
mod report;
mod tone;

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Matrix, PixelFormat, Primaries, Range, Transfer,
};

pub use conversion::Clipped;
pub(crate) use conversion::{Conversion, Display};
pub(crate) use curve::Curve;
pub(crate) use matrix::{Components, rgb_to_luma_and_chroma};
pub(crate) use primaries::{Matrix3, apply};
pub use report::{ColorValue, ShownColor, color_report};

/// The colours that a picture is shown with when nothing at all is stated of them.
///
/// | picture | matrix and primaries | range | chroma site |
/// |---|---|---|---|
/// | RGB | identity, BT.709 with the sRGB curve | full | – |
/// | Y'CbCr from 1280 wide or 720 high | BT.709 | limited | left |
/// | smaller, above 486 lines | BT.601 625 lines | limited | left |
/// | smaller | BT.601 525 lines | limited | left |
pub fn assumed_color(format: PixelFormat, width: u32, height: u32) -> ColorInfo {
    if is_rgb(format) {
        return ColorInfo {
            range: Range::Full,
            matrix: Matrix::IDENTITY,
            primaries: Primaries::BT709,
            transfer: Transfer::SRGB,
            site: ChromaSite::Center,
        };
    }
    let (matrix, primaries, transfer) = if width >= 1280 || height >= 720 {
        (Matrix::BT709, Primaries::BT709, Transfer::BT709)
    } else if height > 486 {
        (Matrix::BT470BG, Primaries::BT470BG, Transfer::SMPTE170M)
    } else {
        (Matrix::SMPTE170M, Primaries::SMPTE170M, Transfer::SMPTE170M)
    };
    ColorInfo {
        range: Range::Limited,
        matrix,
        primaries,
        transfer,
        site: ChromaSite::Left,
    }
}

/// The colours that a picture is shown with: each value that is `stated` and can be rendered, the
/// others guessed, first from the stated ones (BT.2020 primaries come with the BT.2020 matrix), then by
/// [`assumed_color`].
///
/// A stated transfer of PQ or HLG makes an unstated matrix and unstated primaries those of BT.2100.
/// Reserved matrices, and the identity matrix on subsampled planes, which H.273 forbids, count as not
/// stated. So the result says what is really shown.
pub fn resolved_color(
    stated: ColorInfo,
    format: PixelFormat,
    width: u32,
    height: u32,
) -> ColorInfo {
    let assumed = assumed_color(format, width, height);
    let is_hdr = matches!(stated.transfer, Transfer::PQ | Transfer::HLG);
    let hdr_matrix = is_hdr.then_some(Matrix::BT2020_NCL);
    let matrix = if is_rgb(format) {
        Matrix::IDENTITY
    } else {
        shown_matrix(stated.matrix, format)
            .or_else(|| matrix_of(stated.primaries))
            .or(hdr_matrix)
            .unwrap_or(assumed.matrix)
    };
    let primaries = primaries_of(matrix).unwrap_or(if is_hdr {
        Primaries::BT2020
    } else {
        assumed.primaries
    });
    let wide = primaries == Primaries::BT2020;
    let guess = ColorInfo {
        range: assumed.range,
        matrix,
        primaries,
        transfer: match matrix {
            Matrix::ICTCP | Matrix::SMPTE2085 => Transfer::PQ,
            _ if wide => Transfer::BT2020_10,
            _ => assumed.transfer,
        },
        // Also with BT.2020, where top left is usual: H.264 and H.265 say what unstated means.
        site: assumed.site,
    };
    ColorInfo {
        matrix,
        ..stated.or(guess)
    }
}

/// The primaries that a picture's colours are converted to the display's from: what is stated; what
/// is guessed only where it is far from the display's own. The primaries of BT.601, guessed from a
/// picture's size, are near enough that a wrong guess would cost more than no conversion.
pub(crate) fn gamut(stated: ColorInfo, resolved: ColorInfo) -> Primaries {
    let stated_ones = stated.primaries != Primaries::UNSPECIFIED;
    let far = matches!(resolved.primaries, Primaries::BT2020 | Primaries::SMPTE428);
    if stated_ones || far {
        resolved.primaries
    } else {
        Primaries::BT709
    }
}

fn is_rgb(format: PixelFormat) -> bool {
    format.chroma().is_none()
}

/// The matrix that a stated one is shown with, `None` if it says nothing of use.
fn shown_matrix(stated: Matrix, format: PixelFormat) -> Option<Matrix> {
    match stated {
        Matrix::IDENTITY => (format.chroma() == Some(Chroma::Yuv444)).then_some(stated),
        Matrix::UNSPECIFIED => None,
        _ => stated.name().is_some().then_some(stated),
    }
}

/// The matrix that pictures with these primaries usually have.
fn matrix_of(primaries: Primaries) -> Option<Matrix> {
    match primaries {
        Primaries::BT709 => Some(Matrix::BT709),
        Primaries::BT470M => Some(Matrix::FCC),
        Primaries::BT470BG => Some(Matrix::BT470BG),
        Primaries::SMPTE170M => Some(Matrix::SMPTE170M),
        Primaries::SMPTE240M => Some(Matrix::SMPTE240M),
        Primaries::BT2020 => Some(Matrix::BT2020_NCL),
        _ => None,
    }
}

/// The primaries that pictures with this matrix usually have.
fn primaries_of(matrix: Matrix) -> Option<Primaries> {
    match matrix {
        Matrix::BT709 => Some(Primaries::BT709),
        Matrix::FCC => Some(Primaries::BT470M),
        Matrix::BT470BG => Some(Primaries::BT470BG),
        Matrix::SMPTE170M => Some(Primaries::SMPTE170M),
        Matrix::SMPTE240M => Some(Primaries::SMPTE240M),
        Matrix::BT2020_NCL | Matrix::BT2020_CL | Matrix::ICTCP => Some(Primaries::BT2020),
        Matrix::SMPTE2085 => Some(Primaries::SMPTE428),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use reelscope_media::Layout;

    use super::*;

    const NOTHING: ColorInfo = ColorInfo {
        range: Range::Unspecified,
        matrix: Matrix::UNSPECIFIED,
        primaries: Primaries::UNSPECIFIED,
        transfer: Transfer::UNSPECIFIED,
        site: ChromaSite::Unspecified,
    };

    #[test]
    fn the_size_decides_where_nothing_is_stated() {
        let matrix = |w, h| resolved_color(NOTHING, PixelFormat::YUV420P, w, h).matrix;
        assert_eq!(matrix(1920, 1080), Matrix::BT709);
        assert_eq!(matrix(960, 720), Matrix::BT709);
        assert_eq!(matrix(720, 576), Matrix::BT470BG);
        assert_eq!(matrix(720, 480), Matrix::SMPTE170M);
    }

    #[test]
    fn stated_primaries_tell_the_matrix_but_not_the_chroma_site() {
        let stated = ColorInfo {
            primaries: Primaries::BT2020,
            ..NOTHING
        };
        let color = resolved_color(stated, PixelFormat::YUV420P, 720, 480);
        assert_eq!(color.matrix, Matrix::BT2020_NCL);
        assert_eq!(color.site, ChromaSite::Left);
        assert_eq!(color.range, Range::Limited);
    }

    #[test]
    fn pq_and_hlg_tell_matrix_and_primaries() {
        for transfer in [Transfer::PQ, Transfer::HLG] {
            let stated = ColorInfo {
                transfer,
                ..NOTHING
            };
            let color = resolved_color(stated, PixelFormat::YUV420P, 1920, 1080);
            assert_eq!(color.matrix, Matrix::BT2020_NCL);
            assert_eq!(color.primaries, Primaries::BT2020);
            let rgb = PixelFormat {
                layout: Layout::Rgb,
                ..PixelFormat::YUV420P
            };
            let color = resolved_color(stated, rgb, 1920, 1080);
            assert_eq!(color.matrix, Matrix::IDENTITY);
            assert_eq!(color.primaries, Primaries::BT2020);
        }
    }

    #[test]
    fn matrices_that_are_no_linear_function_stay_what_they_are() {
        for (matrix, primaries, transfer) in [
            (Matrix::BT2020_CL, Primaries::BT2020, Transfer::BT2020_10),
            (Matrix::ICTCP, Primaries::BT2020, Transfer::PQ),
            (Matrix::SMPTE2085, Primaries::SMPTE428, Transfer::PQ),
        ] {
            let stated = ColorInfo { matrix, ..NOTHING };
            let color = resolved_color(stated, PixelFormat::YUV420P, 1920, 1080);
            assert_eq!(
                (color.matrix, color.primaries, color.transfer),
                (matrix, primaries, transfer)
            );
        }
    }

    #[test]
    fn guessed_primaries_are_converted_only_where_they_are_wide() {
        let gamut_of = |stated, width, height| {
            let color = resolved_color(stated, PixelFormat::YUV420P, width, height);
            gamut(stated, color)
        };
        assert_eq!(gamut_of(NOTHING, 720, 576), Primaries::BT709);
        let stated = ColorInfo {
            primaries: Primaries::BT470BG,
            ..NOTHING
        };
        assert_eq!(gamut_of(stated, 720, 576), Primaries::BT470BG);
        let stated = ColorInfo {
            matrix: Matrix::BT2020_NCL,
            ..NOTHING
        };
        assert_eq!(gamut_of(stated, 3840, 2160), Primaries::BT2020);
    }

    #[test]
    fn what_is_stated_stays() {
        let stated = ColorInfo {
            range: Range::Full,
            matrix: Matrix::FCC,
            primaries: Primaries::SMPTE432,
            transfer: Transfer::HLG,
            site: ChromaSite::Bottom,
        };
        assert_eq!(
            resolved_color(stated, PixelFormat::YUV420P, 1920, 1080),
            stated
        );
    }

    #[test]
    fn an_identity_matrix_on_subsampled_planes_is_not_believed() {
        let stated = ColorInfo {
            matrix: Matrix::IDENTITY,
            ..NOTHING
        };
        let matrix = |format| resolved_color(stated, format, 1920, 1080).matrix;
        assert_eq!(matrix(PixelFormat::YUV420P), Matrix::BT709);
        assert_eq!(
            matrix(PixelFormat::planar(Chroma::Yuv444, 8)),
            Matrix::IDENTITY
        );
    }

    #[test]
    fn a_reserved_matrix_is_not_believed() {
        let stated = ColorInfo {
            matrix: Matrix(3),
            ..NOTHING
        };
        let color = resolved_color(stated, PixelFormat::YUV420P, 1920, 1080);
        assert_eq!(color.matrix, Matrix::BT709);
    }
}
