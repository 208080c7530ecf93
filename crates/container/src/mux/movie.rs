//! The movie box (ISO/IEC 14496-12 §8.2): one video track, where it is placed, what of it is shown.

use std::num::NonZeroU32;

use reelscope_media::{Geometry, Track};
use shiguredo_mp4::boxes::{
    Brand, DinfBox, DrefBox, EdtsBox, ElstBox, ElstEntry, FtypBox, HdlrBox, MdhdBox, MdiaBox,
    MediaHeader, MinfBox, MoovBox, MvexBox, MvhdBox, StblBox, TkhdBox, TrakBox, TrexBox, VmhdBox,
};
use shiguredo_mp4::{Encode, FixedPointNumber, LanguageCode, Mp4FileTime, SampleFlags};

use super::MuxError;
use super::entry::display_size;
use super::plan::Plan;

/// The number of the only track.
pub(super) const TRACK: u32 = 1;
/// `1.0` in 16.16 fixed point.
const ONE: i32 = 1 << 16;

/// What a file starts with.
pub(super) fn file_type(fragmented: bool) -> Result<Vec<u8>, MuxError> {
    // `iso6` has what fragments need, edit lists included.
    let major_brand = if fragmented { Brand::ISO6 } else { Brand::ISOM };
    let ftyp = FtypBox {
        major_brand,
        minor_version: 0x200,
        compatible_brands: vec![Brand::ISOM, Brand::ISO2, Brand::ISO6, Brand::MP41],
    };
    Ok(ftyp.encode_to_vec()?)
}

/// The movie box around sample tables.
pub(super) fn movie(track: &Track, plan: &Plan, tables: StblBox) -> Result<Vec<u8>, MuxError> {
    let timescale = NonZeroU32::new(plan.timescale.ticks_per_second()).unwrap_or(NonZeroU32::MIN);
    let time = Mp4FileTime::from_secs(0);
    // Fragments say themselves how long they are.
    let length = |ticks: u64| if plan.fragmented { 0 } else { ticks };
    let shown = plan.shown.end.saturating_sub(plan.shown.start);
    let [width, height] = display_size(track);
    let moov = MoovBox {
        mvhd_box: MvhdBox {
            creation_time: time,
            modification_time: time,
            timescale,
            duration: length(plan.delay + shown),
            rate: MvhdBox::DEFAULT_RATE,
            volume: MvhdBox::DEFAULT_VOLUME,
            matrix: MvhdBox::DEFAULT_MATRIX,
            next_track_id: TRACK + 1,
        },
        trak_boxes: vec![TrakBox {
            tkhd_box: TkhdBox {
                flag_track_enabled: true,
                flag_track_in_movie: true,
                flag_track_in_preview: false,
                flag_track_size_is_aspect_ratio: false,
                creation_time: time,
                modification_time: time,
                track_id: TRACK,
                duration: length(plan.delay + shown),
                layer: TkhdBox::DEFAULT_LAYER,
                alternate_group: TkhdBox::DEFAULT_ALTERNATE_GROUP,
                volume: TkhdBox::DEFAULT_VIDEO_VOLUME,
                matrix: matrix(&track.geometry, [width, height]),
                width,
                height,
            },
            edts_box: edits(plan, length(shown)),
            mdia_box: MdiaBox {
                mdhd_box: MdhdBox {
                    creation_time: time,
                    modification_time: time,
                    timescale,
                    duration: length(plan.media_duration()),
                    language: LanguageCode::UNDEFINED,
                },
                hdlr_box: HdlrBox {
                    handler_type: HdlrBox::HANDLER_TYPE_VIDE,
                    name: b"VideoHandler\0".to_vec(),
                },
                minf_box: MinfBox {
                    media_header: Some(MediaHeader::Vmhd(VmhdBox::default())),
                    dinf_box: DinfBox {
                        dref_box: DrefBox::LOCAL_FILE,
                        unknown_boxes: Vec::new(),
                    },
                    stbl_box: tables,
                    unknown_boxes: Vec::new(),
                },
                unknown_boxes: Vec::new(),
            },
            unknown_boxes: Vec::new(),
        }],
        mvex_box: plan.fragmented.then(extends),
        unknown_boxes: Vec::new(),
    };
    Ok(moov.encode_to_vec()?)
}

/// What holds for all fragments: nothing.
fn extends() -> MvexBox {
    MvexBox {
        mehd_box: None,
        trex_boxes: vec![TrexBox {
            track_id: TRACK,
            default_sample_description_index: 1,
            default_sample_duration: 0,
            default_sample_size: 0,
            default_sample_flags: SampleFlags::empty(),
        }],
        unknown_boxes: Vec::new(),
    }
}

/// The edit list: the time before the first frame, and what of the media is shown. None where that
/// is all from the start.
fn edits(plan: &Plan, duration: u64) -> Option<EdtsBox> {
    let entry = |edit_duration, media_time| ElstEntry {
        edit_duration,
        media_time,
        media_rate: FixedPointNumber::new(1, 0),
    };
    let delay = (plan.delay > 0).then(|| entry(plan.delay, -1));
    let start = i64::try_from(plan.shown.start).unwrap_or(i64::MAX);
    let is_all = start == 0 && plan.media_duration() == plan.shown.end;
    if delay.is_none() && is_all {
        return None;
    }
    Some(EdtsBox {
        elst_box: Some(ElstBox {
            entries: delay.into_iter().chain([entry(duration, start)]).collect(),
        }),
        unknown_boxes: Vec::new(),
    })
}

/// The matrix (§6.2.2) that turns a picture of this size and leaves it in the first quadrant.
fn matrix(geometry: &Geometry, size: [FixedPointNumber<i16, u16>; 2]) -> [i32; 9] {
    let turned = geometry.orientation;
    let (a, b) = [(1, 0), (0, 1), (-1, 0), (0, -1)]
        .get(usize::from(turned.quarter_turns % 4))
        .copied()
        .unwrap_or((1, 0));
    // Rows: where the picture's right and its bottom point to.
    let right = if turned.mirrored { (-a, -b) } else { (a, b) };
    let down = (-b, a);
    let [width, height] = size.map(|side| i32::from(side.integer));
    let shift = |right: i32, down: i32| -((right * width).min(0) + (down * height).min(0));
    let (x, y) = (shift(right.0, down.0), shift(right.1, down.1));
    let fixed = |number: i32| number.saturating_mul(ONE);
    [
        fixed(right.0),
        fixed(right.1),
        0,
        fixed(down.0),
        fixed(down.1),
        0,
        fixed(x),
        fixed(y),
        1 << 30,
    ]
}
