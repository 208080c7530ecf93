//! What the timeline shows of the moment under the pointer: a thin line, the time, the frame's number,
//! and a small picture if there is one at hand. Nothing is decoded for it.

use std::sync::Arc;

use egui::{
    Align, Align2, Area, FontId, Frame, Layout, Order, Painter, Rect, Response, RichText, Role,
    Sense, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use reelscope_media::{SampleId, SyncKind};
use reelscope_store::{LogTime, StreamId, StreamView, TimelineKind};

use super::{Axis, View};
use crate::shape;
use crate::steps::{dropped, sample_at};
use crate::theme::Palette;
use crate::tile::frames_off;
use crate::tiles::title;
use crate::timecode::time_text;
use crate::video_paint::{Spot, VideoPaint, Where};

/// The most that one picture takes.
const ALONE: Vec2 = vec2(240.0, 160.0);
/// The most that each takes if there are several.
const BESIDE: Vec2 = vec2(152.0, 104.0);
/// A picture's words take this width at least.
const NARROWEST: f32 = 132.0;
/// Pictures that are shown side by side.
const MOST: usize = 4;

/// What of the timeline is where.
pub(super) struct Place<'a> {
    /// The time axis, ruler and lanes.
    pub(super) rect: Rect,
    pub(super) axis: &'a Axis,
    pub(super) lanes: &'a [(StreamId, Rect)],
}

/// A stream at the time under the pointer.
struct Moment<'a> {
    stream: StreamView<'a>,
    sample: SampleId,
    number: Option<usize>,
    picture: Option<Picture<'a>>,
}

struct Picture<'a> {
    sample: SampleId,
    frame: &'a Arc<reelscope_media::Frame>,
    /// Of whole pictures, in pixels as decoded.
    size: (u32, u32),
}

/// Draws it.
pub(super) fn ui(
    ui: &Ui,
    response: &Response,
    place: &Place<'_>,
    view: &View<'_>,
    paint: &mut VideoPaint,
) {
    let Some(pointer) = response.hover_pos().filter(|_| !response.dragged()) else {
        return;
    };
    let palette = Palette::of(ui.visuals());
    let time = place.axis.time_at(pointer.x, place.rect);
    ui.painter()
        .vline(pointer.x, place.rect.y_range(), (1.0, palette.faint));
    let lane = place
        .lanes
        .iter()
        .find(|(_, rect)| rect.y_range().contains(pointer.y));
    let moments: Vec<Moment<'_>> = match lane {
        Some((stream, _)) => moment(view, *stream, time).into_iter().collect(),
        None => view
            .on_screen
            .iter()
            .filter_map(|stream| moment(view, *stream, time))
            .filter(|moment| moment.picture.is_some())
            .take(MOST)
            .collect(),
    };
    if moments.iter().any(|moment| moment.picture.is_some()) {
        let at = pos2(pointer.x, place.rect.top() - 4.0);
        Area::new(response.id.with("moment"))
            .order(Order::Tooltip)
            .interactable(false)
            .pivot(Align2::CENTER_BOTTOM)
            .fixed_pos(at)
            .constrain_to(ui.ctx().content_rect().shrink(4.0))
            .fade_in(false)
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style())
                    .inner_margin(6)
                    .show(ui, |ui| card(ui, view, &moments, time, paint));
            });
    } else {
        let focused = view.focused.and_then(|stream| moment(view, stream, time));
        let number = moments.first().or(focused.as_ref());
        bubble(
            ui,
            response,
            place.rect,
            pointer.x,
            (view.kind, time),
            number.and_then(|moment| moment.number),
        );
    }
}

/// What a stream shows at a time; `None` if that is outside it.
fn moment<'a>(view: &View<'a>, id: StreamId, time: LogTime) -> Option<Moment<'a>> {
    let (_, stream) = view.session.store.stream(id)?;
    let time = view.session.time_in(id, time);
    let (start, end) = stream.extent()?;
    if !(start..end).contains(&time) {
        return None;
    }
    let sample = sample_at(&stream, time)?;
    let samples = &stream.track.samples;
    let pts = samples.get(sample)?.pts;
    let shown = view.session.view(id)?;
    let picture = view
        .session
        .cache
        .nearest_reduced(shown.key(), pts)
        .map(|(sample, _, frame)| Picture {
            sample,
            frame,
            size: shown
                .picture_size(stream.track)
                .unwrap_or((frame.width(), frame.height())),
        });
    Some(Moment {
        stream,
        sample,
        number: stream
            .moment_at(time)
            .map(|number| dropped(&stream) + number),
        picture,
    })
}

