//! Marks that a person puts on the timeline, each with a note if they want to say why.

use reelscope_store::LogTime;

/// A mark's name for as long as the window is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkerId(u64);

/// A mark on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Where it is, on the timeline that was looked at.
    pub time: LogTime,
    /// What the person wrote; empty if nothing.
    pub note: String,
}

/// The marks of one timeline, in order of time.
#[derive(Clone, Debug, Default)]
pub struct Markers {
    marks: Vec<(MarkerId, Marker)>,
    next: u64,
}

impl Markers {
    /// Adds a mark. Where there is one already, it stays, with the new note if that says something.
    pub fn add(&mut self, time: LogTime, note: &str) -> MarkerId {
        let at = self.marks.partition_point(|(_, mark)| mark.time < time);
        if let Some((id, mark)) = self.marks.get_mut(at)
            && mark.time == time
        {
            if !note.is_empty() {
                note.clone_into(&mut mark.note);
            }
            return *id;
        }
        let id = MarkerId(self.next);
        self.next += 1;
        let note = note.to_owned();
        self.marks.insert(at, (id, Marker { time, note }));
        id
    }

    /// Takes a mark away, if it is there.
    pub fn remove(&mut self, id: MarkerId) {
        self.marks.retain(|(other, _)| *other != id);
    }

    /// Moves a mark.
    pub fn move_to(&mut self, id: MarkerId, time: LogTime) {
        if let Some((_, mark)) = self.marks.iter_mut().find(|(other, _)| *other == id) {
            mark.time = time;
            self.marks.sort_by_key(|(_, mark)| mark.time);
        }
    }

    /// Writes another note.
    pub fn set_note(&mut self, id: MarkerId, note: &str) {
        if let Some((_, mark)) = self.marks.iter_mut().find(|(other, _)| *other == id) {
            note.clone_into(&mut mark.note);
        }
    }

    /// The mark at exactly this time.
    pub fn at(&self, time: LogTime) -> Option<(MarkerId, &Marker)> {
        let at = self.marks.partition_point(|(_, mark)| mark.time < time);
        let (id, mark) = self.marks.get(at)?;
        (mark.time == time).then_some((*id, mark))
    }

    /// All of them, in order of time.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (MarkerId, &Marker)> {
        self.marks.iter().map(|(id, mark)| (*id, mark))
    }

    /// The first one after (or the last one before) a time.
    pub fn next_to(&self, time: LogTime, forward: bool) -> Option<LogTime> {
        if forward {
            let at = self.marks.partition_point(|(_, mark)| mark.time <= time);
            Some(self.marks.get(at)?.1.time)
        } else {
            let at = self.marks.partition_point(|(_, mark)| mark.time < time);
            Some(self.marks.get(at.checked_sub(1)?)?.1.time)
        }
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Markers {
        let mut markers = Markers::default();
        for (time, note) in [(30, "green"), (10, ""), (20, "red")] {
            markers.add(LogTime(time), note);
        }
        markers
    }

    #[test]
    fn marks_stand_in_order_of_time_however_they_came() {
        let all = three();
        let times: Vec<i64> = all.iter().map(|(_, mark)| mark.time.0).collect();
        assert_eq!(times, [10, 20, 30]);
    }

    #[test]
    fn there_is_one_mark_at_a_time_and_its_note_is_not_lost() {
        let mut all = three();
        let id = all.add(LogTime(20), "");
        assert_eq!(all.iter().count(), 3);
        assert_eq!(
            all.at(LogTime(20)).map(|(_, mark)| mark.note.as_str()),
            Some("red")
        );
        all.set_note(id, "yellow");
        all.move_to(id, LogTime(40));
        assert!(all.at(LogTime(20)).is_none());
        assert_eq!(
            all.iter().last().map(|(_, mark)| mark.note.as_str()),
            Some("yellow")
        );
        all.remove(id);
        assert_eq!(all.iter().count(), 2);
    }

    #[test]
    fn one_goes_from_mark_to_mark() {
        let all = three();
        assert_eq!(all.next_to(LogTime(10), true), Some(LogTime(20)));
        assert_eq!(all.next_to(LogTime(15), false), Some(LogTime(10)));
        assert_eq!(all.next_to(LogTime(30), true), None);
        assert_eq!(all.next_to(LogTime(10), false), None);
    }
}
