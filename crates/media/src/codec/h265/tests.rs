//! H.265 on hand-assembled NAL units. Picture order counts are worked out from ITU-T H.265 §8.3.1.

use bytes::Bytes;

use super::*;
use crate::codec::bits::writer::BitWriter;

/// An SPS of 64 × 64 with a conformance window of 62 × 60, two sub-layers, counts of 4 bits, two
/// reference picture sets of which the second is predicted, and timing.
fn sps() -> Vec<u8> {
    let bits = BitWriter::starting_with(&[0x42, 0x01]).u(4, 0).u(3, 1).u(1, 1);
    // profile_tier_level(): Main 10, level 3.1; the sub-layer states a level.
    let bits = bits.u(8, 2).u(32, 0x2000_0000).u(48, 0x9000_0000_0000).u(8, 93);
    let bits = bits.u(2, 0b01).u(14, 0).u(8, 90);
    let bits = bits.ues(&[0, 1, 64, 64]).u(1, 1).ues(&[0, 1, 1, 1]).ues(&[2, 2, 0]);
    // Ordering information of both sub-layers, block sizes 8 to 64.
    let bits = bits.u(1, 1).ues(&[1, 1, 0]).ues(&[3, 2, 0]).ues(&[0, 3, 0, 3, 0, 0]);
    let bits = bits.u(1, 0).u(2, 0).u(1, 0);
    // {-1, -3 | +1}, then all of it and 0 moved by -1: {-1, -2, -4 | } - the +1 became 0.
    let bits = bits.ue(2).ues(&[2, 1]).ue(0).u(1, 1).ue(1).u(1, 1).ue(0).u(1, 1);
    let bits = bits.u(1, 1).u(1, 1).ue(0).u(4, 0b1111);
    let bits = bits.u(1, 0).u(2, 0);
    // VUI: only timing, 50 fields per second.
    let bits = bits.u(1, 1).u(4, 0).u(1, 0).u(1, 1).u(1, 1).u(1, 0);
    bits.u(1, 1).u(32, 1).u(32, 50).u(8, 0).nal()
}

fn pps() -> Vec<u8> {
    BitWriter::starting_with(&[0x44, 0x01]).ue(0).ue(0).u(2, 0b01).u(3, 0).u(8, 0).nal()
}

/// The first slice of a picture. `kind` 0 is B, 1 P, 2 I.
fn slice(nal_type: u8, temporal_id: u8, kind: u64, poc_lsb: u64) -> Vec<u8> {
    let bits = BitWriter::starting_with(&[nal_type << 1, temporal_id + 1]).u(1, 1);
    let bits = if (16..24).contains(&nal_type) { bits.u(1, 0) } else { bits };
    let bits = bits.ue(0).ue(kind).u(1, 1);
    if matches!(nal_type, 19 | 20) { bits.nal() } else { bits.u(4, poc_lsb).nal() }
}

const IDR: u8 = 20;
const CRA: u8 = 21;
const TRAIL_N: u8 = 0;
const TRAIL_R: u8 = 1;
const RASL_N: u8 = 8;

fn unit(nals: &[Vec<u8>]) -> Vec<u8> {
    nals.iter().flat_map(|nal| [&[0, 0, 1], nal.as_slice()].concat()).collect()
}

fn inspector() -> Box<dyn Inspector> {
    let mut inspector = (ENTRY.inspector)(&CodecConfig {
        codec: Codec::H265,
        framing: Framing::AnnexB,
        record: Bytes::new(),
    });
    inspector.inspect(&unit(&[sps(), pps()])).unwrap();
    inspector
}

#[test]
fn an_sps_is_read_to_the_end_of_its_timing() {
    let inspector = inspector();
    let facts = inspector.facts().unwrap();
    assert_eq!((facts.width, facts.height), (62, 60));
    assert_eq!(facts.format.unwrap().name(), "yuv420p10le");
    assert_eq!(facts.profile.as_deref(), Some("Main 10"));
    assert_eq!(facts.reorder_depth, Some(2));
    assert_eq!(facts.frame_rate, Some([50, 1]));
    assert!(facts.interlaced);
    assert_eq!(inspector.codec_string("hev1"), "hev1.2.4.L93.90");
}

