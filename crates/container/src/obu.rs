//! Raw AV1: temporal units of the low-overhead format one after the other (AV1 specification §5.2),
//! or the length-delimited format of its Annex B.

mod length_delimited;

use std::sync::Arc;

use reelscope_media::{ByteSource, Codec, Framing, SampleSource, Timescale, WholeSource};

use crate::assemble::{MAX_SAMPLES, plain_config, video_track};
use crate::facts::complete_facts;
use crate::raw::{RawSample, append_timed, look_into, nominal_rate};
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie, named};
use length_delimited::{LengthDelimited, as_low_overhead};

pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: "obu",
    probe,
    open,
};

const TEMPORAL_DELIMITER: u8 = 2;

/// The longest header of an OBU: header byte, extension byte and eight bytes of leb128.
const LONGEST_HEADER: usize = 10;

/// How much of a temporal unit is looked into.
const INSPECTED: usize = 64 << 10;

/// How temporal units are delimited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// By temporal delimiters; each OBU has a size.
    LowOverhead,
    /// By lengths (Annex B).
    Lengths,
}

fn probe(head: &[u8], name_hint: &str) -> u8 {
    let name = 5 * u8::from(named(name_hint, &["obu", "av1", "annexb"]));
    layout(head).map_or(0, |_| 85 + name)
}

/// Finds out the layout: a stream starts with an empty temporal delimiter, and nearly always a
/// sequence header after it.
fn layout(head: &[u8]) -> Option<Layout> {
    if starts_stream(head) {
        return Some(Layout::LowOverhead);
    }
    // temporal_unit(frame_unit(obu_length, temporal delimiter, obu_length, sequence header)).
    let (unit, after_unit) = leb128(head)?;
    let (frame, after_frame) = leb128(head.get(after_unit..)?)?;
    if frame == 0 || frame > unit || unit > u64::from(u32::MAX) {
        return None;
    }
    let rest = head.get(after_unit + after_frame..)?;
    let converted = as_low_overhead(
        rest.get(..rest.len().min(64))?,
        length_delimited::Depth::Obu,
    );
    starts_stream(&converted).then_some(Layout::Lengths)
}

/// True for a temporal delimiter followed by another kind of OBU, both with a size.
fn starts_stream(bytes: &[u8]) -> bool {
    let Some(delimiter) = ObuHeader::parse(bytes) else {
        return false;
    };
    let second = bytes.get(delimiter.len..).and_then(ObuHeader::parse);
    delimiter.kind == TEMPORAL_DELIMITER
        && delimiter.payload == Some(0)
        && second.is_some_and(|next| matches!(next.kind, 1 | 3 | 5 | 6) && next.payload > Some(0))
}

/// The header of an OBU (§5.3.2).
struct ObuHeader {
    kind: u8,
    /// Length of the header, extension and size field included.
    len: usize,
    /// Length of the payload where the header has it.
    payload: Option<u64>,
}

impl ObuHeader {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let first = *bytes.first()?;
        let forbidden = first & 0x81;
        if forbidden != 0 {
            return None;
        }
        let mut len = 1 + usize::from(first >> 2 & 1);
        let mut payload = None;
        if first & 2 != 0 {
            let (size, size_len) = leb128(bytes.get(len..)?)?;
            payload = Some(size);
            len += size_len;
        }
        Some(Self {
            kind: first >> 3 & 15,
            len,
            payload,
        })
    }
}

/// Reads a leb128 value (§4.10.5), with the number of bytes that it takes.
fn leb128(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(8) {
        value |= u64::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let mut window = Window::new(&**source, 1 << 20);
    let layout = layout(window.get(0, 4096)?).unwrap_or(Layout::LowOverhead);
    let (units, warnings) = match layout {
        Layout::LowOverhead => low_overhead_units(&mut window)?,
        Layout::Lengths => length_delimited::units(&mut window)?,
    };
    let samples: Arc<dyn SampleSource> = match layout {
        Layout::LowOverhead => Arc::new(WholeSource(Arc::clone(source))),
        Layout::Lengths => Arc::new(LengthDelimited(WholeSource(Arc::clone(source)))),
    };
    let config = plain_config(Codec::Av1, Framing::Whole);
    let mut inspector = Codec::Av1.entry().map(|entry| (entry.inspector)(&config));
    let mut raw = Vec::new();
    for (offset, len) in units {
        let bytes = window.get(offset, INSPECTED.min(len as usize))?;
        let facts = match layout {
            Layout::LowOverhead => look_into(inspector.as_mut(), bytes),
            Layout::Lengths => {
                let bytes = as_low_overhead(bytes, length_delimited::Depth::FrameUnit);
                look_into(inspector.as_mut(), &bytes)
            }
        };
        raw.push(RawSample::new(offset, len, &facts));
    }
    let rate = nominal_rate(inspector.as_ref().and_then(|inspector| inspector.facts()));
    let mut track = video_track(1, config, Timescale::MPEG, samples);
    append_timed(&mut track, &raw, rate);
    if track.samples.is_empty() {
        let reason = "there is no temporal unit in it".to_owned();
        return Err(ContainerError::Damaged {
            container: "obu",
            reason,
        });
    }
    complete_facts(&mut track);
    Ok(Movie {
        container: "obu",
        tracks: vec![track],
        warnings,
    })
}

/// Where temporal units are, and what was wrong on the way.
type Units = (Vec<(u64, u32)>, Vec<String>);

/// Walks over the OBUs and cuts at temporal delimiters.
fn low_overhead_units(window: &mut Window<'_>) -> Result<Units, ContainerError> {
    let (mut units, mut warnings) = (Vec::new(), Vec::new());
    let end = window.len();
    let (mut offset, mut start) = (0, 0);
    while offset < end && units.len() < MAX_SAMPLES {
        let Some(header) = ObuHeader::parse(window.get(offset, LONGEST_HEADER)?) else {
            warnings.push(format!("what follows byte {offset} is no AV1"));
            break;
        };
        if header.kind == TEMPORAL_DELIMITER && offset > start {
            units.push((start, u32::try_from(offset - start).unwrap_or(u32::MAX)));
            start = offset;
        }
        let Some(payload) = header.payload else {
            warnings.push(format!("the OBU at byte {offset} has no size"));
            offset = end;
            break;
        };
        let next = offset
            .saturating_add(header.len as u64)
            .saturating_add(payload);
        if next > end {
            warnings.push("its last temporal unit is cut off".to_owned());
        }
        offset = next.min(end);
    }
    if offset > start {
        units.push((start, u32::try_from(offset - start).unwrap_or(u32::MAX)));
    }
    Ok((units, warnings))
}

#[cfg(test)]
mod tests;
