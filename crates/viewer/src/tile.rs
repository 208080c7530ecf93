//! One tile: the picture with zoom and pan, what is wrong with it, and the line that says honestly
//! which frame this is.

use egui::{
    Align, CursorIcon, Layout, Painter, Pos2, Rect, Response, RichText, Role, Sense, Ui, UiBuilder,
    Vec2, WidgetInfo, pos2, vec2,
};
use reelscope_media::{Frame, SyncKind, Track};
use reelscope_player::{Shown, ShownFrame, ShownState};
use reelscope_render::Channel;
use reelscope_store::{LogTime, StreamView, TimelineKind};

use crate::command::{Command, Commands};
use crate::icons::Icon;
use crate::loupe;
use crate::picture_choice::channel_name;
use crate::pixel_text;
use crate::problem::Problem;
use crate::shape::{self, Grid};
use crate::theme::{MARGIN, Palette};
use crate::tiles::{Scene, title};
use crate::timecode::{grouped, time_text};
use crate::values::StreamLook;
use crate::video_paint::{Spot, Where};
use crate::view_id::ViewId;
use crate::widgets::{self, icon_button_sized};
use crate::zoom::{Stage, Zoom};

/// Height of the line below the picture.
pub(crate) const FOOTER: f32 = 26.0;
/// Height of the line above it where no tab says the name.
const HEADER: f32 = 28.0;
/// Points of scrolling that make the picture twice as large.
const SCROLL_PER_OCTAVE: f32 = 160.0;

/// Draws a tile that has the whole place.
pub(crate) fn maximised(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    view: ViewId,
    zoom: &mut Zoom,
    commands: &mut Commands,
) {
    let rect = ui.available_rect_before_wrap();
    let header = Rect::from_min_size(rect.min, vec2(rect.width(), HEADER));
    let palette = Palette::of(ui.visuals());
    ui.painter().rect_filled(header, 0.0, palette.raised);
    let restore = widgets::hint(ui, "Restore tiles", &Command::MaximiseTile);
    ui.scope_builder(
        UiBuilder::new()
            .max_rect(header.shrink2(vec2(f32::from(MARGIN), 0.0)))
            .layout(Layout::left_to_right(Align::Center)),
        |ui| {
            ui.label(title(scene.session, view));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button_sized(ui, Icon::Close, "Restore tiles", false, 20.0)
                    .on_hover_text(restore)
                    .clicked()
                {
                    commands.push(Command::MaximiseTile);
                }
            });
        },
    );
    let body = rect.with_min_y(header.bottom());
    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
        show(ui, scene, view, zoom, commands);
    });
}

/// Draws a tile into the space there is.
pub(crate) fn show(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    id: ViewId,
    zoom: &mut Zoom,
    commands: &mut Commands,
) {
    let rect = ui.available_rect_before_wrap();
    let footer = rect.with_min_y(rect.bottom() - FOOTER);
    let place = rect.with_max_y(footer.top());
    let palette = Palette::of(ui.visuals());
    ui.painter().rect_filled(place, 0.0, palette.sunken);
    ui.painter().rect_filled(footer, 0.0, palette.surface);
    let Some((_, stream)) = scene.session.store.stream(id.stream) else {
        return;
    };
    let Some(view) = scene.session.view(id) else {
        return;
    };
    let frame = view.shown.as_ref().and_then(|shown| shown.frame.as_ref());
    let size = view
        .picture_size(stream.track)
        .or_else(|| frame.map(|shown| (shown.frame.width(), shown.frame.height())))
        .unwrap_or((1, 1));
    let stage = Stage {
        tile: place,
        picture: shape::display_size(stream.track, size),
        pixels_per_point: ui.pixels_per_point(),
    };
    let response = interact(ui, scene, id, &stage, zoom, commands);
    if let Some(frame) = frame {
        let at = Where {
            rect: zoom.rect(&stage),
            orientation: stream.track.geometry.orientation,
            aperture: shape::aperture(stream.track, size, &frame.frame),
            smooth: frame.reduced,
        };
        let look = scene.session.look_in(id, &stream, scene.time);
        let painter = ui.painter_at(stage.tile.intersect(ui.clip_rect()));
        scene.paint.paint(&painter, (id, Spot::Tile), at, &look);
        if !frame.reduced {
            pixels(
                ui,
                &painter,
                scene,
                (&response, id),
                (at, &look),
                &frame.frame,
                commands,
            );
        }
    }
    overlay(ui, scene, id, &stream, place, commands);
    footer_line(ui, scene, (id, &stream), footer, &stage, zoom);
    let pixel = ui.data(|data| data.get_temp::<String>(response.id));
    response.context_menu(|ui| context_menu(ui, pixel, commands));
}

