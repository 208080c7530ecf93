//! Supplemental enhancement information of H.264 (Annex D) and H.265 (Annex D): recovery points,
//! brightness, alternative transfer, and fields; and what follows of it for a stream's facts.

mod names;

use super::bits::BitReader;
use super::dolby_vision::InBand;
use super::{InspectError, StreamFacts};
use crate::{ContentLight, FieldOrder, HdrFacts, MasteringDisplay, Transfer};

pub(super) use names::message_name;

/// `payloadType` of picture timing.
const PICTURE_TIMING: u32 = 1;
/// Of the recovery point (H.264 §D.1.8, H.265 §D.2.8).
const RECOVERY_POINT: u32 = 6;
/// Of the mastering display colour volume (H.264 §D.1.29, H.265 §D.2.28).
const MASTERING_DISPLAY: u32 = 137;
/// Of the content light level (H.264 §D.1.31, H.265 §D.2.35).
const CONTENT_LIGHT: u32 = 144;
/// Of the alternative transfer characteristics (H.264 §D.1.32, H.265 §D.2.38).
const ALTERNATIVE_TRANSFER: u32 = 147;

/// The two codecs, as far as their messages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// H.264; with how many bits stand before `pic_struct` in the picture timing, if that has one.
    H264 { pic_struct_at: Option<usize> },
    /// H.265; with whether the picture timing has a `pic_struct`.
    H265 { has_pic_struct: bool },
}

impl Dialect {
    /// Length of a NAL unit's header.
    fn header_bytes(self) -> usize {
        match self {
            Self::H264 { .. } => 1,
            Self::H265 { .. } => 2,
        }
    }
}

/// What the messages of a stream say of its pictures. It holds until something else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Supplement {
    hdr: HdrFacts,
    transfer: Option<Transfer>,
    field_order: Option<FieldOrder>,
    dolby_vision: Option<InBand>,
}

/// The facts of a stream: those of its active SPS, and what messages add to them.
#[derive(Debug, Default)]
pub(crate) struct Known {
    sps: StreamFacts,
    supplement: Supplement,
    facts: Option<StreamFacts>,
}

impl Known {
    /// The facts, once there was an SPS.
    pub(crate) fn facts(&self) -> Option<&StreamFacts> {
        self.facts.as_ref()
    }

    /// Takes the facts of the SPS that is active from now on.
    pub(crate) fn activate(&mut self, sps: &StreamFacts) {
        if self.facts.is_none() || self.sps != *sps {
            self.sps = sps.clone();
            self.facts = Some(self.completed());
        }
    }

    /// Reads an SEI NAL unit. Gives the `recovery_frame_cnt` (`recovery_poc_cnt`) of a recovery point.
    /// What stands in other messages, or is cut, does not matter.
    pub(crate) fn sei(&mut self, nal: &[u8], dialect: Dialect) -> Option<i32> {
        let mut supplement = self.supplement;
        let mut recovery = None;
        for (kind, _, mut payload) in messages(nal, dialect.header_bytes()) {
            if kind == RECOVERY_POINT {
                recovery = recovery.or(recovery_count(&mut payload, dialect).ok());
            } else {
                let _ = supplement.message(kind, &mut payload, dialect);
            }
        }
        self.supplement(supplement);
        recovery
    }

    /// Takes which field of a picture was coded first.
    pub(crate) fn first_field(&mut self, order: FieldOrder) {
        let field_order = Some(order);
        self.supplement(Supplement {
            field_order,
            ..self.supplement
        });
    }

    /// Takes Dolby Vision metadata.
    pub(crate) fn dolby_vision(&mut self, found: InBand) {
        let dolby_vision = Some(found);
        self.supplement(Supplement {
            dolby_vision,
            ..self.supplement
        });
    }

    fn supplement(&mut self, supplement: Supplement) {
        if self.supplement != supplement {
            self.supplement = supplement;
            if self.facts.is_some() {
                self.facts = Some(self.completed());
            }
        }
    }

