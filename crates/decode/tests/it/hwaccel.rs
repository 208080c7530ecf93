//! Hardware decoding is used where it was seen to work, and given up with a word where not. The
//! hardware is played by scripts: no machine that runs these tests needs any.

use std::path::{Path, PathBuf};

use reelscope_decode::{
    FfmpegInstall, FfmpegLocator, HwAccel, HwAccelError, HwAccels, HwChoice, hwaccels,
};
use reelscope_media::Codec;

use crate::support::script;

/// An FFmpeg whose `vaapi` is this shell command, which may use the `$decode` and `$write` of a run.
fn with_vaapi(folder: &Path, command: &str) -> FfmpegInstall {
    let log = folder.join("runs");
    let body = format!(
        "echo run >> '{}'\n\
         decode='ffmpeg -v error -nostdin -f matroska -i pipe:0 -fps_mode passthrough'\n\
         write='-c:v rawvideo -f nut pipe:1'\n\
         case \"$*\" in\n\
         *-hwaccels*) printf 'Hardware acceleration methods:\\nvaapi\\n\\n';;\n\
         *'-hwaccel vaapi'*) {command};;\n\
         *) exec ffmpeg \"$@\";;\n\
         esac",
        log.display()
    );
    install(script(folder, "ffmpeg", &body))
}

fn install(path: PathBuf) -> FfmpegInstall {
    FfmpegInstall {
        path,
        version: (5, 1),
        version_text: "5.1".to_owned(),
    }
}

fn runs(folder: &Path) -> usize {
    let log = std::fs::read_to_string(folder.join("runs")).unwrap();
    log.lines().count()
}

fn vaapi() -> HwAccel {
    "vaapi".parse().unwrap()
}

/// Why `vaapi` is not used for H.264.
fn refusal(command: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let install = with_vaapi(folder.path(), command);
    let choice = HwAccels::new().choose(&install, Codec::H264, &vaapi());
    assert_eq!(choice.used, None);
    choice.note.unwrap()
}

#[test]
fn hardware_that_gives_the_right_pixels_is_used_and_verified_once() {
    let folder = tempfile::tempdir().unwrap();
    let install = with_vaapi(folder.path(), "exec $decode -pix_fmt nv12 $write");
    let hardware = HwAccels::new();
    for codec in [Codec::H264, Codec::H265, Codec::Vp8, Codec::Vp9] {
        let expected = HwChoice {
            used: Some("vaapi".to_owned()),
            note: None,
        };
        assert_eq!(hardware.choose(&install, codec, &vaapi()), expected);
        let so_far = runs(folder.path());
        assert_eq!(hardware.choose(&install, codec, &vaapi()), expected);
        assert_eq!(runs(folder.path()), so_far, "{codec:?} was verified again");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn auto_finds_what_works() {
    let folder = tempfile::tempdir().unwrap();
    let install = with_vaapi(folder.path(), "exec $decode -pix_fmt nv12 $write");
    let choice = HwAccels::new().choose(&install, Codec::Vp9, &HwAccel::Auto);
    assert_eq!(choice.used.as_deref(), Some("vaapi"));
}

#[test]
fn hardware_that_gives_other_pixels_is_not_used() {
    let note = refusal("exec $decode -vf negate -pix_fmt nv12 $write");
    assert!(
        note.contains("frame 0") && note.contains("other pixels"),
        "{note}"
    );
    let short = refusal("exec $decode -frames:v 4 -pix_fmt nv12 $write");
    assert!(short.contains("frame 4"), "{short}");
}

#[test]
fn a_silent_fall_back_to_software_is_seen() {
    assert_eq!(
        refusal("exec $decode $write"),
        "hardware decoding with vaapi is not available for H.264: FFmpeg decodes it in software; \
         decoding in software"
    );
}

#[test]
fn an_ffmpeg_that_fails_hangs_or_babbles_is_given_up() {
    let failing = refusal("echo '[AVHWDeviceContext @ 0x1] No VA display found.' >&2; exit 3");
    assert!(
        failing.contains("vaapi is not available for H.264: No VA display found"),
        "{failing}"
    );
    let endless = refusal("exec yes");
    assert!(endless.contains("FFmpeg failed"), "{endless}");
    assert!(refusal("sleep 600 & sleep 600").contains("longer than 10 seconds"));
    assert!(refusal("echo hello").contains("cannot be read"));
}

#[test]
fn a_method_that_ffmpeg_does_not_have_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let install = with_vaapi(folder.path(), "exit 1");
    assert_eq!(hwaccels(&install), Ok(vec!["vaapi".to_owned()]));
    let wanted = "warpdrive".parse().unwrap();
    let note = HwAccels::new().choose(&install, Codec::H265, &wanted).note;
    let note = note.unwrap();
    assert!(
        note.contains("with warpdrive is not available for H.265"),
        "{note}"
    );
    assert!(note.contains("no such method"), "{note}");
}

#[test]
fn a_program_that_cannot_be_run_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = install(folder.path().join("missing"));
    assert!(matches!(hwaccels(&missing), Err(HwAccelError::Run(_))));
    let choice = HwAccels::new().choose(&missing, Codec::H264, &HwAccel::Auto);
    assert!(choice.used.is_none() && choice.note.unwrap().contains("cannot be run"));
}

#[test]
fn without_a_wish_nothing_is_run_and_nothing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let missing = install(folder.path().join("missing"));
    let choice = HwAccels::new().choose(&missing, Codec::H264, &HwAccel::None);
    assert_eq!(choice, HwChoice::default());
}

#[test]
fn codecs_that_cannot_be_verified_are_decoded_in_software() {
    let folder = tempfile::tempdir().unwrap();
    let install = with_vaapi(folder.path(), "exit 1");
    let note = HwAccels::new().choose(&install, Codec::Jpeg, &vaapi()).note;
    assert!(note.unwrap().contains("cannot be verified for this codec"));
}

#[test]
fn the_ffmpeg_of_this_machine_decides_either_way() {
    let install = FfmpegLocator::new(None).current().unwrap();
    for codec in [Codec::H264, Codec::H265, Codec::Vp8, Codec::Vp9] {
        let choice = HwAccels::new().choose(&install, codec, &HwAccel::Auto);
        // Either it works, or the person is told why not.
        assert!(choice.used.is_some() != choice.note.is_some(), "{choice:?}");
        println!("{choice:?}");
    }
}
