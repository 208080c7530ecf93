//! `reelscope remux` makes a video of a stream in a recording: with the frames that FFmpeg decodes from
//! the same samples.

use std::path::Path;

use reelscope_ingest::load_file;
use reelscope_store::Rows;
use reelscope_tests::{Run, clip_path, clips, frame_lines};
use reelscope_wire::{Chunk, ChunkBuilder, Column, TimeKind, component};

use crate::frames::recording;
use crate::rig::{stamp, video_stream};

/// What FFmpeg decodes from a clip.
fn truth(file: &str) -> Vec<String> {
    let clip = clips().unwrap().into_iter().find(|it| it.file == file);
    clip.unwrap().tracks[0].md5.clone()
}

/// What FFmpeg decodes from a video: times in seconds, and checksums.
fn decoded(path: &Path) -> Vec<(f64, String)> {
    let run = Run::program("ffmpeg", ["-v", "error", "-i"]).arg(path);
    let run = run.args([
        "-fps_mode",
        "passthrough",
        "-copyts",
        "-enc_time_base",
        "-1",
    ]);
    let outcome = run.args(["-f", "framemd5", "-"]).success().unwrap();
    let mut base = 1.0;
    let mut frames = Vec::new();
    for line in outcome.stdout.lines() {
        if let Some((num, den)) = line
            .strip_prefix("#tb 0: ")
            .and_then(|it| it.split_once('/'))
        {
            base = num.parse::<f64>().unwrap() / den.parse::<f64>().unwrap();
        } else if !line.starts_with('#') {
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            let pts: f64 = fields[2].parse().unwrap();
            frames.push((pts * base, fields[5].to_owned()));
        }
    }
    frames
}

fn remux(recording: &Path, args: &[&str], output: &Path) {
    let run = Run::new(["remux".as_ref(), recording.as_os_str(), "-o".as_ref()]);
    run.arg(output).args(args).success().unwrap();
}

fn assert_frames(found: &[(f64, String)], md5: &[String], step: f64) {
    let checksums: Vec<&String> = found.iter().map(|(_, md5)| md5).collect();
    assert_eq!(checksums, md5.iter().collect::<Vec<_>>());
    for (number, (time, _)) in found.iter().enumerate() {
        let expected = number as f64 * step;
        assert!(
            (time - expected).abs() < 1e-5,
            "#{number} at {time}, not {expected}"
        );
    }
}

#[test]
fn logged_frames_have_the_distances_of_their_timeline() {
    let folder = tempfile::tempdir().unwrap();
    let recording = recording(folder.path(), &video_stream("/cam", 0));
    let output = folder.path().join("out.mp4");
    let md5 = truth("av1.ivf");
    remux(&recording, &["--timeline", "stamp"], &output);
    assert_frames(&decoded(&output), &md5, 1.0);
    // Ten steps apart, of which thirty make a second.
    remux(&recording, &["--timeline", "frame"], &output);
    assert_frames(&decoded(&output), &md5, 10.0 / 30.0);
    let args = ["--timeline", "stamp", "--range", "#5..9s", "--exact"];
    remux(&recording, &args, &output);
    // FFmpeg's decoder over dav1d puts out frames that the edit list hides; ffprobe marks their packets.
    let run = Run::program("ffprobe", ["-v", "error", "-show_entries"]);
    let run = run.args(["packet=flags", "-of", "csv=p=0"]).arg(&output);
    let packets = run.success().unwrap().stdout;
    let shown = |line: &&str| !line.is_empty() && !line.contains('D');
    assert_eq!(packets.lines().filter(shown).count(), 4, "{packets}");
    let run = Run::new(["frames".as_ref(), output.as_os_str(), "--md5".as_ref()]);
    let frames = frame_lines(&run.success().unwrap().stdout).unwrap();
    let found: Vec<&String> = frames.iter().map(|frame| &frame.md5).collect();
    assert_eq!(found, md5[5..9].iter().collect::<Vec<_>>());
}

/// The samples of a byte stream of H.264, as a program logs them.
fn byte_stream(file: &str) -> Vec<Chunk> {
    let opened = load_file(&clip_path(file)).unwrap();
    let Rows::Track(_, track) = &opened.chunks[0].rows else {
        panic!("a file is a track");
    };
    let h264 = Column::new(
        component::VIDEO_STREAM_CODEC,
        [u32::from_be_bytes(*b"avc1")],
    );
    let mut chunks = vec![ChunkBuilder::new("/cam").column(h264).build().unwrap()];
    for position in track.samples.positions() {
        let id = track.samples.at_decode_position(position).unwrap();
        let sample = track.samples.get(id).unwrap();
        let bytes = sample.data.load(track.source.as_ref()).unwrap();
        let number = track.samples.frame_number(id).unwrap() as i64;
        let chunk = ChunkBuilder::new("/cam")
            .times("stamp", TimeKind::Timestamp, vec![stamp(number)])
            .column(Column::new(component::VIDEO_STREAM_SAMPLE, [&bytes[..]]))
            .build();
        chunks.push(chunk.unwrap());
    }
    chunks
}

#[test]
fn byte_streams_with_b_frames_and_changing_sizes_play_as_before() {
    for file in ["h264_open_gop.h264", "h264_size_change.h264"] {
        let folder = tempfile::tempdir().unwrap();
        let recording = recording(folder.path(), &byte_stream(file));
        let output = folder.path().join("out.mp4");
        for args in [&[][..], &["--fragmented"]] {
            remux(&recording, args, &output);
            let found = decoded(&output);
            if file == "h264_open_gop.h264" {
                assert_frames(&found, &truth(file), 1.0);
            } else {
                // FFmpeg scales to the first size where it is not told otherwise.
                assert_eq!(found.len(), truth(file).len());
            }
        }
    }
}
