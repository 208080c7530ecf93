//! Seeks are bit-exact and keep the process that decodes, wherever nothing can leak across them.

use crate::support::{Rig, Wrapped, clip, true_md5s};

const SOURCE: &str = "testsrc2=s=176x144:r=25:d=2.4";

/// Plays the GOPs of a clip in another order, and gives how many processes it took.
fn processes_for_shuffled_gops(name: &str, options: &str) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let path = clip(folder.path(), name, SOURCE, options);
    let truth = true_md5s(&path);
    let wrapped = Wrapped::new(folder.path());
    let mut rig = wrapped.rig(&path);
    let starts = rig.sync_positions();
    assert!(starts.len() >= 6, "{starts:?}");
    for gop in [2, 0, 4, 3, 3, 1] {
        rig.seek();
        let (start, end) = (starts[gop], starts[gop + 1]);
        // A few samples of the next GOP push the last frames of this one out.
        rig.feed(start..end + 8);
        rig.until(|seen| seen.frames.len() >= end - start);
        let frames = rig.md5s();
        assert!(frames.keys().all(|rank| *rank >= start), "{frames:?}");
        for (rank, md5) in (start..end).zip(&truth[start..end]) {
            assert_eq!(frames.get(&rank), Some(md5), "frame {rank} of {name}");
        }
    }
    wrapped.started()
}

#[test]
fn h264_gops_decode_in_any_order_in_one_process() {
    let options = "-c:v libx264 -bf 3 -g 10 -keyint_min 10 -sc_threshold 0 -pix_fmt yuv420p";
    assert_eq!(processes_for_shuffled_gops("a.mp4", options), 1);
}

#[test]
fn vp9_gops_decode_in_any_order_in_one_process() {
    let options = "-c:v libvpx-vp9 -cpu-used 8 -b:v 300k -g 10 -keyint_min 10";
    assert_eq!(processes_for_shuffled_gops("a.webm", options), 1);
}

#[test]
fn closed_h265_gops_decode_in_any_order_in_one_process() {
    let x265 = "log-level=none:keyint=10:min-keyint=10:scenecut=0:open-gop=0:bframes=3";
    let options = format!("-c:v libx265 -x265-params {x265} -pix_fmt yuv420p10le");
    assert_eq!(processes_for_shuffled_gops("a.mp4", &options), 1);
}

#[test]
fn av1_gops_decode_in_any_order() {
    let options = "-c:v libaom-av1 -cpu-used 8 -b:v 300k -g 10 -keyint_min 10 -pix_fmt yuv420p";
    assert_eq!(processes_for_shuffled_gops("a.mp4", options), 0);
}

#[test]
fn a_seek_into_an_open_h265_gop_leaves_only_its_leading_frames_out() {
    let folder = tempfile::tempdir().unwrap();
    let x265 = "log-level=none:keyint=10:min-keyint=10:scenecut=0:open-gop=1:bframes=3:b-adapt=0";
    let options = format!("-c:v libx265 -x265-params {x265} -pix_fmt yuv420p");
    let path = clip(folder.path(), "a.mp4", SOURCE, &options);
    let truth = true_md5s(&path);
    let wrapped = Wrapped::new(folder.path());
    let mut rig = wrapped.rig(&path);
    let starts = rig.sync_positions();
    for start in [starts[3], starts[1], starts[4]] {
        rig.seek();
        rig.feed(start..start + 20);
        let first = rig.rank_at(start);
        rig.until(|seen| seen.frames.len() >= 8);
        for (rank, md5) in rig.md5s() {
            assert_eq!(md5, truth[rank], "frame {rank} from {start}");
            assert!(rank >= first, "frame {rank} cannot be whole from {start}");
        }
        assert!(rig.md5s().contains_key(&first));
    }
    assert_eq!(wrapped.started(), 1);
}

#[test]
fn a_seek_to_an_h264_recovery_point_shows_no_damaged_frame() {
    let folder = tempfile::tempdir().unwrap();
    let x264 = "open-gop=1:keyint=10:min-keyint=10:scenecut=0:bframes=3";
    let options = format!("-c:v libx264 -x264opts {x264} -pix_fmt yuv420p");
    let path = clip(folder.path(), "a.mp4", SOURCE, &options);
    let truth = true_md5s(&path);
    let mut rig = Rig::of_file(&path);
    rig.feed(0..10);
    let starts = rig.sync_positions();
    for start in [starts[3], starts[1], starts[4]] {
        rig.seek();
        let first = rig.rank_at(start);
        rig.feed(start..start + 20);
        rig.until(|seen| seen.frames.len() >= 8);
        for (rank, md5) in rig.md5s() {
            assert_eq!(md5, truth[rank], "frame {rank} from {start}");
            assert!(rank >= first, "frame {rank} cannot be whole from {start}");
        }
    }
}

#[test]
fn a_stream_without_a_record_can_be_started_anywhere_it_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let x264 = "keyint=10:min-keyint=10:scenecut=0:repeat-headers=0";
    let options = format!("-c:v libx264 -x264opts {x264} -flags +global_header -pix_fmt yuv420p");
    let path = clip(folder.path(), "a.mp4", SOURCE, &options);
    // Parameter sets at the start of the raw stream only.
    let raw = folder.path().join("a.h264");
    let (from, to) = (path.to_string_lossy(), raw.to_string_lossy());
    let bsf = "h264_mp4toannexb,filter_units=pass_types=1-6|9-12";
    crate::support::ffmpeg(&["-i", &from, "-c", "copy", "-bsf:v", bsf, &to]);
    let sets = "h264_mp4toannexb,filter_units=pass_types=7-8";
    let sets_path = folder.path().join("sets.h264");
    let sets_to = sets_path.to_string_lossy();
    crate::support::ffmpeg(&[
        "-i",
        &from,
        "-c",
        "copy",
        "-frames:v",
        "1",
        "-bsf:v",
        sets,
        &sets_to,
    ]);
    let bytes = [
        std::fs::read(&sets_path).unwrap(),
        std::fs::read(&raw).unwrap(),
    ]
    .concat();
    std::fs::write(&raw, bytes).unwrap();
    let truth = true_md5s(&path);
    let mut rig = Rig::of_file(&raw);
    rig.play_all();
    assert_eq!(rig.md5_list(), truth);
    // The end of the track has used the process up: a new one is told the parameter sets.
    rig.seek();
    rig.feed(20..30);
    rig.flush();
    assert_eq!(rig.md5_list(), truth[20..30]);
}

#[test]
fn a_track_can_be_played_to_its_end_again_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let options = "-c:v libx264 -bf 3 -g 10 -pix_fmt yuv420p";
    let path = clip(folder.path(), "a.mp4", "testsrc2=s=64x48:r=25:d=1", options);
    let truth = true_md5s(&path);
    let wrapped = Wrapped::new(folder.path());
    let mut rig = wrapped.rig(&path);
    for _ in 0..3 {
        rig.play_all();
        assert_eq!(rig.md5_list(), truth);
        rig.seek();
    }
    // One for each time, and the spare for the next.
    assert_eq!(wrapped.started(), 4);
}

#[test]
fn frames_keep_their_names_where_the_container_contradicts_the_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let options = "-c:v libx264 -bf 3 -g 10 -pix_fmt yuv420p";
    let path = clip(folder.path(), "a.mp4", SOURCE, options);
    let truth = true_md5s(&path);
    let mut rig = Rig::of_file(&path);
    rig.claims_decode_order = true;
    rig.play_all();
    assert!(rig.seen.damaged.is_empty());
    assert_eq!(rig.md5_list(), truth);
}
