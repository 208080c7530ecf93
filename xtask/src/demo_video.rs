//! `cargo xtask demo-video`: draws the demo video, a drive at dusk that repeats without a seam, and
//! has FFmpeg encode it as AV1.

mod canvas;
mod noise;
mod road;
mod scene;
mod sky;
mod sprites;
mod text;

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::shell;

/// Width and height in pixels.
const SIZE: (usize, usize) = (1920, 1080);
/// Frames per second.
const RATE: u32 = 30;
/// Frames in all: 8 seconds.
const FRAMES: u32 = 240;

/// One keyframe a second keeps seeking quick; 10 bit keeps the evening sky smooth.
const ENCODER: &[&str] = &[
    "-c:v",
    "libsvtav1",
    "-preset",
    "6",
    "-crf",
    "40",
    "-svtav1-params",
    "keyint=30:lp=2:tune=0",
    "-pix_fmt",
    "yuv420p10le",
    "-colorspace",
    "bt709",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "bt709",
    "-color_range",
    "tv",
    "-map_metadata",
    "-1",
    "-fflags",
    "+bitexact",
    "-movflags",
    "+faststart",
];

/// Writes `assets/demo.mp4`, or only the frame `still` as `demo-NUMBER.png` in the target folder.
pub(crate) fn run(still: Option<u32>) -> Result<()> {
    if cfg!(debug_assertions) {
        // Half a billion pixels are too many for a build without optimisation.
        let mut release = shell::cargo(&["run", "--release", "-p", "xtask", "--", "demo-video"]);
        if let Some(number) = still {
            release.args(["--still", &number.to_string()]);
        }
        return shell::run(&mut release);
    }
    let mut command = Command::new("ffmpeg");
    command
        .args([
            "-hide_banner",
            "-v",
            "error",
            "-y",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb48le",
        ])
        .args([
            "-r",
            &RATE.to_string(),
            "-s",
            &format!("{}x{}", SIZE.0, SIZE.1),
            "-i",
            "pipe:0",
        ])
        .env("SVT_LOG", "1")
        .stdin(Stdio::piped());
    let (frames, path) = match still {
        Some(number) => (
            number..number + 1,
            shell::target_dir().join(format!("demo-{number}.png")),
        ),
        None => {
            command
                .args([
                    "-vf",
                    "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd",
                ])
                .args(ENCODER);
            (0..FRAMES, shell::root().join("assets/demo.mp4"))
        }
    };
    let mut child = command
        .arg(&path)
        .spawn()
        .context("could not start ffmpeg")?;
    let mut pipe = child.stdin.take().context("ffmpeg has no stdin")?;
    for number in frames {
        let frame = scene::draw(number);
        pipe.write_all(&frame.encode(number))
            .context("ffmpeg takes no more frames")?;
    }
    drop(pipe);
    let status = child.wait()?;
    ensure!(status.success(), "ffmpeg failed: {status}");
    println!("{}", path.display());
    Ok(())
}
