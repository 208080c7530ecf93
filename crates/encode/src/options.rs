//! How to encode. What is left as it is suits a person who looks on live.

use std::path::PathBuf;

use reelscope_media::{Chroma, Codec};

use crate::EncodeError;

/// What is given for how good a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rate {
    /// What is usual for the codec.
    #[default]
    Usual,
    /// The same quality throughout, in the numbers of the codec's encoders (CRF): 0 is best; the worst is 51
    /// for H.264 and H.265, 63 for VP8, VP9 and AV1.
    Quality(u8),
    /// So many bits a second, if as many pictures come as was said.
    Bitrate(u64),
}

/// The wish for hardware.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Hardware {
    /// What works on this machine, else software.
    #[default]
    Auto,
    /// Software.
    None,
    /// `nvenc`, `vaapi`, `qsv` or `videotoolbox`, if it works, else software.
    Named(String),
}

/// What becomes of a picture that comes while the encoder has enough to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WhenBusy {
    /// Whoever brings it waits.
    #[default]
    Wait,
    /// It is left out, and counted.
    LeaveOut,
}

/// How to encode.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodeOptions {
    /// H.264, H.265, AV1, VP8 or VP9.
    pub codec: Codec,
    /// Bits or quality.
    pub rate: Rate,
    /// Pictures that come in a second, about. The encoder shares out its bits by it; times are not made of it.
    pub fps: f64,
    /// From one keyframe to the next, in pictures; a second's worth if `None`.
    pub gop: Option<u32>,
    /// How fast against how small, in the words of the encoder: `veryfast` of x264, `8` of libaom's `-cpu-used`.
    pub preset: Option<String>,
    /// Whether hardware encodes.
    pub hardware: Hardware,
    /// How much colour is kept. If `None`, half in either direction (4:2:0), or all of it (4:4:4) where the
    /// codec can have an odd size in no other way.
    pub chroma: Option<Chroma>,
    /// True for 10 bits a value in place of 8.
    pub ten_bit: bool,
    /// What becomes of pictures that come too fast.
    pub when_busy: WhenBusy,
    /// The FFmpeg to use; searched for like the viewer's if `None` (`REELSCOPE_FFMPEG`, then `PATH`).
    pub ffmpeg: Option<PathBuf>,
}

impl Default for EncodeOptions {
    fn default() -> Self {
        Self {
            codec: Codec::H264,
            rate: Rate::default(),
            fps: 30.0,
            gop: None,
            preset: None,
            hardware: Hardware::default(),
            chroma: None,
            ten_bit: false,
            when_busy: WhenBusy::default(),
            ffmpeg: None,
        }
    }
}

impl EncodeOptions {
    /// Pictures in 1000 seconds.
    ///
    /// # Errors
    /// [`EncodeError::Fps`].
    pub(crate) fn pace(&self) -> Result<u32, EncodeError> {
        /// No camera is faster.
        const MOST: f64 = 100_000.0;
        let pace = (self.fps * 1_000.0).round();
        if pace >= 1.0 && self.fps <= MOST {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it was just checked"
            )]
            return Ok(pace as u32);
        }
        Err(EncodeError::Fps { fps: self.fps })
    }

    /// Pictures from one keyframe to the next.
    pub(crate) fn gop(&self, pace: u32) -> u32 {
        self.gop.unwrap_or(pace.div_ceil(1_000)).max(1)
    }

    /// How the colour of pictures of such a size is kept.
    ///
    /// # Errors
    /// [`EncodeError::OddSize`].
    pub(crate) fn chroma_for(&self, width: u32, height: u32) -> Result<Chroma, EncodeError> {
        // H.264 and H.265 crop in units of a chroma sample; the others state any size.
        let by_chroma = matches!(self.codec, Codec::H264 | Codec::H265);
        let fits = |chroma: Chroma| match chroma {
            Chroma::Yuv420 => width.is_multiple_of(2) && height.is_multiple_of(2),
            Chroma::Yuv422 => width.is_multiple_of(2),
            _ => true,
        };
        match self.chroma {
            Some(chroma) if by_chroma && !fits(chroma) => Err(EncodeError::OddSize {
                codec: self.codec.title(),
                width,
                height,
            }),
            Some(chroma) => Ok(chroma),
            None if by_chroma && !fits(Chroma::Yuv420) => Ok(Chroma::Yuv444),
            None => Ok(Chroma::Yuv420),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gop_is_a_second_unless_chosen() {
        let options = EncodeOptions {
            fps: 29.97,
            ..EncodeOptions::default()
        };
        let pace = options.pace().unwrap();
        assert_eq!((pace, options.gop(pace)), (29_970, 30));
    }

    #[test]
    fn no_pace_is_refused() {
        for fps in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let options = EncodeOptions {
                fps,
                ..EncodeOptions::default()
            };
            assert!(matches!(options.pace(), Err(EncodeError::Fps { .. })));
        }
    }

    #[test]
    fn odd_sizes_keep_all_colour_where_the_codec_needs_it() {
        let of = |codec, chroma| {
            let options = EncodeOptions {
                codec,
                chroma,
                ..EncodeOptions::default()
            };
            options.chroma_for(65, 49).ok()
        };
        assert_eq!(of(Codec::H264, None), Some(Chroma::Yuv444));
        assert_eq!(of(Codec::Vp9, None), Some(Chroma::Yuv420));
        assert_eq!(of(Codec::H265, Some(Chroma::Yuv420)), None);
    }
}