/// The pictures with their words, and the time below them.
fn card(
    ui: &mut Ui,
    view: &View<'_>,
    moments: &[Moment<'_>],
    time: LogTime,
    paint: &mut VideoPaint,
) {
    const GAP: f32 = 8.0;
    let space = if moments.len() > 1 { BESIDE } else { ALONE };
    let sizes: Vec<Vec2> = moments
        .iter()
        .map(|moment| {
            let picture = moment.picture.as_ref();
            picture.map_or(vec2(0.0, 0.0), |picture| {
                shape::fitting(
                    shape::display_size(moment.stream.track, picture.size),
                    space,
                )
            })
        })
        .collect();
    let height = sizes.iter().map(|size| size.y).fold(0.0, f32::max);
    let width = |size: &Vec2| size.x.max(NARROWEST);
    let total: f32 = sizes.iter().map(width).sum();
    let total = total + GAP * moments.len().saturating_sub(1) as f32;
    ui.set_width(total);
    ui.spacing_mut().item_spacing = vec2(GAP, 3.0);
    ui.horizontal_top(|ui| {
        for (moment, size) in moments.iter().zip(&sizes) {
            ui.vertical(|ui| {
                ui.set_width(width(size));
                if moments.len() > 1 {
                    name(ui, view, moment);
                }
                let (rect, response) =
                    ui.allocate_exact_size(vec2(width(size), height), Sense::hover());
                let place = Rect::from_center_size(rect.center(), *size);
                picture(ui, (view, time), moment, place, paint);
                response.widget_info(|| {
                    let title = title(view.session, moment.stream.id);
                    WidgetInfo::labeled(Role::Image, true, format!("Preview of {title}"))
                });
                caption(ui, moment);
            });
        }
    });
    let palette = Palette::of(ui.visuals());
    ui.vertical_centered(|ui| {
        let text = RichText::new(time_text(view.kind, time)).monospace();
        ui.label(text.color(palette.text));
    });
}

fn name(ui: &mut Ui, view: &View<'_>, moment: &Moment<'_>) {
    let palette = Palette::of(ui.visuals());
    let text = RichText::new(title(view.session, moment.stream.id)).small();
    ui.add(egui::Label::new(text.color(palette.weak)).truncate());
}

fn picture(
    ui: &Ui,
    (view, time): (&View<'_>, LogTime),
    moment: &Moment<'_>,
    place: Rect,
    paint: &mut VideoPaint,
) {
    let Some(picture) = &moment.picture else {
        return;
    };
    let track = &moment.stream.track;
    let stated = view
        .session
        .stated_color(moment.stream.id, track, picture.frame);
    let painter: Painter = ui.painter_at(place);
    painter.rect_filled(place, 0.0, Palette::of(ui.visuals()).sunken);
    paint.take(moment.stream.id, Spot::Hover, picture.frame, stated);
    paint.paint(
        &painter,
        (moment.stream.id, Spot::Hover),
        Where {
            rect: place,
            orientation: track.geometry.orientation,
            aperture: shape::aperture(track, picture.size, picture.frame),
            smooth: true,
        },
        &view.session.look(&moment.stream, time),
    );
}

/// The number of the frame under the pointer, and how far the picture is from it.
fn caption(ui: &mut Ui, moment: &Moment<'_>) {
    let palette = Palette::of(ui.visuals());
    let samples = &moment.stream.track.samples;
    ui.horizontal(|ui| {
        if let Some(number) = moment.number {
            ui.label(RichText::new(format!("#{number}")).monospace());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let of_picture = moment.picture.as_ref();
            let here = of_picture.and_then(|picture| samples.frame_number(picture.sample));
            let off = samples
                .frame_number(moment.sample)
                .zip(here)
                .and_then(|(wanted, here)| frames_off(wanted, here));
            let sample = samples.get(moment.sample);
            let is_sync = sample.is_some_and(|sample| sample.sync != SyncKind::None);
            if let Some(off) = off {
                ui.label(RichText::new(off).small().color(palette.warning));
            } else if is_sync {
                ui.label(RichText::new("keyframe").small().color(palette.weak));
            }
        });
    });
}

/// The time alone, where there is no picture.
fn bubble(
    ui: &Ui,
    response: &Response,
    rect: Rect,
    x: f32,
    (kind, time): (TimelineKind, LogTime),
    number: Option<usize>,
) {
    let palette = Palette::of(ui.visuals());
    let text = match number {
        Some(number) => format!("{}   #{number}", time_text(kind, time)),
        None => time_text(kind, time),
    };
    let galley = ui
        .painter()
        .layout_no_wrap(text, FontId::monospace(11.0), palette.text);
    let size = galley.size() + vec2(12.0, 6.0);
    let left = (x - size.x / 2.0).clamp(rect.left(), (rect.right() - size.x).max(rect.left()));
    let bubble = Rect::from_min_size(pos2(left, rect.top() + 1.0), size);
    let layer = egui::LayerId::new(Order::Tooltip, response.id.with("time"));
    let painter = ui.ctx().layer_painter(layer);
    painter.rect(
        bubble,
        4.0,
        palette.raised,
        (1.0, palette.line),
        egui::StrokeKind::Inside,
    );
    painter.galley(bubble.min + vec2(6.0, 3.0), galley, palette.text);
}
