//! Access units as MP4 files hold them: NAL units behind lengths, parameter sets apart from them where
//! they stay the same; AV1 without temporal delimiters.

use std::borrow::Cow;

use bytes::Bytes;
use reelscope_media::codec::{SetId, nal_units, parameter_set_id, record_nals};
use reelscope_media::{Codec, CodecConfig, Framing};

use super::MuxError;

/// `obu_type` of a temporal delimiter (AV1 specification §6.2.2).
const TEMPORAL_DELIMITER: u32 = 2;
/// Parameter sets of one kind that a configuration record has room for in H.264: SPS, PPS.
const MOST_SPS: usize = 31;
const MOST_PPS: usize = 255;

/// Where parameter sets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// In the sample entry alone (`avc1`, `hvc1`).
    Outside,
    /// In samples too (`avc3`, `hev1`): they change.
    Inside,
}

/// The parameter sets of a stream that carries them inside.
#[derive(Debug)]
pub(super) struct ParameterSets {
    codec: Codec,
    placement: Placement,
    /// The first one of each name.
    known: Vec<(SetId, Bytes)>,
    /// They are written down, and no others can be added.
    pub(super) sealed: bool,
}

impl ParameterSets {
    /// Starts with those that are known from outside of the samples.
    pub(super) fn new(config: &CodecConfig, placement: Placement) -> Self {
        let mut sets = Self {
            codec: config.codec,
            placement,
            known: Vec::new(),
            sealed: false,
        };
        for nal in record_nals(config.codec, &config.record) {
            if let Some(id) = parameter_set_id(sets.codec, &nal) {
                sets.known.push((id, nal));
            }
        }
        sets
    }

    /// Where they are.
    pub(super) fn placement(&self) -> Placement {
        self.placement
    }

    /// All of one type, by id.
    pub(super) fn of_kind(&self, kind: u8) -> Vec<Vec<u8>> {
        let of_kind = self.known.iter().filter(|(id, _)| id.kind == kind);
        let mut found: Vec<_> = of_kind.map(|(id, nal)| (id.id, nal.to_vec())).collect();
        found.sort_by_key(|(id, _)| *id);
        found.into_iter().map(|(_, nal)| nal).collect()
    }

    /// Takes a set in. True if it need not stay in its sample.
    fn take(&mut self, id: SetId, nal: &[u8]) -> Result<bool, MuxError> {
        let known = self.known.iter().find(|(known, _)| *known == id);
        let is_new = known.is_none();
        let is_same = known.is_some_and(|(_, known)| *known == nal);
        if is_new && !self.sealed && self.has_room(id.kind) {
            self.known.push((id, Bytes::copy_from_slice(nal)));
            return Ok(self.placement == Placement::Outside);
        }
        match self.placement {
            Placement::Inside => Ok(false),
            Placement::Outside if is_same => Ok(true),
            Placement::Outside => Err(MuxError::ChangingParameterSets),
        }
    }

    fn has_room(&self, kind: u8) -> bool {
        let count = self.known.iter().filter(|(id, _)| id.kind == kind).count();
        count < if kind == 7 { MOST_SPS } else { MOST_PPS }
    }
}

/// How samples are turned into those of the file.
#[derive(Debug)]
pub(super) enum Conversion {
    /// They stay as they are.
    None,
    /// NAL units get lengths of four bytes.
    Nals(Framing, ParameterSets),
    /// OBUs of a temporal unit.
    Obus,
}

impl Conversion {
    /// What is done to a sample.
    ///
    /// # Errors
    /// If a parameter set takes the place of another one although there is no room for both.
    pub(super) fn apply<'a>(&mut self, sample: &'a [u8]) -> Result<Cow<'a, [u8]>, MuxError> {
        match self {
            Self::None => Ok(Cow::Borrowed(sample)),
            Self::Nals(framing, sets) => with_lengths(sample, *framing, sets).map(Cow::Owned),
            Self::Obus => Ok(without_delimiters(sample)),
        }
    }

    /// No parameter sets can be added any more.
    pub(super) fn seal(&mut self) {
        if let Self::Nals(_, sets) = self {
            sets.sealed = true;
        }
    }
}

