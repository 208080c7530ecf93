//! A program that runs beside a test, until the test has seen enough of it.

use std::io::Read as _;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::NamedTempFile;

use crate::Outcome;

/// How often to look.
const TICK: Duration = Duration::from_millis(10);

/// A program that runs. It is killed when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
    stdout: NamedTempFile,
    stderr: NamedTempFile,
}

impl Running {
    pub(crate) fn new(mut command: Command) -> Result<Self> {
        let (stdout, stderr) = (NamedTempFile::new()?, NamedTempFile::new()?);
        let child = command
            .stdout(stdout.as_file().try_clone()?)
            .stderr(stderr.as_file().try_clone()?)
            .spawn()
            .with_context(|| format!("could not start {command:?}"))?;
        let name = format!("{command:?}");
        Ok(Self {
            child,
            name,
            stdout,
            stderr,
        })
    }

    /// All that it has written to stdout so far.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn stdout(&self) -> Result<String> {
        text(&self.stdout)
    }

    /// All that it has written to stderr so far.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn stderr(&self) -> Result<String> {
        text(&self.stderr)
    }

    /// True until it has ended.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn is_running(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Waits until `look` finds something, while it runs.
    ///
    /// # Errors
    /// If it ends before, if `look` fails, or if that takes longer than `patience`.
    pub fn until<T>(
        &mut self,
        what: &str,
        patience: Duration,
        mut look: impl FnMut(&Self) -> Result<Option<T>>,
    ) -> Result<T> {
        let deadline = Instant::now() + patience;
        loop {
            let ended = !self.is_running()?;
            if let Some(found) = look(self)? {
                return Ok(found);
            }
            if ended || Instant::now() > deadline {
                let why = if ended { "it ended" } else { "waited too long" };
                bail!("{}: no {what}, {why}: {}", self.name, self.stderr()?);
            }
            std::thread::sleep(TICK);
        }
    }

    /// Waits for its end, however that comes about.
    ///
    /// # Errors
    /// If that takes longer than `patience`.
    pub fn end(mut self, patience: Duration) -> Result<Outcome> {
        let deadline = Instant::now() + patience;
        let status = loop {
            match self.child.try_wait()? {
                Some(status) => break status,
                None if Instant::now() > deadline => bail!(
                    "{} did not end within {} s: {}",
                    self.name,
                    patience.as_secs(),
                    self.stderr()?
                ),
                None => std::thread::sleep(TICK),
            }
        };
        Ok(Outcome {
            code: status.code(),
            stdout: self.stdout()?,
            stderr: self.stderr()?,
        })
    }

    /// Ends it without asking.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, as Ctrl-C does.
    ///
    /// # Errors
    /// If the system refuses.
    #[cfg(unix)]
    pub fn interrupt(&self) -> Result<()> {
        self.signal(rustix::process::Signal::INT)
    }

    /// Makes it hang, as a program does that waits for a disk.
    ///
    /// # Errors
    /// If the system refuses.
    #[cfg(unix)]
    pub fn suspend(&self) -> Result<()> {
        self.signal(rustix::process::Signal::STOP)
    }

    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) -> Result<()> {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal)?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail if it has ended, which is what is wanted.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Through a handle of our own: the program's one has the place where it writes.
fn text(file: &NamedTempFile) -> Result<String> {
    let mut bytes = Vec::new();
    file.reopen()?.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
