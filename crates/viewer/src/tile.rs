//! One tile: the picture with zoom and pan, what is wrong with it, and the line that says honestly
//! which frame this is.

use egui::{
    Align, CursorIcon, Layout, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};
use reelscope_media::{SyncKind, Track};
use reelscope_player::{Shown, ShownFrame, ShownState};
use reelscope_store::{Stream, StreamId};

use crate::command::{Command, Commands};
use crate::icons::Icon;
use crate::problem::Problem;
use crate::theme::{MARGIN, Palette};
use crate::tiles::{Scene, title};
use crate::timecode::{clock_text, grouped};
use crate::video_paint::Where;
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
    stream: StreamId,
    zoom: &mut Zoom,
    commands: &mut Commands,
) {
    let rect = ui.available_rect_before_wrap();
    let header = Rect::from_min_size(rect.min, vec2(rect.width(), HEADER));
    let palette = Palette::of(ui.visuals());
    ui.painter().rect_filled(header, 0.0, palette.raised);
    ui.scope_builder(
        UiBuilder::new()
            .max_rect(header.shrink2(vec2(f32::from(MARGIN), 0.0)))
            .layout(Layout::left_to_right(Align::Center)),
        |ui| {
            ui.label(title(scene.session, stream));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button_sized(ui, Icon::Close, "Restore tiles", false, 20.0)
                    .on_hover_text(widgets::hint("Restore tiles", &Command::MaximiseTile))
                    .clicked()
                {
                    commands.push(Command::MaximiseTile);
                }
            });
        },
    );
    let body = rect.with_min_y(header.bottom());
    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
        show(ui, scene, stream, zoom, commands);
    });
}

/// Draws a tile into the space there is.
pub(crate) fn show(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    id: StreamId,
    zoom: &mut Zoom,
    commands: &mut Commands,
) {
    let rect = ui.available_rect_before_wrap();
    let footer = rect.with_min_y(rect.bottom() - FOOTER);
    let place = rect.with_max_y(footer.top());
    let palette = Palette::of(ui.visuals());
    ui.painter().rect_filled(place, 0.0, palette.sunken);
    ui.painter().rect_filled(footer, 0.0, palette.surface);
    let Some((_, stream)) = scene.session.store.stream(id) else {
        return;
    };
    let Some(view) = scene.session.view(id) else {
        return;
    };
    let stage = Stage {
        tile: place,
        picture: display_size(&stream.track, view.shown.as_ref()),
        pixels_per_point: ui.pixels_per_point(),
    };
    let response = interact(ui, scene, id, &stage, zoom, commands);
    let frame = view.shown.as_ref().and_then(|shown| shown.frame.as_ref());
    if frame.is_some() {
        let place = Where {
            rect: zoom.rect(&stage),
            orientation: stream.track.geometry.orientation,
            aperture: stream.track.geometry.clean_aperture,
        };
        scene.paint.paint(
            &ui.painter_at(stage.tile.intersect(ui.clip_rect())),
            id,
            place,
        );
    }
    overlay(ui, scene, stream, place, commands);
    footer_line(ui, scene, stream, footer, &stage, zoom);
    response.context_menu(|ui| context_menu(ui, commands));
}

/// Width and height of the upright picture in square pixels.
fn display_size(track: &Track, shown: Option<&Shown>) -> Vec2 {
    let frame = shown.and_then(|shown| shown.frame.as_ref());
    let (width, height) = match frame {
        Some(ShownFrame { frame, .. }) => (frame.width(), frame.height()),
        None => (track.facts.width, track.facts.height),
    };
    let (width, height) = match track.geometry.clean_aperture {
        Some([x, y, w, h]) if w > 0 && h > 0 && x < width && y < height => {
            (w.min(width - x), h.min(height - y))
        }
        _ => (width, height),
    };
    let (width, height) =
        track
            .geometry
            .display_size(width.max(1), height.max(1), track.facts.pixel_aspect);
    vec2(width as f32, height as f32)
}

/// Clicks focus, the wheel zooms at the pointer, dragging pans, a double click maximises.
fn interact(
    ui: &Ui,
    scene: &Scene<'_>,
    stream: StreamId,
    stage: &Stage,
    zoom: &mut Zoom,
    commands: &mut Commands,
) -> Response {
    let response = ui.interact(
        stage.tile,
        ui.scope_id().with(("picture", stream)),
        Sense::click_and_drag(),
    );
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Image,
            true,
            format!("Picture of {}", title(scene.session, stream)),
        )
    });
    if response.clicked() || response.drag_started() {
        commands.push(Command::Focus(stream));
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

fn context_menu(ui: &mut Ui, commands: &mut Commands) {
    for command in [
        Command::FitVideo,
        Command::ActualSize,
        Command::MaximiseTile,
        Command::CloseTile,
        Command::CloseFile,
    ] {
        crate::top_bar::item(ui, &command, commands);
    }
}

/// What is wrong, or that something is on its way.
fn overlay(ui: &mut Ui, scene: &Scene<'_>, stream: &Stream, place: Rect, commands: &mut Commands) {
    let Some(view) = scene.session.view(stream.id) else {
        return;
    };
    if let Some(problem) = Problem::of(stream, view, scene.paint.error(stream.id)) {
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
    stream: &Stream,
    rect: Rect,
    stage: &Stage,
    zoom: &Zoom,
) {
    let palette = Palette::of(ui.visuals());
    let Some(view) = scene.session.view(stream.id) else {
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
        let track = &stream.track;
        if let Some(number) = track.samples.frame_number(frame.sample) {
            ui.label(RichText::new(format!("#{number}")).monospace());
        }
        ui.label(
            RichText::new(clock_text(track.nanos(frame.pts)))
                .monospace()
                .color(palette.weak),
        );
        let sync = track.samples.get(frame.sample).map(|sample| sample.sync);
        if sync.is_some_and(|sync| sync != SyncKind::None) && ui.available_width() > 180.0 {
            ui.label(RichText::new("keyframe").small().color(palette.weak));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(text) = approximation(track, shown, frame) {
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

/// How far the frame on screen is from the wanted one: `"≈ −8 frames"`.
fn approximation(track: &Track, shown: &Shown, frame: &ShownFrame) -> Option<String> {
    if matches!(shown.state, ShownState::Exact) {
        return None;
    }
    let number = |id| {
        track
            .samples
            .frame_number(id)
            .and_then(|number| i64::try_from(number).ok())
    };
    let (wanted, here) = (number(shown.wanted?)?, number(frame.sample)?);
    let distance = here - wanted;
    let text = match distance {
        0 => return None,
        1.. => format!("≈ +{}", grouped(distance)),
        _ => format!("≈ {}", grouped(distance)),
    };
    let plural = if distance.abs() == 1 { "" } else { "s" };
    let why = match &shown.state {
        ShownState::Absent(_) => format!(" · #{wanted} has no picture"),
        _ => String::new(),
    };
    Some(format!("{text} frame{plural}{why}"))
}

/// Says that the playhead is not within the stream.
fn outside(scene: &Scene<'_>, stream: &Stream) -> Option<&'static str> {
    let (start, end) = stream.extent()?;
    if scene.time < start {
        Some("starts later")
    } else if scene.time >= end {
        Some("has ended")
    } else {
        None
    }
}
