//! Links to a moment: `reelscope://open?path=/videos/a.mp4&at=12.3s`. Also how one launch tells
//! another what it was asked for.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::paste;
use crate::percent;
use crate::place::{Place, PlaceError};

/// What all links start with.
const SCHEME: &str = "reelscope:";
/// What they ask for.
const OPEN: &str = "open";
/// More files than anybody opens at once.
const MOST_PATHS: usize = 256;

/// What a launch, a link or a person asks to be opened and looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Files.
    pub paths: Vec<PathBuf>,
    /// Where the playhead is to be.
    pub at: Option<Place>,
    /// The entity of the stream that is to have the focus: a file's name for a file with one stream.
    pub entity: Option<String>,
    /// The timeline of a recording.
    pub timeline: Option<String>,
}

/// Why a text is no link that can be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It starts differently.
    #[error("a link starts with “reelscope://open?”")]
    NotALink,
    /// It asks for something that this version cannot do.
    #[error("this version cannot follow links to “{verb}”; it knows “open” alone")]
    Verb {
        /// What it asks for.
        verb: String,
    },
    /// It has a part that this version does not know.
    #[error(
        "this version does not understand “{name}” in a link; it knows path, at, entity and timeline"
    )]
    Part {
        /// The name of the part.
        name: String,
    },
    /// A path does not start at the root: where it leads would depend on where the program was
    /// started.
    #[error("the path “{path}” is not complete; a link needs it from the root on")]
    RelativePath {
        /// The path.
        path: String,
    },
    /// It names too many files.
    #[error("the link names more than {MOST_PATHS} files")]
    TooMany,
    /// A part is no text.
    #[error("“{name}” of the link is not text (UTF-8)")]
    NotText {
        /// The name of the part.
        name: String,
    },
    /// The moment is no place.
    #[error("{0}")]
    Place(#[from] PlaceError),
}

impl Link {
    /// True if a text means to be a link.
    pub fn is_one(text: &str) -> bool {
        text.get(..SCHEME.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
    }

    /// What an argument of the command line asks for: a link, a `file://` address or a path.
    ///
    /// # Errors
    /// If it is a link that cannot be followed.
    pub fn from_argument(argument: &OsStr) -> Result<Self, LinkError> {
        let path = match argument.to_str() {
            Some(text) if Self::is_one(text) => return text.parse(),
            Some(text) if text.starts_with("file://") => paste::one_path(text),
            _ => PathBuf::from(argument),
        };
        Ok(Self {
            paths: vec![path],
            ..Self::default()
        })
    }

    /// Asks for what `other` asks for as well; where both say something, the other one counts.
    pub fn join(&mut self, other: Self) {
        self.paths.extend(other.paths);
        self.at = other.at.or(self.at);
        self.entity = other.entity.or(self.entity.take());
        self.timeline = other.timeline.or(self.timeline.take());
    }
}

impl FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if !Self::is_one(text) {
            return Err(LinkError::NotALink);
        }
        let rest = text.get(SCHEME.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches('/');
        let (verb, query) = rest.split_once('?').unwrap_or((rest, ""));
        let verb = verb.trim_end_matches('/');
        if !verb.eq_ignore_ascii_case(OPEN) {
            let verb = crate::widgets::elided(verb, 40);
            return Err(LinkError::Verb { verb });
        }
        let mut link = Self::default();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            link.take(name, value)?;
        }
        Ok(link)
    }
}

