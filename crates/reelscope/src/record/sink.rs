//! The file that is recorded to: takes the events of all connections, one at a time.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, bail};
use reelscope_ingest::is_recording_file;
use reelscope_wire::{LogMessage, RecordingWriter, ServerEvent, StoreId, StoreInfo, WireError};

/// Bytes that are written at once.
const BATCH: usize = 1 << 20;
/// Messages that are not readable and are told.
const MAX_TOLD: u64 = 8;

/// Refuses what must not be overwritten: anything that is there and no recording.
pub(super) fn check(path: &Path) -> anyhow::Result<()> {
    let Ok(metadata) = std::fs::metadata(path) else {
        return Ok(());
    };
    if metadata.is_dir() {
        bail!("{}: this is a directory", path.display());
    }
    if metadata.is_file() && metadata.len() > 0 && !is_recording_file(path) {
        bail!(
            "{}: there is a file that is no recording; it is not overwritten",
            path.display()
        );
    }
    Ok(())
}

/// What was written, and who wrote it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    pub(super) rows: u64,
    /// Bytes that came over the network.
    pub(super) received: u64,
    /// Bytes of the file.
    pub(super) bytes: u64,
    pub(super) recordings: usize,
    pub(super) rejected: u64,
    /// Connections that have begun, and that have ended.
    pub(super) came: u64,
    pub(super) gone: u64,
}

/// Where the events go.
#[derive(Default)]
pub(super) struct Sink {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    writer: Option<RecordingWriter<BufWriter<File>>>,
    /// Recordings as they were announced last.
    announced: BTreeMap<StoreId, StoreInfo>,
    state: State,
    error: Option<WireError>,
    is_flushed: bool,
}

/// The sink while its file is not open: events wait.
pub(super) struct Opening<'a>(MutexGuard<'a, Inner>);

impl Opening<'_> {
    /// Starts the file.
    pub(super) fn open(&mut self, path: &Path) -> anyhow::Result<()> {
        let file = File::create(path).context("the file could not be made")?;
        let file = BufWriter::with_capacity(BATCH, file);
        let mut writer = RecordingWriter::new(file)?;
        writer.flush()?;
        self.0.state.bytes = writer.position();
        self.0.writer = Some(writer);
        Ok(())
    }
}

impl Sink {
    pub(super) fn opening(&self) -> Opening<'_> {
        Opening(self.lock())
    }

    /// Takes an event, on the thread of its connection.
    pub(super) fn take(&self, event: ServerEvent) {
        let mut inner = self.lock();
        match event {
            ServerEvent::Connected(..) => inner.state.came += 1,
            ServerEvent::Ended(..) => inner.state.gone += 1,
            ServerEvent::Rejected(_, error) => {
                inner.state.rejected += 1;
                if inner.state.rejected <= MAX_TOLD {
                    super::say(&format!("reelscope: {error}"));
                }
            }
            ServerEvent::Message(_, LogMessage::Store(info), length) => {
                inner.state.received += length as u64;
                inner.store(info);
            }
            ServerEvent::Message(_, LogMessage::Chunk(store, chunk), length) => {
                inner.state.received += length as u64;
                let rows = chunk.rows.len();
                inner.write(&store, rows, |writer| writer.chunk(&store, &chunk));
            }
            ServerEvent::Packed(_, store, chunk, packed, length) => {
                inner.state.received += length as u64;
                let rows = chunk.rows.len();
                inner.write(&store, rows, |writer| writer.packed(&store, &chunk, packed));
            }
            ServerEvent::Message(_, LogMessage::Blueprint, _) => {}
        }
    }

    pub(super) fn state(&self) -> State {
        self.lock().state
    }

    /// True if the file cannot be written any more.
    pub(super) fn has_failed(&self) -> bool {
        self.lock().error.is_some()
    }

    /// Passes on what is held back, so that a file whose recorder is killed lacks little.
    pub(super) fn flush(&self) {
        let mut inner = self.lock();
        if !std::mem::replace(&mut inner.is_flushed, true) {
            let flushed = inner.writer.as_mut().map_or(Ok(()), RecordingWriter::flush);
            inner.note(flushed);
        }
    }

    /// Finishes the file.
    pub(super) fn finish(&self) -> anyhow::Result<State> {
        let mut inner = self.lock();
        if let Some(error) = inner.error.take() {
            return Err(cut_off(error));
        }
        if let Some(writer) = inner.writer.take() {
            let file = writer.finish().map_err(cut_off)?;
            let synced = file.get_ref().sync_all();
            // A pipe cannot be synced, and need not be.
            if file.get_ref().metadata().is_ok_and(|it| it.is_file()) {
                synced.map_err(|error| cut_off(error.into()))?;
                inner.state.bytes = file.get_ref().metadata().map_or(0, |it| it.len());
            }
        }
        Ok(inner.state)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn store(&mut self, info: StoreInfo) {
        if self.announced.get(&info.id) == Some(&info) {
            return;
        }
        let id = info.id.clone();
        self.write(&id, 0, |writer| writer.store(&info));
        self.announced.insert(id, info);
    }

    fn write(
        &mut self,
        store: &StoreId,
        rows: usize,
        write: impl FnOnce(&mut RecordingWriter<BufWriter<File>>) -> Result<(), WireError>,
    ) {
        if self.error.is_some() {
            return;
        }
        let Some(writer) = &mut self.writer else {
            return;
        };
        let written = write(writer);
        let is_written = written.is_ok();
        self.state.bytes = writer.position();
        self.is_flushed = false;
        self.note(written);
        if is_written {
            self.state.rows += rows as u64;
            if !self.announced.contains_key(store) {
                let unknown = StoreInfo {
                    id: store.clone(),
                    source: String::new(),
                    sdk_version: None,
                };
                self.announced.insert(store.clone(), unknown);
            }
            self.state.recordings = self.announced.len();
        }
    }

    fn note(&mut self, written: Result<(), WireError>) {
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }
}

fn cut_off(error: WireError) -> anyhow::Error {
    let reason = match error {
        WireError::Io { source } if source.kind() == std::io::ErrorKind::StorageFull => {
            anyhow::anyhow!("the disk is full")
        }
        error => error.into(),
    };
    reason.context("the recording ends early; what was written up to then can be read")
}
