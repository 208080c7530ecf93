//! Opening by content: names may lie, and what is no video is told in words.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use reelscope_container::{ContainerError, Movie, open};

fn seed(name: &str) -> std::io::Result<Bytes> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/seeds")
        .join(name);
    Ok(std::fs::read(path)?.into())
}

fn opened(bytes: impl Into<Bytes>, name: &str) -> Result<Movie, ContainerError> {
    open(Arc::new(bytes.into()), name)
}

#[test]
fn every_format_is_known_by_its_content_under_any_name() -> Result<(), Box<dyn Error>> {
    let formats = [
        ("av1.ivf", "ivf"),
        ("av1.obu", "obu"),
        ("h264.264", "h264"),
        ("h264.avi", "avi"),
        ("h264.flv", "flv"),
        ("h264.mkv", "matroska"),
        ("h264.mp4", "mp4"),
        ("h264.ts", "mpegts"),
        ("h265.h265", "h265"),
        ("mjpeg.mjpeg", "mjpeg"),
        ("still.png", "png"),
        ("vp8.webm", "matroska"),
    ];
    for (file, container) in formats {
        for name in [file, "", "film.mp4", "film.h264", "film.jpg"] {
            assert_eq!(
                opened(seed(file)?, name)?.container,
                container,
                "{file} as {name:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn sound_is_reported_beside_the_pictures() -> Result<(), Box<dyn Error>> {
    let movie = opened(seed("h264.mkv")?, "")?;
    let tracks: Vec<_> = movie
        .tracks
        .iter()
        .map(|track| track.codec_string.as_str())
        .collect();
    // From `ffprobe -show_streams`: H.264 High, level 1, and AAC.
    assert_eq!(tracks, ["avc1.64000A", "A_AAC"]);
    Ok(())
}

#[test]
fn what_is_no_video_is_told_in_words() {
    let message =
        |bytes: &'static [u8]| opened(bytes, "film.mp4").map_err(|error| error.to_string());
    let says = |bytes, words: &str| message(bytes).is_err_and(|text| text.contains(words));
    assert!(says(b"", "the file is empty"));
    assert!(says(b"Dear reader, this is no film.", "it is a text file"));
    assert!(says(
        b"OggS\0\x02\0\0",
        "this is an Ogg file, which reelscope does not read"
    ));
    assert!(says(&[0; 4096], "its first bytes are all zero"));
    assert!(says(&[0x9F; 4096], "it starts with the bytes 9f 9f"));
    assert!(says(b"<!DOCTYPE html><html></html>", "it is a web page"));
}

#[test]
fn a_picture_is_a_track_of_one_sample() -> Result<(), Box<dyn Error>> {
    let movie = opened(seed("still.png")?, "still.png")?;
    let [track] = &movie.tracks[..] else {
        return Err("not one track".into());
    };
    assert_eq!(track.samples.len(), 1);
    assert_eq!((track.facts.width, track.facts.height), (48, 32));
    Ok(())
}
