//! Other people's videos, where `REELSCOPE_CORPUS` names a folder of them: times and pixels as
//! FFmpeg 5.1 has them, and nothing may break down, hang or eat up memory, damaged files least.

use anyhow::{Context as _, Result, bail, ensure};
use reelscope_tests::{CorpusFile, CorpusStream, Run, binary, corpus, for_each, frame_lines, info};

const KNOWN: &str = "corpus_known.txt";
/// Frames that are compared per file: at most so many, and of large pictures fewer.
const FRAMES: u64 = 120;
const BYTES: u64 = 400_000_000;

/// Files of which FFmpeg's word is not to be matched: they have to be survived.
const HOSTILE: &[&str] = &[
    "bitflips",
    "decode-errors",
    "encrypted",
    "fuzz",
    "lost-pictures",
    "missing-parameter-sets",
    "not-a-video",
    "truncated",
];

/// The primary stream, if its frames are to be matched.
fn healthy(file: &CorpusFile) -> Option<&CorpusStream> {
    let stream = file.video_streams.first()?;
    let hostile = file.tags.iter().any(|tag| HOSTILE.contains(&tag.as_str()));
    let sound = stream.decode.ffmpeg_errors.is_empty() && !stream.decode.md5.is_empty();
    (sound && !hostile).then_some(stream)
}

/// How many frames of a file are compared.
fn limit(file: &CorpusFile) -> u64 {
    let bytes = file
        .video_streams
        .first()
        .map_or(0, |stream| stream.decode.frame_bytes());
    (BYTES / bytes.max(1)).clamp(10, FRAMES)
}

fn name(file: &CorpusFile) -> String {
    file.file.clone()
}

#[test]
fn times_and_frames_are_ffmpegs() {
    let Some(corpus) = corpus().unwrap() else {
        return;
    };
    binary();
    let times = for_each(&corpus.files, name, |file| {
        let Some(stream) = healthy(file) else {
            return Ok(());
        };
        let info = info(&corpus.path(file))?;
        let track = info.tracks.first().context("no video track")?;
        match stream.times() {
            Some(times) => same_times(&track.pts_ns, &times),
            // The file gives no times: there is nothing to be held to.
            None => Ok(()),
        }
    });
    let frames = for_each(&corpus.files, name, |file| {
        let path = corpus.path(file);
        let limit = limit(file);
        let args = [
            "frames".as_ref(),
            path.as_os_str(),
            "--md5".as_ref(),
            "--limit".as_ref(),
        ];
        let outcome = Run::new(args.into_iter().chain([limit.to_string().as_ref()])).outcome()?;
        match outcome.code {
            Some(0) => {}
            Some(1) => ensure!(
                !outcome.stderr.trim().is_empty(),
                "it failed without a word"
            ),
            code => bail!("exit code {code:?}"),
        }
        let Some(stream) = healthy(file) else {
            return Ok(());
        };
        ensure!(outcome.code == Some(0), "{}", outcome.stderr.trim());
        let ours: Vec<String> = frame_lines(&outcome.stdout)?
            .into_iter()
            .map(|frame| frame.md5)
            .collect();
        same_frames(&ours, &stream.decode.md5, limit as usize)
    });
    let healthy = corpus
        .files
        .iter()
        .filter(|file| healthy(file).is_some())
        .count();
    println!(
        "{} files, {healthy} of them to be matched",
        corpus.files.len()
    );
    let wrong = [
        times.unexpected(KNOWN, "times"),
        frames.unexpected(KNOWN, "frames"),
    ]
    .concat();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn same_times(ours: &[i64], theirs: &[i64]) -> Result<()> {
    ensure!(
        ours.len() == theirs.len(),
        "{} times instead of {}",
        ours.len(),
        theirs.len()
    );
    for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        ensure!(
            (ours - theirs).abs() <= 1000,
            "#{index}: {ours} ns instead of {theirs} ns"
        );
    }
    Ok(())
}

fn same_frames(ours: &[String], theirs: &[String], limit: usize) -> Result<()> {
    let count = theirs.len().min(limit);
    ensure!(
        ours.len() == count,
        "{} frames instead of {count}",
        ours.len()
    );
    let other = ours
        .iter()
        .zip(theirs)
        .position(|(ours, theirs)| ours != theirs);
    match other {
        Some(index) => bail!("#{index} of {count} has other pixels"),
        None => Ok(()),
    }
}
