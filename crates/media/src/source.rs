//! Where a sample's bytes come from, as a contract: implementations (files, memory) live elsewhere.

use std::sync::Arc;

use bytes::Bytes;

/// Random access to bytes by position, usable from several threads at once.
pub trait ByteSource: Send + Sync {
    /// Total length in bytes as it is now.
    fn len(&self) -> u64;

    /// Fills `buf` from `offset` on and returns how many bytes there were: fewer than asked for
    /// only at the end.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize>;

    /// True if there is nothing to read.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Gives the bytes of samples. What `offset` and `len` mean is agreed between the container that
/// made the samples and the source that it attached to the track.
pub trait SampleSource: Send + Sync {
    /// The bytes of one sample.
    ///
    /// # Errors
    /// If the bytes are not there or cannot be read.
    fn load(&self, offset: u64, len: u32) -> Result<Bytes, LoadError>;
}

/// Why a sample's bytes could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The file ends before the sample does.
    #[error("the file ends at byte {end}, inside a sample of {len} bytes at {offset}")]
    Truncated {
        /// Where the sample starts.
        offset: u64,
        /// Length of the sample in bytes.
        len: u32,
        /// Where the file ends.
        end: u64,
    },
    /// Reading failed.
    #[error("could not read {len} bytes at {offset}: {reason}")]
    Io {
        /// Where the sample starts.
        offset: u64,
        /// Length of the sample in bytes.
        len: u32,
        /// What the operating system said.
        reason: std::io::ErrorKind,
    },
}

/// Samples that are plain byte ranges of a [`ByteSource`].
pub struct WholeSource(pub Arc<dyn ByteSource>);

impl SampleSource for WholeSource {
    fn load(&self, offset: u64, len: u32) -> Result<Bytes, LoadError> {
        let end = self.0.len();
        // Checked before allocating: a hostile index may claim gigabytes.
        if offset
            .checked_add(u64::from(len))
            .is_none_or(|stop| stop > end)
        {
            return Err(LoadError::Truncated { offset, len, end });
        }
        let mut bytes = vec![0; len as usize];
        match self.0.read_at(offset, &mut bytes) {
            Ok(read) if read == bytes.len() => Ok(bytes.into()),
            Ok(read) => Err(LoadError::Truncated {
                offset,
                len,
                end: offset + read as u64,
            }),
            Err(error) => Err(LoadError::Io {
                offset,
                len,
                reason: error.kind(),
            }),
        }
    }
}

impl ByteSource for Bytes {
    fn len(&self) -> u64 {
        self.as_ref().len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        let from = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(self.as_ref().len());
        let rest = self.as_ref().get(from..).unwrap_or_default();
        let count = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        Ok(count)
    }
}
