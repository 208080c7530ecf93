//! What was open before, and links to a moment.

use std::path::{Path, PathBuf};

use egui_kittest::kittest::{NodeT, Queryable};
use reelscope_viewer::{Settings, ViewerOptions};

use crate::support::{self, Window, app, clip, copied, open, open_options, settle, wait_for};

/// A window that keeps pictures of files in a folder.
fn window(folder: &Path, settings: Settings, files: &[PathBuf]) -> Window {
    let (folder, files) = (folder.to_owned(), files.to_vec());
    open_options(settings, [1_280.0, 800.0], move || ViewerOptions {
        files: files.clone(),
        cache_folder: Some(folder.clone()),
        ..ViewerOptions::default()
    })
}

fn pictures(folder: &Path) -> usize {
    let listed = std::fs::read_dir(folder.join("thumbnails"));
    listed.map_or(0, |listed| {
        let all = listed.flatten();
        all.filter(|entry| entry.path().extension().is_some_and(|it| it == "png"))
            .count()
    })
}

/// The settings that a window leaves behind which had these files open, with pictures of them.
fn after(folder: &Path, files: &[PathBuf]) -> Settings {
    let mut before = window(folder, Settings::default(), files);
    wait_for(&mut before, |window| {
        window.step();
        pictures(folder) == files.len()
    });
    app(&before).settings().clone()
}

fn press_command(window: &mut Window, name: &str) {
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    window.run_steps(3);
    let field = window.get_by_role(egui::accesskit::Role::TextInput);
    field.type_text(name);
    window.run_steps(3);
    window.key_press(egui::Key::Enter);
    window.run_steps(2);
}

#[test]
fn an_empty_window_offers_what_was_open_before_with_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let settings = after(folder.path(), &[clip("av1.mp4"), clip("av1_odd_size.mp4")]);
    let settings = Settings::from_text(&settings.to_text());
    let mut window = window(folder.path(), settings, &[]);
    let card = window.get_by_label("Open recent av1.mp4").rect();
    // The clip's gradients have far more colours than any sign.
    wait_for(&mut window, |window| {
        window.run_steps(2);
        let image = window.render().unwrap();
        let (left, top) = (card.left() as u32 + 10, card.top() as u32 + 10);
        let row = (0..80).map(|x| image.get_pixel(left + x, top + 30).0);
        row.collect::<std::collections::BTreeSet<_>>().len() > 20
    });
    window.get_by_label("Open recent av1.mp4").click();
    settle(&mut window);
    window.get_by_label("Number: #0 of 36");
}

#[test]
fn what_is_gone_says_so_and_can_be_taken_from_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone.mp4");
    std::fs::copy(clip("av1.mp4"), &gone).unwrap();
    let settings = after(folder.path(), std::slice::from_ref(&gone));
    std::fs::remove_file(&gone).unwrap();
    let mut window = window(folder.path(), settings, &[]);
    wait_for(&mut window, |window| {
        window.step();
        let label = "Open recent gone.mp4 (There is no file at this path.)";
        window.query_by_label(label).is_some()
    });
    window.get_by_label("Remove gone.mp4 from the list").click();
    wait_for(&mut window, |window| {
        window.step();
        pictures(folder.path()) == 0
    });
    assert!(app(&window).settings().recents.is_empty());
    window.run_steps(3);
    assert!(window.query_by_label_contains("Open recent gone").is_none());
}

#[test]
fn the_menu_lists_what_was_open_and_forgets_it() {
    let folder = tempfile::tempdir().unwrap();
    let settings = after(folder.path(), &[clip("av1.mp4")]);
    let mut window = window(folder.path(), settings, &[]);
    window.get_by_label("File").click();
    window.run_steps(3);
    let menu = window
        .get_all_by_label_contains("Open recent")
        .find(|node| {
            !node
                .accesskit_node()
                .label()
                .unwrap_or_default()
                .contains("mp4")
        });
    menu.unwrap().click();
    window.run_steps(3);
    window.get_by_label("av1.mp4");
    window.get_by_label("Clear list").click();
    window.run_steps(3);
    assert!(app(&window).settings().recents.is_empty());
}

#[test]
fn a_link_copied_here_leads_to_the_same_frame_elsewhere() {
    let mut window = open(&[clip("av1.mp4"), clip("av1_odd_size.mp4")]);
    window.key_press_modifiers(egui::Modifiers::ALT, egui::Key::ArrowRight);
    settle(&mut window);
    let there = app(&window).clock().now();
    press_command(&mut window, "copy link");
    let link = copied(&mut window).unwrap();
    assert!(link.starts_with("reelscope://open?path=/"), "{link}");

    let mut other = open(&[clip("av1_odd_size.mp4")]);
    other.event(egui::Event::Paste(link));
    other.run_steps(2);
    settle(&mut other);
    assert_eq!(app(&other).clock().now(), there);
    other.get_by_label("Number: #12 of 36");
    // What was open already is not opened twice.
    assert_eq!(other.query_all_by_label("av1_odd_size.mp4").count(), 1);
}

#[test]
fn a_link_that_cannot_be_followed_says_why() {
    let mut window = open(&[]);
    window.event(egui::Event::Paste("reelscope://open?path=a.mp4".to_owned()));
    window.run_steps(3);
    window.get_by_label("The link was not followed");
    assert!(support::app(&window).settings().recents.is_empty());
}
