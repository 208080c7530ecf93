//! Still pictures, one sample one frame: for each kind a file that decodes it. FFmpeg comes first for
//! JPEG, because it keeps the chroma planes as they are in the file.

mod jpeg;
mod others;
mod png;
mod rvl;
mod tiff;

pub(crate) use jpeg::check_whole;
use reelscope_media::{Codec, CodecConfig, ColorInfo, Frame, Range, Transfer};

use crate::{DecodeEnv, DecodeError, Decoder, DecoderEntry, EncodedSample, FrameSender, Pushed};

pub(crate) const ENTRY: DecoderEntry = DecoderEntry {
    name: NAME,
    accepts: |codec| kind(codec).is_some(),
    open,
};

const NAME: &str = "image";

/// How one kind of picture is decoded.
struct Kind {
    codec: Codec,
    /// What decodes, for people.
    library: &'static str,
    decode: fn(&[u8]) -> Result<Frame, DecodeError>,
}

static KINDS: &[Kind] = &[
    Kind {
        codec: Codec::Jpeg,
        library: "zune-jpeg",
        decode: jpeg::decode,
    },
    Kind {
        codec: Codec::Png,
        library: "png",
        decode: png::decode,
    },
    Kind {
        codec: Codec::Tiff,
        library: "tiff",
        decode: tiff::decode,
    },
    Kind {
        codec: Codec::Rvl,
        library: "rvl",
        decode: rvl::decode,
    },
    Kind {
        codec: Codec::Webp,
        library: "image-webp",
        decode: others::webp,
    },
    Kind {
        codec: Codec::Bmp,
        library: "image",
        decode: others::bmp,
    },
    Kind {
        codec: Codec::Gif,
        library: "gif",
        decode: others::gif,
    },
];

fn kind(codec: Codec) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.codec == codec)
}

struct Still {
    kind: &'static Kind,
    frames: FrameSender,
}

fn open(
    config: &CodecConfig,
    _: &DecodeEnv,
    frames: FrameSender,
) -> Result<Box<dyn Decoder>, DecodeError> {
    let kind = kind(config.codec).ok_or_else(|| DecodeError::UnsupportedCodec {
        codec: config.codec.title().to_owned(),
    })?;
    Ok(Box::new(Still { kind, frames }))
}

impl Decoder for Still {
    fn push(&mut self, sample: EncodedSample) -> Result<Pushed, DecodeError> {
        let generation = self.frames.generation();
        let frame = (self.kind.decode)(&sample.bytes)?;
        self.frames.send(generation, sample.id, frame);
        Ok(Pushed::Given)
    }

    fn flush(&mut self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn reset(&mut self) {}

    fn describe(&self) -> String {
        self.kind.library.to_owned()
    }
}

fn damaged(reason: impl ToString) -> DecodeError {
    DecodeError::Damaged {
        engine: NAME,
        reason: reason.to_string(),
    }
}

fn grey() -> ColorInfo {
    ColorInfo {
        range: Range::Full,
        transfer: Transfer::SRGB,
        ..ColorInfo::default()
    }
}
