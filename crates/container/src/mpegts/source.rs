//! Samples of an elementary stream inside a transport stream: gathered from the packets of one
//! identifier when they are asked for.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{ByteSource, LoadError, SampleSource};

use super::packet::{Layout, Packets};
use super::pes::PesHeaders;
use crate::ContainerError;
use crate::window::Window;

/// Where a place of the elementary stream is in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes of the elementary stream before it.
    pub(super) offset: u64,
    /// Where its packet starts in the file.
    pub(super) packet: u64,
    /// Where it is in the packet.
    pub(super) at: u8,
}

/// Read at once.
const WINDOW: usize = 256 << 10;

/// How far a sample may be spread: more other streams than this between its first and its last byte
/// are no real file.
const LONGEST_SPREAD: u64 = 256 << 20;

/// Gives byte ranges of the elementary stream.
pub(super) struct Elementary {
    pub(super) source: Arc<dyn ByteSource>,
    pub(super) layout: Layout,
    pub(super) pid: u16,
    /// Where access units start, in order.
    pub(super) places: Vec<Place>,
}

impl SampleSource for Elementary {
    fn load(&self, offset: u64, len: u32) -> Result<Bytes, LoadError> {
        self.gather(offset, len as usize)
            .map_err(|error| match error {
                ContainerError::Io { reason, .. } => LoadError::Io {
                    offset,
                    len,
                    reason,
                },
                _ => LoadError::Truncated {
                    offset,
                    len,
                    end: self.source.len(),
                },
            })
    }
}

impl Elementary {
    fn gather(&self, offset: u64, len: usize) -> Result<Bytes, ContainerError> {
        let ended = || ContainerError::Damaged {
            container: "mpegts",
            reason: String::new(),
        };
        let after = self.places.partition_point(|place| place.offset <= offset);
        let place = after
            .checked_sub(1)
            .and_then(|at| self.places.get(at))
            .ok_or_else(ended)?;
        let mut skip = usize::try_from(offset - place.offset).unwrap_or(usize::MAX);
        let mut bytes = Vec::with_capacity(len.min(1 << 20));
        let window = Window::new(&*self.source, WINDOW);
        let mut packets = Packets::new(window, self.layout, place.packet);
        let mut headers = PesHeaders::Inside;
        while let Some((start, packet)) = packets.next()? {
            if start - place.packet > LONGEST_SPREAD {
                break;
            }
            if packet.pid() != self.pid {
                continue;
            }
            let inside = if start == place.packet {
                packet.from(usize::from(place.at))
            } else {
                headers.strip(packet.payload(), packet.starts_unit()).0
            };
            let skipped = skip.min(inside.len());
            skip -= skipped;
            let wanted = len - bytes.len();
            bytes.extend(inside.iter().skip(skipped).take(wanted));
            if bytes.len() == len {
                return Ok(bytes.into());
            }
        }
        Err(ended())
    }
}
