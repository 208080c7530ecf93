//! `cargo xtask test`: the whole gate. What passes here may be merged.

use std::process::Command;

use anyhow::Result;

use crate::shell::{self, cargo};
use crate::{sdk, setup, wheel};

/// Sets up, then runs the checks, the quickest to fail first.
pub(crate) fn run() -> Result<()> {
    setup::run(setup::ALL)?;
    let sdks = sdk::make()?;
    if !shell::succeeds(&mut cargo(&["fmt", "--version"]))
        || !shell::succeeds(&mut cargo(&["clippy", "--version"]))
    {
        // A minimal toolchain has neither.
        shell::run(Command::new("rustup").args(["component", "add", "rustfmt", "clippy"]))?;
    }

    shell::run(&mut cargo(&["fmt", "--all", "--check"]))?;
    shell::run(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))?;
    shell::run(
        cargo(&["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"),
    )?;

    // One build for the binary and all tests, so that every dependency is compiled with one set of
    // features; the end-to-end tests are told where the binary is and need not build it again.
    shell::run(&mut cargo(&[
        "build",
        "--workspace",
        "--all-targets",
        "--locked",
    ]))?;
    let python = wheel::environment()?;
    let binary = shell::target_dir()
        .join("debug")
        .join(format!("reelscope{}", std::env::consts::EXE_SUFFIX));
    shell::run(
        cargo(&["test", "--workspace", "--no-fail-fast", "--locked"])
            .env("REELSCOPE_BIN", binary)
            .env(sdk::FOLDER, sdks)
            .env(wheel::PYTHON, python),
    )
}