/// What single pixels hold: written into them, in the loupe, in the clipboard.
fn pixels(
    ui: &Ui,
    painter: &Painter,
    scene: &mut Scene<'_>,
    (response, id): (&Response, ViewId),
    (place, look): (Where, &StreamLook),
    frame: &Frame,
    commands: &mut Commands,
) {
    let grid = Grid::new(&place, (frame.width(), frame.height()));
    let written = (frame.format(), scene.pixel_text, look.picture.channel);
    pixel_text::paint(painter, &grid, written, |pixel| {
        scene.paint.pixel(id, look, pixel)
    });
    let target = |at: Pos2| {
        let pixel = grid.pixel_at(at)?;
        let values = scene.paint.pixel(id, look, pixel)?;
        Some(loupe::Target {
            view: id,
            at,
            pixel,
            values,
        })
    };
    let (pointer, held) = ui.input(|input| (input.pointer.hover_pos(), input.modifiers));
    let hovered = pointer.filter(|_| response.contains_pointer());
    if let Some(target) = hovered.and_then(target) {
        let text = || loupe::text(target.pixel, &target.values);
        if response.clicked() && held.command {
            commands.push(Command::Copy(text()));
        }
        if response.secondary_clicked() {
            ui.data_mut(|data| data.insert_temp(response.id, text()));
        }
    }
    // Without a pointer the loupe shows the middle of the tile.
    let nowhere = pointer.is_none() && scene.focused == Some(id);
    let at = match hovered {
        Some(at) if held.shift || scene.loupe => Some(at),
        None if scene.loupe && nowhere => Some(response.rect.center()),
        _ => None,
    };
    if let Some(target) = at.and_then(target) {
        loupe::ui(ui, &target, (place, &grid), (scene.paint, look));
    }
}

/// Clicks focus, the wheel zooms at the pointer, dragging pans, a double click maximises.
fn interact(
    ui: &Ui,
    scene: &Scene<'_>,
    view: ViewId,
    stage: &Stage,
    zoom: &mut Zoom,
    commands: &mut Commands,
) -> Response {
    let response = ui.interact(
        stage.tile,
        ui.scope_id().with(("picture", view)),
        Sense::click_and_drag(),
    );
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Image,
            true,
            format!("Picture of {}", title(scene.session, view)),
        )
    });
    if response.clicked() || response.drag_started() {
        commands.push(Command::Focus(view));
    }
    if response.double_clicked() {
        commands.push(Command::MaximiseTile);
    }
    if response.dragged() {
        zoom.pan(stage, response.drag_delta());
    }
    let pointer = ui.input(|input| input.pointer.hover_pos());
    if let Some(pointer) = pointer.filter(|_| response.contains_pointer()) {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = pinch * (scroll / SCROLL_PER_OCTAVE).exp2();
        if factor != 1.0 {
            zoom.zoom_at(stage, pointer, factor);
        }
    }
    if zoom.is_fit() {
        response
    } else {
        response.on_hover_and_drag_cursor(CursorIcon::Grab)
    }
}

