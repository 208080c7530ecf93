//! The pictures of a comparison.

use egui::{
    Align, Align2, Color32, CursorIcon, FontId, Layout, Painter, Rect, Role, Sense, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};
use reelscope_media::SyncKind;
use reelscope_player::ShownState;

use super::{Compare, CompareMode, CompareValue, header};
use crate::command::{Command, Commands};
use crate::shape;
use crate::theme::Palette;
use crate::tile::{self, FOOTER};
use crate::tiles::{Scene, title};
use crate::video_paint::{Spot, Where};
use crate::view_id::ViewId;
use crate::zoom::{Stage, Zoom};

/// Colours of the letters, which stand on dark in both themes.
const ONE: Color32 = Color32::from_rgb(120, 180, 255);
const OTHER: Color32 = Color32::from_rgb(255, 190, 90);
/// Width of the split as far as the pointer is concerned.
const GRIP: f32 = 14.0;

/// Draws both pictures and what is said below them.
pub(super) fn ui(
    ui: &mut Ui,
    rect: Rect,
    scene: &mut Scene<'_>,
    compare: &Compare,
    zoom: &mut Zoom,
    commands: &mut Commands,
) {
    let palette = Palette::of(ui.visuals());
    let footer = rect.with_min_y(rect.bottom() - FOOTER);
    let place = rect.with_max_y(footer.top());
    ui.painter().rect_filled(place, 0.0, palette.sunken);
    ui.painter().rect_filled(footer, 0.0, palette.surface);
    let [one, other] = compare.sides();
    let Some(picture) = display_size(scene, one) else {
        tile::nothing_yet(ui, place);
        return;
    };
    let stage = Stage {
        tile: place,
        picture,
        pixels_per_point: ui.pixels_per_point(),
    };
    let response = tile::interact(ui, scene, one, &stage, zoom, commands);
    let at = zoom.rect(&stage);
    let painter = ui.painter_at(place.intersect(ui.clip_rect()));
    let split = place.left() + compare.split * place.width();
    match compare.mode {
        CompareMode::Wipe => {
            paint(
                &painter.with_clip_rect(painter.clip_rect().intersect(place.with_max_x(split))),
                scene,
                one,
                at,
            );
            paint(
                &painter.with_clip_rect(painter.clip_rect().intersect(place.with_min_x(split))),
                scene,
                other,
                at,
            );
            handle(ui, place, split, commands);
        }
        CompareMode::Difference => difference(&painter, scene, [one, other], at, compare.gain),
        CompareMode::Blend => {
            paint(&painter, scene, one, at);
            let mut through = painter.clone();
            through.set_opacity(compare.blend);
            paint(&through, scene, other, at);
        }
    }
    letters(&painter, place, compare);
    line(ui, footer, scene, compare);
    drop(response);
}

/// The size at which a view's picture is shown.
fn display_size(scene: &Scene<'_>, id: ViewId) -> Option<egui::Vec2> {
    let (_, stream) = scene.session.store.stream(id.stream)?;
    let view = scene.session.view(id)?;
    let size = view.picture_size(stream.track)?;
    Some(shape::display_size(stream.track, size))
}

/// Where a view's picture goes.
fn place_of(scene: &Scene<'_>, id: ViewId, rect: Rect) -> Option<Where> {
    let (_, stream) = scene.session.store.stream(id.stream)?;
    let view = scene.session.view(id)?;
    let frame = view.shown.as_ref()?.frame.as_ref()?;
    let size = view.picture_size(stream.track)?;
    Some(Where {
        rect,
        orientation: stream.track.geometry.orientation,
        aperture: shape::aperture(stream.track, size, &frame.frame),
        smooth: frame.reduced,
    })
}

fn paint(painter: &Painter, scene: &mut Scene<'_>, id: ViewId, rect: Rect) {
    let Some(at) = place_of(scene, id, rect) else {
        return;
    };
    let Some((_, stream)) = scene.session.store.stream(id.stream) else {
        return;
    };
    let look = scene.session.look_in(id, &stream, scene.time_in(id));
    scene.paint.paint(painter, (id, Spot::Tile), at, &look);
}

fn difference(painter: &Painter, scene: &mut Scene<'_>, views: [ViewId; 2], rect: Rect, gain: f32) {
    let sides = views.map(|id| {
        let at = place_of(scene, id, rect)?;
        let (_, stream) = scene.session.store.stream(id.stream)?;
        Some((
            id,
            at,
            scene.session.look_in(id, &stream, scene.time_in(id)),
        ))
    });
    if let [Some(one), Some(other)] = sides {
        scene.paint.difference(painter, [one, other], gain);
    }
}

