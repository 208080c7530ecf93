//! How a recording is begun: its name, where it goes, how rows are held back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reelscope_wire::{ClientOptions, RowId, StoreId, StoreInfo, WhenFull};

use crate::SdkError;
use crate::recording_stream::RecordingStream;
use crate::sink::{FileSink, NetworkSink, Sink};
use crate::spawn::{SpawnOptions, spawn};

/// How rows wait to be sent together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchOptions {
    /// They are sent after this time…
    pub interval: Duration,
    /// … or once they take so many bytes.
    pub bytes: usize,
    /// No more than this may wait, in bytes.
    pub most_bytes: usize,
}

impl BatchOptions {
    /// For a viewer that looks on.
    const LIVE: Self = Self {
        interval: Duration::from_millis(8),
        bytes: 2 << 20,
        most_bytes: 64 << 20,
    };
    /// For a file.
    const FILE: Self = Self {
        interval: Duration::from_millis(200),
        ..Self::LIVE
    };
}

/// A recording that is not begun yet.
#[derive(Clone, Debug)]
pub struct Builder {
    application: String,
    recording: Option<String>,
    source: String,
    batch: Option<BatchOptions>,
    client: ClientOptions,
    also: Option<PathBuf>,
}

impl Builder {
    pub(crate) fn new(application: &str) -> Self {
        Self {
            application: application.to_owned(),
            recording: None,
            source: "Rust".to_owned(),
            batch: None,
            client: ClientOptions::default(),
            also: None,
        }
    }

    /// The name of this run. Programs that give the same one log to one recording.
    #[must_use]
    pub fn recording_id(mut self, id: &str) -> Self {
        self.recording = Some(id.to_owned());
        self
    }

    /// What logs, for people: `Rust`, `Python 3.11.7`.
    #[must_use]
    pub fn source(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }

    /// How rows wait to be sent together.
    #[must_use]
    pub fn batch(mut self, batch: BatchOptions) -> Self {
        self.batch = Some(batch);
        self
    }

    /// What becomes of rows for which there is no room, because the viewer is slow or not there.
    #[must_use]
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.client.when_full = when_full;
        self
    }

    /// How many bytes may wait for the viewer, and how many of those it has are kept for one that takes
    /// its place.
    #[must_use]
    pub fn memory(mut self, queue_bytes: usize, replay_bytes: usize) -> Self {
        self.client.queue_bytes = queue_bytes;
        self.client.replay_bytes = replay_bytes;
        self
    }

    /// Writes a recording file (`.rrd`) as well.
    #[must_use]
    pub fn also_save(mut self, path: impl AsRef<Path>) -> Self {
        self.also = Some(path.as_ref().to_owned());
        self
    }

    /// Logs to a viewer: `127.0.0.1:9876`, or `rerun+http://127.0.0.1:9876/proxy`. It may come later.
    ///
    /// # Errors
    /// If that is no address.
    pub fn connect(self, addr: &str) -> Result<RecordingStream, SdkError> {
        let sink = NetworkSink::connect(addr, self.client)?;
        self.begin(Some(Box::new(sink)), BatchOptions::LIVE)
    }

    /// Starts the viewer unless one listens already, and logs to it.
    ///
    /// # Errors
    /// [`SdkError::NoViewer`], [`SdkError::Spawn`].
    pub fn spawn(self, options: &SpawnOptions) -> Result<RecordingStream, SdkError> {
        spawn(options)?;
        self.connect(&format!("127.0.0.1:{}", options.port))
    }

    /// Writes a recording file (`.rrd`).
    ///
    /// # Errors
    /// [`SdkError::File`] if it cannot be written.
    pub fn save(mut self, path: impl AsRef<Path>) -> Result<RecordingStream, SdkError> {
        self.also = Some(path.as_ref().to_owned());
        self.begin(None, BatchOptions::FILE)
    }

    /// Keeps what is logged (up to 256 MiB) until it is said where to.
    ///
    /// # Errors
    /// [`SdkError::Thread`].
    pub fn buffered(self) -> Result<RecordingStream, SdkError> {
        self.begin(None, BatchOptions::LIVE)
    }

    fn begin(
        self,
        sink: Option<Box<dyn Sink>>,
        usual: BatchOptions,
    ) -> Result<RecordingStream, SdkError> {
        let file = self.also.as_deref().map(FileSink::create).transpose()?;
        let file = file.map(|file| Box::new(file) as Box<dyn Sink>);
        let recording = self.recording.unwrap_or_else(random_id);
        let info = StoreInfo {
            id: StoreId::recording(&self.application, &recording),
            source: self.source,
            sdk_version: None,
        };
        let batch = self.batch.unwrap_or(usual);
        let stream = RecordingStream::begin(info, batch, self.client)?;
        let sinks: Vec<Box<dyn Sink>> = sink.into_iter().chain(file).collect();
        if !sinks.is_empty() {
            stream.set_sinks(sinks)?;
        }
        Ok(stream)
    }
}

/// 32 hexadecimal digits that no other run has.
fn random_id() -> String {
    let bytes = RowId::new().to_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_have_two_names() {
        assert_ne!(random_id(), random_id());
        assert_eq!(random_id().len(), 32);
    }
}
