//! Encoders that run on any processor.

use reelscope_media::{Chroma, Codec};

use super::{Coded, Engine, Wish, words};
use crate::Rate;

pub(super) const ENGINES: &[Engine] = &[
    engine("libx264", Codec::H264, any, x264),
    engine("libx265", Codec::H265, any, x265),
    // Of all that code AV1 it alone gives each sample at once.
    engine("libaom-av1", Codec::Av1, any, aom),
    engine("libsvtav1", Codec::Av1, even_420, svt),
    engine("libvpx-vp9", Codec::Vp9, any, vp9),
    engine("libvpx", Codec::Vp8, plain, vp8),
];

const fn engine(
    name: &'static str,
    codec: Codec,
    takes: fn(&Coded) -> bool,
    arguments: fn(&Wish) -> Vec<String>,
) -> Engine {
    Engine {
        name,
        codec,
        hardware: None,
        device: &[],
        upload: None,
        takes,
        arguments,
    }
}

fn any(_: &Coded) -> bool {
    true
}

fn even_420(coded: &Coded) -> bool {
    coded.chroma == Chroma::Yuv420
        && coded.width.is_multiple_of(2)
        && coded.height.is_multiple_of(2)
}

fn plain(coded: &Coded) -> bool {
    coded.chroma == Chroma::Yuv420 && !coded.ten_bit
}

fn x264(wish: &Wish) -> Vec<String> {
    let preset = wish.preset_or("veryfast");
    let rate = rate(wish.rate, 23, "");
    let gop = wish.gop;
    let arguments = format!("-tune zerolatency -bf 0 -sc_threshold 0 -g {gop} {rate}");
    with("-preset", preset, &arguments)
}

fn x265(wish: &Wish) -> Vec<String> {
    let preset = wish.preset_or("ultrafast");
    let rate = rate(wish.rate, 26, "");
    let gop = wish.gop;
    let own = format!("log-level=error:keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0");
    let arguments = format!("-tune zerolatency -bf 0 -g {gop} {rate} -x265-params {own}");
    with("-preset", preset, &arguments)
}

fn aom(wish: &Wish) -> Vec<String> {
    let rate = rate(wish.rate, 27, "-b:v 0");
    let gop = wish.gop;
    let arguments = format!("-usage realtime -lag-in-frames 0 -row-mt 1 -g {gop} {rate}");
    with("-cpu-used", wish.preset_or("8"), &arguments)
}

fn svt(wish: &Wish) -> Vec<String> {
    let rate = rate(wish.rate, 35, "");
    let gop = wish.gop;
    let arguments = format!("-g {gop} {rate} -svtav1-params lookahead=0");
    with("-preset", wish.preset_or("10"), &arguments)
}

fn vp9(wish: &Wish) -> Vec<String> {
    let mut arguments = vpx(wish, 31);
    arguments.extend(words("-row-mt 1"));
    arguments
}

fn vp8(wish: &Wish) -> Vec<String> {
    vpx(wish, 10)
}

fn vpx(wish: &Wish, usual: u8) -> Vec<String> {
    // VP8 keeps a quality only within a bitrate: one that no picture reaches.
    let within = if usual < 20 {
        "-b:v 100M -qmin 0"
    } else {
        "-b:v 0"
    };
    let rate = rate(wish.rate, usual, within);
    let gop = wish.gop;
    let arguments = format!("-deadline realtime -lag-in-frames 0 -auto-alt-ref 0 -g {gop} {rate}");
    with("-cpu-used", wish.preset_or("8"), &arguments)
}

/// The rate; `beside` is what a quality needs beside it.
fn rate(rate: Rate, usual: u8, beside: &str) -> String {
    match rate {
        Rate::Usual => format!("-crf {usual} {beside}"),
        Rate::Quality(quality) => format!("-crf {quality} {beside}"),
        Rate::Bitrate(bits) => format!("-b:v {bits} -maxrate {bits} -bufsize {}", bits / 2),
    }
}

/// An option whose value a person may have chosen, and what else there is.
fn with(option: &str, value: &str, arguments: &str) -> Vec<String> {
    let mut all = vec![option.to_owned(), value.to_owned()];
    all.extend(words(arguments));
    all
}
