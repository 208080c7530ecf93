//! Pictures on disk.

use std::path::Path;

use anyhow::Context;

/// Writes a PNG of `width` × `height` pixels of four bytes (R, G, B, A).
pub(crate) fn save_png(path: &Path, width: u32, height: u32, rgba: &[u8]) -> anyhow::Result<()> {
    let (color, png) = (image::ColorType::Rgba8, image::ImageFormat::Png);
    image::save_buffer_with_format(path, rgba, width, height, color, png)
        .with_context(|| format!("could not write {}", path.display()))
}
