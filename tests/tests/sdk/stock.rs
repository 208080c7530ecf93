//! Holds what the newest stock SDK's own tools find in a file against what was logged.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use reelscope_tests::{Logged, Sdk};

/// The tools accept the file, and find the same rows with the same bytes.
pub(crate) fn check(file: &Path, truth: &Logged) -> Result<()> {
    verify(file)?;
    truth.check(&read(file)?).context("the stock SDK's reader")
}

/// `rerun rrd verify` accepts the file with its footer.
pub(crate) fn verify(file: &Path) -> Result<()> {
    let name = file.to_str().context("the path is no text")?;
    let outcome = Sdk::NEWEST.command(&["rrd", "verify", name]).success();
    let outcome = outcome.context("rerun rrd verify")?;
    let said = outcome.stdout + &outcome.stderr;
    ensure!(!said.contains("error"), "rerun rrd verify: {said}");
    Ok(())
}

/// What the stock SDK's own reader finds.
pub(crate) fn read(file: &Path) -> Result<Logged> {
    let outcome = Sdk::NEWEST.program("read_back").arg(file).success();
    let outcome = outcome.context("the stock SDK's reader")?;
    serde_json::from_str(&outcome.stdout).context("the stock SDK's reader")
}
