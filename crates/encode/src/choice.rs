//! Which encoder to use: one that this FFmpeg has, and if it needs hardware, one that was seen to work here.
//! What was found out is remembered for the whole program.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use reelscope_ffmpeg::{FfmpegInstall, FfmpegLocator, RunError, run};
use reelscope_media::Codec;

use crate::arguments::Setup;
use crate::engines::{self, Coded, Engine};
use crate::reading::Reading;
use crate::{EncodeError, Hardware};

/// Pictures that an encoder in hardware is tried with: enough to see that it gives one sample for each.
const TRIED: u32 = 4;
/// The grey that they are of.
const GREY: u8 = 100;

/// An FFmpeg, and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) install: FfmpegInstall,
    /// Names of the encoders that it was built with.
    listed: Arc<Vec<String>>,
}

/// Looks once for each key; others who want the same wait.
struct Once<K, V>(LazyLock<Mutex<HashMap<K, Arc<OnceLock<V>>>>>);

impl<K: Eq + Hash, V: Clone> Once<K, V> {
    const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    fn get(&self, key: K, find: impl FnOnce() -> V) -> V {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = Arc::clone(all.entry(key).or_default());
        drop(all);
        cell.get_or_init(find).clone()
    }
}

/// What an FFmpeg at a path lists, or why it does not.
type Listed = Result<Arc<Vec<String>>, RunError>;

/// FFmpeg by the path that was chosen.
static LOCATORS: Once<Option<PathBuf>, Arc<FfmpegLocator>> = Once::new();
/// Lists by program and version.
static LISTS: Once<(PathBuf, String), Listed> = Once::new();
/// Whether an encoder works, by program, version, name and pictures.
static TRIALS: Once<(PathBuf, String, &str, Coded), Result<(), String>> = Once::new();

/// Finds FFmpeg and what it can encode. Blocks, for tenths of a second as a rule.
///
/// # Errors
/// If there is none, or it does not answer.
pub(crate) fn find(chosen: Option<PathBuf>) -> Result<Found, EncodeError> {
    let locator = LOCATORS.get(chosen.clone(), || Arc::new(FfmpegLocator::new(chosen)));
    let install = locator.probe_blocking()?;
    let key = (install.path.clone(), install.version_text.clone());
    let listed = LISTS.get(key, || {
        let answer = run(&install, &["-hide_banner", "-encoders"], [])?;
        Ok(Arc::new(names(&String::from_utf8_lossy(&answer))))
    })?;
    Ok(Found { install, listed })
}

/// The names in what `ffmpeg -encoders` says: ` V....D libx264   libx264 H.264 …`.
fn names(answer: &str) -> Vec<String> {
    let lines = answer.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let flags = words.next()?;
        (flags.len() == 6 && flags.starts_with('V'))
            .then(|| words.next())
            .flatten()
    });
    lines
        .filter(|name| *name != "=")
        .map(str::to_owned)
        .collect()
}

impl Found {
    /// Encoders of a codec that this FFmpeg was built with, the best one first.
    fn engines(&self, codec: Codec) -> impl Iterator<Item = &'static Engine> {
        engines::all().filter(move |engine| {
            engine.codec == codec && self.listed.iter().any(|name| name == engine.name)
        })
    }

    /// Sees that there is an encoder of a codec at all.
    ///
    /// # Errors
    /// [`EncodeError::NoEngine`].
    pub(crate) fn check(&self, codec: Codec) -> Result<(), EncodeError> {
        match self.engines(codec).next() {
            Some(_) => Ok(()),
            None => Err(self.none(codec, String::new())),
        }
    }

    /// The encoder for such pictures. Those in hardware are tried first, once for each size; `setup` says how
    /// they would be run. Blocks for up to ten seconds for each, where a driver hangs.
    ///
    /// # Errors
    /// [`EncodeError::NoEngine`].
    pub(crate) fn choose(
        &self,
        codec: Codec,
        coded: Coded,
        wanted: &Hardware,
        setup: impl Fn(&'static Engine) -> Setup,
    ) -> Result<(&'static Engine, Option<String>), EncodeError> {
        let mut reasons = Vec::new();
        for engine in self.engines(codec).filter(|engine| (engine.takes)(&coded)) {
            let is_wanted = match (engine.hardware, wanted) {
                (None, _) | (Some(_), Hardware::Auto) => true,
                (Some(hardware), Hardware::Named(name)) => hardware == name,
                (Some(_), Hardware::None) => false,
            };
            if !is_wanted {
                continue;
            }
            if engine.hardware.is_some()
                && let Err(reason) = self.works(&setup(engine))
            {
                reasons.push(format!("{}: {reason}", engine.name));
                continue;
            }
            let note = match wanted {
                Hardware::Named(name) if engine.hardware.is_none() => Some(format!(
                    "encoding with {name} is not available here{}; encoding in software",
                    reasons
                        .first()
                        .map_or(String::new(), |why| format!(" ({why})")),
                )),
                _ => None,
            };
            return Ok((engine, note));
        }
        Err(self.none(codec, format!(" as {}", coded.format())))
    }

    fn none(&self, codec: Codec, as_what: String) -> EncodeError {
        let names = engines::all().filter(|engine| engine.codec == codec);
        let names: Vec<&str> = names.map(|engine| engine.name).collect();
        let path = self.install.path.display();
        EncodeError::NoEngine {
            ffmpeg: format!("{path} (FFmpeg {})", self.install.version_text),
            codec: codec.title(),
            as_what,
            engines: if names.is_empty() {
                "no encoder that is known".to_owned()
            } else {
                names.join(", ")
            },
        }
    }

    /// Whether an encoder gives a sample for each picture, the first of them a keyframe.
    fn works(&self, setup: &Setup) -> Result<(), String> {
        let install = &self.install;
        let key = (
            install.path.clone(),
            install.version_text.clone(),
            setup.engine.name,
            setup.coded,
        );
        TRIALS.get(key, || {
            let shape = setup.shape;
            let picture = shape.width as usize * shape.height as usize * shape.layout.bytes();
            let input = vec![GREY; picture * TRIED as usize];
            let arguments = setup.arguments();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let output = run(install, &arguments, input).map_err(|error| error.to_string())?;
            let mut reading = Reading::new(output.as_slice(), setup.pace);
            for number in 0..TRIED {
                let sample = reading.next().map_err(|error| error.to_string())?;
                let is_right = sample.is_some_and(|sample| {
                    sample.number == Some(u64::from(number)) && (number > 0 || sample.is_keyframe)
                });
                if !is_right {
                    return Err("it does not give a sample for each picture".to_owned());
                }
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_encoders_is_read() {
        let answer = "Encoders:\n V..... = Video\n A..... = Audio\n ------\n \
                      V....D libx264              libx264 H.264 (codec h264)\n \
                      V..... libsvtav1            SVT-AV1 (codec av1)\n A....D aac    AAC\n";
        assert_eq!(names(answer), ["libx264", "libsvtav1"]);
    }
}
