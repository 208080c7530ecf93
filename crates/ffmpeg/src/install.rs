//! Finding FFmpeg on this machine and asking it for its version. Nothing is remembered here.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::version::{self, MINIMUM_FFMPEG};

/// Environment variable with the path of the FFmpeg program.
pub(crate) const VARIABLE: &str = "REELSCOPE_FFMPEG";
/// How long FFmpeg may take to say its version: it takes a tenth of a second where nothing else runs,
/// and some seconds on a machine whose disk is busy.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often to look whether it has, and whether we are to give up.
const GLANCE: Duration = Duration::from_millis(5);
/// Bytes of a version text that are looked at.
const LONGEST_ANSWER: u64 = 64 << 10;

/// An FFmpeg that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FfmpegInstall {
    /// The program.
    pub path: PathBuf,
    /// Major and minor version.
    pub version: (u32, u32),
    /// The version as the program writes it: `"5.1.9-0+deb12u1"`.
    pub version_text: String,
}

/// Why FFmpeg cannot be used. Each message names the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FfmpegError {
    /// There is none.
    #[error(
        "FFmpeg was not found in {searched}: install FFmpeg {}.{} or newer, or set its path in the settings",
        MINIMUM_FFMPEG.0, MINIMUM_FFMPEG.1
    )]
    NotFound {
        /// Where it was looked for.
        searched: String,
    },
    /// It is an old one.
    #[error(
        "{} is FFmpeg {found}, and {}.{} or newer is needed: update it, or set the path of a newer one in the settings",
        path.display(), MINIMUM_FFMPEG.0, MINIMUM_FFMPEG.1
    )]
    TooOld {
        /// The program.
        path: PathBuf,
        /// Its version.
        found: String,
    },
    /// The file cannot be run.
    #[error(
        "{} cannot be run ({reason}): set the path of the ffmpeg program in the settings, and see that you may execute it",
        path.display()
    )]
    NotExecutable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// It runs, but is something else.
    #[error(
        "{} does not answer like FFmpeg (it said {output:?}): set the path of the ffmpeg program in the settings",
        path.display()
    )]
    NotFfmpeg {
        /// The program.
        path: PathBuf,
        /// The start of its answer.
        output: String,
    },
    /// It does not answer.
    #[error(
        "{} did not say its version within {} seconds: set the path of another ffmpeg program in the settings",
        path.display(), PATIENCE.as_secs()
    )]
    Hung {
        /// The program.
        path: PathBuf,
    },
}

/// The page from which FFmpeg can be had for this platform.
pub fn download_page() -> &'static str {
    if cfg!(target_os = "windows") {
        "https://ffmpeg.org/download.html#build-windows"
    } else if cfg!(target_os = "macos") {
        "https://ffmpeg.org/download.html#build-mac"
    } else {
        "https://ffmpeg.org/download.html#build-linux"
    }
}

/// Where FFmpeg is to be looked for, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// The path that the person chose.
    pub(crate) setting: Option<PathBuf>,
    /// The value of [`VARIABLE`].
    pub(crate) variable: Option<OsString>,
    /// The value of `PATH`.
    pub(crate) search_path: Option<OsString>,
}

/// A file, and what shows that it was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) path: PathBuf,
    modified: Option<SystemTime>,
    length: u64,
}

impl Places {
    /// The places that this process's environment names.
    pub(crate) fn of_environment(setting: Option<PathBuf>) -> Self {
        Self {
            setting,
            variable: std::env::var_os(VARIABLE).filter(|value| !value.is_empty()),
            search_path: std::env::var_os("PATH"),
        }
    }

    /// The file to use. A path that was chosen counts even if nothing usable is there: taking
    /// another one instead would hide the mistake.
    pub(crate) fn candidate(&self) -> Result<Candidate, FfmpegError> {
        let chosen = self
            .setting
            .clone()
            .or_else(|| self.variable.clone().map(PathBuf::from));
        if let Some(path) = chosen {
            let path = if path.is_dir() {
                path.join(program_name())
            } else {
                path
            };
            return Candidate::at(&path).map_err(|error| FfmpegError::NotExecutable {
                path,
                reason: error.to_string(),
            });
        }
        let search_path = self.search_path.clone().unwrap_or_default();
        std::env::split_paths(&search_path)
            .map(|folder| folder.join(program_name()))
            .chain(ffmpeg_sidecar::paths::sidecar_path().ok())
            .chain(outside_search_path().iter().map(PathBuf::from))
            .find_map(|path| Candidate::at(&path).ok())
            .ok_or_else(|| FfmpegError::NotFound {
                searched: format!("the folders of PATH ({})", search_path.to_string_lossy()),
            })
    }
}