    fn completed(&self) -> StreamFacts {
        let (mut facts, supplement) = (self.sps.clone(), self.supplement);
        facts.hdr = supplement.hdr;
        facts.color.transfer = supplement.transfer.unwrap_or(facts.color.transfer);
        facts.field_order = supplement.field_order.filter(|_| facts.interlaced);
        match supplement.dolby_vision {
            Some(InBand::AloneIncompatible) => facts.unplayable = Some(InBand::UNPLAYABLE),
            Some(InBand::Other) => facts.remark = Some(InBand::REMARK),
            None => {}
        }
        facts
    }
}

impl Supplement {
    fn message(
        &mut self,
        kind: u32,
        payload: &mut BitReader<'_>,
        dialect: Dialect,
    ) -> Result<(), InspectError> {
        match kind {
            PICTURE_TIMING => {
                self.field_order = field_order(payload, dialect)?.or(self.field_order);
            }
            MASTERING_DISPLAY => self.hdr.mastering = Some(mastering_display(payload)?),
            CONTENT_LIGHT => {
                self.hdr.content_light = Some(ContentLight {
                    max_content: payload.bits(16)? as u16,
                    max_frame_average: payload.bits(16)? as u16,
                });
            }
            ALTERNATIVE_TRANSFER => self.transfer = Some(Transfer(payload.byte(8)?)),
            _ => {}
        }
        Ok(())
    }
}

/// `payloadType` and `payloadSize` of the messages of an SEI NAL unit, which has a header of so many bytes.
pub(super) fn message_sizes(nal: &[u8], header_bytes: usize) -> impl Iterator<Item = (u32, usize)> {
    messages(nal, header_bytes).map(|(kind, size, _)| (kind, size))
}

/// The messages of an SEI NAL unit: `payloadType`, `payloadSize`, and a reader that begins at the payload and is
/// known to reach to its end (§7.3.2.3.1).
fn messages(nal: &[u8], header_bytes: usize) -> impl Iterator<Item = (u32, usize, BitReader<'_>)> {
    let mut reader = BitReader::escaped(nal);
    let mut started = reader.skip(header_bytes * 8).is_ok();
    std::iter::from_fn(move || {
        // Behind the last message there is only the stop bit.
        let mut ahead = reader.clone();
        started = started && ahead.skip(16).is_ok();
        if !started {
            return None;
        }
        let kind = read_sum(&mut reader).ok()?;
        let size = read_sum(&mut reader).ok()? as usize;
        let payload = reader.clone();
        reader.skip(size * 8).ok()?;
        Some((kind, size, payload))
    })
}

/// A type or size: bytes of 255 and a last one, added up.
fn read_sum(reader: &mut BitReader<'_>) -> Result<u32, InspectError> {
    let mut sum = 0_u32;
    loop {
        let byte = reader.bits(8)?;
        sum = sum.saturating_add(byte);
        if byte != 255 {
            return Ok(sum);
        }
    }
}

fn recovery_count(payload: &mut BitReader<'_>, dialect: Dialect) -> Result<i32, InspectError> {
    match dialect {
        Dialect::H264 { .. } => Ok(i32::try_from(payload.ue()?).unwrap_or(i32::MAX)),
        // H.265 counts in picture order.
        Dialect::H265 { .. } => payload.se(),
    }
}

/// The payload of the mastering display colour volume. Its primaries come as green, blue, red.
fn mastering_display(payload: &mut BitReader<'_>) -> Result<MasteringDisplay, InspectError> {
    let mut point = || Ok([payload.bits(16)? as u16, payload.bits(16)? as u16]);
    let (green, blue, red, white) = (point()?, point()?, point()?, point()?);
    Ok(MasteringDisplay {
        primaries: [red, green, blue],
        white,
        max_luminance: payload.bits(32)?,
        min_luminance: payload.bits(32)?,
    })
}

