//! Pictures on disk.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use png::{BitDepth, ColorType, Compression, Encoder, SrgbRenderingIntent};
use reelscope_render::RgbaImage;

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

/// Writes a PNG of `width` × `height` pixels of four bytes (R, G, B, A), marked as sRGB.
pub(crate) fn save_png(path: &Path, width: u32, height: u32, rgba: &[u8]) -> anyhow::Result<()> {
    let rows = rgba.chunks(width as usize * 4).map(<[u8]>::to_vec);
    write(path, (width, height), BitDepth::Eight, rows)
}

/// Writes a PNG of 16 bits per value, marked as sRGB.
pub(crate) fn save_png_16(path: &Path, image: &RgbaImage<u16>) -> anyhow::Result<()> {
    // Network byte order, as everything in PNG (ISO/IEC 15948 §7.1).
    let rows = image
        .pixels
        .chunks(image.width as usize * 4)
        .map(|row| row.iter().flat_map(|value| value.to_be_bytes()).collect());
    write(path, (image.width, image.height), BitDepth::Sixteen, rows)
}

fn write(
    path: &Path,
    size: (u32, u32),
    depth: BitDepth,
    rows: impl Iterator<Item = Vec<u8>>,
) -> anyhow::Result<()> {
    let file = File::create(path).map_err(anyhow::Error::from);
    let written = file.and_then(|file| encode(BufWriter::new(file), size, depth, rows));
    written.with_context(|| format!("could not write {}", path.display()))
}

fn encode(
    file: BufWriter<File>,
    (width, height): (u32, u32),
    depth: BitDepth,
    rows: impl Iterator<Item = Vec<u8>>,
) -> anyhow::Result<()> {
    let mut encoder = Encoder::new(file, width, height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(depth);
    encoder.set_compression(Compression::Fast);
    encoder.set_source_srgb(SrgbRenderingIntent::RelativeColorimetric);
    let mut header = encoder.write_header()?;
    let mut pixels = header.stream_writer()?;
    for row in rows {
        pixels.write_all(&row)?;
    }
    pixels.finish()?;
    Ok(header.finish()?)
}
