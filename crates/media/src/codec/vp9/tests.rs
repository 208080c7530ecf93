//! VP9 on hand-assembled headers (VP9 bitstream specification §6.2).

use bytes::Bytes;

use super::*;
use crate::codec::Framing;
use crate::codec::bits::writer::BitWriter;

const SYNC_CODE: u64 = 0x49_83_42;

fn inspector(record: &[u8]) -> Box<dyn Inspector> {
    let record = Bytes::copy_from_slice(record);
    (ENTRY.inspector)(&CodecConfig { codec: Codec::Vp9, framing: Framing::Whole, record })
}

/// A key frame of profile 0, BT.709, limited range.
fn key(width: u64, height: u64) -> Vec<u8> {
    let bits = BitWriter::default().u(2, 2).u(2, 0).u(1, 0).u(1, 0).u(1, 1).u(1, 0);
    let bits = bits.u(24, SYNC_CODE).u(3, 2).u(1, 0);
    bits.u(16, width - 1).u(16, height - 1).u(8, 0).bytes()
}

/// An inter frame whose references are slots 0, 1 and 2, with the size of reference `found` of
/// these, or its own.
fn inter(shown: bool, resilient: bool, refreshes: u64, size: Result<u32, (u64, u64)>) -> Vec<u8> {
    let bits = BitWriter::default().u(2, 2).u(2, 0).u(1, 0).u(1, 1);
    let bits = bits.u(1, u64::from(shown)).u(1, u64::from(resilient));
    let bits = if shown { bits } else { bits.u(1, 0) };
    let bits = if resilient { bits } else { bits.u(2, 0) };
    let bits = bits.u(8, refreshes).u(4, 0b0000).u(4, 0b0010).u(4, 0b0100);
    let bits = match size {
        Ok(found) => bits.u(found + 1, 1),
        Err((width, height)) => bits.u(3, 0).u(16, width - 1).u(16, height - 1),
    };
    bits.u(8, 0).bytes()
}

#[test]
fn profiles_have_their_own_depths_and_formats() {
    // Profile 3: the low bit comes first, then a reserved zero.
    let start = |low, high| BitWriter::default().u(2, 2).u(1, low).u(1, high);
    let end = |bits: BitWriter| bits.u(16, 63).u(16, 47).u(8, 0).bytes();
    let flags = |bits: BitWriter| bits.u(1, 0).u(1, 0).u(1, 1).u(1, 0).u(24, SYNC_CODE);
    for (sample, name) in [
        (end(flags(start(0, 0)).u(3, 1).u(1, 1)), "yuv420p"),
        (end(flags(start(1, 0)).u(3, 2).u(1, 0).u(2, 0b01).u(1, 0)), "yuv440p"),
        (end(flags(start(1, 0)).u(3, 7).u(1, 0)), "gbrp"),
        (end(flags(start(0, 1)).u(1, 1).u(3, 5).u(1, 0)), "yuv420p12le"),
        (end(flags(start(1, 1).u(1, 0)).u(1, 0).u(3, 2).u(1, 0).u(2, 0b10).u(1, 0)), "yuv422p10le"),
    ] {
        let mut inspector = inspector(&[]);
        assert_eq!(inspector.inspect(&sample).unwrap().size, Some((64, 48)), "{name}");
        assert_eq!(inspector.facts().unwrap().format.unwrap().name(), name);
    }
}

#[test]
fn frames_may_have_sizes_of_their_own_or_of_references() {
    let mut inspector = inspector(&[]);
    let mut size = |sample: Vec<u8>| inspector.inspect(&sample).unwrap().size;
    assert_eq!(size(key(320, 180)), Some((320, 180)));
    assert_eq!(size(inter(true, false, 0b010, Err((160, 90)))), Some((160, 90)));
    assert_eq!(size(inter(true, false, 0, Ok(0))), Some((320, 180)));
    assert_eq!(size(inter(true, false, 0, Ok(1))), Some((160, 90)));
    // show_existing_frame of slot 1.
    let existing = BitWriter::default().u(2, 2).u(2, 0).u(1, 1).u(3, 1).bytes();
    assert_eq!(size(existing), Some((160, 90)));
    assert_eq!(inspector.facts().map(|facts| facts.width), Some(320));
}

#[test]
fn a_superframe_is_shown_if_one_of_its_frames_is() {
    let mut inspector = inspector(&[]);
    inspector.inspect(&key(64, 48)).unwrap();
    let hidden = inter(false, false, 0x04, Ok(0));
    let facts = inspector.inspect(&hidden).unwrap();
    assert_eq!((facts.shown, facts.size), (false, None));
    let shown = inter(true, false, 0x01, Ok(0));
    let index = [0xc1, hidden.len() as u8, shown.len() as u8, 0xc1];
    let facts = inspector.inspect(&[&hidden[..], &shown, &index].concat()).unwrap();
    assert_eq!((facts.shown, facts.picture), (true, PictureType::P));
    assert_eq!(facts.sync, SyncKind::None);
}

#[test]
fn only_error_resilient_frames_that_nobody_keeps_are_droppable() {
    let mut inspector = inspector(&[]);
    inspector.inspect(&key(64, 48)).unwrap();
    let mut droppable = |sample: Vec<u8>| inspector.inspect(&sample).unwrap().droppable;
    assert!(droppable(inter(true, true, 0, Ok(0))));
    assert!(!droppable(inter(true, true, 0x80, Ok(0))));
    assert!(!droppable(inter(true, false, 0, Ok(0))), "probabilities are kept");
}

#[test]
fn the_record_is_what_is_known_before_the_first_frame() {
    // Profile 2, level 3.1, 10 bit 4:2:0 colocated, full range, BT.2020 and PQ: the example of the
    // binding is "vp09.02.10.10.01.09.16.09.01" at level 1.
    let record = [1, 0, 0, 0, 2, 10, 0xa3, 9, 16, 9, 0, 0];
    let mut inspector = inspector(&record);
    assert_eq!(inspector.codec_string("vp09"), "vp09.02.10.10.01.09.16.09.01");
    let facts = inspector.facts().unwrap();
    assert_eq!(facts.format.unwrap().name(), "yuv420p10le");
    assert_eq!(facts.color.transfer, Transfer::PQ);
    assert_eq!(facts.color.site, ChromaSite::TopLeft);
    // What frames do not state, the record does.
    inspector.inspect(&key(64, 48)).unwrap();
    let color = inspector.facts().unwrap().color;
    assert_eq!((color.matrix, color.primaries), (Matrix::BT709, Primaries::BT2020));
}

#[test]
fn what_is_no_frame_is_an_error() {
    let mut inspector = inspector(&[]);
    let forbidden = |field| Err(InspectError::Forbidden { field });
    assert_eq!(inspector.inspect(&[0x00, 0]), forbidden("frame_marker"));
    assert_eq!(inspector.inspect(&[0x82, 1, 2, 3, 4]), forbidden("frame_sync_byte"));
    assert_eq!(inspector.inspect(&key(64, 48)[..8]), Err(InspectError::Truncated));
}
