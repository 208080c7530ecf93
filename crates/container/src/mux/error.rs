//! Why a track cannot be written as an MP4 file, in words for the person who wants one.

use reelscope_media::LoadError;

/// Why a track was not written as an MP4 file.
#[derive(Debug, thiserror::Error)]
pub enum MuxError {
    /// There is no way to put the codec into MP4.
    #[error(
        "{codec} cannot be put into an MP4 file without encoding it anew; H.264, H.265, AV1, VP8 and VP9 can"
    )]
    Codec {
        /// The codec's title.
        codec: &'static str,
    },
    /// The samples cannot be made sense of.
    #[error("the video cannot be saved: {reason}")]
    Unplayable {
        /// Why, in words.
        reason: String,
    },
    /// No frame is shown in the range.
    #[error("there is no frame in the range")]
    Empty,
    /// Decoding cannot start anywhere before the range.
    #[error("there is no keyframe from which the range could be decoded")]
    NoKeyframe,
    /// Only edit lists cut exactly.
    #[error(
        "a fragmented file cannot be cut exactly: players do not apply edit lists to fragments; cut at keyframes, or write an MP4 file that is not fragmented"
    )]
    ExactFragments,
    /// Only edit lists hide samples.
    #[error(
        "the video has frames that are decoded and never shown, which a fragmented file cannot hide; write an MP4 file that is not fragmented"
    )]
    HiddenInFragments,
    /// Its edit list shows parts more than once or in another order.
    #[error("the edit list of the video jumps; save a range between its jumps")]
    Jumps,
    /// No parameter sets came.
    #[error("the stream never says how it is coded: it has no {missing}")]
    NoParameters {
        /// What is missing: `"SPS"`, `"sequence header"`.
        missing: &'static str,
    },
    /// Parameter sets take the place of others; they have to stay where they are.
    #[error("the parameter sets of the stream change")]
    ChangingParameterSets,
    /// A number does not fit the boxes.
    #[error("the {what} is too large for an MP4 file")]
    TooLarge {
        /// What it is.
        what: &'static str,
    },
    /// A box could not be made from what the stream says.
    #[error("the stream cannot be described in an MP4 file: {0}")]
    Boxes(#[from] shiguredo_mp4::Error),
    /// A sample could not be read.
    #[error("a sample could not be read: {0}")]
    Load(#[from] LoadError),
    /// A sample was dropped meanwhile.
    #[error("a sample is no longer there")]
    Gone,
    /// Writing failed.
    #[error("the file could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// The person stopped it.
    #[error("saving was stopped")]
    Cancelled,
}
