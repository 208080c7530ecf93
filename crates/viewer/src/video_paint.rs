//! The bridge between the window's toolkit and `render`: frames become textures, textures become
//! paint callbacks. The only file that knows both.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{Color32, ColorImage, Painter, Rect, TextureHandle, TextureOptions, TextureWrapMode};
use egui_wgpu::{CallbackResources, CallbackTrait, RenderState};
use reelscope_ingest::{MakeStill, Still, StillValues};
use reelscope_media::{ColorInfo, Frame, Geometry, Orientation, Ratio};
use reelscope_render::{
    Draw, PendingImage, PixelValues, Placement, RenderError, Renderer, Side, VideoTexture, probe,
};
use reelscope_store::StreamId;

use crate::theme::Palette;
use crate::values::{StreamLook, Values};
use crate::view_id::ViewId;

/// Side of a square of the board beneath translucent pictures, in points.
const SQUARE: f32 = 8.0;

/// Paints the streams' pictures. Without a GPU it takes frames and paints nothing.
#[derive(Default)]
pub(crate) struct VideoPaint {
    renderer: Option<Renderer>,
    /// What draws the window, for pictures that are made beside it.
    gpu: Option<(wgpu::Device, wgpu::Queue)>,
    pictures: HashMap<(ViewId, Spot), Picture>,
    /// Four squares of the board beneath translucent pictures.
    board: Option<TextureHandle>,
}

/// Where a view has a picture on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Spot {
    /// In its tile.
    Tile,
    /// Beside the pointer on the timeline.
    Hover,
    /// The one of this number in the timeline's strip.
    Strip(u8),
}

/// The picture of one view on the GPU.
struct Picture {
    /// The frame it was made from.
    frame: Arc<Frame>,
    stated: ColorInfo,
    texture: Result<VideoTexture, RenderError>,
}

/// Where a picture goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Where {
    /// The whole upright picture, in points. May reach outside the painter's clip.
    pub(crate) rect: Rect,
    /// What makes it upright.
    pub(crate) orientation: Orientation,
    /// The part of the decoded picture that is shown.
    pub(crate) aperture: Option<[u32; 4]>,
    /// True for a reduced copy: its pixels are never shown as blocks.
    pub(crate) smooth: bool,
}

/// A small picture that is to be kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Small {
    /// Width and height in pixels.
    pub(crate) size: [u32; 2],
    /// What makes it upright.
    pub(crate) orientation: Orientation,
    /// The part of the frame that is shown.
    pub(crate) aperture: Option<[u32; 4]>,
}

impl VideoPaint {
    /// Paints with the device that draws the window.
    ///
    /// # Errors
    /// As [`Renderer::new`].
    pub(crate) fn new(gpu: &RenderState) -> Result<Self, RenderError> {
        Ok(Self {
            renderer: Some(Renderer::new(&gpu.device, &gpu.queue, gpu.target_format)?),
            gpu: Some((gpu.device.clone(), gpu.queue.clone())),
            pictures: HashMap::new(),
            board: None,
        })
    }

    /// Takes the frame that a view shows at a spot from now on. Costs nothing if it is the one
    /// before.
    pub(crate) fn take(
        &mut self,
        view: impl Into<ViewId>,
        spot: Spot,
        frame: &Arc<Frame>,
        stated: ColorInfo,
    ) {
        let Some(renderer) = &self.renderer else {
            return;
        };
        let at = (view.into(), spot);
        let is_same =
            |picture: &Picture| Arc::ptr_eq(&picture.frame, frame) && picture.stated == stated;
        if self.pictures.get(&at).is_some_and(is_same) {
            return;
        }
        let old = self.pictures.remove(&at);
        let reuse = old.and_then(|old| old.texture.ok());
        let picture = Picture {
            frame: frame.clone(),
            stated,
            texture: renderer.upload(reuse, frame, stated),
        };
        self.pictures.insert(at, picture);
    }

    /// Bytes of the pictures on the graphics adapter, about: planes are there as they are.
    pub(crate) fn bytes(&self) -> usize {
        let pictures = self.pictures.values();
        let there = pictures.filter(|picture| picture.texture.is_ok());
        there.map(|picture| picture.frame.byte_size()).sum()
    }

