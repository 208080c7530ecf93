//! What a session says, put into effect once its files are open.

use std::collections::HashMap;

use reelscope_store::StreamId;

use super::super::App;
use super::Arrange;
use super::take::{file_text, stream_of};
use crate::clock::Speed;
use crate::command::Active;
use crate::picture_choice::Exposure;
use crate::reel::{Reel, TimelineEntry};
use crate::values::ValueChoice;
use crate::view_id::ViewId;
use crate::zoom::Zoom;

impl App {
    /// Puts the session into effect that was opened, if that is still to be done.
    pub(in crate::app) fn arrange_reel(&mut self, wall: f64) {
        let Some(how_much) = self.reel.to_arrange.take() else {
            return;
        };
        let reel = self.reel.saved.clone();
        let views = self.put_views(&reel);
        if let Some(layout) = &reel.layout {
            self.tiles
                .set_layout(layout, &|name| views.get(name).copied());
        }
        if how_much == Arrange::All {
            for timeline in &reel.timelines {
                self.put_timeline(timeline, wall);
            }
            let looked_at = reel.looking_at.as_deref();
            let active = looked_at.and_then(|file| self.active_of(file));
            self.session.activate(active.unwrap_or_default());
            self.look_at_active(wall);
            let focused = reel.focused.as_deref();
            if let Some(view) = focused.and_then(|name| views.get(name)) {
                self.tiles.focus(*view);
            }
            let folder = self.reel.folder();
            let path = self.reel.path.clone();
            // What the program makes of the file is no change by the person.
            self.reel.saved = self.reel_now(&folder);
            if let Some(path) = path {
                self.note_recent(&path, self.tiles.focused_stream());
            }
        }
    }

    /// Gives the views what the session says of them. Returns them by name.
    fn put_views(&mut self, reel: &Reel) -> HashMap<String, ViewId> {
        let folder = self.reel.folder();
        self.tiles.set_linked(!reel.separate_zooms);
        let mut views = HashMap::new();
        let mut taken = HashMap::new();
        for entry in &reel.views {
            let mut sources = self.sources();
            let stream = sources.find_map(|recording| {
                let is_it = file_text(recording, &folder)? == entry.file;
                stream_of(recording, entry.stream.as_deref()).filter(|_| is_it)
            });
            drop(sources);
            let Some(stream) = stream else {
                continue;
            };
            let number = taken.entry(stream).or_insert(0_usize);
            let Some(view) = self.nth_view(stream, *number) else {
                continue;
            };
            *number += 1;
            if let Some(colors) = entry.colors {
                self.correct(stream, colors.into());
            }
            if let Some(picture) = self.session.picture_mut(view) {
                let exposure = entry.exposure.map(Exposure::of_stops);
                picture.exposure = exposure.unwrap_or(Exposure::NONE);
            }
            let range = entry.range.map(|range| range.map(|value| value as f32));
            let values = self.session.values(view);
            self.session
                .set_values(view, ValueChoice { range, ..values });
            if view.is_own() {
                self.show_stream(stream, !entry.hidden);
            }
            let offset = entry.offset.map_or(0, |offset| offset.time().0);
            self.session.set_offset(view, offset);
            if let Some(zoom) = entry.zoom {
                let center = zoom.center.map(|share| share as f32);
                *self.tiles.zoom_mut(view) = Zoom::from_parts(zoom.scale as f32, center);
            }
            views.insert(entry.name.clone(), view);
        }
        views
    }

    /// A view of a stream by its number; one more is made if there are just so many.
    fn nth_view(&mut self, stream: StreamId, number: usize) -> Option<ViewId> {
        if let Some(view) = self.session.views_of(stream).get(number) {
            return Some(*view);
        }
        let copy = self.session.copy_view(stream.into())?;
        self.tiles.add(copy);
        Some(copy)
    }

    fn put_timeline(&mut self, entry: &TimelineEntry, wall: f64) {
        let active = match entry.file.as_deref() {
            None => Some(Active::Files),
            Some(file) => self.active_of(file),
        };
        let Some(active) = active else {
            return;
        };
        self.session.activate(active);
        self.look_at_active(wall);
        if let Some(name) = &entry.name
            && entry.playhead.is_some()
        {
            self.choose_timeline(name);
        }
        let known = entry.name.as_deref().map(std::sync::Arc::from);
        let axis = known.or_else(|| Some(self.session.timeline()?.name));
        if let Some(name) = axis
            && !entry.marks.is_empty()
        {
            let marks = self.marks.entry((active, name));
            for mark in &entry.marks {
                marks.add(mark.at.time(), &mark.note);
            }
        }
        let Some(playhead) = entry.playhead else {
            return;
        };
        self.clock.pause();
        if let Some(speed) = entry.speed.filter(|speed| speed.is_finite()) {
            // Saturates where it is out of range.
            let thousandths = (speed * 1_000.0).round() as i32;
            self.clock.set_speed(Speed::from_thousandths(thousandths));
        }
        self.clock.set_loop_mode(entry.at_end);
        let looped = entry
            .looped
            .map(|[start, end]| (start.time(), end.time()))
            .filter(|(start, end)| start < end);
        self.clock.set_loop_range(looped);
        self.clock.seek(playhead.time());
    }

    /// What a file of the session belongs to.
    fn active_of(&self, file: &str) -> Option<Active> {
        let folder = self.reel.folder();
        let mut sources = self.sources();
        let found = sources.find(|it| file_text(it, &folder).as_deref() == Some(file))?;
        Some(self.session.set_of(found))
    }
}
