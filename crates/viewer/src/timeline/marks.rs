//! What a person puts on the timeline: marks, and the range that is played again and again. Both lie
//! in a band above the ruler, where dragging selects a range.

use egui::{
    Color32, CursorIcon, Id, Popup, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo,
    pos2, vec2,
};
use reelscope_store::LogTime;

use super::{Axis, View};
use crate::command::{Command, Commands};
use crate::markers::{Marker, MarkerId};
use crate::theme::Palette;
use crate::timecode::time_text;

/// Height of the band.
pub(super) const BAND: f32 = 12.0;
/// Half the width of a mark.
const HALF: f32 = 5.0;
/// Width of the ends of a range, as far as the pointer is concerned.
const GRIP: f32 = 9.0;
/// A range narrower than this was a click.
const NARROW: f32 = 3.0;

/// Where things lie.
pub(super) struct Place<'a> {
    /// The band.
    pub(super) band: Rect,
    /// Band, ruler and lanes.
    pub(super) all: Rect,
    pub(super) axis: &'a Axis,
}

/// Draws and moves ranges and marks.
pub(super) fn ui(ui: &mut Ui, place: &Place<'_>, view: &View<'_>, commands: &mut Commands) {
    select(ui, place, view, commands);
    if let Some(range) = view.clock.loop_range() {
        range_ui(ui, place, view, range, commands);
    }
    let marks = view.markers.into_iter().flat_map(|marks| marks.iter());
    for (id, mark) in marks {
        mark_ui(ui, place, view, (id, mark), commands);
    }
}

/// Dragging over the band makes a range.
fn select(ui: &Ui, place: &Place<'_>, view: &View<'_>, commands: &mut Commands) {
    let id = ui.scope_id().with("loop band");
    let response = ui.interact(place.band, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Loop range"));
    let pointer = response.interact_pointer_pos();
    let start = ui.data(|data| data.get_temp::<LogTime>(id));
    if response.drag_started()
        && let Some(origin) = ui.input(|input| input.pointer.press_origin())
    {
        let from = place.axis.time_at(origin.x, place.band);
        ui.data_mut(|data| data.insert_temp(id, from));
    }
    if response.dragged()
        && let Some((start, pointer)) = start.zip(pointer)
    {
        let here = place.axis.time_at(pointer.x, place.band);
        let (from, until) = (start.min(here), start.max(here));
        let wide =
            (place.axis.x_of(until, place.band) - place.axis.x_of(from, place.band)) > NARROW;
        if wide {
            commands.push(Command::SetLoopRange(Some(within((from, until), view))));
        }
    }
    if response.clicked()
        && let Some(pointer) = pointer
    {
        commands.push(Command::Seek(place.axis.time_at(pointer.x, place.band)));
    }
    response.on_hover_text("Drag to choose the part that is looped");
}

/// A range as far as there is something to play.
fn within((from, until): (LogTime, LogTime), view: &View<'_>) -> (LogTime, LogTime) {
    match view.clock.extent() {
        Some((start, end)) => (from.clamp(start, end), until.clamp(start, end)),
        None => (from, until),
    }
}

fn range_ui(
    ui: &Ui,
    place: &Place<'_>,
    view: &View<'_>,
    (from, until): (LogTime, LogTime),
    commands: &mut Commands,
) {
    let palette = Palette::of(ui.visuals());
    let painter = ui.painter_at(place.all.expand2(vec2(HALF, 0.0)));
    let x = |time| place.axis.x_of(time, place.band);
    let (left, right) = (x(from), x(until));
    let bar = Rect::from_x_y_ranges(left..=right, place.band.y_range()).intersect(place.band);
    painter.rect_filled(bar, 2.0, palette.accent_fill);
    // What is left out of the loop is dimmed.
    let shade = Color32::from_black_alpha(if ui.visuals().dark_mode { 90 } else { 28 });
    let below = place.all.with_min_y(place.band.bottom());
    for dim in [
        below.with_max_x(left.clamp(below.left(), below.right())),
        below.with_min_x(right.clamp(below.left(), below.right())),
    ] {
        painter.rect_filled(dim, 0.0, shade);
    }
    for (name, at, other) in [("start", from, until), ("end", until, from)] {
        let at_x = x(at);
        if !(place.band.left() - GRIP..=place.band.right() + GRIP).contains(&at_x) {
            continue;
        }
        let grip = Rect::from_center_size(pos2(at_x, place.band.center().y), vec2(GRIP, BAND));
        let response = ui.interact(grip, ui.scope_id().with(("loop", name)), Sense::drag());
        let label = format!("Loop {name}: {}", time_text(view.kind, at));
        response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, &label));
        let color = if response.hovered() || response.dragged() {
            palette.text
        } else {
            palette.accent
        };
        painter.vline(
            at_x,
            place.band.top()..=place.all.bottom(),
            (1.0, color.gamma_multiply(0.7)),
        );
        let handle = Rect::from_center_size(grip.center(), vec2(4.0, BAND));
        painter.rect_filled(handle, 1.5, color);
        if let Some(pointer) = response
            .interact_pointer_pos()
            .filter(|_| response.dragged())
        {
            let here = place.axis.time_at(pointer.x, place.band);
            let range = (here.min(other), here.max(other));
            commands.push(Command::SetLoopRange(Some(within(range, view))));
        }
        let hint = response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
        hint.on_hover_text(label);
    }
}