fn with_lengths(
    sample: &[u8],
    framing: Framing,
    sets: &mut ParameterSets,
) -> Result<Vec<u8>, MuxError> {
    let mut out = Vec::with_capacity(sample.len() + 16);
    for nal in nal_units(sample, framing) {
        let id = parameter_set_id(sets.codec, nal.bytes);
        if let Some(id) = id
            && sets.take(id, nal.bytes)?
        {
            continue;
        }
        let len = u32::try_from(nal.bytes.len());
        let len = len.map_err(|_| MuxError::TooLarge { what: "NAL unit" })?;
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(nal.bytes);
    }
    Ok(out)
}

/// The binding of AV1 to MP4 (§2.4) leaves temporal delimiters out. They come first, if at all.
fn without_delimiters(sample: &[u8]) -> Cow<'_, [u8]> {
    let mut rest = sample;
    while let [header, tail @ ..] = rest
        && u32::from(header >> 3 & 0xf) == TEMPORAL_DELIMITER
    {
        let has_extension = header & 4 != 0;
        let has_size = header & 2 != 0;
        let skipped = usize::from(has_extension) + usize::from(has_size);
        // Its size is 0, whether or not it is stated.
        rest = tail.get(skipped..).unwrap_or_default();
    }
    Cow::Borrowed(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPS: [u8; 5] = [0x67, 100, 0, 31, 0xac];
    const OTHER_SPS: [u8; 5] = [0x67, 100, 0, 40, 0xac];
    const SLICE: [u8; 3] = [0x65, 0x88, 0x80];

    fn annex_b(nals: &[&[u8]]) -> Vec<u8> {
        nals.iter()
            .flat_map(|nal| [&[0, 0, 0, 1][..], nal].concat())
            .collect()
    }

    fn conversion(placement: Placement) -> Conversion {
        let config = CodecConfig {
            codec: Codec::H264,
            framing: Framing::AnnexB,
            record: Bytes::new(),
        };
        Conversion::Nals(Framing::AnnexB, ParameterSets::new(&config, placement))
    }

    #[test]
    fn parameter_sets_that_stay_the_same_leave_the_samples() {
        let mut conversion = conversion(Placement::Outside);
        let sample = annex_b(&[&SPS, &SLICE]);
        for _ in 0..2 {
            let out = conversion.apply(&sample).unwrap();
            assert_eq!(*out, [0, 0, 0, 3, 0x65, 0x88, 0x80]);
        }
        let Conversion::Nals(_, sets) = &conversion else {
            panic!("it stays what it was");
        };
        assert_eq!(sets.of_kind(7), [SPS.to_vec()]);
    }

    #[test]
    fn parameter_sets_that_change_stay_where_they_are() {
        let mut outside = conversion(Placement::Outside);
        outside.apply(&annex_b(&[&SPS])).unwrap();
        let change = outside.apply(&annex_b(&[&OTHER_SPS])).map(|_| ());
        assert!(matches!(change, Err(MuxError::ChangingParameterSets)));
        let mut inside = conversion(Placement::Inside);
        for sps in [SPS, OTHER_SPS] {
            let sample = annex_b(&[&sps, &SLICE]);
            let out = inside.apply(&sample).unwrap();
            assert_eq!(out.get(..4), Some(&[0, 0, 0, 5][..]));
            assert_eq!(out.get(4..9), Some(&sps[..]));
        }
    }

    #[test]
    fn temporal_delimiters_are_left_out() {
        let mut conversion = Conversion::Obus;
        assert_eq!(
            *conversion.apply(&[0x12, 0, 0x0a, 1, 5]).unwrap(),
            [0x0a, 1, 5]
        );
        assert_eq!(*conversion.apply(&[0x0a, 1, 5]).unwrap(), [0x0a, 1, 5]);
        assert!(conversion.apply(&[0x12]).unwrap().is_empty());
    }
}