fn context_menu(ui: &mut Ui, pixel: Option<String>, commands: &mut Commands) {
    if let Some(pixel) = pixel
        && ui
            .button("Copy pixel values")
            .on_hover_text(&pixel)
            .clicked()
    {
        commands.push(Command::Copy(pixel));
    }
    for command in [
        Command::FitVideo,
        Command::ActualSize,
        Command::MaximiseTile,
        Command::CloseTile,
        Command::CloseFile,
    ] {
        // Where there is a tile, all of these are possible.
        if crate::top_bar::item_clicked(ui, &command, None, None) {
            commands.push(command);
        }
    }
}

/// What is wrong, or that something is on its way.
fn overlay(
    ui: &mut Ui,
    scene: &Scene<'_>,
    id: ViewId,
    stream: &StreamView<'_>,
    place: Rect,
    commands: &mut Commands,
) {
    let Some(view) = scene.session.view(id) else {
        return;
    };
    if let Some(problem) = Problem::of(stream, view, scene.paint.error(id)) {
        if let Some(command) = widgets::card(ui, place, &problem.message(ui.visuals())) {
            commands.push(command);
        }
        return;
    }
    let waits_for_first = view
        .shown
        .as_ref()
        .is_none_or(|shown| shown.frame.is_none());
    if waits_for_first && view.is_late(scene.wall) {
        let rect = Rect::from_center_size(place.center(), Vec2::splat(28.0));
        ui.put(rect, egui::Spinner::new().size(28.0));
    }
}

/// Which frame this is.
fn footer_line(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (id, stream): (ViewId, &StreamView<'_>),
    rect: Rect,
    stage: &Stage,
    zoom: &Zoom,
) {
    let palette = Palette::of(ui.visuals());
    let Some(view) = scene.session.view(id) else {
        return;
    };
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(f32::from(MARGIN), 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        let shown = view.shown.as_ref();
        let frame = shown.and_then(|shown| shown.frame.as_ref());
        let Some((shown, frame)) = shown.zip(frame) else {
            ui.label(RichText::new("no picture").color(palette.weak));
            return;
        };
        let track = stream.track;
        let track = scene.session.track_of(stream, scene.time).unwrap_or(track);
        if let Some(number) = track.samples.frame_number(frame.sample) {
            let number = track.samples.dropped() + number;
            ui.label(RichText::new(format!("#{number}")).monospace());
        }
        // Of a video that is referred to, the time in it.
        let kind = match stream.timeline {
            Some(timeline) if !stream.refers() => timeline.kind,
            _ => TimelineKind::Duration,
        };
        let time = LogTime(track.nanos(frame.pts));
        if !stream.is_static() {
            ui.label(
                RichText::new(time_text(kind, time))
                    .monospace()
                    .color(palette.weak),
            );
        }
        let sync = track.samples.get(frame.sample).map(|sample| sample.sync);
        if sync.is_some_and(|sync| sync != SyncKind::None) && ui.available_width() > 180.0 {
            ui.label(RichText::new("keyframe").small().color(palette.weak));
        }
        values(ui, scene, id, stream);
        chosen(ui, scene, id);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(text) = honesty(track, shown, frame) {
                ui.label(RichText::new(text).color(palette.warning));
            } else if let Some(text) = outside(scene, stream) {
                ui.label(RichText::new(text).color(palette.weak));
            } else if ui.available_width() > 60.0 {
                let percent = (zoom.scale(stage) * 100.0).round();
                ui.label(
                    RichText::new(format!("{percent} %"))
                        .small()
                        .color(palette.weak),
                )
                .on_hover_text("Size of the picture on screen");
            }
        });
    });
    let line = [
        pos2(rect.left(), rect.top()),
        pos2(rect.right(), rect.top()),
    ];
    ui.painter().line_segment(line, (1.0, palette.line));
}

