//! What goes wrong is said in words, and never takes for ever.

use reelscope_encode::{EncodeError, EncodeOptions, Encoder};
use reelscope_media::Codec;

use crate::support::software;

#[test]
fn without_ffmpeg_the_error_says_where_to_get_it() {
    let options = EncodeOptions {
        ffmpeg: Some("/nowhere/ffmpeg".into()),
        ..EncodeOptions::default()
    };
    let error = Encoder::<()>::new(options, |_| ()).err().unwrap();
    let words = error.to_string();
    for part in [
        "/nowhere/ffmpeg",
        "REELSCOPE_FFMPEG",
        "https://ffmpeg.org/download.html",
    ] {
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn a_codec_that_nobody_encodes_is_refused_by_name() {
    let error = Encoder::<()>::new(software(Codec::Jpeg), |_| ()).err();
    let error = error.unwrap();
    assert!(matches!(error, EncodeError::NoEngine { .. }));
    assert!(error.to_string().contains("JPEG"), "{error}");
}

#[cfg(unix)]
mod of_processes {
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    use reelscope_encode::{Picture, PictureLayout, WhenBusy};

    use super::*;
    use crate::support::{encoder, rgb};

    /// A program in place of FFmpeg: it answers what it is asked, and behaves badly when it is to encode.
    fn fake(folder: &Path, encodes: &str) -> PathBuf {
        let path = folder.join("ffmpeg");
        let script = format!(
            "#!/bin/sh\ncase \"$*\" in\n-version) echo 'ffmpeg version 6.0';;\n\
             *-encoders) echo ' V....D libx264 x';;\n*) {encodes};;\nesac\n"
        );
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn with(program: PathBuf, when_busy: WhenBusy) -> EncodeOptions {
        EncodeOptions {
            ffmpeg: Some(program),
            when_busy,
            ..software(Codec::H264)
        }
    }

    #[test]
    fn a_dead_process_is_an_error_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let program = fake(folder.path(), "echo '[fatal] no more' >&2; exit 3");
        let (mut encoder, _samples) = encoder(with(program, WhenBusy::Wait));
        let rows = rgb(640, 480, 0);
        let picture = Picture::new(&rows, 640, 480, PictureLayout::Rgb8).unwrap();
        let failed = (0..1_000).find_map(|number| encoder.push(&picture, number).err());
        let words = failed.unwrap().to_string();
        assert!(
            words.contains("libx264") && words.contains("no more"),
            "{words}"
        );
    }

    #[test]
    fn a_hung_process_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let program = fake(folder.path(), "sleep 1000");
        let (mut encoder, _samples) = encoder(with(program, WhenBusy::Wait));
        let rows = rgb(64, 48, 0);
        let picture = Picture::new(&rows, 64, 48, PictureLayout::Rgb8).unwrap();
        encoder.push(&picture, 0).unwrap();
        let error = encoder.finish().unwrap_err();
        assert!(matches!(error, EncodeError::Hung { .. }), "{error}");
    }

    #[test]
    fn a_busy_encoder_leaves_pictures_out_if_that_was_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let program = fake(folder.path(), "sleep 1000");
        let (mut encoder, _samples) = encoder(with(program, WhenBusy::LeaveOut));
        let rows = rgb(1_280, 720, 0);
        let picture = Picture::new(&rows, 1_280, 720, PictureLayout::Rgb8).unwrap();
        for number in 0..20 {
            encoder.push(&picture, number).unwrap();
        }
        assert!(encoder.left_out() >= 10);
    }
}
