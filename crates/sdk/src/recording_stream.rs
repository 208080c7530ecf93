//! One run of a program as it logs.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reelscope_wire::component::RECORDING_INFO_START_TIME;
use reelscope_wire::{StoreId, StoreInfo, TimeColumn, TimeKind};

use crate::SdkError;
use crate::archetypes::{AsComponents, Component, ComponentValue};
use crate::batcher::{Batcher, Sinks};
use crate::entity_path::normalised;
use crate::options::{BatchOptions, Builder};
use crate::send_columns::{ComponentColumn, chunk};
use crate::sink::Sink;
use crate::time::{self, TimesOf};

/// How long the end of a program waits for a viewer that does not take everything.
const EXIT_PATIENCE: Duration = Duration::from_secs(5);
/// The entity that holds what is known of the recording as a whole.
const PROPERTIES: &str = "/__properties";

/// One run of a program as it logs. Clones log to the same recording, from any thread. What is logged goes
/// out in the background; when the last clone is dropped, what is left is sent first.
#[derive(Clone)]
pub struct RecordingStream {
    inner: Arc<Inner>,
}

struct Inner {
    id: StoreId,
    times: TimesOf,
    /// Taken when it is finished.
    batcher: Batcher,
    sinks: Sinks,
}

impl RecordingStream {
    /// A recording of a program, to be begun.
    #[allow(
        clippy::new_ret_no_self,
        reason = "where it goes has to be said before it is one"
    )]
    pub fn new(application: &str) -> Builder {
        Builder::new(application)
    }

    pub(crate) fn begin(
        info: StoreInfo,
        sinks: Vec<Box<dyn Sink>>,
        batch: BatchOptions,
        drops: bool,
    ) -> Result<Self, SdkError> {
        let sinks = Arc::new(sinks);
        for sink in sinks.iter() {
            sink.store(&info)?;
        }
        let batcher = Batcher::start(info.id.clone(), sinks.clone(), batch, drops)?;
        let stream = Self {
            inner: Arc::new(Inner {
                id: info.id,
                times: TimesOf::new(),
                batcher,
                sinks,
            }),
        };
        let start = ComponentValue::I64(time::wall_clock());
        let start = Component::new(RECORDING_INFO_START_TIME, start);
        stream.log_static(PROPERTIES, &vec![start])?;
        Ok(stream)
    }

    /// The name of the program.
    pub fn application_id(&self) -> &str {
        &self.inner.id.application_id
    }

    /// The name of the run.
    pub fn recording_id(&self) -> &str {
        &self.inner.id.recording_id
    }

    /// Sets this thread's place on a timeline that counts something: what it logs from now on is there.
    pub fn set_time_sequence(&self, timeline: &str, number: i64) {
        time::set(self.inner.times, timeline, TimeKind::Sequence, number);
    }

    /// Sets this thread's time on a timeline that starts at 0, in nanoseconds.
    pub fn set_time_duration(&self, timeline: &str, nanos: i64) {
        time::set(self.inner.times, timeline, TimeKind::Duration, nanos);
    }

    /// Sets this thread's time on a timeline that has days, in nanoseconds since the Unix epoch.
    pub fn set_time_nanos_since_epoch(&self, timeline: &str, nanos: i64) {
        time::set(self.inner.times, timeline, TimeKind::Timestamp, nanos);
    }

    /// The same as the system's clock has it.
    pub fn set_time_timestamp(&self, timeline: &str, moment: SystemTime) {
        let nanos = match moment.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
            Err(before) => {
                i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos)
            }
        };
        self.set_time_nanos_since_epoch(timeline, nanos);
    }

    /// Takes this thread off a timeline.
    pub fn disable_timeline(&self, timeline: &str) {
        time::disable(self.inner.times, timeline);
    }

    /// Takes this thread off all timelines.
    pub fn reset_time(&self) {
        time::reset(self.inner.times);
    }

    /// Logs to an entity at this thread's times.
    ///
    /// # Errors
    /// [`SdkError::Finished`], or what went wrong with rows before: this row is logged all the same.
    pub fn log(&self, entity: &str, what: &impl AsComponents) -> Result<(), SdkError> {
        let times = time::now(self.inner.times);
        let (entity, components) = (normalised(entity), what.components());
        self.inner
            .batcher
            .push(|batch| batch.push(entity, times, components))
    }

    /// Logs to an entity what holds at all times.
    ///
    /// # Errors
    /// See [`RecordingStream::log`].
    pub fn log_static(&self, entity: &str, what: &impl AsComponents) -> Result<(), SdkError> {
        let (entity, components) = (normalised(entity), what.components());
        self.inner
            .batcher
            .push(|batch| batch.push(entity, Vec::new(), components))
    }

    /// Logs many rows at once, at times of their own; without any they hold at all times. All columns have
    /// as many rows.
    ///
    /// # Errors
    /// [`SdkError::ColumnLength`], and see [`RecordingStream::log`].
    pub fn send_columns(
        &self,
        entity: &str,
        times: Vec<TimeColumn>,
        columns: Vec<ComponentColumn>,
    ) -> Result<(), SdkError> {
        let chunk = chunk(&normalised(entity), times, columns)?;
        self.inner.batcher.push(|batch| batch.push_chunk(chunk))
    }

    /// Waits until the viewer has said that it received all that was logged so far, or until it is in
    /// the file.
    ///
    /// # Errors
    /// If that takes longer than `timeout`; or what is known of why.
    pub fn flush(&self, timeout: Duration) -> Result<(), SdkError> {
        let mut result = self.inner.batcher.flush(timeout);
        for sink in self.inner.sinks.iter() {
            result = result.and(sink.flush(timeout));
        }
        result
    }

    /// Rows and messages that were dropped because there was no room, or because the viewer refused them.
    pub fn dropped(&self) -> u64 {
        let sinks = self.inner.sinks.iter();
        self.inner.batcher.dropped() + sinks.map(|sink| sink.dropped()).sum::<u64>()
    }

    /// What is wrong with the connection now, in words; `None` if nothing is known to be.
    pub fn trouble(&self) -> Option<String> {
        self.inner.sinks.iter().find_map(|sink| sink.trouble())
    }

    /// Sends what is left and waits until it is received. Other clones can log no more.
    ///
    /// # Errors
    /// What could not be sent, and why.
    pub fn finish(self) -> Result<(), SdkError> {
        match Arc::try_unwrap(self.inner) {
            Ok(mut inner) => inner.finish(),
            Err(shared) => Self { inner: shared }.flush(EXIT_PATIENCE),
        }
    }
}

impl Inner {
    fn finish(&mut self) -> Result<(), SdkError> {
        let mut result = self.batcher.close();
        if let Some(sinks) = Arc::get_mut(&mut self.sinks) {
            for sink in sinks.drain(..) {
                result = result.and(sink.finish(EXIT_PATIENCE));
            }
        }
        result
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let _ = self.finish();
    }
}