/// Which field of a picture comes first, by `pic_struct` (H.264 Table D-1, H.265 Table D.2).
fn field_order(
    payload: &mut BitReader<'_>,
    dialect: Dialect,
) -> Result<Option<FieldOrder>, InspectError> {
    match dialect {
        Dialect::H264 {
            pic_struct_at: Some(bits),
        } => payload.skip(bits)?,
        Dialect::H265 {
            has_pic_struct: true,
        } => {}
        _ => return Ok(None),
    }
    let is_h265 = matches!(dialect, Dialect::H265 { .. });
    Ok(match payload.bits(4)? {
        // A single field says nothing of its frame, unless H.265 says what it is paired with.
        3 | 5 => Some(FieldOrder::TopFirst),
        4 | 6 => Some(FieldOrder::BottomFirst),
        // Bottom with the top field before it, top with the bottom field after it.
        10 | 11 if is_h265 => Some(FieldOrder::TopFirst),
        9 | 12 if is_h265 => Some(FieldOrder::BottomFirst),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::bits::writer::BitWriter;
    use super::*;

    const H265: Dialect = Dialect::H265 {
        has_pic_struct: true,
    };

    /// An H.265 prefix SEI NAL unit.
    fn sei(messages: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bits = BitWriter::starting_with(&[39 << 1, 1]);
        for (kind, payload) in messages {
            bits = bits.u(8, u64::from(*kind)).u(8, payload.len() as u64);
            bits = payload
                .iter()
                .fold(bits, |bits, byte| bits.u(8, u64::from(*byte)));
        }
        bits.nal()
    }

    fn known() -> Known {
        let mut known = Known::default();
        known.activate(&StreamFacts {
            interlaced: true,
            ..StreamFacts::default()
        });
        known
    }

    #[test]
    fn brightness_and_transfer_are_read_from_messages() {
        // BT.2020 primaries and D65, 1000 and 0.005 cd/m², in the order of H.265 §D.2.28: 0.170 is
        // 8500 steps of 0.00002.
        let numbers: [u16; 8] = [8500, 39850, 6550, 2300, 35400, 14600, 15635, 16450];
        let mut display: Vec<u8> = numbers.iter().flat_map(|it| it.to_be_bytes()).collect();
        display.extend(10_000_000_u32.to_be_bytes());
        display.extend(50_u32.to_be_bytes());
        let mut known = known();
        known.sei(
            &sei(&[(137, &display), (144, &[3, 232, 1, 144]), (147, &[18])]),
            H265,
        );
        let facts = known.facts().unwrap();
        let display = facts.hdr.mastering.unwrap();
        assert_eq!(
            display.primaries,
            [[35400, 14600], [8500, 39850], [6550, 2300]]
        );
        assert_eq!(display.white, [15635, 16450]);
        assert_eq!(
            (display.max_luminance, display.min_luminance),
            (10_000_000, 50)
        );
        let light = ContentLight {
            max_content: 1000,
            max_frame_average: 400,
        };
        assert_eq!(facts.hdr.content_light, Some(light));
        assert_eq!(facts.color.transfer, Transfer::HLG);
        assert_eq!(facts.hdr.peak(), Some(1000.0));
    }

    #[test]
    fn what_was_said_holds_for_the_next_parameter_set_too() {
        let mut known = known();
        known.sei(&sei(&[(144, &[0, 9, 0, 8])]), H265);
        known.activate(&StreamFacts {
            width: 64,
            ..StreamFacts::default()
        });
        let facts = known.facts().unwrap();
        assert_eq!(
            (facts.width, facts.hdr.content_light.unwrap().max_content),
            (64, 9)
        );
    }

    #[test]
    fn picture_timing_tells_the_first_field() {
        for (pic_struct, order) in [
            (3, Some(FieldOrder::TopFirst)),
            (4, Some(FieldOrder::BottomFirst)),
            (11, Some(FieldOrder::TopFirst)),
            (12, Some(FieldOrder::BottomFirst)),
            (0, None),
        ] {
            let mut known = known();
            known.sei(&sei(&[(1, &[pic_struct << 4])]), H265);
            assert_eq!(known.facts().unwrap().field_order, order, "{pic_struct}");
        }
    }

    #[test]
    fn a_cut_message_says_nothing_and_those_before_it_stay() {
        let whole = sei(&[(144, &[0, 9, 0, 8]), (147, &[18])]);
        for end in 0..whole.len() - 1 {
            let mut known = known();
            known.sei(&whole[..end], H265);
            let facts = known.facts().unwrap();
            assert_eq!(facts.color.transfer, Transfer::UNSPECIFIED, "{end}");
            assert_eq!(facts.hdr.content_light.is_some(), end >= 8, "{end}");
        }
    }
}
