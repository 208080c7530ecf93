//! The list on the left: recordings, their streams with codec, size and rate, what is hidden, what
//! is wrong.

use egui::{
    Align, CollapsingHeader, Layout, RichText, Role, ScrollArea, Sense, StrokeKind, Ui, UiBuilder,
    WidgetInfo, vec2,
};
use reelscope_media::Track;
use reelscope_store::{EntityPath, Recording, StreamId, StreamView, TimelineKind};

use crate::command::{Command, Commands};
use crate::icons::Icon;
use crate::problem::Problem;
use crate::session::{Session, codec_title};
use crate::summary::{frame_rate_millihertz, frame_rate_text};
use crate::theme::{MARGIN, Palette};
use crate::timecode::{grouped, span_text};
use crate::widgets::{icon_button_sized, line_galley};

/// Height of a stream's two lines.
const STREAM_ROW: f32 = 42.0;

/// Draws the list.
pub(crate) fn ui(
    ui: &mut Ui,
    session: &Session,
    focused: Option<StreamId>,
    commands: &mut Commands,
) {
    super::inspector::panel_heading(ui, "Streams");
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        if session.store.recordings().next().is_none() {
            let palette = Palette::of(ui.visuals());
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                ui.add_space(f32::from(MARGIN));
                ui.label(RichText::new("No files are open.").color(palette.weak));
            });
        }
        for recording in session.store.recordings() {
            recording_ui(ui, session, recording, focused, commands);
        }
    });
}

fn recording_ui(
    ui: &mut Ui,
    session: &Session,
    recording: &Recording,
    focused: Option<StreamId>,
    commands: &mut Commands,
) {
    let palette = Palette::of(ui.visuals());
    let (name, kind) = (session.name_of(recording), session.kind_of(recording));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::click());
    response.widget_info(|| {
        let state = if recording.is_logged() {
            format!("{name}, {kind}")
        } else {
            name.clone()
        };
        WidgetInfo::labeled(Role::Label, true, state)
    });
    let inner = rect.shrink2(vec2(f32::from(MARGIN), 0.0));
    let kind_font = egui::FontId::proportional(11.0);
    let kind = line_galley(ui, kind, kind_font, palette.weak, 60.0);
    let close = response.contains_pointer();
    let right = inner.right() - if close { 20.0 } else { kind.size().x };
    crate::widgets::paint_line(
        ui,
        inner.with_max_x(right - 8.0),
        &name,
        egui::FontId::proportional(13.0),
        palette.text,
    );
    if close {
        let place = egui::Rect::from_center_size(
            egui::pos2(inner.right() - 9.0, inner.center().y),
            vec2(18.0, 18.0),
        );
        ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
            if icon_button_sized(ui, Icon::Close, "Close file", false, 18.0).clicked() {
                commands.push(Command::CloseRecording(recording.id));
            }
        });
    } else {
        let y = rect.center().y - kind.size().y / 2.0;
        ui.painter().galley(
            egui::pos2(inner.right() - kind.size().x, y),
            kind,
            palette.weak,
        );
    }
    if response.clicked() {
        commands.push(Command::Activate(session.set_of(recording)));
    }
    response.on_hover_text(match recording.run.as_str() {
        "" => recording.origin.clone(),
        run => format!("{name}\nrun {run}\n{}", recording.origin),
    });
    if session.set_of(recording) == session.active() {
        run_line(ui, session, recording);
        for stream in session.sorted(recording) {
            if stream.is_there() || stream.problem().is_some() {
                stream_ui(ui, session, recording, &stream, focused, commands);
            }
        }
        others(ui, recording);
    }
    warnings(ui, session, recording);
    ui.add_space(6.0);
}

