//! `cargo xtask guide`: makes the pictures of `docs/guide` and the moving one of the README anew, so
//! that they show the window as it is.

mod footage;
mod scenes;
mod screen;
mod scrubbing;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::shell::{self, root, target_dir};
use scenes::{ROWS, SCENES, SCREENSHOT, SCRUBBING, Scene, Way};
use screen::{Home, Running, Screen};

/// Larger than this a picture is a burden for whoever reads the guide.
const MOST_BYTES: u64 = 300 << 10;
/// Pixels between pictures that stand side by side.
const BETWEEN: u32 = 14;
/// The SDK that the program of the live picture uses.
const SDK: &str = "0.41.0";

/// What is needed to take pictures.
struct Studio {
    viewer: PathBuf,
    /// For everything that is on the way.
    folder: PathBuf,
}

/// Makes all pictures whose names contain `filter`, of this viewer or of one that is built first.
pub(crate) fn run(viewer: Option<PathBuf>, filter: &str) -> Result<()> {
    for program in ["Xvfb", "xdotool", "ffmpeg"] {
        let is_there = Command::new(program).arg("-version").output().is_ok();
        ensure!(is_there, "taking pictures needs {program}: install it");
    }
    let viewer = match viewer {
        Some(viewer) => std::path::absolute(viewer)?,
        None => built()?,
    };
    let folder = std::path::absolute(target_dir().join("guide"))?;
    let studio = Studio { viewer, folder };
    footage::make(&studio.clips())?;
    let assets = root().join("assets");
    let pictures = assets.join("guide");
    std::fs::create_dir_all(&pictures)?;
    let all = SCENES.iter().map(|scene| (scene, &pictures));
    for (scene, place) in all.chain([(&SCREENSHOT, &assets)]) {
        if scene.name.contains(filter) {
            let picture = place.join(scene.name).with_extension("png");
            finish(&[(studio.take(scene)?, scene)], &picture)?;
        }
    }
    for (name, scenes) in ROWS.iter().filter(|(name, _)| name.contains(filter)) {
        let taken: Result<Vec<_>> = scenes
            .iter()
            .map(|scene| Ok((studio.take(scene)?, scene)))
            .collect();
        finish(&taken?, &pictures.join(name).with_extension("png"))?;
    }
    if SCRUBBING.name.contains(filter) {
        scrubbing::make(&studio, &assets.join("scrubbing.webp"))?;
    }
    Ok(())
}

fn built() -> Result<PathBuf> {
    shell::run(&mut shell::cargo(&[
        "build",
        "--release",
        "--package",
        "reelscope",
    ]))?;
    let name = format!("reelscope{}", std::env::consts::EXE_SUFFIX);
    Ok(std::path::absolute(
        target_dir().join("release").join(name),
    )?)
}

impl Studio {
    /// The inspector shows where files are: the same wherever the pictures are taken.
    fn clips(&self) -> PathBuf {
        std::env::temp_dir().join("reelscope-guide")
    }

    /// The viewer with a scene on a screen; not started yet.
    fn prepared(&self, scene: &Scene) -> Result<(Screen, Command)> {
        let home = Home::new(self.folder.join("home"), scene.settings)?;
        let screen = Screen::start(scene.size)?;
        let mut command = home.viewer(&screen, &self.viewer);
        if !scene.session.is_empty() {
            // Beside the clips, which it names.
            let session = self.clips().join("guide.reel");
            std::fs::write(
                &session,
                format!("reelscope_session = 1\n{}", scene.session),
            )?;
            command.arg(session);
        }
        Ok((screen, command))
    }

    /// Takes the picture of a scene: the whole screen.
    fn take(&self, scene: &Scene) -> Result<PathBuf> {
        println!("{}", scene.name);
        let picture = self.folder.join(scene.name).with_extension("png");
        // A picture of an earlier run must not pass for one of this run.
        if picture.exists() {
            std::fs::remove_file(&picture)?;
        }
        let (screen, mut command) = self.prepared(scene)?;
        match scene.way {
            Way::Screenshot => {
                shell::run(command.arg("--screenshot").arg(&picture))?;
            }
            Way::Hands(acts) => {
                let viewer =
                    Running::viewer(command.args(["--new-window", "--no-listen"]), &screen)?;
                screen.act(acts)?;
                screen.save(&screen.still()?, &picture)?;
                drop(viewer);
            }
            Way::Live(acts) => {
                let port = free_port()?;
                command.args(["--new-window", "--port", &port.to_string()]);
                let viewer = Running::viewer(&mut command, &screen)?;
                let robot = self.robot(port)?;
                screen.act(acts)?;
                screen.save(&screen.look()?, &picture)?;
                drop(robot);
                drop(viewer);
            }
        }
        ensure!(
            picture.is_file(),
            "the viewer ended without leaving {}",
            picture.display()
        );
        Ok(picture)
    }

    /// A program that logs two cameras, as robots do.
    fn robot(&self, port: u16) -> Result<Running> {
        let sdk = crate::sdk::make()?.join(SDK);
        Running::start(
            Command::new(sdk.join("bin/python"))
                .arg(root().join("xtask/src/guide/robot.py"))
                .arg(port.to_string())
                .arg(self.clips()),
        )
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port is free")?;
    Ok(listener.local_addr()?.port())
}

/// Cuts the parts out that are to be seen, puts them side by side, and saves them small.
fn finish(taken: &[(PathBuf, &Scene)], picture: &Path) -> Result<()> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]);
    let mut filter = String::new();
    let mut labels = String::new();
    for (at, (path, scene)) in taken.iter().enumerate() {
        command.arg("-i").arg(path);
        let part = scene.part.unwrap_or((scene.size.0, scene.size.1, 0, 0));
        let (width, height, left, top) = part;
        let between = if at + 1 < taken.len() { BETWEEN } else { 0 };
        filter += &format!(
            "[{at}]crop={width}:{height}:{left}:{top},pad=iw+{between}:ih:0:0:color=black[p{at}];"
        );
        labels += &format!("[p{at}]");
    }
    let row = if taken.len() > 1 {
        format!("hstack=inputs={}", taken.len())
    } else {
        "null".to_owned()
    };
    // 256 colours, spread so that pictures keep their shades.
    filter += &format!(
        "{labels}{row},split[a][b];[a]palettegen=stats_mode=single[colours];\
         [b][colours]paletteuse=dither=sierra2_4a"
    );
    shell::run(command.args(["-filter_complex", &filter]).arg(picture))?;
    let bytes = std::fs::metadata(picture)?.len();
    ensure!(
        bytes <= MOST_BYTES,
        "{} has {bytes} bytes: show less of the window",
        picture.display()
    );
    Ok(())
}
