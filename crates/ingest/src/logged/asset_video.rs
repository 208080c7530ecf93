//! `AssetVideo`: a whole video file in one value, of any container that can be read.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{ByteSource, Track, TrackKind};
use reelscope_store::Content;
use reelscope_wire as wire;
use wire::component::{ASSET_VIDEO_BLOB, ASSET_VIDEO_MEDIA_TYPE};

use super::{Archetype, Entity, numbered};

pub(super) const ARCHETYPE: Archetype = Archetype {
    waits: |_, _| false,
    read,
};

fn read(entity: &mut Entity, chunk: &wire::Chunk, content: &mut Vec<Content>) {
    let Some(column) = chunk.column(ASSET_VIDEO_BLOB) else {
        return;
    };
    for (row, number) in numbered(chunk) {
        let Some(blob) = column.blob(row) else {
            continue;
        };
        let media_type = chunk.column(ASSET_VIDEO_MEDIA_TYPE);
        let media_type = media_type.and_then(|column| column.text(row));
        let track = open(blob, media_type, entity);
        if let Err(problem) = &track {
            entity.tell(format!("the video cannot be read: {problem}"));
        }
        content.push(Content::Asset(number, track.map(Box::new)));
    }
}

/// The first video track of a file in memory.
fn open(blob: Bytes, media_type: Option<&str>, entity: &mut Entity) -> Result<Track, String> {
    // A file name that a media type would go with: it only breaks ties.
    let extension = media_type.and_then(|text| text.rsplit('/').next());
    let name = format!("video.{}", extension.unwrap_or("mp4"));
    let source: Arc<dyn ByteSource> = Arc::new(blob);
    let movie = reelscope_container::open(source, &name).map_err(|error| error.to_string())?;
    for warning in movie.warnings {
        entity.tell(warning);
    }
    let mut videos = movie
        .tracks
        .into_iter()
        .filter(|track| track.kind == TrackKind::Video);
    let first = videos.next();
    if videos.next().is_some() {
        entity.tell("only the first of the file's video tracks is shown".to_owned());
    }
    first.ok_or_else(|| format!("there is no video track in the {} file", movie.container))
}