    /// Drops a stream's pictures, in whatever view.
    pub(crate) fn forget(&mut self, stream: StreamId) {
        self.pictures.retain(|(of, _), _| of.stream != stream);
    }

    /// Drops the pictures of one view.
    pub(crate) fn forget_view(&mut self, view: ViewId) {
        self.pictures.retain(|(of, _), _| *of != view);
    }

    /// Drops the strips of all streams but one.
    pub(crate) fn forget_strips_but(&mut self, stream: StreamId) {
        self.pictures
            .retain(|(of, spot), _| of.stream == stream || !matches!(spot, Spot::Strip(_)));
    }

    /// Why a view's frame could not be given to the GPU, if so.
    pub(crate) fn error(&self, view: ViewId) -> Option<&RenderError> {
        let picture = self.pictures.get(&(view, Spot::Tile))?;
        picture.texture.as_ref().err()
    }

    /// The values of a pixel of the frame that a view shows in its tile.
    pub(crate) fn pixel(
        &self,
        view: ViewId,
        look: &StreamLook,
        [x, y]: [u32; 2],
    ) -> Option<PixelValues> {
        let picture = self.pictures.get(&(view, Spot::Tile))?;
        let texture = picture.texture.as_ref().ok()?;
        probe(&picture.frame, picture.stated, &look.look(texture), x, y)
    }

    /// The values that a view's picture is shown with; `None` if they are colours.
    pub(crate) fn values(&self, view: ViewId, look: &StreamLook) -> Option<Values> {
        let picture = self.pictures.get(&(view, Spot::Tile))?;
        look.values(picture.texture.as_ref().ok()?)
    }

    /// Starts to make a small picture of a frame. `None` if there is no GPU, or it refuses.
    pub(crate) fn small(
        &mut self,
        frame: &Frame,
        stated: ColorInfo,
        small: Small,
        look: &StreamLook,
    ) -> Option<PendingImage> {
        let renderer = self.renderer.as_mut()?;
        let texture = renderer.upload(None, frame, stated).ok()?;
        let [width, height] = small.size;
        let placement = Placement {
            orientation: small.orientation,
            aperture: small.aperture,
            smooth: true,
            ..Placement::filling(width, height)
        };
        let look = look.look(&texture);
        renderer.start_image(&texture, &placement, &look).ok()
    }

    /// What makes a picture of a frame on another thread: at its own size with all its bits, or as it is
    /// shown, in 8 bits and scaled to a size. `None` without a GPU, or if the frame is not there.
    pub(crate) fn still(
        &self,
        view: ViewId,
        frame: Arc<Frame>,
        (stated, geometry, aspect): (ColorInfo, Geometry, Option<Ratio>),
        look: &StreamLook,
        as_shown: Option<(u32, u32)>,
    ) -> Option<MakeStill> {
        let (device, queue) = self.gpu.clone()?;
        let texture = self
            .pictures
            .get(&(view, Spot::Tile))?
            .texture
            .as_ref()
            .ok()?;
        let look = look.look(texture);
        let is_deep = as_shown.is_none() && frame.format().depth > 8;
        Some(Box::new(move || {
            let format = wgpu::TextureFormat::Rgba8Unorm;
            let words = |error: RenderError| error.to_string();
            let mut renderer = Renderer::new(&device, &queue, format).map_err(words)?;
            if is_deep {
                let image = renderer
                    .render_image_16(&frame, stated, &geometry, aspect, None, &look)
                    .map_err(words)?;
                Ok(Still {
                    width: image.width,
                    height: image.height,
                    values: StillValues::Sixteen(image.pixels),
                })
            } else {
                let image = renderer
                    .render_image(&frame, stated, &geometry, aspect, as_shown, &look)
                    .map_err(words)?;
                Ok(Still {
                    width: image.width,
                    height: image.height,
                    values: StillValues::Eight(image.pixels),
                })
            }
        }))
    }

