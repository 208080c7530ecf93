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
    // It asks for telemetry in its first run, and sends none: let every run be the first.
    let config = tempfile::tempdir()?;
    let run = Sdk::NEWEST.command(&["rrd", "verify", name]);
    let outcome = run.env("XDG_CONFIG_HOME", config.path()).success();
    let outcome = outcome.context("rerun rrd verify")?;
    let said = outcome.stdout + &outcome.stderr;
    ensure!(
        said.contains("1 file verified without error"),
        "rerun rrd verify: {said}"
    );
    Ok(())
}

/// What the stock SDK's own reader finds.
pub(crate) fn read(file: &Path) -> Result<Logged> {
    let outcome = Sdk::NEWEST.program("read_back").arg(file).success();
    let outcome = outcome.context("the stock SDK's reader")?;
    serde_json::from_str(&outcome.stdout).context("the stock SDK's reader")
}
