//! The pictures of `docs/colour.md`, one for each step, made by the shader itself.

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::shell::{cargo, root, run, target_dir};

/// What makes them, an example of the crate that has the shader.
const EXAMPLE: &str = "colour_steps";

/// Makes `assets/colour/` anew.
pub(crate) fn make() -> Result<()> {
    let folder = root().join("assets/colour");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("could not make the folder {}", folder.display()))?;
    run(&mut cargo(&["build", "--workspace", "--example", EXAMPLE]))?;
    let program = target_dir()
        .join("debug/examples")
        .join(format!("{EXAMPLE}{}", std::env::consts::EXE_SUFFIX));
    run(Command::new(program).arg(folder))
}
