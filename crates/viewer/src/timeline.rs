//! The bottom of the window: transport buttons, time ruler, one lane per stream, the playhead.

mod axis;
mod bitrate;
mod hover;
mod lanes;
mod marks;
mod overview;
mod pace;
mod repeat;
mod ruler;
mod shift;
mod strip;
mod transport;

use egui::accesskit::Action;
use egui::{
    EventFilter, Id, Key, Rect, Response, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};
use reelscope_store::{LogTime, StreamId, StreamView, TimelineKind};

use crate::clock::Clock;
use crate::command::{Command, Commands};
use crate::markers::Markers;
use crate::session::Session;
use crate::settings::TimelineRows;
use crate::theme::{MARGIN, Palette};
use crate::timecode::time_text;
use crate::video_paint::VideoPaint;

use shift::Shifting;

pub(crate) use axis::Axis;

/// Width of the names left of the lanes where the stream list does not set it.
const GUTTER: f32 = 168.0;
/// The least that lanes leave for it.
const WIDEST_GUTTER: f32 = 280.0;
/// Height of the ruler.
const RULER: f32 = 28.0;
/// Height of a lane.
const LANE: f32 = 26.0;
/// Lanes that are shown without scrolling.
const MOST_LANES: usize = 6;

/// What is remembered of the timeline.
#[derive(Default)]
pub(crate) struct Timeline {
    axis: Axis,
    /// Width of the names, in line with the panel above.
    gutter: Option<f32>,
    /// Where the playhead was in the last repaint.
    last: Option<LogTime>,
    /// The widget that takes drags and keys.
    id: Option<Id>,
    /// Where the lanes were in the last repaint.
    places: Vec<(StreamId, Rect)>,
    /// The stream that is being shifted.
    shifting: Option<Shifting>,
    overview: overview::Overview,
}

/// What the timeline shows.
pub(crate) struct View<'a> {
    pub(crate) session: &'a Session,
    pub(crate) clock: &'a Clock,
    pub(crate) focused: Option<StreamId>,
    /// The time of the focused view's stream that is shown.
    pub(crate) shown: LogTime,
    /// The streams whose tiles are on screen.
    pub(crate) on_screen: &'a [StreamId],
    /// The marks, if there are any.
    pub(crate) markers: Option<&'a Markers>,
    /// Whether there is a strip of thumbnails.
    pub(crate) strip: bool,
    /// Which other rows there are.
    pub(crate) rows: TimelineRows,
    /// What the times mean.
    pub(crate) kind: TimelineKind,
    /// Frames that were not shown in their time since playback started.
    pub(crate) dropped: usize,
}

impl Timeline {
    /// The widget that the person drags; keys are the window's while it has the focus.
    pub(crate) fn id(&self) -> Option<Id> {
        self.id
    }

    /// Puts the start of the lanes in line with the edge of a panel of this width above.
    pub(crate) fn align(&mut self, panel: Option<f32>) {
        self.gutter = panel.map(|width| width.min(WIDEST_GUTTER));
    }

    fn gutter(&self) -> f32 {
        self.gutter.unwrap_or(GUTTER)
    }

    /// Shows all there is.
    pub(crate) fn fit(&mut self) {
        self.axis.fit();
    }

    /// Height that it wants for a number of lanes, with a strip of thumbnails or without.
    pub(crate) fn height(lanes: usize, strip: bool, rows: TimelineRows) -> f32 {
        let strip = if strip { strip::HEIGHT } else { 0.0 };
        let bitrate = if rows.bitrate { bitrate::HEIGHT } else { 0.0 };
        let most = if rows.compact { 1 } else { MOST_LANES };
        let above = transport::HEIGHT + overview::HEIGHT + marks::BAND + RULER;
        above + strip + LANE * lanes.clamp(1, most) as f32 + bitrate + 10.0
    }

