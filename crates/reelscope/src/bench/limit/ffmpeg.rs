//! The bare FFmpeg: the program that the player uses too, decoding a file with the samples and
//! nothing else to nowhere.

use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use reelscope_decode::{FfmpegInstall, FfmpegLocator};
use reelscope_media::{Codec, Track};

use super::{coded, config_at, matroska};

/// How long one run may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often to look whether it is over: what the measured time may be too long by.
const LOOK_EVERY: Duration = Duration::from_micros(200);

pub(super) struct Bare {
    install: FfmpegInstall,
}

impl Bare {
    /// The FFmpeg that `locator` finds, if it decodes a codec for the player.
    pub(super) fn new(codec: Codec, locator: &FfmpegLocator) -> anyhow::Result<Self> {
        if matroska::codec_id(codec).is_none() {
            bail!(
                "there is no bare decoder of {} to compare with",
                codec.title()
            );
        }
        Ok(Self {
            install: locator.current()?,
        })
    }

    pub(super) fn name(&self) -> String {
        format!("FFmpeg {}", self.install.version_text)
    }

    pub(super) fn decode(
        &self,
        track: &Track,
        positions: Range<usize>,
    ) -> anyhow::Result<Duration> {
        let mut file = tempfile::Builder::new()
            .prefix("reelscope-bench-")
            .suffix(".mkv")
            .tempfile()
            .context("could not write a file to decode")?;
        let mut out = BufWriter::new(file.as_file_mut());
        let size = (track.facts.width, track.facts.height);
        matroska::write_header(&mut out, config_at(track, positions.start)?, size)?;
        for coded in coded(track, positions) {
            matroska::write_sample(&mut out, &coded?)?;
        }
        out.flush()?;
        drop(out);
        self.run(file.path())
    }

    fn run(&self, path: &Path) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let mut child = Command::new(&self.install.path)
            .args(["-nostdin", "-v", "quiet", "-f", "matroska", "-i"])
            .arg(path)
            .args(["-f", "null", "-"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| self.install.path.display().to_string())?;
        loop {
            let status = child.try_wait()?;
            let took = begun.elapsed();
            match status {
                Some(status) if status.success() => return Ok(took),
                Some(status) => bail!("FFmpeg could not decode the samples alone ({status})"),
                None if took > PATIENCE => {
                    child.kill()?;
                    child.wait()?;
                    bail!("FFmpeg took more than {} s", PATIENCE.as_secs());
                }
                None => std::thread::sleep(LOOK_EVERY),
            }
        }
    }
}
