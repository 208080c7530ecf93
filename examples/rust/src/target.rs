//! Where an example logs to, as its arguments say.

use reelscope_sdk::{RecordingStream, SpawnOptions};

/// How each example ends.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "Options:
  --save FILE.rrd     write a recording file
  --connect ADDR      log to the viewer at this address, 127.0.0.1:9876
  --port N            the port of the viewer that is started, 9876
  --frames N          log so many frames
Without --save and --connect it logs to the viewer on this computer, which is started if need be.";

/// What the arguments say.
#[derive(Debug, Default)]
pub struct Target {
    save: Option<String>,
    connect: Option<String>,
    port: Option<u16>,
    frames: Option<i64>,
    /// What is no option.
    pub rest: Vec<String>,
}

impl Target {
    /// Reads the program's arguments. With `--help` it says what there are, and ends the program.
    ///
    /// # Errors
    /// If an option has no value, or one that makes no sense.
    pub fn of_arguments() -> Result<Self> {
        let mut target = Self::default();
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--save" => target.save = Some(value()?),
                "--connect" => target.connect = Some(value()?),
                "--port" => target.port = Some(value()?.parse()?),
                "--frames" => target.frames = Some(value()?.parse()?),
                "--help" => {
                    println!("{USAGE}");
                    std::process::exit(0);
                }
                _ => target.rest.push(argument),
            }
        }
        Ok(target)
    }

    /// Begins the recording.
    ///
    /// # Errors
    /// If it cannot be logged to there.
    pub fn begin(&self, application: &str) -> Result<RecordingStream> {
        let recording = RecordingStream::new(application);
        Ok(match (&self.save, &self.connect) {
            (Some(file), _) => recording.save(file)?,
            (None, Some(addr)) => recording.connect(addr)?,
            (None, None) => {
                let usual = SpawnOptions::default();
                recording.spawn(&SpawnOptions {
                    port: self.port.unwrap_or(usual.port),
                    ..usual
                })?
            }
        })
    }

    /// The numbers of the frames to log: as many as were asked for, or else so many.
    pub fn frames(&self, usual: i64) -> std::ops::Range<i64> {
        0..self.frames.unwrap_or(usual)
    }

    /// True if it logs for people, who want to see it happen as time goes by.
    pub fn is_live(&self) -> bool {
        self.save.is_none()
    }
}
