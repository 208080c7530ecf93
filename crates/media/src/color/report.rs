//! Who stated how code values become colours: a person, the container, the bitstream, or nobody.

use super::ColorInfo;

/// Where a value of a [`ColorInfo`] comes from, the strongest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorSource {
    /// A person chose it.
    Chosen,
    /// The container states it.
    Container,
    /// The bitstream states it, or its standard does where the bits say nothing.
    Bitstream,
    /// Nobody states it.
    #[default]
    Guess,
}

/// The source of each value of a [`ColorInfo`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ColorSources {
    /// Of the range.
    pub range: ColorSource,
    /// Of the matrix.
    pub matrix: ColorSource,
    /// Of the primaries.
    pub primaries: ColorSource,
    /// Of the transfer.
    pub transfer: ColorSource,
    /// Of the chroma sample position.
    pub site: ColorSource,
}

/// A colour description and who stated each value of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ColorReport {
    /// The values; what nobody states is unspecified.
    pub color: ColorInfo,
    /// Where they come from; what nobody states is to be guessed.
    pub sources: ColorSources,
}

impl ColorReport {
    /// Each value from the first that states it: what a person `chose`, then the container, then the
    /// bitstream.
    pub fn new(chosen: ColorInfo, container: ColorInfo, bitstream: ColorInfo) -> Self {
        let mut report = Self::default();
        for (stated, source) in [
            (bitstream, ColorSource::Bitstream),
            (container, ColorSource::Container),
            (chosen, ColorSource::Chosen),
        ] {
            report.overlay(stated, source);
        }
        report
    }

    fn overlay(&mut self, stated: ColorInfo, source: ColorSource) {
        let (before, sources) = (ColorInfo::default(), &mut self.sources);
        for (is_stated, place) in [
            (stated.range != before.range, &mut sources.range),
            (stated.matrix != before.matrix, &mut sources.matrix),
            (stated.primaries != before.primaries, &mut sources.primaries),
            (stated.transfer != before.transfer, &mut sources.transfer),
            (stated.site != before.site, &mut sources.site),
        ] {
            if is_stated {
                *place = source;
            }
        }
        self.color = stated.or(self.color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Matrix, Primaries, Range};

    #[test]
    fn each_value_names_the_first_that_states_it() {
        let chosen = ColorInfo {
            range: Range::Full,
            ..ColorInfo::default()
        };
        let container = ColorInfo {
            range: Range::Limited,
            matrix: Matrix::BT709,
            ..ColorInfo::default()
        };
        let bitstream = ColorInfo {
            matrix: Matrix::FCC,
            primaries: Primaries::BT2020,
            ..ColorInfo::default()
        };
        let report = ColorReport::new(chosen, container, bitstream);
        assert_eq!(report.color, chosen.or(container).or(bitstream));
        assert_eq!(
            report.sources,
            ColorSources {
                range: ColorSource::Chosen,
                matrix: ColorSource::Container,
                primaries: ColorSource::Bitstream,
                transfer: ColorSource::Guess,
                site: ColorSource::Guess,
            }
        );
    }
}
