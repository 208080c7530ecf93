//! A screen that nobody sees, and whether a ball is on it.

use std::time::Duration;

use anyhow::Result;

use crate::{Run, Running};

/// How long a screen may take to start on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(90);
const SIZE: (usize, usize) = (1280, 800);

/// The colour of the ball that the page's program draws.
const BALL: [u8; 3] = [255, 200, 0];
/// How far off a value may be after H.264.
const TOLERANCE: u8 = 24;
/// The ball has some 2800 pixels; the window may show it smaller.
const BALL_PIXELS: usize = 300;

/// A screen of our own. It is gone when this is dropped.
pub struct Screen {
    display: String,
    _server: Running,
}

impl Screen {
    /// Starts a screen.
    ///
    /// # Errors
    /// If there is no Xvfb, or it does not start.
    pub fn start() -> Result<Self> {
        let size = format!("{}x{}x24", SIZE.0, SIZE.1);
        let args = ["-displayfd", "1", "-screen", "0", &size, "-noreset"];
        let mut server = Run::program("Xvfb", args).start()?;
        let number = server.until("display", PATIENCE, |server| {
            let said = server.stdout()?;
            Ok(said.strip_suffix('\n').map(str::to_owned))
        })?;
        Ok(Self {
            display: format!(":{number}"),
            _server: server,
        })
    }

    /// Its name, for the variable `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// What is on it, as RGB.
    fn pixels(&self) -> Result<Vec<[u8; 3]>> {
        let folder = tempfile::tempdir()?;
        let picture = folder.path().join("screen.rgb");
        let size = format!("{}x{}", SIZE.0, SIZE.1);
        let grab = [
            "-v",
            "error",
            "-f",
            "x11grab",
            "-video_size",
            &size,
            "-i",
            &self.display,
        ];
        let run = Run::program("ffmpeg", grab).args([
            "-frames:v",
            "1",
            "-pix_fmt",
            "rgb24",
            "-f",
            "rawvideo",
        ]);
        run.arg(&picture).success()?;
        let bytes = std::fs::read(&picture)?;
        Ok(bytes.as_chunks::<3>().0.to_vec())
    }

    /// Whether the ball of the page's program is to be seen.
    ///
    /// # Errors
    /// If the screen cannot be looked at.
    pub fn shows_ball(&self) -> Result<bool> {
        let like = |value: u8, wanted: u8| value.abs_diff(wanted) <= TOLERANCE;
        let is_ball = |pixel: &&[u8; 3]| {
            pixel
                .iter()
                .zip(BALL)
                .all(|(value, wanted)| like(*value, wanted))
        };
        Ok(self.pixels()?.iter().filter(is_ball).count() >= BALL_PIXELS)
    }
}