/// The range of values on screen, where values are not colours.
fn values(ui: &mut Ui, scene: &Scene<'_>, id: ViewId, stream: &StreamView<'_>) {
    let look = scene.session.look_in(id, stream, scene.time);
    let Some(values) = scene.paint.values(id, &look) else {
        return;
    };
    if ui.available_width() < 140.0 {
        return;
    }
    let palette = Palette::of(ui.visuals());
    let range = if values.shown.automatic {
        "The range of values shown, that of this picture. The inspector changes it."
    } else {
        "The range of values shown, as chosen in the inspector."
    };
    let text = RichText::new(values.shown.map.to_string()).monospace();
    ui.label(text.color(palette.weak)).on_hover_text(range);
}

/// In what way the picture is not shown as it is, by the person's choice.
fn chosen(ui: &mut Ui, scene: &Scene<'_>, id: ViewId) {
    let palette = Palette::of(ui.visuals());
    let choice = scene.session.picture(id);
    let channel = (choice.channel != Channel::All).then(|| channel_name(choice.channel).to_owned());
    let clipping = choice.marks_clipping.then(|| "clipping".to_owned());
    for (text, hint) in [
        (
            channel,
            "The channel that is shown. The menu Picture has the others.",
        ),
        (
            choice.exposure.text(),
            "Exposure, in stops: E brighter, Shift+E darker, Alt+E as it is",
        ),
        (clipping, "What the display cannot show is marked"),
    ] {
        if let Some(text) = text.filter(|_| ui.available_width() > 100.0) {
            ui.label(RichText::new(text).color(palette.accent))
                .on_hover_text(hint);
        }
    }
}

/// What is not as it should be with the frame on screen: `"≈ −8 frames · preview"`.
fn honesty(track: &Track, shown: &Shown, frame: &ShownFrame) -> Option<String> {
    let distance = distance_text(track, shown, frame);
    let reduced = match (frame.reduced, &distance) {
        (false, _) => None,
        (true, None) => Some("≈ preview".to_owned()),
        (true, Some(_)) => Some("preview".to_owned()),
    };
    let missing = match (&shown.state, shown.wanted) {
        (ShownState::Absent(_), Some(wanted)) => {
            let number = track.samples.frame_number(wanted);
            let number = number.map(|number| track.samples.dropped() + number);
            number.map(|number| format!("#{number} has no picture"))
        }
        _ => None,
    };
    let thinned = shown
        .every
        .filter(|every| *every > 1)
        .map(|every| format!("every {} frame", ordinal(every)));
    let words: Vec<String> = [distance, reduced, missing, thinned]
        .into_iter()
        .flatten()
        .collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// How far the frame on screen is from the wanted one: `"≈ −8 frames"`.
fn distance_text(track: &Track, shown: &Shown, frame: &ShownFrame) -> Option<String> {
    if matches!(shown.state, ShownState::Exact) {
        return None;
    }
    let number = |id| track.samples.frame_number(id);
    frames_off(number(shown.wanted?)?, number(frame.sample)?)
}

/// How far a frame is from the wanted one, by their numbers: `"≈ −8 frames"`.
pub(crate) fn frames_off(wanted: usize, here: usize) -> Option<String> {
    let signed = |number| i64::try_from(number).unwrap_or(i64::MAX);
    let distance = signed(here) - signed(wanted);
    let sign = match distance {
        0 => return None,
        1.. => "+",
        _ => "",
    };
    let plural = if distance.abs() == 1 { "" } else { "s" };
    Some(format!("≈ {sign}{} frame{plural}", grouped(distance)))
}

/// `"4th"`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Says that the playhead is not within the stream.
fn outside(scene: &Scene<'_>, stream: &StreamView<'_>) -> Option<&'static str> {
    let (start, end) = stream.extent()?;
    if scene.time < start {
        Some("starts later")
    } else if scene.time >= end {
        Some("has ended")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_to_the_wanted_frame_has_a_sign() {
        assert_eq!(frames_off(20, 12).as_deref(), Some("≈ −8 frames"));
        assert_eq!(frames_off(20, 21).as_deref(), Some("≈ +1 frame"));
        assert_eq!(frames_off(20, 20), None);
    }

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        let texts = [2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal);
        let expected = [
            "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th",
        ];
        assert_eq!(texts, expected);
    }
}
