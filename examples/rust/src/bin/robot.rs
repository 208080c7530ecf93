//! A robot's log: three cameras with a codec each, a raw picture now and then, numbers and text.
//!
//! `cargo run -p reelscope-examples --bin robot`

use std::time::Duration;

use reelscope_examples::{Result, Target, ball, thermal};
use reelscope_sdk::{
    Image, Picture, PictureLayout, Rate, Scalars, TextLog, VideoCodec, VideoEncoder,
    VideoEncoderOptions,
};

const SIZE: (u32, u32) = (320, 240);
/// Pictures and numbers in a second.
const RATE: i64 = 20;

fn main() -> Result<()> {
    let target = Target::of_arguments()?;
    let recording = target.begin("reelscope_example_robot")?;
    let encoder = |entity: &str, codec| {
        let options = VideoEncoderOptions {
            codec,
            fps: RATE as f64,
            ..VideoEncoderOptions::default()
        };
        VideoEncoder::new(entity, options)
    };
    let mut front = encoder("robot/front", VideoCodec::H264)?;
    let mut rear = encoder("robot/rear", VideoCodec::Vp9)?;
    // Thermal pictures are small: they may cost some bits.
    let options = VideoEncoderOptions {
        codec: VideoCodec::Av1,
        fps: RATE as f64,
        rate: Rate::Quality(20),
        ..VideoEncoderOptions::default()
    };
    let mut warm = VideoEncoder::new("robot/thermal", options)?;

    for frame in target.frames(400) {
        recording.set_time_sequence("frame", frame);
        recording.set_time_duration("time", frame * 1_000_000_000 / RATE);
        for (camera, colour) in [(&mut front, [255, 200, 0]), (&mut rear, [0, 200, 255])] {
            let pixels = ball(SIZE.0, SIZE.1, frame, colour);
            let picture = Picture::new(&pixels, SIZE.0, SIZE.1, PictureLayout::Rgb8)?;
            camera.log(&recording, &picture)?;
        }
        let pixels = thermal(160, 120, frame);
        let picture = Picture::new(&pixels, 160, 120, PictureLayout::L8)?;
        warm.log(&recording, &picture)?;

        let charge = 100.0 - 0.05 * frame as f64;
        recording.log("robot/battery", &Scalars::new(charge))?;
        if frame % RATE == 0 {
            let map = ball(64, 64, frame, [255, 255, 255]);
            recording.log("robot/map", &Image::from_rgb24(map, 64, 64)?)?;
            let text = format!("battery at {charge:.1} %");
            recording.log("robot/log", &TextLog::new(&text).with_level("INFO"))?;
        }
        if target.is_live() {
            std::thread::sleep(Duration::from_millis(1_000 / RATE as u64));
        }
    }
    for camera in [&mut front, &mut rear, &mut warm] {
        camera.finish()?;
    }
    recording.finish()?;
    Ok(())
}
