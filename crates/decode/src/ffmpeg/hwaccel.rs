//! Which of FFmpeg's hardware decoders to use for a codec: the one that was asked for if it works on
//! this machine, else none, and why. How one is put to the test is in `verify`.

mod verify;

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use reelscope_ffmpeg::{FfmpegInstall, RunError, run};
use reelscope_media::Codec;

/// Names of a method that FFmpeg may list, and how long one may be.
const MOST_METHODS: usize = 64;
const LONGEST_NAME: usize = 32;

/// The methods to try on this platform, the best one first.
const AUTOMATIC: &[&str] = if cfg!(target_os = "windows") {
    &["cuda", "d3d11va", "qsv", "dxva2"]
} else if cfg!(target_os = "macos") {
    &["videotoolbox"]
} else {
    &["cuda", "vaapi", "qsv", "vdpau"]
};

/// The wish for hardware decoding: `none`, `auto`, or FFmpeg's name of a method (`vaapi`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum HwAccel {
    /// Decode in software.
    #[default]
    None,
    /// Whatever works, the best method first.
    Auto,
    /// This method.
    Named(String),
}

/// A name that no method of FFmpeg's can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{name:?} is no name of a hardware decoder: use none, auto, or a name that ffmpeg -hwaccels lists"
)]
pub struct HwAccelNameError {
    /// The start of what was given.
    pub name: String,
}

impl FromStr for HwAccel {
    type Err = HwAccelNameError;

    fn from_str(name: &str) -> Result<Self, HwAccelNameError> {
        match name {
            "none" => Ok(Self::None),
            "auto" => Ok(Self::Auto),
            name if is_name(name) => Ok(Self::Named(name.to_owned())),
            name => Err(HwAccelNameError {
                name: name.chars().take(LONGEST_NAME).collect(),
            }),
        }
    }
}

impl fmt::Display for HwAccel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Auto => "auto",
            Self::Named(name) => name,
        })
    }
}

/// True for what can be given to FFmpeg as the name of a method.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(fits)
}

/// Why a method is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HwAccelError {
    /// This FFmpeg was built without it, or there never was such a method.
    #[error("{} has no such method", path.display())]
    Unknown {
        /// The program.
        path: PathBuf,
    },
    /// It cannot be put to the test for this codec.
    #[error("it cannot be verified for this codec")]
    NoSample,
    /// FFmpeg could not be run, did not end in time, or gave up.
    #[error(transparent)]
    Run(#[from] RunError),
    /// FFmpeg wrote what cannot be read.
    #[error("{message}")]
    Failed {
        /// Its own last words where it had any.
        message: String,
    },
    /// FFmpeg fell back to software without a word.
    #[error("FFmpeg decodes it in software")]
    InSoftware,
    /// The pictures are not those that the standard prescribes.
    #[error("it decodes frame {frame} to other pixels than the software decoder")]
    OtherPixels {
        /// Number of the first such frame, from 0; the number of frames if too few came.
        frame: usize,
    },
}

/// What to decode with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HwChoice {
    /// The method, to be given to FFmpeg as `-hwaccel`; `None` for software.
    pub used: Option<String>,
    /// Why it is not what was asked for, in words for a person.
    pub note: Option<String>,
}

/// The choices made so far. Shared by all decoders, so that each method is put to the test once.
#[derive(Debug, Default)]
pub struct HwAccels {
    choices: Mutex<HashMap<Key, Arc<OnceLock<HwChoice>>>>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    path: PathBuf,
    version: String,
    codec: Codec,
    wanted: HwAccel,
}

impl HwAccels {
    /// None made yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What to decode `codec` with. The first time it is asked for, this runs FFmpeg, several times
    /// and for up to ten seconds each; then the answer is at hand. Not for a UI thread.
    pub fn choose(&self, install: &FfmpegInstall, codec: Codec, wanted: &HwAccel) -> HwChoice {
        if *wanted == HwAccel::None {
            return HwChoice::default();
        }
        let key = Key {
            path: install.path.clone(),
            version: install.version_text.clone(),
            codec,
            wanted: wanted.clone(),
        };
        let mut choices = self.choices.lock().unwrap_or_else(PoisonError::into_inner);
        let choice = Arc::clone(choices.entry(key).or_default());
        drop(choices);
        // Only those who ask for the same wait for it.
        choice
            .get_or_init(|| decide(install, codec, wanted))
            .clone()
    }
}

/// The methods that an FFmpeg was built with. That a method is listed does not mean that this
/// machine has the hardware. Blocks for up to ten seconds.
///
/// # Errors
/// If FFmpeg cannot be run, fails or hangs.
pub fn hwaccels(install: &FfmpegInstall) -> Result<Vec<String>, HwAccelError> {
    let answer = run(install, &["-hide_banner", "-hwaccels"], [])?;
    let answer = String::from_utf8_lossy(&answer);
    let names = answer.lines().map(str::trim).filter(|line| is_name(line));
    Ok(names.take(MOST_METHODS).map(str::to_owned).collect())
}

fn decide(install: &FfmpegInstall, codec: Codec, wanted: &HwAccel) -> HwChoice {
    let software = |what: &str, reason: String| HwChoice {
        used: None,
        note: Some(format!(
            "hardware decoding{what} is not available for {}: {reason}; decoding in software",
            codec.title()
        )),
    };
    let (candidates, what) = match wanted {
        HwAccel::None => return HwChoice::default(),
        HwAccel::Auto => (AUTOMATIC.to_vec(), String::new()),
        HwAccel::Named(name) => (vec![name.as_str()], format!(" with {name}")),
    };
    let listed = match hwaccels(install) {
        Ok(listed) => listed,
        Err(error) => return software(&what, error.to_string()),
    };
    let mut reasons = Vec::new();
    for name in candidates {
        let verified = if listed.iter().any(|known| known == name) {
            verify::verify(install, codec, name)
        } else if *wanted == HwAccel::Auto {
            continue;
        } else {
            let path = install.path.clone();
            Err(HwAccelError::Unknown { path })
        };
        match verified {
            Ok(()) => {
                return HwChoice {
                    used: Some(name.to_owned()),
                    note: None,
                };
            }
            Err(HwAccelError::NoSample) => {
                return software(&what, HwAccelError::NoSample.to_string());
            }
            Err(error) if *wanted == HwAccel::Auto => reasons.push(format!("{name}: {error}")),
            Err(error) => reasons.push(error.to_string()),
        }
    }
    if reasons.is_empty() {
        reasons.push("this FFmpeg has no method for this platform".to_owned());
    }
    software(&what, reasons.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_spelled_as_they_are_read() {
        for (text, wish) in [
            ("none", HwAccel::None),
            ("auto", HwAccel::Auto),
            ("d3d11va", HwAccel::Named("d3d11va".to_owned())),
        ] {
            assert_eq!(text.parse(), Ok(wish.clone()));
            assert_eq!(wish.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = "x".repeat(33);
        for text in ["", "VAAPI", "-i", "va api", "cuda:0", "../x", "ä", &long] {
            assert!(text.parse::<HwAccel>().is_err(), "{text:?}");
        }
        assert!("x".repeat(32).parse::<HwAccel>().is_ok());
    }
}
