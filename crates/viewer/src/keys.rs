//! From key presses to commands, by the keys in force.

use egui::{Event, Id, Key};

use crate::command::{Command, Commands};
use crate::keymap::KeyMap;

/// Takes the key presses that mean a command out of the input, so that no widget sees them too.
/// While the person types into a field, all keys are the field's; while a widget other than
/// `timeline` has the focus, the keys that press it are its own.
pub(crate) fn collect(ctx: &egui::Context, timeline: Id, commands: &mut Commands) {
    if ctx.text_edit_focused() {
        return;
    }
    let focused = ctx.memory(|memory| memory.focused());
    let widget_has_focus = focused.is_some_and(|id| id != timeline);
    let keys = KeyMap::in_force(ctx);
    ctx.input_mut(|input| {
        input.events.retain(|event| match event {
            Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } => {
                if widget_has_focus && matches!(key, Key::Space | Key::Enter) {
                    return true;
                }
                match keys.pressed(*key, *modifiers) {
                    // The window system sends these itself.
                    Some(entry)
                        if !matches!(entry.command, Command::Paste | Command::CopyFrame) =>
                    {
                        commands.push(entry.command.clone());
                        false
                    }
                    _ => true,
                }
            }
            Event::Paste(text) => {
                commands.push(Command::OpenText(text.clone()));
                false
            }
            Event::Copy => {
                commands.push(Command::CopyFrame);
                false
            }
            _ => true,
        });
    });
}
