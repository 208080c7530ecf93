//! Small streams from FFmpeg's encoders. All expected values are what ffprobe 5.1 says of them:
//! `-show_streams`, `-show_entries packet=flags`, `-show_entries frame=pkt_pos,pict_type`.
//!
//! They were made from `-f lavfi -i testsrc2=size=66x50:rate=25` with `-threads 1` and
//! - `open_gop.h264`: `-vf scale=65:49 -pix_fmt yuv444p -c:v libx264 -x264-params keyint=6:min-keyint=6:
//!   bframes=3:b-pyramid=normal:open-gop=1:scenecut=0:crf=48:b-adapt=0 -aspect 4:3`, BT.709, full range
//! - `interlaced.h264`: `-vf scale=66:52 -c:v libx264 -x264-params keyint=4:bframes=0:interlaced=1:crf=48`
//! - `open_gop.h265`: `-pix_fmt yuv422p10le -c:v libx265`, else like the first, PQ
//! - `alternate_reference_*.ivf`: `-vf scale=65:49 -crf 60 -g 8 -lag-in-frames 10 -auto-alt-ref 1`
//!   (AV1: `-g 6`; VP9: `yuv444p`), BT.709

use reelscope_media::codec::{PictureType, SampleFacts, StreamFacts};
use reelscope_media::{Codec, Matrix, Primaries, Range, Ratio, SyncKind, Transfer};

use crate::stream::{Stream, presentation_order};

pub(crate) const OPEN_GOP_H264: &[u8] = include_bytes!("../streams/open_gop.h264");
pub(crate) const INTERLACED_H264: &[u8] = include_bytes!("../streams/interlaced.h264");
pub(crate) const OPEN_GOP_H265: &[u8] = include_bytes!("../streams/open_gop.h265");
pub(crate) const AV1: &[u8] = include_bytes!("../streams/alternate_reference_av1.ivf");
pub(crate) const VP8: &[u8] = include_bytes!("../streams/alternate_reference_vp8.ivf");
pub(crate) const VP9: &[u8] = include_bytes!("../streams/alternate_reference_vp9.ivf");

struct Inspected {
    samples: Vec<SampleFacts>,
    facts: StreamFacts,
    codec_string: String,
}

impl Inspected {
    fn of(stream: &Stream, sample_entry: &str) -> Self {
        let mut inspector = stream.inspector();
        let samples = stream
            .units
            .iter()
            .map(|unit| inspector.inspect(unit).unwrap())
            .collect::<Vec<_>>();
        Self {
            samples,
            facts: inspector.facts().unwrap().clone(),
            codec_string: inspector.codec_string(sample_entry),
        }
    }

    fn order(&self) -> Vec<usize> {
        presentation_order(&self.samples.iter().cloned().map(Some).collect::<Vec<_>>())
    }

    /// Prediction types in decode order.
    fn types(&self) -> String {
        self.samples
            .iter()
            .map(|sample| match sample.picture {
                PictureType::I => 'I',
                PictureType::P => 'P',
                PictureType::B => 'B',
                PictureType::Unknown => '?',
            })
            .collect()
    }

    fn syncs(&self) -> Vec<(usize, SyncKind)> {
        let syncs = self.samples.iter().map(|sample| sample.sync).enumerate();
        syncs.filter(|(_, sync)| *sync != SyncKind::None).collect()
    }

    fn format(&self) -> String {
        self.facts
            .format
            .unwrap()
            .name_with_range(self.facts.color.range == Range::Full)
    }
}

#[test]
fn an_h264_open_gop_is_put_in_order_across_its_recovery_points() {
    let found = Inspected::of(&Stream::annex_b(Codec::H264, OPEN_GOP_H264), "avc1");
    assert_eq!((found.facts.width, found.facts.height), (65, 49));
    assert_eq!(found.format(), "yuvj444p");
    assert_eq!(
        found.facts.profile.as_deref(),
        Some("High 4:4:4 Predictive")
    );
    assert_eq!(found.codec_string, "avc1.F4000A");
    assert_eq!(found.facts.color.matrix, Matrix::BT709);
    assert_eq!(found.facts.color.primaries, Primaries::BT709);
    assert_eq!(found.facts.color.transfer, Transfer::BT709);
    assert_eq!(found.facts.pixel_aspect, Ratio::new(196, 195));
    assert_eq!(found.facts.frame_rate, Some([25, 1]));
    assert_eq!(found.facts.reorder_depth, Some(2));
    assert!(!found.facts.interlaced);
    assert_eq!(
        found.order(),
        [0, 3, 2, 4, 1, 6, 5, 9, 8, 10, 7, 12, 11, 13]
    );
    assert_eq!(found.types(), "IPBBBIBPBBBIBP");
    let open = SyncKind::Open;
    assert_eq!(
        found.syncs(),
        [(0, SyncKind::Closed), (5, open), (11, open)]
    );
    // Of the B pictures of a pyramid, others refer to the middle one only.
    let droppable: Vec<usize> = (0..14).filter(|n| found.samples[*n].droppable).collect();
    assert_eq!(droppable, [3, 4, 6, 9, 10, 12]);
}

