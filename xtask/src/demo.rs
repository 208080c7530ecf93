//! `cargo xtask demo`: from a fresh checkout to the viewer playing the demo video.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::setup::{self, Purpose};
use crate::shell;

/// The screen that is made up where there is none.
const VIRTUAL_SCREEN: &str = "-screen 0 1600x1000x24 +extension GLX +render -noreset";

/// Sets up, builds and opens the viewer on the demo video.
pub(crate) fn run() -> Result<()> {
    let has_screen = !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if has_screen {
        setup::run(&[Purpose::Build, Purpose::Run])?;
    } else {
        setup::run(setup::ALL)?;
    }

    shell::run(&mut shell::cargo(&[
        "build",
        "--release",
        "--package",
        "reelscope",
    ]))?;
    let viewer = shell::target_dir()
        .join("release")
        .join(format!("reelscope{}", std::env::consts::EXE_SUFFIX));
    let video = shell::root().join("assets/demo.mp4");

    if has_screen {
        return shell::run(Command::new(viewer).arg(video).current_dir(shell::root()));
    }
    let picture = shell::target_dir().join("demo.png");
    // A picture of an earlier run must not pass for one of this run.
    if picture.exists() {
        std::fs::remove_file(&picture)?;
    }
    // Graphics drivers look for it, and complain where nobody is logged in.
    let runtime: PathBuf = match std::env::var_os("XDG_RUNTIME_DIR") {
        Some(folder) => folder.into(),
        None => shell::target_dir().join("runtime"),
    };
    std::fs::create_dir_all(&runtime)?;
    shell::run(
        Command::new("xvfb-run")
            .args(["--auto-servernum", "--server-args", VIRTUAL_SCREEN])
            .args([viewer.as_os_str(), video.as_os_str()])
            .args([
                OsStr::new("--at"),
                OsStr::new("3.2s"),
                OsStr::new("--screenshot"),
            ])
            .arg(&picture)
            .env("XDG_RUNTIME_DIR", runtime)
            .current_dir(shell::root()),
    )?;
    ensure!(
        picture.is_file(),
        "the viewer ended without leaving {}",
        picture.display()
    );
    println!(
        "There is no display here, so the viewer ran on a virtual one. Its window: {}",
        picture.display()
    );
    Ok(())
}
