//! Every ISO media file of a corpus, held against what ffprobe says of it. Runs where
//! `REELSCOPE_CORPUS` names a folder with `media/`, `truth/` and `big/`.

#![allow(
    clippy::unwrap_used,
    reason = "a test helper that cannot go on should panic"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reelscope_container::Movie;
use reelscope_media::{ByteSource, Ratio, Sample, SyncKind, Track, TrackKind, Visibility};
use serde_json::Value;

/// Files that differ from ffprobe, and why that is so.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[
    (
        "exiftool__QuickTime.mov",
        "ffprobe knows the matrix of JPEG without a sample to look at",
    ),
    (
        "fate__Sequence_1-Apple_ProRes_422_Proxy.mov",
        "ProRes states its colours in the bits, and there is no inspector for it",
    ),
    (
        "fate__crop-to-container-dims-canon.mov",
        "FFmpeg's H.264 decoder crops to the size in the sample entry where the SPS says nothing; the \
         size here is the bitstream's",
    ),
    (
        "fate__mov-tenc-only-encrypted.mp4",
        "ffprobe takes keyframes from the bits, which are encrypted; the fragment states one",
    ),
    (
        "gen__bad_moov_fuzz_7.mp4",
        "ffprobe takes keyframes from the bits, which the damaged sample sizes cut to pieces",
    ),
    (
        "gen__bad_truncated_mdat.mp4",
        "ffprobe takes keyframes from the bits, and the last keyframe is cut off",
    ),
    (
        "mp4ff__cbcs.mp4",
        "ffprobe gives up at the encryption boxes of the second fragment",
    ),
    (
        "mp4parse__no_timescale.mp4",
        "its matrix turns by 8 degrees: the nearest quarter turn is none",
    ),
    (
        "mp4parser__Tiny Sample - NEW - Metaxed.mp4",
        "ffprobe also counts I pictures that `stss` does not list",
    ),
    (
        "photoprism__quicktime-jpeg.mov",
        "ffprobe knows the matrix of JPEG without a sample to look at",
    ),
];

struct File(std::fs::File);

impl ByteSource for File {
    fn len(&self) -> u64 {
        self.0.metadata().unwrap().len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        use std::os::unix::fs::FileExt;
        let mut read = 0;
        while read < buf.len() {
            match self.0.read_at(&mut buf[read..], offset + read as u64)? {
                0 => break,
                more => read += more,
            }
        }
        Ok(read)
    }
}

#[test]
fn files_of_the_corpus_are_read_as_ffprobe_reads_them() {
    let Some(corpus) = std::env::var_os("REELSCOPE_CORPUS").map(PathBuf::from) else {
        return;
    };
    let mut differing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut seen, mut equal) = (0, 0);
    for entry in std::fs::read_dir(corpus.join("truth")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let truth: Value = serde_json::from_str(&text).unwrap();
        let format = truth["container"]["format_name"]
            .as_str()
            .unwrap_or_default();
        if !format.starts_with("mov,mp4") && truth["mp4_is_iso"] != true {
            continue;
        }
        let name = truth["file"].as_str().unwrap().to_owned();
        let folder = if name.starts_with("big__") {
            "big"
        } else {
            "media"
        };
        seen += 1;
        let found = differences(&corpus.join(folder).join(&name), &truth);
        if found.is_empty() {
            equal += 1;
        } else {
            differing.insert(name, found);
        }
    }
    println!("{equal} of {seen} files are read as ffprobe reads them");
    assert!(seen > 0, "the corpus holds no ISO media files");
    let known: BTreeMap<&str, &str> = KNOWN_DIFFERENCES.iter().copied().collect();
    for (name, found) in &differing {
        println!(
            "{name}: {}\n    {}",
            known.get(name.as_str()).unwrap_or(&"NOT KNOWN"),
            found.join("\n    ")
        );
    }
    let fixed: Vec<_> = known
        .keys()
        .filter(|name| !differing.contains_key(**name))
        .collect();
    assert!(
        fixed.is_empty(),
        "listed as differing, but equal: {fixed:?}"
    );
    differing.retain(|name, _| !known.contains_key(name.as_str()));
    assert!(
        differing.is_empty(),
        "not known to differ: {:?}",
        differing.keys()
    );
}

/// All that is not as the truth says, in words.
fn differences(path: &Path, truth: &Value) -> Vec<String> {
    let file = std::fs::File::open(path).unwrap();
    let started = Instant::now();
    let name = path.file_name().unwrap().to_str().unwrap();
    let movie = reelscope_container::open(Arc::new(File(file)), name);
    let took = started.elapsed();
    let mut found = Vec::new();
    if took > Duration::from_secs(2) {
        found.push(format!("opening took {took:?}"));
    }
    let streams = truth["video_streams"].as_array().unwrap();
    let readable = truth["container"]["ffprobe_exit"] == 0 && !streams.is_empty();
    match movie {
        Err(error) if readable => found.push(format!("not opened: {error}")),
        Ok(movie) if readable => compare_movie(&movie, streams, &mut found),
        Ok(_) | Err(_) => {}
    }
    found
}

