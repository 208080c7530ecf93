//! What of a picture is in view, and its measurement.

use std::sync::Arc;

use egui::{Rect, Ui};
use reelscope_ingest::Errand;
use reelscope_media::{ColorInfo, Frame};
use reelscope_render::{
    Basis, Look, Measuring, RenderError, ScopeArea, Scopes, VideoTexture, measure_frame,
};

use super::{Spot, VideoPaint, Where};
use crate::shape::Grid;
use crate::values::StreamLook;
use crate::view_id::ViewId;

/// How a view was seen when its tile was drawn last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// Where the whole picture was.
    pub(crate) place: Where,
    /// The part of the decoded picture that was in view, `[x, y, width, height]`.
    pub(crate) part: Option<[u32; 4]>,
    /// The pixel that the pointer was over last.
    pub(crate) pixel: Option<[u32; 2]>,
    /// The repaint.
    pass: u64,
}

/// All that a measurement depends on.
#[derive(Clone)]
pub(crate) struct Wish {
    frame: Arc<Frame>,
    stated: ColorInfo,
    look: Look,
    pub(crate) area: ScopeArea,
}

impl PartialEq for Wish {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.frame, &other.frame)
            && self.stated == other.stated
            && self.look == other.look
            && self.area == other.area
    }
}

impl Wish {
    /// The same on another thread, without a GPU.
    pub(crate) fn errand(self) -> Errand<Option<Scopes>> {
        Box::new(move || measure_frame(&self.frame, self.stated, &self.look, &self.area))
    }
}

impl VideoPaint {
    /// Notes how a view's picture is seen in its tile, and by the pointer if that is over it.
    pub(crate) fn note_seen(
        &mut self,
        ui: &Ui,
        view: ViewId,
        place: Where,
        (tile, is_pointed_at): (&Rect, bool),
    ) {
        let Some(picture) = self.pictures.get(&(view, Spot::Tile)) else {
            return;
        };
        let grid = Grid::new(&place, (picture.frame.width(), picture.frame.height()));
        let pointer = ui.input(|input| input.pointer.hover_pos());
        let pointed_at = pointer.filter(|_| is_pointed_at);
        let before = self.seen.get(&view).and_then(|seen| seen.pixel);
        let seen = Seen {
            place,
            part: grid.part_in(tile.intersect(ui.clip_rect())),
            pixel: pointed_at.and_then(|at| grid.pixel_at(at)).or(before),
            pass: ui.ctx().cumulative_pass_nr(),
        };
        self.seen.insert(view, seen);
    }

    /// How a view is seen; `None` if its picture is not in a tile of its own.
    pub(crate) fn seen(&self, ui: &Ui, view: ViewId) -> Option<Seen> {
        let pass = ui.ctx().cumulative_pass_nr();
        let seen = self.seen.get(&view).copied();
        // The inspector may be drawn before the tiles.
        seen.filter(|seen| seen.pass + 1 >= pass)
    }

    /// Width and height of the frame that a view shows, in pixels.
    pub(crate) fn size(&self, view: ViewId) -> Option<[u32; 2]> {
        let frame = &self.pictures.get(&(view, Spot::Tile))?.frame;
        Some([frame.width(), frame.height()])
    }

    /// A wish to measure what is in view, or all of the picture where that is not known.
    pub(crate) fn wish(
        &self,
        view: ViewId,
        look: &StreamLook,
        (seen, basis): (Option<&Seen>, Basis),
    ) -> Option<Wish> {
        let picture = self.pictures.get(&(view, Spot::Tile))?;
        let texture = picture.texture.as_ref().ok()?;
        let (width, height) = texture.size();
        let part = seen.and_then(|seen| seen.part);
        Some(Wish {
            frame: picture.frame.clone(),
            stated: picture.stated,
            look: look.look(texture),
            area: ScopeArea {
                region: part.unwrap_or([0, 0, width, height]),
                orientation: seen.map(|seen| seen.place.orientation).unwrap_or_default(),
                basis,
            },
        })
    }

    /// True if the GPU can measure.
    pub(crate) fn can_measure(&self) -> bool {
        let renderer = self.renderer.as_ref();
        renderer.is_some_and(|renderer| renderer.can_measure())
    }

    /// Begins to measure what a view shows.
    ///
    /// # Errors
    /// As [`reelscope_render::Renderer::measure`].
    pub(crate) fn measure(
        &mut self,
        view: ViewId,
        wish: &Wish,
    ) -> Result<Option<Measuring>, RenderError> {
        let picture = self.pictures.get(&(view, Spot::Tile));
        let texture = picture.and_then(|picture| picture.texture.as_ref().ok());
        let (Some(renderer), Some(texture)) = (&mut self.renderer, texture) else {
            return Ok(None);
        };
        renderer.measure(texture, &wish.look, &wish.area)
    }

    /// The colours that a view's picture is shown with.
    pub(crate) fn color(&self, view: ViewId) -> Option<ColorInfo> {
        let picture = self.pictures.get(&(view, Spot::Tile))?;
        picture.texture.as_ref().ok().map(VideoTexture::color)
    }
}
