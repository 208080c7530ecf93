//! The codec table: for each codec one file that reads its bits. Adding a codec is a file and a line.

mod bits;
mod dolby_vision;
mod nal;
mod parameter_sets;
mod sei;
mod sniff;
mod still;
mod units;
mod vui;

use std::fmt;

use bytes::Bytes;

use crate::{ColorInfo, FieldOrder, HdrFacts, Orientation, PixelFormat, Ratio};

pub use dolby_vision::DolbyVision;
pub use nal::{AccessUnitSplitter, NalUnit, nal_units, parameter_set_nals, record_nals};
pub use rvl::RvlHeader;
pub use sniff::sniff_image;
pub use still::PROFILE_REMARK;
pub use units::{Unit, units};

/// Declares the codecs: one line makes the enum variant, its module and its table entry.
macro_rules! codecs {
    ($($variant:ident => $module:ident $doc:literal),+ $(,)?) => {
        $(mod $module;)+

        /// A codec of the table, or one that it does not have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Codec {
            $(#[doc = $doc] $variant,)+
            /// Not in the table: known by the container's name of it only.
            Unknown,
        }

        /// Every codec that can be read.
        pub static CODECS: &[CodecEntry] = &[$($module::ENTRY),+];
    };
}

codecs! {
    H264 => h264 "ITU-T H.264 (AVC).",
    H265 => h265 "ITU-T H.265 (HEVC).",
    Av1 => av1 "AOMedia AV1.",
    Vp8 => vp8 "VP8, RFC 6386.",
    Vp9 => vp9 "VP9.",
    Jpeg => jpeg "JPEG, ITU-T T.81: each sample one picture.",
    Png => png "PNG: each sample one picture.",
    Webp => webp "WebP, RFC 9649: each sample one picture, of an animation the first.",
    Bmp => bmp "Windows bitmap: each sample one picture.",
    Tiff => tiff "TIFF 6.0: each sample one picture, the first of its file.",
    Gif => gif "GIF: each sample one picture, the first of its animation.",
    Rvl => rvl "RVL, 16-bit distances losslessly, with the header of ROS: each sample one picture.",
    Raw => raw "Not coded: planes or pixels as `RawFormat` tells.",
}

/// What the table says of a codec.
pub struct CodecEntry {
    /// Which one.
    pub codec: Codec,
    /// Short lower-case name, FFmpeg's where it has one: `"h264"`, `"hevc"` is `"h265"` here.
    pub name: &'static str,
    /// Name for people: `"H.264"`.
    pub title: &'static str,
    /// True if every sample is a picture of its own.
    pub intra_only: bool,
    /// Makes a reader of its bits.
    pub inspector: fn(&CodecConfig) -> Box<dyn Inspector>,
}

impl fmt::Debug for CodecEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Codec {
    /// The table's entry, `None` for [`Codec::Unknown`].
    pub fn entry(self) -> Option<&'static CodecEntry> {
        CODECS.iter().find(|entry| entry.codec == self)
    }

    /// Short lower-case name, `"unknown"` for a codec that the table does not have.
    pub fn name(self) -> &'static str {
        self.entry().map_or("unknown", |entry| entry.name)
    }

    /// Name for people.
    pub fn title(self) -> &'static str {
        self.entry().map_or("unknown codec", |entry| entry.title)
    }
}

/// How access units are delimited inside a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// One access unit, nothing to delimit: VP8, VP9, still pictures; AV1 as a temporal unit in the
    /// low-overhead format (AV1 specification §5.2).
    Whole,
    /// NAL units behind start codes (H.264 and H.265 Annex B).
    AnnexB,
    /// NAL units behind big-endian lengths of this many bytes, 1 to 4 (ISO/IEC 14496-15).
    Lengths(u8),
}

/// What a decoder needs to know before the first sample.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CodecConfig {
    /// The codec.
    pub codec: Codec,
    /// How its samples are delimited.
    pub framing: Framing,
    /// The configuration record without any box around it: `AVCDecoderConfigurationRecord`,
    /// `HEVCDecoderConfigurationRecord`, `AV1CodecConfigurationRecord`, `VPCodecConfigurationRecord`
    /// (with its 4 bytes of version and flags); of uncoded pictures what [`crate::RawFormat::config`]
    /// writes. Empty where there is none and all is in-band.
    pub record: Bytes,
}

/// Whether and how decoding can start at a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SyncKind {
    /// It cannot.
    #[default]
    None,
    /// Nothing after it, in any order, refers to anything before it: H.264 and H.265 IDR, a VP8 or
    /// VP9 key frame, a shown AV1 key frame with a sequence header, a still picture.
    Closed,
    /// Samples decoded after it but shown before it may refer to earlier ones: H.265 CRA and BLA,
    /// an AV1 delayed random access point, an H.264 I picture with recovery point 0.
    Open,
    /// Pictures are whole only after this many more (H.264, H.265 recovery point SEI).
    Recovery(u16),
    /// The container says that it is one, and nobody has looked at the bits.
    Stated,
}

