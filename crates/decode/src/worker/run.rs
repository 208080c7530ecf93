//! The loop of a worker's thread: load, pick an engine, push, report.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use reelscope_media::{Codec, CodecConfig, SampleSource};

use super::shared::{FrameSender, Next, Shared};
use crate::{DECODERS, DecodeEnv, DecodeError, DecodeEvent, Decoder, EncodedSample, Feed, Pushed};

/// How long nothing may be fed before the engine is asked for frames that it only holds back to
/// work on several at once. Below the frame time of fast cameras.
const IDLE_AFTER: Duration = Duration::from_millis(6);

pub(super) struct Run {
    codec: Codec,
    env: DecodeEnv,
    source: Arc<dyn SampleSource>,
    shared: Arc<Shared>,
    engine: Option<Engine>,
    /// The generation of the last feed.
    generation: u64,
}

/// A decoder that is set up, and for what.
struct Engine {
    config: Arc<CodecConfig>,
    decoder: Box<dyn Decoder>,
    /// True if it was given samples since it was last asked for held frames.
    fed: bool,
}

impl Run {
    pub(super) fn new(
        codec: Codec,
        env: DecodeEnv,
        source: Arc<dyn SampleSource>,
        shared: Arc<Shared>,
    ) -> Self {
        Self {
            codec,
            env,
            source,
            shared,
            engine: None,
            generation: 0,
        }
    }

    pub(super) fn until_closed(mut self) {
        loop {
            let fed = self.engine.as_ref().is_some_and(|engine| engine.fed);
            match self.shared.next(fed.then_some(IDLE_AFTER)) {
                Next::Closed => return,
                Next::Idle => self.idle(),
                Next::Feed(generation, feed) => self.feed(generation, feed),
            }
        }
    }

    fn feed(&mut self, generation: u64, feed: Feed) {
        if self.shared.is_stale(generation) {
            return;
        }
        if generation != self.generation {
            let lost = self.shared.has_failed(self.generation);
            self.generation = generation;
            self.shared.start_feeding(generation);
            if lost {
                self.engine = None;
            } else if let Some(engine) = &mut self.engine {
                engine.decoder.reset();
            }
        }
        if self.shared.has_failed(generation) {
            return;
        }
        match feed {
            Feed::Flush => self.flush(),
            Feed::Sample {
                id,
                rank,
                sync,
                config,
                data,
                optional,
            } => {
                let damaged = |error| DecodeEvent::Damaged {
                    generation,
                    sample: id,
                    error,
                };
                let bytes = match data.load(self.source.as_ref()) {
                    Ok(bytes) => bytes,
                    Err(error) => return self.shared.report(generation, damaged(error.into())),
                };
                let sample = EncodedSample {
                    id,
                    rank,
                    sync,
                    config,
                    optional,
                    bytes,
                };
                match self.push(sample) {
                    Ok(pushed) => {
                        let sample = id;
                        let event = match pushed {
                            Pushed::Given => DecodeEvent::Taken { generation, sample },
                            Pushed::LeftOut => DecodeEvent::LeftOut { generation, sample },
                        };
                        self.shared.report(generation, event);
                    }
                    Err(error @ DecodeError::Damaged { .. }) => {
                        self.shared.report(generation, damaged(error));
                    }
                    Err(error) => self.shared.fail(generation, error),
                }
            }
        }
    }

    fn push(&mut self, sample: EncodedSample) -> Result<Pushed, DecodeError> {
        let known = self
            .engine
            .as_ref()
            .map(|engine| Arc::clone(&engine.config));
        if known.is_some_and(|config| config != sample.config) {
            // What the old decoder still holds is shown before what the new one will give.
            if let Some(mut engine) = self.engine.take() {
                guarded(|| engine.decoder.flush())?;
            }
        }
        let engine = match &mut self.engine {
            Some(engine) => engine,
            none => none.insert(open(self.codec, &sample.config, &self.env, &self.shared)?),
        };
        engine.fed = true;
        guarded(|| engine.decoder.push(sample))
    }

    fn flush(&mut self) {
        let generation = self.generation;
        let result = match &mut self.engine {
            Some(engine) => {
                engine.fed = false;
                guarded(|| engine.decoder.flush())
            }
            None => Ok(()),
        };
        match result {
            // The last samples were damaged: what there was has come.
            Ok(()) | Err(DecodeError::Damaged { .. }) => {
                if !self.shared.has_failed(generation) {
                    self.shared
                        .report(generation, DecodeEvent::Flushed { generation });
                }
            }
            Err(error) => self.shared.fail(generation, error),
        }
    }

    fn idle(&mut self) {
        let Some(engine) = &mut self.engine else {
            return;
        };
        engine.fed = false;
        if let Err(error) = guarded(|| engine.decoder.idle())
            && !matches!(error, DecodeError::Damaged { .. })
        {
            self.shared.fail(self.generation, error);
        }
    }
}

/// The first engine of the table that can be set up, or why the last one could not.
fn open(
    codec: Codec,
    config: &Arc<CodecConfig>,
    env: &DecodeEnv,
    shared: &Arc<Shared>,
) -> Result<Engine, DecodeError> {
    let codec = if config.codec == Codec::Unknown {
        codec
    } else {
        config.codec
    };
    let mut why = DecodeError::UnsupportedCodec {
        codec: codec.title().to_owned(),
    };
    for entry in DECODERS.iter().filter(|entry| (entry.accepts)(codec)) {
        let sender = FrameSender::new(Arc::clone(shared));
        match guarded(|| (entry.open)(config, env, sender)) {
            Ok(decoder) => {
                shared.set_engine(decoder.describe(), decoder.note());
                return Ok(Engine {
                    config: Arc::clone(config),
                    decoder,
                    fed: false,
                });
            }
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// Turns a panic of a decoder into an error: a hostile sample must not end the worker silently.
fn guarded<T>(work: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(DecodeError::Stopped {
            engine: "the decoder",
            reason: "it ran into a sample that it was not made for".to_owned(),
        })
    })
}
