//! Handing over through Unix domain sockets. The address is a symbolic link to the socket of one
//! window, so that a window that takes it over replaces it in one step.

use std::fs::DirBuilder;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{GREETING, HandedOver, LISTEN, MOST_BYTES, Offer, PATIENCE, TAKEN, received};

/// Sockets that this program has made.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Listens for other launches, until it is dropped.
pub(crate) struct Reception {
    address: PathBuf,
    /// The socket itself.
    own: PathBuf,
    closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Reception {
    /// Starts to listen, in place of whoever did before. `deliver` hands a message to the window and
    /// says whether there was room for it.
    pub(crate) fn start(
        address: &Path,
        deliver: Arc<dyn Fn(HandedOver) -> bool + Send + Sync>,
    ) -> std::io::Result<Self> {
        let folder = address.parent().unwrap_or(Path::new("."));
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let own = folder.join(format!("{}-{number}.sock", std::process::id()));
        // Left by a program of the same number that was killed.
        remove(&own)?;
        let listener = UnixListener::bind(&own)?;
        let before = std::fs::read_link(address).ok();
        let link = own.with_extension("link");
        remove(&link)?;
        symlink(own.file_name().unwrap_or(own.as_os_str()), &link)?;
        std::fs::rename(&link, address)?;
        if let Some(before) = before {
            forget_dead(&folder.join(before));
        }
        let closing = Arc::new(AtomicBool::new(false));
        let is_closing = closing.clone();
        let thread = std::thread::Builder::new()
            .name("reception".into())
            .spawn(move || listen(&listener, &is_closing, deliver.as_ref()))?;
        Ok(Self {
            address: address.to_owned(),
            own,
            closing,
            thread: Some(thread),
        })
    }
}

impl Drop for Reception {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Release);
        // Wakes the thread; if nobody can reach it any more, it stays where it is.
        let reached = UnixStream::connect(&self.own).is_ok();
        if let Some(thread) = self.thread.take()
            && reached
        {
            let _ = thread.join();
        }
        let is_ours = |link: PathBuf| link.file_name() == self.own.file_name();
        if std::fs::read_link(&self.address).is_ok_and(is_ours) {
            let _ = remove(&self.address);
        }
        let _ = remove(&self.own);
    }
}

/// Removes the socket of a window that is not there any more.
fn forget_dead(socket: &Path) {
    let refused = UnixStream::connect(socket).err();
    if refused.is_some_and(|error| error.kind() == ErrorKind::ConnectionRefused) {
        let _ = remove(socket);
    }
}

/// Removes a file, if there is one.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn listen(
    listener: &UnixListener,
    closing: &AtomicBool,
    deliver: &(dyn Fn(HandedOver) -> bool + Send + Sync),
) {
    /// After an error that may come again at once: too many open files.
    const PAUSE: Duration = Duration::from_millis(100);
    for stream in listener.incoming() {
        if closing.load(Ordering::Acquire) {
            return;
        }
        match stream {
            Ok(mut stream) => {
                if let Some(line) = line(&mut stream, Instant::now() + LISTEN) {
                    let answer = received(&line, &|message| deliver(message));
                    let _gone = stream.set_write_timeout(Some(LISTEN));
                    let _gone = writeln!(stream, "{answer}");
                }
            }
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}

/// One line, without its end; `None` if it does not come, or is too long, or is no text.
fn line(stream: &mut UnixStream, until: Instant) -> Option<String> {
    let mut bytes = Vec::new();
    let mut part = [0; 4_096];
    loop {
        let left = until.checked_duration_since(Instant::now())?;
        stream
            .set_read_timeout(Some(left.max(Duration::from_millis(1))))
            .ok()?;
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(part.get(..read)?);
        if let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            bytes.truncate(end);
            return String::from_utf8(bytes).ok();
        }
        if bytes.len() > MOST_BYTES {
            return None;
        }
    }
}

/// Hands a text over.
pub(super) fn offer(address: &Path, text: &str) -> Offer {
    let Ok(mut stream) = UnixStream::connect(address) else {
        return Offer::Nobody;
    };
    let until = Instant::now() + PATIENCE;
    let message = format!("{GREETING}{}\n", text.replace('\n', " "));
    let sent = stream
        .set_write_timeout(Some(PATIENCE))
        .and_then(|()| stream.write_all(message.as_bytes()));
    match sent.ok().and_then(|()| line(&mut stream, until)) {
        Some(answer) if answer == TAKEN => Offer::Taken,
        _ => Offer::Unanswered,
    }
}

#[cfg(test)]
mod tests;
