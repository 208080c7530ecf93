//! A video file that was logged as a whole, byte for byte.

use bytes::Bytes;
use reelscope_store::{EntityPath, Recording};
use reelscope_wire as wire;
use wire::component::{ASSET_VIDEO_BLOB, ASSET_VIDEO_MEDIA_TYPE};

/// The file that was logged last to an entity, and the ending that a name of such a file has; `None`
/// if none was.
pub fn original_file(recording: &Recording, entity: &EntityPath) -> Option<(Bytes, &'static str)> {
    let logged = recording.logged().filter(|(path, _)| *path == entity);
    let chunks = logged.filter_map(|(_, rows)| rows.origin.as_ref()?.downcast_ref::<wire::Chunk>());
    let found = chunks.filter_map(|chunk| {
        let blobs = chunk.column(ASSET_VIDEO_BLOB)?;
        let (row, blob) = (0..chunk.rows.len())
            .rev()
            .find_map(|row| Some((row, blobs.blob(row)?)))?;
        let kind = chunk
            .column(ASSET_VIDEO_MEDIA_TYPE)
            .and_then(|kinds| kinds.text(row));
        Some((blob, extension(kind)))
    });
    found.last()
}

/// The ending that goes with a media type (RFC 6838).
fn extension(media_type: Option<&str>) -> &'static str {
    match media_type {
        Some("video/webm") => "webm",
        Some("video/x-matroska" | "video/matroska") => "mkv",
        Some("video/quicktime") => "mov",
        Some("video/mp2t") => "ts",
        _ => "mp4",
    }
}
