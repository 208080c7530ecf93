//! AV1 on hand-assembled units (AV1 specification §5.5, §5.9).

use bytes::Bytes;

use super::*;
use crate::codec::bits::writer::BitWriter;
use crate::codec::{Framing, PictureType};
use crate::{ChromaSite, Matrix};

const SEQUENCE_HEADER: u8 = obu::SEQUENCE_HEADER;
const FRAME: u8 = obu::FRAME;

/// Up to 64 × 32, 10 bit, order hints of 4 bits, 25 pictures per second; two operating points with
/// two spatial layers and one.
fn sequence() -> Vec<u8> {
    let bits = BitWriter::default().u(3, 0).u(2, 0);
    let bits = bits.u(1, 1).u(32, 1).u(32, 50).u(1, 1).ue(1).u(1, 0).u(1, 0);
    let bits = bits.u(5, 1).u(12, 0x301).u(5, 8).u(1, 1).u(12, 0x101).u(5, 0);
    let bits = bits.u(4, 5).u(4, 5).u(6, 63).u(6, 31).u(1, 0).u(3, 0).u(4, 0);
    let bits = bits.u(1, 1).u(2, 0).u(2, 0).u(3, 3).u(3, 0);
    let bits = bits.u(1, 1).u(1, 0).u(1, 1).u(8, 9).u(8, 16).u(8, 9).u(1, 0).u(2, 2).u(1, 0);
    bits.u(1, 0).u(1, 1).bytes()
}

/// `frame_type`, `show_frame`, which slots it refreshes, and its size if it states one.
fn frame(kind: u64, shown: bool, refreshes: u64, size: Option<(u64, u64)>) -> Vec<u8> {
    let key = kind == 0;
    let bits = BitWriter::default().u(1, 0).u(2, kind).u(1, u64::from(shown));
    let bits = if shown { bits } else { bits.u(1, 1) };
    let bits = if key && shown { bits } else { bits.u(1, 0) };
    let bits = bits.u(1, 0).u(1, u64::from(size.is_some())).u(4, 0);
    let bits = if key { bits } else { bits.u(3, 0) };
    let bits = if key && shown { bits } else { bits.u(8, refreshes) };
    // Without short signalling, all references are slot 2.
    let bits = if key { bits } else { (0..7).fold(bits.u(1, 0), |bits, _| bits.u(3, 2)) };
    let bits = match size {
        None => bits,
        // found_ref
        Some((0, 0)) => bits.u(1, 1),
        Some((width, height)) => {
            let bits = if key { bits } else { bits.u(7, 0) };
            bits.u(6, width - 1).u(6, height - 1)
        }
    };
    bits.u(16, 0).bytes()
}

fn existing(slot: u64) -> Vec<u8> {
    BitWriter::default().u(1, 1).u(3, slot).bytes()
}

fn units(units: &[(u8, Vec<u8>)]) -> Vec<u8> {
    units
        .iter()
        .flat_map(|(kind, payload)| [&[kind << 3 | 2, payload.len() as u8], &payload[..]].concat())
        .collect()
}

fn inspector(record: Vec<u8>) -> Box<dyn Inspector> {
    let record = Bytes::from(record);
    (ENTRY.inspector)(&CodecConfig { codec: Codec::Av1, framing: Framing::Whole, record })
}

/// Version 1, Main profile, level 4.0, high tier, 10 bit 4:2:0; then the sequence header.
fn record() -> Vec<u8> {
    [vec![0x81, 0x08, 0b1100_1110, 0], units(&[(SEQUENCE_HEADER, sequence())])].concat()
}

const KEY: u64 = 0;
const INTER: u64 = 1;

