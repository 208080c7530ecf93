//! Runs the `reelscope` program, within limits of time and memory.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::Running;

/// How long any command may take on any file.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much memory any command may hold at once, in bytes.
const MEMORY: u64 = 2 << 30;

/// The program under test: the one that `REELSCOPE_BIN` names, or else one that is built here, with
/// the profile of this test.
///
/// # Panics
/// If it cannot be built.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("REELSCOPE_BIN") {
        Some(path) => PathBuf::from(path),
        None => build().unwrap_or_else(|error| panic!("there is no program to test: {error:#}")),
    })
}

fn build() -> Result<PathBuf> {
    // This test lies in TARGET/PROFILE/deps.
    let test = std::env::current_exe()?;
    let folder = test
        .ancestors()
        .nth(2)
        .context("the test lies in no target folder")?;
    let target = folder
        .parent()
        .context("the test lies in no target folder")?;
    let profile = match folder.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--package", "reelscope", "--profile", profile])
        .arg("--target-dir")
        .arg(target)
        .current_dir(crate::root())
        .status()?;
    ensure!(status.success(), "cargo build failed: {status}");
    Ok(folder.join(format!("reelscope{}", std::env::consts::EXE_SUFFIX)))
}

/// A command line to run.
pub struct Run {
    command: Command,
    patience: Duration,
}

/// How a command went.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// All of stdout.
    pub stdout: String,
    /// All of stderr.
    pub stderr: String,
}

impl Run {
    /// `reelscope` with these arguments.
    pub fn new<I: IntoIterator<Item: AsRef<OsStr>>>(args: I) -> Self {
        Self::program(binary(), args)
    }

    /// Another program with these arguments.
    pub fn program<I: IntoIterator<Item: AsRef<OsStr>>>(
        program: impl AsRef<OsStr>,
        args: I,
    ) -> Self {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null());
        Self {
            command,
            patience: PATIENCE,
        }
    }

    /// With another argument.
    pub fn arg(self, arg: impl AsRef<OsStr>) -> Self {
        self.args([arg])
    }

    /// With more arguments.
    pub fn args<I: IntoIterator<Item: AsRef<OsStr>>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    /// With this environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Without this environment variable.
    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// With another limit of time.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Starts it and lets it run; it is killed when the result is dropped.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(self) -> Result<Running> {
        Running::new(self.command)
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// If it cannot be started, takes too long, takes too much memory, or panics.
    pub fn outcome(mut self) -> Result<Outcome> {
        // Files rather than pipes: a child that outlives the program cannot keep us waiting.
        let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let mut child = self
            .command
            .stdout(stdout.try_clone()?)
            .stderr(stderr.try_clone()?)
            .spawn()
            .with_context(|| format!("could not start {:?}", self.command))?;
        let watched = watch(&mut child, self.patience);
        let outcome = Outcome {
            code: watched.as_ref().ok().and_then(ExitStatus::code),
            stdout: text(&mut stdout)?,
            stderr: text(&mut stderr)?,
        };
        let status = watched.with_context(|| format!("its stderr: {}", outcome.stderr))?;
        if outcome.code.is_none() || outcome.stderr.contains("panicked at") {
            bail!("it broke down ({status}): {}", outcome.stderr);
        }
        Ok(outcome)
    }

    /// Runs it and expects it to end well.
    ///
    /// # Errors
    /// As [`Run::outcome`], and if the exit code is not 0.
    pub fn success(self) -> Result<Outcome> {
        let outcome = self.outcome()?;
        match outcome.code {
            Some(0) => Ok(outcome),
            code => bail!("exit code {code:?}: {}", outcome.stderr.trim_end()),
        }
    }
}

fn text(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn watch(child: &mut Child, patience: Duration) -> Result<ExitStatus> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        let too_late = Instant::now() > deadline;
        let peak = peak_memory(child.id()).unwrap_or(0);
        if too_late || peak > MEMORY {
            child.kill()?;
            child.wait()?;
            ensure!(!too_late, "it took more than {} s", patience.as_secs());
            bail!("it held {} MiB of memory", peak >> 20);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The most memory that a process has held so far, in bytes, where the system tells (Linux).
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
