//! Reads a camera through FFmpeg, encodes its pictures, logs them with the time at which each came, and says
//! every second how long that took. Without a camera FFmpeg draws a test picture.
//!
//! `cargo run -p reelscope-examples --bin live_camera -- /dev/video0`

use std::io::{ErrorKind, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use reelscope_examples::{Result, Target};
use reelscope_sdk::{Picture, PictureLayout, Scalars, VideoEncoder, VideoEncoderOptions, WhenBusy};

const SIZE: (u32, u32) = (640, 480);
const FPS: u32 = 30;

fn main() -> Result<()> {
    let target = Target::of_arguments()?;
    let recording = target.begin("reelscope_example_live_camera")?;
    let options = VideoEncoderOptions {
        fps: f64::from(FPS),
        // Rather no picture than a late one.
        when_busy: WhenBusy::LeaveOut,
        ..VideoEncoderOptions::default()
    };
    let mut encoder = VideoEncoder::new("camera", options)?;

    let mut camera = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin"])
        .args(source(target.rest.first()))
        .args(["-vf", &format!("scale={}:{}", SIZE.0, SIZE.1)])
        .args(["-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1"])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut pictures = camera.stdout.take().ok_or("the camera has no output")?;
    let mut pixels = vec![0; SIZE.0 as usize * SIZE.1 as usize * 3];
    let mut latencies = Vec::new();
    for frame in target.frames(i64::MAX) {
        match pictures.read_exact(&mut pixels) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error.into()),
        }
        recording.set_time_timestamp("camera_time", SystemTime::now());
        recording.set_time_sequence("frame", frame);
        let picture = Picture::new(&pixels, SIZE.0, SIZE.1, PictureLayout::Rgb8)?;
        encoder.log(&recording, &picture)?;
        let latency = encoder.latency();
        recording.log("camera/latency_ms", &Scalars::new(milliseconds(latency)))?;
        latencies.push(latency);
        if latencies.len() == FPS as usize {
            report(&mut latencies, &encoder);
        }
    }
    camera.kill()?;
    camera.wait()?;
    encoder.finish()?;
    recording.finish()?;
    Ok(())
}

/// What FFmpeg reads: a camera, or pictures that it makes up as fast as a camera would.
fn source(camera: Option<&String>) -> Vec<String> {
    let rate = FPS.to_string();
    let words: Vec<&str> = match camera {
        Some(device) => vec!["-f", "v4l2", "-framerate", &rate, "-i", device],
        None => vec!["-re", "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=30"],
    };
    words.into_iter().map(str::to_owned).collect()
}

/// Says how a second went.
fn report(latencies: &mut Vec<Duration>, encoder: &VideoEncoder) {
    latencies.sort();
    let middle = latencies.get(latencies.len() / 2).copied();
    let worst = latencies.last().copied();
    println!(
        "{}: picture to row in {:.1} ms (worst {:.1}), {} under way, {} left out",
        encoder.engine().unwrap_or("no encoder"),
        milliseconds(middle.unwrap_or_default()),
        milliseconds(worst.unwrap_or_default()),
        encoder.under_way(),
        encoder.left_out(),
    );
    latencies.clear();
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
