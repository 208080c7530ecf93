//! The window: panels, timeline, commands, settings. Knows no codec and no container by name, and
//! uses no files, threads or processes of its own: those are behind `ingest`, `decode` and
//! [`Dialogs`].
//!
//! | module | what it does |
//! |---|---|
//! | `run`, `options` | open a native window, and what can be asked of it |
//! | `app` | owns all below, applies each [`Command`] |
//! | `command`, `keymap`, `keys`, `fuzzy` | what a person can do, whether it is possible now, and how they say it |
//! | `session`, `view_id` | what is open: store, players, decoded frames |
//! | `clock`, `steps`, `place`, `aim` | the playhead, and where it can go |
//! | `top_bar`, `streams`, `tiles`, `tile`, `inspector`, `timeline`, `empty` | the parts of the window |
//! | `dialogs`, `notices`, `problem`, `drop_area` | what lies over them |
//! | `export` | what can be saved besides recordings and frames |
//! | `reel` | what a session file holds |
//! | `recent`, `link`, `percent`, `paste` | what was open before, and ways in from outside |
//! | `loupe`, `pixel_text` | the values of single pixels |
//! | `meter`, `hud` | how well it all keeps up |
//! | `video_paint`, `shape`, `values`, `picture_choice` | frames onto the screen |
//! | `theme`, `icons`, `widgets`, `color_words` | how it all looks and is called |

mod aim;
mod app;
mod clock;
mod color_words;
mod command;
mod compare;
mod dialogs;
mod drop_area;
mod empty;
mod export;
mod fuzzy;
mod hud;
mod icons;
mod inspector;
mod keymap;
mod keys;
mod link;
mod loupe;
mod markers;
mod meter;
mod motion;
mod notices;
mod options;
mod paste;
mod percent;
mod picture_choice;
mod pixel_text;
mod place;
mod problem;
mod recent;
mod reel;
mod run;
mod screenshot;
mod session;
mod settings;
mod shape;
mod sheet;
mod steps;
mod streams;
mod summary;
mod theme;
mod tile;
mod tiles;
mod timecode;
mod timeline;
mod top_bar;
mod values;
mod video_paint;
mod view_id;
mod widgets;
mod zoom;

pub use app::App;
pub use clock::{Clock, LoopMode, Pace, Speed, SpeedError};
pub use command::{AndSave, COMMANDS, Command, Dialog, Entry, Group, Shortcut, entry};
pub use compare::{CompareMode, CompareValue};
pub use export::{Export, ExportWords};
pub use inspector::InspectorTab;
pub use keymap::{KeyChoice, KeyPreset};
pub use link::{Link, LinkError};
pub use markers::{Marker, MarkerId, Markers};
pub use options::{
    Choice, Dialogs, Outcome, Screenshot, ScreenshotRequest, ViewerError, ViewerOptions,
};
pub use picture_choice::{Exposure, PictureChoice};
pub use place::{Place, PlaceError};
pub use run::run;
pub use settings::{
    Corrections, Listening, Panels, PixelText, Recent, Recents, Settings, StepRates, StreamName,
    ThemeChoice, TimelineRows, UiScale, WhenSlow,
};
pub use values::ValueChoice;
pub use view_id::ViewId;
