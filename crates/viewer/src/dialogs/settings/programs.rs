//! Where programs may log to.

use std::net::{IpAddr, Ipv4Addr};

use egui::{RichText, TextEdit, Ui, vec2};

use super::name;
use crate::command::{Command, Commands};
use crate::dialogs::{Facts, weak};
use crate::settings::Listening;
use crate::theme::Palette;

/// Address and port as they are typed.
#[derive(Default)]
pub(super) struct ListeningText {
    bind: String,
    port: String,
}

impl ListeningText {
    /// What is in force.
    pub(super) fn of(listening: Listening) -> Self {
        let bind = listening.bind.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        Self {
            bind: bind.to_string(),
            port: listening.port.to_string(),
        }
    }

    /// What is typed, if it makes sense.
    fn parsed(&self, on: bool) -> Result<Listening, &'static str> {
        let bind: IpAddr =
            self.bind.trim().parse().map_err(
                |_| "The address is none: write 127.0.0.1, or 0.0.0.0 for all networks.",
            )?;
        let port =
            self.port.trim().parse().map_err(
                |_| "The port is none: write a number up to 65535, 0 for any that is free.",
            )?;
        let alone = bind == IpAddr::V4(Ipv4Addr::LOCALHOST);
        Ok(Listening {
            on,
            bind: (!alone).then_some(bind),
            port,
        })
    }

    /// Draws the section.
    pub(super) fn ui(&mut self, ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
        let palette = Palette::of(ui.visuals());
        let in_force = facts.settings.listening;
        let mut on = in_force.on;
        let text = RichText::new("Let programs log to this window").strong();
        if ui.checkbox(&mut on, text).changed() {
            commands.push(Command::SetListening(Listening { on, ..in_force }));
        }
        weak(
            ui,
            "Programs with the Rerun SDK, or with reelscope’s own, connect to this address.",
        );
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let field = |ui: &mut Ui, label: &str, text: &mut String, width: f32| {
                let label = ui.label(label);
                let edit = TextEdit::singleline(text)
                    .margin(vec2(8.0, 5.0))
                    .desired_width(width);
                ui.add_enabled(on, edit).labelled_by(label.id).lost_focus()
            };
            let bind = field(ui, "Address", &mut self.bind, 150.0);
            let port = field(ui, "Port", &mut self.port, 60.0);
            // Not with each letter: every change cuts off who is connected.
            if (bind || port)
                && let Ok(listening) = self.parsed(on)
                && listening != in_force
            {
                commands.push(Command::SetListening(listening));
            }
        });
        ui.add_space(4.0);
        match self.parsed(on) {
            Err(reason) => drop(ui.label(RichText::new(reason).small().color(palette.warning))),
            Ok(_) if !facts.listens_at.is_empty() => {
                let text = format!("Listening at {}", facts.listens_at.join(" and "));
                ui.label(RichText::new(text).small().color(palette.cached));
            }
            Ok(_) => weak(ui, "Nobody can log now."),
        }
        if in_force.bind.is_some_and(|bind| !bind.is_loopback()) {
            ui.add_space(8.0);
            name(ui, "Other computers can log to this window");
            weak(
                ui,
                "There is no authentication: whoever reaches this port can send pictures.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_taken_only_if_it_makes_sense() {
        let mut text = ListeningText::of(Listening::default());
        assert_eq!(text.parsed(true), Ok(Listening::default()));
        text.bind = "everywhere".to_owned();
        assert!(text.parsed(true).is_err());
        text.bind = "0.0.0.0".to_owned();
        text.port = "70000".to_owned();
        assert!(text.parsed(true).is_err());
        text.port = "0".to_owned();
        assert!(
            text.parsed(true)
                .is_ok_and(|it| it.bind.is_some() && it.port == 0)
        );
    }
}
