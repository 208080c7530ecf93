//! One tile: the picture with zoom and pan, and what is wrong with it.

mod footer;

use egui::{
    Align, CursorIcon, Layout, Painter, Pos2, Rect, Response, Role, Sense, Ui, UiBuilder, Vec2,
    WidgetInfo, vec2,
};
use reelscope_media::Frame;
use reelscope_store::StreamView;

use crate::command::{Command, Commands};
use crate::icons::Icon;
use crate::loupe;
use crate::pixel_text;
use crate::problem::Problem;
use crate::shape::{self, Grid};
use crate::theme::{MARGIN, Palette};
use crate::tiles::{Scene, title};
use crate::values::StreamLook;
use crate::video_paint::{Spot, Where};
use crate::view_id::ViewId;
use crate::widgets::{self, icon_button_sized};
use crate::zoom::{Stage, Zoom};

pub(crate) use footer::frames_off;

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
        let look = scene.session.look_in(id, &stream, scene.time_in(id));
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
    footer::footer_line(ui, scene, (id, &stream), footer, &stage, zoom);
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
pub(crate) fn interact(
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
        Command::SaveFrame,
        Command::CopyFrame,
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

/// Says that nothing is there to be shown.
pub(crate) fn nothing_yet(ui: &Ui, place: Rect) {
    let palette = Palette::of(ui.visuals());
    let font = egui::FontId::proportional(13.0);
    let middle = egui::Align2::CENTER_CENTER;
    ui.painter()
        .text(place.center(), middle, "no picture", font, palette.weak);
}
