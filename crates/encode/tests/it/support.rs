//! Pictures to encode, and FFmpeg as the judge of what came of them.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use reelscope_encode::{CodedSample, EncodeOptions, Encoder, Hardware};
use reelscope_media::Codec;

/// A smooth picture that moves, in red, green and blue.
pub(crate) fn rgb(width: u32, height: u32, number: u32) -> Vec<u8> {
    let wave = |at: u32, period: f64, phase: f64| {
        let angle = f64::from(at) / period + phase;
        (127.5 + 100.0 * angle.sin()).round() as u8
    };
    let phase = f64::from(number) * 0.2;
    let pixel = |x: u32, y: u32| {
        [
            wave(x, 23.0, phase),
            wave(y, 31.0, phase),
            wave(x + y, 37.0, 0.0),
        ]
    };
    (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)))
        .collect()
}

/// An encoder that hands its samples to a channel.
pub(crate) fn encoder(options: EncodeOptions) -> (Encoder<u32>, Receiver<CodedSample<u32>>) {
    let (sender, samples) = channel();
    let deliver = move |sample| drop(sender.send(sample));
    (Encoder::new(options, deliver).unwrap(), samples)
}

pub(crate) fn software(codec: Codec) -> EncodeOptions {
    EncodeOptions {
        codec,
        hardware: Hardware::None,
        ..EncodeOptions::default()
    }
}

/// All samples, one behind the other, as a file that FFmpeg reads, and FFmpeg's name of that format.
fn file(
    codec: Codec,
    width: u32,
    height: u32,
    samples: &[CodedSample<u32>],
) -> (&'static str, Vec<u8>) {
    let bytes = || {
        let bytes = samples.iter().flat_map(|sample| sample.bytes.to_vec());
        bytes.collect()
    };
    let fourcc = match codec {
        Codec::H264 => return ("h264", bytes()),
        Codec::H265 => return ("hevc", bytes()),
        Codec::Vp8 => *b"VP80",
        Codec::Vp9 => *b"VP90",
        _ => *b"AV01",
    };
    let mut ivf = b"DKIF\0\0\x20\0".to_vec();
    ivf.extend(fourcc);
    ivf.extend((width as u16).to_le_bytes());
    ivf.extend((height as u16).to_le_bytes());
    for number in [30_u32, 1, samples.len() as u32, 0] {
        ivf.extend(number.to_le_bytes());
    }
    for (number, sample) in samples.iter().enumerate() {
        ivf.extend((sample.bytes.len() as u32).to_le_bytes());
        ivf.extend((number as u64).to_le_bytes());
        ivf.extend(&sample.bytes[..]);
    }
    ("ivf", ivf)
}

/// The pixels of all frames, as FFmpeg decodes them to red, green and blue.
pub(crate) fn decoded(
    codec: Codec,
    width: u32,
    height: u32,
    samples: &[CodedSample<u32>],
) -> Vec<u8> {
    let (format, file) = file(codec, width, height, samples);
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-f", format, "-i", "pipe:0"])
        .args(["-fps_mode", "passthrough", "-vf"])
        .arg("scale=in_color_matrix=bt709:in_range=tv:out_range=pc")
        .args(["-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&file));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    output.stdout
}

/// How like each other two pictures are, in decibels.
pub(crate) fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len(), "as many pixels come back as went in");
    let pairs = a.iter().zip(b);
    let sum: f64 = pairs
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2))
        .sum();
    10.0 * (255.0 * 255.0 * a.len() as f64 / sum.max(1e-9)).log10()
}
