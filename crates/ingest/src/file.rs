//! Files read by position: any number of threads at once, no shared cursor.

use std::fs::File;
use std::io;
use std::path::Path;

use reelscope_media::ByteSource;

/// A file on disk that stays open.
pub struct FileSource {
    file: File,
}

impl FileSource {
    /// Opens a regular file (or whatever can be read by position).
    ///
    /// # Errors
    /// Whatever the operating system says; a directory is refused as such.
    pub fn open(path: &Path) -> io::Result<Self> {
        // Asked before opening: that would wait for ever at a pipe that nobody writes to.
        let metadata = std::fs::metadata(path)?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "not a regular file",
            ));
        }
        Ok(Self {
            file: File::open(path)?,
        })
    }
}

impl ByteSource for FileSource {
    fn len(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.len())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buf.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match read_some(&self.file, offset + filled as u64, rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

#[cfg(unix)]
fn read_some(file: &File, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, offset)
}

#[cfg(windows)]
fn read_some(file: &File, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, offset)
}
