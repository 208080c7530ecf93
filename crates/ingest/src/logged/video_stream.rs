//! `VideoStream`: samples of a codec, one row each. Looks into every sample: whether decoding can
//! start there, how it is framed, which parameter sets it brings or lacks.

mod access_units;

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::codec::{InspectError, Inspector, SampleFacts, parameter_set_nals};
use reelscope_media::{
    Codec, CodecConfig, Framing, Presentation, StreamFacts, SyncKind, Visibility,
};
use reelscope_store::{Content, LoggedSample, StreamKind};
use reelscope_wire as wire;
use wire::component::{VIDEO_STREAM_CODEC, VIDEO_STREAM_SAMPLE};

use super::{Archetype, Entity, emptied, numbered};

pub(super) const ARCHETYPE: Archetype = Archetype {
    waits: |entity, chunk| {
        let has = |name: &str| chunk.column(name).is_some();
        !entity.video.said && has(VIDEO_STREAM_SAMPLE) && !has(VIDEO_STREAM_CODEC)
    },
    read,
};

/// The codecs by the number that they are logged as: their FourCC, big-endian.
const CODECS: &[(&[u8; 4], Codec)] = &[
    (b"avc1", Codec::H264),
    (b"hev1", Codec::H265),
    (b"av01", Codec::Av1),
    (b"vp08", Codec::Vp8),
    (b"vp09", Codec::Vp9),
];
/// Parameter sets that are remembered: more than streams have, fewer than could do harm.
const MAX_SETS: usize = 64;
/// Bytes of a parameter set that is still remembered.
const LONGEST_SET: usize = 16 << 10;

#[derive(Default)]
pub(crate) struct State {
    /// True once a codec was logged, known or not.
    said: bool,
    reader: Option<Reader>,
}

impl State {
    /// True if nothing was learnt yet.
    pub(super) fn is_blank(&self) -> bool {
        !self.said
    }
}

/// Reads the samples of one codec in one framing.
struct Reader {
    config: Arc<CodecConfig>,
    inspector: Box<dyn Inspector>,
    facts: Option<StreamFacts>,
    /// Parameter sets as they came, without start code or length, by their first bytes.
    sets: Vec<Bytes>,
}

fn read(entity: &mut Entity, chunk: &wire::Chunk, content: &mut Vec<Content>) {
    let codecs = chunk.column(VIDEO_STREAM_CODEC);
    let blobs = chunk.column(VIDEO_STREAM_SAMPLE);
    let mut samples = Vec::new();
    for (row, number) in numbered(chunk) {
        if let Some(code) = codecs.and_then(|column| column.u32(row)) {
            set_codec(entity, code);
        }
        if let Some(blob) = blobs.and_then(|column| column.blob(row)) {
            read_sample(entity, number, blob, &mut samples);
        }
    }
    if !samples.is_empty() {
        content.push(Content::Samples(StreamKind::VideoStream, samples));
    }
    let ends = blobs.map(|column| emptied(column, chunk));
    if let Some(ends) = ends.filter(|ends| !ends.is_empty()) {
        content.push(Content::Ends(StreamKind::VideoStream, ends));
    }
}

fn set_codec(entity: &mut Entity, code: u32) {
    entity.video.said = true;
    let name = code.to_be_bytes();
    let known = CODECS.iter().find(|(known, _)| **known == name);
    match known {
        Some((_, codec)) => {
            let reader = entity.video.reader.as_ref();
            if reader.is_none_or(|reader| reader.config.codec != *codec) {
                entity.video.reader = Reader::new(*codec, Framing::Whole);
            }
        }
        None => {
            entity.video.reader = None;
            let name = name.escape_ascii();
            entity.tell(format!("the codec {name} (0x{code:08x}) cannot be shown"));
        }
    }
}

fn read_sample(entity: &mut Entity, row: u32, blob: Bytes, samples: &mut Vec<LoggedSample>) {
    let Some(reader) = &mut entity.video.reader else {
        if !entity.video.said {
            entity.tell("samples came, and nothing says of which codec they are".to_owned());
        }
        return;
    };
    let codec = reader.config.codec;
    let framing = framing(codec, &blob, reader.config.framing);
    if framing != reader.config.framing {
        let Some(mut new) = Reader::new(codec, framing) else {
            return;
        };
        new.sets = std::mem::take(&mut reader.sets);
        *reader = new;
    }
    if blob.is_empty() {
        return;
    }
    for unit in access_units::split(codec, framing, &blob) {
        match reader.sample(row, unit) {
            (sample, None) => samples.push(sample),
            // A stream that is joined in its middle: what it waits for is said where it is shown.
            (sample, Some(InspectError::MissingParameterSet { .. })) => samples.push(sample),
            (sample, Some(error)) => {
                samples.push(sample);
                entity.tell(format!("a sample cannot be read: {error}"));
                return;
            }
        }
    }
}

