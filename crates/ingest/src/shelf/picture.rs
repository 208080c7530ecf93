//! Small pictures as PNG files, named after the path of what they show.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use png::{BitDepth, ColorType, Decoder, Encoder, Limits};

/// Most pixels of a side.
const MOST_SIDE: u32 = 1_024;
/// Most bytes that reading one may take.
const MOST_BYTES: usize = 16 << 20;

/// A small picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Rows from the top of red, green, blue and alpha, sRGB-encoded, tightly packed.
    pub rgba: Vec<u8>,
}

/// Writes the picture of a file, whole or not at all.
pub(super) fn save(folder: &Path, of: &Path, picture: &Thumbnail) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let path = place(folder, of);
    let part = path.with_extension(format!("part{}", std::process::id()));
    let file = BufWriter::new(File::create(&part)?);
    let mut encoder = Encoder::new(file, picture.width, picture.height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&picture.rgba));
    match written {
        Ok(()) => std::fs::rename(&part, &path),
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            Err(error.into())
        }
    }
}

/// The picture of a file, if there is one that can be read.
pub(super) fn load(folder: &Path, of: &Path) -> Option<Thumbnail> {
    let file = BufReader::new(File::open(place(folder, of)).ok()?);
    let limits = Limits { bytes: MOST_BYTES };
    let mut reader = Decoder::new_with_limits(file, limits).read_info().ok()?;
    let (width, height) = reader.info().size();
    let plain = reader.output_color_type() == (ColorType::Rgba, BitDepth::Eight);
    if !plain || width.max(height) > MOST_SIDE {
        return None;
    }
    let mut rgba = vec![0; reader.output_buffer_size()?];
    reader.next_frame(&mut rgba).ok()?;
    Some(Thumbnail {
        width,
        height,
        rgba,
    })
}

/// Removes the picture of a file, if there is one.
pub(super) fn remove(folder: &Path, of: &Path) {
    let _ = std::fs::remove_file(place(folder, of));
}

/// Where the picture of a file is: its path as 64 bits of FNV-1a, which stay the same from version to
/// version.
fn place(folder: &Path, of: &Path) -> PathBuf {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = of.as_os_str().as_encoded_bytes();
    let hash = bytes.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    });
    folder.join(format!("{hash:016x}.png"))
}
