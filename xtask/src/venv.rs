//! Python environments: made with packages of fixed versions, and only once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::shell;

/// Succeeds with a Python that can make environments in which the pinned packages can be installed.
const CAPABLE: &str =
    "import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))";

/// Written into an environment last: it is whole, and of these packages.
const MARKER: &str = "made-of.txt";

/// A Python environment.
pub(crate) struct Venv(PathBuf);

/// A Python that can make environments.
pub(crate) fn base() -> Option<&'static str> {
    // The first one may be a version of a person's own that lacks something.
    let candidates = ["python3", "/usr/bin/python3", "python"];
    candidates
        .into_iter()
        .find(|python| shell::succeeds(Command::new(python).args(["-c", CAPABLE])))
}

impl Venv {
    /// One with nothing in it, in place of what was there.
    ///
    /// # Errors
    /// If there is no Python that can.
    pub(crate) fn empty(folder: &Path) -> Result<Self> {
        let Some(python) = base() else {
            bail!(
                "no Python of version 3.11 to 3.14 with `venv` was found; `cargo xtask setup` installs it"
            );
        };
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        shell::run(Command::new(python).args(["-m", "venv"]).arg(folder))?;
        Ok(Self(folder.to_owned()))
    }

    /// One with these packages. It is made unless it is there, of the same packages, and can run `probe`.
    ///
    /// # Errors
    /// If there is no Python that can, or the packages cannot be had.
    pub(crate) fn made_of(folder: &Path, packages: &[String], probe: &str) -> Result<Self> {
        let there = Self(folder.to_owned());
        if there.is_made_of(packages, probe) {
            return Ok(there);
        }
        // Half made, or of other packages.
        let venv = Self::empty(folder)?;
        venv.install(packages)?;
        let marker = folder.join(MARKER);
        fs::write(&marker, packages.join("\n")).with_context(|| marker.display().to_string())?;
        ensure!(
            venv.is_made_of(packages, probe),
            "it was installed but does not start"
        );
        Ok(venv)
    }

    fn is_made_of(&self, packages: &[String], probe: &str) -> bool {
        let marker = fs::read_to_string(self.0.join(MARKER)).unwrap_or_default();
        // The Python that it was made with may be gone.
        marker == packages.join("\n")
            && shell::succeeds(Command::new(self.python()).args(["-c", probe]))
    }

    /// Installs packages: names with versions, or wheels. Nothing is compiled.
    ///
    /// # Errors
    /// If they cannot be had.
    pub(crate) fn install(&self, packages: &[String]) -> Result<()> {
        shell::run(
            Command::new(self.python())
                .args(["-m", "pip", "install", "--quiet", "--no-input"])
                .args(["--disable-pip-version-check", "--only-binary", ":all:"])
                .args(packages),
        )
    }

    /// Its Python.
    pub(crate) fn python(&self) -> PathBuf {
        if cfg!(windows) {
            self.0.join("Scripts/python.exe")
        } else {
            self.0.join("bin/python")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_without_its_marker_or_of_other_packages_is_not_made() {
        let folder = std::env::temp_dir().join(format!("reelscope-venv-{}", std::process::id()));
        fs::create_dir_all(folder.join("bin")).unwrap();
        let venv = Venv(folder.clone());
        let packages = ["rerun-sdk==0.41.0".to_owned()];
        assert!(!venv.is_made_of(&packages, "pass"));
        fs::write(folder.join(MARKER), "rerun-sdk==0.1.0").unwrap();
        assert!(!venv.is_made_of(&packages, "pass"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
