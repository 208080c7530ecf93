//! The elementary stream of one packet identifier on its way through: cut into access units, with
//! the place of each in the file and the times of the PES packets.

use std::collections::VecDeque;

use memchr::memmem::Finder;
use reelscope_media::{Codec, CodecConfig, Framing};

use super::packet::Packet;
use super::pes::{PesHeaders, PesTimes};
use super::source::Place;
use crate::access_units::{AccessUnits, scan, start_code_finder};
use crate::assemble::{MAX_SAMPLES, plain_config};
use crate::raw::RawSample;

/// How much is gathered before it is cut.
const GATHERED: usize = 256 << 10;

/// A stream while it is read.
pub(super) struct Stream {
    pub(super) pid: u16,
    pub(super) config: CodecConfig,
    pub(super) scrambled: u64,
    pub(super) packets: u64,
    pub(super) units: AccessUnits,
    /// Where each access unit starts.
    pub(super) places: Vec<Place>,
    /// Where each PES packet with a time starts in the elementary stream.
    pub(super) times: Vec<(u64, PesTimes)>,
    headers: PesHeaders,
    finder: Finder<'static>,
    /// What was not cut yet, and where in the elementary stream it is.
    gathered: Vec<u8>,
    base: u64,
    /// Where the gathered bytes came from, in order.
    pieces: VecDeque<Place>,
}

impl Stream {
    pub(super) fn new(pid: u16, codec: Codec) -> Self {
        let framing = match codec {
            Codec::Unknown => Framing::Whole,
            _ => Framing::AnnexB,
        };
        let config = plain_config(codec, framing);
        Self {
            pid,
            scrambled: 0,
            packets: 0,
            units: AccessUnits::new(&config),
            config,
            places: Vec::new(),
            times: Vec::new(),
            headers: PesHeaders::Waiting,
            finder: start_code_finder(),
            gathered: Vec::new(),
            base: 0,
            pieces: VecDeque::new(),
        }
    }

    /// Takes a packet that starts at `start` in the file.
    pub(super) fn take(&mut self, start: u64, packet: Packet<'_>) {
        self.packets += 1;
        self.scrambled += u64::from(packet.is_scrambled());
        let payload = packet.payload();
        let (inside, times) = self.headers.strip(payload, packet.starts_unit());
        let offset = self.base + self.gathered.len() as u64;
        if let Some(times) = times.filter(|times| times.pts.is_some())
            && self.times.len() < MAX_SAMPLES
        {
            self.times.push((offset, times));
        }
        if inside.is_empty() || self.config.codec == Codec::Unknown {
            return;
        }
        let at = packet.payload_start() + payload.len() - inside.len();
        self.pieces.push_back(Place {
            offset,
            packet: start,
            at: u8::try_from(at).unwrap_or(0),
        });
        self.gathered.extend(inside);
        if self.gathered.len() >= GATHERED {
            self.cut(false);
        }
    }

    /// Cuts what was gathered into access units.
    pub(super) fn cut(&mut self, last: bool) {
        let Self {
            units,
            places,
            pieces,
            base,
            finder,
            ..
        } = self;
        let each = |at: usize, nal: &[u8]| {
            let offset = *base + at as u64;
            if !units.is_full() && units.nal(offset, nal) {
                places.extend(place_of(pieces, offset));
            }
            true
        };
        let done = scan(finder, &self.gathered, last, each).unwrap_or(self.gathered.len());
        self.gathered.drain(..done.min(self.gathered.len()));
        self.base += done as u64;
        while self
            .pieces
            .get(1)
            .is_some_and(|next| next.offset <= self.base)
        {
            self.pieces.pop_front();
        }
        if last {
            self.units.finish(self.base);
        }
    }

    /// The access units with their times: each has those of the last PES packet that starts behind
    /// the start of the access unit before and not behind its own (§2.4.3.7), if any.
    pub(super) fn timed_units(&self) -> Vec<(&RawSample, PesTimes)> {
        let mut times = self.times.iter().peekable();
        let mut timed = Vec::with_capacity(self.units.samples.len());
        for unit in &self.units.samples {
            let mut latest = PesTimes::default();
            // A zero byte in front of the start code may still be in the PES packet before.
            while let Some((_, found)) = times.next_if(|(offset, _)| *offset <= unit.offset + 1) {
                latest = *found;
            }
            timed.push((unit, latest));
        }
        timed
    }
}

/// Where a byte of the elementary stream is in the file.
fn place_of(pieces: &VecDeque<Place>, offset: u64) -> Option<Place> {
    let after = pieces.partition_point(|piece| piece.offset <= offset);
    let piece = pieces.get(after.checked_sub(1)?)?;
    let at = u8::try_from(u64::from(piece.at) + offset - piece.offset).ok()?;
    Some(Place {
        offset,
        packet: piece.packet,
        at,
    })
}
