//! Sample descriptions (ISO/IEC 14496-12 §8.5.2): which codec a track is coded with, and how its
//! decoder is set up.

use bytes::Bytes;
use reelscope_media::codec::PROFILE_REMARK;
use reelscope_media::{Codec, CodecConfig, ColorInfo, FieldOrder, Framing, HdrFacts, Ratio};

use super::boxes::{BoxBytes, Fields, Kind};
use super::{placement, showing};
use crate::assemble::{codec_of_fourcc, fourcc_text};

/// Length of the fixed fields of a visual sample entry, behind the box header (§12.1.3).
const VISUAL_LEN: usize = 78;

/// More descriptions than any real file has: a hostile one may have millions.
const MAX_DESCRIPTIONS: usize = 4096;

/// One entry of `stsd`.
#[derive(Clone, Debug)]
pub(super) struct Description {
    /// Its four-character code; the one from before encryption if it is encrypted.
    pub(super) kind: Kind,
    /// The configuration for a decoder.
    pub(super) config: CodecConfig,
    /// Which data reference (from 1) its samples' bytes are in.
    pub(super) reference: u16,
    /// Coded width and height; 0 for what is not video.
    pub(super) size: (u16, u16),
    pub(super) pixel_aspect: Option<Ratio>,
    pub(super) clean_aperture: Option<[u32; 4]>,
    pub(super) color: ColorInfo,
    pub(super) hdr: HdrFacts,
    /// Whether pictures have two fields, and which comes first.
    pub(super) fields: (bool, Option<FieldOrder>),
    /// What of its description is not applied.
    pub(super) remark: Option<String>,
    /// Why it cannot be decoded.
    pub(super) unplayable: Option<String>,
}

/// The entries of an `stsd` box.
pub(super) fn read(stsd: BoxBytes<'_>) -> Vec<Description> {
    let Some((_, _, mut fields)) = stsd.full() else {
        return Vec::new();
    };
    let count = fields.u32().unwrap_or(0).try_into().unwrap_or(usize::MAX);
    let entries = super::boxes::boxes(fields.0);
    entries
        .take(count.min(MAX_DESCRIPTIONS))
        .map(description)
        .collect()
}

fn description(entry: BoxBytes<'_>) -> Description {
    let visual = entry.payload.get(VISUAL_LEN..).unwrap_or_default();
    let extensions = || super::boxes::boxes(visual);
    let find = |kind: &Kind| extensions().find(|child| child.kind == *kind);
    let mut kind = entry.kind;
    let mut unplayable = None;
    if matches!(&kind, b"encv" | b"drmi") {
        let sinf = find(b"sinf");
        if let Some(original) = sinf.and_then(original_format) {
            kind = original;
        }
        unplayable = Some(match sinf.and_then(scheme) {
            Some(scheme) => format!("it is encrypted ({})", fourcc_text(scheme)),
            None => "it is encrypted".to_owned(),
        });
    }
    let object_type = find(b"esds").and_then(object_type);
    let codec = codec_of(kind, object_type);
    if codec == Codec::Unknown {
        let name = fourcc_text(kind);
        let unsupported = || format!("{} ({name}) is not supported", title_of(kind));
        unplayable.get_or_insert_with(unsupported);
    }
    let record = record_kind(codec).and_then(|record| find(&record));
    let record = record.map_or(&[][..], |record| record.payload);
    let size = visual_size(entry).unwrap_or((0, 0));
    let dolby_vision = showing::dolby_vision(find);
    unplayable = unplayable.or_else(|| dolby_vision?.unplayable());
    let colors = || extensions().filter(|child| child.kind == *b"colr");
    let vpx = || placement::vpx_color(record).filter(|_| codec == Codec::Vp9);
    let profile = || {
        colors()
            .any(placement::is_profile)
            .then_some(PROFILE_REMARK)
    };
    let remark = dolby_vision.and_then(|found| found.remark());
    let mut fields = Fields(entry.payload);
    let reference = fields.take(6).and_then(|_| fields.u16()).unwrap_or(0);
    Description {
        kind,
        reference,
        config: CodecConfig {
            codec,
            framing: framing(codec, record),
            record: Bytes::copy_from_slice(record),
        },
        size,
        pixel_aspect: find(b"pasp").and_then(placement::pasp),
        clean_aperture: find(b"clap").and_then(|clap| placement::clean_aperture(clap, size)),
        color: colors()
            .find_map(placement::color)
            .or_else(vpx)
            .unwrap_or_default(),
        hdr: showing::hdr(find),
        fields: find(b"fiel").and_then(showing::fields).unwrap_or_default(),
        remark: remark.or_else(|| profile().map(str::to_owned)),
        unplayable,
    }
}

/// Width and height of a visual sample entry.
fn visual_size(entry: BoxBytes<'_>) -> Option<(u16, u16)> {
    let mut fields = Fields(entry.payload);
    // Reserved, data reference, pre-defined and QuickTime's version, vendor and qualities.
    fields.take(24)?;
    Some((fields.u16()?, fields.u16()?))
}

fn original_format(sinf: BoxBytes<'_>) -> Option<Kind> {
    Fields(sinf.child(b"frma")?.payload).kind()
}

