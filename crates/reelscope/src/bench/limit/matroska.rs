//! Samples as a Matroska file (RFC 9559) of one video track, so that FFmpeg decodes these and no
//! others.

use std::io::Write;

use reelscope_media::{Codec, CodecConfig, Framing};

use super::Coded;

/// Nanoseconds of a tick: a millisecond.
const TICK_NANOS: u64 = 1_000_000;
/// Ticks from frame to frame. The real times do not matter, only their order does.
const FRAME_TICKS: u64 = 40;

const EBML: u32 = 0x1A45_DFA3;
const DOC_TYPE: u32 = 0x4282;
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_A966;
const TIMESTAMP_SCALE: u32 = 0x2A_D7B1;
const TRACKS: u32 = 0x1654_AE6B;
const TRACK_ENTRY: u32 = 0xAE;
const TRACK_NUMBER: u32 = 0xD7;
const TRACK_UID: u32 = 0x73C5;
const TRACK_TYPE: u32 = 0x83;
const CODEC_ID: u32 = 0x86;
const CODEC_PRIVATE: u32 = 0x63A2;
const VIDEO: u32 = 0xE0;
const PIXEL_WIDTH: u32 = 0xB0;
const PIXEL_HEIGHT: u32 = 0xBA;
const CLUSTER: u32 = 0x1F43_B675;
const TIMESTAMP: u32 = 0xE7;
const SIMPLE_BLOCK: u32 = 0xA3;

/// Size of an element whose end is not known (RFC 8794 §6.2).
const UNKNOWN_SIZE: [u8; 8] = [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
/// A size in 8 bytes: what is added to it.
const SIZE_OF_EIGHT_BYTES: u64 = 1 << 56;

/// Matroska's name of a codec that FFmpeg decodes for us.
pub(super) fn codec_id(codec: Codec) -> Option<&'static str> {
    match codec {
        Codec::H264 => Some("V_MPEG4/ISO/AVC"),
        Codec::H265 => Some("V_MPEGH/ISO/HEVC"),
        Codec::Vp8 => Some("V_VP8"),
        Codec::Vp9 => Some("V_VP9"),
        Codec::Jpeg => Some("V_MJPEG"),
        _ => None,
    }
}

/// Writes all that comes before the samples.
pub(super) fn write_header(
    out: &mut impl Write,
    config: &CodecConfig,
    (width, height): (u32, u32),
) -> std::io::Result<()> {
    // With a record, NAL units are delimited by lengths; without one, by start codes.
    let lengths = matches!(config.framing, Framing::Lengths(_));
    let record = if lengths { config.record.as_ref() } else { &[] };
    let video = [unsigned(PIXEL_WIDTH, width), unsigned(PIXEL_HEIGHT, height)].concat();
    let entry = [
        unsigned(TRACK_NUMBER, 1_u64),
        unsigned(TRACK_UID, 1_u64),
        unsigned(TRACK_TYPE, 1_u64),
        element(
            CODEC_ID,
            codec_id(config.codec).unwrap_or_default().as_bytes(),
        ),
        element(CODEC_PRIVATE, record),
        element(VIDEO, &video),
    ];
    out.write_all(&element(EBML, &element(DOC_TYPE, b"matroska")))?;
    out.write_all(&SEGMENT.to_be_bytes())?;
    out.write_all(&UNKNOWN_SIZE)?;
    out.write_all(&element(INFO, &unsigned(TIMESTAMP_SCALE, TICK_NANOS)))?;
    out.write_all(&element(TRACKS, &element(TRACK_ENTRY, &entry.concat())))
}

/// Writes a sample, as a cluster of its own.
pub(super) fn write_sample(out: &mut impl Write, coded: &Coded<'_>) -> std::io::Result<()> {
    // Track 1 as a variable-size integer, no time relative to the cluster, a flag for key frames.
    let mut block = vec![0x81, 0, 0, if coded.is_sync() { 0x80 } else { 0 }];
    block.extend_from_slice(&coded.bytes);
    let ticks = (coded.rank as u64).saturating_mul(FRAME_TICKS);
    let content = [unsigned(TIMESTAMP, ticks), element(SIMPLE_BLOCK, &block)].concat();
    out.write_all(&element(CLUSTER, &content))
}

fn element(id: u32, content: &[u8]) -> Vec<u8> {
    // The length of an ID is coded in the ID itself: it never starts with a zero byte.
    let mut out: Vec<u8> = id
        .to_be_bytes()
        .into_iter()
        .skip_while(|byte| *byte == 0)
        .collect();
    out.extend((content.len() as u64 | SIZE_OF_EIGHT_BYTES).to_be_bytes());
    out.extend_from_slice(content);
    out
}

fn unsigned(id: u32, value: impl Into<u64>) -> Vec<u8> {
    element(id, &value.into().to_be_bytes())
}
