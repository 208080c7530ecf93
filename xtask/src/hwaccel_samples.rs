//! `cargo xtask hwaccel-samples`: makes the few frames per codec with which the decode crate puts
//! hardware decoders to the test.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::shell;

/// Six frames: what the decode crate expects.
const SOURCE: &str = "testsrc2=s=256x144:r=25:d=0.24";
/// One thread and no version strings, so that the same FFmpeg writes the same bytes again.
const REPEATABLE: &str =
    "-pix_fmt yuv420p -threads 1 -map_metadata -1 -fflags +bitexact -flags:v +bitexact";
/// The samples are part of the program.
const LARGEST: u64 = 20_000;

/// File name, and options of FFmpeg's encoder.
const SAMPLES: &[(&str, &str)] = &[
    (
        "h264.mkv",
        "-c:v libx264 -preset medium -crf 34 -x264-params keyint=6:bframes=2:scenecut=0",
    ),
    (
        "h265.mkv",
        "-c:v libx265 -preset fast -crf 34 -x265-params \
         log-level=none:pools=none:frame-threads=1:info=0:keyint=6:bframes=2:scenecut=0",
    ),
    (
        "vp8.mkv",
        "-c:v libvpx -crf 40 -b:v 300k -deadline good -cpu-used 2 -auto-alt-ref 0",
    ),
    (
        "vp9.mkv",
        "-c:v libvpx-vp9 -crf 45 -b:v 0 -deadline good -cpu-used 2 -auto-alt-ref 0",
    ),
];

/// Makes all of them.
pub(crate) fn make() -> Result<()> {
    let folder = shell::root().join("crates/decode/assets/hwaccel");
    std::fs::create_dir_all(&folder)?;
    for (name, options) in SAMPLES {
        let path = folder.join(name);
        let mut command = Command::new("ffmpeg");
        command
            .args(["-hide_banner", "-v", "error", "-y", "-f", "lavfi"])
            .args(["-i", SOURCE])
            .args(options.split_ascii_whitespace())
            .args(REPEATABLE.split_ascii_whitespace())
            .arg(&path);
        shell::capture(&mut command)?;
        let size = std::fs::metadata(&path)?.len();
        ensure!(
            size <= LARGEST,
            "{name} has {size} bytes, more than {LARGEST}"
        );
        println!("{size:>8} bytes  {name}");
    }
    Ok(())
}