fn stream_ui(
    ui: &mut Ui,
    session: &Session,
    recording: &Recording,
    stream: &StreamView<'_>,
    focused: Option<StreamId>,
    commands: &mut Commands,
) {
    let palette = Palette::of(ui.visuals());
    let Some(view) = session.view(stream.id) else {
        return;
    };
    let problem = Problem::of(stream, view, None);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), STREAM_ROW), Sense::click());
    let is_focused = focused == Some(stream.id);
    let name = if recording.is_logged() {
        path_text(&stream.entity)
    } else if recording.streams.len() > 1 {
        stream.entity.readable_name()
    } else {
        "video".to_owned()
    };
    response.widget_info(|| {
        WidgetInfo::selected(Role::Button, true, is_focused, format!("Stream {name}"))
    });
    let fill = if is_focused {
        palette.accent_fill
    } else if response.hovered() {
        palette.raised
    } else {
        palette.surface
    };
    ui.painter()
        .rect_filled(rect.shrink2(vec2(4.0, 1.0)), 4.0, fill);
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect.shrink2(vec2(4.0, 1.0)),
            4.0,
            (1.0, palette.accent),
            StrokeKind::Inside,
        );
    }
    if response.clicked() {
        commands.push(Command::ShowStream(stream.id, true));
        commands.push(Command::Focus(stream.id.into()));
    }
    let inner = rect.shrink2(vec2(f32::from(MARGIN), 4.0));
    ui.scope_builder(
        UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::left_to_right(Align::Center)),
        |ui| {
            let (icon, label) = if view.visible {
                (Icon::EyeOpen, format!("Hide {name}"))
            } else {
                (Icon::EyeClosed, format!("Show {name}"))
            };
            if icon_button_sized(ui, icon, &label, false, 22.0)
                .on_hover_text(&label)
                .clicked()
            {
                commands.push(Command::ShowStream(stream.id, !view.visible));
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.set_height(inner.height());
                let strong = if view.visible {
                    palette.text
                } else {
                    palette.weak
                };
                let codec = codec_title(stream.track);
                let facts = match stream.kind {
                    // Without samples, or what it refers to has not come.
                    Some(kind) if codec.is_empty() => kind.name().to_owned(),
                    _ => format!("{codec} · {}", size_text(stream.track)),
                };
                let line = if recording.is_logged() {
                    format!("{name} · {facts}")
                } else {
                    facts
                };
                ui.add(egui::Label::new(RichText::new(line).color(strong)).truncate());
                let (text, color) = match &problem {
                    Some(problem) => (problem.title.clone(), palette.error),
                    None => (rate_text(stream, view.summary.is_variable()), palette.weak),
                };
                ui.add(egui::Label::new(RichText::new(text).small().color(color)).truncate());
            });
        },
    );
    if let Some(problem) = problem {
        response.on_hover_text(problem.body);
    }
}

/// Who logged a run, along which timelines.
fn run_line(ui: &mut Ui, session: &Session, recording: &Recording) {
    if !recording.is_logged() {
        return;
    }
    let palette = Palette::of(ui.visuals());
    let facts = session.run_facts(recording.id);
    let source = facts.and_then(|facts| facts.source.as_ref());
    let program = source.map_or("", |source| source.program.as_str());
    let sdk = source.and_then(|source| source.sdk.as_deref());
    let sdk = sdk.map(|sdk| format!("SDK {sdk}")).unwrap_or_default();
    let parts: Vec<&str> = [program, &sdk]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() {
        return;
    }
    ui.horizontal(|ui| {
        ui.add_space(f32::from(MARGIN));
        let text = RichText::new(parts.join(" · ")).small().color(palette.weak);
        ui.add(egui::Label::new(text).truncate())
            .on_hover_text(&recording.run);
    });
}

