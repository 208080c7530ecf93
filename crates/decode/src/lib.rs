//! Samples in, frames out: decoder engines behind one trait, each on a worker thread of its own.
//! Nothing in here knows containers, seeking policy, entities or a GPU.

mod dav1d;
mod ffmpeg;
mod image;
mod limits;
mod pool;
mod raw;
mod worker;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{Codec, CodecConfig, Frame, LoadError, SampleData, SampleId, SyncKind};

pub use ffmpeg::{HwAccel, HwAccelError, HwAccelNameError, HwAccels, HwChoice, hwaccels};
pub use pool::{DecodePool, IdleSlot, Waiting};
pub use reelscope_ffmpeg::{
    FfmpegError, FfmpegInstall, FfmpegLocator, MINIMUM_FFMPEG, Wake, download_page,
};
pub use worker::{DecodeWorker, FrameSender};

/// A sample on its way into a decoder.
#[derive(Clone, Debug)]
pub struct EncodedSample {
    /// Its name in the track; comes back on its frame.
    pub id: SampleId,
    /// Its place in the presentation order of the track. Rises with pts, unique in a track.
    pub rank: u32,
    /// Whether decoding can start here.
    pub sync: SyncKind,
    /// What it is coded with. A change of it in mid-stream is a new start for the decoder.
    pub config: Arc<CodecConfig>,
    /// True if its frame is not asked for: it may be left out if nothing refers to it.
    pub optional: bool,
    /// The access unit.
    pub bytes: Bytes,
}

/// What became of a sample that a decoder was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is being decoded.
    Given,
    /// It was left out: its frame was not asked for, and no other sample refers to it.
    LeftOut,
}

/// A decoder engine at work on one stream. Calls block; [`DecodeWorker`] owns the thread that makes
/// them. Frames leave through the [`FrameSender`] that the engine was opened with, in presentation
/// order, each with the name of its sample: matched by timestamp, never by counting.
pub trait Decoder: Send {
    /// Gives the next sample in decode order. Its frame comes when the decoder is ready for it.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] if this sample could not be decoded and the next one may be given;
    /// anything else if the decoder is of no use until [`Decoder::reset`].
    fn push(&mut self, sample: EncodedSample) -> Result<Pushed, DecodeError>;

    /// Waits until every frame of the samples given so far was sent. The next sample given has to
    /// be one at which decoding can start.
    ///
    /// # Errors
    /// As [`Decoder::push`].
    fn flush(&mut self) -> Result<(), DecodeError>;

    /// Forgets all samples given so far: the next one belongs to another place of the stream, or to
    /// a decoder that failed and starts anew. Frames not sent yet are dropped. Quick: it neither
    /// starts a process nor waits for one where the engine can help it.
    fn reset(&mut self);

    /// Called when no sample has been given for a moment: sends frames that are held back only to
    /// work on several at once. Does not disturb what comes next.
    ///
    /// # Errors
    /// As [`Decoder::push`].
    fn idle(&mut self) -> Result<(), DecodeError> {
        Ok(())
    }

    /// What decodes, for people: `"dav1d"`, `"FFmpeg 5.1.9"`.
    fn describe(&self) -> String;

    /// What people should know about how it decodes: why it does not use the hardware that was asked
    /// for.
    fn note(&self) -> Option<String> {
        None
    }
}

/// Width in pixels of frames that are decoded in [`Role::Idle`], at most.
pub const PREVIEW_WIDTH: u32 = 320;

/// What engines share: where FFmpeg is, how many threads one decoder may use.
#[derive(Clone)]
pub struct DecodeEnv {
    /// Finds FFmpeg and watches it.
    pub ffmpeg: Arc<FfmpegLocator>,
    /// Threads of one decoder, at least 1.
    pub threads: usize,
    /// What the decoder is for.
    pub role: Role,
    /// What all decoders of the program share.
    pub pool: Arc<DecodePool>,
    /// Which hardware FFmpeg may decode with.
    pub hwaccel: HwAccel,
    /// Which of it has been found to work.
    pub hwaccels: Arc<HwAccels>,
}

/// What a decoder is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Frames that a person waits for: all threads, a seek costs no start of a process.
    #[default]
    Seek,
    /// Small frames that may be wanted later, at most [`PREVIEW_WIDTH`] wide: gives way to everything
    /// else.
    Idle,
    /// Frames of a stream as it comes in: each one before the next sample, if the stream allows it.
    Live,
}

