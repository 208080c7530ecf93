//! How the pictures of a corpus are described, held against what ffprobe says: colour, brightness,
//! fields, Dolby Vision. Runs where `REELSCOPE_CORPUS` names a folder with `media/` and `truth/`.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{FieldOrder, Track, TrackKind};
use serde_json::Value;

/// Files that differ from ffprobe, and why that is so.
const KNOWN: &[(&str, &str)] = &[
    (
        "androidx__sample_h262_mpeg_audio.ts",
        "MPEG-2 video is not read, and said to be",
    ),
    (
        "dav1d__Syntax_AV1_mainb8ss420_432x240_001_vq_aom_ctest_4.2.stripped.ivf",
        "the first sequence header's reserved codes; later ones state others",
    ),
    (
        "fate__Sequence_1-Apple_ProRes_422_Proxy.mov",
        "ProRes states its colours in the bits, and there is no inspector for it",
    ),
    (
        "gen__bad_moov_fuzz_7.mp4",
        "the damaged colour box states a reserved matrix",
    ),
    (
        "gen__png_in.mov",
        "chromaticities of a PNG are its own primaries, no display's",
    ),
];

/// Larger files have nothing to say that the others have not.
const LARGEST: u64 = 64 << 20;

#[test]
fn pictures_are_described_as_ffprobe_describes_them() -> Result<(), Box<dyn Error>> {
    let Some(folder) = std::env::var_os("REELSCOPE_CORPUS") else {
        println!("REELSCOPE_CORPUS is not set: nothing to compare with");
        return Ok(());
    };
    let folder = Path::new(&folder);
    let mut differing = BTreeMap::new();
    let mut compared = 0;
    for entry in std::fs::read_dir(folder.join("truth"))? {
        let truth: Value = serde_json::from_slice(&std::fs::read(entry?.path())?)?;
        let name = truth["file"].as_str().unwrap_or_default().to_owned();
        let path = folder.join("media").join(&name);
        let is_small = |it: std::fs::Metadata| it.is_file() && it.len() <= LARGEST;
        if !path.metadata().is_ok_and(is_small) {
            continue;
        }
        let source = Arc::new(Bytes::from(std::fs::read(&path)?));
        // Whether a file is opened, other tests compare.
        let Ok(movie) = reelscope_container::open(source, &name) else {
            continue;
        };
        let video = movie
            .tracks
            .iter()
            .find(|track| track.kind == TrackKind::Video);
        let stream = &truth["video_streams"][0];
        let Some(track) = video.filter(|_| stream["decode"]["first_frame"].is_object()) else {
            continue;
        };
        compared += 1;
        let found = differences(track, stream);
        if !found.is_empty() {
            println!("{name}: {}", found.join("; "));
            differing.insert(name, found);
        }
    }
    println!("{compared} files compared, {} differ", differing.len());
    assert!(compared > 0, "the corpus has no video");
    let known: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    let new: Vec<_> = differing
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()))
        .collect();
    assert!(new.is_empty(), "differences that are not listed: {new:#?}");
    Ok(())
}

fn differences(track: &Track, stream: &Value) -> Vec<String> {
    let mut found = Vec::new();
    color(track, stream, &mut found);
    brightness(track, stream, &mut found);
    fields(track, stream, &mut found);
    dolby_vision(track, stream, &mut found);
    found
}

fn color(track: &Track, stream: &Value, found: &mut Vec<String>) {
    let color = track.color();
    let site = color.site.name();
    let stated = &stream["color"];
    for (field, ours) in [
        ("matrix", color.matrix.name()),
        ("primaries", color.primaries.name()),
        ("transfer", color.transfer.name()),
        ("range", Some(color.range.name())),
    ] {
        let theirs = stated[field].as_str().unwrap_or("unknown");
        if ours != Some(theirs) {
            found.push(format!("{field} {ours:?} instead of {theirs}"));
        }
    }
    // FFmpeg's decoders say "left" where nothing is stated, and nothing where VP9's record states it
    // or each pixel has its own chroma.
    if let Some(theirs) = stated["chroma_location"].as_str()
        && site != theirs
        && (site, theirs) != ("unspecified", "left")
    {
        found.push(format!("chroma {site} instead of {theirs}"));
    }
}

