//! What was open before: whether it is still there, and the small pictures by which one knows it
//! again. On a thread, because a path may lead to a network that does not answer.

mod picture;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::IngestError;

pub use picture::Thumbnail;

/// Errands that wait, and answers that wait to be taken.
const QUEUE: usize = 64;

/// What was found of a file that was open before.
#[derive(Debug)]
pub struct Remembered {
    /// Which one, as it was asked for.
    pub path: PathBuf,
    /// Why it cannot be opened, if it cannot.
    pub missing: Option<IngestError>,
    /// Its picture, if one was kept.
    pub thumbnail: Option<Thumbnail>,
}

enum Errand {
    Look(PathBuf),
    Keep(PathBuf, Thumbnail),
    Forget(PathBuf),
}

/// Owns the thread.
pub struct Shelf {
    errands: Option<Sender<Errand>>,
    found: Receiver<Remembered>,
    thread: Option<JoinHandle<()>>,
}

impl Shelf {
    /// Starts the thread. Pictures are kept in `folder`; without one there are none. `wake` is called
    /// after each answer, from there.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(
        folder: Option<PathBuf>,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> std::io::Result<Self> {
        let (errands, asked) = bounded(QUEUE);
        let (out, found) = bounded(QUEUE);
        let folder = folder.map(|folder| folder.join("thumbnails"));
        let thread = std::thread::Builder::new()
            .name("shelf".into())
            .spawn(move || {
                for errand in asked {
                    if let Some(answer) = run(errand, folder.as_deref())
                        && out.send(answer).is_err()
                    {
                        return;
                    }
                    wake();
                }
            })?;
        Ok(Self {
            errands: Some(errands),
            found,
            thread: Some(thread),
        })
    }

    /// Asks about a file. False if too many wait already.
    pub fn look(&self, path: PathBuf) -> bool {
        self.ask(Errand::Look(path))
    }

    /// Keeps a picture of a file, in place of an older one. False if too many wait already.
    pub fn keep(&self, path: PathBuf, thumbnail: Thumbnail) -> bool {
        self.ask(Errand::Keep(path, thumbnail))
    }

    /// Forgets the picture of a file.
    pub fn forget(&self, path: PathBuf) -> bool {
        self.ask(Errand::Forget(path))
    }

    /// The next answer, if there is one.
    pub fn try_found(&self) -> Option<Remembered> {
        self.found.try_recv().ok()
    }

    fn ask(&self, errand: Errand) -> bool {
        let errands = self.errands.as_ref();
        errands.is_some_and(|errands| errands.try_send(errand).is_ok())
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        self.errands = None;
        let (_, nothing) = bounded(0);
        drop(std::mem::replace(&mut self.found, nothing));
        // A network that does not answer must not hold up the window's closing.
        if let Some(thread) = self.thread.take()
            && thread.is_finished()
        {
            let _ = thread.join();
        }
    }
}

fn run(errand: Errand, folder: Option<&Path>) -> Option<Remembered> {
    match errand {
        Errand::Look(path) => Some(Remembered {
            missing: missing(&path),
            thumbnail: folder.and_then(|folder| picture::load(folder, &path)),
            path,
        }),
        Errand::Keep(path, thumbnail) => {
            if let Some(folder) = folder {
                // A picture that cannot be kept is missed by nobody: it is made again.
                let _ = picture::save(folder, &path, &thumbnail);
            }
            Some(Remembered {
                missing: None,
                thumbnail: Some(thumbnail),
                path,
            })
        }
        Errand::Forget(path) => {
            if let Some(folder) = folder {
                picture::remove(folder, &path);
            }
            None
        }
    }
}

/// Why a file cannot be opened.
fn missing(path: &Path) -> Option<IngestError> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Some(IngestError::Directory),
        Ok(_) => None,
        Err(error) => Some(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(shelf: &Shelf) -> Remembered {
        shelf.found.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    fn red() -> Thumbnail {
        Thumbnail {
            width: 3,
            height: 2,
            rgba: [200, 10, 20, 255].repeat(6),
        }
    }

    #[test]
    fn a_picture_is_found_again_by_the_next_window() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.mp4");
        std::fs::write(&file, b"video").unwrap();
        let start = || Shelf::start(Some(folder.path().into()), Arc::new(|| {})).unwrap();
        let first = start();
        assert!(first.keep(file.clone(), red()));
        answer(&first);
        drop(first);
        let second = start();
        assert!(second.look(file.clone()));
        let found = answer(&second);
        assert!(found.missing.is_none());
        assert_eq!(found.thumbnail, Some(red()));
        assert!(second.forget(file.clone()));
        assert!(second.look(file));
        assert_eq!(answer(&second).thumbnail, None);
    }

    #[test]
    fn what_is_gone_says_why_and_a_damaged_picture_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::start(Some(folder.path().into()), Arc::new(|| {})).unwrap();
        let gone = folder.path().join("gone.mp4");
        shelf.keep(gone.clone(), red());
        answer(&shelf);
        let kept = std::fs::read_dir(folder.path().join("thumbnails"))
            .unwrap()
            .next();
        std::fs::write(kept.unwrap().unwrap().path(), b"\x89PNG\r\n\x1a\nnot so").unwrap();
        shelf.look(gone);
        let found = answer(&shelf);
        assert!(matches!(found.missing, Some(IngestError::NotFound)));
        assert_eq!(found.thumbnail, None);
        shelf.look(folder.path().into());
        assert!(matches!(
            answer(&shelf).missing,
            Some(IngestError::Directory)
        ));
    }
}
