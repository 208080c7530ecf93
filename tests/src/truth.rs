//! The truth that FFmpeg and ffprobe wrote: of the clips in `clips/truth` (see `cargo xtask clips`),
//! and of the corpus of other people's files, where there is one.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A test clip.
#[derive(Debug, Deserialize)]
pub struct Clip {
    /// File name.
    #[serde(skip)]
    pub file: String,
    /// What a reader may expect.
    pub expect: Expect,
    /// Video tracks in file order.
    pub tracks: Vec<Track>,
}

/// What a reader may expect of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// Every frame.
    Whole,
    /// At least the frames listed.
    Damaged,
    /// An error.
    Refused,
}

/// A video track. Of a damaged clip only the frames are known.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Track {
    /// FFmpeg's name.
    pub codec: String,
    /// Pixels after cropping, before rotation.
    pub width: u32,
    /// Pixels after cropping, before rotation.
    pub height: u32,
    /// FFmpeg's name of the pixel format.
    pub pix_fmt: String,
    /// Clockwise degrees.
    pub rotation: i64,
    /// Width to height of a pixel.
    pub sample_aspect_ratio: (i64, i64),
    /// Colour description.
    pub color: Color,
    /// What ffprobe says of the first frame's brightness, in its words.
    #[serde(default)]
    pub first_frame: Value,
    /// Which field is shown first, where pictures have two.
    pub top_field_first: Option<bool>,
    /// Frames per second.
    pub frame_rate: (i64, i64),
    /// Samples that are shown.
    pub sample_count: usize,
    /// Times of the samples that are shown, in presentation order; `None` in an elementary stream.
    pub pts_ns: Option<Vec<i64>>,
    /// Sync samples, in presentation order.
    pub keyframes: Vec<usize>,
    /// Times of the decoded frames.
    pub frames_pts_ns: Vec<i64>,
    /// MD5 of the decoded frames' planes.
    pub md5: Vec<String>,
    /// The counter in the pictures, if all of them are of one size.
    pub counter: Option<Counter>,
}

/// Colour description by FFmpeg's names; `None` where nothing is stated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Color {
    /// `"tv"` or `"pc"`.
    pub range: Option<String>,
    /// Y'CbCr matrix.
    pub matrix: Option<String>,
    /// Primaries.
    pub primaries: Option<String>,
    /// Transfer.
    pub transfer: Option<String>,
}

/// The frame counter in the pictures of a clip: blocks in a row, block k white if bit k is 1.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Counter {
    /// Number of blocks.
    pub bits: u32,
    /// Side of a block in pixels.
    pub block: u32,
    /// Left and top edge of the first block.
    pub margin: u32,
    /// What the decoded frames show.
    pub values: Vec<u32>,
}

impl Track {
    /// When each sample is shown, in nanoseconds: an elementary stream has a constant rate.
    pub fn times(&self) -> Vec<i64> {
        let (num, den) = self.frame_rate;
        let constant =
            || (0..self.sample_count as i64).map(|index| index * den * 1_000_000_000 / num.max(1));
        self.pts_ns.clone().unwrap_or_else(|| constant().collect())
    }
}

/// All clips, in the order of their names.
///
/// # Errors
/// If a file of the truth cannot be read.
pub fn clips() -> Result<Vec<Clip>> {
    let truth = crate::clip_path("truth");
    json_files(&truth)?
        .into_iter()
        .map(|(file, path)| {
            Ok(Clip {
                file,
                ..read(&path)?
            })
        })
        .collect()
}

/// A file of the corpus.
#[derive(Debug, Deserialize)]
pub struct CorpusFile {
    /// File name.
    pub file: String,
    /// Categories.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Up to three, the primary one first.
    #[serde(default)]
    pub video_streams: Vec<CorpusStream>,
    /// Present for a folder of still pictures.
    pub sequence: Option<serde_json::Value>,
}

/// A video stream of a corpus file.
#[derive(Debug, Deserialize)]
pub struct CorpusStream {
    /// Seconds per tick as `"1/12800"`.
    pub time_base: String,
    /// What ffprobe says of the samples.
    pub packets: CorpusSamples,
    /// What FFmpeg decodes.
    #[serde(default)]
    pub decode: CorpusDecode,
}

/// The samples of a corpus file's stream.
#[derive(Debug, Deserialize)]
pub struct CorpusSamples {
    /// Times in ticks of those that are shown, ascending; `None` where the file gives no time.
    #[serde(default)]
    pub presentation_pts_sorted: Vec<Option<i64>>,
}

/// The decoded frames of a corpus file's stream.
#[derive(Debug, Default, Deserialize)]
pub struct CorpusDecode {
    /// MD5 of the leading frames' planes.
    #[serde(default)]
    pub md5: Vec<String>,
    /// What FFmpeg complained about.
    #[serde(default)]
    pub ffmpeg_errors: Vec<serde_json::Value>,
    /// Bytes of a frame: a number, or one for each if they differ.
    #[serde(default)]
    frame_bytes: serde_json::Value,
}

impl CorpusDecode {
    /// Bytes of the first frame; 0 if there is none.
    pub fn frame_bytes(&self) -> u64 {
        self.frame_bytes
            .as_u64()
            .or_else(|| self.frame_bytes[0].as_u64())
            .unwrap_or(0)
    }
}

impl CorpusStream {
    /// When each sample is shown, in nanoseconds; `None` if the file does not say it of all.
    pub fn times(&self) -> Option<Vec<i64>> {
        let (num, den) = self.time_base.split_once('/')?;
        let (num, den): (i128, i128) = (num.parse().ok()?, den.parse().ok()?);
        let ticks = &self.packets.presentation_pts_sorted;
        if ticks.is_empty() {
            return None;
        }
        ticks
            .iter()
            .map(|ticks| {
                let scaled = i128::from((*ticks)?) * num * 1_000_000_000;
                i64::try_from((2 * scaled + den).div_euclid(2 * den)).ok()
            })
            .collect()
    }
}

/// The corpus: a folder with `media/` and `truth/`, big files in `big/`.
#[derive(Debug)]
pub struct Corpus {
    folder: PathBuf,
    /// Its files, without folders of still pictures.
    pub files: Vec<CorpusFile>,
}

impl Corpus {
    /// Where a file of it is.
    pub fn path(&self, file: &CorpusFile) -> PathBuf {
        let media = self.folder.join("media").join(&file.file);
        if media.exists() {
            media
        } else {
            self.folder.join("big").join(&file.file)
        }
    }
}

/// The corpus that `REELSCOPE_CORPUS` names; `None`, and a word about it, if it names none.
///
/// # Errors
/// If it cannot be read.
pub fn corpus() -> Result<Option<Corpus>> {
    let Some(folder) = std::env::var_os("REELSCOPE_CORPUS").map(PathBuf::from) else {
        eprintln!(
            "REELSCOPE_CORPUS names no corpus: only the clips of this repository are checked"
        );
        return Ok(None);
    };
    let mut files = Vec::new();
    for (_, path) in json_files(&folder.join("truth"))? {
        let file: CorpusFile = read(&path)?;
        if file.sequence.is_none() {
            files.push(file);
        }
    }
    Ok(Some(Corpus { folder, files }))
}

/// The JSON files of a folder by name: their names without `.json`, and their paths.
fn json_files(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if let Some(name) = name.strip_suffix(".json") {
            files.push((name.to_owned(), path.clone()));
        }
    }
    files.sort();
    Ok(files)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = std::fs::read(path)?;
    serde_json::from_slice(&bytes).with_context(|| path.display().to_string())
}