fn compare_movie(movie: &Movie, streams: &[Value], found: &mut Vec<String>) {
    let tracks: Vec<&Track> = movie
        .tracks
        .iter()
        .filter(|track| track.kind == TrackKind::Video)
        .collect();
    // ffprobe lists cover pictures as streams; the container's own tracks come first.
    let streams: Vec<&Value> = streams
        .iter()
        .filter(|stream| stream["codec_tag_string"] != "[0][0][0][0]")
        .collect();
    if streams.len() > tracks.len() {
        found.push(format!(
            "{} video tracks instead of {}",
            tracks.len(),
            streams.len()
        ));
    }
    for (track, stream) in tracks.iter().zip(streams) {
        compare_track(track, stream, found);
    }
}

fn compare_track(track: &Track, stream: &Value, found: &mut Vec<String>) {
    let packets = &stream["packets"];
    let shown = track
        .samples
        .shown()
        .iter()
        .map(|id| track.samples.get(*id).unwrap());
    let all = (0..track.samples.len()).filter_map(|at| track.samples.at_decode_position(at));
    let all: Vec<&Sample> = all.map(|id| track.samples.get(id).unwrap()).collect();
    let nanos = |sample: &Sample| track.nanos(sample.pts);
    let scale = scale_of(stream);
    let ticks = |field: &str| -> Vec<i64> {
        let values = packets[field].as_array().cloned().unwrap_or_default();
        let mut times: Vec<i64> = values
            .iter()
            .filter_map(Value::as_i64)
            .map(&scale)
            .collect();
        times.sort_unstable();
        times
    };
    compare_times(
        "shown",
        &shown.map(nanos).collect::<Vec<_>>(),
        &ticks("presentation_pts_sorted"),
        found,
    );
    let sync = all
        .iter()
        .filter(|sample| sample.sync != SyncKind::None && sample.visibility == Visibility::Shown);
    let mut sync: Vec<i64> = sync.map(|sample| nanos(sample)).collect();
    sync.sort_unstable();
    compare_times("keyframe", &sync, &ticks("keyframe_pts"), found);
    if packets["count"].as_u64() != Some(all.len() as u64) {
        found.push(format!(
            "{} samples instead of {}",
            all.len(),
            packets["count"]
        ));
    }
    compare_picture(track, stream, found);
    compare_color(track, stream, found);
}

fn compare_picture(track: &Track, stream: &Value, found: &mut Vec<String>) {
    let size = (stream["width"].as_u64(), stream["height"].as_u64());
    let ours = (
        Some(u64::from(track.facts.width)),
        Some(u64::from(track.facts.height)),
    );
    if ours != size {
        found.push(format!("size {ours:?} instead of {size:?}"));
    }
    let orientation = track.geometry.orientation;
    let turn = stream["rotate_cw_deg"].as_u64();
    let mirror = stream["mirror_kind"].as_str();
    let named = match (orientation.mirrored, orientation.degrees()) {
        (false, _) => None,
        (true, 0) => Some("hflip"),
        (true, 180) => Some("vflip"),
        (true, 270) => Some("transpose"),
        (true, _) => Some("antitranspose"),
    };
    let turned = if orientation.mirrored {
        None
    } else {
        Some(u64::from(orientation.degrees()))
    };
    if turned != turn || named != mirror {
        found.push(format!("{orientation:?} instead of {turn:?} {mirror:?}"));
    }
    let aspect = track.geometry.pixel_aspect.or(track.facts.pixel_aspect);
    let stated = stream["sample_aspect_ratio"].as_str().and_then(|text| {
        let (num, den) = text.split_once(':')?;
        Ratio::new(num.parse().ok()?, den.parse().ok()?)
    });
    if aspect.unwrap_or(Ratio::ONE) != stated.unwrap_or(Ratio::ONE) {
        found.push(format!("pixel aspect {aspect:?} instead of {stated:?}"));
    }
}

/// Colour as the container and the bitstream state it together.
fn compare_color(track: &Track, stream: &Value, found: &mut Vec<String>) {
    let color = track.color();
    let ours = [
        ("matrix", color.matrix.name()),
        ("primaries", color.primaries.name()),
        ("transfer", color.transfer.name()),
        ("range", Some(color.range.name())),
    ];
    for (field, name) in ours {
        let stated = stream["color"][field].as_str().unwrap_or("unknown");
        if name != Some(stated) {
            found.push(format!("{field} {name:?} instead of {stated}"));
        }
    }
}

/// Ticks to nanoseconds, as the truth states them: to the nearest, halves up.
fn scale_of(stream: &Value) -> impl Fn(i64) -> i64 + use<> {
    let text = stream["time_base"].as_str().unwrap();
    let (num, den) = text.split_once('/').unwrap();
    let (num, den): (i128, i128) = (num.parse().unwrap(), den.parse().unwrap());
    move |tick| {
        let twice = 2 * i128::from(tick) * num * 1_000_000_000 + den;
        twice.div_euclid(2 * den) as i64
    }
}

/// Times differ if any is off by more than a microsecond.
fn compare_times(what: &str, ours: &[i64], theirs: &[i64], found: &mut Vec<String>) {
    if ours.len() != theirs.len() {
        found.push(format!(
            "{} {what} times instead of {}",
            ours.len(),
            theirs.len()
        ));
    }
    let pairs = ours.iter().zip(theirs).enumerate();
    let mut off = pairs.filter(|(_, (ours, theirs))| ours.abs_diff(**theirs) > 1_000);
    if let Some((at, (ours, theirs))) = off.next() {
        let more = off.count();
        found.push(format!(
            "{what} time {at} is {ours} instead of {theirs} ns, and {more} more"
        ));
    }
}
