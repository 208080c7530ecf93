//! A program has logged to `reelscope record`: the file, and what the program says of it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use reelscope_tests::{Logged, Recorder, Sdk};
use tempfile::TempDir;

use crate::contents::{self, End};
use crate::{frames, info, stock};

/// A recording that a program has made.
pub(crate) struct Recorded {
    /// Holds the recording, the truth, and the streams that the truth names.
    pub(crate) folder: TempDir,
    /// The recording.
    pub(crate) file: PathBuf,
    /// What the program says.
    pub(crate) truth: Logged,
}

impl Recorded {
    /// Runs a program, which logs to a recorder of its own.
    pub(crate) fn new(sdk: Sdk, program: &str, args: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (file, truth) = paths(folder.path());
        let recorder = Recorder::until_disconnect(&file)?;
        let truth = sdk.logged_to(recorder.port, program, &truth, args)?;
        recorder.end()?;
        Ok(Self {
            folder,
            file,
            truth,
        })
    }

    /// Runs a program, which saves by itself.
    pub(crate) fn saved(sdk: Sdk, program: &str, args: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (file, truth) = paths(folder.path());
        let truth = sdk.saved_to(&file, program, &truth, args)?;
        Ok(Self {
            folder,
            file,
            truth,
        })
    }

    /// Everything that was logged is in the file, and nothing else.
    pub(crate) fn check_contents(&self) -> Result<()> {
        let found = contents::read(&self.file, End::Finished)?;
        self.truth.check(&found).context("our reader")?;
        for (version, source) in contents::sources(&self.file)? {
            ensure!(version == self.truth.sdk, "it says version {version}");
            ensure!(
                source.starts_with("Python 3."),
                "it says that it is from {source}"
            );
        }
        Ok(())
    }

    /// `reelscope info` says of the file what is in it.
    pub(crate) fn check_info(&self) -> Result<()> {
        info::check(&self.file, &self.truth).context("reelscope info")
    }

    /// The stock SDK's tools accept the file and find the same in it.
    pub(crate) fn check_stock(&self) -> Result<()> {
        stock::check(&self.file, &self.truth)
    }

    /// The frames are those that FFmpeg decodes from what was logged.
    pub(crate) fn check_frames(&self) -> Result<()> {
        for (path, entity) in &self.truth.single()?.entities {
            frames::check(&self.file, self.folder.path(), path, entity)
                .with_context(|| format!("frames of {path}"))?;
        }
        Ok(())
    }
}

fn paths(folder: &Path) -> (PathBuf, PathBuf) {
    (folder.join("recording.rrd"), folder.join("truth.json"))
}

/// Runs `check` with each SDK, and fails for all for which it does.
pub(crate) fn with_each_sdk(check: impl Fn(Sdk) -> Result<()>) {
    let wrong: Vec<String> = Sdk::ALL
        .into_iter()
        .filter_map(|sdk| {
            let error = check(sdk).err()?;
            Some(format!("SDK {}: {error:#}", sdk.version))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
