//! Putting a hardware decoder to the test: it decodes a few built-in frames, and has to give the
//! pixels that FFmpeg's software decoder gives.

use std::io::Read;

use reelscope_ffmpeg::{FfmpegInstall, NutReader, run};
use reelscope_media::{Chroma, Codec, Layout, PixelFormat};

use super::HwAccelError;
use crate::ffmpeg::formats;
use crate::ffmpeg::restamp::TICKS;

/// Size and number of the frames of each sample.
const WIDTH: u32 = 256;
const HEIGHT: u32 = 144;
const FRAMES: usize = 6;

/// A few frames in Matroska, 8-bit 4:2:0. Made by `cargo xtask hwaccel-samples`.
fn sample(codec: Codec) -> Option<&'static [u8]> {
    match codec {
        Codec::H264 => Some(include_bytes!("../../../assets/hwaccel/h264.mkv")),
        Codec::H265 => Some(include_bytes!("../../../assets/hwaccel/h265.mkv")),
        Codec::Vp8 => Some(include_bytes!("../../../assets/hwaccel/vp8.mkv")),
        Codec::Vp9 => Some(include_bytes!("../../../assets/hwaccel/vp9.mkv")),
        _ => None,
    }
}

/// Decodes the sample of `codec` with the method `name` and in software, and compares.
///
/// # Errors
/// If the method does not work, was not used, or gives other pixels.
pub(super) fn verify(
    install: &FfmpegInstall,
    codec: Codec,
    name: &str,
) -> Result<(), HwAccelError> {
    let sample = sample(codec).ok_or(HwAccelError::NoSample)?;
    let (format, by_hardware) = decode(install, name, sample)?;
    // Frames from a GPU arrive in its own layout, those of the software decoders are planar.
    if !matches!(format.layout, Layout::SemiPlanar(Chroma::Yuv420)) {
        return Err(HwAccelError::InSoftware);
    }
    let (_, in_software) = decode(install, "none", sample)?;
    let same = |(a, b): &(Vec<u8>, Vec<u8>)| a == b;
    let pairs = by_hardware.into_iter().zip(in_software);
    let frame = pairs.take_while(same).count();
    if frame == FRAMES {
        Ok(())
    } else {
        Err(HwAccelError::OtherPixels { frame })
    }
}

/// The format in which the frames came, and the frames, each as planar 4:2:0.
fn decode(
    install: &FfmpegInstall,
    method: &str,
    sample: &'static [u8],
) -> Result<(PixelFormat, Vec<Vec<u8>>), HwAccelError> {
    let mut arguments = vec!["-hide_banner", "-nostdin", "-loglevel", "error"];
    arguments.extend(["-hwaccel", method, "-f", "matroska", "-i", "pipe:0"]);
    arguments.extend(["-map", "0:v:0", "-fps_mode", "passthrough"]);
    arguments.extend(["-c:v", "rawvideo", "-f", "nut", "pipe:1"]);
    let output = run(install, &arguments, sample)?;
    pictures(&output).ok_or_else(|| HwAccelError::Failed {
        message: "FFmpeg's output cannot be read".to_owned(),
    })
}

/// Reads a NUT stream of 8-bit 4:2:0 pictures of the samples' size.
fn pictures(output: &[u8]) -> Option<(PixelFormat, Vec<Vec<u8>>)> {
    let mut nut = NutReader::new(output, (TICKS, 1));
    let mut frames = Vec::new();
    let mut found = None;
    while let Some(picture) = nut.next_unit().ok()? {
        let format = formats::of_tag(nut.video()?.tag)?;
        let mut bytes = picture.prefix;
        nut.input()
            .take(picture.length)
            .read_to_end(&mut bytes)
            .ok()?;
        if format.depth != 8 || bytes.len() != format.packed_size(WIDTH, HEIGHT) {
            return None;
        }
        if matches!(format.layout, Layout::SemiPlanar(_)) {
            separate(&mut bytes);
        }
        found = Some(format);
        frames.push(bytes);
    }
    Some((found?, frames))
}

/// Takes interleaved chroma apart.
fn separate(packed: &mut [u8]) {
    let luma = (WIDTH * HEIGHT) as usize;
    let Some(chroma) = packed.get_mut(luma..) else {
        return;
    };
    let (blue, red): (Vec<u8>, Vec<u8>) = chroma
        .as_chunks::<2>()
        .0
        .iter()
        .map(|[blue, red]| (*blue, *red))
        .unzip();
    for (value, separated) in chroma.iter_mut().zip(blue.into_iter().chain(red)) {
        *value = separated;
    }
}
