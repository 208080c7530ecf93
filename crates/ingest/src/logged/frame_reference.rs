//! `VideoFrameReference`: a frame of this or another entity's video, by its time in nanoseconds. Which
//! video is a component of its own that the store looks up.

use reelscope_store::{Content, StreamKind};
use reelscope_wire as wire;
use wire::component::VIDEO_FRAME_REFERENCE_TIMESTAMP;

use super::{Archetype, Entity, emptied, numbered};

pub(super) const ARCHETYPE: Archetype = Archetype {
    waits: |_, _| false,
    read,
};

fn read(_: &mut Entity, chunk: &wire::Chunk, content: &mut Vec<Content>) {
    let Some(column) = chunk.column(VIDEO_FRAME_REFERENCE_TIMESTAMP) else {
        return;
    };
    let references =
        numbered(chunk).filter_map(|(row, number)| Some((number, column.integer(row)?)));
    let references: Vec<(u32, i64)> = references.collect();
    if !references.is_empty() {
        content.push(Content::References(references));
    }
    let ends = emptied(column, chunk);
    if !ends.is_empty() {
        content.push(Content::Ends(StreamKind::VideoFrameReference, ends));
    }
}
