//! What describes a test clip: how it is made, and what a reader of it may expect.

use super::picture::Picture;

/// An encoder of FFmpeg's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    X264,
    X264Rgb,
    X265,
    Aom,
    Svt,
    Vp8,
    Vp9,
    Mjpeg,
}

/// How colours become code values.
#[derive(Clone, Copy)]
pub(crate) struct Color {
    /// Options of FFmpeg's `scale` filter.
    pub(crate) scale: &'static str,
    /// What the stream states.
    pub(crate) tags: &'static str,
}

pub(crate) const BT709: Color = Color {
    scale: "out_color_matrix=bt709:out_range=tv",
    tags: "-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv",
};
pub(crate) const BT601_FULL: Color = Color {
    scale: "out_color_matrix=bt601:out_range=pc",
    tags: "-colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m -color_range pc",
};
pub(crate) const BT2020_PQ: Color = Color {
    scale: "out_color_matrix=bt2020:out_range=tv",
    tags: "-colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084 -color_range tv",
};
pub(crate) const BT2020_HLG: Color = Color {
    scale: "out_color_matrix=bt2020:out_range=tv",
    tags: "-colorspace bt2020nc -color_primaries bt2020 -color_trc arib-std-b67 -color_range tv",
};
/// For decoders that do not know the message in which HLG is stated.
pub(crate) const BT2020_COMPATIBLE: Color = Color {
    scale: "out_color_matrix=bt2020:out_range=tv",
    tags: "-colorspace bt2020nc -color_primaries bt2020 -color_trc bt2020-10 -color_range tv",
};
pub(crate) const UNSTATED: Color = Color {
    scale: "out_color_matrix=bt601:out_range=tv",
    tags: "",
};

/// How a clip comes to be.
#[derive(Clone)]
pub(crate) enum Recipe {
    /// Drawn and encoded.
    Encode(Encode),
    /// The streams of other clips, not encoded again, in a new container.
    Remux {
        of: Vec<&'static str>,
        input: &'static str,
        output: &'static str,
    },
    /// The bytes of another clip, changed.
    Edit {
        of: &'static str,
        edit: fn(Vec<u8>) -> anyhow::Result<Vec<u8>>,
    },
    /// Elementary streams of several clips, one after the other.
    Concatenate { of: &'static [&'static str] },
}

/// What is drawn and encoded, and how.
#[derive(Clone)]
pub(crate) struct Encode {
    pub(crate) picture: Picture,
    pub(crate) codec: Codec,
    /// Options of the encoder, in its own notation.
    pub(crate) options: &'static str,
    pub(crate) pixels: &'static str,
    pub(crate) color: Color,
    pub(crate) rate: &'static str,
    /// Expression for the time of picture N in milliseconds, instead of a constant rate.
    pub(crate) times: Option<&'static str>,
    pub(crate) audio: bool,
    /// Encoded twice, the second time with the statistics of the first.
    pub(crate) two_passes: bool,
    /// Further options of FFmpeg's for the output.
    pub(crate) output: &'static str,
}

/// What a reader may expect of a clip.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    /// Every frame.
    Whole,
    /// The leading frames that FFmpeg decodes to the same pixels as those of the undamaged clip.
    Damaged { from: &'static str },
    /// An error and nothing else.
    Refused,
}

/// A test clip.
#[derive(Clone)]
pub(crate) struct Clip {
    pub(crate) file: &'static str,
    pub(crate) recipe: Recipe,
    pub(crate) expect: Expect,
    /// The clip whose sync samples this one has, where its container cannot say.
    pub(crate) keyframes_as: Option<&'static str>,
}

impl Clip {
    fn new(file: &'static str, recipe: Recipe) -> Self {
        Self {
            file,
            recipe,
            expect: Expect::Whole,
            keyframes_as: None,
        }
    }

    pub(crate) fn encode(
        file: &'static str,
        picture: Picture,
        codec: Codec,
        options: &'static str,
    ) -> Self {
        let encode = Encode {
            picture,
            codec,
            options,
            pixels: "yuv420p",
            color: BT709,
            rate: "25",
            times: None,
            audio: false,
            two_passes: false,
            output: "",
        };
        Self::new(file, Recipe::Encode(encode))
    }

    pub(crate) fn remux(file: &'static str, of: &'static str, output: &'static str) -> Self {
        Self::remux_from(file, of, "", output)
    }

    pub(crate) fn remux_from(
        file: &'static str,
        of: &'static str,
        input: &'static str,
        output: &'static str,
    ) -> Self {
        Self::new(
            file,
            Recipe::Remux {
                of: vec![of],
                input,
                output,
            },
        )
    }

    pub(crate) fn join(file: &'static str, of: &[&'static str]) -> Self {
        Self::new(
            file,
            Recipe::Remux {
                of: of.to_vec(),
                input: "",
                output: "",
            },
        )
    }

    pub(crate) fn edit(
        file: &'static str,
        of: &'static str,
        edit: fn(Vec<u8>) -> anyhow::Result<Vec<u8>>,
    ) -> Self {
        Self::new(file, Recipe::Edit { of, edit })
    }

    pub(crate) fn concatenate(file: &'static str, of: &'static [&'static str]) -> Self {
        Self::new(file, Recipe::Concatenate { of })
    }

    fn change(mut self, change: impl FnOnce(&mut Encode)) -> Self {
        if let Recipe::Encode(encode) = &mut self.recipe {
            change(encode);
        }
        self
    }

    pub(crate) fn pixels(self, pixels: &'static str) -> Self {
        self.change(|encode| encode.pixels = pixels)
    }

    pub(crate) fn color(self, color: Color) -> Self {
        self.change(|encode| encode.color = color)
    }

    pub(crate) fn rate(self, rate: &'static str) -> Self {
        self.change(|encode| encode.rate = rate)
    }

    pub(crate) fn times(self, milliseconds: &'static str) -> Self {
        self.change(|encode| encode.times = Some(milliseconds))
    }

    pub(crate) fn with_audio(self) -> Self {
        self.change(|encode| encode.audio = true)
    }

    pub(crate) fn two_passes(self) -> Self {
        self.change(|encode| encode.two_passes = true)
    }

    pub(crate) fn ffmpeg(self, output: &'static str) -> Self {
        self.change(|encode| encode.output = output)
    }

    pub(crate) fn keyframes_as(mut self, file: &'static str) -> Self {
        self.keyframes_as = Some(file);
        self
    }

    pub(crate) fn damaged(mut self, from: &'static str) -> Self {
        self.expect = Expect::Damaged { from };
        self
    }

    pub(crate) fn refused(mut self) -> Self {
        self.expect = Expect::Refused;
        self
    }
}
