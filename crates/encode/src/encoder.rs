//! An encoder for pictures of any shape: a new process when the shape changes.

use std::sync::Arc;

use crate::arguments::Setup;
use crate::choice::{self, Found};
use crate::engines::{Coded, Wish};
use crate::picture::Shape;
use crate::process::{CodedSample, Deliver, Process};
use crate::{EncodeError, EncodeOptions, Picture, WhenBusy};

/// Encodes pictures. Each has a tag, which comes back with its sample. Dropping it gives up what is under way:
/// call [`Encoder::finish`] first.
pub struct Encoder<T> {
    options: EncodeOptions,
    pace: u32,
    found: Found,
    deliver: Deliver<T>,
    running: Option<Running<T>>,
    left_out: u64,
}

struct Running<T> {
    shape: Shape,
    engine: &'static str,
    note: Option<String>,
    process: Process<T>,
}

impl<T: Send + 'static> Encoder<T> {
    /// Finds FFmpeg and sees that it has an encoder; this takes a tenth of a second or two, once in a program.
    /// `deliver` is called for each sample on a thread of the encoder, in order; while it blocks, nothing is
    /// encoded.
    ///
    /// # Errors
    /// [`EncodeError::Ffmpeg`], [`EncodeError::NoEngine`], [`EncodeError::Fps`].
    pub fn new(
        options: EncodeOptions,
        deliver: impl Fn(CodedSample<T>) + Send + Sync + 'static,
    ) -> Result<Self, EncodeError> {
        let pace = options.pace()?;
        let found = choice::find(options.ffmpeg.clone())?;
        found.check(options.codec)?;
        Ok(Self {
            options,
            pace,
            found,
            deliver: Arc::new(deliver),
            running: None,
            left_out: 0,
        })
    }

    /// Gives it a picture; its sample comes later. A picture of another shape than the one before starts
    /// another process, after all samples of the first one; that takes some tenths of a second. So does one
    /// after an error.
    ///
    /// # Errors
    /// Why FFmpeg did not start, or what became of it since. This picture is lost then, and all that were
    /// under way.
    pub fn push(&mut self, picture: &Picture<'_>, tag: T) -> Result<(), EncodeError> {
        let shape = picture.shape();
        if self.running.as_ref().is_some_and(|it| it.shape != shape) {
            self.finish()?;
        }
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.start(shape)?,
        };
        let waits = self.options.when_busy == WhenBusy::Wait;
        if !running.process.push(picture, tag, waits)? {
            self.left_out += 1;
        }
        self.running = Some(running);
        Ok(())
    }

    /// Waits until the samples of all pictures have come.
    ///
    /// # Errors
    /// If some did not come, and why.
    pub fn finish(&mut self) -> Result<(), EncodeError> {
        match self.running.take() {
            Some(mut running) => running.process.finish(),
            None => Ok(()),
        }
    }

    /// Pictures whose samples have not come yet.
    pub fn under_way(&self) -> usize {
        self.running
            .as_ref()
            .map_or(0, |running| running.process.under_way())
    }

    /// Pictures that were left out, because the encoder was busy.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// What encodes, by FFmpeg's name (`libx264`). `None` before the first picture.
    pub fn engine(&self) -> Option<&'static str> {
        self.running.as_ref().map(|running| running.engine)
    }

    /// Why it is not what was asked for, in words for a person.
    pub fn note(&self) -> Option<&str> {
        self.running.as_ref()?.note.as_deref()
    }

    fn start(&self, shape: Shape) -> Result<Running<T>, EncodeError> {
        let options = &self.options;
        let Shape { width, height, .. } = shape;
        let coded = Coded {
            width,
            height,
            chroma: options.chroma_for(width, height)?,
            ten_bit: options.ten_bit,
        };
        let wish = Wish {
            rate: options.rate,
            gop: options.gop(self.pace),
            preset: options.preset.clone(),
        };
        let setup = |engine| Setup {
            engine,
            shape,
            coded,
            wish: wish.clone(),
            pace: self.pace,
        };
        let chosen = self
            .found
            .choose(options.codec, coded, &options.hardware, setup);
        let (engine, note) = chosen?;
        let install = &self.found.install;
        let process = Process::start(install, &setup(engine), Arc::clone(&self.deliver))?;
        Ok(Running {
            shape,
            engine: engine.name,
            note,
            process,
        })
    }
}
