//! The stock SDKs, and the programs in `tests/sdk` that log with them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::{Logged, Run, Running};

/// Says in which folder `cargo xtask sdk` has put the Python environments.
const FOLDER: &str = "REELSCOPE_SDK_VENVS";
/// How long a program may take. Some encode video, and several run at once.
const PATIENCE: Duration = Duration::from_secs(120);

/// A stock SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sdk {
    /// Its version.
    pub version: &'static str,
}

impl Sdk {
    /// One for each change of what the SDK sends or writes.
    pub const ALL: [Self; 4] = [
        Self { version: "0.24.1" },
        Self { version: "0.30.2" },
        Self { version: "0.36.3" },
        Self { version: "0.41.0" },
    ];
    /// The oldest, which has a reader of its own for tables.
    pub const OLDEST: Self = Self::ALL[0];
    /// The newest, whose own tools read what we write.
    pub const NEWEST: Self = Self::ALL[3];

    /// A program of `tests/sdk`, by its name without `.py`. Every warning of the SDK is an error.
    ///
    /// # Panics
    /// If the SDK is not there.
    pub fn program(self, name: &str) -> Run {
        let script = crate::root().join("tests/sdk").join(format!("{name}.py"));
        // Nothing is compiled into the checkout.
        let args = ["-B", "-W", "error"].map(AsRef::as_ref);
        let args = args.into_iter().chain([script.as_os_str()]);
        // A person may have switched logging off.
        Run::program(self.binary("python"), args)
            .without_env("RERUN")
            .patience(PATIENCE)
    }

    /// Starts a program of `tests/sdk` that logs to `port` of this machine and writes its truth to
    /// `truth`.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn log_to(self, port: u16, name: &str, truth: &Path, args: &[&str]) -> Result<Running> {
        let run = self.program(name).arg("--port").arg(port.to_string());
        run.arg("--truth").arg(truth).args(args).start()
    }

    /// Runs a program of `tests/sdk` that logs to `port` of this machine, and gives its truth.
    ///
    /// # Errors
    /// If it does not end well.
    pub fn logged_to(self, port: u16, name: &str, truth: &Path, args: &[&str]) -> Result<Logged> {
        let target = ["--port".into(), port.to_string()];
        self.logged(&target, name, truth, args)
    }

    /// Runs a program of `tests/sdk` that saves what it logs to `file`, and gives its truth.
    ///
    /// # Errors
    /// If it does not end well.
    pub fn saved_to(self, file: &Path, name: &str, truth: &Path, args: &[&str]) -> Result<Logged> {
        let file = file.to_str().context("the path is no text")?;
        self.logged(&["--save".into(), file.into()], name, truth, args)
    }

    fn logged(self, target: &[String], name: &str, truth: &Path, args: &[&str]) -> Result<Logged> {
        let run = self.program(name).args(target).arg("--truth").arg(truth);
        run.args(args)
            .success()
            .with_context(|| format!("{name}.py"))?;
        Logged::read(truth)
    }

    /// The stock SDK's command line program.
    ///
    /// # Panics
    /// If the SDK is not there.
    pub fn command(self, args: &[&str]) -> Run {
        Run::program(self.binary("rerun"), args).patience(PATIENCE)
    }

    fn binary(self, name: &str) -> PathBuf {
        let folder = std::env::var_os(FOLDER).map(PathBuf::from).unwrap_or_else(|| {
            panic!(
                "{FOLDER} is not set. `cargo xtask test` sets it; to run these tests alone, set it to \
                 what `cargo xtask sdk` prints"
            )
        });
        let environment = folder.join(self.version);
        let path = if cfg!(windows) {
            environment.join("Scripts").join(format!("{name}.exe"))
        } else {
            environment.join("bin").join(name)
        };
        assert!(
            path.is_file(),
            "there is no {}: `cargo xtask sdk` makes the Python environments that these tests need",
            path.display()
        );
        path
    }
}
