//! What is logged is in the file, whatever becomes of the recorder.

use std::fs::File;

use reelscope_tests::{Run, clip_path};
use reelscope_wire::{Item, LogMessage, RecordingReader};
use serde_json::Value;

use crate::rig::{Recorder, log, read, stamp, until, video_stream};

/// `reelscope info FILE --json`.
fn info(path: &std::path::Path) -> Value {
    let run = Run::new(["info".as_ref(), path.as_os_str(), "--json".as_ref()]);
    serde_json::from_str(&run.success().unwrap().stdout).unwrap()
}

#[test]
fn what_two_loggers_send_is_in_one_file_when_both_have_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.rrd");
    let mut recorder = Recorder::start(&path, &["--until-disconnect"]);
    let (left, right) = (video_stream("/left", 0), video_stream("/right", 0));
    std::thread::scope(|threads| {
        threads.spawn(|| log(&recorder.addr, "one", left.clone()));
        threads.spawn(|| log(&recorder.addr, "two", right.clone()));
    });
    assert!(recorder.end().success(), "{}", recorder.said());
    let (chunks, ended) = read(&path);
    assert!(ended);
    for (run, sent) in [("one", left), ("two", right)] {
        let found = chunks
            .iter()
            .filter(|(store, _)| &*store.recording_id == run);
        let found: Vec<_> = found.map(|(_, chunk)| chunk).collect();
        assert_eq!(found.len(), sent.len());
        for (found, sent) in found.iter().zip(&sent) {
            assert_eq!((&found.id, &found.rows), (&sent.id, &sent.rows));
            assert_eq!((&found.times, &found.columns), (&sent.times, &sent.columns));
        }
    }
    let manifest = RecordingReader::open(File::open(&path).unwrap())
        .unwrap()
        .manifest()
        .unwrap();
    assert_eq!(manifest.chunks.len(), chunks.len());

    let info = info(&path);
    assert_eq!(info["container"], "rrd");
    assert_eq!(info["warnings"], Value::Array(Vec::new()));
    let recordings = info["recordings"].as_array().unwrap();
    assert_eq!(recordings.len(), 2);
    let one = recordings.iter().find(|it| it["recording_id"] == "one");
    let one = one.unwrap();
    assert_eq!(one["application_id"], "tests");
    let entity = &one["entities"][0];
    assert_eq!(entity["path"], "/left");
    assert_eq!(
        (&entity["rows"], &entity["static_rows"]),
        (&36.into(), &1.into())
    );
    // As ffprobe says of the clip.
    let video = &entity["video"];
    let expected = serde_json::json!({
        "archetype": "VideoStream", "codec": "av1", "width": 160, "height": 120,
        "samples": 36, "keyframes": 3
    });
    assert_eq!(video, &expected);
    let frame = one["timelines"].as_array().unwrap();
    let frame = frame.iter().find(|it| it["name"] == "frame").unwrap();
    assert_eq!(frame["kind"], "sequence");
    assert_eq!((&frame["min"], &frame["max"]), (&0.into(), &350.into()));
    assert_eq!(frame["rows"], 36);
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_a_request_to_end_finish_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["-INT", "-TERM"] {
        let path = folder.path().join("out.rrd");
        let mut recorder = Recorder::start(&path, &[]);
        log(&recorder.addr, "run", video_stream("/cam", 0));
        // The answer to a logger does not say that everything is written.
        until("the last row", || (read(&path).0.len() == 37).then_some(()));
        recorder.signal(signal);
        let status = recorder.end();
        assert!(status.success(), "{signal}: {}", recorder.said());
        let (chunks, ended) = read(&path);
        assert!(ended && chunks.len() == 37, "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn what_came_just_before_ctrl_c_is_written_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.rrd");
    let mut recorder = Recorder::start(&path, &[]);
    log(&recorder.addr, "run", video_stream("/cam", 0));
    recorder.signal("-INT");
    assert!(recorder.end().success());
    assert_eq!(read(&path).0.len(), 37);
}