#[test]
fn counts_build_on_the_base_sub_layer_and_restart_at_idr() {
    let mut inspector = inspector();
    let mut inspect = |nal: Vec<u8>| inspector.inspect(&unit(&[nal])).unwrap();
    assert_eq!(inspect(slice(IDR, 0, 2, 0)).order, Some(0));
    assert_eq!(inspect(slice(TRAIL_R, 0, 1, 8)).order, Some(8));
    // Neither sub-layer 1 nor non-reference pictures are built on: 15 and 1 are both near 8.
    assert_eq!(inspect(slice(TRAIL_R, 1, 0, 15)).order, Some(15));
    assert_eq!(inspect(slice(TRAIL_N, 0, 0, 1)).order, Some(1));
    assert_eq!(inspect(slice(TRAIL_R, 0, 1, 0)).order, Some(16));
    let cra = inspect(slice(CRA, 0, 2, 8));
    assert_eq!((cra.order, cra.restarts_order, cra.sync), (Some(24), false, SyncKind::Open));
    let rasl = inspect(slice(RASL_N, 0, 0, 4));
    assert_eq!((rasl.order, rasl.shown), (Some(20), true));
    let idr = inspect(slice(IDR, 0, 2, 0));
    assert_eq!((idr.order, idr.restarts_order, idr.sync), (Some(0), true, SyncKind::Closed));
}

#[test]
fn a_cra_picture_after_an_end_of_sequence_starts_a_new_one() {
    let mut inspector = inspector();
    let end_of_sequence = vec![36 << 1, 1];
    inspector.inspect(&unit(&[slice(IDR, 0, 2, 0), end_of_sequence])).unwrap();
    let cra = inspector.inspect(&unit(&[slice(CRA, 0, 2, 8)])).unwrap();
    assert_eq!((cra.order, cra.restarts_order), (Some(8), true));
    assert!(!inspector.inspect(&unit(&[slice(RASL_N, 0, 0, 4)])).unwrap().shown);
}

#[test]
fn non_reference_pictures_of_the_highest_sub_layer_are_droppable() {
    let mut inspector = inspector();
    let mut droppable =
        |nal: Vec<u8>| inspector.inspect(&unit(&[nal])).unwrap().droppable;
    assert!(!droppable(slice(IDR, 0, 2, 0)));
    assert!(!droppable(slice(TRAIL_N, 0, 0, 1)), "sub-layer 1 may refer to it");
    assert!(!droppable(slice(TRAIL_R, 1, 0, 2)));
    assert!(droppable(slice(TRAIL_N, 1, 0, 3)));
}

#[test]
fn a_second_layer_belongs_to_the_access_unit_of_the_first() {
    let second_layer = |mut nal: Vec<u8>| {
        nal[1] |= 1 << 3;
        nal
    };
    let nals = [
        vec![35 << 1, 1, 0x50],
        sps(),
        second_layer(sps()),
        pps(),
        slice(IDR, 0, 2, 0),
        second_layer(slice(IDR, 0, 2, 0)),
        slice(TRAIL_R, 0, 1, 1),
        second_layer(slice(TRAIL_R, 0, 1, 1)),
        vec![39 << 1, 1, 0x80],
        slice(TRAIL_R, 0, 1, 2),
        // Not the first slice of its picture.
        vec![1 << 1, 1, 0x40],
    ];
    let mut splitter = Splitter::default();
    let starts: Vec<usize> =
        (0..nals.len()).filter(|index| splitter.starts(&nals[*index])).collect();
    assert_eq!(starts, [0, 6, 8]);

    let mut inspector = inspector();
    assert_eq!(inspector.inspect(&unit(&nals[..6])).unwrap().size, Some((62, 60)));
}