/// What was logged besides video: it is kept, and that is said.
fn others(ui: &mut Ui, recording: &Recording) {
    /// More than anybody reads.
    const MOST: usize = 100;
    let palette = Palette::of(ui.visuals());
    let has_stream = |path: &EntityPath| recording.streams.iter().any(|it| it.entity == *path);
    let others = recording
        .entities()
        .filter(|(path, entity)| {
            let rows = entity.rows + entity.static_rows;
            !path.is_reserved() && rows > 0 && !has_stream(path)
        })
        .take(MOST + 1);
    let others: Vec<_> = others.collect();
    if others.is_empty() {
        return;
    }
    let more = others.len() > MOST;
    let count = others.len().min(MOST);
    let plus = if more { "+" } else { "" };
    ui.horizontal_top(|ui| {
        ui.add_space(f32::from(MARGIN));
        let title = RichText::new(format!("Not video ({count}{plus})"))
            .small()
            .color(palette.weak);
        CollapsingHeader::new(title)
            .id_salt(("others", recording.id))
            .show(ui, |ui| {
                for (path, entity) in others.iter().take(MOST) {
                    let rows = entity.rows + entity.static_rows;
                    let rows = grouped(i64::try_from(rows).unwrap_or(i64::MAX));
                    let text = format!("{} · {rows} rows", path_text(path));
                    let names: Vec<&str> = entity.components().map(|(it, _)| &*it.name).collect();
                    let label = RichText::new(text).small().color(palette.weak);
                    ui.add(egui::Label::new(label).truncate())
                        .on_hover_text(format!(
                            "{}: kept, but not video, so there is no tile for it",
                            names.join(", ")
                        ));
                }
            });
    });
}

/// A path as the list has it; the root is a slash.
fn path_text(path: &EntityPath) -> String {
    let text = path.to_string();
    if text.is_empty() {
        "/".to_owned()
    } else {
        text
    }
}

fn size_text(track: &Track) -> String {
    match (track.facts.width, track.facts.height) {
        (0, _) | (_, 0) => "size unknown".to_owned(),
        (width, height) => format!("{width}×{height}"),
    }
}

fn rate_text(stream: &StreamView<'_>, variable: bool) -> String {
    if stream.is_static() {
        return "at all times".to_owned();
    }
    let kind = stream.timeline.map_or(TimelineKind::Duration, |it| it.kind);
    let counted = kind == TimelineKind::Sequence || stream.refers() || stream.moments() == 1;
    let rate = frame_rate_millihertz(stream.track)
        .filter(|_| !counted)
        .map(|rate| {
            if variable {
                format!("≈ {}, variable", frame_rate_text(rate))
            } else {
                frame_rate_text(rate)
            }
        });
    let length = stream
        .extent()
        .filter(|_| kind != TimelineKind::Sequence && stream.moments() > 1)
        .map(|(start, end)| span_text(end.0.saturating_sub(start.0)));
    let frames = counted.then(|| match stream.moments() {
        1 => "1 frame".to_owned(),
        count => format!(
            "{} frames",
            grouped(i64::try_from(count).unwrap_or(i64::MAX))
        ),
    });
    let parts: Vec<String> = rate.into_iter().chain(frames).chain(length).collect();
    if parts.is_empty() {
        "no frames".to_owned()
    } else {
        parts.join(" · ")
    }
}

fn warnings(ui: &mut Ui, session: &Session, recording: &Recording) {
    let warnings = session.warnings(recording.id);
    if warnings.is_empty() {
        return;
    }
    let palette = Palette::of(ui.visuals());
    let title = match warnings.len() {
        1 => "1 warning".to_owned(),
        count => format!("{count} warnings"),
    };
    ui.horizontal_top(|ui| {
        ui.add_space(f32::from(MARGIN));
        CollapsingHeader::new(RichText::new(title).small().color(palette.warning))
            .id_salt(("warnings", recording.id))
            .show(ui, |ui| {
                /// More than anybody reads.
                const MOST: usize = 20;
                for warning in warnings.iter().take(MOST) {
                    ui.label(
                        RichText::new(crate::problem::sentence(warning))
                            .small()
                            .color(palette.weak),
                    );
                }
                if warnings.len() > MOST {
                    let more = format!("and {} more", warnings.len() - MOST);
                    ui.label(RichText::new(more).small().color(palette.weak));
                }
            });
    });
}