    /// Draws the timeline.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        paint: &mut VideoPaint,
        commands: &mut Commands,
    ) {
        ui.spacing_mut().item_spacing.y = 0.0;
        transport::ui(ui, view, commands);
        self.axis.set_extent(view.clock.extent());
        self.axis.set_closest(closest(view));
        // Not while it stands still: then the person may look elsewhere.
        if self.last != Some(view.clock.now()) {
            self.last = Some(view.clock.now());
            self.axis.follow(view.clock.now());
        }
        let rect = self.overview(ui, view);
        let track = rect.with_min_x(rect.left() + self.gutter());
        let axis_rect = track.with_max_x(track.right() - f32::from(MARGIN));
        let response = self.scrubber(ui, rect, axis_rect, view, commands);
        let band = axis_rect.with_max_y(axis_rect.top() + marks::BAND);
        let ruler_rect =
            Rect::from_x_y_ranges(axis_rect.x_range(), band.bottom()..=band.bottom() + RULER);
        if view.clock.extent().is_some() {
            ruler::paint(ui, ruler_rect, &self.axis, view.kind);
        }
        let gutter = rect.with_max_x(track.left());
        let focused = view.focused.and_then(|id| view.session.store.stream(id));
        let focused = focused.map(|(_, stream)| stream);
        let axis = match &focused {
            Some(stream) => self.axis.shifted(view.session.shift_of(stream.id)),
            None => self.axis.clone(),
        };
        let mut lanes = Vec::new();
        let mut top = ruler_rect.bottom();
        if view.strip {
            let at = row(axis_rect, top, strip::HEIGHT);
            top = at.bottom();
            let place = strip::Place {
                gutter: row(gutter, at.top(), at.height()),
                rect: at,
                axis: &axis,
            };
            if let Some(stream) = &focused {
                strip::ui(ui, &place, view, stream, paint);
                lanes.push((stream.id, at));
            }
        }
        let mut bottom = rect.bottom();
        if view.rows.bitrate {
            bottom = (bottom - bitrate::HEIGHT).max(top);
            let at = row(axis_rect, bottom, rect.bottom() - bottom);
            let place = bitrate::Place {
                gutter: row(gutter, at.top(), at.height()),
                rect: at,
                axis: &axis,
            };
            if let Some(stream) = &focused {
                bitrate::ui(ui, &place, view, stream);
                lanes.push((stream.id, at));
            }
        }
        let of_lanes = rect.with_min_y(top).with_max_y(bottom);
        self.places = self.lanes(ui, of_lanes, axis_rect, view, commands);
        lanes.extend(self.places.iter().copied());
        if view.clock.extent().is_some() {
            self.playhead(
                ui,
                axis_rect,
                ruler_rect,
                view.clock.now(),
                response.has_focus(),
            );
            let place = marks::Place {
                band,
                all: axis_rect,
                axis: &self.axis,
            };
            marks::ui(ui, &place, view, commands);
            let place = hover::Place {
                rect: axis_rect,
                axis: &self.axis,
                lanes: &lanes,
            };
            hover::ui(ui, &response, &place, view, paint);
        }
    }

    /// The one widget under ruler and lanes that takes drags, the wheel, and the focus.
    fn scrubber(
        &mut self,
        ui: &Ui,
        rect: Rect,
        axis_rect: Rect,
        view: &View<'_>,
        commands: &mut Commands,
    ) -> Response {
        let id = ui.scope_id().with("scrubber");
        self.id = Some(id);
        let sensitive = rect.with_min_x(axis_rect.left());
        let enabled = view.clock.extent().is_some();
        let sense = if enabled {
            Sense::click_and_drag()
        } else {
            Sense::hover()
        };
        let response = ui.interact(sensitive, id, sense);
        let now = view.clock.now();
        response.widget_info(|| WidgetInfo {
            value: Some(now.0 as f64 / 1e9),
            current_text_value: Some(time_text(view.kind, now)),
            ..WidgetInfo::labeled(Role::Slider, enabled, "Timeline")
        });
        if !enabled {
            return response;
        }
        // What a screen reader's user does with a slider.
        for (action, frames) in [(Action::Increment, 1), (Action::Decrement, -1)] {
            for _ in 0..ui.input(|input| input.num_accesskit_action_requests(id, action)) {
                commands.push(Command::StepFrames(frames));
            }
        }
        if response.has_focus() {
            let filter = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
            if ui.input(|input| input.key_pressed(Key::Escape)) {
                response.surrender_focus();
            }
        }
        let is_held = response.drag_started() || response.is_pointer_button_down_on();
        if self.shift_lane(&response, axis_rect, view, commands) {
            return response;
        }
        if is_held {
            commands.push(Command::BeginScrub);
        }
        // A quick click may come and go between two repaints.
        if (is_held || response.clicked() || response.drag_stopped())
            && let Some(pointer) = response.interact_pointer_pos()
        {
            commands.push(Command::Seek(self.axis.time_at(pointer.x, axis_rect)));
        }
        if !is_held && view.clock.is_dragged() {
            commands.push(Command::EndScrub);
        }
        if response.double_clicked() {
            self.axis.fit();
        }
        self.wheel(ui, &response, axis_rect);
        response
    }

    /// The wheel pans; with Ctrl, or by pinching, it zooms at the pointer.
    fn wheel(&mut self, ui: &Ui, response: &Response, axis_rect: Rect) {
        let Some(pointer) = response.hover_pos() else {
            return;
        };
        let (scroll, zoom) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
        if zoom != 1.0 {
            self.axis.zoom_at(pointer.x, axis_rect, zoom);
        }
        let by = if scroll.x.abs() > scroll.y.abs() {
            scroll.x
        } else {
            scroll.y
        };
        if by != 0.0 {
            self.axis.pan(by, axis_rect);
        }
    }

    /// Draws the strip with all there is. Returns the place that is left.
    fn overview(&mut self, ui: &mut Ui, view: &View<'_>) -> Rect {
        let rect = ui.available_rect_before_wrap();
        let strip = rect
            .with_max_y(rect.top() + overview::HEIGHT)
            .with_min_x(rect.left() + self.gutter())
            .with_max_x(rect.right() - f32::from(MARGIN));
        self.overview.ui(ui, strip, view, &mut self.axis);
        rect.with_min_y(strip.bottom())
    }

    /// Draws the lanes that are in sight. Returns where they are.
    fn lanes(
        &self,
        ui: &mut Ui,
        rect: Rect,
        axis_rect: Rect,
        view: &View<'_>,
        commands: &mut Commands,
    ) -> Vec<(StreamId, Rect)> {
        let mut places = Vec::new();
        let mut streams: Vec<StreamView<'_>> = view.session.streams().collect();
        if view.rows.compact {
            let focused = streams.iter().position(|it| Some(it.id) == view.focused);
            streams = streams.split_off(focused.unwrap_or(0));
            streams.truncate(1);
        }
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            // The wheel pans the time; only the bar scrolls the lanes.
            let source = egui::containers::scroll_area::ScrollSource::SCROLL_BAR;
            ScrollArea::vertical()
                .auto_shrink(false)
                .min_scrolled_height(0.0)
                .scroll_source(source)
                .show_rows(ui, LANE, streams.len(), |ui, seen| {
                    for stream in streams.get(seen).unwrap_or_default() {
                        let (rect, _) = ui
                            .allocate_exact_size(vec2(ui.available_width(), LANE), Sense::hover());
                        let name = rect.with_max_x(rect.left() + self.gutter());
                        lanes::name(ui, name, view, stream, commands);
                        let lane = rect
                            .with_min_x(axis_rect.left())
                            .with_max_x(axis_rect.right());
                        lanes::paint(ui, lane, view, stream, &self.axis);
                        places.push((stream.id, rect.intersect(ui.clip_rect())));
                    }
                });
        });
        places
    }

    fn playhead(&self, ui: &Ui, rect: Rect, ruler: Rect, now: LogTime, focused: bool) {
        let x = self.axis.x_of(now, rect);
        if !(rect.left() - 1.0..=rect.right() + 1.0).contains(&x) {
            return;
        }
        let x = ui.painter().round_to_pixel_center(x);
        let palette = Palette::of(ui.visuals());
        let painter = ui.painter();
        painter.vline(
            x,
            ruler.bottom() - 4.0..=rect.bottom(),
            (1.5, palette.playhead),
        );
        let top = ruler.bottom() - 10.0;
        let points = vec![
            pos2(x - 5.5, top),
            pos2(x + 5.5, top),
            pos2(x + 5.5, top + 5.0),
            pos2(x, top + 10.5),
            pos2(x - 5.5, top + 5.0),
        ];
        let outline = if focused {
            egui::Stroke::new(1.5, palette.accent)
        } else {
            egui::Stroke::NONE
        };
        painter.add(egui::Shape::convex_polygon(
            points,
            palette.playhead,
            outline,
        ));
    }
}

/// How long the shortest frames of all streams are, as far as that is known.
fn closest(view: &View<'_>) -> Option<i64> {
    if view.kind == TimelineKind::Sequence {
        return Some(1);
    }
    let streams = view.session.streams();
    let usual = streams.filter_map(|stream| {
        let shown = view.session.view(stream.id)?;
        let ticks = shown.summary.usual_distance()?;
        Some(stream.track.timescale.to_nanos(ticks))
    });
    usual.min()
}

/// A row with the left and right edges of another place.
fn row(of: Rect, top: f32, height: f32) -> Rect {
    Rect::from_x_y_ranges(of.x_range(), top..=top + height)
}