fn mark_ui(
    ui: &Ui,
    place: &Place<'_>,
    view: &View<'_>,
    (id, mark): (MarkerId, &Marker),
    commands: &mut Commands,
) {
    let key: Id = ui.scope_id().with(("mark", id));
    // While it is dragged it is where the pointer is.
    let dragged = ui.data(|data| data.get_temp::<LogTime>(key));
    let x = place.axis.x_of(dragged.unwrap_or(mark.time), place.band);
    if !(place.band.left() - HALF..=place.band.right() + HALF).contains(&x) {
        return;
    }
    let palette = Palette::of(ui.visuals());
    let center = pos2(ui.painter().round_to_pixel_center(x), place.band.center().y);
    let rect = Rect::from_center_size(center, vec2(2.0 * HALF + 2.0, BAND));
    let response = ui.interact(rect, key, Sense::click_and_drag());
    let name = if mark.note.is_empty() {
        "Mark".to_owned()
    } else {
        format!("Mark: {}", mark.note)
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let painter = ui.painter_at(place.all.expand2(vec2(HALF, 0.0)));
    let active = response.hovered() || response.dragged() || response.has_focus();
    let color = palette.warning;
    let strength = if active { 0.9 } else { 0.35 };
    painter.vline(
        center.x,
        place.band.bottom()..=place.all.bottom(),
        (1.0, color.gamma_multiply(strength)),
    );
    let outline = if active {
        Stroke::new(1.5, palette.text)
    } else {
        Stroke::NONE
    };
    let points = [
        vec2(0.0, -HALF),
        vec2(HALF, 0.0),
        vec2(0.0, HALF),
        vec2(-HALF, 0.0),
    ];
    let points = points.map(|by| center + by).to_vec();
    // Without a note it is hollow.
    let shape = if mark.note.is_empty() {
        Shape::closed_line(points, (1.5, if active { palette.text } else { color }))
    } else {
        Shape::convex_polygon(points, color, outline)
    };
    painter.add(shape);
    moved(ui, place, (&response, key), (id, mark), commands);
    menu(&response, (id, mark), view, commands);
    response.on_hover_text(format!("{}\n{name}", time_text(view.kind, mark.time)));
}

/// A drag moves it, a click goes there.
fn moved(
    ui: &Ui,
    place: &Place<'_>,
    (response, key): (&Response, Id),
    (id, mark): (MarkerId, &Marker),
    commands: &mut Commands,
) {
    if response.clicked() {
        commands.push(Command::Seek(mark.time));
    }
    if let Some(pointer) = response
        .interact_pointer_pos()
        .filter(|_| response.dragged())
    {
        let here = place.axis.time_at(pointer.x, place.band);
        ui.data_mut(|data| data.insert_temp(key, here));
    }
    if response.drag_stopped()
        && let Some(to) = ui.data_mut(|data| data.remove_temp::<LogTime>(key))
    {
        commands.push(Command::MoveMarker(id, to));
    }
}

fn menu(
    response: &Response,
    (id, mark): (MarkerId, &Marker),
    view: &View<'_>,
    commands: &mut Commands,
) {
    let next = view
        .markers
        .and_then(|marks| marks.next_to(mark.time, true));
    Popup::context_menu(response).show(|ui| {
        if ui.button("Edit note…").clicked() {
            commands.push(Command::Seek(mark.time));
            commands.push(Command::AddMarkerWithNote);
            ui.close();
        }
        let to_next = ui.add_enabled(next.is_some(), egui::Button::new("Loop to the next mark"));
        if let Some(next) = next.filter(|_| to_next.clicked()) {
            commands.push(Command::SetLoopRange(Some((mark.time, next))));
            ui.close();
        }
        if ui.button("Remove").clicked() {
            commands.push(Command::RemoveMarker(id));
            ui.close();
        }
    });
}
