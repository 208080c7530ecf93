//! The inspector's view of the pixels on screen: the values of one, and histogram, waveform and
//! vectorscope of all that are in view.

mod histogram;
mod measuring;
mod one;
mod trace;
mod vectorscope;
mod waveform;
mod well;

use egui::{Align, Layout, Response, RichText, ScrollArea, Ui};
use reelscope_decode::Wake;
use reelscope_render::{Basis, ScopeChannel, Scopes};

use self::measuring::{State, Track};
use self::trace::Traces;
use super::{Row, Subject, hint, row_ui};
use crate::command::{Command, Commands};
use crate::theme::{MARGIN, Palette};
use crate::timecode::grouped;
use crate::video_paint::{Seen, VideoPaint};

/// Channels in the order in which they are told.
const CHANNELS: [(ScopeChannel, &str); 4] = [
    (ScopeChannel::Luma, "Y’"),
    (ScopeChannel::Red, "R’"),
    (ScopeChannel::Green, "G’"),
    (ScopeChannel::Blue, "B’"),
];

/// What the person chose to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Choice {
    basis: Basis,
    /// Red, green and blue side by side; luma otherwise.
    parade: bool,
    /// The histogram's counts are drawn by their logarithms.
    logarithmic: bool,
}

/// The state of the tab.
pub(super) struct PixelsTab {
    choice: Choice,
    track: Track,
    traces: Traces,
}

impl PixelsTab {
    /// Nothing was measured yet. `wake` asks for a repaint.
    pub(super) fn new(wake: Wake) -> Self {
        Self {
            choice: Choice::default(),
            track: Track::new(wake),
            traces: Traces::default(),
        }
    }

    /// Draws the tab.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        subject: &Subject<'_>,
        paint: &mut VideoPaint,
        commands: &mut Commands,
    ) {
        let seen = paint.seen(ui, subject.id);
        let wish = paint.wish(
            subject.id,
            &subject.look,
            (seen.as_ref(), self.choice.basis),
        );
        let Some(wish) = wish else {
            hint(ui, "No picture is on screen.");
            return;
        };
        self.track.follow(ui, (subject.id, wish), paint);
        ScrollArea::vertical()
            .auto_shrink(false)
            .id_salt("pixels")
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.add_space(6.0);
                one::ui(ui, subject, (seen.as_ref(), paint), commands);
                match self.track.state() {
                    State::Waiting => {}
                    State::Failed(why) => hint(ui, why),
                    State::There(number, scopes) => {
                        basis(ui, &mut self.choice);
                        region(ui, subject, (seen.as_ref(), scopes), commands);
                        if self.track.counts_on_cpu() {
                            hint(
                                ui,
                                "This graphics adapter runs no compute shaders: the processor \
                                 counts, at most 65 536 pixels.",
                            );
                        }
                        let measured = (number, scopes, self.choice);
                        self.traces.update(ui, measured);
                        histogram(ui, &mut self.choice, scopes, commands);
                        waveform(ui, &mut self.choice, (scopes, &self.traces), commands);
                        vectorscope(ui, subject, (scopes, &self.traces, paint), commands);
                        levels(ui, scopes, commands);
                    }
                }
                ui.add_space(8.0);
            });
    }
}

/// Whether the signal is measured or what is displayed.
fn basis(ui: &mut Ui, chosen: &mut Choice) {
    heading(ui, "In view", |ui| {
        for (basis, name, hint) in [
            (
                Basis::Displayed,
                "Displayed",
                "R’G’B’ as shown on screen: after tone mapping, exposure and ranges",
            ),
            (
                Basis::Signal,
                "Signal",
                "As coded: black and white at their code values, and what lies beyond them",
            ),
        ] {
            choice(ui, (&mut chosen.basis, basis), name, hint);
        }
    });
}

/// A section's title, with choices at the right end of its line.
fn heading(ui: &mut Ui, title: &str, choices: impl FnOnce(&mut Ui)) {
    let palette = Palette::of(ui.visuals());
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(f32::from(MARGIN));
        ui.label(RichText::new(title).strong().color(palette.text));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(f32::from(MARGIN));
            ui.spacing_mut().item_spacing.x = 2.0;
            choices(ui);
        });
    });
}

/// One of several choices.
fn choice<T: PartialEq>(ui: &mut Ui, (chosen, this): (&mut T, T), name: &str, hint: &str) {
    let text = RichText::new(name).size(12.0);
    ui.selectable_value(chosen, this, text).on_hover_text(hint);
}