/// What the bitstream says of a stream's pictures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamFacts {
    /// Width in pixels after cropping; 0 if unknown.
    pub width: u32,
    /// Height in pixels after cropping; 0 if unknown.
    pub height: u32,
    /// Format of the decoded planes.
    pub format: Option<PixelFormat>,
    /// Colour description.
    pub color: ColorInfo,
    /// What is said of the brightness of pictures.
    pub hdr: HdrFacts,
    /// How pictures are to be turned (EXIF).
    pub orientation: Orientation,
    /// Shape of one pixel.
    pub pixel_aspect: Option<Ratio>,
    /// Pictures per second as `[numerator, denominator]`, if stated.
    pub frame_rate: Option<[u32; 2]>,
    /// How many pictures a decoder holds back at most to put them into presentation order, if
    /// stated.
    pub reorder_depth: Option<u8>,
    /// True if pictures may be coded as fields.
    pub interlaced: bool,
    /// Which of the two fields of a picture was taken first, if that is stated.
    pub field_order: Option<FieldOrder>,
    /// Profile for people: `"High"`, `"Main 10"`.
    pub profile: Option<String>,
    /// What a person should know of how the pictures are shown, in words: what of their description
    /// is not applied.
    pub remark: Option<&'static str>,
    /// Why the pictures cannot be shown although they can be decoded, in words.
    pub unplayable: Option<&'static str>,
}

/// What kind of prediction a picture uses at most. Of a frame coded as two fields, the first one
/// counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PictureType {
    /// Not known.
    #[default]
    Unknown,
    /// Intra.
    I,
    /// From one picture per block.
    P,
    /// From two pictures per block.
    B,
}

/// What the bits of one access unit say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleFacts {
    /// Whether decoding can start here.
    pub sync: SyncKind,
    /// True if no other sample refers to it, so it may be left out.
    pub droppable: bool,
    /// False if it puts no picture on screen (a hidden VP8 or AV1 reference alone, no slice data).
    pub shown: bool,
    /// Picture size after cropping, where it could be read.
    pub size: Option<(u32, u32)>,
    /// Hash of the parameter sets in force, where the codec has such: it changes when a decoder
    /// may have to be set up anew.
    pub parameters: Option<u64>,
    /// Place in presentation order among the samples since the last one that `restarts_order`;
    /// `None` where samples are shown in decode order.
    pub order: Option<i64>,
    /// True if `order` starts anew here: all samples before are shown before all samples from here.
    pub restarts_order: bool,
    /// Prediction type.
    pub picture: PictureType,
    /// Least and greatest quantiser (QP) that the picture's slices start with, where it could be
    /// read. Blocks may differ from it.
    pub quantiser: Option<[i8; 2]>,
    /// Which pictures this one may be predicted from, each by how far its `order` is from this
    /// one's; `None` where that could not be read.
    pub references: Option<Vec<i32>>,
}

impl SampleFacts {
    /// Takes in the quantiser of one more slice.
    fn quantise(&mut self, qp: Option<i8>) {
        let Some(qp) = qp else { return };
        let [least, greatest] = self.quantiser.unwrap_or([qp; 2]);
        self.quantiser = Some([least.min(qp), greatest.max(qp)]);
    }
}

/// A slice's quantiser from what its picture parameter set has and its own difference. The least is
/// that of 16 bits, the greatest that of all depths.
fn quantiser(initial: i32, delta: i32) -> Result<i8, InspectError> {
    let qp = initial.saturating_add(delta);
    match i8::try_from(qp) {
        Ok(qp @ -48..=51) => Ok(qp),
        _ => Err(InspectError::Forbidden {
            field: "slice_qp_delta",
        }),
    }
}

/// Why an access unit could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InspectError {
    /// It ends in the middle of a syntax element.
    #[error("the sample ends inside its headers")]
    Truncated,
    /// A value that the standard forbids.
    #[error("{field} has a value that the standard forbids")]
    Forbidden {
        /// The syntax element, as the standard spells it.
        field: &'static str,
    },
    /// It refers to a parameter set that never came.
    #[error("the sample needs a {kind} that has not come yet")]
    MissingParameterSet {
        /// `"SPS"`, `"PPS"`, `"sequence header"` and so on.
        kind: &'static str,
    },
    /// It is no access unit of this codec at all.
    #[error("the bytes are no {codec} sample")]
    NotThisCodec {
        /// The codec's title.
        codec: &'static str,
    },
}

/// Reads the bits of a stream's samples, in decode order, and remembers what later ones refer to
/// (parameter sets, reference sizes, picture order).
pub trait Inspector: Send {
    /// What is known of the stream by now: from the configuration record and the samples seen.
    fn facts(&self) -> Option<&StreamFacts>;

    /// Reads one access unit.
    ///
    /// # Errors
    /// If it is damaged. The next access unit may be read all the same.
    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError>;

    /// The RFC 6381 codec string for a sample entry name (`"avc1"`), as far as known.
    fn codec_string(&self, sample_entry: &str) -> String {
        sample_entry.to_owned()
    }
}
