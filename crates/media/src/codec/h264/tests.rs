//! H.264 on hand-assembled NAL units. Picture order counts are worked out from ITU-T H.264 §8.2.1.

use bytes::Bytes;

use super::*;
use crate::codec::PictureType;
use crate::Ratio;
use crate::codec::bits::writer::BitWriter;

/// What an SPS of these tests says.
#[derive(Clone, Copy)]
struct SpsFields {
    poc: Poc,
    frame_mbs_only: bool,
    references: u64,
    id: u64,
}

#[derive(Clone, Copy)]
enum Poc {
    /// Type 0 with counts of 4 bits.
    Lsb,
    /// Type 1: a cycle of one reference frame 4 apart, others 2 before it, bottom fields 1 after.
    Cycle,
    /// Type 2.
    DecodeOrder,
}

const FRAMES: SpsFields =
    SpsFields { poc: Poc::Lsb, frame_mbs_only: true, references: 2, id: 0 };
const FIELDS: SpsFields = SpsFields { frame_mbs_only: false, ..FRAMES };

/// A baseline SPS of 4 × 2 macroblocks with frame numbers of 4 bits.
fn sps(fields: SpsFields) -> Vec<u8> {
    let bits = BitWriter::starting_with(&[0x67, 66, 0, 30]).ue(fields.id).ue(0);
    let bits = match fields.poc {
        Poc::Lsb => bits.ue(0).ue(0),
        Poc::Cycle => bits.ue(1).u(1, 0).se(-2).se(1).ue(1).se(4),
        Poc::DecodeOrder => bits.ue(2),
    };
    let rows = if fields.frame_mbs_only { 1 } else { 0 };
    let bits = bits.ue(fields.references).u(1, 0).ue(3).ue(rows);
    let bits = if fields.frame_mbs_only { bits.u(1, 1) } else { bits.u(2, 0) };
    bits.u(1, 1).u(1, 0).u(1, 0).nal()
}

/// A PPS without anything optional.
fn pps(id: u64, sps_id: u64) -> Vec<u8> {
    let bits = BitWriter::starting_with(&[0x68]).ue(id).ue(sps_id).u(2, 0);
    bits.ues(&[0, 0, 0]).u(3, 0).se(0).se(0).se(0).u(3, 0).nal()
}

#[derive(Clone, Copy)]
struct Slice {
    header: u8,
    first_mb: u64,
    /// 5 B, 6 P, 7 I, ... modulo 5.
    kind: u64,
    frame_num: u64,
    /// `Some(true)` for a bottom field; `None` where there is no `field_pic_flag`.
    field: Option<Option<bool>>,
    poc: u64,
    mmco5: bool,
}

const IDR: Slice =
    Slice { header: 0x65, first_mb: 0, kind: 7, frame_num: 0, field: None, poc: 0, mmco5: false };
const P: Slice = Slice { header: 0x41, kind: 5, ..IDR };
/// A picture that is no reference.
const B: Slice = Slice { header: 0x01, kind: 6, ..IDR };

impl Slice {
    fn nal(self) -> Vec<u8> {
        let bits = BitWriter::starting_with(&[self.header]).ue(self.first_mb).ue(self.kind).ue(0);
        let bits = bits.u(4, self.frame_num);
        let bits = match self.field {
            None => bits,
            Some(None) => bits.u(1, 0),
            Some(Some(bottom)) => bits.u(1, 1).u(1, u64::from(bottom)),
        };
        let idr = self.header & 31 == 5;
        let bits = if idr { bits.ue(0) } else { bits };
        let bits = bits.u(4, self.poc);
        if idr {
            return bits.u(2, 0).nal();
        }
        let bits = match self.kind % 5 {
            0 => bits.u(1, 0).u(1, 0),
            1 => bits.u(2, 0).u(2, 0),
            _ => bits,
        };
        if self.header & 0x60 == 0 {
            return bits.nal();
        }
        if self.mmco5 { bits.u(1, 1).ue(5).ue(0).nal() } else { bits.u(1, 0).nal() }
    }
}

fn unit(nals: &[Vec<u8>]) -> Vec<u8> {
    nals.iter().flat_map(|nal| [&[0, 0, 1], nal.as_slice()].concat()).collect()
}

fn inspector(fields: SpsFields) -> Box<dyn Inspector> {
    let mut inspector = (ENTRY.inspector)(&CodecConfig {
        codec: Codec::H264,
        framing: Framing::AnnexB,
        record: Bytes::new(),
    });
    inspector.inspect(&unit(&[sps(fields), pps(0, fields.id)])).unwrap();
    inspector
}

fn orders(fields: SpsFields, slices: &[Slice]) -> Vec<i64> {
    let mut inspector = inspector(fields);
    let sample = |slice: &Slice| inspector.inspect(&unit(&[slice.nal()])).unwrap().order.unwrap();
    slices.iter().map(sample).collect()
}

