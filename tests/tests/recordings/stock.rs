//! Recordings that the stock SDK wrote, four versions of it: see `make.py` beside them for what is in
//! them.

use std::path::PathBuf;

use reelscope_tests::{Run, root};
use serde_json::Value;

pub(crate) const VERSIONS: [&str; 4] = ["v0.24.1", "v0.30.2", "v0.36.3", "v0.41.0"];

pub(crate) fn path(version: &str) -> PathBuf {
    root().join(format!("crates/wire/tests/recordings/{version}.rrd"))
}

/// `reelscope info` with this output.
fn info(version: &str, args: &[&str]) -> String {
    let path = path(version);
    let run = ["info", path.to_str().unwrap()];
    Run::new(run.iter().chain(args)).success().unwrap().stdout
}

fn entity<'a>(info: &'a Value, path: &str) -> &'a Value {
    let entities = info["recordings"][0]["entities"].as_array().unwrap();
    let found = entities.iter().find(|entity| entity["path"] == path);
    found.unwrap_or_else(|| panic!("there is no {path}: {info}"))
}

#[test]
fn the_contents_of_recordings_of_every_version_are_listed() {
    for version in VERSIONS {
        let info: Value = serde_json::from_str(&info(version, &["--json"])).unwrap();
        assert_eq!(info["container"], "rrd");
        let recording = &info["recordings"][0];
        assert_eq!(recording["application_id"], "reelscope_stock");
        assert_eq!(recording["recording_id"], version.replace('v', "stock-"));
        assert_eq!(recording["sdk"], version.trim_start_matches('v'));
        assert!(
            recording["source"]
                .as_str()
                .unwrap()
                .starts_with("Python 3")
        );
        let camera = entity(&info, "/camera");
        assert_eq!(
            (&camera["rows"], &camera["static_rows"]),
            (&3.into(), &1.into())
        );
        let codec = &camera["components"].as_array().unwrap()[0];
        assert_eq!(codec["name"], "VideoStream:codec");
        assert_eq!(codec["archetype"], "rerun.archetypes.VideoStream");
        assert_eq!(codec["type"], "rerun.components.VideoCodec");
        // The path of an image behind an escaped space: 2 × 2 pixels.
        let image = &entity(&info, r"/a\ b/image")["video"];
        assert_eq!(image["archetype"], "Image");
        assert_eq!((&image["width"], &image["height"]), (&2.into(), &2.into()));
        // Not video, and no error either.
        let clear = entity(&info, r"/a\ b");
        assert_eq!(clear["video"], Value::Null);
        assert_eq!(clear["components"][0]["name"], "Clear:is_recursive");
        let timelines = recording["timelines"].as_array().unwrap();
        let range = |name: &str| {
            let found = timelines.iter().find(|it| it["name"] == name).unwrap();
            let kind = found["kind"].as_str().unwrap();
            (kind.to_owned(), found["min"].clone(), found["max"].clone())
        };
        assert_eq!(range("frame"), ("sequence".to_owned(), 0.into(), 2.into()));
        let half = 500_000_000.into();
        assert_eq!(range("video"), ("duration".to_owned(), 0.into(), half));
        assert_eq!(range("log_time").0, "timestamp");
    }
}

#[test]
fn people_read_the_same_as_text() {
    let text = info("v0.41.0", &[]);
    for line in [
        "recording stock-0.41.0 of reelscope_stock",
        "timeline frame (sequence): 0 to 2",
        "/camera: 3 rows, 1 static",
        "Clear:is_recursive (rerun.components.ClearIsRecursive): 1 rows, not a video component",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
}

#[test]
fn a_raw_picture_of_every_version_is_shown_as_it_was_logged() {
    for version in VERSIONS {
        let path = path(version);
        let path = path.to_str().unwrap();
        let run = Run::new(["frames", path, "--entity", r"/a\ b/image", "--md5"]);
        let outcome = run.success().unwrap();
        let mut words = outcome.stdout.split_whitespace().skip(1);
        // MD5 of the bytes 0 to 11.
        assert_eq!(words.next(), Some("50a73d7013e9803e3b20888f8fcafb15"));
        assert_eq!(words.next(), Some("2x2"), "{}", outcome.stdout);
    }
}
