//! `reelscope record`, while it runs.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::{Run, Running};

/// How long it may take to start, and to end after its last logger did.
const PATIENCE: Duration = Duration::from_secs(30);

/// A recorder that listens.
#[derive(Debug)]
pub struct Recorder {
    running: Running,
    /// The port on which it listens.
    pub port: u16,
}

impl Recorder {
    /// Records into `file` until asked to end.
    ///
    /// # Errors
    /// If it does not start to listen.
    pub fn start(file: &Path) -> Result<Self> {
        Self::with(file, &["--port", "0"])
    }

    /// Records into `file` until its loggers have gone.
    ///
    /// # Errors
    /// If it does not start to listen.
    pub fn until_disconnect(file: &Path) -> Result<Self> {
        Self::with(file, &["--port", "0", "--until-disconnect"])
    }

    /// Records into `file` with these arguments.
    ///
    /// # Errors
    /// If it does not start to listen.
    pub fn with(file: &Path, args: &[&str]) -> Result<Self> {
        let output = ["record".as_ref(), "-o".as_ref(), file.as_os_str()];
        let args = args.iter().map(|arg| arg.as_ref());
        let mut running = Run::new(output.into_iter().chain(args)).start()?;
        let port = running.until("word of a port", PATIENCE, |running| {
            Ok(port(&running.stderr()?))
        })?;
        Ok(Self { running, port })
    }

    /// Waits for its end, which has to be a good one.
    ///
    /// # Errors
    /// If it does not end, or not with exit code 0.
    pub fn end(self) -> Result<()> {
        let outcome = self.running.end(PATIENCE)?;
        ensure!(
            outcome.code == Some(0) && !outcome.stderr.contains("panicked at"),
            "the recorder ended with {outcome:?}"
        );
        Ok(())
    }

    /// Presses Ctrl-C and waits for its end, which has to be a good one.
    ///
    /// # Errors
    /// As [`Recorder::end`].
    #[cfg(unix)]
    pub fn interrupt(self) -> Result<()> {
        self.running.interrupt().context("pressing Ctrl-C")?;
        self.end()
    }

    /// Ends it in the middle of its work.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn kill(self) -> Result<()> {
        self.running.kill()
    }
}

/// Reads the first line that it says.
fn port(stderr: &str) -> Option<u16> {
    let (line, _) = stderr.split_once('\n')?;
    let (_, port) = line.strip_prefix("listening on ")?.rsplit_once(':')?;
    port.trim().parse().ok()
}
