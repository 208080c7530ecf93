//! The row of the timeline with the buttons that play and step, and the time in figures.

use egui::{Align, Layout, RichText, Ui, UiBuilder, vec2};

use reelscope_store::TimelineKind;

use super::{View, pace, repeat};
use crate::command::{Command, Commands, Dialog};
use crate::icons::Icon;
use crate::theme::{MARGIN, Palette};
use crate::timecode::{day_text, grouped, time_text};
use crate::widgets::{command_button, hint, prominent_button};

/// Height of the row.
pub(super) const HEIGHT: f32 = 44.0;
/// Side of the button that plays.
const PLAY: f32 = 32.0;

/// Draws the row.
pub(super) fn ui(ui: &mut Ui, view: &View<'_>, commands: &mut Commands) {
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), egui::Sense::hover());
    let palette = Palette::of(ui.visuals());
    ui.painter()
        .hline(rect.x_range(), rect.bottom(), (1.0, palette.line));
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(f32::from(MARGIN) - 4.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.add_enabled_ui(view.clock.extent().is_some(), |ui| {
            buttons(ui, view, commands);
            ui.add_space(10.0);
            pace::ui(ui, view, commands);
            repeat::ui(ui, view, commands);
        });
        ui.add_space(14.0);
        // Also where nothing can be played: another timeline may have something.
        timelines(ui, view, commands);
        time(ui, view, commands);
        dropped(ui, view);
    });
}

fn buttons(ui: &mut Ui, view: &View<'_>, commands: &mut Commands) {
    let (icon, label) = if view.clock.is_playing() {
        (Icon::Pause, "Pause")
    } else {
        (Icon::Play, "Play")
    };
    for (icon, label, command) in [
        (Icon::ToStart, "Go to start", Command::SeekStart),
        (Icon::StepBack, "Step back", Command::StepFrames(-1)),
        (icon, label, Command::PlayPause),
        (Icon::StepForward, "Step forward", Command::StepFrames(1)),
        (Icon::ToEnd, "Go to end", Command::SeekEnd),
    ] {
        let pressed = if command == Command::PlayPause {
            let hint = hint(ui, label, &command);
            prominent_button(ui, icon, label, PLAY)
                .on_hover_text(hint)
                .clicked()
        } else {
            command_button(ui, icon, label, &command, false)
        };
        if pressed {
            commands.push(command);
        }
    }
}

/// Which of the timelines of a recording is looked along.
fn timelines(ui: &mut Ui, view: &View<'_>, commands: &mut Commands) {
    let Some(recording) = view.session.active_run() else {
        return;
    };
    let current = recording.timeline().map_or("–", |timeline| &*timeline.name);
    let response = egui::ComboBox::from_id_salt("timeline")
        .selected_text(RichText::new(current).monospace())
        .show_ui(ui, |ui| {
            for (timeline, facts) in recording.timelines() {
                let kind = match timeline.kind {
                    TimelineKind::Sequence => "sequence",
                    TimelineKind::Duration => "duration",
                    TimelineKind::Timestamp => "time of day",
                };
                let text = RichText::new(&*timeline.name).monospace();
                let rows = i64::try_from(facts.rows).unwrap_or(i64::MAX);
                let is_current = *timeline.name == *current;
                let hint = format!("{kind}, {} rows", grouped(rows));
                if ui
                    .selectable_label(is_current, text)
                    .on_hover_text(hint)
                    .clicked()
                {
                    commands.push(Command::ChooseTimeline(timeline.name.clone()));
                }
            }
        })
        .response;
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Timeline {current}"))
    });
    response.on_hover_text("The timeline along which the recording is looked at");
    ui.add_space(10.0);
}

fn time(ui: &mut Ui, view: &View<'_>, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let Some((_, end)) = view.clock.extent() else {
        ui.label(RichText::new("–").monospace().color(palette.weak));
        return;
    };
    let now = view.clock.now();
    let text = RichText::new(time_text(view.kind, now))
        .monospace()
        .size(15.0);
    let response = ui.add(egui::Label::new(text).sense(egui::Sense::click()));
    if response
        .on_hover_text(hint(ui, "Go to…", &Command::Show(Dialog::GoTo)))
        .on_hover_text(day_text(view.kind, now).unwrap_or_default())
        .clicked()
    {
        commands.push(Command::Show(Dialog::GoTo));
    }
    ui.add_space(8.0);
    ui.label(
        RichText::new(format!("/ {}", time_text(view.kind, end)))
            .monospace()
            .color(palette.weak),
    );
    let number = view
        .focused
        .and_then(|id| view.session.store.stream(id))
        .and_then(|(_, stream)| stream.moment_at(view.shown));
    if let Some(number) = number {
        ui.add_space(14.0);
        ui.label(
            RichText::new(format!("#{number}"))
                .monospace()
                .color(palette.weak),
        )
        .on_hover_text("Frame of the focused stream at the playhead");
    }
}

/// What playback has left out, until it starts again.
fn dropped(ui: &mut Ui, view: &View<'_>) {
    if view.dropped == 0 {
        return;
    }
    let count = i64::try_from(view.dropped).unwrap_or(i64::MAX);
    let text = RichText::new(format!("{} dropped", grouped(count)));
    let palette = Palette::of(ui.visuals());
    ui.add_space(14.0);
    ui.label(text.small().color(palette.warning)).on_hover_text(
        "Frames that were not on screen in their time, since playback started. Where decoding is too \
         slow, the settings say whether playback waits or drops frames.",
    );
}