/// How the NAL units of a sample are delimited.
fn framing(codec: Codec, sample: &[u8], before: Framing) -> Framing {
    if !matches!(codec, Codec::H264 | Codec::H265) {
        return Framing::Whole;
    }
    // A length between 256 and 511 looks like a short start code: what came before decides, and
    // whether the lengths lead to the very end.
    if let Framing::Lengths(size) = before
        && lengths_fit(sample, size)
    {
        return before;
    }
    let short_code = sample.starts_with(&[0, 0, 1]);
    let is_known = before == Framing::AnnexB;
    // A length of one byte is no NAL unit of either codec.
    if sample.starts_with(&[0, 0, 0, 1]) || (short_code && (is_known || !lengths_fit(sample, 4))) {
        return Framing::AnnexB;
    }
    let lengths = [4_u8, 2, 3, 1];
    match lengths.into_iter().find(|size| lengths_fit(sample, *size)) {
        Some(size) => Framing::Lengths(size),
        None if before == Framing::Whole => Framing::AnnexB,
        None => before,
    }
}

/// True if a sample is NAL units behind lengths of so many bytes, to its very end.
fn lengths_fit(sample: &[u8], size: u8) -> bool {
    let mut rest = sample;
    while !rest.is_empty() {
        let Some((length, after)) = rest.split_at_checked(usize::from(size)) else {
            return false;
        };
        let length = length
            .iter()
            .fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        match after.get(length..) {
            // The first bit of a NAL unit's header is 0 in both standards.
            Some(next) if length > 0 && after.first().is_some_and(|byte| *byte < 0x80) => {
                rest = next;
            }
            _ => return false,
        }
    }
    !sample.is_empty()
}

impl Reader {
    fn new(codec: Codec, framing: Framing) -> Option<Self> {
        let config = CodecConfig {
            codec,
            framing,
            record: Bytes::new(),
        };
        Some(Self {
            inspector: (codec.entry()?.inspector)(&config),
            config: Arc::new(config),
            facts: None,
            sets: Vec::new(),
        })
    }

    /// A sample, and what is wrong with it.
    fn sample(&mut self, row: u32, unit: Bytes) -> (LoggedSample, Option<InspectError>) {
        let (facts, error) = match self.inspector.inspect(&unit) {
            Ok(facts) => (facts, None),
            // It is the decoder's to say whether it can do anything with it.
            Err(error) => (
                SampleFacts {
                    shown: true,
                    ..SampleFacts::default()
                },
                Some(error),
            ),
        };
        let data = self.with_sets(unit, facts.sync);
        let mut news = None;
        if self.inspector.facts() != self.facts.as_ref() {
            self.facts = self.inspector.facts().cloned();
            news = self.facts.clone().map(Arc::new);
        }
        let sample = LoggedSample {
            row,
            sync: facts.sync,
            visibility: Visibility::of_picture(facts.shown),
            config: self.config.clone(),
            data,
            facts: news,
            presentation: Presentation::Picture,
        };
        (sample, error)
    }

    /// A sample at which decoding can start, with the parameter sets that came before it if it
    /// brings none itself.
    fn with_sets(&mut self, unit: Bytes, sync: SyncKind) -> Bytes {
        let (codec, framing) = (self.config.codec, self.config.framing);
        if !matches!(codec, Codec::H264 | Codec::H265) {
            return unit;
        }
        let mut brings = false;
        for set in parameter_set_nals(codec, &unit, framing) {
            brings = true;
            if set.bytes.len() > LONGEST_SET || self.sets.iter().any(|known| known == set.bytes) {
                continue;
            }
            if self.sets.len() >= MAX_SETS {
                self.sets.remove(0);
            }
            // A copy: the sample must not be kept in memory for it.
            self.sets.push(Bytes::copy_from_slice(set.bytes));
        }
        if brings || sync == SyncKind::None || self.sets.is_empty() {
            return unit;
        }
        let mut whole = Vec::with_capacity(unit.len() + 256);
        for set in &self.sets {
            append(&mut whole, framing, set);
        }
        whole.extend_from_slice(&unit);
        whole.into()
    }
}

fn append(out: &mut Vec<u8>, framing: Framing, nal: &[u8]) {
    match framing {
        Framing::Lengths(size) => {
            let length = u32::try_from(nal.len()).unwrap_or(u32::MAX).to_be_bytes();
            let from = length.len().saturating_sub(usize::from(size));
            out.extend_from_slice(length.get(from..).unwrap_or_default());
        }
        _ => out.extend_from_slice(&[0, 0, 0, 1]),
    }
    out.extend_from_slice(nal);
}
