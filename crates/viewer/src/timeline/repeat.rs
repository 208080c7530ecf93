//! What happens at the end, and the range that is played again and again.

use egui::{Button, RichText, Role, Ui, WidgetInfo, vec2};

use super::View;
use crate::clock::LoopMode;
use crate::command::{Command, Commands};
use crate::icons::Icon;
use crate::theme::{BUTTON, Palette};
use crate::timecode::time_text;
use crate::widgets::{command_button, hint, icon_button_sized};

/// Draws the button, and the range beside it if there is one.
pub(super) fn ui(ui: &mut Ui, view: &View<'_>, commands: &mut Commands) {
    let mode = view.clock.loop_mode();
    let (icon, label) = match mode {
        LoopMode::Once => (Icon::Once, "Loop mode: Once (stops at the end)"),
        LoopMode::Loop => (Icon::Loop, "Loop mode: Loop (starts over)"),
        LoopMode::PingPong => (Icon::PingPong, "Loop mode: Ping-pong (turns round)"),
    };
    let loops = mode != LoopMode::Once;
    if command_button(ui, icon, label, &Command::CycleLoop, loops) {
        commands.push(Command::CycleLoop);
    }
    let Some((start, end)) = view.clock.loop_range() else {
        return;
    };
    let palette = Palette::of(ui.visuals());
    let text = RichText::new("I–O").monospace().color(palette.accent);
    let button = Button::new(text).frame(false).min_size(vec2(30.0, BUTTON));
    let response = ui.add(button);
    let (from, until) = (time_text(view.kind, start), time_text(view.kind, end));
    let label = format!("Loop from {from} to {until}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    if response
        .on_hover_text(format!("{label}\nClick to go to its start"))
        .clicked()
    {
        commands.push(Command::Seek(start));
    }
    let clear = Command::SetLoopRange(None);
    let tip = hint(ui, "Clear loop", &clear);
    if icon_button_sized(ui, Icon::Close, "Clear loop", false, 20.0)
        .on_hover_text(tip)
        .clicked()
    {
        commands.push(clear);
    }
}
