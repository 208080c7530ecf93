//! Session files, as people read, move and damage them.

use std::path::Path;

use super::*;

fn full() -> Reel {
    Reel {
        looking_at: Some("logs/run.rrd".to_owned()),
        focused: Some("front".to_owned()),
        separate_zooms: true,
        files: vec![
            FileEntry {
                path: "front.mp4".to_owned(),
            },
            FileEntry {
                path: "logs/run.rrd".to_owned(),
            },
        ],
        views: vec![
            ViewEntry {
                name: "front".to_owned(),
                file: "front.mp4".to_owned(),
                zoom: Some(ZoomEntry {
                    scale: 2.0,
                    center: [0.5, 0.25],
                }),
                colors: Some(StatedColor {
                    full_range: Some(true),
                    matrix: Some(5),
                    ..StatedColor::default()
                }),
                ..ViewEntry::default()
            },
            ViewEntry {
                name: "depth".to_owned(),
                file: "logs/run.rrd".to_owned(),
                stream: Some("camera/depth".to_owned()),
                hidden: true,
                offset: Some(Stamp::Duration(-120_000_000)),
                exposure: Some(-1.5),
                range: Some([0.25, 12.0]),
                ..ViewEntry::default()
            },
        ],
        timelines: vec![
            TimelineEntry {
                playhead: Some(Stamp::Duration(12_300_000_001)),
                speed: Some(-0.5),
                at_end: LoopMode::PingPong,
                looped: Some([Stamp::Duration(-1_000_000_000), Stamp::Duration(2)]),
                marks: vec![MarkEntry {
                    at: Stamp::Duration(0),
                    note: "light turns “green”\n= here".to_owned(),
                }],
                ..TimelineEntry::default()
            },
            TimelineEntry {
                file: Some("logs/run.rrd".to_owned()),
                name: Some("frame".to_owned()),
                playhead: Some(Stamp::Count(1_500)),
                marks: vec![MarkEntry {
                    at: Stamp::Moment(1_790_000_000_500_000_001),
                    note: String::new(),
                }],
                ..TimelineEntry::default()
            },
        ],
        layout: Some(Layout::Row {
            shares: vec![1.0, 2.5],
            tiles: vec![
                Layout::View("front".to_owned()),
                Layout::Tabs {
                    front: 0,
                    tiles: vec![Layout::Grid {
                        columns: Some(2),
                        widths: Vec::new(),
                        heights: Vec::new(),
                        tiles: vec![Layout::View("depth".to_owned())],
                    }],
                },
            ],
        }),
        ..Reel::default()
    }
}

#[test]
fn what_is_saved_is_read_again() {
    for reel in [Reel::default(), full()] {
        let text = reel.to_text().unwrap();
        assert_eq!(Reel::from_text(&text), Ok(reel), "{text}");
    }
}

#[test]
fn a_person_can_write_one() {
    let text = r#"
        reelscope_session = 1
        [[file]]
        path = "../take3.mp4"
        [[timeline]]
        playhead = "1:02.5"
        at_end = "ping-pong"
        [[timeline.mark]]
        at = "12.3s"
        note = "here"
    "#;
    let reel = Reel::from_text(text).unwrap();
    let timeline = reel.timelines.first().unwrap();
    assert_eq!(timeline.playhead, Some(Stamp::Duration(62_500_000_000)));
    let mark = timeline.marks.first().unwrap();
    assert_eq!(mark.at.time().0, 12_300_000_000);
}

#[test]
fn what_is_damaged_is_named_by_line_and_column() {
    let place = |text: &str| match Reel::from_text(text) {
        Err(ReelError::Damaged { line, column, .. }) => (line, column),
        other => panic!("{other:?}"),
    };
    assert_eq!(place("reelscope_session = 1\n[[file]\n").0, 2);
    assert_eq!(
        place("reelscope_session = 1\n[[timeline]]\nplayhead = \"noon\"\n"),
        (3, 12)
    );
    assert_eq!(place("reelscope_session = 1\n[[file]]\npath = 7\n"), (3, 8));
    assert_eq!(place("reelscope_session = 1\nnonsense = 2\n"), (2, 1));
    assert_eq!(place("").0, 1);
    let later = Reel::from_text("reelscope_session = 2\n[new]\n");
    assert_eq!(later, Err(ReelError::Later { version: 2 }));
    let many = "[[file]]\npath = \"a\"\n".repeat(MOST_FILES + 1);
    let many = Reel::from_text(&format!("reelscope_session = 1\n{many}"));
    assert_eq!(many, Err(ReelError::TooMany));
}

#[test]
fn a_layout_that_is_nested_without_end_is_refused() {
    let deep = "{row={tiles=[".repeat(2_000);
    let text = format!("reelscope_session = 1\nlayout = {deep}");
    assert!(Reel::from_text(&text).is_err());
}

#[cfg(unix)]
#[test]
fn files_move_together_with_their_session() {
    let of = |path: &str, folder: &str| relative(Path::new(path), Path::new(folder)).unwrap();
    assert_eq!(of("/data/a/front.mp4", "/data/a"), "front.mp4");
    assert_eq!(of("/data/a/x/front.mp4", "/data/a"), "x/front.mp4");
    assert_eq!(of("/data/b/front.mp4", "/data/a/s"), "../../b/front.mp4");
    assert_eq!(of("/data/a/../b/c.mp4", "/data/b"), "c.mp4");
    assert_eq!(of("/media/c.mp4", "/data"), "/media/c.mp4");
    let folder = Path::new("/elsewhere/s");
    assert_eq!(
        resolved("../b/c.mp4", folder),
        Path::new("/elsewhere/b/c.mp4")
    );
    assert_eq!(resolved("/media/c.mp4", folder), Path::new("/media/c.mp4"));
}
