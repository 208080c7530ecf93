//! Reads the frame counter out of a picture that `reelscope frames --at` saved.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::Track;

/// How a decoded picture lies in the picture that is shown.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    /// Clockwise quarter turns.
    pub quarter_turns: i64,
    /// Size of the decoded picture in pixels.
    pub decoded: (f64, f64),
    /// Size of the picture that is shown, after the turn.
    pub shown: (f64, f64),
}

impl Placement {
    /// Where the point `x`, `y` of the decoded picture is shown.
    pub fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x / self.decoded.0, y / self.decoded.1);
        let (x, y) = match self.quarter_turns.rem_euclid(4) {
            0 => (x, y),
            1 => (1.0 - y, x),
            2 => (1.0 - x, 1.0 - y),
            _ => (y, 1.0 - x),
        };
        (x * self.shown.0, y * self.shown.1)
    }
}

/// The frame counter in the PNG at `path`, a picture of `track` at its display size.
///
/// # Errors
/// If the picture cannot be read, or its shape is not the one that `track` is to be shown in.
pub fn read_counter(path: &Path, track: &Track) -> Result<u32> {
    let counter = track.counter.as_ref().context("the clip has no counter")?;
    let mut decoder = png::Decoder::new(BufReader::new(File::open(path)?));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![
        0;
        reader
            .output_buffer_size()
            .context("the picture is too large")?
    ];
    let picture = reader.next_frame(&mut pixels)?;
    let samples = picture.color_type.samples();
    let shown = (f64::from(picture.width), f64::from(picture.height));
    let placement = Placement {
        quarter_turns: track.rotation / 90,
        decoded: (f64::from(track.width), f64::from(track.height)),
        shown,
    };
    check_shape(track, shown)?;

    let block = f64::from(counter.block);
    let margin = f64::from(counter.margin);
    let mut value = 0;
    for bit in 0..counter.bits {
        let middle = (
            margin + (f64::from(bit) + 0.5) * block,
            margin + 0.5 * block,
        );
        let (x, y) = placement.place(middle.0, middle.1);
        let at = y as usize * picture.line_size + x as usize * samples;
        // Grey, or the green of RGB.
        let level = pixels
            .get(at + (samples > 2) as usize)
            .context("outside the picture")?;
        value |= u32::from(*level > 127) << bit;
    }
    Ok(value)
}

/// Whichever side is scaled for oblong pixels: the shape has to be right to a pixel.
fn check_shape(track: &Track, shown: (f64, f64)) -> Result<()> {
    let (num, den) = track.sample_aspect_ratio;
    let (mut width, mut height) = (
        f64::from(track.width) * num as f64,
        f64::from(track.height) * den as f64,
    );
    if track.rotation % 180 != 0 {
        std::mem::swap(&mut width, &mut height);
    }
    let off = (shown.0 - shown.1 * width / height).abs();
    ensure!(
        off <= 1.0,
        "{}×{} is not the shape {width}:{height}",
        shown.0,
        shown.1
    );
    Ok(())
}
