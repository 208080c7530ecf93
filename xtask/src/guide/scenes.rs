//! The states of the window that the guide shows.

use super::screen::Act;

/// How a picture comes about.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// By `reelscope --screenshot`.
    Screenshot,
    /// Hands press keys first, for what no session and no setting can say; then the screen is taken
    /// once it is still.
    Hands(&'static [Act]),
    /// Programs log meanwhile, so that the screen is never still.
    Live(&'static [Act]),
}

/// A part of the screen: width, height, left, top.
pub(super) type Part = (u32, u32, u32, u32);

/// A state of the window.
pub(super) struct Scene {
    /// The picture's name.
    pub(super) name: &'static str,
    /// Size of the screen.
    pub(super) size: (u32, u32),
    /// The part that is shown, if not all.
    pub(super) part: Option<Part>,
    /// What was chosen (TOML).
    pub(super) settings: &'static str,
    /// Its session (TOML) but for the first line; empty if nothing is open.
    pub(super) session: &'static str,
    /// How it is taken.
    pub(super) way: Way,
}

/// A window of the usual size.
const WHOLE: Scene = Scene {
    name: "",
    size: (1280, 800),
    part: None,
    settings: "",
    session: "",
    way: Way::Screenshot,
};

const DEMO: &str = r#"
[[file]]
path = "demo.mp4"
[[timeline]]
playhead = "3.2s"
"#;

const README: &str = r#"
[[file]]
path = "demo.mp4"
[[timeline]]
playhead = "3.5s"
"#;

const CAMERAS: &str = r#"
focused = "demo"
[[file]]
path = "demo.mp4"
[[file]]
path = "left.mp4"
[[file]]
path = "right.mkv"
[[view]]
name = "demo"
file = "demo.mp4"
[[view]]
name = "left"
file = "left.mp4"
[[view]]
name = "right"
file = "right.mkv"
[layout.row]
shares = [1.5, 1.0]
tiles = [{ view = "demo" }, { column = { tiles = [{ view = "left" }, { view = "right" }] } }]
[[timeline]]
playhead = "2.8s"
at_end = "loop"
loop = ["2s", "5s"]
[[timeline.mark]]
at = "1.2s"
note = "first lamp"
[[timeline.mark]]
at = "5.9s"
note = "oncoming car"
[[timeline.mark]]
at = "6.8s"
"#;

/// Two versions of one video.
const VERSIONS: &str = r#"
focused = "low"
[[file]]
path = "demo.mp4"
[[file]]
path = "low_rate.mp4"
[[view]]
name = "demo"
file = "demo.mp4"
[[view]]
name = "low"
file = "low_rate.mp4"
[layout.row]
tiles = [{ view = "demo" }, { view = "low" }]
[[timeline]]
playhead = "4.3s"
"#;

/// One camera, paused at a picture that has references.
const LEFT: &str = r#"
[[file]]
path = "left.mp4"
[[timeline]]
playhead = "4.2s"
"#;

/// A keyframe as encoders write it into a stream.
const KEYFRAME: &str = r#"
[[file]]
path = "left.h264"
[[timeline]]
playhead = "4s"
"#;

/// The inspector, where the window is as high as this.
const INSPECTOR: Part = (315, 640, 965, 31);

/// All pictures with one state each.
pub(super) const SCENES: &[Scene] = &[
    Scene {
        name: "empty",
        size: (1100, 640),
        ..WHOLE
    },
    Scene {
        name: "window",
        session: DEMO,
        way: Way::Hands(&[]),
        ..WHOLE
    },
    Scene {
        name: "tiles",
        session: CAMERAS,
        settings: "[panels]\ninspector = false\n",
        way: Way::Hands(&[]),
        ..WHOLE
    },
    Scene {
        name: "timeline",
        session: CAMERAS,
        settings: "[timeline_rows]\nbitrate = true\n[panels]\ninspector = false\nstreams = false\n",
        size: (1280, 720),
        way: Way::Hands(&[Act::Point(460, 605)]),
        ..WHOLE
    },
    Scene {
        name: "wipe",
        session: VERSIONS,
        settings: "[panels]\ninspector = false\nstreams = false\n",
        size: (1100, 700),
        part: Some((1100, 458, 0, 30)),
        way: Way::Hands(&[Act::Keys("w")]),
    },
    Scene {
        name: "difference",
        session: VERSIONS,
        settings: "[panels]\ninspector = false\nstreams = false\n",
        size: (1100, 700),
        part: Some((1100, 458, 0, 30)),
        way: Way::Hands(&[Act::Keys("d")]),
    },
    Scene {
        name: "palette",
        session: DEMO,
        part: Some((680, 460, 300, 45)),
        way: Way::Hands(&[Act::Keys("ctrl+k"), Act::Type("save")]),
        ..WHOLE
    },
    Scene {
        name: "keys",
        session: DEMO,
        way: Way::Hands(&[Act::Keys("question")]),
        ..WHOLE
    },
    Scene {
        name: "live",
        way: Way::Live(&[Act::Wait(7)]),
        ..WHOLE
    },
];

/// A tab of the inspector.
const fn tab(name: &'static str, settings: &'static str) -> Scene {
    Scene {
        name,
        session: LEFT,
        settings,
        part: Some(INSPECTOR),
        size: (1280, 860),
        ..WHOLE
    }
}

/// Pictures of several states side by side.
pub(super) const ROWS: &[(&str, &[Scene])] = &[
    (
        "inspector-frame-stream-gop",
        &[
            tab("frame", "inspector_tab = \"frame\"\n"),
            tab("stream", "inspector_tab = \"stream\"\n"),
            tab("gop", "inspector_tab = \"gop\"\n"),
        ],
    ),
    (
        "inspector-samples-bitstream-pixels",
        &[
            tab("samples", "inspector_tab = \"samples\"\n"),
            Scene {
                session: KEYFRAME,
                ..tab("bitstream", "inspector_tab = \"bitstream\"\n")
            },
            tab("pixels", "inspector_tab = \"pixels\"\n"),
        ],
    ),
];

/// The first picture of the README.
pub(super) const SCREENSHOT: Scene = Scene {
    name: "screenshot",
    size: (1440, 900),
    session: README,
    way: Way::Hands(&[]),
    ..WHOLE
};

/// What is open while the playhead is dragged for the moving picture.
pub(super) const SCRUBBING: Scene = Scene {
    name: "scrubbing",
    size: (1000, 720),
    part: None,
    settings: "[panels]\ninspector = false\nstreams = false\n",
    session: CAMERAS,
    way: Way::Hands(&[]),
};
