//! H.264, H.265, VP8, VP9 and JPEG by an FFmpeg process that lives across seeks. When a process can
//! be kept and when a new one is needed is decided here.

mod arguments;
mod formats;
mod hwaccel;
mod matroska_out;
mod nal;
mod pool;
mod preview;
mod process;
mod reader;
mod restamp;
mod tokens;

use reelscope_ffmpeg::{FfmpegError, FfmpegInstall};
use reelscope_media::codec::Inspector;
use reelscope_media::{
    Chroma, Codec, CodecConfig, ColorInfo, PixelFormat, Range, StreamFacts, SyncKind,
};

use arguments::Setup;
pub use hwaccel::{HwAccel, HwAccelError, HwAccelNameError, HwAccels, HwChoice, hwaccels};
use nal::ParameterSets;
use process::Process;
use tokens::Expected;

use crate::image::check_whole;
use crate::limits::check_size;
use crate::{
    DecodeEnv, DecodeError, Decoder, DecoderEntry, EncodedSample, FrameSender, Pushed, Role,
};

pub(crate) const ENTRY: DecoderEntry = DecoderEntry {
    name: "ffmpeg",
    accepts: |codec| matroska_out::codec_id(codec).is_some(),
    open,
};

const NAME: &str = "FFmpeg";
/// Threads of one FFmpeg decoder. Each holds back a frame, so more make a seek slower.
const MAX_THREADS: usize = 16;
/// Samples given to a process beyond those that its decoder holds back: as few as keep it busy, for
/// they cannot be taken back when a person wants something else.
const MARGIN: usize = 1;
/// What hardware decodes.
const HARDWARE_FORMAT: PixelFormat = PixelFormat::planar(Chroma::Yuv420, 8);
/// Reordering of a stream that does not state it: what encoders commonly do.
const UNSTATED_REORDER: u8 = 4;

struct Ffmpeg {
    install: FfmpegInstall,
    config: CodecConfig,
    threads: usize,
    role: Role,
    hardware: HwChoice,
    frames: FrameSender,
    inspector: Option<Box<dyn Inspector>>,
    sets: ParameterSets,
    process: Option<Running>,
    /// Started already, for when the one at work cannot be used any more.
    spare: Option<(Setup, Process)>,
    /// Told to end, and not joined yet.
    retired: Vec<Process>,
    /// True if the next sample does not follow the last one.
    jumped: bool,
    /// Samples shown before this rank may refer to others that were jumped over.
    whole_from: Option<u32>,
}

/// The process at work, and what it was started for.
struct Running {
    process: Process,
    /// FFmpeg converts to the format and range that a process has started with.
    pictures: Option<(PixelFormat, Range)>,
}

/// What is known of a sample from its bits.
struct Seen {
    sync: SyncKind,
    brings_sequence: bool,
    brings_sets: bool,
    droppable: bool,
    size: Option<(u32, u32)>,
    format: Option<PixelFormat>,
    color: ColorInfo,
    setup: Setup,
    /// Pictures that the decoder may hold back to put them in order.
    reorder: usize,
}

/// How to go on with the next sample.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It follows the last one.
    On,
    /// In the same process, which will not look back.
    Over,
    /// In the same process, which has to be told not to look back.
    OverEnd,
    /// In another process.
    Anew,
    /// In another process, after all frames of this one.
    AnewAfterAll,
}

fn open(
    config: &CodecConfig,
    env: &DecodeEnv,
    frames: FrameSender,
) -> Result<Box<dyn Decoder>, DecodeError> {
    let install = match env.ffmpeg.current() {
        // It may have had a bad moment.
        Err(FfmpegError::Hung { .. }) => env.ffmpeg.probe_blocking(),
        known => known,
    };
    let install = install?;
    let hardware = match env.role {
        // Small pictures are not worth it.
        Role::Idle => HwChoice::default(),
        Role::Seek | Role::Live => env.hwaccels.choose(&install, config.codec, &env.hwaccel),
    };
    Ok(Box::new(Ffmpeg {
        install,
        hardware,
        config: config.clone(),
        threads: env.threads.clamp(1, MAX_THREADS),
        role: env.role,
        frames,
        inspector: config.codec.entry().map(|entry| (entry.inspector)(config)),
        sets: ParameterSets::new(config),
        process: None,
        spare: None,
        retired: Vec::new(),
        jumped: false,
        whole_from: None,
    }))
}

