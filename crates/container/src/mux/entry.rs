//! Sample entries (ISO/IEC 14496-12 §8.5.2): which codec, how a decoder is set up, and how pictures
//! are shown.

use bytes::Bytes;
use reelscope_media::{
    Codec, CodecConfig, ColorInfo, Framing, Geometry, HdrFacts, Matrix, Primaries, Range, Ratio,
    Track, Transfer,
};
use shiguredo_mp4::bitstream::{av1, h264, h265, vp8, vp9};
use shiguredo_mp4::boxes::{SampleEntry, UnknownBox, VisualSampleEntryFields};
use shiguredo_mp4::{BoxSize, BoxType, Encode, FixedPointNumber};

use super::MuxError;
use super::access_unit::{Conversion, ParameterSets, Placement};

/// A four-character code.
type Kind = [u8; 4];

/// # Errors
/// If MP4 files cannot hold the codec, or nobody can make sense of the samples.
pub(super) fn check_codec(track: &Track) -> Result<(), MuxError> {
    match track.codec {
        Codec::H264 | Codec::H265 | Codec::Av1 | Codec::Vp8 | Codec::Vp9 => {}
        other => {
            let codec = other.title();
            return Err(MuxError::Codec { codec });
        }
    }
    match &track.unplayable {
        Some(reason) => Err(MuxError::Unplayable {
            reason: reason.clone(),
        }),
        None => Ok(()),
    }
}