impl Candidate {
    fn at(path: &Path) -> std::io::Result<Self> {
        let facts = std::fs::metadata(path)?;
        if !facts.is_file() {
            return Err(std::io::Error::other("it is not a file"));
        }
        Ok(Self {
            path: path.to_owned(),
            modified: facts.modified().ok(),
            length: facts.len(),
        })
    }

    /// Runs it to learn its version. Blocks for up to ten seconds; gives up early, as
    /// [`FfmpegError::Hung`], once `cancelled` says so.
    pub(crate) fn probe(&self, cancelled: &dyn Fn() -> bool) -> Result<FfmpegInstall, FfmpegError> {
        let output = self.version_output(cancelled)?;
        let Some(told) = version::read(&output) else {
            let output = output.chars().take(80).collect();
            return Err(FfmpegError::NotFfmpeg {
                path: self.path.clone(),
                output,
            });
        };
        if told.version < MINIMUM_FFMPEG {
            return Err(FfmpegError::TooOld {
                path: self.path.clone(),
                found: told.text,
            });
        }
        Ok(FfmpegInstall {
            path: self.path.clone(),
            version: told.version,
            version_text: told.text,
        })
    }

    fn version_output(&self, cancelled: &dyn Fn() -> bool) -> Result<String, FfmpegError> {
        let unusable = |error: std::io::Error| FfmpegError::NotExecutable {
            path: self.path.clone(),
            reason: error.to_string(),
        };
        let mut child = quiet_command(&self.path)
            .arg("-version")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(unusable)?;
        let stdout = child.stdout.take();
        let reader = std::thread::Builder::new()
            .name("ffmpeg version".to_owned())
            .spawn(move || {
                let mut answer = Vec::new();
                if let Some(stdout) = stdout {
                    let _what_came_so_far_counts =
                        stdout.take(LONGEST_ANSWER).read_to_end(&mut answer);
                }
                answer
            });
        let reader = reader.map_err(unusable)?;
        let started = Instant::now();
        while !reader.is_finished() {
            if started.elapsed() > PATIENCE || cancelled() {
                kill(&mut child);
                return Err(FfmpegError::Hung {
                    path: self.path.clone(),
                });
            }
            std::thread::sleep(GLANCE);
        }
        kill(&mut child);
        let answer = reader.join().unwrap_or_default();
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

fn program_name() -> &'static str {
    if cfg!(windows) {
        "ffmpeg.exe"
    } else {
        "ffmpeg"
    }
}

/// Where package managers put programs that applications started from the desktop do not find.
fn outside_search_path() -> &'static [&'static str] {
    if cfg!(target_os = "macos") {
        &[
            "/opt/homebrew/bin/ffmpeg",
            "/usr/local/bin/ffmpeg",
            "/opt/local/bin/ffmpeg",
        ]
    } else {
        &[]
    }
}

/// A command that opens no console window, and that is the head of its own process group, so that
/// what a wrapper script starts can be ended with it.
pub fn quiet_command(path: &Path) -> Command {
    let mut command = Command::new(path);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    #[cfg(windows)]
    {
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        std::os::windows::process::CommandExt::creation_flags(&mut command, CREATE_NO_WINDOW);
    }
    command
}

/// The number under which the system knows a process.
#[cfg(unix)]
pub fn pid(child: &Child) -> Option<rustix::process::Pid> {
    i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
}

/// Ends a process of [`quiet_command`] and all that it started, and waits for it to be gone.
pub fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = pid(child) {
        // It may have ended by itself, which is as good.
        let _gone = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _gone = child.kill();
    let _status = child.wait();
}
