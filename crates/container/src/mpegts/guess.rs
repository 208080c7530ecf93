//! Streams that no program lists (the tables are missing or damaged): found by their PES packets,
//! with the codec that their bytes look like.

use std::collections::BTreeMap;

use reelscope_media::{Codec, TrackKind};

use super::packet::Packets;
use super::pes::PesHeaders;
use super::psi::StreamEntry;
use crate::ContainerError;
use crate::annexb::likeness;

/// How much of a stream is looked at.
const LOOKED_AT: usize = 64 << 10;

/// How far is looked.
const WITHIN: u64 = 4 << 20;

/// Streams that are looked at.
const MOST_STREAMS: usize = 16;

/// A stream that may be video.
struct Candidate {
    headers: PesHeaders,
    head: Vec<u8>,
}

/// The video streams among the packets.
pub(super) fn streams(mut packets: Packets<'_>) -> Result<Vec<StreamEntry>, ContainerError> {
    let mut candidates: BTreeMap<u16, Candidate> = BTreeMap::new();
    while let Some((start, packet)) = packets.next()? {
        if start > WITHIN {
            break;
        }
        let (pid, payload) = (packet.pid(), packet.payload());
        // Video streams have the PES stream identifiers 0xE0 to 0xEF (H.222.0 Table 2-22).
        let starts_video = packet.starts_unit() && matches!(payload, [0, 0, 1, 0xE0..=0xEF, ..]);
        if starts_video && candidates.len() < MOST_STREAMS {
            let fresh = || Candidate {
                headers: PesHeaders::Waiting,
                head: Vec::new(),
            };
            candidates.entry(pid).or_insert_with(fresh);
        }
        let Some(Candidate { headers, head }) = candidates.get_mut(&pid) else {
            continue;
        };
        if head.len() < LOOKED_AT {
            head.extend(headers.strip(payload, packet.starts_unit()).0);
        }
    }
    let entry = |(pid, candidate): (u16, Candidate)| {
        let h264 = likeness::h264(&candidate.head).score(false);
        let h265 = likeness::h265(&candidate.head).score(false);
        let (codec, name) = match (h264, h265) {
            (0, 0) => (Codec::Unknown, "of no program"),
            (h264, h265) if h264 >= h265 => (Codec::H264, "h264"),
            _ => (Codec::H265, "h265"),
        };
        StreamEntry {
            pid,
            kind: TrackKind::Video,
            codec,
            name,
        }
    };
    Ok(candidates.into_iter().map(entry).collect())
}