impl DecodeEnv {
    /// An environment for decoders with this many threads each.
    pub fn new(ffmpeg: Arc<FfmpegLocator>, threads: usize) -> Self {
        Self {
            ffmpeg,
            threads: threads.max(1),
            role: Role::default(),
            pool: Arc::new(DecodePool::new(threads)),
            hwaccel: HwAccel::default(),
            hwaccels: Arc::new(HwAccels::new()),
        }
    }

    /// The same for another role.
    pub fn with_role(&self, role: Role) -> Self {
        Self {
            role,
            ..self.clone()
        }
    }
}

/// A decoder engine of the table.
pub struct DecoderEntry {
    /// Short name, for settings and messages.
    pub name: &'static str,
    /// True if it decodes this codec.
    pub accepts: fn(Codec) -> bool,
    /// Sets one up.
    pub open: OpenDecoder,
}

/// Sets up a decoder for a configuration. May take long, starts threads or a process.
pub type OpenDecoder =
    fn(&CodecConfig, &DecodeEnv, FrameSender) -> Result<Box<dyn Decoder>, DecodeError>;

impl fmt::Debug for DecoderEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All engines, the preferred one first. An engine that cannot be set up (no FFmpeg) is passed over
/// if a later one accepts the codec too.
pub static DECODERS: &[DecoderEntry] = &[dav1d::ENTRY, ffmpeg::ENTRY, image::ENTRY, raw::ENTRY];

/// Something to decode, handed to a [`DecodeWorker`].
#[derive(Clone, Debug)]
pub enum Feed {
    /// Load this sample and decode it.
    Sample {
        /// Its name in the track.
        id: SampleId,
        /// Its place in presentation order.
        rank: u32,
        /// Whether decoding can start here.
        sync: SyncKind,
        /// What it is coded with.
        config: Arc<CodecConfig>,
        /// Where its bytes are.
        data: SampleData,
        /// True if it may be left out where nothing refers to it.
        optional: bool,
    },
    /// Make all frames of the samples before come out: the track ends here.
    Flush,
}

/// What a [`DecodeWorker`] reports.
#[derive(Debug)]
pub enum DecodeEvent {
    /// A frame.
    Frame {
        /// The generation it was fed in.
        generation: u64,
        /// Its sample.
        sample: SampleId,
        /// The picture.
        frame: Frame,
    },
    /// The decoder took a sample: a sign of progress.
    Taken {
        /// The generation it was fed in.
        generation: u64,
        /// The sample.
        sample: SampleId,
    },
    /// A sample that was optional was left out: nothing refers to it.
    LeftOut {
        /// The generation it was fed in.
        generation: u64,
        /// The sample.
        sample: SampleId,
    },
    /// A sample could not be read or decoded; decoding goes on with the next one.
    Damaged {
        /// The generation it was fed in.
        generation: u64,
        /// The sample.
        sample: SampleId,
        /// What was wrong.
        error: DecodeError,
    },
    /// All frames that were to come before a [`Feed::Flush`] have come.
    Flushed {
        /// The generation of the flush.
        generation: u64,
    },
    /// The decoder is gone and everything fed in this generation is lost. The worker makes a new
    /// decoder as soon as the generation is raised.
    Failed {
        /// The generation that is lost.
        generation: u64,
        /// Why.
        error: DecodeError,
    },
}

/// Why samples could not be decoded.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DecodeError {
    /// No engine of the table takes this codec.
    #[error("no decoder for {codec}")]
    UnsupportedCodec {
        /// The codec's title.
        codec: String,
    },
    /// FFmpeg is needed and cannot be used.
    #[error(transparent)]
    Ffmpeg(#[from] FfmpegError),
    /// The sample's bytes could not be had.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// One sample could not be decoded.
    #[error("{engine} could not decode the sample: {reason}")]
    Damaged {
        /// Which decoder.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
    /// The decoder stopped working.
    #[error("{engine} stopped: {reason}")]
    Stopped {
        /// Which decoder.
        engine: &'static str,
        /// What it said last, or its exit status.
        reason: String,
    },
    /// The decoder had all it needs and did nothing; it was ended.
    #[error(
        "{engine} hung: it did nothing for {seconds} seconds and was ended; see whether the same file plays elsewhere, then retry"
    )]
    Hung {
        /// Which decoder.
        engine: &'static str,
        /// For how long it was waited.
        seconds: u64,
    },
    /// A picture is larger than we are willing to decode.
    #[error("a picture of {width}×{height} pixels is larger than {limit} pixels on a side")]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The limit.
        limit: u32,
    },
}
