//! The encoders of FFmpeg that are made use of, and how each is told to hold nothing back.

mod hardware;
mod software;

use reelscope_media::{Chroma, Codec};

use crate::Rate;

/// An encoder of FFmpeg.
pub(crate) struct Engine {
    /// FFmpeg's name.
    pub(crate) name: &'static str,
    pub(crate) codec: Codec,
    /// The kind of hardware that it needs.
    pub(crate) hardware: Option<&'static str>,
    /// What comes before the input: how the hardware is opened.
    pub(crate) device: &'static [&'static str],
    /// The filter that brings pictures to the hardware.
    pub(crate) upload: Option<&'static str>,
    /// Whether it takes such pictures.
    pub(crate) takes: fn(&Coded) -> bool,
    pub(crate) arguments: fn(&Wish) -> Vec<String>,
}

/// The pictures as they are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Coded {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) chroma: Chroma,
    pub(crate) ten_bit: bool,
}

impl Coded {
    /// FFmpeg's name of the format.
    pub(crate) fn format(&self) -> String {
        let name = match self.chroma {
            Chroma::Yuv444 => "yuv444p",
            Chroma::Yuv422 => "yuv422p",
            _ => "yuv420p",
        };
        let depth = if self.ten_bit { "10le" } else { "" };
        format!("{name}{depth}")
    }
}

/// What an engine is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) rate: Rate,
    pub(crate) gop: u32,
    pub(crate) preset: Option<String>,
}

/// All of them, the best one of a codec first; what needs hardware before what does not.
pub(crate) fn all() -> impl Iterator<Item = &'static Engine> {
    hardware::ENGINES.iter().chain(software::ENGINES)
}

/// Arguments, from words and from the values of a wish.
fn words(arguments: &str) -> Vec<String> {
    arguments.split_whitespace().map(str::to_owned).collect()
}

impl Wish {
    fn preset_or<'a>(&'a self, usual: &'a str) -> &'a str {
        self.preset.as_deref().unwrap_or(usual)
    }
}
