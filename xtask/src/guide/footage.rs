//! What is seen in the pictures: the demo video, and clips that FFmpeg makes of it.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::shell::{root, run};

/// A clip: its name, the filter that makes it of the demo video, and how it is coded.
struct Clip(&'static str, &'static str, &'static [&'static str]);

/// One thread: the same file each time.
const H264: &[&str] = &[
    "-c:v",
    "libx264",
    "-threads",
    "1",
    "-pix_fmt",
    "yuv420p",
    "-sc_threshold",
    "0",
];

const CLIPS: &[Clip] = &[
    Clip(
        "left.mp4",
        "crop=1088:612:0:468,scale=640:360",
        &["-crf", "24", "-g", "45", "-bf", "2"],
    ),
    // A camera that failed for a while.
    Clip(
        "right.mkv",
        "crop=1088:612:832:468,scale=640:360,select=not(between(t\\,3.6\\,4.5))",
        &[
            "-crf",
            "24",
            "-g",
            "60",
            "-bf",
            "0",
            "-fps_mode",
            "passthrough",
        ],
    ),
    Clip(
        "low_rate.mp4",
        "null",
        &["-crf", "42", "-g", "90", "-preset", "veryfast"],
    ),
    Clip(
        "left.h264",
        "crop=1088:612:0:468,scale=640:360",
        &["-crf", "24", "-g", "30", "-bf", "0"],
    ),
    Clip(
        "right.h264",
        "crop=1088:612:832:468,scale=640:360",
        &["-crf", "24", "-g", "30", "-bf", "0"],
    ),
];

/// Fills the folder anew.
pub(super) fn make(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let demo = root().join("assets/demo.mp4");
    std::fs::copy(&demo, folder.join("demo.mp4"))?;
    for Clip(name, filter, coding) in CLIPS {
        run(Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-i"])
            .arg(&demo)
            .args(["-vf", filter, "-an"])
            .args(H264)
            .args(*coding)
            .args([
                "-map_metadata",
                "-1",
                "-fflags",
                "+bitexact",
                "-flags:v",
                "+bitexact",
            ])
            .arg(folder.join(name)))?;
    }
    Ok(())
}