fn scheme(sinf: BoxBytes<'_>) -> Option<Kind> {
    sinf.child(b"schm")?.full()?.2.kind()
}

/// objectTypeIndication of an `esds` box (ISO/IEC 14496-1 §7.2.6.6).
fn object_type(esds: BoxBytes<'_>) -> Option<u8> {
    const ES_DESCRIPTOR: u8 = 3;
    const DECODER_CONFIG: u8 = 4;
    let (_, _, mut fields) = esds.full()?;
    let tag = descriptor(&mut fields)?;
    if tag == ES_DESCRIPTOR {
        fields.u16()?;
        let flags = fields.u8()?;
        if flags & 0x80 != 0 {
            fields.u16()?;
        }
        if flags & 0x40 != 0 {
            let url = fields.u8()?;
            fields.take(usize::from(url))?;
        }
        if flags & 0x20 != 0 {
            fields.u16()?;
        }
        if descriptor(&mut fields)? != DECODER_CONFIG {
            return None;
        }
        return fields.u8();
    }
    if tag == DECODER_CONFIG {
        fields.u8()
    } else {
        None
    }
}

/// The tag of a descriptor; its length, in up to four bytes of 7 bits, is passed over.
fn descriptor(fields: &mut Fields<'_>) -> Option<u8> {
    let tag = fields.u8()?;
    for _ in 0..4 {
        if fields.u8()? & 0x80 == 0 {
            break;
        }
    }
    Some(tag)
}

fn codec_of(kind: Kind, object_type: Option<u8>) -> Codec {
    match (&kind, object_type) {
        (b"avc1" | b"avc2" | b"avc3" | b"avc4" | b"dva1" | b"dvav", _) => Codec::H264,
        (b"hvc1" | b"hev1" | b"hvc2" | b"hev2" | b"dvh1" | b"dvhe", _) => Codec::H265,
        (b"av01" | b"dav1", _) => Codec::Av1,
        (b"vp08", _) => Codec::Vp8,
        (b"vp09", _) => Codec::Vp9,
        (b"jpeg" | b"mjpa" | b"mjpg" | b"AVDJ" | b"dmb1", _) => Codec::Jpeg,
        (b"png ", _) => Codec::Png,
        (b"mp4v", Some(0x21)) => Codec::H264,
        (b"mp4v", Some(0x23)) => Codec::H265,
        (b"mp4v", Some(0x6C)) => Codec::Jpeg,
        (b"mp4v", Some(0x6D)) => Codec::Png,
        _ => codec_of_fourcc(kind),
    }
}

/// Names of codecs that cannot be decoded, for people.
fn title_of(kind: Kind) -> &'static str {
    match &kind {
        b"mp4v" => "MPEG-4 Part 2",
        b"apch" | b"apcn" | b"apcs" | b"apco" | b"ap4h" | b"ap4x" => "Apple ProRes",
        b"s263" | b"h263" | b"H263" => "H.263",
        b"vvc1" | b"vvi1" => "H.266 (VVC)",
        b"evc1" => "MPEG-5 EVC",
        b"lvc1" => "MPEG-5 LCEVC",
        b"mjpb" => "Motion JPEG B",
        b"mjp2" => "Motion JPEG 2000",
        b"AVdn" | b"AVdh" => "Avid DNxHD",
        b"CFHD" => "CineForm",
        b"SVQ1" | b"SVQ3" => "Sorenson Video",
        b"cvid" => "Cinepak",
        b"rle " => "QuickTime Animation",
        b"raw " | b"2vuy" | b"yuv2" | b"v210" | b"v308" | b"v410" | b"uncv" => "uncompressed video",
        b"Hap1" | b"Hap5" | b"HapY" | b"HapM" => "HAP",
        b"dvc " | b"dvcp" | b"dvpp" | b"dvhp" | b"dv5n" | b"dv5p" => "DV",
        b"m2v1" | b"mp2v" | b"xdv1" | b"xdv2" | b"xdv3" | b"hdv1" | b"hdv2" | b"hdv3" => "MPEG-2",
        b"vc-1" | b"WVC1" => "VC-1",
        _ => "the codec",
    }
}

/// The box that holds a codec's configuration record.
fn record_kind(codec: Codec) -> Option<Kind> {
    match codec {
        Codec::H264 => Some(*b"avcC"),
        Codec::H265 => Some(*b"hvcC"),
        Codec::Av1 => Some(*b"av1C"),
        Codec::Vp8 | Codec::Vp9 => Some(*b"vpcC"),
        // Still pictures need none.
        _ => None,
    }
}

/// How NAL units are delimited: by lengths where there is a record (its lengthSizeMinusOne), by
/// start codes where there is none.
fn framing(codec: Codec, record: &[u8]) -> Framing {
    let at = match codec {
        Codec::H264 => 4,
        Codec::H265 => 21,
        _ => return Framing::Whole,
    };
    match (record.is_empty(), record.get(at)) {
        (true, _) => Framing::AnnexB,
        (false, Some(byte)) => Framing::Lengths((byte & 3) + 1),
        (false, None) => Framing::Lengths(4),
    }
}