/// Which part of the picture was measured.
fn region(
    ui: &mut Ui,
    subject: &Subject<'_>,
    (seen, scopes): (Option<&Seen>, &Scopes),
    commands: &mut Commands,
) {
    let [x, y, width, height] = scopes.region;
    let mut row = Row::new(
        "Region",
        format!("{width} × {height} px"),
        "The part of the picture that is in view, in pixels as decoded. Zoom and pan to choose another.",
    )
    .raw(format!("{width}x{height}+{x}+{y}"));
    let shown = subject.view.shown.as_ref();
    let is_reduced = shown
        .and_then(|shown| shown.frame.as_ref())
        .is_some_and(|frame| frame.reduced);
    row.note = Some(match seen {
        _ if is_reduced => "of a preview",
        Some(_) => "region in view",
        None => "whole picture",
    });
    row_ui(ui, &row, commands);
    if scopes.step > 1 {
        let pixels = i64::try_from(scopes.pixels()).unwrap_or(i64::MAX);
        let row = Row::new(
            "Counted",
            format!("{} px", grouped(pixels)),
            "Of larger regions only every other pixel, or fewer, of every other row is counted",
        );
        row_ui(ui, &row, commands);
    }
}

fn histogram(ui: &mut Ui, chosen: &mut Choice, scopes: &Scopes, commands: &mut Commands) {
    heading(ui, "Histogram", |ui| {
        let scale = &mut chosen.logarithmic;
        choice(
            ui,
            (scale, true),
            "Log",
            "Heights by logarithm: rare levels are seen",
        );
        choice(
            ui,
            (scale, false),
            "Linear",
            "Heights by the number of pixels",
        );
    });
    copies(histogram::ui(ui, scopes, chosen.logarithmic), commands);
}

fn waveform(
    ui: &mut Ui,
    chosen: &mut Choice,
    (scopes, traces): (&Scopes, &Traces),
    commands: &mut Commands,
) {
    heading(ui, "Waveform", |ui| {
        let parade = &mut chosen.parade;
        choice(
            ui,
            (parade, true),
            "RGB",
            "Red, green and blue side by side",
        );
        choice(ui, (parade, false), "Luma", "Brightness alone");
    });
    copies(waveform::ui(ui, scopes, traces), commands);
}

fn vectorscope(
    ui: &mut Ui,
    subject: &Subject<'_>,
    (scopes, traces, paint): (&Scopes, &Traces, &VideoPaint),
    commands: &mut Commands,
) {
    let matrix = paint
        .color(subject.id)
        .and_then(|color| color.matrix.name())
        .unwrap_or("BT.709");
    let palette = Palette::of(ui.visuals());
    heading(ui, "Vectorscope", |ui| {
        ui.label(RichText::new(matrix).size(11.0).color(palette.weak))
            .on_hover_text("The matrix by which colours and their places are computed");
    });
    copies(vectorscope::ui(ui, scopes, traces), commands);
}

/// A click on a scope copies what is under the pointer.
fn copies((response, text): (Response, Option<String>), commands: &mut Commands) {
    let Some(text) = text else {
        return;
    };
    if response.clicked() {
        commands.push(Command::Copy(text.clone()));
    }
    response.on_hover_ui_at_pointer(|ui| {
        ui.label(RichText::new(text).monospace());
        ui.label(RichText::new("Click to copy").small().weak());
    });
}

/// Least, greatest and mean levels.
fn levels(ui: &mut Ui, scopes: &Scopes, commands: &mut Commands) {
    heading(ui, "Levels", |_| ());
    for (channel, name) in CHANNELS {
        let counts = scopes.histogram(channel);
        let first = counts.iter().position(|count| *count > 0);
        let last = counts.iter().rposition(|count| *count > 0);
        let (Some(first), Some(last)) = (first, last) else {
            continue;
        };
        let weigh = |(level, count): (usize, &u32)| level as f64 * f64::from(*count);
        let sum: f64 = counts.iter().enumerate().map(weigh).sum();
        let mean = sum / scopes.pixels().max(1) as f64;
        let mut row = Row::new(
            name,
            format!("{first} to {last}, mean {mean:.1}"),
            "Least, greatest and mean level in the region, as code values of 8 bits; of deeper \
             pictures several codes share a level",
        );
        row.note = Some("8-bit codes");
        row_ui(ui, &row, commands);
    }
}
