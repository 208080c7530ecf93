//! Track descriptions: codec, colours, pixel shape, and how samples are packed.

use reelscope_media::{
    Codec, CodecConfig, ColorInfo, DolbyVision, FieldOrder, HdrFacts, Orientation, Ratio, TrackKind,
};

use super::ebml::{self, children, unsigned};
use super::showing;
use crate::assemble::{codec_of_fourcc, configuration, fourcc_text};

/// A `TrackEntry` element.
#[derive(Debug, Default)]
pub(super) struct TrackEntry {
    pub(super) number: u64,
    kind: u64,
    codec_id: String,
    private: Vec<u8>,
    /// In nanoseconds; 0 where not stated.
    pub(super) default_duration: u64,
    pub(super) width: u32,
    pub(super) height: u32,
    display: [u64; 2],
    display_unit: u64,
    pub(super) color: ColorInfo,
    pub(super) hdr: HdrFacts,
    pub(super) interlaced: bool,
    pub(super) field_order: Option<FieldOrder>,
    pub(super) orientation: Orientation,
    pub(super) dolby_vision: Option<DolbyVision>,
    /// Bytes that were taken off the front of every sample.
    pub(super) stripped: Vec<u8>,
    /// Why samples cannot be read.
    pub(super) unreadable: Option<String>,
}

impl TrackEntry {
    pub(super) fn parse(entry: &[u8]) -> Self {
        let mut track = Self::default();
        for (id, value) in children(entry) {
            match id {
                ebml::TRACK_NUMBER => track.number = unsigned(value),
                ebml::TRACK_TYPE => track.kind = unsigned(value),
                ebml::CODEC_ID => track.codec_id = text(value),
                ebml::CODEC_PRIVATE => track.private = value.to_vec(),
                ebml::DEFAULT_DURATION => track.default_duration = unsigned(value),
                ebml::VIDEO => track.video(value),
                ebml::CONTENT_ENCODINGS => track.encodings(value),
                ebml::BLOCK_ADDITION_MAPPING => {
                    track.dolby_vision = track.dolby_vision.or(showing::dolby_vision(value));
                }
                _ => {}
            }
        }
        track
    }

    fn video(&mut self, video: &[u8]) {
        let side = |value| u32::try_from(unsigned(value)).unwrap_or(0);
        for (id, value) in children(video) {
            match id {
                ebml::PIXEL_WIDTH => self.width = side(value),
                ebml::PIXEL_HEIGHT => self.height = side(value),
                ebml::DISPLAY_WIDTH => self.display[0] = unsigned(value),
                ebml::DISPLAY_HEIGHT => self.display[1] = unsigned(value),
                ebml::DISPLAY_UNIT => self.display_unit = unsigned(value),
                ebml::COLOUR => {
                    self.color = showing::color(value);
                    self.hdr = showing::hdr(value);
                }
                ebml::FLAG_INTERLACED => self.interlaced = unsigned(value) == 1,
                ebml::FIELD_ORDER => self.field_order = showing::field_order(unsigned(value)),
                ebml::PROJECTION => self.orientation = showing::orientation(value),
                _ => {}
            }
        }
    }

    fn encodings(&mut self, encodings: &[u8]) {
        for (_, encoding) in children(encodings).filter(|(id, _)| *id == ebml::CONTENT_ENCODING) {
            let find = |wanted| children(encoding).find(|(id, _)| *id == wanted);
            let number = |wanted| find(wanted).map(|(_, value)| unsigned(value));
            let covers_frames = number(ebml::CONTENT_ENCODING_SCOPE).unwrap_or(1) & 1 != 0;
            if !covers_frames {
                continue;
            }
            if number(ebml::CONTENT_ENCODING_TYPE).unwrap_or(0) == 1 {
                self.unreadable = Some("it is encrypted".to_owned());
                continue;
            }
            let compression = find(ebml::CONTENT_COMPRESSION).map_or(&[][..], |(_, value)| value);
            let inside = |wanted| children(compression).find(|(id, _)| *id == wanted);
            match inside(ebml::CONTENT_COMP_ALGO).map_or(0, |(_, value)| unsigned(value)) {
                3 => {
                    let bytes = inside(ebml::CONTENT_COMP_SETTINGS).map_or(&[][..], |(_, v)| v);
                    self.stripped.extend(bytes);
                }
                other => {
                    let name = ["zlib", "bzlib", "LZO"]
                        .get(other as usize)
                        .unwrap_or(&"something");
                    let reason = format!("its samples are compressed with {name} inside the file");
                    self.unreadable = Some(reason);
                }
            }
        }
    }

    pub(super) fn kind(&self) -> TrackKind {
        match self.kind {
            1 => TrackKind::Video,
            2 => TrackKind::Audio,
            _ => TrackKind::Other,
        }
    }

    pub(super) fn is_video(&self) -> bool {
        self.kind == 1
    }

    /// The codec's name in the file, for tracks that are not looked into.
    pub(super) fn codec_name(&self) -> String {
        match self.vfw_fourcc() {
            Some(fourcc) => fourcc_text(fourcc),
            None => self.codec_id.clone(),
        }
    }

    /// The pixels' shape that follows from the size to show the picture at (RFC 9559 §5.1.4.1.28).
    pub(super) fn pixel_aspect(&self) -> Option<Ratio> {
        const UNKNOWN_UNIT: u64 = 4;
        if self.display_unit >= UNKNOWN_UNIT {
            return None;
        }
        let or_pixels = |display: u64, pixels: u32| {
            if display == 0 {
                u64::from(pixels)
            } else {
                display
            }
        };
        let wide = or_pixels(self.display[0], self.width).checked_mul(u64::from(self.height))?;
        let high = or_pixels(self.display[1], self.height).checked_mul(u64::from(self.width))?;
        reduced(wide, high)
    }

    /// True if times are decode times, as they were in AVI.
    pub(super) fn has_decode_times(&self) -> bool {
        self.vfw_fourcc().is_some()
    }

    /// The `biCompression` of a track that came from AVI.
    fn vfw_fourcc(&self) -> Option<[u8; 4]> {
        let from_avi = self.codec_id == "V_MS/VFW/FOURCC";
        from_avi
            .then(|| self.private.get(16..)?.first_chunk().copied())
            .flatten()
    }

    /// The decoder configuration.
    pub(super) fn config(&self) -> CodecConfig {
        /// `BITMAPINFOHEADER`, before the codec's own bytes.
        const BITMAP_INFO: usize = 40;
        let (codec, private) = match (self.codec_id.as_str(), self.vfw_fourcc()) {
            (_, Some(fourcc)) => (
                codec_of_fourcc(fourcc),
                self.private.get(BITMAP_INFO..).unwrap_or_default(),
            ),
            ("V_MPEG4/ISO/AVC", _) => (Codec::H264, &self.private[..]),
            ("V_MPEGH/ISO/HEVC", _) => (Codec::H265, &self.private[..]),
            ("V_AV1", _) => (Codec::Av1, &self.private[..]),
            ("V_VP8", _) => (Codec::Vp8, &[][..]),
            ("V_VP9", _) => (Codec::Vp9, &[][..]),
            ("V_MJPEG", _) => (Codec::Jpeg, &[][..]),
            _ => (Codec::Unknown, &[][..]),
        };
        configuration(codec, private)
    }
}

/// A ratio in lowest terms, if those fit.
fn reduced(num: u64, den: u64) -> Option<Ratio> {
    let (mut a, mut b) = (num, den);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let lowest = |value: u64| u32::try_from(value.checked_div(a)?).ok();
    Ratio::new(lowest(num)?, lowest(den)?)
}

fn text(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}
