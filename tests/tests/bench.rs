//! `reelscope bench`: what it measures is what it says it does. How fast it is, is not asked here.

use std::path::Path;

use reelscope_tests::{Outcome, Run, clip_path, clips};
use serde_json::Value;

/// Runs `reelscope bench CLIP ARGS…`.
fn outcome(clip: &Path, args: &[&str]) -> Outcome {
    let mut start = vec!["bench".as_ref(), clip.as_os_str()];
    if !args.contains(&"--settle") {
        start.extend(["--settle", "0.1"].map(std::ffi::OsStr::new));
    }
    let args = args.iter().map(std::ffi::OsStr::new);
    Run::new(start.into_iter().chain(args)).outcome().unwrap()
}

/// The report on a test clip.
fn bench(clip: &str, args: &[&str]) -> Value {
    let all = [&["--json"], args].concat();
    let outcome = outcome(&clip_path(clip), &all);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// The times of a clip's frames in nanoseconds, as ffprobe gave them.
fn times(clip: &str) -> Vec<i64> {
    let clip = clips().unwrap().into_iter().find(|it| it.file == clip);
    clip.unwrap().tracks[0].frames_pts_ns.clone()
}

fn list(report: &Value, key: &str) -> Vec<Value> {
    let requests = report["requests"].as_array().unwrap();
    requests
        .iter()
        .map(|request| request[key].clone())
        .collect()
}

fn nanos(report: &Value, key: &str) -> Vec<i64> {
    let values = list(report, key);
    values.iter().map(|value| value.as_i64().unwrap()).collect()
}

/// What holds for every report in which all frames were shown.
fn assert_sound(report: &Value) {
    let number = |key: &str| report[key].as_f64().unwrap_or_else(|| panic!("no {key}"));
    let (p50, p95, max) = (number("p50_ms"), number("p95_ms"), number("max_ms"));
    assert!(0.0 <= p50 && p50 <= p95 && p95 <= max, "{p50} {p95} {max}");
    for request in report["requests"].as_array().unwrap() {
        assert!(request.get("state").is_none(), "{request}");
        let ms = request["ms"].as_f64().unwrap();
        assert!(ms <= max);
        if let Some(preview) = request["preview_ms"].as_f64() {
            assert!(preview <= ms, "{request}");
        }
    }
    assert!(report["machine"]["cores"].as_u64().unwrap() >= 1);
    assert!(report["engine"].is_string());
    assert_eq!(report["limit"].get("error"), None);
}

#[test]
fn seeks_show_the_frames_of_their_times() {
    let clip = "h264_b_frames.mp4";
    let times = times(clip);
    let wanted = [times[20], times[3], times[35], times[4], times[4]];
    let text = wanted.map(|nanos| nanos.to_string()).join(",");
    let report = bench(clip, &["--no-cache", "--seeks", &text]);
    assert_eq!(nanos(&report, "wanted_ns"), wanted);
    assert_eq!(nanos(&report, "shown_ns"), wanted);
    assert_sound(&report);
    assert_eq!(report["mode"], "seeks");
    assert_eq!(report["codec"], "h264");
    assert_eq!(report["frames"], times.len());
    assert!((report["stream_fps"].as_f64().unwrap() - 25.0).abs() < 1e-6);
}

#[test]
fn a_time_between_frames_shows_the_frame_before_and_one_before_all_the_first() {
    let clip = "av1.mp4";
    let times = times(clip);
    let wanted = [times[7] + 1_000_000, -5, i64::MAX];
    let text = wanted.map(|nanos| nanos.to_string()).join(",");
    let report = bench(clip, &["--seeks", &text]);
    assert_eq!(nanos(&report, "wanted_ns"), wanted);
    let shown = [times[7], times[0], *times.last().unwrap()];
    assert_eq!(nanos(&report, "shown_ns"), shown);
}

#[test]
fn random_seeks_are_the_same_for_the_same_seed() {
    let clip = "h265.mp4";
    let args = |seed| ["--random-seeks", "12", "--no-cache", "--seed", seed];
    let [first, again, other] = ["5", "5", "6"].map(|seed| bench(clip, &args(seed)));
    let wanted = nanos(&first, "wanted_ns");
    assert_eq!(wanted.len(), 12);
    assert_eq!(wanted, nanos(&again, "wanted_ns"));
    assert_ne!(wanted, nanos(&other, "wanted_ns"));
    assert_eq!(wanted, nanos(&first, "shown_ns"));
    assert!(wanted.iter().all(|nanos| times(clip).contains(nanos)));
    assert!(wanted.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn the_limit_is_measured_for_every_codec() {
    for (clip, decoder) in [
        ("h264_open_gop.mp4", "FFmpeg"),
        ("h264.ts", "FFmpeg"),
        ("h264_avc3.mp4", "FFmpeg"),
        ("h265.mp4", "FFmpeg"),
        ("vp8_hidden_frames.ivf", "FFmpeg"),
        ("vp9_superframes.mp4", "FFmpeg"),
        ("mjpeg.mov", "FFmpeg"),
        ("av1.mp4", "dav1d"),
        ("av1.obu", "dav1d"),
    ] {
        let report = bench(clip, &["--random-seeks", "3", "--no-cache"]);
        let limit = &report["limit"];
        assert_eq!(limit.get("error"), None, "{clip}: {limit}");
        assert!(limit["decoder"].as_str().unwrap().starts_with(decoder));
        assert_eq!(limit["measured"], 3, "{clip}");
        for key in ["ms_p50", "startup_ms", "ratio_p50"] {
            assert!(limit[key].as_f64().unwrap() > 0.0, "{clip}: {key}");
        }
        let limits = list(&report, "limit_ms");
        assert!(limits.iter().all(|limit| limit.as_f64().unwrap() > 0.0));
    }
}

/// The bare decoder's files are counted by ffprobe on their way.
#[cfg(unix)]
#[test]
fn the_limit_is_for_the_samples_from_the_sync_sample_to_the_wanted_one() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let (program, log) = (folder.path().join("ffmpeg"), folder.path().join("log"));
    let script = format!(
        "#!/bin/sh\n\
         for file in \"$@\"; do case \"$file\" in *reelscope-bench-*)\n\
         ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 \"$file\" \
         >> '{}';; esac; done\nexec ffmpeg \"$@\"\n",
        log.display()
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = program.to_str().unwrap();
    // By `ffprobe -show_packets` the clip's packets are at 0, 0.16, 0.04, 0.08, 0.12, 0.32, … 0.48 (a
    // key frame, the 13th), 0.64, 0.52, 0.56, 0.6, 0.8, 0.68, 0.72, 0.76. So the one at 0.8 s is the
    // 6th of its GOP, and with the 20th frame, at 0.76 s, 21 packets have come.
    let clip = "h264_b_frames.mp4";
    bench(clip, &["--seeks", "800000000", "--ffmpeg", program]);
    bench(clip, &["--sequential", "20", "--ffmpeg", program]);
    let counts = std::fs::read_to_string(&log).unwrap();
    // Four times the start alone come first.
    let start = "1\n".repeat(4);
    assert_eq!(counts, format!("{start}6\n{start}21\n"));
}

#[test]
fn the_limit_of_many_requests_is_measured_for_some_of_them_all_over_the_run() {
    let report = bench("av1.mp4", &["--random-seeks", "40"]);
    assert_eq!(report["limit"]["measured"], 15);
    let limits = list(&report, "limit_ms");
    let measured: Vec<usize> = (0..40).filter(|at| limits[*at].is_number()).collect();
    assert_eq!(measured.len(), 15);
    assert_eq!(measured[0], 0);
    assert!(measured.windows(2).all(|pair| pair[1] - pair[0] <= 3));
    assert!(*measured.last().unwrap() >= 37);
}

#[test]
fn sequential_shows_the_first_frames_in_order() {
    for clip in ["h264_b_pyramid.mp4", "av1.mp4"] {
        let report = bench(clip, &["--sequential", "20"]);
        assert_eq!(nanos(&report, "shown_ns"), times(clip)[..20]);
        assert_sound(&report);
        assert!(report["fps"].as_f64().unwrap() > 0.0);
        assert!(report["limit"]["fps"].as_f64().unwrap() > 0.0);
    }
    let all = bench("av1.mp4", &["--sequential", "1000"]);
    assert_eq!(nanos(&all, "shown_ns"), times("av1.mp4"));
}

#[test]
fn steps_back_go_from_the_middle_to_the_start_and_no_further() {
    let clip = "h265_open_gop.mp4";
    let times = times(clip);
    let middle = times.len() / 2;
    let before: Vec<i64> = times[..middle].iter().rev().copied().collect();
    let some = bench(clip, &["--step-back", "5"]);
    assert_eq!(nanos(&some, "shown_ns"), before[..5]);
    let all = bench(clip, &["--step-back", "1000"]);
    assert_eq!(nanos(&all, "shown_ns"), before);
    assert_sound(&all);
}

#[test]
fn reverse_counts_every_frame_of_the_span() {
    let clip = "av1.mp4";
    let times = times(clip);
    // 25 frames per second: the last one, and 20 before it.
    let report = bench(clip, &["--reverse", "0.8"]);
    let due: Vec<i64> = times.iter().rev().skip(1).take(20).copied().collect();
    assert_eq!(nanos(&report, "wanted_ns"), due);
    assert_eq!(report["frames_due"], 20);
    let shown = list(&report, "shown_ns");
    let dropped = shown.iter().filter(|shown| shown.is_null()).count();
    assert_eq!(report["dropped"], dropped);
    assert!(report["forward_dropped"].as_u64().unwrap() <= 20);
}

#[test]
fn a_recorded_drag_ends_at_the_exact_frame_of_its_last_point() {
    let clip = "av1.mp4";
    let times = times(clip);
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("drag.txt");
    // A frame further every 50 ms, and then no move for a while.
    let mut text = "# t_ms pts_ns\n".to_owned();
    for (number, nanos) in times[..10].iter().enumerate() {
        text += &format!("{} {nanos} # frame {number}\n", 1_000 + number * 50);
    }
    text += &format!("1700 {}\n", times[9]);
    std::fs::write(&trace, text).unwrap();
    let report = bench(clip, &["--drag", trace.to_str().unwrap()]);
    // The first frame is on screen before the drag.
    assert_eq!(report["ticks"], 9);
    assert_eq!(nanos(&report, "wanted_ns"), [times[9]]);
    assert_eq!(nanos(&report, "shown_ns"), [times[9]]);
    assert!(report["exact_after_rest_ms"].as_f64().unwrap() >= 0.0);
    assert!(report["mean_error_ms"].as_f64().unwrap() >= 0.0);
    let fresh = report["fresh_share"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&fresh), "{fresh}");
}

#[test]
fn a_stream_is_shown_in_its_own_order() {
    let clip = "av1.mp4";
    let report = bench(clip, &["--live", "100"]);
    assert_eq!(report["samples"], times(clip).len());
    let wanted = nanos(&report, "wanted_ns");
    assert_eq!(wanted, times(clip));
    let late = report["late_share"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&late), "{late}");
}

#[cfg(target_os = "linux")]
#[test]
fn processor_time_and_memory_of_children_are_counted() {
    let report = bench("h264_b_frames.mp4", &["--sequential", "36"]);
    assert!(report["cpu"]["children_s"].as_f64().unwrap() > 0.0);
    let report = bench("h264_b_frames.mp4", &["--seeks", "0", "--settle", "0.5"]);
    let bytes = |key: &str| report["peak_rss"][key].as_u64().unwrap();
    assert!(bytes("own_bytes") > 1 << 20);
    assert!(bytes("with_children_bytes") > bytes("own_bytes"));
    let without = bench("av1.mp4", &["--sequential", "36"]);
    assert_eq!(without["cpu"]["children_s"], 0.0);
}

#[test]
fn the_text_says_what_the_object_does() {
    let outcome = outcome(&clip_path("av1.mp4"), &["--sequential", "10"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    for words in ["sequential: 10 of 10 shown exactly", "limit: dav1d"] {
        assert!(outcome.stdout.contains(words), "{}", outcome.stdout);
    }
}

#[test]
fn a_trace_that_cannot_be_read_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("drag.txt");
    std::fs::write(&trace, "0 0\n# fine so far\n16.7 soon\n").unwrap();
    let clip = clip_path("av1.mp4");
    let refused = outcome(&clip, &["--drag", trace.to_str().unwrap()]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for words in ["drag.txt", "line 3", "16.7 soon", "T_MS PTS_NS"] {
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    let nowhere = folder.path().join("nowhere.txt");
    let refused = outcome(&clip, &["--drag", nowhere.to_str().unwrap()]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("nowhere.txt"), "{}", refused.stderr);
    assert!(refused.stderr.contains("sweep"), "{}", refused.stderr);
}

#[test]
fn what_cannot_be_measured_is_said_in_words() {
    let missing = clip_path("nowhere.mp4");
    let clip = clip_path("h264_b_frames.mp4");
    for (clip, args, words) in [
        (&missing, &["--seeks", "0"][..], "nowhere.mp4"),
        (&clip, &["--seeks", "0", "--track", "7"], "no video track 7"),
        (
            &clip,
            &["--seeks", "0", "--ffmpeg", "/nowhere/ffmpeg"],
            "/nowhere/ffmpeg",
        ),
        (
            &clip,
            &["--live", "50", "--ffmpeg", "/nowhere/ffmpeg"],
            "/nowhere/ffmpeg",
        ),
        (&clip, &["--reverse", "0"], "fewer than two frames"),
        (
            &clip_path("h264_one_frame.mp4"),
            &["--step-back", "1"],
            "no frame to step back to",
        ),
    ] {
        let outcome = outcome(clip, args);
        assert_eq!(outcome.code, Some(1), "{args:?}: {outcome:?}");
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome.stderr.contains(words),
            "{args:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn exactly_one_measurement_has_to_be_asked_for() {
    let clip = clip_path("av1.mp4");
    for args in [
        &[][..],
        &["--seeks", "0", "--sequential", "3"],
        &["--sequential", "0"],
        &["--random-seeks", "many"],
        &["--seeks", "1s"],
        &["--live", "0"],
        &["--reverse", "-1"],
        &["--step-back", "3", "--no-cache"],
    ] {
        let outcome = outcome(&clip, args);
        assert_eq!(outcome.code, Some(2), "{args:?}: {outcome:?}");
    }
}
