//! PNG chunks about colour (W3C PNG §11.3.2), of which the strongest one counts: `cICP`, then `iCCP`,
//! then `sRGB`, then `gAMA` and `cHRM`.

use super::super::StreamFacts;
use super::super::still::PROFILE_REMARK;
use super::super::vui::full_range;
use crate::{ContentLight, HdrFacts, MasteringDisplay, Matrix, Primaries, Transfer};

/// The colour chunks of a picture.
#[derive(Debug, Default)]
pub(super) struct ColorChunks {
    /// Primaries, transfer, matrix, and whether the range is full.
    code_points: Option<[u8; 4]>,
    has_profile: bool,
    is_srgb: bool,
    /// The exponent of encoding times 100 000.
    gamma: Option<u32>,
    /// White, red, green and blue x, y times 100 000.
    chromaticities: Option<[u32; 8]>,
    hdr: HdrFacts,
}

impl ColorChunks {
    /// Takes a chunk in. Others than these, and damaged ones, are passed over.
    pub(super) fn take(&mut self, name: &[u8; 4], body: &[u8]) {
        match name {
            b"cICP" => self.code_points = body.try_into().ok(),
            b"iCCP" => self.has_profile = true,
            b"sRGB" => self.is_srgb = true,
            b"gAMA" => self.gamma = words(body).map(|[gamma]| gamma),
            b"cHRM" => self.chromaticities = words(body),
            b"mDCV" => self.hdr.mastering = mastering_display(body),
            b"cLLI" => self.hdr.content_light = words(body).map(content_light),
            _ => {}
        }
    }

    /// Puts into the facts what the chunks say.
    pub(super) fn apply(self, facts: &mut StreamFacts) {
        facts.hdr = self.hdr;
        let color = &mut facts.color;
        if let Some([primaries, transfer, matrix, full]) = self.code_points {
            color.primaries = Primaries(primaries);
            color.transfer = Transfer(transfer);
            color.matrix = Matrix(matrix);
            color.range = full_range(full == 1);
        } else if self.has_profile {
            facts.remark = Some(PROFILE_REMARK);
        } else if self.is_srgb {
            color.primaries = Primaries::BT709;
            color.transfer = Transfer::SRGB;
        } else {
            color.transfer = self.gamma.map_or(color.transfer, transfer);
            color.primaries = self.chromaticities.map_or(color.primaries, primaries);
        }
    }
}

/// Big-endian numbers that fill the body of a chunk.
fn words<const N: usize>(body: &[u8]) -> Option<[u32; N]> {
    let (words, rest) = body.as_chunks::<4>();
    let words: &[[u8; 4]; N] = words.try_into().ok()?;
    rest.is_empty().then(|| words.map(u32::from_be_bytes))
}

/// §11.3.2.7: red, green, blue, white, and both luminances, in the units of the H.265 message.
fn mastering_display(body: &[u8]) -> Option<MasteringDisplay> {
    let (points, luminance) = body.split_at_checked(16)?;
    let (points, _) = points.as_chunks::<4>();
    let point = |[x0, x1, y0, y1]: [u8; 4]| {
        [u16::from_be_bytes([x0, x1]), u16::from_be_bytes([y0, y1])]
    };
    let [red, green, blue, white] = points.try_into().ok()?;
    let [max_luminance, min_luminance] = words(luminance)?;
    Some(MasteringDisplay {
        primaries: [red, green, blue].map(point),
        white: point(white),
        max_luminance,
        min_luminance,
    })
}

/// §11.3.2.8: in steps of 0.0001 cd/m².
fn content_light([max_content, max_frame_average]: [u32; 2]) -> ContentLight {
    let whole = |steps: u32| u16::try_from(steps.div_ceil(10_000)).unwrap_or(u16::MAX);
    ContentLight {
        max_content: whole(max_content),
        max_frame_average: whole(max_frame_average),
    }
}

/// The transfer that a `gAMA` value names, if one does.
fn transfer(gamma: u32) -> Transfer {
    let near = |exponent: f64| (f64::from(gamma) - 100_000.0 / exponent).abs() < 500.0;
    match () {
        () if near(1.0) => Transfer::LINEAR,
        () if near(2.2) => Transfer::GAMMA22,
        () if near(2.8) => Transfer::GAMMA28,
        () => Transfer::UNSPECIFIED,
    }
}