/// The entries of a track, as far as they are known before its samples.
pub(super) struct Entries<'a> {
    track: &'a Track,
    /// The bytes of the first sync sample, or else of the first sample, where entries are made from
    /// them; and which of the two it is.
    first: Option<(Bytes, bool)>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(track: &'a Track) -> Self {
        Self { track, first: None }
    }

    /// How samples are converted. They stay as they are where the track's own records describe them.
    pub(super) fn conversion(&self, placement: Placement) -> Conversion {
        let configs = &self.track.configs;
        match self.track.codec {
            Codec::H264 | Codec::H265 if !configs.iter().all(|it| has_record(it)) => {
                let config = configs.first().map(AsRef::as_ref);
                let unknown = CodecConfig {
                    codec: self.track.codec,
                    framing: Framing::AnnexB,
                    record: Bytes::new(),
                };
                let config = config.unwrap_or(&unknown);
                Conversion::Nals(config.framing, ParameterSets::new(config, placement))
            }
            Codec::Av1 => Conversion::Obus,
            _ => Conversion::None,
        }
    }

    /// Looks at a sample, in the order in which they are written.
    pub(super) fn look_at(&mut self, sample: &[u8], is_sync: bool) {
        let may_be_needed = matches!(self.track.codec, Codec::Av1 | Codec::Vp9);
        let is_better = match self.first {
            None => true,
            Some((_, is_known_sync)) => is_sync && !is_known_sync,
        };
        if may_be_needed && is_better {
            self.first = Some((Bytes::copy_from_slice(sample), is_sync));
        }
    }

    /// The entries; [`Entries::number`] says which one a sample is of.
    pub(super) fn boxes(&self, conversion: &Conversion) -> Result<Vec<SampleEntry>, MuxError> {
        if let Conversion::Nals(_, sets) = conversion {
            return Ok(vec![self.of_sets(sets)?]);
        }
        let records = self.track.configs.iter().map(|config| {
            let (kind, record) = self.record(config)?;
            self.visual(kind, &record)
        });
        if self.is_one() {
            records.take(1).collect()
        } else {
            records.collect()
        }
    }

    /// Which entry the samples of a configuration are of, from 1.
    pub(super) fn number(&self, conversion: &Conversion, config: u16) -> u32 {
        match conversion {
            Conversion::Nals(..) => 1,
            _ if self.is_one() => 1,
            _ => u32::from(config) + 1,
        }
    }

    /// True if configurations say nothing, so that one entry is for all.
    fn is_one(&self) -> bool {
        self.track
            .configs
            .iter()
            .any(|config| config.record.is_empty())
    }

    /// The entry of a stream of NAL units whose parameter sets were collected.
    fn of_sets(&self, sets: &ParameterSets) -> Result<SampleEntry, MuxError> {
        let length_size = h264::LengthSize::FourBytes;
        let outside = sets.placement() == Placement::Outside;
        let some = |kind: u8, missing: &'static str| {
            let found = sets.of_kind(kind);
            if found.is_empty() {
                return Err(MuxError::NoParameters { missing });
            }
            Ok(found)
        };
        if self.track.codec == Codec::H264 {
            let config = h264::H264SampleEntryConfig { length_size };
            let entry = h264::build_avc1_box(&some(7, "SPS")?, &some(8, "PPS")?, &config)?;
            let kind = if outside { *b"avc1" } else { *b"avc3" };
            return self.visual(kind, &entry.avcc_box.encode_to_vec()?);
        }
        let config = h265::H265SampleEntryConfig {
            length_size,
            avg_frame_rate: h265::H265SampleEntryConfig::AVG_FRAME_RATE_UNSPECIFIED,
            constant_frame_rate: h265::H265ConstantFrameRate::Unknown,
        };
        let (vps, sps, pps) = (some(32, "VPS")?, some(33, "SPS")?, some(34, "PPS")?);
        if outside {
            let entry = h265::build_hvc1_box(&vps, &sps, &pps, &config)?;
            self.visual(*b"hvc1", &entry.hvcc_box.encode_to_vec()?)
        } else {
            let entry = h265::build_hev1_box(&vps, &sps, &pps, &config)?;
            self.visual(*b"hev1", &entry.hvcc_box.encode_to_vec()?)
        }
    }

    /// Four-character code and whole record box of a configuration.
    fn record(&self, config: &CodecConfig) -> Result<(Kind, Vec<u8>), MuxError> {
        let stated = |kinds: &[&'static Kind], usual: Kind| {
            let name = self.track.codec_string.as_bytes();
            let known = kinds.iter().find(|kind| name.starts_with(&kind[..]));
            known.map_or(usual, |kind| **kind)
        };
        let (kind, record) = match self.track.codec {
            Codec::H264 => (stated(&[b"avc1", b"avc3"], *b"avc1"), *b"avcC"),
            Codec::H265 => (stated(&[b"hvc1", b"hev1"], *b"hev1"), *b"hvcC"),
            Codec::Av1 => (*b"av01", *b"av1C"),
            Codec::Vp8 => (*b"vp08", *b"vpcC"),
            _ => (*b"vp09", *b"vpcC"),
        };
        if !config.record.is_empty() {
            return Ok((kind, plain_box(record, config.record.to_vec())?));
        }
        let made = match self.track.codec {
            Codec::Av1 => self.av1()?,
            Codec::Vp8 => self.vp8()?,
            _ => self.vp9()?,
        };
        Ok((kind, made))
    }

    fn first(&self, missing: &'static str) -> Result<&[u8], MuxError> {
        let first = self.first.as_ref().map(|(sample, _)| sample.as_ref());
        first.ok_or(MuxError::NoParameters { missing })
    }

    fn av1(&self) -> Result<Vec<u8>, MuxError> {
        let missing = "sequence header";
        let obus = av1::parse_obus(self.first(missing)?, av1::Av1ObuParseContext::Sample)?;
        let header = |obu: &&av1::Av1Obu<'_>| obu.obu_type == av1::Av1ObuType::SequenceHeader;
        let header = obus
            .iter()
            .find(header)
            .ok_or(MuxError::NoParameters { missing })?;
        let config = av1::Av1SampleEntryConfig {
            initial_presentation_delay_minus_one: None,
        };
        let sequence = av1::parse_sequence_header(header.payload)?;
        let entry = av1::build_av01_box(&sequence, header.obu, &config)?;
        Ok(entry.av1c_box.encode_to_vec()?)
    }

    fn vp9(&self) -> Result<Vec<u8>, MuxError> {
        let header = vp9::parse_frame_header(self.first("key frame")?)?;
        let color = self.track.color();
        let config = vp9::Vp9SampleEntryConfig {
            level: vp9::Vp9SampleEntryConfig::LEVEL_UNDEFINED,
            colour_primaries: color.primaries.0,
            transfer_characteristics: color.transfer.0,
            matrix_coefficients: color.matrix.0,
            width: 0,
            height: 0,
        };
        let entry = vp9::build_vp09_box(&header, &config)?;
        Ok(entry.vpcc_box.encode_to_vec()?)
    }

    fn vp8(&self) -> Result<Vec<u8>, MuxError> {
        let color = self.track.color();
        let entry = vp8::build_vp08_box(&vp8::Vp8SampleEntryConfig {
            video_full_range_flag: color.range == Range::Full,
            colour_primaries: color.primaries.0,
            transfer_characteristics: color.transfer.0,
            matrix_coefficients: color.matrix.0,
            width: 0,
            height: 0,
        });
        Ok(entry.vpcc_box.encode_to_vec()?)
    }

    /// A whole entry around a record box.
    fn visual(&self, kind: Kind, record: &[u8]) -> Result<SampleEntry, MuxError> {
        let facts = &self.track.facts;
        let side = |length: u32| u16::try_from(length);
        let too_large = |_| MuxError::TooLarge { what: "picture" };
        let fields = VisualSampleEntryFields {
            data_reference_index: VisualSampleEntryFields::DEFAULT_DATA_REFERENCE_INDEX,
            width: side(facts.width).map_err(too_large)?,
            height: side(facts.height).map_err(too_large)?,
            horizresolution: VisualSampleEntryFields::DEFAULT_HORIZRESOLUTION,
            vertresolution: VisualSampleEntryFields::DEFAULT_VERTRESOLUTION,
            frame_count: VisualSampleEntryFields::DEFAULT_FRAME_COUNT,
            compressorname: VisualSampleEntryFields::NULL_COMPRESSORNAME,
            depth: VisualSampleEntryFields::DEFAULT_DEPTH,
        };
        let mut payload = fields.encode_to_vec()?;
        payload.extend_from_slice(record);
        for (kind, content) in shown(self.track) {
            payload.extend(plain_box(kind, content)?);
        }
        Ok(SampleEntry::Unknown(unknown(kind, payload)))
    }
}

