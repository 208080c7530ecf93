//! The walk over a segment: what it says of itself and of its tracks, and where the frames are.

use std::collections::HashMap;

use memchr::memmem;

use super::block::{BlockHeader, Frame};
use super::ebml::{self, Header, Id};
use super::track::TrackEntry;
use crate::ContainerError;
use crate::assemble::MAX_SAMPLES;
use crate::window::Window;

/// The longest master element that is read at once: track descriptions with long codec records.
const LONGEST_MASTER: u64 = 16 << 20;

/// Searched at once for the next cluster behind damage.
const SEARCH: usize = 64 << 10;

/// Sizes of up to 256 frames in one block.
const LACE_SIZES: usize = 4 << 10;

/// What the walk finds.
pub(super) struct Segment {
    /// Nanoseconds per tick.
    pub(super) timestamp_scale: u64,
    pub(super) tracks: Vec<TrackEntry>,
    /// The frames of each video track, by track number.
    pub(super) frames: HashMap<u64, Vec<Frame>>,
    pub(super) warnings: Vec<String>,
    frame_count: usize,
    cluster_time: u64,
}

impl Default for Segment {
    fn default() -> Self {
        Self {
            timestamp_scale: 1_000_000,
            tracks: Vec::new(),
            frames: HashMap::new(),
            warnings: Vec::new(),
            frame_count: 0,
            cluster_time: 0,
        }
    }
}

/// What to do after an element.
enum Step {
    /// Its inside comes next.
    Into,
    /// What follows it comes next.
    Over,
}

impl Segment {
    /// Walks over the whole file. Segments and clusters are stepped into and never ended, so it does
    /// not matter whether their sizes are known or right.
    pub(super) fn walk(&mut self, window: &mut Window<'_>) -> Result<(), ContainerError> {
        let end = window.len();
        let mut offset = 0;
        while offset < end && self.frame_count < MAX_SAMPLES {
            let header = Header::read(window, offset)?.filter(|header| is_plausible(*header));
            let Some(header) = header else {
                offset = self.recover(window, offset)?;
                continue;
            };
            let inside = offset + header.len;
            let Some(size) = header.size else {
                // Only what is stepped into may have no size.
                offset = match self.element(window, header.id, inside, 0)? {
                    Step::Into => inside,
                    Step::Over => self.recover(window, offset)?,
                };
                continue;
            };
            let stop = inside.saturating_add(size);
            let steps_in = matches!(header.id, ebml::SEGMENT | ebml::CLUSTER);
            if stop > end && !steps_in {
                self.warnings
                    .push(format!("it is cut off, or damaged at byte {offset}"));
                // Cut off if nothing follows; otherwise the size is wrong.
                offset = self.recover_quietly(window, offset)?;
                continue;
            }
            offset = match self.element(window, header.id, inside, size)? {
                Step::Into => inside,
                Step::Over => stop,
            };
        }
        if self.frame_count >= MAX_SAMPLES {
            self.warnings
                .push(format!("only its first {MAX_SAMPLES} pictures are read"));
        }
        Ok(())
    }

    fn element(
        &mut self,
        window: &mut Window<'_>,
        id: Id,
        offset: u64,
        size: u64,
    ) -> Result<Step, ContainerError> {
        match id {
            ebml::SEGMENT | ebml::CLUSTER => return Ok(Step::Into),
            ebml::TIMESTAMP => {
                self.cluster_time = ebml::unsigned(window.get(offset, size.min(8) as usize)?)
            }
            ebml::SIMPLE_BLOCK => self.block(window, offset, size, None)?,
            ebml::BLOCK_GROUP => self.block_group(window, offset, size)?,
            ebml::INFO if size <= LONGEST_MASTER => {
                let inside = ebml::children(window.get(offset, size as usize)?);
                for (_, value) in inside.filter(|(id, _)| *id == ebml::TIMESTAMP_SCALE) {
                    self.timestamp_scale = ebml::unsigned(value).max(1);
                }
            }
            ebml::TRACKS if size <= LONGEST_MASTER && self.tracks.is_empty() => {
                let inside = ebml::children(window.get(offset, size as usize)?);
                let entries = inside.filter(|(id, _)| *id == ebml::TRACK_ENTRY);
                self.tracks = entries.map(|(_, entry)| TrackEntry::parse(entry)).collect();
            }
            _ => {}
        }
        Ok(Step::Over)
    }

