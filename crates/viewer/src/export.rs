//! What can be saved besides recordings and frames: what each is called, and lists as text.

use reelscope_store::TimelineKind;
use serde::Serialize;

use crate::markers::Markers;
use crate::timecode::time_text;

/// Something that is saved as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The stream in focus, or the looped part of it, as MP4.
    Video,
    /// The file in focus, byte for byte as it was logged.
    Original,
    /// Frames of all tiles at several times as one picture.
    Sheet,
    /// The marks of what is looked at.
    Marks,
    /// The rows of the inspector's table.
    Samples,
}

/// What a file dialog says of an [`Export`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportWords {
    /// Its title.
    pub title: &'static str,
    /// What kind of file it is, for people.
    pub kind: &'static str,
    /// Endings of names, the usual one first.
    pub extensions: &'static [&'static str],
    /// What is to be typed where there is no dialog.
    pub help: &'static str,
}

impl Export {
    /// What a file dialog says of it.
    pub fn words(self) -> ExportWords {
        match self {
            Self::Video => ExportWords {
                title: "Save stream as MP4",
                kind: "Video",
                extensions: &["mp4"],
                help: "The path of the MP4 file.",
            },
            Self::Original => ExportWords {
                title: "Save original file",
                kind: "Video",
                extensions: &[],
                help: "The path to save the bytes at, as they were logged.",
            },
            Self::Sheet => ExportWords {
                title: "Save contact sheet",
                kind: "Pictures",
                extensions: &["png"],
                help: "The path of the PNG file. Its columns are at the marks, or eight evenly over the loop.",
            },
            Self::Marks => ExportWords {
                title: "Save marks",
                kind: "Marks",
                extensions: &["csv", "json"],
                help: "The path of the list: .csv, or .json.",
            },
            Self::Samples => ExportWords {
                title: "Save table of samples",
                kind: "Tables",
                extensions: &["csv"],
                help: "The path of the CSV file.",
            },
        }
    }
}

/// A list of marks.
#[derive(Serialize)]
struct MarkList<'a> {
    timeline: &'a str,
    /// What times count.
    unit: &'static str,
    marks: Vec<MarkRow<'a>>,
}

#[derive(Serialize)]
struct MarkRow<'a> {
    time: i64,
    text: String,
    note: &'a str,
}

fn unit(kind: TimelineKind) -> &'static str {
    match kind {
        TimelineKind::Sequence => "steps",
        TimelineKind::Duration | TimelineKind::Timestamp => "nanoseconds",
    }
}

/// Marks as JSON: the timeline, what its times count, and each mark with its time as a number and as
/// the window shows it.
pub(crate) fn marks_json(marks: &Markers, timeline: &str, kind: TimelineKind) -> String {
    let rows = marks.iter().map(|(_, mark)| MarkRow {
        time: mark.time.0,
        text: time_text(kind, mark.time),
        note: &mark.note,
    });
    let list = MarkList {
        timeline,
        unit: unit(kind),
        marks: rows.collect(),
    };
    // Numbers and texts always have a form in JSON.
    serde_json::to_string_pretty(&list).unwrap_or_default() + "\n"
}

/// Marks as comma-separated values (RFC 4180): the same columns.
pub(crate) fn marks_csv(marks: &Markers, kind: TimelineKind) -> String {
    let mut text = format!("time_{},text,note\n", unit(kind));
    for (_, mark) in marks.iter() {
        let shown = field(&time_text(kind, mark.time));
        text += &format!("{},{shown},{}\n", mark.time.0, field(&mark.note));
    }
    text
}

/// A field, in quotes where it has to be.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use reelscope_store::LogTime;

    use super::*;

    fn marks() -> Markers {
        let mut marks = Markers::default();
        marks.add(LogTime(1_500_000_000), "turns, \"green\"");
        marks.add(LogTime(0), "");
        marks
    }

    #[test]
    fn marks_are_rows_with_their_times_and_notes() {
        let csv = marks_csv(&marks(), TimelineKind::Duration);
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.first(), Some(&"time_nanoseconds,text,note"));
        assert_eq!(lines.len(), 3);
        let last = lines.last().copied().unwrap_or_default();
        assert!(last.starts_with("1500000000,"), "{last}");
        assert!(last.ends_with(",\"turns, \"\"green\"\"\""), "{last}");
    }

    #[test]
    fn marks_in_json_say_what_their_times_count() {
        let json = marks_json(&marks(), "frame", TimelineKind::Sequence);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["timeline"], "frame");
        assert_eq!(read["unit"], "steps");
        assert_eq!(read["marks"][1]["time"], 1_500_000_000);
        assert_eq!(read["marks"][1]["note"], "turns, \"green\"");
    }
}
