//! Transport packets (ITU-T H.222.0 §2.4.3): how they lie in a file, and their headers.

use crate::ContainerError;
use crate::window::Window;

/// Length of a packet. Files may have more bytes between packets.
pub(super) const PACKET: usize = 188;

const SYNC: u8 = 0x47;

/// From packet to packet: plain, with a time in front (Blu-ray, AVCHD), with parity behind.
const STRIDES: [usize; 3] = [188, 192, 204];

/// How packets lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Where the first whole packet is.
    pub(super) first: u64,
    /// From one packet's start to the next one's.
    pub(super) stride: u64,
}

impl Layout {
    /// Finds out the layout from the first bytes: the one by which most packets are where they should
    /// be, with their number. `None` if a quarter of them is not.
    pub(super) fn detect(head: &[u8]) -> Option<(Self, usize)> {
        let candidates = STRIDES
            .iter()
            .flat_map(|stride| (0..*stride).map(move |at| (*stride, at)));
        let in_place = |(stride, first): (usize, usize)| {
            let starts = head.get(first..).unwrap_or_default().iter().step_by(stride);
            let whole = starts.len();
            let found = starts.filter(|byte| **byte == SYNC).count();
            let layout = Self {
                first: first as u64,
                stride: stride as u64,
            };
            (found >= 2 && found * 4 >= whole * 3).then_some((layout, found))
        };
        // The first one of the best ones.
        let better =
            |best: (Self, usize), next: (Self, usize)| if next.1 > best.1 { next } else { best };
        candidates.filter_map(in_place).reduce(better)
    }
}

/// The packets of a file, front to back.
pub(super) struct Packets<'a> {
    window: Window<'a>,
    stride: u64,
    next: u64,
}

impl<'a> Packets<'a> {
    /// From the packet that starts at `first` on.
    pub(super) fn new(window: Window<'a>, layout: Layout, first: u64) -> Self {
        Self {
            window,
            stride: layout.stride,
            next: first,
        }
    }

    /// The next packet, and where it starts. Bytes that are no packets are passed over.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Packet<'_>)>, ContainerError> {
        if !self.in_step()? && !self.search()? {
            return Ok(None);
        }
        let start = self.next;
        self.next += self.stride;
        let bytes = self.window.get(start, PACKET)?;
        Ok((bytes.len() == PACKET).then_some((start, Packet(bytes))))
    }

    fn in_step(&mut self) -> Result<bool, ContainerError> {
        Ok(self.window.get(self.next, 1)?.first() == Some(&SYNC))
    }

    /// Looks for two packets in a row.
    fn search(&mut self) -> Result<bool, ContainerError> {
        const CHUNK: usize = 16 << 10;
        let stride = usize::try_from(self.stride).unwrap_or(PACKET);
        loop {
            let chunk = self.window.get(self.next, CHUNK)?;
            if chunk.len() <= stride {
                return Ok(false);
            }
            let pairs = chunk.iter().zip(chunk.get(stride..).unwrap_or_default());
            if let Some(at) = { pairs }.position(|(this, next)| *this == SYNC && *next == SYNC) {
                self.next += at as u64;
                return Ok(true);
            }
            self.next += (chunk.len() - stride) as u64;
        }
    }
}

/// One packet.
#[derive(Clone, Copy)]
pub(super) struct Packet<'a>(&'a [u8]);

impl<'a> Packet<'a> {
    fn byte(self, at: usize) -> u8 {
        self.0.get(at).copied().unwrap_or(0)
    }

    pub(super) fn pid(self) -> u16 {
        u16::from_be_bytes([self.byte(1) & 0x1F, self.byte(2)])
    }

    /// True if a PES packet or a section starts in it.
    pub(super) fn starts_unit(self) -> bool {
        self.byte(1) & 0x40 != 0
    }

    pub(super) fn is_scrambled(self) -> bool {
        self.byte(3) & 0xC0 != 0
    }

    /// Where the payload starts in the packet.
    pub(super) fn payload_start(self) -> usize {
        match self.byte(3) >> 4 & 3 {
            1 => 4,
            3 => (5 + usize::from(self.byte(4))).min(PACKET),
            _ => PACKET,
        }
    }

    pub(super) fn payload(self) -> &'a [u8] {
        self.from(self.payload_start())
    }

    /// The bytes from a place in the packet on.
    pub(super) fn from(self, at: usize) -> &'a [u8] {
        self.0.get(at..).unwrap_or_default()
    }
}