/// A fraction as ffprobe writes it.
fn fraction(value: &Value) -> Option<f64> {
    let (num, den) = value.as_str()?.split_once('/')?;
    Some(num.parse::<f64>().ok()? / den.parse::<f64>().ok()?)
}

fn brightness(track: &Track, stream: &Value, found: &mut Vec<String>) {
    let sides = [
        &stream["stream_side_data"],
        &stream["decode"]["first_frame"]["side_data"],
    ];
    let side = |name: &str| {
        let mut all = sides.iter().filter_map(|sides| sides.as_array()).flatten();
        all.find(|side| side["side_data_type"] == name)
    };
    let hdr = track.hdr();
    let light = side("Content light level metadata");
    let theirs = light.map(|it| (it["max_content"].as_u64(), it["max_average"].as_u64()));
    let ours = hdr.content_light.map(|it| {
        (
            Some(u64::from(it.max_content)),
            Some(u64::from(it.max_frame_average)),
        )
    });
    if ours != theirs {
        found.push(format!("light {ours:?} instead of {theirs:?}"));
    }
    let display = side("Mastering display metadata");
    if hdr.mastering.is_some() != display.is_some() {
        found.push(format!(
            "display {:?} instead of {display:?}",
            hdr.mastering
        ));
    }
    if let (Some(ours), Some(theirs)) = (hdr.mastering, display) {
        let [red, green, blue] = ours.primaries;
        let names = ["red", "green", "blue", "white_point"];
        let points = names.into_iter().zip([red, green, blue, ours.white]);
        let axes =
            points.flat_map(|(name, [x, y])| [(format!("{name}_x"), x), (format!("{name}_y"), y)]);
        let steps = axes.map(|(name, value)| (name, f64::from(value) / 50_000.0));
        let luminance = [
            ("max_luminance".to_owned(), ours.max_luminance),
            ("min_luminance".to_owned(), ours.min_luminance),
        ];
        let luminance = luminance.map(|(name, value)| (name, f64::from(value) / 10_000.0));
        for (name, value) in steps.chain(luminance) {
            // Half a step of 0.0001 is the most that rounding makes.
            let theirs = fraction(&theirs[&name]);
            if theirs.is_none_or(|theirs| (theirs - value).abs() > 5.1e-5) {
                found.push(format!("{name} {value} instead of {theirs:?}"));
            }
        }
    }
}

fn fields(track: &Track, stream: &Value, found: &mut Vec<String>) {
    let decode = &stream["decode"];
    let facts = &track.facts;
    if decode["interlaced_frames"].as_u64() > Some(0) && !facts.interlaced {
        found.push("not interlaced".to_owned());
    }
    // "tb" is coded top first and shown bottom first.
    let theirs = match stream["field_order"].as_str() {
        Some("tt" | "bt") => Some(FieldOrder::TopFirst),
        Some("bb" | "tb") => Some(FieldOrder::BottomFirst),
        _ => None,
    };
    let both = facts.field_order.zip(theirs);
    if both.is_some_and(|(ours, theirs)| ours != theirs) {
        found.push(format!("{:?} instead of {theirs:?}", facts.field_order));
    }
}

fn dolby_vision(track: &Track, stream: &Value, found: &mut Vec<String>) {
    let sides = stream["stream_side_data"].as_array();
    let record = sides
        .into_iter()
        .flatten()
        .find(|side| side["side_data_type"] == "DOVI configuration record");
    let words = track.unplayable.as_ref().or(track.remark.as_ref());
    let told = words.map_or("", String::as_str);
    if let Some(profile) = record.and_then(|record| record["dv_profile"].as_u64())
        && !told.contains(&format!("Dolby Vision profile {profile}"))
    {
        found.push(format!(
            "{told:?} instead of Dolby Vision profile {profile}"
        ));
    }
}
