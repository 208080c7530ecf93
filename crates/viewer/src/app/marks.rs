//! Marks on the timeline, and the range that is played again and again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::App;
use crate::command::{Active, Command, Dialog};
use crate::markers::Markers;
use crate::session::Session;
use crate::steps::step_frames;

/// What marks belong to: what is looked at, and the timeline along which it is.
pub(super) type Axis = (Active, Arc<str>);

/// The marks of each timeline that was looked at.
#[derive(Debug, Default)]
pub(super) struct MarkBook(BTreeMap<Axis, Markers>);

impl MarkBook {
    /// All of them that are not empty.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Axis, &Markers)> {
        self.0.iter().filter(|(_, marks)| !marks.is_empty())
    }

    /// The marks of a timeline, to be changed.
    pub(super) fn entry(&mut self, axis: Axis) -> &mut Markers {
        self.0.entry(axis).or_default()
    }

    /// Forgets the marks of what is not wanted.
    pub(super) fn retain(&mut self, wanted: impl Fn(Active) -> bool) {
        self.0.retain(|(active, _), _| wanted(*active));
    }

    fn axis(session: &Session) -> Option<Axis> {
        let timeline = session.timeline()?;
        Some((session.active(), timeline.name))
    }

    /// The marks of what is looked at; `None` if nobody has made one.
    pub(super) fn of(&self, session: &Session) -> Option<&Markers> {
        self.0.get(&Self::axis(session)?)
    }
}

impl App {
    /// The marks of what is looked at; `None` if nobody has made one.
    pub fn markers(&self) -> Option<&Markers> {
        self.marks.of(&self.session)
    }

    fn with_markers(&mut self, change: impl FnOnce(&mut Markers)) {
        if let Some(axis) = MarkBook::axis(&self.session) {
            change(self.marks.0.entry(axis).or_default());
        }
    }

    pub(super) fn apply_marks(&mut self, command: Command) {
        let now = self.clock.now();
        match command {
            Command::LoopFromHere => self.clock.loop_from_here(),
            Command::LoopUntilHere => {
                let focused = self.tiles.focused_stream();
                let stream = focused.and_then(|id| self.session.store.stream(id));
                let next = stream.and_then(|(_, stream)| step_frames(&stream, now, 1));
                let end = self.clock.extent().map(|(_, end)| end);
                if let Some(after) = next.or(end) {
                    self.clock.loop_until(after);
                }
            }
            Command::SetLoopRange(range) => self.clock.set_loop_range(range),
            Command::AddMarker => self.with_markers(|marks| {
                _ = marks.add(now, "");
            }),
            Command::AddMarkerWithNote => {
                self.clock.pause();
                let hwaccel = &self.session.env.hwaccel;
                self.dialog.show(Dialog::Note, &self.settings, hwaccel);
            }
            Command::AddMarkerAt(time, note) => {
                self.with_markers(|marks| {
                    _ = marks.add(time, &note);
                });
            }
            Command::SetMarkerNote(id, note) => {
                self.with_markers(|marks| marks.set_note(id, &note))
            }
            Command::MoveMarker(id, time) => self.with_markers(|marks| marks.move_to(id, time)),
            Command::RemoveMarker(id) => self.with_markers(|marks| marks.remove(id)),
            Command::StepMarkers(count) => {
                let there = self
                    .markers()
                    .and_then(|marks| marks.next_to(now, count > 0));
                if let Some(time) = there {
                    self.clock.pause();
                    self.clock.seek(time);
                }
            }
            view => self.apply_view(view),
        }
    }
}