#[test]
fn high_profile_fields_and_cropping_are_read() {
    // High 4:2:2, 10 bit, 2 × 1 map units of fields: 32 × 32, cropped by 3 pixels in width and 4
    // (2 units of 2 rows) in height.
    let nal = BitWriter::starting_with(&[0x67, 122, 0, 30])
        .ues(&[0, 2, 2, 2])
        .u(1, 0)
        // Scaling lists: the second one has two deltas, the second of which ends it.
        .u(1, 1)
        .u(1, 0)
        .u(1, 1)
        .se(0)
        .se(-8)
        .u(6, 0)
        .ues(&[0, 0, 0, 1])
        .u(1, 0)
        .ues(&[1, 0])
        .u(3, 0b001)
        .u(1, 1)
        .ues(&[1, 0, 1, 1])
        // VUI: aspect_ratio_idc 255 of 8:6, nothing but the video signal, timing of 60 fields/s.
        .u(1, 1)
        .u(1, 1)
        .u(8, 255)
        .u(16, 8)
        .u(16, 6)
        .u(1, 0)
        .u(1, 1)
        .u(3, 5)
        .u(1, 1)
        .u(1, 1)
        .u(8, 9)
        .u(8, 18)
        .u(8, 9)
        .u(1, 1)
        .ues(&[2, 2])
        .u(1, 1)
        .u(32, 1001)
        .u(32, 60_000)
        .u(1, 1)
        .u(3, 0)
        .u(2, 0b11)
        .ues(&[0, 0, 0, 0, 1, 4])
        .nal();
    let facts = Sps::parse(&nal).unwrap().facts;
    assert_eq!((facts.width, facts.height), (30, 28));
    assert_eq!(facts.format.unwrap().name(), "yuv422p10le");
    assert_eq!(facts.pixel_aspect, Ratio::new(4, 3));
    assert_eq!(facts.color.range, crate::Range::Full);
    assert_eq!(facts.color.primaries, crate::Primaries::BT2020);
    assert_eq!(facts.color.transfer, crate::Transfer::HLG);
    assert_eq!(facts.color.matrix, crate::Matrix::BT2020_NCL);
    assert_eq!(facts.color.site, crate::ChromaSite::TopLeft);
    assert_eq!(facts.frame_rate, Some([30_000, 1_001]));
    assert_eq!(facts.reorder_depth, Some(1));
    assert_eq!(facts.profile.as_deref(), Some("High 4:2:2"));
    assert!(facts.interlaced);
    // A cut VUI leaves the rest.
    let cut = Sps::parse(&nal[..20]).unwrap().facts;
    assert_eq!((cut.width, cut.height, cut.frame_rate), (30, 28, None));
}

#[test]
fn counts_of_type_0_wrap_both_ways() {
    let slices: Vec<Slice> =
        [8, 14, 4, 2, 12].map(|poc| Slice { poc, ..P }).into_iter().collect();
    let slices = [vec![IDR], slices].concat();
    assert_eq!(orders(FRAMES, &slices), [0, 8, 14, 20, 18, 12]);
    // A picture shown before the IDR picture that it follows has a negative count.
    assert_eq!(orders(FRAMES, &[IDR, Slice { poc: 14, frame_num: 1, ..B }]), [0, -2]);
}

#[test]
fn counts_of_type_0_build_on_reference_pictures_only() {
    let slices = [
        IDR,
        Slice { poc: 6, frame_num: 1, ..P },
        Slice { poc: 13, frame_num: 2, ..B },
        Slice { poc: 0, frame_num: 2, ..P },
    ];
    // 0 is less than half the range away from 6, so nothing has wrapped.
    assert_eq!(orders(FRAMES, &slices), [0, 6, 13, 0]);
}

#[test]
fn counts_of_type_1_follow_the_cycle() {
    let fields = SpsFields { poc: Poc::Cycle, ..FRAMES };
    // In place of the low bits, slices carry a difference: 1 bit "1" is 0.
    let mut inspector = inspector(fields);
    let mut order = |header: u8, kind: u64, frame_num: u64, delta: i64| {
        let bits = BitWriter::starting_with(&[header]).ue(0).ue(kind).ue(0).u(4, frame_num);
        let bits = if header & 31 == 5 { bits.ue(0) } else { bits };
        let nal = bits.se(delta).u(8, 0).nal();
        inspector.inspect(&unit(&[nal])).unwrap().order.unwrap()
    };
    assert_eq!(order(0x65, 7, 0, 0), 0);
    assert_eq!(order(0x41, 5, 1, 0), 4);
    // A non-reference picture: that of the reference before it, 2 earlier, and what the slice adds.
    assert_eq!(order(0x01, 6, 2, 0), 2);
    assert_eq!(order(0x41, 5, 2, 1), 9);
    // frame_num wraps at 16.
    assert_eq!(order(0x41, 5, 15, 0), 60);
    assert_eq!(order(0x41, 5, 0, 0), 64);
}

#[test]
fn counts_of_type_2_are_in_decode_order() {
    let fields = SpsFields { poc: Poc::DecodeOrder, ..FRAMES };
    let slices = [
        IDR,
        Slice { frame_num: 1, ..P },
        Slice { frame_num: 2, ..B },
        Slice { frame_num: 2, ..P },
        Slice { frame_num: 1, ..P },
        IDR,
    ];
    assert_eq!(orders(fields, &slices), [0, 2, 3, 4, 34, 0]);
    assert_eq!(inspector(fields).facts().unwrap().reorder_depth, Some(0));
}