impl Decoder for Ffmpeg {
    fn push(&mut self, sample: EncodedSample) -> Result<Pushed, DecodeError> {
        if sample.bytes.is_empty() {
            let reason = "it is empty".to_owned();
            return Err(DecodeError::Damaged {
                engine: NAME,
                reason,
            });
        }
        if self.config.codec == Codec::Jpeg {
            check_whole(&sample.bytes, NAME)?;
        }
        let seen = self.look_at(&sample);
        if let Some((width, height)) = seen.size {
            check_size(width, height)?;
        }
        if sample.optional && seen.droppable && seen.sync == SyncKind::None && !seen.brings_sets {
            return Ok(Pushed::LeftOut);
        }
        self.note_start(&sample, seen.sync);
        let expected = Expected {
            generation: self.frames.generation(),
            sample: sample.id,
            format: seen.format,
            size: seen.size,
            color: seen.color,
            whole: self.whole_from.is_none_or(|rank| sample.rank >= rank),
        };
        let window = seen.setup.threads + seen.reorder + MARGIN;
        if let Some(running) = &self.process
            && !self.jumped
            && !running.process.is_usable()
        {
            // Another process would lack what came before.
            return Err(running.process.why_gone());
        }
        let mut way = self.way(&seen);
        self.jumped = false;
        let pictures = seen.format.map(|format| (format, seen.color.range));
        let mut prefix = Vec::new();
        let mut token = None;
        if let Some(running) = &mut self.process
            && matches!(way, Way::On | Way::Over | Way::OverEnd)
        {
            let mut tokens = running.process.tokens();
            if way != Way::On {
                tokens.seek();
            }
            token = tokens.give(sample.rank, expected);
            drop(tokens);
            running.pictures = running.pictures.or(pictures);
            if way == Way::OverEnd {
                prefix = nal::end_of_sequence(nal::given_framing(&self.config));
            }
            if token.is_none() {
                way = Way::AnewAfterAll;
            }
        }
        if token.is_none() {
            if way == Way::AnewAfterAll {
                self.finish()?;
            }
            self.start(seen.setup, pictures)?;
            if !seen.brings_sequence {
                prefix = self.sets.prefix();
            }
            let running = self.process.as_ref();
            token = running.and_then(|it| it.process.tokens().give(sample.rank, expected));
        }
        let (Some(token), Some(running)) = (token, &mut self.process) else {
            let reason = "it has no time left for a sample".to_owned();
            return Err(DecodeError::Stopped {
                engine: NAME,
                reason,
            });
        };
        let is_sync = sample.sync != SyncKind::None;
        let bytes = nal::understood(&self.config, &sample.bytes);
        if running.process.wait_for_room(window) {
            running.process.give(token, is_sync, &[&prefix, &bytes])?;
        }
        Ok(Pushed::Given)
    }

    fn flush(&mut self) -> Result<(), DecodeError> {
        self.finish()
    }

    fn reset(&mut self) {
        self.jumped = true;
    }

    fn describe(&self) -> String {
        let version = &self.install.version_text;
        match &self.hardware.used {
            Some(hardware) => format!("{NAME} {version} with {hardware}"),
            None => format!("{NAME} {version}"),
        }
    }

    fn note(&self) -> Option<String> {
        self.hardware.note.clone()
    }
}

impl Ffmpeg {
    /// Reads a sample's bits.
    fn look_at(&mut self, sample: &EncodedSample) -> Seen {
        let inspected = self
            .inspector
            .as_mut()
            .map(|inspector| inspector.inspect(&sample.bytes));
        // Damaged bits are the decoder's to judge: what is not known here is left open.
        let inspected = inspected.and_then(Result::ok);
        let facts = self
            .inspector
            .as_ref()
            .and_then(|inspector| inspector.facts());
        let stated = facts
            .filter(|facts| facts.width > 0 && facts.height > 0)
            .map(|facts| (facts.width, facts.height));
        let sync = match (&inspected, sample.sync) {
            (Some(inspected), SyncKind::Stated) => inspected.sync,
            (_, sync) => sync,
        };
        let brings = self.sets.note(&sample.bytes);
        Seen {
            sync,
            brings_sequence: brings.sequence,
            brings_sets: brings.sets,
            droppable: inspected
                .as_ref()
                .is_some_and(|inspected| inspected.droppable),
            size: inspected.and_then(|inspected| inspected.size).or(stated),
            format: facts.and_then(|facts| facts.format),
            color: facts.map(|facts| facts.color).unwrap_or_default(),
            setup: self.setup(facts),
            reorder: facts.map_or(0, |facts| {
                usize::from(facts.reorder_depth.unwrap_or(UNSTATED_REORDER))
            }),
        }
    }

