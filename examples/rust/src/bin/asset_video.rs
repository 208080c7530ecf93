//! Logs a whole video file once, and for each of its frames a reference that says when it is shown.
//!
//! `cargo run -p reelscope-examples --bin asset_video -- FILE.mp4`

use reelscope_examples::{Result, Target};
use reelscope_sdk::{AssetVideo, TimeColumn, TimeKind, VideoFrameReference};

/// Where no file is named: the demo video of the repository.
const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/demo.mp4");

fn main() -> Result<()> {
    let target = Target::of_arguments()?;
    let file = target.rest.first().map_or(DEMO, String::as_str);
    let recording = target.begin("reelscope_example_asset_video")?;
    let asset = AssetVideo::from_file(file)?;
    recording.log_static("video", &asset)?;
    // Every frame at its own time, in one message.
    let nanos = asset.read_frame_timestamps_nanos()?;
    let times = TimeColumn::new("video_time", TimeKind::Duration, nanos.clone());
    let references = VideoFrameReference::columns_nanos(nanos);
    recording.send_columns("video", vec![times], references)?;
    recording.finish()?;
    Ok(())
}
