//! Uncoded pictures: values are handed on as they are, those of a type that frames do not have as
//! floats. No colour is converted, and no order changed.

mod values;

use bytes::Bytes;
use reelscope_media::{Codec, CodecConfig, ColorModel, Frame, RawFormat, RawLayout, ValueType};

use crate::limits::{MAX_FRAME_BYTES, check_size};
use crate::{DecodeEnv, DecodeError, Decoder, DecoderEntry, EncodedSample, FrameSender, Pushed};

pub(crate) const ENTRY: DecoderEntry = DecoderEntry {
    name: NAME,
    accepts: |codec| codec == Codec::Raw,
    open,
};

const NAME: &str = "raw";

struct Raw {
    format: RawFormat,
    frames: FrameSender,
}

/// Why bytes are not the picture that they are said to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotThisPicture {
    /// A buffer that ends before the picture does.
    #[error("it has {len} bytes, a picture of {width}×{height} in this format needs {needed}")]
    TooShort {
        width: u32,
        height: u32,
        len: usize,
        needed: usize,
    },
    /// More than we are willing to hold.
    #[error("a picture of {width}×{height} in this format is too large")]
    TooLarge { width: u32, height: u32 },
}

fn open(
    config: &CodecConfig,
    _: &DecodeEnv,
    frames: FrameSender,
) -> Result<Box<dyn Decoder>, DecodeError> {
    let format = RawFormat::from_record(&config.record).map_err(|error| DecodeError::Stopped {
        engine: NAME,
        reason: error.to_string(),
    })?;
    check_size(format.width, format.height)?;
    Ok(Box::new(Raw { format, frames }))
}

impl Decoder for Raw {
    fn push(&mut self, sample: EncodedSample) -> Result<Pushed, DecodeError> {
        let generation = self.frames.generation();
        let frame = frame(self.format, &sample.bytes).map_err(|error| DecodeError::Damaged {
            engine: NAME,
            reason: error.to_string(),
        })?;
        self.frames.send(generation, sample.id, frame);
        Ok(Pushed::Given)
    }

    fn flush(&mut self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn reset(&mut self) {}

    fn describe(&self) -> String {
        NAME.to_owned()
    }
}

/// The frame of a picture's bytes, its values measured. Shares them where frames have such values;
/// bytes beyond the picture are ignored.
pub(crate) fn frame(format: RawFormat, bytes: &Bytes) -> Result<Frame, NotThisPicture> {
    let RawFormat {
        width,
        height,
        layout,
    } = format;
    let too_large = NotThisPicture::TooLarge { width, height };
    let needed = format.byte_size().unwrap_or(usize::MAX);
    let target = format.frame_format();
    if needed.max(target.packed_size(width, height)) > MAX_FRAME_BYTES {
        return Err(too_large);
    }
    let too_short = |len| NotThisPicture::TooShort {
        width,
        height,
        len,
        needed,
    };
    if bytes.len() < needed {
        return Err(too_short(bytes.len()));
    }
    let picture = bytes.slice(..needed);
    let values = match layout {
        RawLayout::Interleaved(model, ty) => interleaved(picture, model, ty),
        RawLayout::Planar(..) | RawLayout::Nv12 | RawLayout::Yuy2 | RawLayout::Bayer(_) => picture,
    };
    let frame = Frame::from_packed(target, width, height, values, format.color());
    let mut frame = frame.map_err(|error| too_short(error.len))?;
    frame.measure_values();
    Ok(frame)
}

/// Values of a type that frames have.
fn interleaved(picture: Bytes, model: ColorModel, ty: ValueType) -> Bytes {
    let alpha = matches!(model, ColorModel::Rgba | ColorModel::Bgra);
    match ty {
        ValueType::U8 | ValueType::U16 | ValueType::F32 => picture,
        _ => Bytes::from(values::to_floats(&picture, ty, alpha)),
    }
}
