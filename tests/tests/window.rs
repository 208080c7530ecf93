//! The viewer opens a real window, on a virtual screen where there is none, and saves what it shows.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;

use reelscope_tests::{Run, binary, clip_path};

const VIRTUAL_SCREEN: &str = "-screen 0 1600x1000x24 +extension GLX +render -noreset";

/// `reelscope` with these arguments, with a screen.
fn on_a_screen(args: &[&str]) -> Run {
    let has_screen = !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
    if has_screen {
        return Run::new(args);
    }
    let screen = [
        "--auto-servernum",
        "--server-args",
        VIRTUAL_SCREEN,
        binary().to_str().unwrap(),
    ];
    Run::program("xvfb-run", screen.iter().chain(args))
}

#[test]
fn a_screenshot_of_a_file_that_cannot_be_opened_fails() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("window.png");
    let broken = clip_path("empty.mp4");
    let args = [
        broken.to_str().unwrap(),
        "--screenshot",
        picture.to_str().unwrap(),
    ];
    let outcome = on_a_screen(&args)
        .env("XDG_CONFIG_HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path())
        .patience(std::time::Duration::from_secs(90))
        .outcome()
        .unwrap();
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    let words = "1 file could not be opened; the picture says why";
    assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
    assert!(picture.is_file());
}

#[test]
fn a_screenshot_shows_the_window_with_its_picture() {
    let folder = tempfile::tempdir().unwrap();
    let (picture, settings) = (
        folder.path().join("window.png"),
        folder.path().join("settings"),
    );
    let clip = clip_path("av1.mp4");
    let (clip, output) = (clip.to_str().unwrap(), picture.to_str().unwrap());
    on_a_screen(&[clip, "--at", "#20", "--screenshot", output])
        .env("XDG_CONFIG_HOME", &settings)
        .env("XDG_DATA_HOME", &settings)
        .patience(std::time::Duration::from_secs(90))
        .success()
        .unwrap();

    let file = BufReader::new(File::open(&picture).unwrap());
    let mut decoder = png::Decoder::new(file);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert!(
        frame.width >= 640 && frame.height >= 400,
        "{}×{}",
        frame.width,
        frame.height
    );
    // The video's gradients have far more colours than any widget.
    let colors: BTreeSet<&[u8]> = pixels.chunks_exact(frame.color_type.samples()).collect();
    assert!(colors.len() > 1000, "{} colours", colors.len());
}
