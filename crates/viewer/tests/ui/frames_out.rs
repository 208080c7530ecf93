//! Frames that leave the window: as files, and in the clipboard.

use std::path::{Path, PathBuf};

use crate::support::{Window, clip, open, settle, wait_for};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

/// Types a path where the system has no file dialog.
fn type_path(window: &mut Window, path: &Path) {
    window.run_steps(3);
    let field = window.get_by_role(egui::accesskit::Role::TextInput);
    field.focus();
    window.run_steps(1);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(1);
    let field = window.get_by_role(egui::accesskit::Role::TextInput);
    field.type_text(path.to_str().unwrap());
    window.run_steps(2);
    window.get_by_label("Save").click();
    window.run_steps(2);
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(folder).unwrap().flatten();
    let mut all: Vec<PathBuf> = listed.map(|entry| entry.path()).collect();
    all.sort();
    all
}

/// Width, height, bits of a value, and the first bytes of the middle pixel.
fn png(path: &Path) -> (u32, u32, u8, [u8; 3]) {
    let image = image::ImageReader::open(path).unwrap().decode().unwrap();
    let bits = image.color().bits_per_pixel() / u16::from(image.color().channel_count());
    let (width, height) = (image.width(), image.height());
    let middle = image.to_rgb8().get_pixel(width / 2, height / 2).0;
    (width, height, bits as u8, middle)
}

#[test]
fn a_frame_is_saved_at_its_own_size_in_its_own_colours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.png");
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::C);
    type_path(&mut window, &path);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("Saved ").is_some()
    });
    let (width, height, bits, middle) = png(&path);
    assert_eq!((width, height, bits), (160, 120, 8));
    // What FFmpeg makes of the same frame's middle pixel (`-vf scale=in_color_matrix=bt709`).
    let expected = ffmpeg_middle(&clip("av1.mp4"));
    for (ours, theirs) in middle.iter().zip(expected) {
        assert!(ours.abs_diff(theirs) <= 3, "{middle:?}, not {expected:?}");
    }
}

/// The middle pixel of a clip's first frame as FFmpeg converts it.
fn ffmpeg_middle(path: &Path) -> [u8; 3] {
    let filter = "scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int,format=rgb24";
    let output = std::process::Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args(["-frames:v", "1", "-vf", filter, "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    let at = (60 * 160 + 80) * 3;
    output.stdout[at..at + 3].try_into().unwrap()
}

#[test]
fn the_frames_of_all_tiles_are_saved_at_once_under_their_own_names() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(&[clip("av1.mp4"), clip("h264_b_frames.mp4")]);
    window.key_press(Key::ArrowRight);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    type_path(&mut window, folder.path());
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("Saved 2 frames").is_some()
    });
    let names: Vec<String> = pictures(folder.path())
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names[0], "av1_0.040000s_#1.png");
    assert!(names[1].starts_with("h264_b_frames_0.0"), "{names:?}");
}

#[test]
fn pictures_of_many_bits_keep_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.png");
    let mut window = open(&[clip("vp9_10bit.mp4")]);
    window.key_press(Key::C);
    type_path(&mut window, &path);
    wait_for(&mut window, |window| {
        window.step();
        path.exists() && window.query_by_label_contains("Saved ").is_some()
    });
    assert_eq!(png(&path).2, 16);
}

#[test]
fn a_frame_is_copied_by_key() {
    let mut window = open(&[clip("av1.mp4")]);
    window.event(egui::Event::Copy);
    let mut copied = None;
    wait_for(&mut window, |window| {
        window.step();
        let commands = &window.output().platform_output.commands;
        copied = copied
            .take()
            .or(commands.iter().find_map(|command| match command {
                egui::OutputCommand::CopyImage(image) => Some(image.size),
                _ => None,
            }));
        copied.is_some()
    });
    assert_eq!(copied, Some([160, 120]));
    window.run_steps(2);
    window.get_by_label("Copied the frame, 160 × 120");
}

#[test]
fn where_nothing_can_be_written_it_says_so() {
    let mut window = open(&[clip("av1.mp4")]);
    window.key_press(Key::C);
    type_path(&mut window, Path::new("/no such folder/one.png"));
    wait_for(&mut window, |window| {
        window.step();
        window
            .query_by_label_contains("one.png was not saved")
            .is_some()
    });
}
