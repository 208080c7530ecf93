//! A second launch hands its files to the window that is open, on a virtual screen of the test's own.
#![cfg(target_os = "linux")]

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reelscope_tests::{Run, Running, binary, clip_path};

/// Longer than a window takes to open, or a clip to be decoded, on a slow machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A screen, and the folders of a person who has never started the program.
struct Desk {
    _screen: Running,
    number: u32,
    home: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let args = ["-displayfd", "1", "-screen", "0", "1280x800x24", "-noreset"];
        let mut screen = Run::program("Xvfb", args).start().unwrap();
        let number = screen
            .until("display number", PATIENCE, |screen| {
                let said = screen.stdout()?;
                // All of it, once its line has ended.
                let line = said.strip_suffix('\n').map(str::trim);
                Ok(line.and_then(|line| line.parse().ok()))
            })
            .unwrap();
        Self {
            _screen: screen,
            number,
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// `reelscope` with these arguments, at this desk.
    fn run(&self, args: &[&str]) -> Run {
        let mut run = Run::program(binary(), args)
            .env("DISPLAY", format!(":{}", self.number))
            .without_env("WAYLAND_DISPLAY")
            .env("HOME", self.home.path());
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            run = run.env(name, self.folder(name));
        }
        run.env("XDG_RUNTIME_DIR", self.folder("runtime"))
            .patience(PATIENCE)
    }

    /// Where the window listens.
    fn socket(&self) -> PathBuf {
        let name = format!("window-{}.sock", self.number);
        self.folder("runtime").join("reelscope").join(name)
    }

    /// Opens a window that waits for files.
    fn window(&self) -> Running {
        // Nobody logs to a test.
        let mut window = self.run(&[]).start().unwrap();
        window
            .until("socket", PATIENCE, |_| {
                Ok(self.socket().exists().then_some(()))
            })
            .unwrap();
        window
    }

    /// How many files were shown so far: of each one a picture is kept.
    fn shown(&self) -> usize {
        let folder = self.folder("XDG_CACHE_HOME").join("reelscope/thumbnails");
        let listed = std::fs::read_dir(folder);
        let files = listed.into_iter().flatten().flatten();
        files
            .filter(|file| file.path().extension().is_some_and(|it| it == "png"))
            .count()
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_second_launch_opens_its_files_in_the_window_that_is_there() {
    let desk = Desk::new();
    let mut window = desk.window();
    let clip = clip_path("av1.mp4");
    let second = desk.run(&[text(&clip), "--at", "#20"]).success().unwrap();
    assert!(
        second.stderr.contains("opened in the running window"),
        "{}",
        second.stderr
    );
    window
        .until("picture of the clip", PATIENCE, |_| {
            Ok((desk.shown() == 1).then_some(()))
        })
        .unwrap();
    // A link, and bytes that nobody should send.
    for bytes in [b"\xff\xfe\0\n".as_slice(), b"reelscope-handover 1 rm -rf\n"] {
        let mut stream = UnixStream::connect(desk.socket()).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
    }
    let link = format!(
        "reelscope://open?path={}&at=0.4s",
        text(&clip_path("av1_odd_size.mp4"))
    );
    desk.run(&[&link]).success().unwrap();
    window
        .until("picture of the linked clip", PATIENCE, |_| {
            Ok((desk.shown() == 2).then_some(()))
        })
        .unwrap();
    assert!(window.is_running().unwrap());
}

#[test]
fn a_window_that_hangs_and_one_that_died_are_not_waited_for() {
    let desk = Desk::new();
    let first = desk.window();
    first.suspend().unwrap();
    let started = Instant::now();
    let clip = clip_path("av1.mp4");
    let mut second = desk.run(&[text(&clip)]).start().unwrap();
    second
        .until("word about the first window", PATIENCE, |second| {
            let said = second.stderr()?;
            Ok(said.contains("does not answer").then_some(()))
        })
        .unwrap();
    assert!(started.elapsed() < Duration::from_secs(10));
    second
        .until("picture of the clip", PATIENCE, |_| {
            Ok((desk.shown() == 1).then_some(()))
        })
        .unwrap();
    // Killed, it leaves its socket behind.
    second.kill().unwrap();
    first.kill().unwrap();
    assert!(desk.socket().symlink_metadata().is_ok());
    let other = clip_path("av1_odd_size.mp4");
    let mut third = desk.run(&[text(&other)]).start().unwrap();
    third
        .until("picture of the other clip", PATIENCE, |_| {
            Ok((desk.shown() == 2).then_some(()))
        })
        .unwrap();
}
