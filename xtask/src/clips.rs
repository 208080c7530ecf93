//! `cargo xtask clips`: makes the test clips and writes down what FFmpeg says of them. None of our
//! own decoding or demuxing has a part in it, so that tests can hold us against the result.

mod clip;
mod damage;
#[rustfmt::skip] // A table, one clip to a line.
mod list;
mod make;
mod mp4;
mod picture;
mod truth;

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use self::clip::Clip;
use crate::shell;

fn folder() -> PathBuf {
    shell::root().join("tests/clips")
}

fn truth_path(clip: &Clip) -> PathBuf {
    folder().join("truth").join(format!("{}.json", clip.file))
}

fn selected(filter: &str) -> impl Iterator<Item = Clip> {
    list::all()
        .into_iter()
        .filter(move |clip| clip.file.contains(filter))
}

/// Makes all clips whose name contains `filter`, and their truth.
pub(crate) fn make(filter: &str) -> Result<()> {
    std::fs::create_dir_all(folder().join("truth"))?;
    for clip in selected(filter) {
        make::make(&clip, &folder()).with_context(|| format!("making {}", clip.file))?;
        let truth =
            truth::of(&clip, &folder()).with_context(|| format!("truth of {}", clip.file))?;
        std::fs::write(truth_path(&clip), truth::spell(&truth))?;
        let size = std::fs::metadata(folder().join(clip.file))?.len();
        println!("{:>8} bytes  {}", size, clip.file);
    }
    Ok(())
}

/// Holds the committed truth against what the FFmpeg of this machine says of the committed clips.
pub(crate) fn check(filter: &str) -> Result<()> {
    let mut different = Vec::new();
    for clip in selected(filter) {
        let committed = std::fs::read(truth_path(&clip))
            .with_context(|| format!("{} has no truth", clip.file))?;
        let committed: Value = serde_json::from_slice(&committed)?;
        let now = truth::of(&clip, &folder()).with_context(|| format!("truth of {}", clip.file))?;
        if committed != now {
            different.push(clip.file);
        }
    }
    ensure!(
        different.is_empty(),
        "the FFmpeg of this machine says something else of: {}",
        different.join(", ")
    );
    println!("The truth of all clips holds.");
    Ok(())
}
