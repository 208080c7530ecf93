//! The way into FFmpeg: a live Matroska stream (RFC 9559) of one video track, written as it comes.
//!
//! Every sample is a cluster of known size with one SimpleBlock, so that FFmpeg can hand a sample
//! on as soon as its last byte is there.

use reelscope_media::{Codec, CodecConfig, Framing};

/// Nanoseconds of a tick of the stream: one second.
///
/// Coarse on purpose. FFmpeg guesses decode times from the frame rate and prefers them to the
/// presentation times when those look less regular; guesses that round to the same tick again and
/// again are never preferred. So presentation times come back as they were given.
const TICK_NANOS: u64 = 1_000_000_000;

const EBML: u32 = 0x1A45_DFA3;
const EBML_VERSION: u32 = 0x4286;
const EBML_READ_VERSION: u32 = 0x42F7;
const EBML_MAX_ID_LENGTH: u32 = 0x42F2;
const EBML_MAX_SIZE_LENGTH: u32 = 0x42F3;
const DOC_TYPE: u32 = 0x4282;
const DOC_TYPE_VERSION: u32 = 0x4287;
const DOC_TYPE_READ_VERSION: u32 = 0x4285;
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_A966;
const TIMESTAMP_SCALE: u32 = 0x2A_D7B1;
const MUXING_APP: u32 = 0x4D80;
const WRITING_APP: u32 = 0x5741;
const TRACKS: u32 = 0x1654_AE6B;
const TRACK_ENTRY: u32 = 0xAE;
const TRACK_NUMBER: u32 = 0xD7;
const TRACK_UID: u32 = 0x73C5;
const TRACK_TYPE: u32 = 0x83;
const FLAG_LACING: u32 = 0x9C;
const CODEC_ID: u32 = 0x86;
const CODEC_PRIVATE: u32 = 0x63A2;
const VIDEO: u32 = 0xE0;
const CLUSTER: u32 = 0x1F43_B675;
const TIMESTAMP: u32 = 0xE7;
const SIMPLE_BLOCK: u32 = 0xA3;

/// Size of an element whose end is not known (RFC 8794 §6.2).
const UNKNOWN_SIZE: [u8; 8] = [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
/// Track 1 as a variable-size integer, then 16 bits of time relative to the cluster.
const BLOCK_TRACK_AND_TIME: [u8; 3] = [0x81, 0, 0];
const BLOCK_KEYFRAME: u8 = 0x80;

/// Matroska's name of a codec, `None` for one that does not go this way.
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

/// Everything before the first sample. `None` for a codec that does not go this way.
///
/// The picture size is left out: the bitstream states it, and FFmpeg would crop to this one.
pub(super) fn header(config: &CodecConfig) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    element(&mut out, EBML, |out| {
        unsigned(out, EBML_VERSION, 1);
        unsigned(out, EBML_READ_VERSION, 1);
        unsigned(out, EBML_MAX_ID_LENGTH, 4);
        unsigned(out, EBML_MAX_SIZE_LENGTH, 8);
        bytes(out, DOC_TYPE, b"matroska");
        unsigned(out, DOC_TYPE_VERSION, 4);
        unsigned(out, DOC_TYPE_READ_VERSION, 2);
    });
    id(&mut out, SEGMENT);
    out.extend_from_slice(&UNKNOWN_SIZE);
    element(&mut out, INFO, |out| {
        unsigned(out, TIMESTAMP_SCALE, TICK_NANOS);
        bytes(out, MUXING_APP, b"reelscope");
        bytes(out, WRITING_APP, b"reelscope");
    });
    let codec = codec_id(config.codec)?;
    element(&mut out, TRACKS, |out| {
        element(out, TRACK_ENTRY, |out| {
            unsigned(out, TRACK_NUMBER, 1);
            unsigned(out, TRACK_UID, 1);
            unsigned(out, TRACK_TYPE, 1);
            unsigned(out, FLAG_LACING, 0);
            bytes(out, CODEC_ID, codec.as_bytes());
            // Without a record the decoder takes NAL units to be delimited by start codes.
            if matches!(config.framing, Framing::Lengths(_)) {
                bytes(out, CODEC_PRIVATE, &config.record);
            }
            element(out, VIDEO, |_| {});
        });
    });
    Some(out)
}

/// Appends a sample that is shown at `ticks`, given in parts.
pub(super) fn sample(out: &mut Vec<u8>, ticks: u64, is_sync: bool, parts: &[&[u8]]) {
    element(out, CLUSTER, |out| {
        unsigned(out, TIMESTAMP, ticks);
        element(out, SIMPLE_BLOCK, |out| {
            out.extend_from_slice(&BLOCK_TRACK_AND_TIME);
            out.push(if is_sync { BLOCK_KEYFRAME } else { 0 });
            for part in parts {
                out.extend_from_slice(part);
            }
        });
    });
}

fn id(out: &mut Vec<u8>, id: u32) {
    // The length of an ID is coded in the ID itself: it never starts with a zero byte.
    out.extend(id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0));
}

/// An element with its size in 8 bytes, written when the size is known.
fn element(out: &mut Vec<u8>, element: u32, content: impl FnOnce(&mut Vec<u8>)) {
    const EIGHT_BYTES: u64 = 1 << 56;
    id(out, element);
    let at = out.len();
    out.extend_from_slice(&UNKNOWN_SIZE);
    let start = out.len();
    content(out);
    let size = (out.len() - start) as u64 | EIGHT_BYTES;
    if let Some(place) = out.get_mut(at..start) {
        place.copy_from_slice(&size.to_be_bytes());
    }
}

fn bytes(out: &mut Vec<u8>, of: u32, value: &[u8]) {
    element(out, of, |out| out.extend_from_slice(value));
}

fn unsigned(out: &mut Vec<u8>, of: u32, value: u64) {
    bytes(out, of, &value.to_be_bytes());
}
