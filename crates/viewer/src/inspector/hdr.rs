//! What is stated of the brightness of pictures, in words.

use reelscope_media::{HdrFacts, MasteringDisplay};

use super::Row;

/// Chromaticities in steps of 0.00002 that differ by less are the same.
const TOLERANCE: u16 = 50;
/// Red, green, blue and white of colour spaces that displays are made for: ITU-R BT.2020 table 3, SMPTE
/// RP 431-2 with the white of BT.709 and with its own, ITU-R BT.709 item 1.
const KNOWN: [([[u16; 2]; 4], &str); 4] = [
    (
        [[35_400, 14_600], [8_500, 39_850], [6_550, 2_300], D65],
        "BT.2020",
    ),
    (
        [[34_000, 16_000], [13_250, 34_500], [7_500, 3_000], D65],
        "P3 D65",
    ),
    (
        [
            [34_000, 16_000],
            [13_250, 34_500],
            [7_500, 3_000],
            [15_700, 17_550],
        ],
        "P3 DCI",
    ),
    (
        [[32_000, 16_500], [15_000, 30_000], [7_500, 3_000], D65],
        "BT.709",
    ),
];
const D65: [u16; 2] = [15_635, 16_450];

/// A row for each thing that is stated.
pub(super) fn rows(hdr: &HdrFacts) -> impl Iterator<Item = Row> {
    let mastering = hdr.mastering.map(|display| Row {
        note: Some(gamut(&display)),
        raw: Some(chromaticities(&display)),
        ..row(
            "Mastered on",
            luminances(&display),
            "Black and white of the display that the pictures were made on, and its colours \
                 (SMPTE ST 2086)",
        )
    });
    let light = hdr.content_light.into_iter().flat_map(|light| {
        [
            row(
                "MaxCLL",
                nits(light.max_content),
                "The brightest pixel of all (CTA-861.3)",
            ),
            row(
                "MaxFALL",
                nits(light.max_frame_average),
                "The largest mean brightness of a picture (CTA-861.3)",
            ),
        ]
    });
    mastering.into_iter().chain(light)
}

fn row(name: &'static str, value: String, hint: &'static str) -> Row {
    Row {
        name,
        value,
        raw: None,
        hint,
        note: None,
        alert: false,
    }
}

fn nits(value: u16) -> String {
    match value {
        // CTA-861.3: zero says that it is not known.
        0 => "not known".to_owned(),
        value => format!("{value} cd/m²"),
    }
}

/// `0.0001–1000 cd/m²`.
fn luminances(display: &MasteringDisplay) -> String {
    let [low, high] = [display.min_luminance, display.max_luminance];
    let [low, high] = [low, high].map(|steps| f64::from(steps) / 10_000.0);
    format!("{low}–{high} cd/m²")
}

/// The name of the display's colour space.
fn gamut(display: &MasteringDisplay) -> &'static str {
    let [red, green, blue] = display.primaries;
    let stated = [red, green, blue, display.white];
    let is_near = |known: &[[u16; 2]; 4]| {
        let pairs = stated.iter().flatten().zip(known.iter().flatten());
        pairs.into_iter().all(|(a, b)| a.abs_diff(*b) <= TOLERANCE)
    };
    let found = KNOWN.iter().find(|(known, _)| is_near(known));
    found.map_or("own colours", |(_, name)| name)
}

fn chromaticities(display: &MasteringDisplay) -> String {
    let [red, green, blue] = display.primaries;
    let point = |name, [x, y]: [u16; 2]| {
        let [x, y] = [x, y].map(|steps| f64::from(steps) / 50_000.0);
        format!("{name} {x:.4} {y:.4}")
    };
    let points = [
        point("red", red),
        point("green", green),
        point("blue", blue),
        point("white", display.white),
    ];
    format!("{}, {}", luminances(display), points.join(", "))
}

#[cfg(test)]
mod tests {
    use reelscope_media::ContentLight;

    use super::*;

    /// What x265 writes for `master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)
    /// L(10000000,1)`.
    const P3: MasteringDisplay = MasteringDisplay {
        primaries: [[34_000, 16_000], [13_250, 34_500], [7_500, 3_000]],
        white: [15_635, 16_450],
        max_luminance: 10_000_000,
        min_luminance: 1,
    };

    #[test]
    fn a_mastering_display_is_named_with_its_black_and_white() {
        let hdr = HdrFacts {
            mastering: Some(P3),
            content_light: Some(ContentLight {
                max_content: 1_000,
                max_frame_average: 0,
            }),
        };
        let rows: Vec<Row> = rows(&hdr).collect();
        let texts = rows.iter().map(|row| format!("{} {}", row.name, row.value));
        let expected = [
            "Mastered on 0.0001–1000 cd/m²",
            "MaxCLL 1000 cd/m²",
            "MaxFALL not known",
        ];
        assert!(texts.eq(expected));
        assert_eq!(rows[0].note, Some("P3 D65"));
    }

    #[test]
    fn other_colours_are_told_by_their_chromaticities() {
        let mut display = P3;
        display.primaries[0] = [30_000, 16_000];
        assert_eq!(gamut(&display), "own colours");
        assert!(chromaticities(&display).contains("red 0.6000 0.3200"));
    }
}
