//! `cargo xtask sdk`: Python environments with the stock SDKs of several versions, which the tests
//! log from. They lie outside the checkout and are made once.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::shell;

/// The environment variable that tells the tests in which folder the environments are.
pub(crate) const FOLDER: &str = "REELSCOPE_SDK_VENVS";
/// The environment variable with which a person chooses that folder.
const CHOSEN: &str = "REELSCOPE_SDK_DIR";

/// The oldest that is supported, one for each change of what it writes, and the newest.
const VERSIONS: &[&str] = &["0.24.1", "0.30.2", "0.36.3", "0.41.0"];

/// What the programs use besides. All have wheels for Python 3.11, which is Debian 12's.
const PINS: &[&str] = &[
    "attrs==26.1.0",
    "av==18.1.0",
    "numpy==2.4.6",
    "pillow==13.0.0",
    "psutil==7.2.2",
    "pyarrow==26.0.1",
    "typing_extensions==4.16.0",
];

/// Succeeds with a Python that can make environments in which the pins can be installed.
const CAPABLE: &str =
    "import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))";

/// Written into an environment last: it is whole, and of these pins.
const MARKER: &str = "made-of.txt";

/// Makes the environments and says where they are.
///
/// # Errors
/// As [`make`].
pub(crate) fn run() -> Result<()> {
    println!("{FOLDER}={}", make()?.display());
    Ok(())
}

/// A Python that can make environments.
pub(crate) fn python() -> Option<&'static str> {
    // The first one may be a version of a person's own that lacks something.
    let candidates = ["python3", "/usr/bin/python3", "python"];
    candidates
        .into_iter()
        .find(|python| shell::succeeds(Command::new(python).args(["-c", CAPABLE])))
}

/// Makes those environments that are not there yet, and gives the folder with all of them, each
/// under the version of its SDK.
///
/// # Errors
/// If there is no Python that can, or the packages cannot be installed.
pub(crate) fn make() -> Result<PathBuf> {
    // Tests run elsewhere.
    let folder = std::path::absolute(folder()?)?;
    let root = shell::root().canonicalize()?;
    ensure!(
        !folder.starts_with(&root),
        "{CHOSEN} is {}: choose a folder outside the checkout",
        folder.display()
    );
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let lock = folder.join("lock");
    let lock = File::create(&lock).with_context(|| lock.display().to_string())?;
    lock.lock()
        .context("waiting for another run that makes the environments")?;
    for version in VERSIONS {
        let environment = folder.join(version);
        if !is_made(&environment, version) {
            make_one(&environment, version)
                .with_context(|| format!("the Python environment with rerun-sdk {version} could not be made; `cargo xtask sdk` tries again"))?;
        }
    }
    Ok(folder)
}

fn folder() -> Result<PathBuf> {
    if let Some(chosen) = set(CHOSEN) {
        return Ok(chosen);
    }
    let home = || set("HOME").context("there is no HOME");
    let cache = if cfg!(windows) {
        set("LOCALAPPDATA").context("there is no LOCALAPPDATA")?
    } else if let Some(cache) = set("XDG_CACHE_HOME").filter(|cache| cache.is_absolute()) {
        cache
    } else if cfg!(target_os = "macos") {
        home()?.join("Library/Caches")
    } else {
        home()?.join(".cache")
    };
    Ok(cache.join("reelscope/sdk"))
}

/// A path from the environment, if there is one.
fn set(variable: &str) -> Option<PathBuf> {
    let value = std::env::var_os(variable).filter(|value| !value.is_empty())?;
    Some(PathBuf::from(value))
}

/// What an environment consists of, a package to a line.
fn packages(version: &str) -> Vec<String> {
    let pins = PINS.iter().map(|pin| (*pin).to_owned());
    std::iter::once(format!("rerun-sdk=={version}"))
        .chain(pins)
        .collect()
}

/// The Python of an environment.
fn interpreter(environment: &Path) -> PathBuf {
    if cfg!(windows) {
        environment.join("Scripts/python.exe")
    } else {
        environment.join("bin/python")
    }
}

fn is_made(environment: &Path, version: &str) -> bool {
    let marker = fs::read_to_string(environment.join(MARKER)).unwrap_or_default();
    // The Python that it was made with may be gone.
    marker == packages(version).join("\n")
        && shell::succeeds(Command::new(interpreter(environment)).args(["-c", "import rerun, av"]))
}

fn make_one(environment: &Path, version: &str) -> Result<()> {
    let Some(python) = python() else {
        bail!(
            "no Python of version 3.11 to 3.14 with `venv` was found; `cargo xtask setup` installs it"
        );
    };
    if environment.exists() {
        // Half made, or of other pins.
        fs::remove_dir_all(environment).with_context(|| environment.display().to_string())?;
    }
    let venv = ["-m", "venv"].map(OsStr::new);
    shell::run(Command::new(python).args(venv).arg(environment))?;
    let packages = packages(version);
    shell::run(
        Command::new(interpreter(environment))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--only-binary", ":all:"])
            .args(&packages),
    )?;
    let marker = environment.join(MARKER);
    fs::write(&marker, packages.join("\n")).with_context(|| marker.display().to_string())?;
    ensure!(
        is_made(environment, version),
        "it was installed but does not start"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_without_its_marker_is_made_anew() {
        let folder = std::env::temp_dir().join(format!("reelscope-sdk-{}", std::process::id()));
        fs::create_dir_all(folder.join("bin")).unwrap();
        assert!(!is_made(&folder, VERSIONS[0]));
        fs::write(folder.join(MARKER), "rerun-sdk==0.1.0").unwrap();
        assert!(!is_made(&folder, VERSIONS[0]));
        fs::remove_dir_all(&folder).unwrap();
    }
}
