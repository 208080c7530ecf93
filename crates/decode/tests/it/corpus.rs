//! Every file of the corpus against its truth, where `REELSCOPE_CORPUS` names the corpus. Known
//! differences are listed with their reasons.

use std::panic::catch_unwind;
use std::path::Path;

use serde_json::Value;

use crate::support::{Rig, env, open};

/// The truth lists all frames of a file that has no more than this, else the first ones.
const LISTED: usize = 400;
/// Samples that are decoded of a file.
const SAMPLES: usize = 450;
/// Files with these tags are damaged or encrypted. What comes out depends on how damage is
/// concealed, so they only have to end.
const DAMAGED: &[&str] = &["decode-errors", "bitflips", "encrypted", "fuzzed"];
/// Files whose frames differ although nothing is wrong with them.
const KNOWN: &[(&str, &str)] = &[
    (
        "fate__crop-to-container-dims-canon.mov",
        "FFmpeg crops to the container's size where the bitstream does not crop at all",
    ),
    (
        "mdx__Sony ILCE-7M3 (A7M3).mts",
        "FFmpeg decodes one picture of it differently from run to run if it is given both fields at once",
    ),
];

#[test]
fn frames_of_the_corpus_are_ffmpegs() {
    // Without a corpus there is nothing to compare with; the other tests make their own clips.
    let Some(corpus) = std::env::var_os("REELSCOPE_CORPUS") else {
        return;
    };
    let only = std::env::var("REELSCOPE_CORPUS_ONLY").unwrap_or_default();
    let corpus = Path::new(&corpus);
    let mut files: Vec<_> = std::fs::read_dir(corpus.join("media"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.to_string_lossy().contains(&only))
        .collect();
    files.sort();
    let mut wrong = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let truth = std::fs::read(corpus.join("truth").join(format!("{name}.json"))).unwrap();
        let truth: Value = serde_json::from_slice(&truth).unwrap();
        let said = catch_unwind(|| verdict(&path, &truth)).unwrap_or(Err("it panicked".to_owned()));
        if let Err(reason) = said
            && !KNOWN.iter().any(|(known, _)| *known == name)
        {
            println!("{name}: {reason}");
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{} files: {wrong:#?}", wrong.len());
}

/// Compares the first video stream of a file, if it is one that can be opened at all.
fn verdict(path: &Path, truth: &Value) -> Result<(), String> {
    let Ok(track) = open(path) else { return Ok(()) };
    if track.unplayable.is_some() {
        return Ok(());
    }
    let samples = track.samples.len();
    let mut rig = Rig::new(track, env());
    rig.feed(0..SAMPLES);
    rig.flush();
    let tags = truth["tags"].as_array().cloned().unwrap_or_default();
    if tags
        .iter()
        .any(|tag| DAMAGED.contains(&tag.as_str().unwrap_or_default()))
    {
        return Ok(());
    }
    if let Some(error) = &rig.seen.failed {
        return Err(error.to_string());
    }
    let decode = &truth["video_streams"][0]["decode"];
    let mut expected: Vec<(i64, &str)> = decode["md5"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, md5)| {
            // Raw streams have no times: their frames are in order.
            let pts = decode["pts"][index].as_i64().unwrap_or(index as i64);
            (pts, md5.as_str().unwrap())
        })
        .collect();
    expected.sort_by_key(|(pts, _)| *pts);
    let mut shown = rig.shown_md5s();
    if expected.is_empty() {
        // FFmpeg does not open it.
        return Ok(());
    }
    if samples > SAMPLES || decode["complete"] == false || shown.len() > LISTED {
        let both = shown.len().min(expected.len()).min(100);
        shown.truncate(both);
        expected.truncate(both);
    }
    let same = shown
        .iter()
        .zip(&expected)
        .filter(|(a, (_, b))| *a == b)
        .count();
    if same == shown.len() && same == expected.len() {
        return Ok(());
    }
    Err(format!(
        "{same} frames of {} are FFmpeg's {}",
        shown.len(),
        expected.len()
    ))
}
