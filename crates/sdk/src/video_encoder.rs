//! Pictures in, the samples of a `VideoStream` out, at the times that the pictures had.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reelscope_encode::{CodedSample, EncodeOptions, Encoder, Hardware, Picture, Rate, WhenBusy};
use reelscope_media::{Chroma, Codec};

use crate::archetypes::{VideoCodec, VideoStream};
use crate::time::Times;
use crate::{RecordingStream, SdkError};

/// How pictures are encoded. What is left as it is suits a person who looks on live: no picture waits for a later
/// one, and there is a keyframe every second.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoEncoderOptions {
    /// The codec.
    pub codec: VideoCodec,
    /// Bits or quality.
    pub rate: Rate,
    /// Pictures that are logged in a second, about: the encoder shares out its bits by it.
    pub fps: f64,
    /// From one keyframe to the next, in pictures; a second's worth if `None`.
    pub gop: Option<u32>,
    /// How fast against how small, in the words of the encoder (`veryfast`).
    pub preset: Option<String>,
    /// Whether hardware encodes.
    pub hardware: Hardware,
    /// How much colour is kept: half in either direction (4:2:0) if `None`, or all of it where the size is odd
    /// and the codec needs that.
    pub chroma: Option<Chroma>,
    /// True for 10 bits a value in place of 8.
    pub ten_bit: bool,
    /// What becomes of pictures that come faster than they can be encoded.
    pub when_busy: WhenBusy,
    /// The FFmpeg to use; if `None` the one of the variable `REELSCOPE_FFMPEG`, else the one on PATH.
    pub ffmpeg: Option<std::path::PathBuf>,
}

impl Default for VideoEncoderOptions {
    fn default() -> Self {
        let usual = EncodeOptions::default();
        Self {
            codec: VideoCodec::H264,
            rate: usual.rate,
            fps: usual.fps,
            gop: usual.gop,
            preset: usual.preset,
            hardware: usual.hardware,
            chroma: usual.chroma,
            ten_bit: usual.ten_bit,
            when_busy: usual.when_busy,
            ffmpeg: usual.ffmpeg,
        }
    }
}

impl From<VideoEncoderOptions> for EncodeOptions {
    fn from(options: VideoEncoderOptions) -> Self {
        Self {
            codec: match options.codec {
                VideoCodec::H264 => Codec::H264,
                VideoCodec::H265 => Codec::H265,
                VideoCodec::Av1 => Codec::Av1,
                VideoCodec::Vp8 => Codec::Vp8,
                VideoCodec::Vp9 => Codec::Vp9,
            },
            rate: options.rate,
            fps: options.fps,
            gop: options.gop,
            preset: options.preset,
            hardware: options.hardware,
            chroma: options.chroma,
            ten_bit: options.ten_bit,
            when_busy: options.when_busy,
            ffmpeg: options.ffmpeg,
        }
    }
}

/// What a picture's sample is logged with.
struct Tag {
    recording: RecordingStream,
    times: Times,
    since: Instant,
}

/// What the encoder's thread tells.
#[derive(Default)]
struct Told {
    /// What went wrong with a sample and was not told yet.
    error: Mutex<Option<SdkError>>,
    /// Nanoseconds that the last sample took.
    latency: AtomicU64,
}

/// Logs pictures as a video stream, encoded by FFmpeg (5.1 or newer). What is under way is logged before it is
/// dropped.
///
/// ```no_run
/// use reelscope_sdk::{Picture, PictureLayout, RecordingStream, VideoEncoder, VideoEncoderOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let recording = RecordingStream::new("my_robot").connect("127.0.0.1:9876")?;
/// let mut encoder = VideoEncoder::new("camera", VideoEncoderOptions::default())?;
/// for frame in 0..300 {
///     let pixels = vec![0; 640 * 480 * 3];
///     recording.set_time_sequence("frame", frame);
///     encoder.log(&recording, &Picture::new(&pixels, 640, 480, PictureLayout::Rgb8)?)?;
/// }
/// encoder.finish()?;
/// recording.finish()?;
/// # Ok(())
/// # }
/// ```
pub struct VideoEncoder {
    entity: Arc<str>,
    codec: VideoCodec,
    encoder: Encoder<Tag>,
    told: Arc<Told>,
    /// The recording in which the codec was logged.
    announced: Option<String>,
}

