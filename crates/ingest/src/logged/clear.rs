//! `Clear`: what was logged before is not there any more.

use reelscope_store::Content;
use reelscope_wire as wire;
use wire::component::CLEAR_IS_RECURSIVE;

use super::{Archetype, Entity, numbered};

pub(super) const ARCHETYPE: Archetype = Archetype {
    waits: |_, _| false,
    read,
};

fn read(_: &mut Entity, chunk: &wire::Chunk, content: &mut Vec<Content>) {
    let Some(column) = chunk.column(CLEAR_IS_RECURSIVE) else {
        return;
    };
    let clears = numbered(chunk).filter_map(|(row, number)| Some((number, column.bool(row)?)));
    let clears: Vec<(u32, bool)> = clears.collect();
    if !clears.is_empty() {
        content.push(Content::Clear(clears));
    }
}
