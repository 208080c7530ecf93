//! What demuxers share when they put tracks together. Knows no format.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{
    Codec, CodecConfig, Framing, Sample, SampleData, SampleSource, SyncKind, Timescale, Track,
    TrackKind,
};

/// Samples that a track may have: 19 hours at 60 per second. A hostile file that is all headers must
/// not fill the memory with index entries.
pub(crate) const MAX_SAMPLES: usize = 1 << 22;

/// Frames per second of a stream that says nothing of its own, as FFmpeg assumes.
pub(crate) const DEFAULT_RATE: [u32; 2] = [25, 1];

/// A video track without samples.
pub(crate) fn video_track(
    id: u32,
    config: CodecConfig,
    timescale: Timescale,
    source: Arc<dyn SampleSource>,
) -> Track {
    let codec = config.codec;
    Track {
        id,
        codec_string: sample_entry(&config).to_owned(),
        source,
        configs: vec![Arc::new(config)],
        ..Track::new(codec, timescale)
    }
}

/// The name that a sample entry of this configuration would have in an ISO file (RFC 6381).
fn sample_entry(config: &CodecConfig) -> &'static str {
    match (config.codec, config.record.is_empty()) {
        (Codec::H264, false) => "avc1",
        (Codec::H264, true) => "avc3",
        (Codec::H265, false) => "hvc1",
        (Codec::H265, true) => "hev1",
        (Codec::Av1, _) => "av01",
        (Codec::Vp8, _) => "vp08",
        (Codec::Vp9, _) => "vp09",
        (codec, _) => codec.name(),
    }
}

/// A track that is reported and never read: sound, subtitles, metadata. `name` is its codec's.
pub(crate) fn silent_track(
    id: u32,
    kind: TrackKind,
    name: &str,
    source: Arc<dyn SampleSource>,
) -> Track {
    let config = plain_config(Codec::Unknown, Framing::Whole);
    let mut track = video_track(id, config, Timescale::MILLIS, source);
    track.kind = kind;
    track.codec_string = name.to_owned();
    track
}

/// A configuration without a record: everything is in the samples.
pub(crate) fn plain_config(codec: Codec, framing: Framing) -> CodecConfig {
    CodecConfig {
        codec,
        framing,
        record: Bytes::new(),
    }
}

/// A sample that is a byte range, without duration, shown.
pub(crate) fn range_sample(pts: i64, dts: i64, sync: SyncKind, offset: u64, len: u32) -> Sample {
    Sample::new(pts, dts, sync, SampleData::Range { offset, len })
}

/// Which codec a four-character code of AVI, IVF, FLV or Matroska's `V_MS/VFW/FOURCC` stands for.
pub(crate) fn codec_of_fourcc(fourcc: [u8; 4]) -> Codec {
    match &fourcc.map(|byte| byte.to_ascii_uppercase()) {
        b"H264" | b"X264" | b"AVC1" | b"DAVC" | b"VSSH" | b"SMV2" | b"Q264" | b"V264" | b"GAVC"
        | b"UMSV" | b"TSHD" | b"INMC" => Codec::H264,
        b"HEVC" | b"H265" | b"HVC1" | b"HEV1" | b"X265" => Codec::H265,
        b"AV01" => Codec::Av1,
        b"VP80" => Codec::Vp8,
        b"VP90" => Codec::Vp9,
        b"MJPG" | b"JPEG" | b"AVRN" | b"IJPG" | b"LJPG" => Codec::Jpeg,
        b"PNG " | b"MPNG" | b"PNG1" => Codec::Png,
        _ => Codec::Unknown,
    }
}

/// A four-character code as text, with `?` for what cannot be shown.
pub(crate) fn fourcc_text(fourcc: [u8; 4]) -> String {
    let show = |byte: u8| {
        if byte.is_ascii_graphic() {
            char::from(byte)
        } else {
            '?'
        }
    };
    fourcc.map(show).iter().collect()
}

/// The framing of a codec's samples where there is no configuration record.
pub(crate) fn raw_framing(codec: Codec) -> Framing {
    match codec {
        Codec::H264 | Codec::H265 => Framing::AnnexB,
        _ => Framing::Whole,
    }
}

/// Zero only for two zeros.
pub(crate) fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A configuration with a record, if the bytes are one.
pub(crate) fn configuration(codec: Codec, private: &[u8]) -> CodecConfig {
    let framing = match (codec, private) {
        (Codec::H264, [1, _, _, _, lengths, _, ..]) => Framing::Lengths((lengths & 3) + 1),
        // Some early H.265 files have 0 for the version.
        (Codec::H265, [0 | 1, ..])
            if private.len() > 22
                && !private.starts_with(&[0, 0, 1])
                && !private.starts_with(&[0, 0, 0, 1]) =>
        {
            Framing::Lengths((private.get(21).copied().unwrap_or(3) & 3) + 1)
        }
        _ => raw_framing(codec),
    };
    CodecConfig {
        codec,
        framing,
        record: Bytes::copy_from_slice(private),
    }
}
