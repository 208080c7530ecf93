//! The strip of thumbnails: small pictures of the focused stream along the time that is seen. Nothing
//! is decoded for it.

use egui::{
    Align, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};
use reelscope_store::{LogTime, StreamView};

use super::{Axis, View};
use crate::shape;
use crate::steps::sample_at;
use crate::theme::{MARGIN, Palette};
use crate::tiles::title;
use crate::video_paint::{Spot, VideoPaint, Where};

/// Height of the strip.
pub(super) const HEIGHT: f32 = 46.0;
/// Pictures that it has, at most: each is a texture.
const MOST: u8 = 24;
/// Space between pictures.
const GAP: f32 = 1.0;
/// A picture stands for its cell if its time is within this of it, however little time a cell is.
const NEAR_NANOS: u64 = 500_000_000;

/// Where the strip is.
pub(super) struct Place<'a> {
    /// Left of the axis, for the name.
    pub(super) gutter: Rect,
    /// Along the axis.
    pub(super) rect: Rect,
    pub(super) axis: &'a Axis,
}

/// Draws the strip of the focused stream.
pub(super) fn ui(
    ui: &mut Ui,
    place: &Place<'_>,
    view: &View<'_>,
    stream: &StreamView<'_>,
    paint: &mut VideoPaint,
) {
    let palette = Palette::of(ui.visuals());
    let builder = UiBuilder::new()
        .max_rect(
            place
                .gutter
                .with_min_x(place.gutter.left() + f32::from(MARGIN)),
        )
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        let text = RichText::new("Thumbnails").small().color(palette.weak);
        ui.add(Label::new(text).truncate());
    });
    let Some((start, end)) = stream.extent() else {
        return;
    };
    paint.forget_strips_but(stream.id);
    let rect = place.rect.shrink2(vec2(0.0, 3.0));
    let within = Rect::from_x_y_ranges(
        place.axis.x_of(start, rect)..=place.axis.x_of(end, rect),
        rect.y_range(),
    )
    .intersect(rect);
    if !within.is_positive() {
        return;
    }
    ui.painter().rect_filled(within, 2.0, palette.sunken);
    let Some(size) = view
        .session
        .view(stream.id)
        .and_then(|shown| shown.picture_size(stream.track))
    else {
        return;
    };
    let shape = shape::display_size(stream.track, size);
    let picture = shape::fitting(shape, vec2(f32::INFINITY, rect.height()));
    let width = (picture.x + GAP).max(rect.width() / f32::from(MOST));
    let mut count = 0;
    for number in 0..MOST {
        let left = rect.left() + width * f32::from(number);
        let cell = Rect::from_min_size(
            egui::pos2(left, rect.top()),
            vec2(width - GAP, rect.height()),
        );
        if left >= rect.right() {
            break;
        }
        let cell_of = Cell {
            number,
            rect: cell,
            clip: cell.intersect(within),
            picture,
        };
        count += usize::from(cell_of.paint(ui, place.axis, rect, (view, stream, size), paint));
    }
    let response = ui.interact(rect, ui.scope_id().with("thumbnails"), Sense::hover());
    response.widget_info(|| {
        let title = title(view.session, stream.id);
        WidgetInfo::labeled(Role::Image, true, format!("{count} thumbnails of {title}"))
    });
}

/// The place of one picture.
struct Cell {
    number: u8,
    rect: Rect,
    /// The part of it at which there is something to see.
    clip: Rect,
    picture: Vec2,
}

impl Cell {
    /// Paints the picture nearest to its middle. False if there is none near.
    fn paint(
        &self,
        ui: &Ui,
        axis: &Axis,
        strip: Rect,
        (view, stream, size): (&View<'_>, &StreamView<'_>, (u32, u32)),
        paint: &mut VideoPaint,
    ) -> bool {
        if !self.clip.is_positive() {
            return false;
        }
        let track = &stream.track;
        let time: LogTime = axis.time_at(self.clip.center().x, strip);
        let found = sample_at(stream, time)
            .and_then(|sample| track.samples.get(sample))
            .and_then(|sample| {
                let key = view.session.view(stream.id)?.key();
                view.session.cache.nearest_reduced(key, sample.pts)
            });
        let Some((_, pts, frame)) = found else {
            return false;
        };
        // Saturates where it is out of range.
        let span = (axis.nanos_per_point(strip) * f64::from(self.rect.width())) as u64;
        if !stream.refers() && track.nanos(pts).abs_diff(time.0) > span.max(NEAR_NANOS) {
            return false;
        }
        let spot = (stream.id, Spot::Strip(self.number));
        let stated = view.session.stated_color(stream.id, track, frame);
        paint.take(spot.0, spot.1, frame, stated);
        let whole = Where {
            rect: Rect::from_center_size(self.rect.center(), self.picture),
            orientation: track.geometry.orientation,
            aperture: shape::aperture(track, size, frame),
            smooth: true,
        };
        let look = view.session.look(stream, time);
        paint.paint(&ui.painter_at(self.clip), spot, whole, &look);
        true
    }
}