/// The primaries that `cHRM` values name (H.273 Table 2), if any do.
fn primaries(stated: [u32; 8]) -> Primaries {
    const D65: [u32; 2] = [31_270, 32_900];
    const KNOWN: [(Primaries, [u32; 6]); 5] = [
        (Primaries::BT709, [64_000, 33_000, 30_000, 60_000, 15_000, 6_000]),
        (Primaries::BT470BG, [64_000, 33_000, 29_000, 60_000, 15_000, 6_000]),
        (Primaries::SMPTE170M, [63_000, 34_000, 31_000, 59_500, 15_500, 7_000]),
        (Primaries::BT2020, [70_800, 29_200, 17_000, 79_700, 13_100, 4_600]),
        (Primaries::SMPTE432, [68_000, 32_000, 26_500, 69_000, 15_000, 6_000]),
    ];
    /// Room for rounding to three places.
    const NEAR: u32 = 100;
    let fits = |known: &[u32; 6]| {
        let all = D65.iter().chain(known);
        stated.iter().zip(all).all(|(a, b)| a.abs_diff(*b) <= NEAR)
    };
    let found = KNOWN.iter().find(|(_, known)| fits(known));
    found.map_or(Primaries::UNSPECIFIED, |(primaries, _)| *primaries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(chunks: &[(&[u8; 4], &[u8])]) -> StreamFacts {
        let mut colors = ColorChunks::default();
        for (name, body) in chunks {
            colors.take(name, body);
        }
        let mut facts = StreamFacts::default();
        colors.apply(&mut facts);
        facts
    }

    fn bytes(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn the_strongest_chunk_counts() {
        let gamma = bytes(&[45_455]);
        let cicp: (&[u8; 4], &[u8]) = (b"cICP", &[12, 13, 0, 1]);
        let iccp: (&[u8; 4], &[u8]) = (b"iCCP", b"");
        let srgb: (&[u8; 4], &[u8]) = (b"sRGB", &[0]);
        let gama: (&[u8; 4], &[u8]) = (b"gAMA", &gamma);
        let all = facts(&[gama, srgb, iccp, cicp]);
        assert_eq!((all.color.primaries, all.remark), (Primaries::SMPTE432, None));
        let profile = facts(&[gama, srgb, iccp]);
        assert_eq!(profile.color.transfer, Transfer::UNSPECIFIED);
        assert_eq!(profile.remark, Some(PROFILE_REMARK));
        assert_eq!(facts(&[gama, srgb]).color.transfer, Transfer::SRGB);
        assert_eq!(facts(&[gama]).color.transfer, Transfer::GAMMA22);
        assert_eq!(facts(&[(b"gAMA", &bytes(&[100_000]))]).color.transfer, Transfer::LINEAR);
    }

    #[test]
    fn chromaticities_name_their_primaries() {
        // Those of BT.2020 and white D65, as the PNG standard's table of cHRM fields orders them.
        let wide = bytes(&[31_270, 32_900, 70_800, 29_200, 17_000, 79_700, 13_100, 4_600]);
        assert_eq!(facts(&[(b"cHRM", &wide)]).color.primaries, Primaries::BT2020);
        let other = bytes(&[31_270, 32_900, 70_000, 30_000, 17_000, 79_700, 13_100, 4_600]);
        assert_eq!(facts(&[(b"cHRM", &other)]).color.primaries, Primaries::UNSPECIFIED);
        assert_eq!(facts(&[(b"cHRM", &wide[1..])]).color.primaries, Primaries::UNSPECIFIED);
    }

    #[test]
    fn brightness_is_in_the_units_of_the_video_messages() {
        let points: [u16; 8] = [35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450];
        let mut display: Vec<u8> = points.iter().flat_map(|it| it.to_be_bytes()).collect();
        display.extend(bytes(&[10_000_000, 50]));
        let light = bytes(&[10_000_000, 4_000_000]);
        let hdr = facts(&[(b"mDCV", &display), (b"cLLI", &light)]).hdr;
        assert_eq!(hdr.mastering.unwrap().primaries[0], [35400, 14600]);
        assert_eq!(hdr.mastering.unwrap().max_luminance, 10_000_000);
        assert_eq!(hdr.content_light.unwrap().max_frame_average, 400);
        assert_eq!(facts(&[(b"mDCV", &display[1..])]).hdr, HdrFacts::default());
    }
}
