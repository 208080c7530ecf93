//! From key presses to commands, by the keys in force.

use egui::{Event, FocusDirection, Id, Key};

use crate::command::{Command, Commands};
use crate::keymap::KeyMap;

/// Takes the key presses that mean a command out of the input, so that no widget sees them too.
/// While the person types into a field, all keys are the field's; while a widget other than
/// `timeline` has the focus, the keys that press it are its own. The tab key goes from widget to widget
/// unless two pictures are compared.
pub(crate) fn collect(ctx: &egui::Context, timeline: Id, compares: bool, commands: &mut Commands) {
    if ctx.text_edit_focused() {
        return;
    }
    let focused = ctx.memory(|memory| memory.focused());
    let widget_has_focus = focused.is_some_and(|id| id != timeline);
    let keys = KeyMap::in_force(ctx);
    let mut tabbed = false;
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
                if *key == Key::Tab && !compares {
                    return true;
                }
                match keys.pressed(*key, *modifiers) {
                    // The window system sends these itself.
                    Some(entry)
                        if !matches!(entry.command, Command::Paste | Command::CopyFrame) =>
                    {
                        if *key == Key::Tab {
                            // Not on to the next widget as well.
                            tabbed = true;
                        }
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
    if tabbed {
        ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    }
}
