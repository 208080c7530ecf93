//! What is known of the files that were open before: whether they are still there, and a small
//! picture of each, made from the first one that was decoded.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use egui::{ColorImage, TextureHandle, TextureOptions, vec2};
use reelscope_decode::Wake;
use reelscope_ingest::{Remembered, Shelf, Thumbnail};
use reelscope_player::ShownState;
use reelscope_render::PendingImage;
use reelscope_store::{LogTime, StreamId};

use crate::problem::sentence;
use crate::session::Session;
use crate::settings::Recents;
use crate::shape;
use crate::video_paint::{Small, VideoPaint};

/// The largest picture that is kept, in pixels: that of a card, on a screen of twice the resolution.
const LARGEST: egui::Vec2 = vec2(320.0, 180.0);
/// How often to look whether the GPU is done with one.
const LOOK: Duration = Duration::from_millis(30);

/// What is known of one file.
#[derive(Default)]
pub(crate) struct Known {
    /// Why it cannot be opened.
    pub(crate) missing: Option<String>,
    /// Its picture.
    pub(crate) picture: Option<TextureHandle>,
}

/// What is known of all of them.
pub(crate) struct RecentFiles {
    shelf: Shelf,
    known: HashMap<String, Known>,
    /// Of what pictures are still to be made.
    wanted: Vec<(String, StreamId)>,
    pending: Option<(String, PendingImage)>,
    /// True while the list is on screen.
    is_seen: bool,
}

impl RecentFiles {
    /// Starts to look after them. Pictures are kept in `folder`, if there is one.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub(crate) fn start(folder: Option<PathBuf>, wake: Wake) -> std::io::Result<Self> {
        Ok(Self {
            shelf: Shelf::start(folder, wake)?,
            known: HashMap::new(),
            wanted: Vec::new(),
            pending: None,
            is_seen: false,
        })
    }

    /// What is known of a file.
    pub(crate) fn known(&self, path: &str) -> Option<&Known> {
        self.known.get(path)
    }

    /// To be called in each repaint: when the list comes on screen, all files are looked at anew.
    pub(crate) fn see(&mut self, recents: &Recents, is_seen: bool) {
        if is_seen && !self.is_seen {
            for recent in recents.iter() {
                self.shelf.look(PathBuf::from(&recent.path));
            }
        }
        self.is_seen = is_seen;
    }

    /// Takes what was found.
    pub(crate) fn take(&mut self, ctx: &egui::Context) {
        while let Some(found) = self.shelf.try_found() {
            let Remembered {
                path,
                missing,
                thumbnail,
            } = found;
            let Ok(path) = path.into_os_string().into_string() else {
                continue;
            };
            let missing = missing.map(|error| sentence(&error.to_string()));
            let picture = thumbnail.and_then(|picture| texture(ctx, &path, &picture));
            let known = self.known.entry(path).or_default();
            known.missing = missing;
            known.picture = picture.or(known.picture.take());
        }
    }

    /// Wants a picture of a file, as soon as this stream of it shows one.
    pub(crate) fn want(&mut self, path: String, stream: StreamId) {
        self.wanted.retain(|(other, _)| *other != path);
        self.wanted.push((path, stream));
    }

    /// Forgets a file.
    pub(crate) fn forget(&mut self, path: &str) {
        self.known.remove(path);
        self.wanted.retain(|(other, _)| other != path);
        self.shelf.forget(PathBuf::from(path));
    }

    /// Makes pictures, one after another. Never waits.
    pub(crate) fn advance(
        &mut self,
        ctx: &egui::Context,
        session: &Session,
        time: LogTime,
        paint: &mut VideoPaint,
    ) {
        if let Some((path, pending)) = self.pending.take() {
            match pending.try_take() {
                None => self.pending = Some((path, pending)),
                Some(Ok(image)) => {
                    let picture = Thumbnail {
                        width: image.width,
                        height: image.height,
                        rgba: image.pixels,
                    };
                    self.shelf.keep(PathBuf::from(path), picture);
                }
                // It is made the next time that the file is opened.
                Some(Err(_)) => {}
            }
        } else {
            self.wanted
                .retain(|(_, stream)| session.view(*stream).is_some());
            let started = self.wanted.iter().enumerate().find_map(|(at, (_, id))| {
                let image = start(session, *id, time, paint)?;
                Some((at, image))
            });
            if let Some((at, image)) = started {
                let (path, _) = self.wanted.remove(at);
                self.pending = image.map(|image| (path, image));
            }
        }
        if self.pending.is_some() {
            ctx.request_repaint_after(LOOK);
        }
    }
}

/// Starts to make a picture of what a stream shows. `None` if it does not show its frame yet,
/// `Some(None)` if there can be no picture.
fn start(
    session: &Session,
    id: StreamId,
    time: LogTime,
    paint: &mut VideoPaint,
) -> Option<Option<PendingImage>> {
    let shown = session.view(id)?.shown.as_ref()?;
    if !matches!(shown.state, ShownState::Exact) {
        return None;
    }
    let (_, stream) = session.store.stream(id)?;
    let frame = &shown.frame.as_ref()?.frame;
    let track = stream.track;
    let whole = (frame.width(), frame.height());
    let reduced = frame.reduced(2 * LARGEST.x as u32);
    let frame = reduced.as_ref().unwrap_or(frame);
    let size = shape::fitting(shape::display_size(track, whole), LARGEST);
    let small = Small {
        size: [size.x, size.y].map(|side| (side.round() as u32).max(1)),
        orientation: track.geometry.orientation,
        aperture: shape::aperture(track, whole, frame),
    };
    let stated = session.stated_color(id, track, frame);
    let look = session.look(&stream, time);
    Some(paint.small(frame, stated, small, &look))
}

fn texture(ctx: &egui::Context, path: &str, picture: &Thumbnail) -> Option<TextureHandle> {
    let size = [picture.width, picture.height].map(|side| side as usize);
    let fits = size.iter().product::<usize>().checked_mul(4) == Some(picture.rgba.len());
    fits.then(|| {
        let image = ColorImage::from_rgba_unmultiplied(size, &picture.rgba);
        ctx.load_texture(path, image, TextureOptions::LINEAR)
    })
}
