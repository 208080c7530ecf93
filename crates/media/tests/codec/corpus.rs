//! Raw streams of the corpus against their truth. Runs where `REELSCOPE_CORPUS` names a folder with
//! `media/` and `truth/`.

use std::path::{Path, PathBuf};

use reelscope_media::codec::{PictureType, SampleFacts, StreamFacts};
use reelscope_media::{Codec, Range, SyncKind};
use serde_json::Value;

use crate::damage::{Noise, damage};
use crate::stream::{Stream, presentation_order};

/// Files that differ from their truth, and why.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[
    (
        "dav1d__asan_dav1d_fuzzer-5634614945644544.ivf",
        "damaged: only its headers can be read",
    ),
    (
        "dav1d__asan_dav1d_fuzzer-5673101040287744.ivf",
        "damaged: only its headers can be read",
    ),
    (
        "dav1d__msan_dav1d_fuzzer-5657755306688512.ivf",
        "damaged: only its headers can be read",
    ),
    (
        "dav1d__ubsan_dav1d_fuzzer-5652082695077888.ivf",
        "damaged: only its headers can be read",
    ),
    (
        "dav1d__Syntax_AV1_mainb8ss420_432x240_001_vq_aom_ctest_4.2.stripped.ivf",
        "has a switch frame: \"p\" in its truth",
    ),
    (
        "gen__h264_nonidr_start.h264",
        "ffmpeg shows nothing before the first recovery point",
    ),
    (
        "mbrn26x__input-10-no-vps-sps-pps.h265",
        "has no parameter sets",
    ),
    (
        "mbrn26x__input-irap-pss-no-irap.h265",
        "ffmpeg looks ahead for parameter sets",
    ),
    (
        "mbrn26x__input-sps-pps-non-idr-sps-pps-idr.h264",
        "ffmpeg decodes none of it",
    ),
    ("mediasdk__test_stream.265", "ffmpeg decodes none of it"),
];

/// What was found in a stream.
struct Found {
    facts: StreamFacts,
    samples: Vec<Option<SampleFacts>>,
}

fn open(path: &Path, truth: &Value) -> Option<Stream> {
    let bytes = std::fs::read(path).unwrap();
    match path.extension()?.to_str()? {
        "ivf" => Some(Stream::ivf(&bytes)),
        "h264" | "264" | "avc" | "jsv" | "h265" | "265" => match truth["codec_name"].as_str()? {
            "h264" => Some(Stream::annex_b(Codec::H264, &bytes)),
            "hevc" => Some(Stream::annex_b(Codec::H265, &bytes)),
            other => panic!("{path:?} has codec {other}"),
        },
        _ => None,
    }
}

fn inspect(stream: &Stream) -> Found {
    let mut inspector = stream.inspector();
    let mut facts: Option<StreamFacts> = None;
    let mut samples = Vec::new();
    for unit in &stream.units {
        samples.push(inspector.inspect(unit).ok());
        // Streams may change; the truth is that of their beginning.
        facts = facts.or_else(|| inspector.facts().cloned());
    }
    Found {
        facts: facts.unwrap_or_default(),
        samples,
    }
}

/// Everything in which a stream differs from its truth.
fn differences(stream: &Stream, truth: &Value) -> Vec<String> {
    let found = inspect(stream);
    let Found { facts, samples } = &found;
    let mut differences = Vec::new();
    let mut check = |what: &str, ours: Value, theirs: &Value| {
        if ours != *theirs {
            differences.push(format!("{what}: {ours} for {theirs}"));
        }
    };
    check("width", facts.width.into(), &truth["width"]);
    check("height", facts.height.into(), &truth["height"]);
    let spells_range = matches!(stream.codec, Codec::H264 | Codec::H265);
    let full = spells_range && facts.color.range == Range::Full;
    check(
        "format",
        facts
            .format
            .map(|format| format.name_with_range(full))
            .into(),
        &truth["pix_fmt"],
    );
    let known = |name: Option<&'static str>| Value::from(name.filter(|name| *name != "unknown"));
    let color = facts.color;
    check(
        "range",
        known(Some(color.range.name())),
        &truth["color"]["range"],
    );
    check(
        "matrix",
        known(color.matrix.name()),
        &truth["color"]["matrix"],
    );
    check(
        "primaries",
        known(color.primaries.name()),
        &truth["color"]["primaries"],
    );
    check(
        "transfer",
        known(color.transfer.name()),
        &truth["color"]["transfer"],
    );
    if let Some(depth) = facts.reorder_depth {
        check("reorder depth", depth.into(), &truth["has_b_frames"]);
    }
    let syncs: Vec<usize> = samples
        .iter()
        .enumerate()
        .filter(|(_, sample)| {
            sample
                .as_ref()
                .is_some_and(|facts| facts.sync != SyncKind::None)
        })
        .map(|(position, _)| position)
        .collect();
    // ffprobe's packets are fields where there are fields.
    if truth["packets"]["count"] == samples.len() {
        check(
            "syncs",
            syncs.into(),
            &truth["packets"]["keyframe_packet_indexes_decode_order"],
        );
    }
    if truth["decode"]["complete"] == true {
        check(
            "types in presentation order",
            types(samples).into(),
            &truth["decode"]["pict_types"],
        );
    }
    differences
}

fn types(samples: &[Option<SampleFacts>]) -> String {
    presentation_order(samples)
        .into_iter()
        .filter_map(|position| samples[position].as_ref())
        .map(|sample| match sample.picture {
            PictureType::I => 'I',
            PictureType::P => 'P',
            PictureType::B => 'B',
            PictureType::Unknown => '?',
        })
        .collect()
}

/// The raw streams of the corpus with their truth.
fn streams(corpus: &Path) -> Vec<(PathBuf, Stream, Value)> {
    let mut streams = Vec::new();
    for entry in std::fs::read_dir(corpus.join("media")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        let Ok(truth) = std::fs::read(corpus.join(format!("truth/{name}.json"))) else {
            continue;
        };
        let truth: Value = serde_json::from_slice(&truth).unwrap();
        let Some(truth) = truth["video_streams"].get(0) else {
            continue;
        };
        if let Some(stream) = open(&path, truth) {
            streams.push((path, stream, truth.clone()));
        }
    }
    streams.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(!streams.is_empty(), "no raw streams in {corpus:?}");
    streams
}

#[test]
fn raw_streams_of_the_corpus_are_what_ffprobe_says() {
    let Some(corpus) = std::env::var_os("REELSCOPE_CORPUS") else {
        println!("REELSCOPE_CORPUS is not set: there is nothing to compare with");
        return;
    };
    let mut wrong = Vec::new();
    let streams = streams(Path::new(&corpus));
    for (path, stream, truth) in &streams {
        let name = path.file_name().unwrap().to_string_lossy();
        let known = KNOWN_DIFFERENCES.iter().any(|(file, _)| *file == name);
        let differences = differences(stream, truth);
        if differences.is_empty() == known {
            wrong.push(format!("{name}: {differences:#?}"));
        }
    }
    println!(
        "{} streams, {} known to differ",
        streams.len(),
        KNOWN_DIFFERENCES.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn damaged_streams_of_the_corpus_do_no_harm() {
    let Some(corpus) = std::env::var_os("REELSCOPE_CORPUS") else {
        println!("REELSCOPE_CORPUS is not set: there is nothing to damage");
        return;
    };
    let mut noise = Noise(0xfeed_face_cafe_beef);
    for (_, stream, _) in streams(Path::new(&corpus)) {
        for _ in 0..5 {
            damage(&stream, &mut noise);
        }
    }
}
