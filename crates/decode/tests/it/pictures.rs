//! Tracks of one still picture each, made in memory.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_decode::{DecodeEnv, FfmpegLocator};
use reelscope_media::{
    Codec, CodecConfig, Frame, Framing, RawFormat, Sample, SampleData, SyncKind, Timescale, Track,
    sniff_image,
};

use crate::support::Rig;

/// What came of a picture.
pub(crate) struct Outcome {
    pub(crate) frame: Option<Frame>,
    pub(crate) error: Option<String>,
    pub(crate) engine: Option<String>,
}

/// Decodes a coded picture by its signature.
pub(crate) fn still(bytes: &[u8]) -> Outcome {
    let config = CodecConfig {
        codec: sniff_image(bytes).expect("a picture"),
        framing: Framing::Whole,
        record: Bytes::new(),
    };
    decoded(config, Bytes::copy_from_slice(bytes))
}

/// Decodes an uncoded picture of a format that is given by its numbers.
pub(crate) fn uncoded(
    (width, height): (u32, u32),
    (pixel_format, model, ty): (Option<u8>, Option<u8>, Option<u8>),
    bytes: Bytes,
) -> Outcome {
    let format = RawFormat::from_numbers(width, height, pixel_format, model, ty).unwrap();
    decoded(format.config(), bytes)
}

pub(crate) fn decoded(config: CodecConfig, bytes: Bytes) -> Outcome {
    let nowhere = std::env::temp_dir().join("no ffmpeg here");
    let env = DecodeEnv::new(Arc::new(FfmpegLocator::new(Some(nowhere))), 1);
    decoded_in(env, config, bytes)
}

/// Decodes a picture with what an environment has.
pub(crate) fn decoded_in(env: DecodeEnv, config: CodecConfig, bytes: Bytes) -> Outcome {
    let mut rig = Rig::new(track(config, bytes), env);
    rig.play_all();
    let seen = &mut rig.seen;
    let damaged = seen.damaged.first().map(|(_, error)| error.to_string());
    Outcome {
        frame: seen.last.take(),
        error: damaged.or(seen.failed.as_ref().map(ToString::to_string)),
        engine: rig.worker.engine(),
    }
}

impl Outcome {
    /// The planes one after the other, the format's name, and the range of the values.
    pub(crate) fn planes(self) -> (Vec<u8>, String, Option<[f32; 2]>) {
        let frame = self
            .frame
            .unwrap_or_else(|| panic!("no frame: {:?}", self.error));
        let packed = (0..frame.planes().len())
            .flat_map(|plane| frame.rows(plane).flatten().copied().collect::<Vec<_>>());
        (packed.collect(), frame.format().name(), frame.value_range)
    }
}

fn track(config: CodecConfig, bytes: Bytes) -> Track {
    let sample = Sample::new(0, 0, SyncKind::Closed, SampleData::Bytes(bytes));
    let codec = config.codec;
    assert_ne!(codec, Codec::Unknown);
    Track {
        id: 1,
        configs: vec![Arc::new(config)],
        samples: std::iter::once(sample).collect(),
        ..Track::new(codec, Timescale::MILLIS)
    }
}
