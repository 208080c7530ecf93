//! `cargo xtask wheel`: the Python package as a wheel that has the viewer, too; and for the tests a Python
//! environment in which it is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::shell::{self, cargo};
use crate::venv::Venv;

/// The environment variable that tells the tests which Python has the package.
pub(crate) const PYTHON: &str = "REELSCOPE_PYTHON";

/// What makes wheels.
const TOOLS: [&str; 2] = ["maturin==1.16.0", "wheel==0.48.0"];
/// What the tests need beside the package. They have wheels for Python 3.11, which is Debian 12's.
const FOR_TESTS: [&str; 7] = [
    "av==18.1.0",
    "datafusion==55.0.0",
    "duckdb==2.0.0",
    "grpcio==1.85.1",
    "mypy==2.4.1",
    "numpy==2.4.6",
    "pyarrow==26.0.1",
];
/// Where the viewer lies in the package; `_viewer.py` looks there.
const VIEWER_FOLDER: &str = "reelscope/_bin";

/// Makes the wheel and says where it is; if wanted, makes an environment with it as well.
///
/// # Errors
/// If there is no Python, or something cannot be built.
pub(crate) fn run(profile: &str, into: Option<&Path>) -> Result<()> {
    let wheel = make(profile)?;
    println!("{}", wheel.display());
    if let Some(into) = into {
        println!("{PYTHON}={}", install(&wheel, into)?.display());
    }
    Ok(())
}

/// Makes a clean environment with the package and what the tests need, and gives its Python.
///
/// # Errors
/// As [`run`], or if a package cannot be had.
pub(crate) fn environment() -> Result<PathBuf> {
    install(&make("dev")?, &folder().join("clean"))
}

fn install(wheel: &Path, into: &Path) -> Result<PathBuf> {
    let venv = Venv::empty(&std::path::absolute(into)?)?;
    let wheel = wheel.to_str().context("the path of the wheel is no text")?;
    let packages = FOR_TESTS.into_iter().chain([wheel]).map(str::to_owned);
    venv.install(&packages.collect::<Vec<_>>())?;
    Ok(venv.python())
}

fn folder() -> PathBuf {
    // Python runs elsewhere.
    let target = shell::target_dir();
    std::path::absolute(&target).unwrap_or(target).join("wheel")
}

fn make(profile: &str) -> Result<PathBuf> {
    let tools = TOOLS.map(str::to_owned);
    let tools = Venv::made_of(&folder().join("tools"), &tools, "import maturin, wheel")
        .context("what makes wheels could not be installed")?;
    let viewer = viewer(profile)?;
    let unpacked = folder().join("unpacked");
    empty(&unpacked)?;
    let package = match profile {
        "dev" => assembled(&tools, &unpacked)?,
        _ => built(&tools, profile, &unpacked)?,
    };
    add_viewer(&viewer, &package.join(VIEWER_FOLDER))?;
    let packed = folder().join("packed");
    empty(&packed)?;
    let mut pack = Command::new(tools.python());
    pack.args(["-m", "wheel", "pack", "--dest-dir"]);
    shell::run(pack.arg(&packed).arg(package))?;
    only_entry(&packed)
}

/// The contents of a wheel as maturin builds it.
fn built(tools: &Venv, profile: &str, unpacked: &Path) -> Result<PathBuf> {
    let bare = folder().join("bare");
    empty(&bare)?;
    shell::run(
        Command::new(tools.python())
            .args(["-m", "maturin", "build", "--locked"])
            .args(["--profile", profile, "--out"])
            .arg(&bare)
            .current_dir(shell::root()),
    )?;
    let mut unpack = Command::new(tools.python());
    unpack.args(["-m", "wheel", "unpack", "--dest"]);
    shell::run(unpack.arg(unpacked).arg(only_entry(&bare)?))?;
    only_entry(unpacked)
}

/// The same contents, put together from what the workspace's build left: maturin would build the module and
/// all that it uses once more, with other features.
fn assembled(tools: &Venv, unpacked: &Path) -> Result<PathBuf> {
    let package = unpacked.join("wheel");
    fs::create_dir_all(&package).with_context(|| package.display().to_string())?;
    shell::run(
        Command::new(tools.python())
            .args(["-m", "maturin", "pep517", "write-dist-info"])
            .args(["--profile", "dev", "--locked", "--metadata-directory"])
            .arg(&package)
            .arg("--interpreter")
            .arg(tools.python())
            .current_dir(shell::root()),
    )?;
    let (source, target) = (
        shell::root().join("crates/python/python/reelscope"),
        package.join("reelscope"),
    );
    fs::create_dir_all(&target).with_context(|| target.display().to_string())?;
    for entry in fs::read_dir(&source).with_context(|| source.display().to_string())? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            fs::copy(&path, target.join(name)).with_context(|| path.display().to_string())?;
        }
    }
    let module = shell::target_dir().join("debug/lib_native.so");
    let copy = target.join("_native.abi3.so");
    fs::copy(&module, &copy).with_context(|| module.display().to_string())?;
    shell::run(Command::new("strip").arg("-S").arg(&copy))?;
    Ok(package)
}

/// Builds the viewer.
fn viewer(profile: &str) -> Result<PathBuf> {
    // The gate has built the whole workspace, and a part of it would be built with other features.
    let what: &[&str] = match profile {
        "dev" => &["--workspace"],
        _ => &["--package", "reelscope"],
    };
    let build = ["build", "--locked", "--profile", profile];
    shell::run(cargo(&build).args(what))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    let name = format!("reelscope{}", std::env::consts::EXE_SUFFIX);
    Ok(shell::target_dir().join(folder).join(name))
}

/// Copies the viewer without what only debuggers read.
fn add_viewer(viewer: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let name = viewer.file_name().context("the viewer has no name")?;
    let copy = folder.join(name);
    fs::copy(viewer, &copy).with_context(|| viewer.display().to_string())?;
    if cfg!(unix) {
        // It comes with the linker.
        shell::run(Command::new("strip").arg("-S").arg(&copy))?;
    }
    Ok(())
}

/// Sees to it that the folder is there, and that nothing is in it.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())
}

fn only_entry(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let entries: Vec<_> = entries.collect::<Result<_, _>>()?;
    match entries.as_slice() {
        [entry] => Ok(entry.path()),
        _ => bail!("{} things in {}, not 1", entries.len(), folder.display()),
    }
}