fn has_record(config: &CodecConfig) -> bool {
    // Some muxers write a byte stream in its place.
    let is_record = config.record.first() == Some(&1);
    is_record && matches!(config.framing, Framing::Lengths(_))
}

fn unknown(kind: Kind, payload: Vec<u8>) -> UnknownBox {
    let box_type = BoxType::Normal(kind);
    UnknownBox {
        box_type,
        box_size: BoxSize::with_payload_size(box_type, payload.len() as u64),
        payload,
    }
}

fn plain_box(kind: Kind, payload: Vec<u8>) -> Result<Vec<u8>, MuxError> {
    Ok(unknown(kind, payload).encode_to_vec()?)
}

/// The shape of a pixel, whoever states it.
pub(super) fn pixel_aspect(track: &Track) -> Option<Ratio> {
    track.geometry.pixel_aspect.or(track.facts.pixel_aspect)
}

/// The contents of the boxes on how pictures are shown.
fn shown(track: &Track) -> Vec<(Kind, Vec<u8>)> {
    let mut boxes = Vec::new();
    // Also what the bitstream says: not all players read its supplements.
    boxes.extend(color(track.color()));
    if let Some(aspect) = pixel_aspect(track) {
        boxes.push((*b"pasp", numbers(&[aspect.num, aspect.den])));
    }
    boxes.extend(clean_aperture(
        &track.geometry,
        [track.facts.width, track.facts.height],
    ));
    boxes.extend(brightness(track.hdr()));
    boxes
}

fn numbers(values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_be_bytes())
        .collect()
}

/// `colr` (§12.1.5). Its kind `nclx` states a range, `nclc` of QuickTime does not.
fn color(color: ColorInfo) -> Option<(Kind, Vec<u8>)> {
    let says_nothing = color.primaries == Primaries::UNSPECIFIED
        && color.transfer == Transfer::UNSPECIFIED
        && color.matrix == Matrix::UNSPECIFIED;
    if says_nothing {
        return None;
    }
    let kind = if color.range == Range::Unspecified {
        b"nclc"
    } else {
        b"nclx"
    };
    let mut content = kind.to_vec();
    for code in [color.primaries.0, color.transfer.0, color.matrix.0] {
        content.extend_from_slice(&u16::from(code).to_be_bytes());
    }
    match color.range {
        Range::Unspecified => {}
        Range::Limited => content.push(0),
        Range::Full => content.push(0x80),
    }
    Some((*b"colr", content))
}

/// `clap` (§12.1.4): size and, from the centre of the picture to its own, distance.
fn clean_aperture(geometry: &Geometry, size: [u32; 2]) -> Option<(Kind, Vec<u8>)> {
    let [x, y, width, height] = geometry.clean_aperture?;
    let off = |start: u32, length: u32, whole: u32| {
        let twice = 2 * i64::from(start) + i64::from(length) - i64::from(whole);
        // Two's complement, as the box has it.
        twice as i32 as u32
    };
    let [whole_width, whole_height] = size;
    let (right, down) = (off(x, width, whole_width), off(y, height, whole_height));
    Some((*b"clap", numbers(&[width, 1, height, 1, right, 2, down, 2])))
}

/// `mdcv` and `clli` (§12.1.7, §12.1.8).
fn brightness(hdr: HdrFacts) -> Vec<(Kind, Vec<u8>)> {
    let short = |values: &[u16]| -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect()
    };
    let mastering = hdr.mastering.map(|it| {
        let [red, green, blue] = it.primaries;
        let points = [green, blue, red, it.white];
        let mut content = short(points.as_flattened());
        content.extend(numbers(&[it.max_luminance, it.min_luminance]));
        (*b"mdcv", content)
    });
    let light = hdr
        .content_light
        .map(|it| (*b"clli", short(&[it.max_content, it.max_frame_average])));
    mastering.into_iter().chain(light).collect()
}

/// Width and height of the track as it is shown, before it is turned, in 16.16 fixed point.
pub(super) fn display_size(track: &Track) -> [FixedPointNumber<i16, u16>; 2] {
    let upright = Geometry {
        orientation: Default::default(),
        ..track.geometry
    };
    let facts = &track.facts;
    let (width, height) = upright.display_size(facts.width, facts.height, facts.pixel_aspect);
    [width, height].map(|side| FixedPointNumber::new(i16::try_from(side).unwrap_or(i16::MAX), 0))
}
