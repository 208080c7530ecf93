//! `cargo xtask sdk`: Python environments with the stock SDKs of several versions, which the tests
//! log from. They lie outside the checkout and are made once.

use std::fs::{self, File};
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};

use crate::shell;
use crate::venv::Venv;

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

/// Makes the environments and says where they are.
///
/// # Errors
/// As [`make`].
pub(crate) fn run() -> Result<()> {
    println!("{FOLDER}={}", make()?.display());
    Ok(())
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
        Venv::made_of(&folder.join(version), &packages(version), "import rerun, av")
            .with_context(|| format!("the Python environment with rerun-sdk {version} could not be made; `cargo xtask sdk` tries again"))?;
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
