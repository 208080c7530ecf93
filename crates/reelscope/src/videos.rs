//! Video files on the command line: their tracks, and one of them picked by its number.

use std::path::Path;

use anyhow::{Context, bail};
use reelscope_ingest::load_file;
use reelscope_media::Track;
use reelscope_store::Rows;

/// The video tracks of a file, with what was wrong with it.
pub(crate) struct Loaded {
    pub(crate) container: &'static str,
    pub(crate) tracks: Vec<Track>,
    pub(crate) warnings: Vec<String>,
}

/// Opens a file.
pub(crate) fn load(path: &Path) -> anyhow::Result<Loaded> {
    let opened = load_file(path).with_context(|| path.display().to_string())?;
    let tracks = opened
        .chunks
        .into_iter()
        .filter_map(|chunk| match chunk.rows {
            Rows::Track(_, track) => Some(track),
            Rows::Logged(_) => None,
        });
    Ok(Loaded {
        container: opened.container,
        tracks: tracks.collect(),
        warnings: opened.warnings,
    })
}

/// One of a file's video tracks.
pub(crate) fn pick(loaded: Loaded, path: &Path, number: usize) -> anyhow::Result<Track> {
    for warning in &loaded.warnings {
        eprintln!("reelscope: {}: {warning}", path.display());
    }
    let count = loaded.tracks.len();
    match loaded.tracks.into_iter().nth(number) {
        Some(track) => Ok(track),
        None => bail!(
            "{}: there is no video track {number}, only {count}",
            path.display()
        ),
    }
}
