//! Draws pictures, encodes them, and logs them as a video stream.
//!
//! `cargo run -p reelscope-examples --bin video_stream`

use std::time::Duration;

use reelscope_examples::{Result, Target, ball};
use reelscope_sdk::{Picture, PictureLayout, VideoEncoder, VideoEncoderOptions};

const SIZE: (u32, u32) = (640, 480);
const FPS: f64 = 30.0;

fn main() -> Result<()> {
    let target = Target::of_arguments()?;
    let recording = target.begin("reelscope_example_video_stream")?;
    // H.264, a keyframe every second, no picture waits for a later one.
    let mut encoder = VideoEncoder::new("video_stream", VideoEncoderOptions::default())?;
    for frame in target.frames(300) {
        let pixels = ball(SIZE.0, SIZE.1, frame, [255, 200, 0]);
        recording.set_time_sequence("frame", frame);
        recording.set_time_duration("time", (frame as f64 / FPS * 1e9) as i64);
        let picture = Picture::new(&pixels, SIZE.0, SIZE.1, PictureLayout::Rgb8)?;
        encoder.log(&recording, &picture)?;
        if target.is_live() {
            std::thread::sleep(Duration::from_secs_f64(1.0 / FPS));
        }
    }
    encoder.finish()?;
    recording.finish()?;
    Ok(())
}