impl VideoEncoder {
    /// Finds FFmpeg and sees that it can encode; this takes a tenth of a second or two, once in a program.
    ///
    /// # Errors
    /// [`SdkError::Encode`] if there is no FFmpeg, or it has no encoder of the codec.
    pub fn new(entity: &str, options: VideoEncoderOptions) -> Result<Self, SdkError> {
        let entity: Arc<str> = entity.into();
        let told = Arc::new(Told::default());
        let codec = options.codec;
        let deliver = {
            let (entity, told) = (Arc::clone(&entity), Arc::clone(&told));
            move |sample| told.log(&entity, sample)
        };
        Ok(Self {
            encoder: Encoder::new(options.into(), deliver)?,
            entity,
            codec,
            told,
            announced: None,
        })
    }

    /// Logs a picture: its sample will be at the times that this thread has now. A picture of another size or
    /// layout than the one before starts a new encoder.
    ///
    /// # Errors
    /// What went wrong with this picture or with one before; see [`Encoder::push`].
    pub fn log(
        &mut self,
        recording: &RecordingStream,
        picture: &Picture<'_>,
    ) -> Result<(), SdkError> {
        if self.announced.as_deref() != Some(recording.recording_id()) {
            recording.log_static(&self.entity, &VideoStream::codec(self.codec))?;
            self.announced = Some(recording.recording_id().to_owned());
        }
        let tag = Tag {
            recording: recording.clone(),
            times: recording.times_now(),
            since: Instant::now(),
        };
        let pushed = self.encoder.push(picture, tag);
        pushed.map_err(SdkError::from).and(self.told.take())
    }

    /// Waits until all pictures are encoded and logged. More can be logged after that.
    ///
    /// # Errors
    /// What could not be encoded or logged, and why.
    pub fn finish(&mut self) -> Result<(), SdkError> {
        let finished = self.encoder.finish();
        finished.map_err(SdkError::from).and(self.told.take())
    }

    /// Pictures whose samples have not come yet.
    pub fn under_way(&self) -> usize {
        self.encoder.under_way()
    }

    /// Pictures that were left out because the encoder was busy.
    pub fn left_out(&self) -> u64 {
        self.encoder.left_out()
    }

    /// How long the last sample took, from its picture to its row.
    pub fn latency(&self) -> Duration {
        Duration::from_nanos(self.told.latency.load(Ordering::Relaxed))
    }

    /// What encodes, by FFmpeg's name (`libx264`). `None` before the first picture.
    pub fn engine(&self) -> Option<&'static str> {
        self.encoder.engine()
    }

    /// Why it is not the hardware that was asked for, in words.
    pub fn note(&self) -> Option<&str> {
        self.encoder.note()
    }
}

impl Drop for VideoEncoder {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = self.encoder.finish();
    }
}

impl Told {
    fn log(&self, entity: &str, sample: CodedSample<Tag>) {
        let Tag {
            recording,
            times,
            since,
        } = sample.tag;
        let row = VideoStream::sample(sample.bytes).with_is_keyframe(sample.is_keyframe);
        let logged = recording.log_at(times, entity, &row);
        let taken = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.latency.store(taken, Ordering::Relaxed);
        if let Err(error) = logged {
            self.error().get_or_insert(error);
        }
    }

    fn take(&self) -> Result<(), SdkError> {
        self.error().take().map_or(Ok(()), Err)
    }

    fn error(&self) -> std::sync::MutexGuard<'_, Option<SdkError>> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
