//! The moving picture of the README: the playhead is dragged to and fro, and each picture of it taken
//! once the exact frames are there.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use super::Studio;
use super::scenes::SCRUBBING;
use super::screen::{Act, Running};
use crate::shell::run;

/// Pictures in it.
const PICTURES: u32 = 32;
/// Pictures in a second.
const RATE: &str = "8";
/// Larger than this it keeps people waiting.
const MOST_BYTES: u64 = 2 << 20;
/// Where on the ruler the drag starts and where it turns, in pixels of the screen.
const FROM: u32 = 200;
const TO: u32 = 860;
const HEIGHT: u32 = 574;

/// Makes it.
pub(super) fn make(studio: &Studio, target: &Path) -> Result<()> {
    println!("{}", SCRUBBING.name);
    let folder = studio.folder.join(SCRUBBING.name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let (screen, mut command) = studio.prepared(&SCRUBBING)?;
    let viewer = Running::viewer(command.args(["--new-window", "--no-listen"]), &screen)?;
    for at in 0..PICTURES {
        screen.act(&[Act::Point(place(at), HEIGHT)])?;
        if at == 0 {
            screen.act(&[Act::Button(true)])?;
        }
        let rows = screen.still()?;
        screen.save(&rows, &folder.join(format!("{at:03}.png")))?;
    }
    screen.act(&[Act::Button(false)])?;
    drop(viewer);
    run(Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-framerate", RATE, "-i"])
        .arg(folder.join("%03d.png"))
        .args(["-c:v", "libwebp_anim", "-loop", "0", "-quality", "72"])
        .args(["-compression_level", "6", "-map_metadata", "-1"])
        .arg(target))?;
    let bytes = std::fs::metadata(target)?.len();
    ensure!(
        bytes <= MOST_BYTES,
        "{} has {bytes} bytes",
        target.display()
    );
    Ok(())
}

/// Where the pointer is: it starts and stops gently, and comes back to where it began.
fn place(at: u32) -> u32 {
    let turn = f64::from(at) / f64::from(PICTURES) * std::f64::consts::TAU;
    let share = (1.0 - turn.cos()) / 2.0;
    FROM + (f64::from(TO - FROM) * share).round() as u32
}
