//! How a track's pictures are to be shown: colour, brightness, fields, turn, Dolby Vision.

use reelscope_media::{
    ChromaSite, ColorInfo, ContentLight, DolbyVision, FieldOrder, HdrFacts, MasteringDisplay,
    Matrix, Orientation, Primaries, Range, Transfer,
};

use super::ebml::{self, children, float, unsigned};

/// A `Colour` element (RFC 9559 §5.1.4.1.28.16): the code points of H.273.
pub(super) fn color(colour: &[u8]) -> ColorInfo {
    let mut color = ColorInfo::default();
    let (mut horizontal, mut vertical) = (0, 0);
    for (id, value) in children(colour) {
        let code = u8::try_from(unsigned(value)).unwrap_or(2);
        match id {
            ebml::MATRIX_COEFFICIENTS => color.matrix = Matrix(code),
            ebml::TRANSFER => color.transfer = Transfer(code),
            ebml::PRIMARIES => color.primaries = Primaries(code),
            ebml::RANGE if code == 1 => color.range = Range::Limited,
            ebml::RANGE if code == 2 => color.range = Range::Full,
            ebml::CHROMA_SITING_HORZ => horizontal = code,
            ebml::CHROMA_SITING_VERT => vertical = code,
            _ => {}
        }
    }
    color.site = match (horizontal, vertical) {
        (1, 1) => ChromaSite::TopLeft,
        (1, 2) => ChromaSite::Left,
        (2, 1) => ChromaSite::Top,
        (2, 2) => ChromaSite::Center,
        _ => ChromaSite::Unspecified,
    };
    color
}

/// What the same element says of brightness.
pub(super) fn hdr(colour: &[u8]) -> HdrFacts {
    let mut hdr = HdrFacts::default();
    let (mut brightest, mut average) = (0, 0);
    for (id, value) in children(colour) {
        let number = || u16::try_from(unsigned(value)).unwrap_or(u16::MAX);
        match id {
            ebml::MAX_CLL => brightest = number(),
            ebml::MAX_FALL => average = number(),
            ebml::MASTERING => hdr.mastering = mastering(value),
            _ => {}
        }
    }
    hdr.content_light = (brightest > 0 || average > 0).then_some(ContentLight {
        max_content: brightest,
        max_frame_average: average,
    });
    hdr
}

/// `MasteringMetadata`: ten numbers with identifiers in a row; all must be there.
fn mastering(metadata: &[u8]) -> Option<MasteringDisplay> {
    let mut numbers = [None; 10];
    for (id, value) in children(metadata) {
        let place = id
            .checked_sub(ebml::PRIMARY_R_X)
            .filter(|_| id <= ebml::LUMINANCE_MIN);
        let place = place.and_then(|place| numbers.get_mut(place as usize));
        if let Some(place) = place {
            *place = float(value);
        }
    }
    let [rx, ry, gx, gy, bx, by, wx, wy, brightest, darkest] = numbers;
    MasteringDisplay::from_reals(
        [[rx?, ry?], [gx?, gy?], [bx?, by?]],
        [wx?, wy?],
        [brightest?, darkest?],
    )
}

/// Which field is shown first, by `FieldOrder`. The values for fields that are stored the other way
/// round are written in both senses, and say nothing.
pub(super) fn field_order(order: u64) -> Option<FieldOrder> {
    match order {
        1 => Some(FieldOrder::TopFirst),
        6 => Some(FieldOrder::BottomFirst),
        _ => None,
    }
}

/// The turn of a `Projection` that is flat (RFC 9559 §5.1.4.1.28.41): its roll, counter-clockwise in
/// degrees, and a yaw of half a circle, which shows the picture from behind. Other angles are not
/// applied.
pub(super) fn orientation(projection: &[u8]) -> Orientation {
    let find = |wanted| children(projection).find(|(id, _)| *id == wanted);
    let angle = |wanted| {
        find(wanted)
            .and_then(|(_, value)| float(value))
            .unwrap_or(0.0)
    };
    let kind = find(ebml::PROJECTION_TYPE).map_or(0, |(_, value)| unsigned(value));
    let yaw = angle(ebml::POSE_YAW).abs();
    let mirrored = yaw == 180.0;
    let is_flat = kind == 0 && angle(ebml::POSE_PITCH) == 0.0 && (yaw == 0.0 || mirrored);
    let turns = -angle(ebml::POSE_ROLL) / 90.0;
    if !is_flat || turns.fract() != 0.0 || turns.abs() > 4.0 {
        return Orientation::default();
    }
    Orientation {
        quarter_turns: (turns as i8).rem_euclid(4) as u8,
        mirrored,
    }
}

/// The Dolby Vision record of a `BlockAdditionMapping` element, if it is one.
pub(super) fn dolby_vision(mapping: &[u8]) -> Option<DolbyVision> {
    /// The names of the boxes that hold such in ISO files, as numbers.
    const TYPES: [&[u8; 4]; 3] = [b"dvcC", b"dvvC", b"dvwC"];
    let find = |wanted| children(mapping).find(|(id, _)| *id == wanted);
    let (_, kind) = find(ebml::BLOCK_ADD_ID_TYPE)?;
    let is_known = TYPES
        .iter()
        .any(|name| u64::from(u32::from_be_bytes(**name)) == unsigned(kind));
    is_known.then(|| DolbyVision::read(find(ebml::BLOCK_ADD_ID_EXTRA)?.1))?
}