/// The line between both pictures, which can be dragged.
fn handle(ui: &Ui, place: Rect, split: f32, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let grip = Rect::from_center_size(pos2(split, place.center().y), vec2(GRIP, place.height()));
    let response = ui.interact(grip, ui.scope_id().with("split"), Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Split between A and B"));
    let x = ui.painter().round_to_pixel_center(split);
    let painter = ui.painter_at(place);
    let color = if response.hovered() || response.dragged() {
        palette.accent
    } else {
        Color32::from_white_alpha(220)
    };
    painter.vline(x, place.y_range(), (3.0, Color32::from_black_alpha(90)));
    painter.vline(x, place.y_range(), (1.0, color));
    let knob = pos2(x, place.center().y);
    painter.circle(knob, 8.0, palette.raised, (1.5, color));
    if let Some(pointer) = response
        .interact_pointer_pos()
        .filter(|_| response.dragged())
    {
        let share = (pointer.x - place.left()) / place.width().max(1.0);
        commands.push(Command::SetCompareValue(CompareValue::Split(share)));
    }
    let _ = response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
}

/// Which side is which, in the corners.
fn letters(painter: &Painter, place: Rect, compare: &Compare) {
    let corners = match compare.mode {
        CompareMode::Wipe => vec![
            (
                "A",
                Align2::LEFT_TOP,
                place.left_top() + vec2(10.0, 8.0),
                ONE,
            ),
            (
                "B",
                Align2::RIGHT_TOP,
                place.right_top() + vec2(-10.0, 8.0),
                OTHER,
            ),
        ],
        CompareMode::Difference => {
            vec![(
                "|A − B|",
                Align2::LEFT_TOP,
                place.left_top() + vec2(10.0, 8.0),
                Color32::WHITE,
            )]
        }
        CompareMode::Blend => {
            vec![(
                "A + B",
                Align2::LEFT_TOP,
                place.left_top() + vec2(10.0, 8.0),
                Color32::WHITE,
            )]
        }
    };
    for (text, anchor, at, color) in corners {
        let font = FontId::proportional(13.0);
        let galley = painter.layout_no_wrap(text.to_owned(), font, color);
        let rect = anchor.anchor_size(at, galley.size());
        painter.rect_filled(
            rect.expand2(vec2(6.0, 2.0)),
            4.0,
            Color32::from_black_alpha(150),
        );
        painter.galley(rect.min, galley, color);
    }
}

/// Which frames these are, and what is not exact about them.
fn line(ui: &mut Ui, rect: Rect, scene: &Scene<'_>, compare: &Compare) {
    let palette = Palette::of(ui.visuals());
    let sizes = compare.sides().map(|view| display_size(scene, view));
    let mut words: Vec<String> = ["A", "B"]
        .into_iter()
        .zip(compare.sides())
        .map(|(letter, view)| format!("{letter} {}", frame_words(scene, view)))
        .collect();
    if sizes[0] != sizes[1] {
        words.push("B is scaled to the size of A".to_owned());
    }
    let text = words.join("   ·   ");
    let at = rect.left_center() + vec2(10.0, 0.0);
    let is_exact = compare
        .sides()
        .into_iter()
        .all(|view| is_exact(scene, view));
    let color = if is_exact {
        palette.text
    } else {
        palette.warning
    };
    let font = FontId::monospace(12.0);
    ui.painter_at(rect)
        .text(at, Align2::LEFT_CENTER, &text, font, color);
    let response = ui.interact(rect, ui.scope_id().with("frames"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(10.0, 0.0)))
        .layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| {
        header::likeness(ui, compare.measured.as_ref());
    });
}

fn is_exact(scene: &Scene<'_>, id: ViewId) -> bool {
    let shown = scene.session.view(id).and_then(|view| view.shown.as_ref());
    shown.is_some_and(|shown| matches!(shown.state, ShownState::Exact))
}

/// `#45 keyframe`, with a sign if it is not the exact one.
fn frame_words(scene: &Scene<'_>, id: ViewId) -> String {
    let words = || {
        let (_, stream) = scene.session.store.stream(id.stream)?;
        let track = scene.session.track_of(&stream, scene.time_in(id))?;
        let frame = scene.session.view(id)?.shown.as_ref()?.frame.as_ref()?;
        let number = track.samples.frame_number(frame.sample)?;
        let sync = track.samples.get(frame.sample)?.sync;
        let key = if sync == SyncKind::None {
            ""
        } else {
            " keyframe"
        };
        Some(format!("#{}{key}", track.samples.dropped() + number))
    };
    let sign = if is_exact(scene, id) { "" } else { "≈ " };
    match words() {
        Some(words) => format!("{sign}{words}"),
        None => format!("{}: no picture", title(scene.session, id)),
    }
}