#[test]
fn memory_management_operation_5_starts_the_order_anew() {
    let mut inspector = inspector(FRAMES);
    let mut inspect = |slice: Slice| inspector.inspect(&unit(&[slice.nal()])).unwrap();
    inspect(IDR);
    let facts = inspect(Slice { poc: 6, frame_num: 1, mmco5: true, ..P });
    assert_eq!((facts.order, facts.restarts_order), (Some(0), true));
    assert_eq!(facts.sync, SyncKind::None);
    let facts = inspect(Slice { poc: 2, frame_num: 1, ..P });
    assert_eq!((facts.order, facts.restarts_order), (Some(2), false));
}

#[test]
fn a_recovery_point_lets_decoding_start() {
    let mut inspector = inspector(FRAMES);
    let recovery = |count| BitWriter::starting_with(&[6, 5, 1, 0, 6, 1]).ue(count).u(5, 0).nal();
    let inter = Slice { frame_num: 1, ..P };
    let mut sync =
        |sei, slice: Slice| inspector.inspect(&unit(&[sei, slice.nal()])).unwrap().sync;
    assert_eq!(sync(recovery(0), IDR), SyncKind::Closed);
    assert_eq!(sync(recovery(0), Slice { kind: 7, ..inter }), SyncKind::Open);
    assert_eq!(sync(recovery(3), inter), SyncKind::Recovery(3));
    assert_eq!(sync(vec![6, 5, 1, 0, 0x80], inter), SyncKind::None);
}

#[test]
fn an_intra_frame_that_replaces_the_only_reference_lets_decoding_start() {
    let intra = Slice { kind: 7, frame_num: 1, ..P };
    for (references, sync) in [(1, SyncKind::Closed), (2, SyncKind::None)] {
        let mut inspector = inspector(SpsFields { references, ..FRAMES });
        inspector.inspect(&unit(&[IDR.nal()])).unwrap();
        assert_eq!(inspector.inspect(&unit(&[intra.nal()])).unwrap().sync, sync);
    }
}

#[test]
fn a_slice_without_its_parameter_sets_is_an_error() {
    let mut inspector = inspector(SpsFields { id: 1, ..FRAMES });
    inspector.inspect(&unit(&[pps(0, 5)])).unwrap();
    let missing = InspectError::MissingParameterSet { kind: "SPS" };
    assert_eq!(inspector.inspect(&unit(&[IDR.nal()])), Err(missing));
    assert_eq!(inspector.inspect(&[]), Ok(SampleFacts::default()));
}

/// Which of these NAL units start an access unit.
fn starts(nals: &[Vec<u8>]) -> Vec<bool> {
    let mut splitter = Splitter::default();
    nals.iter().map(|nal| splitter.starts(nal)).collect()
}

#[test]
fn slices_of_one_picture_stay_together() {
    let second = Slice { first_mb: 4, ..IDR };
    let next = Slice { frame_num: 1, poc: 2, ..P };
    let nals = [
        vec![9, 0xf0],
        sps(FRAMES),
        pps(0, 0),
        IDR.nal(),
        second.nal(),
        next.nal(),
        Slice { first_mb: 4, ..next }.nal(),
        Slice { frame_num: 2, poc: 6, ..P }.nal(),
        vec![9, 0xf0],
        Slice { frame_num: 2, poc: 6, ..P }.nal(),
    ];
    let yes = true;
    let expected = [yes, false, false, false, false, yes, false, yes, yes, false];
    assert_eq!(starts(&nals), expected);
}

#[test]
fn both_fields_of_a_frame_are_one_access_unit() {
    let (top, bottom) = (Some(Some(false)), Some(Some(true)));
    let delimiter = || vec![9, 0xf0];
    let p = Slice { frame_num: 1, poc: 2, field: top, ..P };
    let nals = [
        sps(FIELDS),
        pps(0, 0),
        Slice { field: top, ..IDR }.nal(),
        delimiter(),
        Slice { field: bottom, poc: 1, ..P }.nal(),
        delimiter(),
        p.nal(),
        Slice { field: bottom, poc: 3, ..p }.nal(),
        // Two fields of the same parity are no frame.
        Slice { frame_num: 2, poc: 4, ..p }.nal(),
        Slice { frame_num: 3, poc: 6, ..p }.nal(),
    ];
    let yes = true;
    let expected = [yes, false, false, false, false, yes, false, false, yes, yes];
    assert_eq!(starts(&nals), expected);

    let mut inspector = inspector(FIELDS);
    let facts = inspector.inspect(&unit(&nals[2..5])).unwrap();
    assert_eq!((facts.sync, facts.picture), (SyncKind::Closed, PictureType::I));
    assert_eq!((facts.order, facts.size), (Some(0), Some((64, 32))));
    let facts = inspector.inspect(&unit(&nals[6..8])).unwrap();
    assert_eq!((facts.order, facts.picture), (Some(2), PictureType::P));
}
