//! Pictures on disk.

use std::path::Path;

use anyhow::{Context, bail};

/// Refuses an output path that leads to the input: writing would destroy it.
pub(crate) fn check_not_input(output: &Path, input: &Path) -> anyhow::Result<()> {
    let real = |path: &Path| path.canonicalize().ok();
    if real(output).is_some_and(|output| real(input) == Some(output)) {
        bail!(
            "{} is the input itself; choose another path to write to",
            output.display()
        );
    }
    Ok(())
}

/// Writes a PNG of `width` × `height` pixels of four bytes (R, G, B, A).
pub(crate) fn save_png(path: &Path, width: u32, height: u32, rgba: &[u8]) -> anyhow::Result<()> {
    let (color, png) = (image::ColorType::Rgba8, image::ImageFormat::Png);
    image::save_buffer_with_format(path, rgba, width, height, color, png)
        .with_context(|| format!("could not write {}", path.display()))
}
