//! The way from whatever brings rows (connections, recording files) to the owner of the store.

use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Sender;
use reelscope_store::Chunk;
use reelscope_wire::{LogMessage, StoreInfo};

use crate::gate::Gate;
use crate::ingest::{Event, RunName, Source};
use crate::logged::{Interpreted, Interpreter};

/// Interprets messages and sends on what comes of them. Cheap to clone; to be used on threads that
/// may wait: that is what holds a fast logger back.
#[derive(Clone)]
pub(crate) struct Outlet {
    pub(crate) events: Sender<Event>,
    pub(crate) wake: Arc<dyn Fn() + Send + Sync>,
    pub(crate) gate: Gate,
    pub(crate) interpreter: Arc<Mutex<Interpreter>>,
}

impl Outlet {
    /// Takes a message that came from `source`. False once nobody listens any more.
    pub(crate) fn message(&self, message: LogMessage, source: &Source) -> bool {
        match message {
            LogMessage::Store(info) => self.send(Event::Run(run_name(&info), facts(&info, source))),
            LogMessage::Chunk(store, chunk) => {
                let run = RunName {
                    application: store.application_id.clone(),
                    run: store.recording_id.clone(),
                };
                let interpreted = self.interpreter().take(&run.run, chunk);
                self.interpreted(&run, interpreted)
            }
            LogMessage::Blueprint => true,
        }
    }

    /// No more rows of a run come from here: what waits for others goes as it is.
    pub(crate) fn finish(&self, run: &RunName) -> bool {
        let interpreted = self.interpreter().finish(&run.run);
        self.interpreted(run, interpreted)
    }

    fn interpreter(&self) -> std::sync::MutexGuard<'_, Interpreter> {
        let interpreter = self.interpreter.lock();
        interpreter.unwrap_or_else(PoisonError::into_inner)
    }

    fn interpreted(&self, run: &RunName, interpreted: Interpreted) -> bool {
        let warned = interpreted.warnings.into_iter().all(|told| {
            let (run, text) = (Some(run.clone()), told.to_string());
            self.send(Event::Warning { run, text })
        });
        warned
            && interpreted
                .chunks
                .into_iter()
                .all(|chunk| self.chunk(run, chunk))
    }

    fn chunk(&self, run: &RunName, chunk: Chunk) -> bool {
        let bytes = match &chunk.rows {
            reelscope_store::Rows::Logged(rows) => rows.byte_size,
            reelscope_store::Rows::Track(..) => 0,
        };
        let Some(permit) = self.gate.enter(bytes) else {
            return false;
        };
        let run = run.clone();
        self.send(Event::Rows { run, chunk, permit })
    }

    /// Sends an event if there is room for it.
    pub(crate) fn try_send(&self, event: Event) -> bool {
        let sent = self.events.try_send(event).is_ok();
        (self.wake)();
        sent
    }

    /// Sends an event. False once nobody listens any more.
    pub(crate) fn send(&self, event: Event) -> bool {
        let sent = self.events.send(event).is_ok();
        (self.wake)();
        sent
    }
}

pub(crate) fn run_name(info: &StoreInfo) -> RunName {
    RunName {
        application: info.id.application_id.clone(),
        run: info.id.recording_id.clone(),
    }
}

fn facts(info: &StoreInfo, source: &Source) -> Source {
    let sdk = info.sdk_version.as_ref().map(ToString::to_string);
    Source {
        program: info.source.clone(),
        sdk: sdk.or_else(|| source.sdk.clone()),
        ..source.clone()
    }
}
