//! One run of a program as it logs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reelscope_wire::component::RECORDING_INFO_START_TIME;
use reelscope_wire::{ClientOptions, StoreId, StoreInfo, TimeColumn, TimeKind, WhenFull};

use crate::SdkError;
use crate::archetypes::{AsComponents, Component, ComponentValue};
use crate::batcher::Batcher;
use crate::entity_path::normalised;
use crate::options::{BatchOptions, Builder};
use crate::outlets::Outlets;
use crate::rules::{Timelines, once};
use crate::send_columns::{ComponentColumn, chunk};
use crate::sink::{FileSink, NetworkSink, Sink};
use crate::spawn::{SpawnOptions, spawn};
use crate::time::{self, Times, TimesOf};

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
    timelines: Timelines,
    batcher: Batcher,
    outlets: Arc<Outlets>,
    client: ClientOptions,
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
        batch: BatchOptions,
        client: ClientOptions,
    ) -> Result<Self, SdkError> {
        let id = info.id.clone();
        let outlets = Arc::new(Outlets::new(info));
        let drops = client.when_full == WhenFull::DropNewest;
        let batcher = Batcher::start(outlets.clone(), batch, drops)?;
        let stream = Self {
            inner: Arc::new(Inner {
                id,
                times: TimesOf::new(),
                timelines: Timelines::default(),
                batcher,
                outlets,
                client,
            }),
        };
        let start = ComponentValue::I64(time::wall_clock());
        let start = Component::new(RECORDING_INFO_START_TIME, start);
        stream.log_static(PROPERTIES, &vec![start])?;
        Ok(stream)
    }

    /// Logs to a viewer from now on (`127.0.0.1:9876`, or `rerun+http://127.0.0.1:9876/proxy`), and to
    /// nothing else. What waits goes there first. It may come later.
    ///
    /// # Errors
    /// If that is no address.
    pub fn connect(&self, addr: &str) -> Result<(), SdkError> {
        let sink = NetworkSink::connect(addr, self.inner.client)?;
        self.set_sinks(vec![Box::new(sink)])
    }

    /// Writes a recording file (`.rrd`) from now on, and does nothing else. What waits goes there first.
    ///
    /// # Errors
    /// [`SdkError::File`] if it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SdkError> {
        let sink = FileSink::create(path.as_ref())?;
        self.set_sinks(vec![Box::new(sink)])
    }

    /// Starts the viewer unless one listens already, and logs to it from now on.
    ///
    /// # Errors
    /// [`SdkError::NoViewer`], [`SdkError::Spawn`].
    pub fn spawn(&self, options: &SpawnOptions) -> Result<(), SdkError> {
        spawn(options)?;
        self.connect(&format!("127.0.0.1:{}", options.port))
    }

    /// Logs nowhere from now on: what is logged is kept (up to 256 MiB) until it is said where to.
    ///
    /// # Errors
    /// What could not be sent before, and why.
    pub fn disconnect(&self) -> Result<(), SdkError> {
        self.set_sinks(Vec::new())
    }

    pub(crate) fn set_sinks(&self, sinks: Vec<Box<dyn Sink>>) -> Result<(), SdkError> {
        self.inner.batcher.flush(EXIT_PATIENCE)?;
        self.inner.outlets.set(sinks, EXIT_PATIENCE)
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
    /// [`SdkError::TimelineKind`], [`SdkError::TimelineName`], [`SdkError::Twice`], [`SdkError::Finished`];
    /// or what went wrong with rows before, and then this row is logged all the same.
    pub fn log(&self, entity: &str, what: &impl AsComponents) -> Result<(), SdkError> {
        self.log_at(self.times_now(), entity, what)
    }

    /// The times that this thread would log at now.
    pub(crate) fn times_now(&self) -> Times {
        time::now(self.inner.times)
    }

    /// Logs to an entity at other times than this thread's.
    pub(crate) fn log_at(
        &self,
        times: Times,
        entity: &str,
        what: &impl AsComponents,
    ) -> Result<(), SdkError> {
        let timelines = times.iter().map(|(name, kind, _)| (name, *kind));
        self.inner.timelines.check(timelines)?;
        let (entity, components) = (normalised(entity), what.components());
        once("component", components.iter().map(|it| &*it.name))?;
        self.inner
            .batcher
            .push(|batch| batch.push(entity, times, components))
    }

    /// Logs to an entity what holds at all times.
    ///
    /// # Errors
    /// See [`RecordingStream::log`].
    pub fn log_static(&self, entity: &str, what: &impl AsComponents) -> Result<(), SdkError> {
        self.log_at(Vec::new(), entity, what)
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
        let timelines = times.iter().map(|it| (&it.name, it.kind));
        self.inner.timelines.check(timelines)?;
        once("component", columns.iter().map(|it| it.name.as_str()))?;
        let chunk = chunk(&normalised(entity), times, columns)?;
        self.inner.batcher.push(|batch| batch.push_chunk(chunk))
    }

    /// Waits until there is room for another row, and says whether there is: for programs that have other
    /// things to do while the viewer is slow. Those that log without asking wait for as long as it takes.
    pub fn wait_for_room(&self, timeout: Duration) -> bool {
        self.inner.batcher.wait_for_room(timeout)
    }

    /// Waits until the viewer has said that it received all that was logged so far, or until it is in
    /// the file.
    ///
    /// # Errors
    /// If that takes longer than `timeout`; or what is known of why.
    pub fn flush(&self, timeout: Duration) -> Result<(), SdkError> {
        let handed_on = self.inner.batcher.flush(timeout);
        handed_on.and(self.inner.outlets.flush(timeout))
    }

    /// Rows and messages that were dropped because there was no room, or because the viewer refused them.
    pub fn dropped(&self) -> u64 {
        self.inner.batcher.dropped() + self.inner.outlets.dropped()
    }

    /// What is wrong with the connection now, in words; `None` if nothing is known to be.
    pub fn trouble(&self) -> Option<String> {
        self.inner.outlets.trouble()
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
        let handed_on = self.batcher.flush(EXIT_PATIENCE);
        if handed_on.is_err() {
            // The sinks have no room, and the batcher's thread would wait for it for ever.
            self.outlets.refuse_more();
        }
        let sent = handed_on.and(self.batcher.close());
        sent.and(self.outlets.set(Vec::new(), EXIT_PATIENCE))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let _ = self.finish();
    }
}
