//! `reelscope [FILE…]`: starts the viewer, and saves the pictures that it takes of itself.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::bail;
use reelscope_ingest::ListenOptions;
use reelscope_viewer::{Link, Outcome, ScreenshotRequest, ViewerOptions};

use crate::ViewArgs;
use crate::file_dialogs::FileDialogs;
use crate::handover;
use crate::memory::{MemoryLimit, default_cache_bytes, default_memory_limit};
use crate::picture::{check_not_input, save_png};
use crate::record::OPEN_TO_ALL;
use reelscope_read::Engines;

/// A screenshot is taken after this time even if some tile is not ready.
const SCREENSHOT_LIMIT: Duration = Duration::from_secs(60);

/// Runs the viewer until its window is closed.
pub(crate) fn run(args: ViewArgs, engines: Engines) -> anyhow::Result<()> {
    if let Some(output) = &args.screenshot {
        args.files
            .iter()
            .try_for_each(|file| check_not_input(output, file))?;
    }
    let link = asked_for(&args)?;
    let address = handover::address();
    if hands_over(&args, &engines)
        && let Some(address) = &address
        && handover::hand_over(address, &link)
    {
        return Ok(());
    }
    let keeps = args.screenshot.is_none();
    let listen = listening(&args);
    // A picture of files needs nobody to log, and several may be taken at once.
    let listen_as_chosen = !args.no_listen && args.screenshot.is_none();
    if let Some(bind) = listen.as_ref().and_then(|listen| listen.bind)
        && !bind.is_loopback()
    {
        eprintln!("reelscope: {OPEN_TO_ALL}");
    }
    let saved = Arc::new(Mutex::new(Ok(())));
    let screenshot = args.screenshot.map(|path| {
        let saved = saved.clone();
        ScreenshotRequest {
            time_limit: SCREENSHOT_LIMIT,
            deliver: Box::new(move |picture| {
                *saved.lock().unwrap_or_else(PoisonError::into_inner) =
                    save_png(&path, picture.width, picture.height, picture.rgba);
            }),
        }
    });
    let outcome = reelscope_viewer::run(ViewerOptions {
        files: link.paths.clone(),
        moment: link,
        handover: address.filter(|_| keeps && !args.new_window),
        cache_folder: handover::cache_folder(),
        screenshot,
        ffmpeg: engines.ffmpeg,
        hwaccel: engines.hwaccel,
        default_cache_bytes: Some(default_cache_bytes()),
        memory_limit: args.memory_limit.map(MemoryLimit::bytes),
        default_memory_limit: Some(default_memory_limit()),
        listen,
        listen_as_chosen,
        decoder_threads: std::thread::available_parallelism().map_or(1, usize::from),
        dialogs: Some(Box::new(FileDialogs::default())),
        ..ViewerOptions::default()
    })?;
    std::mem::replace(
        &mut *saved.lock().unwrap_or_else(PoisonError::into_inner),
        Ok(()),
    )?;
    match outcome {
        Outcome::Screenshot {
            failed: failed @ 1..,
            ..
        } => {
            let plural = if failed == 1 { "" } else { "s" };
            bail!("{failed} file{plural} could not be opened; the picture says why")
        }
        Outcome::Screenshot {
            complete: false, ..
        } => {
            bail!(
                "some tiles were not ready within {} seconds",
                SCREENSHOT_LIMIT.as_secs()
            )
        }
        _ => Ok(()),
    }
}

/// What is to be opened, and the moment to look at.
fn asked_for(args: &ViewArgs) -> anyhow::Result<Link> {
    let mut link = Link::default();
    for file in &args.files {
        link.join(Link::from_argument(file.as_os_str())?);
    }
    link.at = args.at.map(|at| at.0).or(link.at);
    Ok(link)
}

/// True if the window that is open may do what is asked for: nothing is said about how a window is to
/// be.
fn hands_over(args: &ViewArgs, engines: &Engines) -> bool {
    let about_window = args.new_window
        || args.screenshot.is_some()
        || args.port.is_some()
        || args.bind.is_some()
        || args.no_listen
        || args.memory_limit.is_some()
        || engines.ffmpeg.is_some()
        || engines.hwaccel.is_some();
    !about_window
}

/// Where programs may log to, if the command line says so; otherwise the settings say it.
fn listening(args: &ViewArgs) -> Option<ListenOptions> {
    let asked = args.port.is_some() || args.bind.is_some();
    let listens = asked && !args.no_listen;
    listens.then(|| ListenOptions {
        port: args.port.unwrap_or(ListenOptions::DEFAULT_PORT),
        bind: args.bind,
    })
}
