//! Encoders in hardware. Each is put to the test on the machine before it is used.

use reelscope_media::{Chroma, Codec};

use super::{Coded, Engine, Wish, words};
use crate::Rate;

/// The smallest and largest side that all of them take.
const SIDES: std::ops::RangeInclusive<u32> = 160..=4_096;
/// The quality where none was chosen.
const USUAL: u8 = 25;

pub(super) const ENGINES: &[Engine] = &[
    nvenc("h264_nvenc", Codec::H264),
    nvenc("hevc_nvenc", Codec::H265),
    nvenc("av1_nvenc", Codec::Av1),
    vaapi("h264_vaapi", Codec::H264),
    vaapi("hevc_vaapi", Codec::H265),
    vaapi("av1_vaapi", Codec::Av1),
    vaapi("vp9_vaapi", Codec::Vp9),
    qsv("h264_qsv", Codec::H264),
    qsv("hevc_qsv", Codec::H265),
    qsv("av1_qsv", Codec::Av1),
    videotoolbox("h264_videotoolbox", Codec::H264),
    videotoolbox("hevc_videotoolbox", Codec::H265),
];

const fn nvenc(name: &'static str, codec: Codec) -> Engine {
    engine(name, codec, "nvenc", nvenc_arguments)
}

const fn vaapi(name: &'static str, codec: Codec) -> Engine {
    Engine {
        device: &["-vaapi_device", "/dev/dri/renderD128"],
        upload: Some("format=nv12,hwupload"),
        ..engine(name, codec, "vaapi", vaapi_arguments)
    }
}

const fn qsv(name: &'static str, codec: Codec) -> Engine {
    Engine {
        upload: Some("format=nv12"),
        ..engine(name, codec, "qsv", qsv_arguments)
    }
}

const fn videotoolbox(name: &'static str, codec: Codec) -> Engine {
    engine(name, codec, "videotoolbox", videotoolbox_arguments)
}

const fn engine(
    name: &'static str,
    codec: Codec,
    hardware: &'static str,
    arguments: fn(&Wish) -> Vec<String>,
) -> Engine {
    Engine {
        name,
        codec,
        hardware: Some(hardware),
        device: &[],
        upload: None,
        takes,
        arguments,
    }
}

fn takes(coded: &Coded) -> bool {
    let fits = |side: u32| SIDES.contains(&side) && side.is_multiple_of(2);
    coded.chroma == Chroma::Yuv420 && !coded.ten_bit && fits(coded.width) && fits(coded.height)
}

fn nvenc_arguments(wish: &Wish) -> Vec<String> {
    let rate = rate(wish.rate, |quality| format!("-rc vbr -cq {quality} -b:v 0"));
    let fast = "-tune ull -zerolatency 1 -delay 0 -rc-lookahead 0 -forced-idr 1";
    with(wish, "p4", &format!("{fast} {rate}"))
}

fn vaapi_arguments(wish: &Wish) -> Vec<String> {
    let rate = rate(wish.rate, |quality| format!("-rc_mode CQP -qp {quality}"));
    let gop = wish.gop;
    words(&format!("-async_depth 1 -bf 0 -g {gop} {rate}"))
}

fn qsv_arguments(wish: &Wish) -> Vec<String> {
    let rate = rate(wish.rate, |quality| format!("-global_quality {quality}"));
    with(
        wish,
        "veryfast",
        &format!("-async_depth 1 -look_ahead 0 {rate}"),
    )
}

fn videotoolbox_arguments(wish: &Wish) -> Vec<String> {
    // Its scale runs the other way, up to 100.
    let rate = rate(wish.rate, |quality| {
        format!("-q:v {}", 100 - u32::from(quality.min(50)) * 2)
    });
    let gop = wish.gop;
    words(&format!("-realtime 1 -bf 0 -g {gop} {rate}"))
}

fn rate(rate: Rate, of_quality: impl Fn(u8) -> String) -> String {
    match rate {
        Rate::Usual => of_quality(USUAL),
        Rate::Quality(quality) => of_quality(quality),
        Rate::Bitrate(bits) => format!("-b:v {bits} -maxrate {bits}"),
    }
}

/// What those with presets have in common.
fn with(wish: &Wish, usual: &str, arguments: &str) -> Vec<String> {
    let mut all = vec!["-preset".to_owned(), wish.preset_or(usual).to_owned()];
    all.extend(words(&format!("-bf 0 -g {} {arguments}", wish.gop)));
    all
}