#[test]
fn a_sequence_header_says_what_the_pictures_are() {
    let inspector = inspector(record());
    let facts = inspector.facts().unwrap();
    assert_eq!((facts.width, facts.height), (64, 32));
    assert_eq!(facts.format.unwrap().name(), "yuv420p10le");
    assert_eq!(facts.color.matrix, Matrix::BT2020_NCL);
    assert_eq!(facts.color.site, ChromaSite::TopLeft);
    assert_eq!(facts.frame_rate, Some([25, 1]));
    // From the example of the binding's §5: "av01.0.04M.10.0.112.09.16.09.0", here in another level.
    assert_eq!(inspector.codec_string("av01"), "av01.0.08H.10.0.112.09.16.09.0");
}

#[test]
fn a_record_without_a_sequence_header_still_gives_the_format() {
    let inspector = inspector(record()[..4].to_vec());
    let facts = inspector.facts().unwrap();
    assert_eq!((facts.width, facts.format.unwrap().name().as_str()), (0, "yuv420p10le"));
    assert_eq!(inspector.codec_string("av01"), "av01.0.08H.10.0.112.02.02.02.0");
}

#[test]
fn a_key_frame_is_a_start_only_with_a_sequence_header() {
    let mut bare = inspector(Vec::new());
    let key = units(&[(FRAME, frame(KEY, true, 0xff, None))]);
    let missing = InspectError::MissingParameterSet { kind: "sequence header" };
    assert_eq!(bare.inspect(&key), Err(missing));
    let both = units(&[(SEQUENCE_HEADER, sequence()), (FRAME, frame(KEY, true, 0xff, None))]);
    assert_eq!(bare.inspect(&both).unwrap().sync, SyncKind::Closed);
    assert_eq!(bare.inspect(&key).unwrap().sync, SyncKind::None);
    assert_eq!(inspector(record()).inspect(&key).unwrap().sync, SyncKind::Closed);
}

#[test]
fn a_hidden_key_frame_is_an_open_start_and_showing_it_later_is_none() {
    let mut inspector = inspector(record());
    let mut inspect = |frames: &[Vec<u8>]| {
        let frames: Vec<_> = frames.iter().map(|frame| (FRAME, frame.clone())).collect();
        inspector.inspect(&units(&frames)).unwrap()
    };
    inspect(&[frame(KEY, true, 0xff, None)]);
    let delayed = inspect(&[frame(KEY, false, 0x04, None), frame(INTER, true, 0, None)]);
    assert_eq!((delayed.sync, delayed.shown), (SyncKind::Open, true));
    assert_eq!(delayed.picture, PictureType::P);
    let hidden = inspect(&[frame(INTER, false, 0x08, None)]);
    assert_eq!((hidden.shown, hidden.droppable, hidden.size), (false, false, None));
    assert!(inspect(&[frame(INTER, true, 0, None)]).droppable);
    let shown = inspect(&[existing(2)]);
    assert_eq!((shown.sync, shown.shown, shown.droppable), (SyncKind::None, true, false));
    assert_eq!(shown.picture, PictureType::I);
    // What was in slot 3 is now the key frame, too.
    assert_eq!(inspect(&[existing(3)]).picture, PictureType::I);
}

#[test]
fn frames_may_have_sizes_of_their_own_or_of_references() {
    let mut inspector = inspector(record());
    let mut size = |frame: Vec<u8>| inspector.inspect(&units(&[(FRAME, frame)])).unwrap().size;
    assert_eq!(size(frame(KEY, true, 0xff, Some((40, 20)))), Some((40, 20)));
    assert_eq!(size(frame(INTER, true, 0x01, Some((0, 0)))), Some((40, 20)));
    assert_eq!(size(frame(INTER, true, 0x04, Some((30, 16)))), Some((30, 16)));
    assert_eq!(size(frame(INTER, true, 0, Some((0, 0)))), Some((30, 16)));
    assert_eq!(size(frame(INTER, true, 0, None)), Some((64, 32)));
}

#[test]
fn bytes_that_are_no_units_are_refused() {
    let other = InspectError::NotThisCodec { codec: "AV1" };
    assert_eq!(inspector(record()).inspect(&[0xff, 0xd8]), Err(other));
    assert_eq!(inspector(record()).inspect(&[]).map(|facts| facts.shown), Ok(false));
}