impl Link {
    fn take(&mut self, name: &str, value: &str) -> Result<(), LinkError> {
        let text = || {
            String::from_utf8(percent::decoded(value)).map_err(|_| LinkError::NotText {
                name: name.to_owned(),
            })
        };
        match name {
            "path" => {
                let path = percent::path(value);
                if !path.is_absolute() {
                    let path = path.display().to_string();
                    return Err(LinkError::RelativePath { path });
                }
                if self.paths.len() >= MOST_PATHS {
                    return Err(LinkError::TooMany);
                }
                self.paths.push(path);
            }
            "at" => self.at = Some(text()?.parse()?),
            "entity" => self.entity = Some(text()?),
            "timeline" => self.timeline = Some(text()?),
            other => {
                let name = crate::widgets::elided(other, 40);
                return Err(LinkError::Part { name });
            }
        }
        Ok(())
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.paths.iter();
        let mut parts: Vec<(&str, String)> = paths
            .map(|path| ("path", percent::encoded_path(path)))
            .collect();
        let encoded = |text: &String| percent::encoded(text.as_bytes());
        parts.extend(self.at.map(|at| ("at", encoded(&at.to_string()))));
        parts.extend(self.entity.as_ref().map(|it| ("entity", encoded(it))));
        parts.extend(self.timeline.as_ref().map(|it| ("timeline", encoded(it))));
        write!(f, "{SCHEME}//{OPEN}")?;
        for (number, (name, value)) in parts.iter().enumerate() {
            let before = if number == 0 { '?' } else { '&' };
            write!(f, "{before}{name}={value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(text: &str) -> Link {
        text.parse().unwrap()
    }

    #[test]
    fn a_link_names_files_and_a_moment() {
        let found =
            link("reelscope://open?path=/videos/my%20drive.mp4&path=/b.mkv&at=%2345&entity=b.mkv");
        assert_eq!(
            found,
            Link {
                paths: vec!["/videos/my drive.mp4".into(), "/b.mkv".into()],
                at: Some(Place::Frame(45)),
                entity: Some("b.mkv".to_owned()),
                timeline: None,
            }
        );
        // Browsers write schemes and hosts as they like.
        assert_eq!(link("REELSCOPE://Open/?path=/a").paths.len(), 1);
        assert_eq!(link("reelscope://open"), Link::default());
        // A fragment is nothing that a link of ours has.
        assert_eq!(link("reelscope:open?at=#7").at, Some(Place::Frame(7)));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for at in [
            Place::Frame(1_500),
            Place::Time(12_300_000_001),
            Place::Time(0),
            Place::Clock(3_723_500_000_000),
            Place::Moment(1_790_000_000_500_000_001),
            Place::FramesFromHere(-3),
            Place::NanosFromHere(250_000_000),
        ] {
            let before = Link {
                paths: vec!["/ä b&c=d#e?f%20+.mp4".into(), "/\n/x".into()],
                at: Some(at),
                entity: Some("/camera/front left".to_owned()),
                timeline: Some("log & time".to_owned()),
            };
            let text = before.to_string();
            assert_eq!(link(&text), before, "{text}");
            assert!(text.is_ascii() && !text.contains([' ', '\n']), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn paths_that_are_no_text_survive() {
        use std::os::unix::ffi::OsStrExt;
        let path = PathBuf::from(OsStr::from_bytes(b"/videos/\xff\xfe.mp4"));
        let before = Link {
            paths: vec![path],
            ..Link::default()
        };
        assert_eq!(link(&before.to_string()), before);
    }

    #[test]
    fn what_cannot_be_followed_says_why() {
        let error = |text: &str| text.parse::<Link>().unwrap_err();
        assert_eq!(error("/videos/a.mp4"), LinkError::NotALink);
        assert_eq!(error("http://open?path=/a"), LinkError::NotALink);
        assert!(
            matches!(error("reelscope://delete?path=/a"), LinkError::Verb { verb } if verb == "delete")
        );
        assert!(matches!(
            error("reelscope://open?path=../a.mp4"),
            LinkError::RelativePath { .. }
        ));
        assert!(matches!(
            error("reelscope://open?at=noon"),
            LinkError::Place(_)
        ));
        assert!(matches!(
            error("reelscope://open?entity=%ff"),
            LinkError::NotText { .. }
        ));
        assert!(matches!(
            error("reelscope://open?run=rm"),
            LinkError::Part { .. }
        ));
        let many = format!("reelscope://open?{}", "path=/a&".repeat(MOST_PATHS + 1));
        assert_eq!(error(&many), LinkError::TooMany);
    }

    #[test]
    fn arguments_are_paths_addresses_or_links() {
        let of = |text: &str| Link::from_argument(OsStr::new(text)).unwrap().paths;
        assert_eq!(of("a b.mp4"), [PathBuf::from("a b.mp4")]);
        assert_eq!(of("file:///a%20b.mp4"), [PathBuf::from("/a b.mp4")]);
        assert_eq!(of("reelscope://open?path=/c"), [PathBuf::from("/c")]);
        assert!(Link::from_argument(OsStr::new("reelscope://x")).is_err());
    }
}
