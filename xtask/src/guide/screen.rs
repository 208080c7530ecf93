//! A virtual screen with the viewer on it, hands that press its keys, and pictures of it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::shell::{capture, run};

/// Between two looks at the screen.
const LOOK: Duration = Duration::from_millis(500);
/// Looks in a row without a difference, after which nothing more is expected to come.
const CALM: usize = 3;
/// Something always moves where this is not enough.
const MOST: Duration = Duration::from_secs(60);
/// Between two things that hands do.
const PAUSE: Duration = Duration::from_millis(350);

/// What hands do at keyboard and mouse.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Presses keys, by their names in X: `ctrl+k`.
    Keys(&'static str),
    /// Types a text.
    Type(&'static str),
    /// Moves the pointer to a place on the screen.
    Point(u32, u32),
    /// Presses the left button, or lets it go.
    Button(bool),
    /// Lets seconds pass.
    Wait(u64),
}

/// A virtual screen.
pub(super) struct Screen {
    server: Child,
    display: String,
    size: (u32, u32),
}

impl Screen {
    /// Starts one of a size in pixels.
    pub(super) fn start(size: (u32, u32)) -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset"])
            .args(["-screen", "0", &format!("{}x{}x24", size.0, size.1)])
            .args(["+extension", "GLX", "+render"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start Xvfb, the virtual screen (cargo xtask setup installs it)")?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        let screen = Self {
            server,
            display: format!(":{}", number.trim()),
            size,
        };
        ensure!(!number.trim().is_empty(), "Xvfb ended before it was ready");
        // Onto the top bar, where nothing is in the way of it.
        screen.act(&[Act::Point(size.0 / 2, 12)])?;
        Ok(screen)
    }

    /// A program on this screen.
    pub(super) fn program(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    /// Does what hands do, in the window that has the focus.
    pub(super) fn act(&self, acts: &[Act]) -> Result<()> {
        for act in acts {
            let words: Vec<String> = match act {
                Act::Keys(keys) => vec!["key".into(), (*keys).into()],
                Act::Type(text) => {
                    vec!["type".into(), "--delay".into(), "60".into(), (*text).into()]
                }
                Act::Point(x, y) => vec!["mousemove".into(), x.to_string(), y.to_string()],
                Act::Button(true) => vec!["mousedown".into(), "1".into()],
                Act::Button(false) => vec!["mouseup".into(), "1".into()],
                Act::Wait(seconds) => {
                    sleep(Duration::from_secs(*seconds));
                    continue;
                }
            };
            self.hands(&words)?;
            sleep(PAUSE);
        }
        Ok(())
    }

    fn hands(&self, words: &[String]) -> Result<String> {
        let out = capture(self.program(Path::new("xdotool")).args(words))?;
        Ok(String::from_utf8_lossy(&out).trim().to_owned())
    }

    /// Waits for the window of a program and gives it the keyboard: there is nobody else who would.
    fn focus(&self, viewer: &mut Child) -> Result<()> {
        let since = Instant::now();
        let search = ["search", "--name", "reelscope"].map(String::from);
        let window = loop {
            if let Some(status) = viewer.try_wait()? {
                bail!("the viewer ended before its window was there: {status}");
            }
            match self.hands(&search) {
                Ok(windows) if !windows.is_empty() => {
                    break windows.lines().last().unwrap_or_default().to_owned();
                }
                _ if since.elapsed() > MOST => bail!("the viewer opened no window"),
                _ => sleep(LOOK),
            }
        };
        self.still()?;
        self.hands(&["windowfocus".into(), window])?;
        Ok(())
    }

    /// The screen as rows of R, G, B, once it does not change any more.
    pub(super) fn still(&self) -> Result<Vec<u8>> {
        let since = Instant::now();
        let mut last = Vec::new();
        let mut calm = 0;
        while calm < CALM {
            ensure!(since.elapsed() < MOST, "the screen does not come to rest");
            let now = self.look()?;
            // An empty screen waits for its window.
            let is_empty = now.iter().all(|value| Some(value) == now.first());
            calm = if now == last && !is_empty {
                calm + 1
            } else {
                0
            };
            last = now;
            sleep(LOOK);
        }
        Ok(last)
    }

    /// The screen as it is now, as rows of R, G, B.
    pub(super) fn look(&self) -> Result<Vec<u8>> {
        let size = self.size();
        capture(
            self.program(Path::new("ffmpeg"))
                .args(["-v", "error", "-f", "x11grab", "-draw_mouse", "0"])
                .args(["-video_size", &size, "-i", &self.display])
                .args(["-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]),
        )
    }

    /// Saves such rows as PNG.
    pub(super) fn save(&self, rows: &[u8], picture: &Path) -> Result<()> {
        let raw = picture.with_extension("rgb");
        std::fs::write(&raw, rows)?;
        let saved = run(Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"])
            .args(["-video_size", &self.size(), "-i"])
            .args([&raw, picture]));
        std::fs::remove_file(&raw)?;
        saved
    }

    fn size(&self) -> String {
        format!("{}x{}", self.size.0, self.size.1)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        end(&mut self.server);
    }
}

/// Ends a program that has nothing to save.
fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// A folder with nothing in it but the settings: the viewer finds nothing that was chosen before.
pub(super) struct Home {
    folder: PathBuf,
}

impl Home {
    /// Makes it, with these settings (TOML).
    pub(super) fn new(folder: PathBuf, settings: &str) -> Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        let kept = folder.join("data/reelscope");
        std::fs::create_dir_all(&kept)?;
        for name in ["config", "cache", "runtime"] {
            std::fs::create_dir_all(folder.join(name))?;
        }
        // What the window keeps is a map from names to texts; JSON is read as well.
        let map = serde_json::json!({ "settings": format!("reduced_motion = true\n{settings}") });
        std::fs::write(kept.join("app.ron"), map.to_string())?;
        Ok(Self { folder })
    }

    /// The viewer on a screen, at home here.
    pub(super) fn viewer(&self, screen: &Screen, viewer: &Path) -> Command {
        let mut command = screen.program(viewer);
        command
            .env("HOME", &self.folder)
            .env("XDG_DATA_HOME", self.folder.join("data"))
            .env("XDG_CONFIG_HOME", self.folder.join("config"))
            .env("XDG_CACHE_HOME", self.folder.join("cache"))
            .env("XDG_RUNTIME_DIR", self.folder.join("runtime"));
        command
    }
}

/// A program that runs until it is dropped.
pub(super) struct Running(Child);

impl Running {
    /// Starts it.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let child = command.stdin(Stdio::null()).spawn();
        Ok(Self(child.context("could not start a program")?))
    }

    /// Starts the viewer, waits for its window, and gives it the keyboard.
    pub(super) fn viewer(command: &mut Command, screen: &Screen) -> Result<Self> {
        let mut running = Self::start(command)?;
        screen.focus(&mut running.0)?;
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.0);
    }
}
