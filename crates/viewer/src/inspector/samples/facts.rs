//! What a row of the table of samples says: one sample's numbers, and how they are written.

use reelscope_media::codec::PictureType;
use reelscope_media::{SampleId, SampleIndex, SyncKind, Visibility};

use crate::inspector::pictures::Pictures;

/// A column of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Column {
    /// Place in presentation order.
    #[default]
    Number,
    /// Place in decode order.
    Decode,
    /// Prediction type.
    Type,
    /// Whether decoding can start there.
    Sync,
    /// Size.
    Bytes,
    /// Presentation time.
    Pts,
    /// How long it is shown.
    Duration,
}

impl Column {
    /// All columns, from the left.
    pub(crate) const ALL: [Self; 7] = [
        Self::Number,
        Self::Decode,
        Self::Type,
        Self::Sync,
        Self::Bytes,
        Self::Pts,
        Self::Duration,
    ];

    /// Its heading.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Number => "#",
            Self::Decode => "Decode",
            Self::Type => "Type",
            Self::Sync => "Sync",
            Self::Bytes => "Bytes",
            Self::Pts => "PTS",
            Self::Duration => "Dur.",
        }
    }

    /// Its name in files and filters.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Decode => "decode",
            Self::Type => "type",
            Self::Sync => "sync",
            Self::Bytes => "bytes",
            Self::Pts => "pts",
            Self::Duration => "duration",
        }
    }

    /// What its values mean, with their unit.
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::Number => "Number in presentation order, from 0; “–” if the sample is not shown",
            Self::Decode => "Position in decode order, from 0",
            Self::Type => "I, P or B picture, as far as samples were read; “–” if not yet",
            Self::Sync => "Whether decoding can start here: key, open, or after +n frames",
            Self::Bytes => "Size of the access unit in bytes",
            Self::Pts => "Presentation time in ticks of the track",
            Self::Duration => "How long the frame is shown, in ticks; 0 if unknown",
        }
    }
}

/// What a row says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    number: Option<usize>,
    decode: usize,
    picture: PictureType,
    sync: SyncKind,
    bytes: usize,
    pts: i64,
    duration: u32,
}

impl Facts {
    /// Of a sample; `None` if it is gone.
    pub(crate) fn of(index: &SampleIndex, pictures: &Pictures, id: SampleId) -> Option<Self> {
        let sample = index.get(id)?;
        let shown = sample.visibility == Visibility::Shown;
        let number = shown.then(|| index.frame_number(id)).flatten();
        Some(Self {
            number: number.map(|number| index.dropped() + number),
            decode: index.decode_position(id)?,
            picture: pictures.get(id),
            sync: sample.sync,
            bytes: sample.data.len(),
            pts: sample.pts.0,
            duration: sample.duration,
        })
    }

    /// A value as a number: what columns are ordered and compared by.
    pub(crate) fn value(&self, column: Column) -> i64 {
        let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        match column {
            Column::Number => self.number.map_or(-1, whole),
            Column::Decode => whole(self.decode),
            Column::Type => self.picture as i64,
            Column::Sync => match self.sync {
                SyncKind::None => 0,
                SyncKind::Recovery(frames) => 1 + i64::from(frames),
                SyncKind::Open => 1 << 17,
                SyncKind::Closed | SyncKind::Stated => 1 << 18,
            },
            Column::Bytes => whole(self.bytes),
            Column::Pts => self.pts,
            Column::Duration => i64::from(self.duration),
        }
    }

    /// A value as it is written.
    pub(crate) fn text(&self, column: Column) -> String {
        match column {
            Column::Number => self
                .number
                .map_or_else(|| "–".to_owned(), |it| it.to_string()),
            Column::Type => picture_text(self.picture).to_owned(),
            Column::Sync => match self.sync {
                SyncKind::None => String::new(),
                SyncKind::Closed | SyncKind::Stated => "key".to_owned(),
                SyncKind::Open => "open".to_owned(),
                SyncKind::Recovery(frames) => format!("+{frames}"),
            },
            column => self.value(column).to_string(),
        }
    }

    /// The prediction type of its picture.
    pub(crate) fn picture(&self) -> PictureType {
        self.picture
    }

    /// Whether decoding can start there.
    pub(crate) fn sync(&self) -> SyncKind {
        self.sync
    }

    /// All values, divided by commas.
    pub(crate) fn csv(&self) -> String {
        Column::ALL.map(|column| self.text(column)).join(",")
    }

    /// What assistive technology reads.
    pub(crate) fn label(&self) -> String {
        let sync = self.text(Column::Sync);
        let sync = if sync.is_empty() { "no" } else { &sync };
        format!(
            "Sample #{}: decode {}, type {}, sync {sync}, {} bytes",
            self.text(Column::Number),
            self.decode,
            self.text(Column::Type),
            self.bytes
        )
    }
}

/// `I`, `P`, `B`, or a dash where nobody has looked.
pub(crate) fn picture_text(picture: PictureType) -> &'static str {
    match picture {
        PictureType::Unknown => "–",
        PictureType::I => "I",
        PictureType::P => "P",
        PictureType::B => "B",
    }
}
