//! The values of a colour description in words, in the order in which a person chooses from them.

use reelscope_media::{ChromaSite, Matrix, Primaries, Range, Transfer};

/// Ranges.
pub(crate) const RANGES: [(Range, &str); 2] =
    [(Range::Limited, "Limited (TV)"), (Range::Full, "Full (PC)")];

/// Matrices.
pub(crate) const MATRICES: [(Matrix, &str); 13] = [
    (Matrix::BT709, "BT.709"),
    (Matrix::BT470BG, "BT.601 625"),
    (Matrix::SMPTE170M, "BT.601 525"),
    (Matrix::BT2020_NCL, "BT.2020 NCL"),
    (Matrix::BT2020_CL, "BT.2020 CL"),
    (Matrix::ICTCP, "ICtCp"),
    (Matrix::IDENTITY, "Identity (GBR)"),
    (Matrix::YCGCO, "YCgCo"),
    (Matrix::FCC, "FCC"),
    (Matrix::SMPTE240M, "SMPTE 240M"),
    (Matrix::SMPTE2085, "SMPTE 2085"),
    (Matrix::CHROMA_NCL, "Derived NCL"),
    (Matrix::CHROMA_CL, "Derived CL"),
];

/// Primaries.
pub(crate) const PRIMARIES: [(Primaries, &str); 11] = [
    (Primaries::BT709, "BT.709"),
    (Primaries::BT470BG, "BT.601 625"),
    (Primaries::SMPTE170M, "BT.601 525"),
    (Primaries::BT2020, "BT.2020"),
    (Primaries::SMPTE432, "P3 D65"),
    (Primaries::SMPTE431, "P3 DCI"),
    (Primaries::SMPTE240M, "SMPTE 240M"),
    (Primaries::BT470M, "BT.470 M"),
    (Primaries::FILM, "Film"),
    (Primaries::SMPTE428, "XYZ (ST 428)"),
    (Primaries::EBU3213, "EBU 3213-E"),
];

/// Transfer functions.
pub(crate) const TRANSFERS: [(Transfer, &str); 16] = [
    (Transfer::BT709, "BT.709"),
    (Transfer::SMPTE170M, "BT.601"),
    (Transfer::SRGB, "sRGB"),
    (Transfer::PQ, "PQ (ST 2084)"),
    (Transfer::HLG, "HLG"),
    (Transfer::BT2020_10, "BT.2020 10 bit"),
    (Transfer::BT2020_12, "BT.2020 12 bit"),
    (Transfer::GAMMA22, "Gamma 2.2"),
    (Transfer::GAMMA28, "Gamma 2.8"),
    (Transfer::LINEAR, "Linear"),
    (Transfer::SMPTE240M, "SMPTE 240M"),
    (Transfer::LOG, "Log 100:1"),
    (Transfer::LOG_SQRT, "Log 316:1"),
    (Transfer::XVYCC, "xvYCC"),
    (Transfer::BT1361, "BT.1361"),
    (Transfer::SMPTE428, "ST 428-1"),
];

/// Chroma sites.
pub(crate) const SITES: [(ChromaSite, &str); 6] = [
    (ChromaSite::Left, "Left"),
    (ChromaSite::Center, "Centre"),
    (ChromaSite::TopLeft, "Top left"),
    (ChromaSite::Top, "Top"),
    (ChromaSite::BottomLeft, "Bottom left"),
    (ChromaSite::Bottom, "Bottom"),
];

/// The words for a value of one of the lists.
pub(crate) fn words<T: PartialEq>(list: &[(T, &'static str)], value: &T) -> Option<&'static str> {
    let found = list.iter().find(|(other, _)| other == value);
    found.map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_that_has_a_name_has_words() {
        for code in (0..=u8::MAX).filter(|code| *code != 2) {
            let known = [
                (Matrix(code).name(), words(&MATRICES, &Matrix(code))),
                (Primaries(code).name(), words(&PRIMARIES, &Primaries(code))),
                (Transfer(code).name(), words(&TRANSFERS, &Transfer(code))),
            ];
            for (name, words) in known {
                assert_eq!(
                    name.is_some(),
                    words.is_some(),
                    "{code}: {name:?} {words:?}"
                );
            }
        }
    }
}
