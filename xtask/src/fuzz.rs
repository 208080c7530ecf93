//! `cargo xtask fuzz`: tries what reads recordings and messages with bytes that are wrong. Not part of
//! `cargo xtask test`: it takes as long as it is given, and tries other bytes each time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::shell::{self, cargo};

/// The package with the targets, which is not part of the workspace.
const PACKAGE: &str = "crates/wire/fuzz";
/// Each with the folder of inputs that it starts from, if there is one.
const TARGETS: [(&str, Option<&str>); 2] = [
    ("recording_reader", Some("crates/wire/tests/recordings")),
    ("chunk", None),
];

/// Runs each target for so many seconds: with libFuzzer where `cargo-fuzz` and a nightly toolchain
/// are installed, otherwise with the package's own driver.
///
/// # Errors
/// If a target fails; its input has been written down and is named.
pub(crate) fn run(seconds: u64) -> Result<()> {
    // Not below the package: what is built is in nobody's way there.
    let built = std::path::absolute(shell::target_dir().join("fuzz"))?;
    fs::create_dir_all(&built).with_context(|| built.display().to_string())?;
    if shell::succeeds(nightly().args(["fuzz", "--version"])) {
        eprintln!("Fuzzing with libFuzzer.");
        for (target, seeds) in TARGETS {
            shell::run(&mut libfuzzer(target, seeds, seconds, &built)?)?;
        }
    } else {
        eprintln!(
            "Fuzzing with the plain driver, which changes bytes at random: there is no cargo-fuzz with a \
             nightly toolchain (`rustup toolchain install nightly`, `cargo install cargo-fuzz`)."
        );
        let driver = build_driver(&built)?;
        for (target, _) in TARGETS {
            let mut command = Command::new(&driver);
            command.arg(target).arg(seconds.to_string());
            // An input that fails is left where it runs.
            shell::run(command.current_dir(&built))
                .with_context(|| format!("{target} failed in {}", built.display()))?;
        }
    }
    Ok(())
}

/// Cargo of the nightly toolchain, which libFuzzer needs.
fn nightly() -> Command {
    let mut command = Command::new("rustup");
    command
        .args(["run", "nightly", "cargo"])
        .current_dir(shell::root());
    command
}

fn libfuzzer(target: &str, seeds: Option<&str>, seconds: u64, built: &Path) -> Result<Command> {
    // New inputs go into the first folder, those of the others are only read.
    let found = built.join("corpus").join(target);
    fs::create_dir_all(&found).with_context(|| found.display().to_string())?;
    let mut command = nightly();
    command
        .args(["fuzz", "run", "--fuzz-dir", PACKAGE, "--target-dir"])
        .arg(built)
        .arg(target)
        .arg(found)
        .args(seeds.map(|seeds| shell::root().join(seeds)))
        .args(["--", &format!("-max_total_time={seconds}")]);
    Ok(command)
}

/// Builds the driver and says where it is.
fn build_driver(built: &Path) -> Result<PathBuf> {
    let manifest = format!("{PACKAGE}/Cargo.toml");
    let what = ["build", "--release", "--no-default-features", "--locked"];
    shell::run(
        cargo(&what)
            .args(["--bin", "drive", "--manifest-path", &manifest])
            .env("CARGO_TARGET_DIR", built),
    )?;
    Ok(built
        .join("release")
        .join(format!("drive{}", std::env::consts::EXE_SUFFIX)))
}