#[cfg(unix)]
#[test]
fn a_recorder_that_is_killed_leaves_a_file_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.rrd");
    let mut recorder = Recorder::start(&path, &[]);
    log(&recorder.addr, "run", video_stream("/cam", 0));
    until("the last row", || (read(&path).0.len() == 37).then_some(()));
    recorder.signal("-KILL");
    assert!(!recorder.end().success());
    let (chunks, ended) = read(&path);
    assert!(!ended && chunks.len() == 37);
    assert_eq!(info(&path)["recordings"][0]["entities"][0]["rows"], 36);
}

#[cfg(unix)]
#[test]
fn a_recorder_that_goes_on_after_a_killed_one_starts_a_new_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.rrd");
    let mut recorder = Recorder::start(&path, &[]);
    log(&recorder.addr, "old", video_stream("/cam", 0));
    until("the last row", || (read(&path).0.len() == 37).then_some(()));
    recorder.signal("-KILL");
    recorder.end();
    let mut recorder = Recorder::start(&path, &["--until-disconnect"]);
    log(&recorder.addr, "new", video_stream("/cam", 12));
    assert!(recorder.end().success());
    let info = info(&path);
    assert_eq!(info["recordings"].as_array().unwrap().len(), 1);
    assert_eq!(info["recordings"][0]["recording_id"], "new");
    let stamps = info["recordings"][0]["timelines"].as_array().unwrap();
    let stamps = stamps.iter().find(|it| it["name"] == "stamp").unwrap();
    assert_eq!(
        (&stamps["min"], &stamps["max"]),
        (&stamp(12).into(), &stamp(35).into())
    );
}

#[test]
fn a_file_that_is_no_recording_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.rrd");
    std::fs::copy(clip_path("av1.mp4"), &path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let args = ["record", "--port", "0", "-o", path.to_str().unwrap()];
    let outcome = Run::new(args).outcome().unwrap();
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("no recording"),
        "{}",
        outcome.stderr
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_taken_port_is_said_and_the_file_that_is_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("a.rrd"), folder.path().join("b.rrd"));
    let recorder = Recorder::start(&path, &[]);
    std::fs::copy(crate::stock::path("v0.41.0"), &other).unwrap();
    let before = std::fs::read(&other).unwrap();
    let port = recorder.addr.rsplit(':').next().unwrap();
    let args = ["record", "--port", port, "-o", other.to_str().unwrap()];
    let outcome = Run::new(args).outcome().unwrap();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains(port), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("--port"), "{}", outcome.stderr);
    assert_eq!(std::fs::read(&other).unwrap(), before);
}

#[test]
fn who_lets_other_computers_in_is_warned() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.rrd");
    let recorder = Recorder::start(&path, &["--bind", "0.0.0.0"]);
    until("the warning", || {
        recorder.said().contains("no authentication").then_some(())
    });
    let recorder = Recorder::start(&path, &["--bind", "127.0.0.1"]);
    assert!(!recorder.said().contains("no authentication"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_so() {
    let args = ["record", "--port", "0", "-o", "/dev/full"];
    let outcome = Run::new(args).outcome().unwrap();
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("disk is full"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_stock_recording_sent_to_the_recorder_comes_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for version in crate::stock::VERSIONS {
        let path = folder.path().join(format!("{version}.rrd"));
        let (sent, _) = read(&crate::stock::path(version));
        let mut recorder = Recorder::start(&path, &["--until-disconnect"]);
        let file = File::open(crate::stock::path(version)).unwrap();
        let mut reader = RecordingReader::open(file).unwrap();
        let client = reelscope_wire::Client::connect(&recorder.addr).unwrap();
        while let Some(item) = reader.next().unwrap() {
            if let Item::Message(message @ (LogMessage::Store(_) | LogMessage::Chunk(..)), _) = item
            {
                client.send(&message).unwrap();
            }
        }
        client.close(crate::rig::PATIENCE).unwrap();
        assert!(recorder.end().success(), "{}", recorder.said());
        let (found, _) = read(&path);
        assert_eq!(found.len(), sent.len(), "{version}");
        for ((store, found), (sent_to, sent)) in found.iter().zip(&sent) {
            assert_eq!(store, sent_to);
            assert_eq!((&found.entity, &found.rows), (&sent.entity, &sent.rows));
            assert_eq!((&found.times, &found.columns), (&sent.times, &sent.columns));
        }
    }
}
