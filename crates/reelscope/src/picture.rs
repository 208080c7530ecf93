//! Pictures on disk.

use std::path::Path;

use anyhow::{Context, bail};
use reelscope_ingest::{Still, StillValues, save_still};
use reelscope_render::RgbaImage;

/// Refuses an output path that leads to the input: writing would destroy it.
pub(crate) fn check_not_input(output: &Path, input: &Path) -> anyhow::Result<()> {
    if reelscope_read::is_same_file(output, input) {
        bail!(
            "{} is the input itself; choose another path to write to",
            output.display()
        );
    }
    Ok(())
}

/// Writes a PNG of `width` × `height` pixels of four bytes (R, G, B, A), marked as sRGB.
pub(crate) fn save_png(path: &Path, width: u32, height: u32, rgba: Vec<u8>) -> anyhow::Result<()> {
    let values = StillValues::Eight(rgba);
    save(path, width, height, values)
}

/// Writes a PNG of 16 bits per value, marked as sRGB.
pub(crate) fn save_png_16(path: &Path, image: RgbaImage<u16>) -> anyhow::Result<()> {
    save(
        path,
        image.width,
        image.height,
        StillValues::Sixteen(image.pixels),
    )
}

fn save(path: &Path, width: u32, height: u32, values: StillValues) -> anyhow::Result<()> {
    let still = Still {
        width,
        height,
        values,
    };
    save_still(path, &still).with_context(|| format!("could not write {}", path.display()))
}
