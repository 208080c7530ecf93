//! Starting the viewer, if none listens yet.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::SdkError;

/// The program's name.
const NAME: &str = "reelscope";
/// Says where the program is.
const VARIABLE: &str = "REELSCOPE_VIEWER";
/// How long a viewer may take to accept a connection.
const PROBE: Duration = Duration::from_secs(1);
/// How long it is waited for after its start; what is logged waits for it longer.
const START: Duration = Duration::from_secs(3);

/// How the viewer is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpawnOptions {
    /// The port that it listens at.
    pub port: u16,
    /// The program; searched for next to this one and on PATH if `None`.
    pub executable: Option<PathBuf>,
    /// Further arguments.
    pub arguments: Vec<String>,
}

impl Default for SpawnOptions {
    fn default() -> Self {
        Self {
            port: 9876,
            executable: None,
            arguments: Vec::new(),
        }
    }
}

/// Starts a viewer unless something accepts connections at the port. Nothing is logged to it yet.
///
/// # Errors
/// [`SdkError::NoViewer`], [`SdkError::Spawn`], [`SdkError::ViewerEnded`].
pub fn spawn(options: &SpawnOptions) -> Result<(), SdkError> {
    let addr = SocketAddr::from(([127, 0, 0, 1], options.port));
    if TcpStream::connect_timeout(&addr, PROBE).is_ok() {
        return Ok(());
    }
    let path = match &options.executable {
        Some(path) => path.clone(),
        None => found().ok_or(SdkError::NoViewer {
            name: NAME.to_owned(),
        })?,
    };
    let mut command = Command::new(&path);
    command
        .arg("--port")
        .arg(options.port.to_string())
        .args(&options.arguments)
        .stdin(Stdio::null());
    // It outlives this program, and Ctrl+C in the terminal is not meant for it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|source| SdkError::Spawn {
        path: path.clone(),
        source,
    })?;
    let started = Instant::now();
    while started.elapsed() < START && TcpStream::connect_timeout(&addr, PROBE).is_err() {
        // One that hands over to another window ends well.
        if let Ok(Some(status)) = child.try_wait()
            && !status.success()
        {
            return Err(SdkError::ViewerEnded { path, status });
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    // Somebody has to ask how it ended, or it stays as a zombie.
    let _ = std::thread::Builder::new()
        .name("sdk-viewer".to_owned())
        .spawn(move || drop(child.wait()));
    Ok(())
}

fn found() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(VARIABLE) {
        return Some(path.into());
    }
    let name = format!("{NAME}{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok();
    let beside = beside.as_deref().and_then(Path::parent).map(Path::to_owned);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = beside.into_iter().chain(std::env::split_paths(&path));
    places.find_map(|folder| Some(folder.join(&name)).filter(|program| program.is_file()))
}
