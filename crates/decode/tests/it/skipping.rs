//! Samples that nothing refers to can be left out on the way to a frame: every frame that comes
//! out is still, bit for bit, what FFmpeg decodes from the whole stream.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use reelscope_media::{SampleId, Track};
use serde_json::Value;

use crate::support::{Rig, clip, env, open, true_md5s};

/// Every how many frames one is a target.
const TARGETS_EVERY: usize = 5;
/// Options of FFmpeg's VP9 encoder: nothing refers to every second frame.
const LAYERS: &str = "-error-resilient 1 -lag-in-frames 0 -ts-parameters \
    ts_number_layers=3:ts_target_bitrate=100,150,200:ts_rate_decimator=4,2,1:ts_periodicity=4:\
    ts_layer_id=0,2,1,2:ts_layering_mode=3";

fn clips() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clips")
}

/// MD5s of a clip's frames by their time in nanoseconds, as FFmpeg gave them when the clip was made.
fn truth(name: &str) -> HashMap<i64, String> {
    let path = clips().join("truth").join(format!("{name}.json"));
    let truth: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let track = &truth["tracks"][0];
    let times = track["frames_pts_ns"].as_array().unwrap();
    let md5s = track["md5"].as_array().unwrap();
    assert_eq!(times.len(), md5s.len());
    let pairs = times.iter().zip(md5s);
    pairs
        .map(|(time, md5)| (time.as_i64().unwrap(), md5.as_str().unwrap().to_owned()))
        .collect()
}

/// For each decode position: true if nothing refers to the sample there.
fn droppable(track: &Track) -> Vec<bool> {
    let mut inspector = (track.codec.entry().unwrap().inspector)(&track.configs[0]);
    (0..track.samples.len())
        .map(|position| {
            let id = track.samples.at_decode_position(position).unwrap();
            let sample = track.samples.get(id).unwrap();
            let bytes = sample.data.load(&*track.source).unwrap();
            inspector.inspect(&bytes).unwrap().droppable
        })
        .collect()
}

/// Decodes towards every few frames of a clip, leaving out what nothing refers to, and gives how
/// many samples were left out in all. After the target come `followers` more decode positions.
fn left_out_on_the_way(name: &str, followers: usize) -> usize {
    left_out(&open(&clips().join(name)).unwrap(), &truth(name), followers)
}

/// The same for a clip with three temporal layers, made now.
fn left_out_of_layers(name: &str, options: &str) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let source = "testsrc2=s=96x80:r=25:d=1.6";
    let options = format!("{options} -b:v 200k -cpu-used 8 -deadline realtime -g 20 {LAYERS}");
    let path = clip(folder.path(), name, source, &options);
    let track = open(&path).unwrap();
    let md5s = true_md5s(&path);
    assert_eq!(md5s.len(), track.samples.shown().len());
    let times = track.samples.shown().iter().map(|id| time(&track, *id));
    left_out(&track, &times.zip(md5s).collect(), 0)
}

fn time(track: &Track, id: SampleId) -> i64 {
    track.nanos(track.samples.get(id).unwrap().pts)
}

fn left_out(track: &Track, truth: &HashMap<i64, String>, followers: usize) -> usize {
    let name = &track.codec_string;
    let droppable = droppable(track);
    let time = |id: SampleId| time(track, id);
    let mut rig = Rig::new(track.clone(), env());
    let mut left_out = 0;
    for target in track.samples.shown().iter().skip(3).step_by(TARGETS_EVERY) {
        rig.seek();
        let start = track.samples.decode_start(*target).unwrap();
        let end = track.samples.decode_position(*target).unwrap();
        let last = droppable.len().min(end + followers + 1);
        for (position, unneeded) in droppable.iter().enumerate().take(last).skip(start) {
            if *unneeded && position != end {
                left_out += 1;
            } else {
                rig.feed(position..position + 1);
            }
        }
        rig.flush();
        let seen = &rig.seen;
        assert!(seen.failed.is_none(), "{name}: {:?}", seen.failed);
        assert!(seen.damaged.is_empty(), "{name}: {:?}", seen.damaged);
        let came = seen.frames.iter().any(|(id, _)| id == target);
        assert!(came, "{name}: no frame at {} ns", time(*target));
        for (id, md5) in &seen.frames {
            let expected = truth.get(&time(*id));
            assert_eq!(Some(md5), expected, "{name}: {} ns", time(*id));
        }
    }
    left_out
}

#[test]
fn h264_frames_are_exact_without_what_nothing_refers_to() {
    for name in [
        "h264_b_frames.mp4",
        "h264_b_pyramid.mp4",
        "h264_interlaced.mp4",
        "h264_422_10bit.mp4",
    ] {
        assert!(left_out_on_the_way(name, 0) > 0, "{name}");
    }
}

#[test]
fn h264_frames_of_open_gops_are_exact_without_what_nothing_refers_to() {
    // FFmpeg's H.264 decoder gives up its last frames at the end of its input if leading frames
    // without their references are still held back, so more samples have to push those out.
    assert!(left_out_on_the_way("h264_open_gop.mp4", 12) > 0);
}

#[test]
fn h265_frames_are_exact_without_what_nothing_refers_to() {
    for name in ["h265.mp4", "h265_open_gop.mp4", "h265_10bit_pq.mp4"] {
        assert!(left_out_on_the_way(name, 0) > 0, "{name}");
    }
}

#[test]
fn av1_frames_are_exact_without_what_nothing_refers_to() {
    for name in ["av1.mp4", "av1_svt.mp4", "av1_film_grain.mp4"] {
        assert!(left_out_on_the_way(name, 0) > 0, "{name}");
    }
}

#[test]
fn vp9_frames_are_exact_without_what_nothing_refers_to() {
    assert!(left_out_of_layers("a.webm", "-c:v libvpx-vp9") > 0);
}
