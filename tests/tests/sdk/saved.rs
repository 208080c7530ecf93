//! Files that the SDKs save by themselves.

use anyhow::Result;
use reelscope_tests::{Sdk, clip_path};

use crate::contents::{self, End};
use crate::recorded::{Recorded, with_each_sdk};

#[test]
fn a_file_that_an_sdk_saved_holds_what_was_logged() {
    let clip = clip_path("h264_b_frames.mp4");
    let clip = clip.to_str().unwrap();
    let programs: [(&str, &[&str]); 4] = [
        ("one_of_everything", &[]),
        ("asset_video", &[clip]),
        ("cameras", &["--count", "5"]),
        ("b_frames", &[]),
    ];
    for (program, args) in programs {
        with_each_sdk(|sdk| {
            let saved = Recorded::saved(sdk, program, args)?;
            saved.check_contents()?;
            saved.check_info()
        });
    }
}

#[test]
fn the_frames_of_a_file_that_an_sdk_saved_are_those_that_ffmpeg_decodes() {
    with_each_sdk(|sdk| Recorded::saved(sdk, "video_stream", &[])?.check_frames());
}

#[test]
fn files_of_all_sdks_one_behind_the_other_are_one_file_with_all_recordings() {
    let saved: Result<Vec<Recorded>> = Sdk::ALL
        .into_iter()
        .map(|sdk| Recorded::saved(sdk, "late", &[]))
        .collect();
    let saved = saved.unwrap();
    let mut bytes = Vec::new();
    for one in &saved {
        bytes.extend(std::fs::read(&one.file).unwrap());
    }
    let joined = saved[0].folder.path().join("joined.rrd");
    std::fs::write(&joined, bytes).unwrap();

    let found = contents::read(&joined, End::Finished).unwrap();
    let mut truths = saved.into_iter().map(|one| one.truth);
    let mut truth = truths.next().unwrap();
    truth
        .recordings
        .extend(truths.flat_map(|other| other.recordings));
    assert_eq!(truth.recordings.len(), Sdk::ALL.len());
    truth.check(&found).unwrap();
}
