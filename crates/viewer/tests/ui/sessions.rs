//! Session files: what is open, laid out and marked is found again, also elsewhere.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::support::{Window, app, clip, open, settle, wait_for};

/// Presses keys and types a path into the dialog that asks for one.
fn save_as(window: &mut Window, path: &Path) {
    let both = Modifiers::COMMAND | Modifiers::SHIFT;
    window.key_press_modifiers(both, Key::S);
    answer(window, "Save session", path);
    wait_for(window, |window| {
        window.step();
        window.query_by_label_contains("Saved ").is_some()
    });
}

/// Types a path into a dialog that has a title.
fn answer(window: &mut Window, title: &str, path: &Path) {
    window.run_steps(3);
    assert!(window.query_all_by_label(title).count() > 0, "{title}");
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text(path.display().to_string()));
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(3);
}

fn marks(window: &Window) -> Vec<(i64, String)> {
    let markers = app(window).markers();
    let all = markers.into_iter().flat_map(|markers| markers.iter());
    all.map(|(_, mark)| (mark.time.0, mark.note.clone()))
        .collect()
}

fn mark(window: &mut Window, note: &str) {
    window.key_press_modifiers(Modifiers::SHIFT, Key::M);
    window.run_steps(3);
    window.get_by_label("Mark with note").type_text(note);
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(2);
}

/// A folder with two clips and a session of them: the second one hidden, the playhead at frame 12, a
/// loop and a mark.
fn with_session() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let files = ["av1.mp4", "av1_odd_size.mp4"].map(|name| {
        let path = folder.path().join(name);
        std::fs::copy(clip(name), &path).unwrap();
        path
    });
    let mut window = open(&files);
    window.key_press(Key::I);
    window.key_press_modifiers(Modifiers::ALT, Key::ArrowRight);
    settle(&mut window);
    window.key_press(Key::O);
    mark(&mut window, "light turns green");
    // A copy that is one frame late.
    window.key_press_modifiers(Modifiers::COMMAND, Key::D);
    window.key_press(Key::Quote);
    // It is a stop brighter.
    window.key_press(Key::E);
    window.key_press(Key::E);
    settle(&mut window);
    // The first file comes first.
    let hide = window.get_all_by_label("Hide video");
    hide.last().unwrap().click();
    settle(&mut window);
    let session = folder.path().join("drive.reel");
    save_as(&mut window, &session);
    (folder, session)
}

/// What [`with_session`] left.
fn assert_is_session(window: &Window) {
    // The copy has the focus.
    window.get_by_label("Number: #11 of 36");
    window.get_by_label("Picture of av1.mp4 (2)");
    window.get_by_label("+1 EV");
    assert_eq!(
        marks(window),
        [(480_000_000, "light turns green".to_owned())]
    );
    let looped = app(window).clock().loop_range();
    assert_eq!(
        looped.map(|(start, end)| (start.0, end.0)),
        Some((0, 520_000_000))
    );
    window.get_by_label("Show video");
}

#[test]
fn a_session_is_found_again_also_when_its_folder_has_moved() {
    let (folder, session) = with_session();
    let text = std::fs::read_to_string(&session).unwrap();
    assert!(text.starts_with("# A reelscope session."), "{text}");
    assert!(text.contains("path = \"av1.mp4\""), "{text}");
    assert!(text.contains("note = \"light turns green\""), "{text}");
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("moved");
    std::fs::rename(folder.path(), &moved).unwrap();
    let mut window = open(&[moved.join("drive.reel")]);
    assert_is_session(&window);
    // Nothing is changed by that: another save writes the same.
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("Saved ").is_some()
    });
    let again = std::fs::read_to_string(moved.join("drive.reel")).unwrap();
    assert_eq!(again, text);
}

#[test]
fn paths_may_be_written_in_any_way() {
    let (folder, session) = with_session();
    let text = std::fs::read_to_string(&session).unwrap();
    let absolute = folder.path().join("av1.mp4").display().to_string();
    let text = text.replace("path = \"av1.mp4\"", "path = \"./av1.mp4\"");
    let text = text.replace("file = \"av1.mp4\"", &format!("file = \"{absolute}\""));
    assert!(
        text.contains(&absolute) && text.contains("./av1.mp4"),
        "{text}"
    );
    std::fs::write(&session, text).unwrap();
    assert_is_session(&open(&[session]));
}

#[test]
fn a_file_that_is_missing_is_named_and_can_be_located() {
    let (folder, session) = with_session();
    let lost = folder.path().join("av1.mp4");
    let found = folder.path().join("elsewhere.mp4");
    std::fs::rename(&lost, &found).unwrap();
    let mut window = open(std::slice::from_ref(&session));
    window.get_by_label("av1.mp4 could not be opened");
    window.get_by_label("Show video");
    // It stays in the session.
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    wait_for(&mut window, |window| {
        window.step();
        window.query_by_label_contains("Saved ").is_some()
    });
    let text = std::fs::read_to_string(&session).unwrap();
    assert!(text.contains("path = \"av1.mp4\""), "{text}");
    window.get_by_label("Locate…").click_accesskit();
    answer(&mut window, "Locate", &found);
    settle(&mut window);
    window.get_by_label("Hide video");
    window.get_by_label("Picture of elsewhere.mp4");
    assert_eq!(marks(&window).len(), 1);
}

#[test]
fn a_damaged_session_says_where() {
    let (_folder, session) = with_session();
    let text = std::fs::read_to_string(&session).unwrap();
    let damaged = text.replace("note = \"light", "note = light");
    assert_ne!(text, damaged);
    std::fs::write(&session, &damaged).unwrap();
    let window = open(std::slice::from_ref(&session));
    window.get_by_label("drive.reel could not be opened");
    let line = 1 + damaged.lines().position(|it| it.contains("light")).unwrap();
    window.get_by_label_contains(&format!("Line {line}, column"));
}

#[test]
fn what_was_changed_shows_as_a_dot_in_the_title_and_is_asked_about() {
    let (_folder, session) = with_session();
    let mut window = open(std::slice::from_ref(&session));
    let close = |window: &mut Window| {
        let root = egui::ViewportId::ROOT;
        let viewport = |window: &mut Window, events| {
            let viewports = &mut window.input_mut().viewports;
            viewports.entry(root).or_default().events = events;
        };
        viewport(window, vec![egui::ViewportEvent::Close]);
        window.step();
        viewport(window, Vec::new());
        window.run_steps(3);
    };
    close(&mut window);
    assert!(window.query_by_label("Save drive.reel?").is_none());
    window.key_press(Key::Home);
    settle(&mut window);
    mark(&mut window, "start");
    // Neither another session nor the end of the window takes it away.
    window.event(egui::Event::Paste(session.display().to_string()));
    wait_for(&mut window, |window| {
        window.step();
        let told = "drive.reel has changes that are not saved";
        window.query_by_label(told).is_some()
    });
    assert_eq!(marks(&window).len(), 2);
    close(&mut window);
    window.get_by_label("Save drive.reel?");
    window.get_by_label("Save").click();
    wait_for(&mut window, |window| {
        window.step();
        let text = std::fs::read_to_string(&session).unwrap();
        text.contains("note = \"start\"")
    });
}
