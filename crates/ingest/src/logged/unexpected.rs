//! Values of another type than their component has: they are left out, and that is told.

use reelscope_wire as wire;
use wire::{Column, Presence, component};

use super::Entity;

/// What the values of a component are.
struct Kind {
    /// In words.
    words: &'static str,
    /// Whether a row can be read as such.
    reads: fn(&Column, usize) -> bool,
}

const BYTES: Kind = Kind {
    words: "bytes are",
    reads: |column, row| column.blob(row).is_some(),
};
const TEXT: Kind = Kind {
    words: "text is",
    reads: |column, row| column.text(row).is_some(),
};
const CODEC: Kind = Kind {
    words: "the number of a codec (UInt32) is",
    reads: |column, row| column.u32(row).is_some(),
};
const NANOSECONDS: Kind = Kind {
    words: "nanoseconds (Int64) are",
    reads: |column, row| column.integer(row).is_some(),
};
const FORMAT: Kind = Kind {
    words: "a width, a height and the kind of pixels are",
    reads: |column, row| column.image_format(row).is_some(),
};

/// What is read of a component. `None` if it is not video, or does no harm.
fn kind(component: &str) -> Option<Kind> {
    Some(match component {
        component::VIDEO_STREAM_CODEC => CODEC,
        component::VIDEO_STREAM_SAMPLE
        | component::ASSET_VIDEO_BLOB
        | component::ENCODED_IMAGE_BLOB
        | component::ENCODED_DEPTH_IMAGE_BLOB
        | component::IMAGE_BUFFER
        | component::DEPTH_IMAGE_BUFFER
        | component::SEGMENTATION_IMAGE_BUFFER => BYTES,
        component::VIDEO_FRAME_REFERENCE_TIMESTAMP => NANOSECONDS,
        component::VIDEO_FRAME_REFERENCE_VIDEO_REFERENCE => TEXT,
        component::IMAGE_FORMAT
        | component::DEPTH_IMAGE_FORMAT
        | component::SEGMENTATION_IMAGE_FORMAT => FORMAT,
        _ => return None,
    })
}

/// Tells which columns of a chunk have values that cannot be read.
pub(super) fn tell(entity: &mut Entity, chunk: &wire::Chunk) {
    for column in &chunk.columns {
        let Some(kind) = kind(&column.name) else {
            continue;
        };
        // All rows have one type.
        let mut rows = 0..chunk.rows.len();
        let first = rows.find(|row| {
            matches!(column.presence(*row), Presence::Values(_)) && !column.is_null_value(*row)
        });
        if first.is_some_and(|row| !(kind.reads)(column, row)) {
            entity.tell(format!(
                "{} is {}, {} expected",
                column.name,
                column.data_type_name(),
                kind.words
            ));
        }
    }
}
