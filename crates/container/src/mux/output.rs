//! The file that is being written, box by box.

use std::io::{Seek, SeekFrom, Write};

use reelscope_media::Track;

use super::MuxError;
use super::access_unit::{Conversion, Placement};
use super::entry::Entries;
use super::fragments::Fragment;
use super::movie::{file_type, movie};
use super::plan::Plan;
use super::tables::{self, SampleTable};

/// A box header with its length in 64 bits (ISO/IEC 14496-12 §4.2).
const LARGE_HEADER: u64 = 16;

pub(super) struct Output<'a, W> {
    out: &'a mut W,
    track: &'a Track,
    plan: &'a Plan,
    /// Bytes that are written.
    at: u64,
    conversion: Conversion,
    entries: Entries<'a>,
    layout: Layout,
}

/// Where samples go.
enum Layout {
    /// All into one box, which starts here, with the tables behind it.
    Whole(u64, SampleTable),
    Fragments(Fragment, Movie),
}

/// Whether the movie box is written.
#[derive(PartialEq, Eq)]
enum Movie {
    ToCome,
    Written,
}

impl<'a, W: Write + Seek> Output<'a, W> {
    pub(super) fn new(
        out: &'a mut W,
        track: &'a Track,
        plan: &'a Plan,
        placement: Placement,
    ) -> Result<Self, MuxError> {
        let entries = Entries::new(track);
        let mut output = Self {
            out,
            track,
            plan,
            at: 0,
            conversion: entries.conversion(placement),
            entries,
            layout: Layout::Fragments(Fragment::default(), Movie::ToCome),
        };
        output.put(&file_type(plan.fragmented)?)?;
        if !plan.fragmented {
            output.layout = Layout::Whole(output.at, SampleTable::default());
            output.put(&large_header(0))?;
        }
        Ok(output)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), MuxError> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Writes the sample of this number in the plan.
    pub(super) fn push(&mut self, number: usize, bytes: &[u8]) -> Result<(), MuxError> {
        let planned = self.plan.samples.get(number).ok_or(MuxError::Gone)?;
        let (is_sync, config) = (planned.is_sync, planned.config);
        let entry = self.entries.number(&self.conversion, config);
        if let Layout::Fragments(fragment, _) = &self.layout
            && fragment.is_full(is_sync, entry)
        {
            self.end_fragment()?;
        }
        let bytes = self.conversion.apply(bytes)?;
        self.entries.look_at(&bytes, is_sync);
        let size = u32::try_from(bytes.len()).map_err(|_| MuxError::TooLarge { what: "sample" })?;
        match &mut self.layout {
            Layout::Whole(_, table) => {
                table.push(self.at, size, entry);
                self.put(&bytes)
            }
            Layout::Fragments(fragment, _) => {
                fragment.push(self.plan, number, &bytes, entry);
                Ok(())
            }
        }
    }

    fn end_fragment(&mut self) -> Result<(), MuxError> {
        let Layout::Fragments(fragment, state) = &mut self.layout else {
            return Ok(());
        };
        let first = std::mem::replace(state, Movie::Written) == Movie::ToCome;
        let (moof, mdat) = fragment.take(self.plan)?;
        if first {
            // From here on, what is said of the stream holds.
            let entries = self.entries.boxes(&self.conversion)?;
            self.conversion.seal();
            self.put(&movie(self.track, self.plan, tables::empty(entries))?)?;
        }
        self.put(&moof)?;
        self.put(&mdat)
    }

    /// Writes what describes the samples.
    pub(super) fn finish(mut self) -> Result<(), MuxError> {
        match std::mem::replace(
            &mut self.layout,
            Layout::Fragments(Fragment::default(), Movie::Written),
        ) {
            Layout::Whole(start, table) => {
                let length = self.at - start;
                let entries = self.entries.boxes(&self.conversion)?;
                let moov = movie(self.track, self.plan, table.finish(self.plan, entries))?;
                self.put(&moov)?;
                self.out.seek(SeekFrom::Start(start))?;
                self.out.write_all(&large_header(length))?;
                self.out.seek(SeekFrom::Start(self.at))?;
            }
            fragments @ Layout::Fragments(..) => {
                self.layout = fragments;
                let is_empty =
                    matches!(&self.layout, Layout::Fragments(fragment, _) if fragment.is_empty());
                if !is_empty {
                    self.end_fragment()?;
                }
            }
        }
        Ok(self.out.flush()?)
    }
}

/// The header of the box that holds samples, of this length.
fn large_header(length: u64) -> [u8; LARGE_HEADER as usize] {
    let mut header = [0, 0, 0, 1, b'm', b'd', b'a', b't', 0, 0, 0, 0, 0, 0, 0, 0];
    let (_, size) = header.split_at_mut(8);
    size.copy_from_slice(&length.to_be_bytes());
    header
}