#[test]
fn an_interlaced_stream_starts_its_order_anew_at_each_idr() {
    let found = Inspected::of(&Stream::annex_b(Codec::H264, INTERLACED_H264), "avc3");
    assert_eq!((found.facts.width, found.facts.height), (66, 52));
    assert_eq!(found.format(), "yuv420p");
    assert_eq!(found.codec_string, "avc3.640015");
    assert_eq!(found.facts.pixel_aspect, Ratio::new(416, 297));
    assert_eq!(found.facts.reorder_depth, Some(0));
    assert!(found.facts.interlaced);
    assert_eq!(found.order(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(found.types(), "IPPPIPPP");
    assert_eq!(
        found.syncs(),
        [(0, SyncKind::Closed), (4, SyncKind::Closed)]
    );
    let restarts: Vec<usize> = (0..8)
        .filter(|n| found.samples[*n].restarts_order)
        .collect();
    assert_eq!(restarts, [0, 4]);
}

#[test]
fn an_h265_open_gop_is_put_in_order_across_its_cra_picture() {
    let found = Inspected::of(&Stream::annex_b(Codec::H265, OPEN_GOP_H265), "hev1");
    assert_eq!((found.facts.width, found.facts.height), (66, 50));
    assert_eq!(found.format(), "yuv422p10le");
    assert_eq!(found.codec_string, "hev1.4.10.L30.9D.8");
    assert_eq!(found.facts.color.range, Range::Limited);
    assert_eq!(found.facts.color.matrix, Matrix::BT2020_NCL);
    assert_eq!(found.facts.color.primaries, Primaries::BT2020);
    assert_eq!(found.facts.color.transfer, Transfer::PQ);
    assert_eq!(found.facts.frame_rate, Some([25, 1]));
    assert_eq!(found.facts.reorder_depth, Some(2));
    assert_eq!(found.order(), [0, 2, 1, 5, 4, 6, 3, 9, 8, 10, 7, 11]);
    assert_eq!(found.types(), "IPBIBBBPBBBP");
    assert_eq!(found.syncs(), [(0, SyncKind::Closed), (3, SyncKind::Open)]);
}

#[test]
fn leading_pictures_are_not_shown_where_the_stream_begins_at_their_cra_picture() {
    let mut stream = Stream::annex_b(Codec::H265, OPEN_GOP_H265);
    // ffmpeg decodes 6 frames of what is left: the CRA picture and those after its 3 RASL pictures.
    let parameter_sets = stream.units[0].clone();
    stream.units.drain(..3);
    let mut inspector = stream.inspector();
    inspector
        .inspect(&parameter_sets[..first_slice(&parameter_sets)])
        .unwrap();
    let shown: Vec<bool> = stream
        .units
        .iter()
        .map(|unit| inspector.inspect(unit).unwrap().shown)
        .collect();
    assert_eq!(
        shown,
        [true, false, false, false, true, true, true, true, true]
    );
}

/// Where the start code of the first slice is in an H.265 access unit.
fn first_slice(unit: &[u8]) -> usize {
    let is_slice = |at: &usize| unit[*at..].starts_with(&[0, 0, 1]) && unit[at + 3] >> 1 & 63 < 32;
    (0..unit.len() - 3).find(is_slice).unwrap()
}

#[test]
fn av1_key_frames_are_found_and_hidden_references_hide_nothing() {
    let found = Inspected::of(&Stream::ivf(AV1), "av01");
    assert_eq!((found.facts.width, found.facts.height), (65, 49));
    assert_eq!(found.format(), "yuv420p");
    assert_eq!(found.facts.profile.as_deref(), Some("Main"));
    // Level index 0 is what ffprobe gives as level.
    assert_eq!(found.codec_string, "av01.0.00M.08");
    assert_eq!(found.facts.color.matrix, Matrix::BT709);
    assert_eq!(found.types(), "IPPPPPIPPPPP");
    assert_eq!(
        found.syncs(),
        [(0, SyncKind::Closed), (6, SyncKind::Closed)]
    );
    assert!(
        found
            .samples
            .iter()
            .all(|sample| sample.shown && sample.size == Some((65, 49)))
    );
    assert!(found.samples.iter().all(|sample| sample.order.is_none()));
}

#[test]
fn vp9_superframes_show_one_frame_each() {
    let found = Inspected::of(&Stream::ivf(VP9), "vp09");
    assert_eq!((found.facts.width, found.facts.height), (65, 49));
    assert_eq!(found.format(), "yuv444p");
    assert_eq!(found.facts.profile.as_deref(), Some("Profile 1"));
    assert_eq!(found.facts.color.matrix, Matrix::BT709);
    assert_eq!(found.facts.color.range, Range::Limited);
    assert_eq!(found.types(), "IPPPPPPPIPPPPPPP");
    assert_eq!(
        found.syncs(),
        [(0, SyncKind::Closed), (8, SyncKind::Closed)]
    );
    assert!(
        found
            .samples
            .iter()
            .all(|sample| sample.shown && sample.size == Some((65, 49)))
    );
}

#[test]
fn vp8_key_frames_are_found() {
    let found = Inspected::of(&Stream::ivf(VP8), "vp08");
    assert_eq!((found.facts.width, found.facts.height), (65, 49));
    assert_eq!(found.format(), "yuv420p");
    assert_eq!(found.types(), "IPPPPPPPIPPPPPPP");
    assert_eq!(
        found.syncs(),
        [(0, SyncKind::Closed), (8, SyncKind::Closed)]
    );
    assert!(
        found
            .samples
            .iter()
            .all(|sample| sample.shown && sample.size == Some((65, 49)))
    );
}