    /// A block with what is stated beside it.
    fn block_group(
        &mut self,
        window: &mut Window<'_>,
        offset: u64,
        size: u64,
    ) -> Result<(), ContainerError> {
        let stop = offset + size;
        let mut at = offset;
        let (mut block, mut group) = (
            None,
            Group {
                key: true,
                duration: 0,
            },
        );
        while at < stop {
            let Some(header) = Header::read(window, at)? else {
                break;
            };
            let inside = at + header.len;
            let size = header.size.unwrap_or(0).min(stop.saturating_sub(inside));
            match header.id {
                ebml::BLOCK => block = Some((inside, size)),
                ebml::REFERENCE_BLOCK => group.key = false,
                ebml::BLOCK_DURATION => {
                    let value = ebml::unsigned(window.get(inside, size.min(8) as usize)?);
                    group.duration = u32::try_from(value).unwrap_or(0);
                }
                _ => {}
            }
            at = inside + size;
        }
        match block {
            Some((offset, size)) => self.block(window, offset, size, Some(group)),
            None => Ok(()),
        }
    }

    fn block(
        &mut self,
        window: &mut Window<'_>,
        offset: u64,
        size: u64,
        group: Option<Group>,
    ) -> Result<(), ContainerError> {
        let head = window.get(offset, BlockHeader::LONGEST.min(size as usize))?;
        let Some(block) = BlockHeader::parse(head) else {
            self.warnings
                .push(format!("the block at byte {offset} is damaged"));
            return Ok(());
        };
        let entry = self.tracks.iter().find(|entry| entry.number == block.track);
        if entry.is_some_and(|entry| !entry.is_video()) {
            return Ok(());
        }
        let header_len = block.len() as u64;
        let inside = size.saturating_sub(header_len);
        let (first, lens) = if block.is_laced() {
            let sizes = window.get(offset + header_len, LACE_SIZES.min(inside as usize))?;
            match block.laces(sizes, inside) {
                Some(laces) => laces,
                None => {
                    self.warnings
                        .push(format!("the block at byte {offset} is damaged"));
                    return Ok(());
                }
            }
        } else {
            (0, vec![inside])
        };
        let cluster_time = i64::try_from(self.cluster_time).unwrap_or(i64::MAX);
        let group = group.unwrap_or(Group {
            key: block.is_key(),
            duration: 0,
        });
        let mut start = offset + header_len + first as u64;
        let frames = self.frames.entry(block.track).or_default();
        for (lace, len) in (0..).zip(lens) {
            frames.push(Frame {
                offset: start,
                len: u32::try_from(len).unwrap_or(u32::MAX),
                time: cluster_time.saturating_add(i64::from(block.time)),
                duration: group.duration,
                key: group.key,
                invisible: block.is_invisible(),
                lace,
            });
            self.frame_count += 1;
            start += len;
        }
        Ok(())
    }

    /// Goes on behind damage, and says so.
    fn recover(&mut self, window: &mut Window<'_>, offset: u64) -> Result<u64, ContainerError> {
        self.warnings
            .push(format!("it is damaged at byte {offset}"));
        self.recover_quietly(window, offset)
    }

    /// Where the next cluster starts; the end of the file if there is none.
    fn recover_quietly(
        &mut self,
        window: &mut Window<'_>,
        offset: u64,
    ) -> Result<u64, ContainerError> {
        // A person needs to know that there is damage, not every place of it.
        self.warnings.truncate(MOST_WARNINGS);
        let id = ebml::CLUSTER.to_be_bytes();
        let mut from = offset + 1;
        while from < window.len() {
            let chunk = window.get(from, SEARCH)?;
            if let Some(at) = memmem::find(chunk, &id) {
                return Ok(from + at as u64);
            }
            from += chunk.len().saturating_sub(id.len() - 1).max(1) as u64;
        }
        Ok(window.len())
    }
}

/// Damage is told of this many times.
const MOST_WARNINGS: usize = 8;

/// What a block group says of its block.
#[derive(Clone, Copy)]
struct Group {
    key: bool,
    duration: u32,
}

/// False for headers that only damage makes: an unknown element of the top levels that claims much.
fn is_plausible(header: Header) -> bool {
    const KNOWN: &[Id] = &[
        ebml::EBML,
        ebml::SEGMENT,
        ebml::CLUSTER,
        ebml::INFO,
        ebml::TRACKS,
        ebml::CUES,
        ebml::TAGS,
        ebml::SEEK_HEAD,
        ebml::CHAPTERS,
        ebml::ATTACHMENTS,
        ebml::SIMPLE_BLOCK,
        ebml::BLOCK_GROUP,
    ];
    /// Unknown elements are small: what is large has a name.
    const LARGEST_UNKNOWN: u64 = 1 << 20;
    KNOWN.contains(&header.id) || header.size.is_some_and(|size| size <= LARGEST_UNKNOWN)
}
