//! Boxes of a sample entry about how pictures are shown, besides place and colour: brightness, fields,
//! Dolby Vision.

use reelscope_media::{ContentLight, DolbyVision, FieldOrder, HdrFacts, MasteringDisplay};

use super::boxes::{BoxBytes, Fields, Kind};

/// What the boxes `mdcv` and `clli` (ISO/IEC 14496-12 §12.1.7, §12.1.8), or `SmDm` and `CoLL` (VP
/// Codec ISO Media File Format Binding), say.
pub(super) fn hdr<'a>(find: impl Fn(&Kind) -> Option<BoxBytes<'a>>) -> HdrFacts {
    let fields = |kind: &Kind| find(kind).map(|found| Fields(found.payload));
    let full = |kind: &Kind| find(kind)?.full().map(|(_, _, fields)| fields);
    HdrFacts {
        mastering: fields(b"mdcv")
            .and_then(mdcv)
            .or_else(|| full(b"SmDm").and_then(smdm)),
        content_light: fields(b"clli")
            .and_then(content_light)
            .or_else(|| full(b"CoLL").and_then(content_light)),
    }
}

/// Primaries come as green, blue, red, all in the units of the H.265 message.
fn mdcv(mut fields: Fields<'_>) -> Option<MasteringDisplay> {
    let [green, blue, red, white] = points(&mut fields)?;
    Some(MasteringDisplay {
        primaries: [red, green, blue],
        white,
        max_luminance: fields.u32()?,
        min_luminance: fields.u32()?,
    })
}

/// Primaries come as red, green, blue, all in fixed point.
fn smdm(mut fields: Fields<'_>) -> Option<MasteringDisplay> {
    let [red, green, blue, white] = points(&mut fields)?;
    let luminance = [fields.u32()?, fields.u32()?];
    Some(MasteringDisplay::from_fixed_point(
        [red, green, blue],
        white,
        luminance,
    ))
}

fn points(fields: &mut Fields<'_>) -> Option<[[u16; 2]; 4]> {
    let mut point = || Some([fields.u16()?, fields.u16()?]);
    Some([point()?, point()?, point()?, point()?])
}

fn content_light(mut fields: Fields<'_>) -> Option<ContentLight> {
    Some(ContentLight {
        max_content: fields.u16()?,
        max_frame_average: fields.u16()?,
    })
}

/// Whether pictures have two fields, and which one is shown first, as a `fiel` box says (QuickTime
/// File Format, "Video sample description extensions").
pub(super) fn fields(fiel: BoxBytes<'_>) -> Option<(bool, Option<FieldOrder>)> {
    let mut fields = Fields(fiel.payload);
    let (count, detail) = (fields.u8()?, fields.u8()?);
    let order = match detail {
        1 | 14 => Some(FieldOrder::TopFirst),
        6 | 9 => Some(FieldOrder::BottomFirst),
        _ => None,
    };
    Some((count == 2, order.filter(|_| count == 2)))
}

/// The configuration record of Dolby Vision.
pub(super) fn dolby_vision<'a>(
    find: impl Fn(&Kind) -> Option<BoxBytes<'a>>,
) -> Option<DolbyVision> {
    let record = [b"dvcC", b"dvvC", b"dvwC"].into_iter().find_map(find)?;
    DolbyVision::read(record.payload)
}
