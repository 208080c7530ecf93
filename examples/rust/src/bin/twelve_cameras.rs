//! Twelve cameras, each with a thread and an encoder of its own, on one timeline.
//!
//! `cargo run -p reelscope-examples --bin twelve_cameras`

use std::time::Duration;

use reelscope_examples::{Result, Target, ball};
use reelscope_sdk::{Picture, PictureLayout, RecordingStream, VideoEncoder, VideoEncoderOptions};

const CAMERAS: u8 = 12;
const SIZE: (u32, u32) = (320, 240);

fn main() -> Result<()> {
    let target = Target::of_arguments()?;
    let recording = target.begin("reelscope_example_twelve_cameras")?;
    let (target, recording_of_all) = (&target, &recording);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CAMERAS)
            .map(|camera| {
                // An error of one camera is handed over as words: errors cannot change threads.
                scope.spawn(move || {
                    film(camera, target, recording_of_all).map_err(|error| error.to_string())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| {
            let filmed = thread.join();
            filmed.unwrap_or_else(|_| Err("a camera broke down".to_owned()))
        })
    })?;
    recording.finish()?;
    Ok(())
}

fn film(camera: u8, target: &Target, recording: &RecordingStream) -> Result<()> {
    let entity = format!("rig/camera_{camera:02}");
    let mut encoder = VideoEncoder::new(&entity, VideoEncoderOptions::default())?;
    let colour = [20 * camera, 255 - 20 * camera, 120];
    for frame in target.frames(300) {
        // Each thread has times of its own.
        recording.set_time_sequence("frame", frame);
        let pixels = ball(SIZE.0, SIZE.1, frame + 10 * i64::from(camera), colour);
        let picture = Picture::new(&pixels, SIZE.0, SIZE.1, PictureLayout::Rgb8)?;
        encoder.log(recording, &picture)?;
        if target.is_live() {
            std::thread::sleep(Duration::from_millis(33));
        }
    }
    encoder.finish()?;
    Ok(())
}
