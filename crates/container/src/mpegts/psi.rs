//! Program specific information (ITU-T H.222.0 §2.4.4): which programs there are, and which streams
//! each has.

use std::collections::BTreeMap;

use reelscope_media::{Codec, TrackKind};

/// A stream of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StreamEntry {
    pub(super) pid: u16,
    pub(super) kind: TrackKind,
    pub(super) codec: Codec,
    /// Name of the codec.
    pub(super) name: &'static str,
}

/// Collects sections and reads the two tables that matter.
#[derive(Default)]
pub(super) struct ProgramTables {
    /// In the order in which they are listed.
    pub(super) streams: Vec<StreamEntry>,
    /// The section at hand, by packet identifier: of the association table, and of program maps.
    sections: BTreeMap<u16, Option<Vec<u8>>>,
    maps_read: usize,
}

/// The longest section with program information (§2.4.4.11).
const LONGEST_SECTION: usize = 1024;

/// Programs that are looked at, against tables that list tens of thousands.
const MOST_PROGRAMS: usize = 256;

impl ProgramTables {
    pub(super) fn new() -> Self {
        Self {
            sections: BTreeMap::from([(0, None)]),
            ..Self::default()
        }
    }

    /// True when the streams of all programs are known.
    pub(super) fn complete(&self) -> bool {
        self.sections.len() > 1 && self.maps_read + 1 >= self.sections.len()
    }

    /// Takes the payload of a packet.
    pub(super) fn take(&mut self, pid: u16, payload: &[u8], starts_unit: bool) {
        let Some(slot) = self.sections.get_mut(&pid) else {
            return;
        };
        let mut payload = payload;
        if starts_unit {
            let pointer = payload.first().map_or(0, |pointer| usize::from(*pointer));
            let Some(section) = payload.get(1 + pointer..) else {
                return;
            };
            payload = section;
            *slot = Some(Vec::new());
        }
        let Some(section) = slot else { return };
        section.extend(payload);
        let len = match section.get(1..3) {
            Some(&[high, low]) => 3 + usize::from(u16::from_be_bytes([high & 0x0F, low])),
            _ => return,
        };
        if len > LONGEST_SECTION {
            *slot = None;
        } else if section.len() >= len {
            section.truncate(len);
            let section = slot.take().unwrap_or_default();
            self.read(pid, &section);
        }
    }

    fn read(&mut self, pid: u16, section: &[u8]) {
        /// Behind the last entry is a check sum.
        const CHECK_SUM: usize = 4;
        let end = section.len().saturating_sub(CHECK_SUM);
        match (pid, section.first()) {
            (0, Some(0)) => self.association(section.get(8..end).unwrap_or_default()),
            (1.., Some(2)) => self.map(section.get(10..end).unwrap_or_default()),
            _ => {}
        }
    }

    /// Program association: program numbers and the packet identifiers of their maps.
    fn association(&mut self, entries: &[u8]) {
        for entry in entries.chunks_exact(4) {
            let [n0, n1, p0, p1] = *entry else { continue };
            let is_program = [n0, n1] != [0, 0];
            if is_program && self.sections.len() <= MOST_PROGRAMS {
                self.sections
                    .entry(u16::from_be_bytes([p0 & 0x1F, p1]))
                    .or_insert(None);
            }
        }
    }

    /// Program map, from the length of its descriptors on.
    fn map(&mut self, section: &[u8]) {
        let Some((_, mut rest)) = with_descriptors(section) else {
            return;
        };
        self.maps_read += 1;
        while let [stream_type, p0, p1, ..] = *rest {
            let Some((descriptors, behind)) = rest.get(3..).and_then(with_descriptors) else {
                return;
            };
            let pid = u16::from_be_bytes([p0 & 0x1F, p1]);
            if self.streams.iter().all(|stream| stream.pid != pid) {
                self.streams.push(stream(pid, stream_type, descriptors));
            }
            rest = behind;
        }
    }
}

/// Descriptors behind their length, and what follows them.
fn with_descriptors(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let len = u16::from_be_bytes(*bytes.first_chunk::<2>()?) & 0x0FFF;
    bytes.get(2..)?.split_at_checked(usize::from(len))
}

/// What a stream type means (§2.4.4.9, Table 2-34, and its private uses).
fn stream(pid: u16, stream_type: u8, descriptors: &[u8]) -> StreamEntry {
    use TrackKind::{Audio, Video};
    let (kind, codec, name) = match stream_type {
        0x1B => (Video, Codec::H264, "h264"),
        0x24 => (Video, Codec::H265, "h265"),
        0x01 => (Video, Codec::Unknown, "MPEG-1 video"),
        0x02 => (Video, Codec::Unknown, "MPEG-2 video"),
        0x10 => (Video, Codec::Unknown, "MPEG-4 Part 2 video"),
        0x21 => (Video, Codec::Unknown, "JPEG 2000"),
        0x33 => (Video, Codec::Unknown, "H.266"),
        0xEA => (Video, Codec::Unknown, "VC-1"),
        0x42 | 0xD2 => (Video, Codec::Unknown, "AVS"),
        0x03 | 0x04 => (Audio, Codec::Unknown, "mp2"),
        0x0F | 0x11 => (Audio, Codec::Unknown, "aac"),
        0x80 => (Audio, Codec::Unknown, "pcm"),
        0x81 => (Audio, Codec::Unknown, "ac3"),
        0x82 | 0x85 | 0x86 => (Audio, Codec::Unknown, "dts"),
        0x87 => (Audio, Codec::Unknown, "eac3"),
        _ => private(descriptors),
    };
    StreamEntry {
        pid,
        kind,
        codec,
        name,
    }
}

/// What the descriptors of a private stream say (ETSI EN 300 468 Table 12).
fn private(mut descriptors: &[u8]) -> (TrackKind, Codec, &'static str) {
    while let [tag, len, ref rest @ ..] = *descriptors {
        let (value, behind) = rest
            .split_at_checked(usize::from(len))
            .unwrap_or((rest, &[]));
        match (tag, value) {
            (0x05, b"HEVC") => return (TrackKind::Video, Codec::H265, "h265"),
            (0x05, b"AC-3") | (0x6A, _) => return (TrackKind::Audio, Codec::Unknown, "ac3"),
            (0x7A, _) => return (TrackKind::Audio, Codec::Unknown, "eac3"),
            (0x05, b"Opus") => return (TrackKind::Audio, Codec::Unknown, "opus"),
            (0x56, _) => return (TrackKind::Other, Codec::Unknown, "teletext"),
            (0x59, _) => return (TrackKind::Other, Codec::Unknown, "subtitles"),
            _ => descriptors = behind,
        }
    }
    (TrackKind::Other, Codec::Unknown, "private")
}