    fn setup(&self, facts: Option<&StreamFacts>) -> Setup {
        Setup {
            // JPEG pictures do not depend on each other, and more threads only make each come late.
            threads: if self.config.codec == Codec::Jpeg {
                1
            } else {
                self.threads
            },
            // An H.264 stream that does not state its reordering shows it only by going wrong.
            strict_order: self.config.codec == Codec::H264
                && self.role != Role::Live
                && facts.is_none_or(|facts| facts.reorder_depth.is_none()),
            role: self.role,
            // Hardware frames of other formats come in layouts that cannot be told apart.
            uses_hardware: self.hardware.used.is_some()
                && facts.and_then(|facts| facts.format) == Some(HARDWARE_FORMAT),
        }
    }

    /// Notes from where on frames are whole. An H.265 decoder knows by itself which pictures refer
    /// to what was jumped over; in H.264 it could be any that is shown before the start.
    fn note_start(&mut self, sample: &EncodedSample, sync: SyncKind) {
        if self.jumped {
            let unsure = self.config.codec == Codec::H264 && sync != SyncKind::Closed;
            self.whole_from = unsure.then_some(sample.rank);
        } else if sync != SyncKind::None {
            self.whole_from = None;
        }
    }

    /// Decides how to go on.
    fn way(&self, seen: &Seen) -> Way {
        let Some(running) = &self.process else {
            return Way::Anew;
        };
        if !running.process.is_usable() {
            return Way::Anew;
        }
        let pictures = seen.format.map(|format| (format, seen.color.range));
        let other_pictures = running.pictures.is_some()
            && pictures.is_some()
            && running.pictures != pictures
            && seen.sync != SyncKind::None;
        if !self.jumped {
            return if other_pictures {
                Way::AnewAfterAll
            } else {
                Way::On
            };
        }
        if other_pictures || (self.sets.override_record() && !seen.brings_sequence) {
            return Way::Anew;
        }
        match (seen.sync, self.config.codec) {
            (SyncKind::Closed, _) => Way::Over,
            (SyncKind::Open, Codec::H265) => Way::OverEnd,
            // State of the samples before could leak into the pictures.
            _ => Way::Anew,
        }
    }

    /// Puts a new process to work. From the second one on, the next one is started ahead.
    fn start(
        &mut self,
        setup: Setup,
        pictures: Option<(PixelFormat, Range)>,
    ) -> Result<(), DecodeError> {
        let is_first = self.process.is_none() && self.spare.is_none();
        self.retire();
        let process = match self.spare.take() {
            Some((with, process)) if with == setup && process.is_usable() => process,
            other => {
                self.retired.extend(other.map(|(_, process)| process));
                self.spawn(setup)?
            }
        };
        self.process = Some(Running { process, pictures });
        if !is_first {
            self.prepare_spare(setup);
        }
        Ok(())
    }

    fn spawn(&self, setup: Setup) -> Result<Process, DecodeError> {
        let hardware = self.hardware.used.as_deref();
        let hardware = hardware.filter(|_| setup.uses_hardware);
        Process::start(&self.install, &self.config, setup, hardware, &self.frames)
    }

    fn prepare_spare(&mut self, setup: Setup) {
        if self.spare.is_none() {
            // If it cannot be had now, it will be tried again when it is needed.
            self.spare = self.spawn(setup).ok().map(|process| (setup, process));
        }
    }

    /// Lets the process at work give all its frames, and ends it.
    fn finish(&mut self) -> Result<(), DecodeError> {
        if self.process.is_none() {
            return Ok(());
        }
        let facts = self
            .inspector
            .as_ref()
            .and_then(|inspector| inspector.facts());
        self.prepare_spare(self.setup(facts));
        let result = self
            .process
            .as_mut()
            .map_or(Ok(()), |it| it.process.finish());
        self.retire();
        result
    }

    /// Ends the process at work without waiting for that.
    fn retire(&mut self) {
        if let Some(mut running) = self.process.take() {
            running.process.stop();
            self.retired.push(running.process);
        }
        let (over, ending): (Vec<_>, Vec<_>) = self.retired.drain(..).partition(Process::is_over);
        self.retired = ending;
        over.into_iter().for_each(Process::join);
    }
}

impl Drop for Ffmpeg {
    fn drop(&mut self) {
        self.retire();
        let spare = self.spare.take().map(|(_, process)| process);
        self.retired.drain(..).chain(spare).for_each(Process::join);
    }
}
