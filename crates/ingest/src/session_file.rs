//! Session files (`.reel`): small texts, read whole and written whole. Knows nothing of what they
//! mean.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::{IngestError, SaveError};

/// The ending of their names.
const ENDING: &str = "reel";
/// What stands at the start of each one, behind comments.
const MARK: &str = "reelscope_session";
/// Bytes of the start that are looked at.
const HEAD: u64 = 1_024;
/// The most bytes that one may have.
const MOST_BYTES: u64 = 8 << 20;

/// True if a file is a session by its content, or by its name if it is so damaged that its content
/// does not say.
pub(crate) fn is_session(path: &Path) -> bool {
    let named = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING));
    if named {
        return path.is_file();
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    read.is_ok()
        && head
            .lines()
            .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .is_some_and(|line| line.trim_start().starts_with(MARK))
}

/// Reads a session file.
pub(crate) fn read(path: &Path) -> Result<String, IngestError> {
    let file = File::open(path)?;
    if file.metadata()?.len() > MOST_BYTES {
        return Err(IngestError::NotASession {
            reason: "it is too large",
        });
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| IngestError::NotASession {
        reason: "it is not text (UTF-8)",
    })
}

/// A text that is being written to a file, whole or not at all.
pub struct TextSaver {
    path: PathBuf,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl TextSaver {
    /// Starts to write. `wake` is called at the end.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(
        path: &Path,
        text: String,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> std::io::Result<Self> {
        let target = path.to_owned();
        let write = move || {
            let written = write(&target, &text);
            wake();
            written
        };
        Ok(Self {
            path: path.to_owned(),
            thread: Some(
                std::thread::Builder::new()
                    .name("text saver".into())
                    .spawn(write)?,
            ),
        })
    }

    /// Where it is written to.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it ended, once it has.
    pub fn try_result(&mut self) -> Option<Result<(), SaveError>> {
        if !self.thread.as_ref()?.is_finished() {
            return None;
        }
        let joined = self.thread.take()?.join();
        Some(match joined {
            Ok(result) => result.map_err(SaveError::Io),
            Err(_) => Err(SaveError::Cancelled),
        })
    }
}

impl Drop for TextSaver {
    fn drop(&mut self) {
        // A person's work: it is waited for.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    // The file itself where the name is a link to it.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let result = written.and_then(|()| std::fs::rename(&part, &path));
    if result.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_known_by_its_content_and_a_damaged_one_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        assert!(is_session(&file(
            "a.txt",
            b"# one\n\nreelscope_session = 1\n"
        )));
        assert!(!is_session(&file("b.txt", b"# one\nother = 1\n")));
        let damaged = file("c.REEL", b"\xff\xfe");
        assert!(is_session(&damaged));
        assert!(matches!(
            read(&damaged),
            Err(IngestError::NotASession { .. })
        ));
        assert!(!is_session(&folder.path().join("none.reel")));
        assert!(!is_session(folder.path()));
    }

    #[test]
    fn a_text_is_written_whole_or_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.reel");
        std::fs::write(&path, "before").unwrap();
        write(&path, "after").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "after");
        assert!(write(&folder.path().join("none/a.reel"), "x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
