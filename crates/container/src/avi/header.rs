//! Stream headers of AVI: what a stream is, how fast it runs, and its codec.

use std::sync::Arc;

use reelscope_media::{ByteSource, Codec, Timescale, Track, TrackKind, WholeSource};

use crate::assemble::{
    codec_of_fourcc, configuration, fourcc_text, greatest_common_divisor, silent_track, video_track,
};

/// Stream formats are short; a codec's own bytes may follow.
pub(super) const LONGEST_FORMAT: usize = 1 << 20;

/// `AVISTREAMHEADER`.
pub(super) struct StreamHeader {
    kind: [u8; 4],
    handler: [u8; 4],
    scale: u32,
    rate: u32,
    start: u32,
}

impl StreamHeader {
    /// As much as is used.
    pub(super) const LEN: usize = 36;

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| bytes.get(at..)?.first_chunk::<4>().copied();
        let number = |at: usize| word(at).map(u32::from_le_bytes);
        Some(Self {
            kind: word(0)?,
            handler: word(4)?,
            scale: number(20)?,
            rate: number(24)?,
            start: number(28)?,
        })
    }
}

/// A stream while its pictures are collected.
pub(super) struct Stream {
    pub(super) track: Track,
    pub(super) next_time: i64,
    pub(super) ticks_per_frame: i64,
}

impl Stream {
    /// A stream from its header and its format (`BITMAPINFOHEADER` for pictures).
    pub(super) fn new(
        number: u32,
        header: &StreamHeader,
        format: &[u8],
        source: &Arc<dyn ByteSource>,
    ) -> Self {
        let divisor = greatest_common_divisor(header.rate, header.scale).max(1);
        let (timescale, ticks_per_frame) = match Timescale::new(header.rate / divisor) {
            Some(timescale) if header.scale > 0 => (timescale, i64::from(header.scale / divisor)),
            // As FFmpeg does without a rate.
            _ => (Timescale::new(25).unwrap_or(Timescale::MILLIS), 1),
        };
        let whole = Arc::new(WholeSource(Arc::clone(source)));
        let track = match &header.kind {
            b"vids" => {
                let mut track = video(number, header, format, timescale, whole);
                let side = |at: usize| {
                    let bytes = format.get(at..).and_then(|rest| rest.first_chunk::<4>());
                    bytes.map_or(0, |bytes| i32::from_le_bytes(*bytes).unsigned_abs())
                };
                (track.facts.width, track.facts.height) = (side(4), side(8));
                track
            }
            b"auds" => {
                let tag = format
                    .first_chunk::<2>()
                    .map_or(0, |tag| u16::from_le_bytes(*tag));
                silent_track(number, TrackKind::Audio, sound_name(tag), whole)
            }
            other => silent_track(number, TrackKind::Other, &fourcc_text(*other), whole),
        };
        let next_time = i64::from(header.start).saturating_mul(ticks_per_frame);
        Self {
            track,
            next_time,
            ticks_per_frame,
        }
    }
}

fn video(
    number: u32,
    header: &StreamHeader,
    format: &[u8],
    timescale: Timescale,
    whole: Arc<WholeSource>,
) -> Track {
    /// `BITMAPINFOHEADER`, before the codec's own bytes.
    const BITMAP_INFO: usize = 40;
    let fourcc = format
        .get(16..)
        .and_then(|rest| rest.first_chunk().copied());
    let fourcc = fourcc.unwrap_or(header.handler);
    let codec = codec_of_fourcc(fourcc);
    let private = match codec {
        Codec::H264 | Codec::H265 | Codec::Av1 => format.get(BITMAP_INFO..).unwrap_or_default(),
        _ => &[],
    };
    let mut track = video_track(number, configuration(codec, private), timescale, whole);
    if codec == Codec::Unknown {
        let name = match fourcc {
            [0, 0, 0, 0] => "uncompressed RGB".to_owned(),
            fourcc => fourcc_text(fourcc),
        };
        track.unplayable = Some(format!("its codec {name} is not known"));
        track.codec_string = name;
    }
    track
}

/// Names of some `WAVE_FORMAT` numbers.
fn sound_name(tag: u16) -> &'static str {
    match tag {
        0x01 | 0x03 | 0xFFFE => "pcm",
        0x02 | 0x11 => "adpcm",
        0x06 | 0x07 => "g711",
        0x50 => "mp2",
        0x55 => "mp3",
        0xFF | 0x1600..=0x1610 => "aac",
        0x2000 => "ac3",
        0x2001 => "dts",
        _ => "unknown",
    }
}
