//! Where chunks go: to a viewer, into a file.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reelscope_wire::{
    Chunk, Client, ClientOptions, LogMessage, PackedChunk, RecordingWriter, StoreId, StoreInfo,
    WireError,
};

use crate::SdkError;

/// Takes what is logged.
pub(crate) trait Sink: Send + Sync {
    /// Announces the recording.
    fn store(&self, info: &StoreInfo) -> Result<(), SdkError>;
    /// Takes a chunk, which is there packed as well.
    fn chunk(&self, id: &StoreId, chunk: &Chunk, packed: &PackedChunk) -> Result<(), SdkError>;
    /// Waits until what it has taken is where it belongs.
    fn flush(&self, timeout: Duration) -> Result<(), SdkError>;
    /// Takes nothing more, so that nobody waits for room any longer.
    fn refuse_more(&self) {}
    /// Waits for the last time.
    fn finish(self: Box<Self>, timeout: Duration) -> Result<(), SdkError>;
    /// Messages that were dropped.
    fn dropped(&self) -> u64 {
        0
    }
    /// What is wrong now, in words.
    fn trouble(&self) -> Option<String> {
        None
    }
}

/// A viewer.
pub(crate) struct NetworkSink(Client);

impl NetworkSink {
    pub(crate) fn connect(addr: &str, options: ClientOptions) -> Result<Self, SdkError> {
        Ok(Self(Client::connect_with(host_and_port(addr)?, options)?))
    }
}

/// The part of an address that names a place.
fn host_and_port(addr: &str) -> Result<&str, SdkError> {
    let wrong = |why| SdkError::Address {
        addr: addr.to_owned(),
        why,
    };
    let place = match addr.split_once("://") {
        None => addr,
        Some(("rerun+http" | "http", place)) => place,
        Some(("rerun" | "rerun+https" | "https", _)) => {
            return Err(wrong("viewers are reached without TLS"));
        }
        Some(_) => return Err(wrong("it begins with an unknown scheme")),
    };
    let place = place.split('/').next().unwrap_or(place);
    let port = place.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
    match port {
        Some(Ok(1..)) => Ok(place),
        Some(_) => Err(wrong("its port is not a number from 1 to 65535")),
        None => Err(wrong("it has no port")),
    }
}

impl Sink for NetworkSink {
    fn store(&self, info: &StoreInfo) -> Result<(), SdkError> {
        Ok(self.0.send(&LogMessage::Store(info.clone()))?)
    }

    fn chunk(&self, _id: &StoreId, _chunk: &Chunk, packed: &PackedChunk) -> Result<(), SdkError> {
        Ok(self.0.send_packed(packed)?)
    }

    fn flush(&self, timeout: Duration) -> Result<(), SdkError> {
        Ok(self.0.flush(timeout)?)
    }

    fn refuse_more(&self) {
        self.0.refuse_more();
    }

    fn finish(self: Box<Self>, timeout: Duration) -> Result<(), SdkError> {
        Ok(self.0.close(timeout)?)
    }

    fn dropped(&self) -> u64 {
        self.0.dropped()
    }

    fn trouble(&self) -> Option<String> {
        self.0.trouble()
    }
}

/// A recording file.
pub(crate) struct FileSink {
    path: PathBuf,
    writer: Mutex<RecordingWriter<BufWriter<File>>>,
}

impl FileSink {
    pub(crate) fn create(path: &Path) -> Result<Self, SdkError> {
        let file = File::create(path).map_err(|source| SdkError::File {
            path: path.to_owned(),
            source,
        })?;
        let writer = RecordingWriter::new(BufWriter::new(file)).map_err(|it| failed(path, it))?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
        })
    }

    fn with(
        &self,
        write: impl FnOnce(&mut RecordingWriter<BufWriter<File>>) -> Result<(), WireError>,
    ) -> Result<(), SdkError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        write(&mut writer).map_err(|error| failed(&self.path, error))
    }
}

/// Names the file where the system's reason is all there is.
fn failed(path: &Path, error: WireError) -> SdkError {
    match error {
        WireError::Io { source } => SdkError::File {
            path: path.to_owned(),
            source,
        },
        other => other.into(),
    }
}

impl Sink for FileSink {
    fn store(&self, info: &StoreInfo) -> Result<(), SdkError> {
        self.with(|writer| writer.store(info))
    }

    fn chunk(&self, id: &StoreId, chunk: &Chunk, packed: &PackedChunk) -> Result<(), SdkError> {
        self.with(|writer| writer.packed(id, chunk, packed.clone()))
    }

    fn flush(&self, _timeout: Duration) -> Result<(), SdkError> {
        self.with(RecordingWriter::flush)
    }

    fn finish(self: Box<Self>, _timeout: Duration) -> Result<(), SdkError> {
        let writer = self
            .writer
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        writer
            .finish()
            .map(drop)
            .map_err(|error| failed(&self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_programs_write_them() {
        for addr in [
            "127.0.0.1:9876",
            "rerun+http://127.0.0.1:9876/proxy",
            "http://127.0.0.1:9876",
        ] {
            assert_eq!(host_and_port(addr).unwrap(), "127.0.0.1:9876");
        }
    }

    #[test]
    fn addresses_that_lead_nowhere_are_refused_in_words() {
        for (addr, why) in [
            ("rerun+https://robot:9876/proxy", "without TLS"),
            ("ftp://robot:9876", "unknown scheme"),
            ("robot:99999", "from 1 to 65535"),
            ("robot", "no port"),
        ] {
            let error = host_and_port(addr).unwrap_err().to_string();
            assert!(error.starts_with(addr) && error.contains(why), "{error}");
        }
    }
}
