//! How a saved picture is shown: its depth, and what is to be believed of its colours.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use reelscope_media::{ChromaSite, ColorInfo, Matrix, Primaries, Range, Transfer};

/// Options of a picture that is saved. Names are FFmpeg's.
#[derive(Args, Debug)]
pub(super) struct ShownArgs {
    /// Bits per value of the picture that is saved, an sRGB picture either way: 8, or 16 to keep
    /// the steps between.
    #[arg(long, value_name = "BITS", requires = "at", value_parser = bits())]
    depth: Option<u8>,

    /// Make it brighter by so many stops, darker by fewer than none.
    #[arg(
        long,
        value_name = "STOPS",
        requires = "at",
        allow_hyphen_values = true,
        value_parser = stops
    )]
    exposure: Option<f32>,

    /// The Y'CbCr matrix, whatever the file says.
    #[arg(long, requires = "at", value_parser = one_of(Matrix::ALL, Matrix::name, &[("bt601", "smpte170m"), ("bt2020", "bt2020nc")]))]
    matrix: Option<Matrix>,

    /// Which code values are black and white, whatever the file says.
    #[arg(
        long,
        requires = "at",
        value_parser = one_of(Range::ALL, |range| Some(range.name()), &[("limited", "tv"), ("full", "pc")])
    )]
    range: Option<Range>,

    /// The primaries, whatever the file says.
    #[arg(long, requires = "at", value_parser = one_of(Primaries::ALL, Primaries::name, &[("bt601", "smpte170m"), ("p3", "smpte432")]))]
    primaries: Option<Primaries>,

    /// The transfer characteristics, whatever the file says.
    #[arg(
        long,
        requires = "at",
        value_parser = one_of(Transfer::ALL, Transfer::name, &[("pq", "smpte2084"), ("hlg", "arib-std-b67")])
    )]
    transfer: Option<Transfer>,

    /// Where chroma samples lie, whatever the file says.
    #[arg(
        long,
        requires = "at",
        value_parser = one_of(ChromaSite::ALL, |site| Some(site.name()), &[])
    )]
    siting: Option<ChromaSite>,
}

impl ShownArgs {
    /// True if 16 bits per value were asked for.
    pub(super) fn keeps_16_bits(&self) -> bool {
        self.depth == Some(16)
    }

    /// Stops.
    pub(super) fn exposure(&self) -> f32 {
        self.exposure.unwrap_or(0.0)
    }

    /// What is stated of the colours, but for what was chosen.
    pub(super) fn color(&self, stated: ColorInfo) -> ColorInfo {
        let chosen = ColorInfo {
            range: self.range.unwrap_or_default(),
            matrix: self.matrix.unwrap_or_default(),
            primaries: self.primaries.unwrap_or_default(),
            transfer: self.transfer.unwrap_or_default(),
            site: self.siting.unwrap_or_default(),
        };
        chosen.or(stated)
    }
}

fn bits() -> impl TypedValueParser<Value = u8> {
    PossibleValuesParser::new(["8", "16"]).try_map(|bits| bits.parse::<u8>())
}

/// More stops than any picture has, from either end.
const MOST_STOPS: f32 = 30.0;

fn stops(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(stops) if stops.abs() <= MOST_STOPS => Ok(stops),
        _ => Err(format!(
            "a number from -{MOST_STOPS} to {MOST_STOPS}, such as 1.5"
        )),
    }
}

/// A parser of the names of values. What stands for "not stated" cannot be chosen; `others` are
/// names that are understood too.
fn one_of<T: Copy + Default + PartialEq + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> Option<&'static str>,
    others: &'static [(&'static str, &'static str)],
) -> impl TypedValueParser<Value = T> {
    let stated = all.iter().copied().filter(|value| *value != T::default());
    let names = stated.clone().filter_map(name).map(|name| {
        let same = others.iter().filter(move |(_, meant)| *meant == name);
        PossibleValue::new(name).aliases(same.map(|(other, _)| *other))
    });
    PossibleValuesParser::new(names).try_map(move |given| {
        let meant = others.iter().find(|(other, _)| *other == given);
        let meant = meant.map_or(given.as_str(), |(_, meant)| meant);
        stated
            .clone()
            .find(|value| name(*value) == Some(meant))
            .ok_or_else(|| format!("there is no {given}"))
    })
}