    /// Paints a view's picture.
    pub(crate) fn paint(
        &mut self,
        painter: &Painter,
        (view, spot): (impl Into<ViewId>, Spot),
        place: Where,
        look: &StreamLook,
    ) {
        let at = (view.into(), spot);
        if look.is_translucent() && self.pictures.contains_key(&at) {
            self.board(painter, place.rect);
        }
        let (Some(renderer), Some(picture)) = (&mut self.renderer, self.pictures.get_mut(&at))
        else {
            return;
        };
        let Ok(texture) = &picture.texture else {
            return;
        };
        let clip = painter.clip_rect().intersect(painter.ctx().viewport_rect());
        let placement = placement(painter, place);
        let target = placement.target;
        match renderer.prepare(texture, &placement, &look.look(texture)) {
            Ok(draw) => {
                let painted = Painted { draw, target };
                painter.add(egui_wgpu::Callback::new_paint_callback(clip, painted));
            }
            Err(error) => picture.texture = Err(error),
        }
    }

    /// Paints how far two views' pictures are from each other, where the first one is.
    pub(crate) fn difference(
        &mut self,
        painter: &Painter,
        [one, other]: [(ViewId, Where, StreamLook); 2],
        gain: f32,
    ) {
        let Some(renderer) = &mut self.renderer else {
            return;
        };
        let picture = |id| self.pictures.get(&(id, Spot::Tile))?.texture.as_ref().ok();
        let (Some(first), Some(second)) = (picture(one.0), picture(other.0)) else {
            return;
        };
        let (clip, placements) = (
            painter.clip_rect().intersect(painter.ctx().viewport_rect()),
            [one.1, other.1].map(|at| placement(painter, at)),
        );
        let looks = [one.2.look(first), other.2.look(second)];
        let [a, b] = [0, 1].map(|side| Side {
            texture: [first, second][side],
            placement: &placements[side],
            look: &looks[side],
        });
        if let Ok(draw) = renderer.prepare_difference(a, b, gain) {
            let target = placements[0].target;
            painter.add(egui_wgpu::Callback::new_paint_callback(
                clip,
                Painted { draw, target },
            ));
        }
    }

    /// Paints a board of squares, by which one sees how much of a picture lets through.
    fn board(&mut self, painter: &Painter, rect: Rect) {
        let board = self.board.get_or_insert_with(|| {
            let options = TextureOptions {
                wrap_mode: TextureWrapMode::Repeat,
                ..TextureOptions::NEAREST
            };
            painter.ctx().load_texture("board", squares(), options)
        });
        let seen = rect.intersect(painter.clip_rect());
        let palette = Palette::of(&painter.ctx().global_style().visuals);
        painter.rect_filled(seen, 0.0, palette.sunken);
        let part = Rect::from_min_max(
            ((seen.min - rect.min) / (2.0 * SQUARE)).to_pos2(),
            ((seen.max - rect.min) / (2.0 * SQUARE)).to_pos2(),
        );
        painter.image(board.id(), seen, part, palette.line);
    }
}

/// Where a picture goes, in pixels of the window.
fn placement(painter: &Painter, place: Where) -> Placement {
    let scale = painter.pixels_per_point();
    let screen = painter.ctx().viewport_rect();
    let clip = painter.clip_rect().intersect(screen);
    let edge = |points: f32| (points * scale).round().max(0.0) as u32;
    let (left, top) = (edge(clip.left()), edge(clip.top()));
    Placement {
        target: [screen.width(), screen.height()].map(|side| (side * scale).round() as u32),
        viewport: [
            place.rect.left() * scale,
            place.rect.top() * scale,
            place.rect.width() * scale,
            place.rect.height() * scale,
        ],
        clip: [
            left,
            top,
            edge(clip.right()).saturating_sub(left),
            edge(clip.bottom()).saturating_sub(top),
        ],
        orientation: place.orientation,
        aperture: place.aperture,
        opacity: painter.opacity(),
        smooth: place.smooth,
    }
}

/// Two by two squares, every other one left empty.
fn squares() -> ColorImage {
    let (full, empty) = (Color32::WHITE, Color32::TRANSPARENT);
    ColorImage::new([2, 2], vec![full, empty, empty, full])
}

/// One picture of one repaint.
struct Painted {
    draw: Draw,
    target: [u32; 2],
}

impl CallbackTrait for Painted {
    fn paint(
        &self,
        info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        _resources: &CallbackResources,
    ) {
        // While the window changes its size the two may differ for one repaint.
        if info.screen_size_px == self.target {
            self.draw.paint(pass);
        }
    }
}
