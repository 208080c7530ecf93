//! The frames of one stream, by number.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use reelscope_media::{Frame, Presentation, SampleId, Track};
use reelscope_player::{Absence, Intent, ShownState};
use reelscope_render::{Look, Renderer, RgbaImage};
use reelscope_store::{
    LogTime, Nothing, Recording, Store, StreamKind, StreamView, TimelineKind, TrackName,
};

use crate::{Engines, Headless, ReadError};

/// The frames of a stream on a timeline, in the order of time. What cannot be decoded because the stream
/// starts without a keyframe is not among them.
pub struct Frames {
    /// The file that they are in.
    pub(crate) path: PathBuf,
    pub(crate) list: List,
    /// The times of those, in nanoseconds or counted.
    times: Vec<i64>,
    pub(crate) kind: Option<TimelineKind>,
    pub(crate) is_logged_stream: bool,
    engines: Engines,
    /// With the track that it plays.
    player: Option<(usize, Headless)>,
    renderer: Option<Renderer>,
}

/// Frames to be decoded, and the tracks that they are in.
#[derive(Debug, Default)]
pub(crate) struct List {
    wanted: Vec<Wanted>,
    pub(crate) tracks: Vec<Track>,
}

/// A frame to be decoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    track: usize,
    pub(crate) sample: SampleId,
}

impl List {
    pub(crate) fn get(&self, number: usize) -> Result<(Wanted, &Track), ReadError> {
        let wanted = self.wanted.get(number).copied();
        let found = wanted.and_then(|wanted| Some((wanted, self.tracks.get(wanted.track)?)));
        found.ok_or(ReadError::NoFrame {
            number,
            count: self.wanted.len(),
        })
    }
}

impl Frames {
    pub(crate) fn new(
        store: &Store,
        recording: &Recording,
        view: &StreamView<'_>,
        (path, entity): (&Path, String),
        engines: Engines,
    ) -> Result<Self, ReadError> {
        let mut names: Vec<TrackName> = Vec::new();
        let mut frames = Self {
            path: path.to_owned(),
            list: List::default(),
            times: Vec::new(),
            kind: view.timeline.map(|timeline| timeline.kind),
            is_logged_stream: view.kind == Some(StreamKind::VideoStream),
            engines,
            player: None,
            renderer: None,
        };
        let mut why = None;
        for number in 0..view.moments() {
            let Some(moment) = view.moment(number) else {
                continue;
            };
            let hit = match store.frame_of(recording, view, moment) {
                Ok(hit) => hit,
                Err(nothing) => {
                    why = Some(nothing);
                    continue;
                }
            };
            let known = names.iter().position(|known| *known == hit.name);
            let track = known.unwrap_or_else(|| {
                names.push(hit.name);
                frames.list.tracks.push(hit.track.clone());
                names.len() - 1
            });
            frames.times.push(moment.time.0);
            frames.list.wanted.push(Wanted {
                track,
                sample: hit.sample,
            });
        }
        if frames.list.wanted.is_empty() {
            let why = why.or_else(|| store.hit(recording, view, LogTime(0)).err());
            let why = why.map_or_else(
                || "it has no frames".to_owned(),
                |why: Nothing| why.to_string(),
            );
            return Err(ReadError::Nothing { entity, why });
        }
        Ok(frames)
    }

    /// Gives back the decoder, with its process and its memory, until the next frame is asked for.
    pub fn rest(&mut self) {
        self.player = None;
    }

    /// When each frame is shown: nanoseconds, or the numbers of a timeline that counts.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// What the times are; `None` for what was logged without any.
    pub fn kind(&self) -> Option<TimelineKind> {
        self.kind
    }

    /// Decodes a frame: its planes as they are in the video. Those after it are decoded meanwhile.
    ///
    /// # Errors
    /// [`ReadError::NoFrame`], [`ReadError::NoPicture`], [`ReadError::Player`].
    pub fn frame(&mut self, number: usize) -> Result<Arc<Frame>, ReadError> {
        let (wanted, track) = self.list.get(number)?;
        let mut player = match self.player.take() {
            Some((known, player)) if known == wanted.track => player,
            _ => {
                let mut player = Headless::new(self.engines.clone());
                player.player().set_intent(Intent::Play);
                player
            }
        };
        let shown = player.frame(track, wanted.sample);
        self.player = Some((wanted.track, player));
        match (shown.state, shown.frame) {
            (ShownState::Exact, Some(exact)) => Ok(exact.frame),
            (ShownState::Failed(error), _) => Err(error.into()),
            (ShownState::Absent(Absence::Damaged(error)), _) => Err(ReadError::NoPicture {
                number,
                why: error.to_string(),
            }),
            _ => Err(ReadError::NoPicture {
                number,
                why: "the decoder gave no picture for its sample".to_owned(),
            }),
        }
    }

    /// Decodes a frame and converts it to R'G'B' as the viewer shows it: upright, with square pixels, of
    /// a height that fits the width.
    ///
    /// # Errors
    /// As [`Frames::frame`], and [`ReadError::Render`].
    pub fn picture(&mut self, number: usize, width: Option<u32>) -> Result<RgbaImage, ReadError> {
        let frame = self.frame(number)?;
        let (_, track) = self.list.get(number)?;
        let look = Look {
            hdr: track.hdr(),
            ..Look::of(track.presentation)
        };
        let mut frame = Frame::clone(&frame);
        if track.presentation == Presentation::Picture && !frame.format().is_float() {
            // The values as they are; spreading them is for looking at them.
            frame.value_range = None;
        }
        let (geometry, aspect) = (&track.geometry, track.facts.pixel_aspect);
        let (part_width, part_height) = match geometry.clean_aperture {
            Some([_, _, width, height]) => (width, height),
            None => (frame.width(), frame.height()),
        };
        let whole = geometry.display_size(part_width, part_height, aspect);
        let size = width.map(|width| {
            let height = u64::from(whole.1) * u64::from(width) / u64::from(whole.0.max(1));
            (
                width.max(1),
                u32::try_from(height).unwrap_or(u32::MAX).max(1),
            )
        });
        let renderer = match &mut self.renderer {
            Some(renderer) => renderer,
            none => none.insert(Renderer::headless()?),
        };
        let color = track.color().or(frame.color);
        Ok(renderer.render_image(&frame, color, geometry, aspect, size, &look)?)
    }
}
