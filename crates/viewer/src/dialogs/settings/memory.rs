//! How much memory the program takes.

use egui::Ui;

use super::{gap, name};
use crate::command::{Command, Commands};
use crate::dialogs::{Facts, weak};
use crate::settings::{MAX_CACHE_MIB, MAX_MEMORY_MIB, MIN_CACHE_MIB};

/// Draws the section.
pub(super) fn ui(ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
    frames(ui, facts, commands);
    gap(ui);
    in_all(ui, facts, commands);
}

fn frames(ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
    let heading = name(ui, "Memory for decoded frames");
    weak(
        ui,
        "More memory means more frames that can be stepped through and scrubbed without decoding again.",
    );
    ui.add_space(4.0);
    let in_force = u32::try_from(facts.cache_bytes >> 20).unwrap_or(u32::MAX);
    let chosen = facts.settings.cache_mib;
    // Within the range: what lies outside would be taken for a choice.
    let mut mib = chosen
        .unwrap_or(in_force)
        .clamp(MIN_CACHE_MIB, MAX_CACHE_MIB);
    ui.horizontal(|ui| {
        let drag = egui::DragValue::new(&mut mib)
            .range(MIN_CACHE_MIB..=MAX_CACHE_MIB)
            .speed(16.0)
            .suffix(" MiB");
        if ui.add(drag).labelled_by(heading.id).changed() {
            commands.push(Command::SetCacheSize(Some(mib)));
        }
        if chosen.is_none() {
            weak(ui, "by the memory that this computer has");
        } else if ui.button("Automatic").clicked() {
            commands.push(Command::SetCacheSize(None));
        }
    });
}

/// Memory for what programs log.
fn in_all(ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
    let heading = name(ui, "Memory in all");
    weak(
        ui,
        "When it is full, the oldest of what programs have logged goes, in whole groups of pictures.",
    );
    ui.add_space(4.0);
    let in_force = u32::try_from(facts.memory_limit >> 20).unwrap_or(u32::MAX);
    let chosen = facts.settings.memory_limit_mib;
    let mut mib = chosen
        .unwrap_or(in_force)
        .clamp(MIN_CACHE_MIB, MAX_MEMORY_MIB);
    ui.horizontal(|ui| {
        let drag = egui::DragValue::new(&mut mib)
            .range(MIN_CACHE_MIB..=MAX_MEMORY_MIB)
            .speed(64.0)
            .suffix(" MiB");
        if ui.add(drag).labelled_by(heading.id).changed() {
            commands.push(Command::SetMemoryLimit(Some(mib)));
        }
        if chosen.is_none() {
            weak(ui, "by the memory that this computer has");
        } else if ui.button("Automatic").clicked() {
            commands.push(Command::SetMemoryLimit(None));
        }
    });
}
